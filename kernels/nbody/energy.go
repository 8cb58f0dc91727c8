package nbody

import (
	"fmt"
	"math"
)

// Energies are the terms of Eq. (11), averages over particles of unit mass in
// (Mpc/h·H0)², and the total momentum, in Mpc/h·H0 summed over particles.
//
// The potential energy includes that of each particle's cloud with itself,
// which belongs to the mesh: a U of a uniform lattice is not 0.
type Energies struct {
	Kinetic     float64    // T
	Potential   float64    // U
	Momentum    [3]float64 // Σ p
	MomentumAbs float64    // Σ |p|
}

// Energies measures the particles at the scale factor of the positions, at
// the cost of one force evaluation, and a second within an Evolution.
func (s *Sim) Energies() (Energies, error) {
	if s.run != nil && s.run.done > 0 {
		c, err := s.Synchronised()
		if err != nil {
			return Energies{}, err
		}
		return c.Energies()
	}
	if s.broken != nil {
		return Energies{}, s.broken
	}
	v := s.solver
	if err := v.density(s.pos); err != nil {
		return Energies{}, fmt.Errorf("nbody: %w", err)
	}
	v.potential(1.5 * s.cfg.Cosmology.OmegaM * s.cfg.Gravity.Mu(s.a))
	phi := make([]float64, s.N())
	if err := v.grid.Gather(v.mesh, s.pos, phi); err != nil {
		return Energies{}, fmt.Errorf("nbody: %w", err)
	}

	// Sums of blocks, then of the blocks in order.
	const terms = 6
	blocks := make([][terms]float64, (s.N()+elementBlock-1)/elementBlock)
	v.eachBlock(s.N(), func(lo, hi int) int {
		var t [terms]float64
		for i := lo; i < hi; i++ {
			x, y, z := s.mom[3*i], s.mom[3*i+1], s.mom[3*i+2]
			p2 := float64(x*x) + float64(y*y) + float64(z*z)
			t[0] += p2
			t[1] += phi[i]
			t[2] += x
			t[3] += y
			t[4] += z
			t[5] += math.Sqrt(p2)
		}
		blocks[lo/elementBlock] = t
		return -1
	})
	var t [terms]float64
	for _, b := range blocks {
		for i := range t {
			t[i] += b[i]
		}
	}
	n := float64(s.N())
	return Energies{
		Kinetic:     t[0] / n / (2 * s.a * s.a),
		Potential:   t[1] / n / (2 * s.a),
		Momentum:    [3]float64{t[2], t[3], t[4]},
		MomentumAbs: t[5],
	}, nil
}
