package nbody

import (
	"context"
	"fmt"

	"runlua/kernels/fft"
)

// draw puts the particles where Eqs. (1) to (4) have them. Meshes of the particle
// lattice are in double precision whatever that of the forces; what is placed is
// rounded once. Its error is that of ctx or names a particle that is not finite.
func (e *engine[T]) draw(ctx context.Context, c *Config, m *modes, g growthTerms) error {
	plan, err := fft.NewReal3(c.Particles, c.Pool)
	if err != nil {
		return fmt.Errorf("nbody: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	meshes := e.lattices(c, plan.Layout().Len())
	m.fill(plan, meshes[0])
	l := &lpt{plan: plan, pool: c.Pool, n: c.Particles, box: c.Box}
	err = l.displace(ctx, meshes[0], [lptMeshes - 1][]float64(meshes[1:]), c.Order, func(axis int, first, second []float64) {
		l.points(func(point, particle int) {
			x, p := g.placed(c.coordinate(particle, axis), first, second, point)
			e.at.set(particle, axis, x, p)
		})
	})
	if err != nil {
		return err
	}
	if err := e.drift(e.at, 0); err != nil { // wraps
		return fmt.Errorf("nbody: initial conditions: %w", err)
	}
	return nil
}

// lattices are lptMeshes meshes of the particle lattice, of the given length: in the
// force mesh's memory if it is large enough, as it is for M = 2N.
func (s *solver[T]) lattices(c *Config, length int) [][]float64 {
	memory := s.memory
	if len(memory) < lptMeshes*length {
		memory = make([]float64, lptMeshes*length)
	}
	meshes := make([][]float64, lptMeshes)
	for i := range meshes {
		meshes[i] = memory[i*length : (i+1)*length : (i+1)*length]
	}
	return meshes
}

// latticeWords is the length of the memory that initial conditions take, 0 if none
// are drawn.
func (c *Config) latticeWords() int {
	if c.Given != "" {
		return 0
	}
	plan, err := fft.NewReal3(c.Particles, c.Pool)
	if err != nil {
		return 0
	}
	return lptMeshes * plan.Layout().Len()
}

// placeLattice puts the particles on the lattice, at rest.
func (e *engine[T]) placeLattice(c *Config) {
	e.pool.For(c.Particles, func(i int) {
		for p := i * c.Particles * c.Particles; p < (i+1)*c.Particles*c.Particles; p++ {
			for axis := range 3 {
				e.at.set(p, axis, c.coordinate(p, axis), 0)
			}
		}
	})
}

// coordinate is that of a particle's lattice point along an axis.
func (c *Config) coordinate(particle, axis int) float64 {
	n := c.Particles
	return c.lattice([3]int{particle / (n * n), particle / n % n, particle % n}[axis])
}
