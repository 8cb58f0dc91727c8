package nbody

import (
	"errors"
	"slices"
)

// storage says in which order a Sim keeps its particles: the one of Positions,
// or sorted by cells, for the steps. What the kernel computes does not depend
// on it.
type storage struct {
	of    []uint32 // the particle kept at each place; nil: each at its own
	steps int      // taken since the particles were sorted
	spare []uint32 // of the length of of
}

// sortEvery is the number of steps after which particles are sorted again. By
// then they have moved by a cell or two.
const sortEvery = 8

// sortParticles keeps the particles of s in the order of their cells.
func (s *Sim) sortParticles() error {
	if s.order.of != nil && s.order.steps < sortEvery {
		return nil
	}
	s.order.spare = resized(s.order.spare, s.N())
	next := s.order.spare
	if err := s.solver.grid.ByCell(next, s.pos); err != nil {
		return err
	}
	s.permute(s.pos, next, false)
	s.permute(s.mom, next, false)
	if old := s.order.of; old == nil {
		s.order.of, s.order.spare = next, nil
	} else {
		s.solver.eachBlock(len(next), func(_, lo, hi int) int {
			for i := lo; i < hi; i++ {
				next[i] = old[next[i]]
			}
			return -1
		})
		s.order.of, s.order.spare = next, old
	}
	s.order.steps = 0
	return nil
}

// unsortParticles puts each particle at its own place.
func (s *Sim) unsortParticles() {
	if s.order.of == nil {
		return
	}
	s.permute(s.pos, s.order.of, true)
	s.permute(s.mom, s.order.of, true)
	s.order.of, s.order.spare = nil, s.order.of
}

// permute moves the vector at place from[i] to place i, or back. It uses up
// what is in the solver's mesh.
func (s *Sim) permute(x []float64, from []uint32, back bool) {
	axes := 3
	if len(s.solver.mesh) < len(x) {
		axes = 1 // a mesh has at least one point a particle
	}
	moved := s.solver.mesh[:axes*len(from)]
	for first := 0; first < 3; first += axes {
		s.solver.eachBlock(len(from), func(_, lo, hi int) int {
			for i, at := range from[lo:hi] {
				a, b := axes*(lo+i), 3*int(at)+first
				if back {
					a, b = axes*int(at), 3*(lo+i)+first
				}
				copy(moved[a:a+axes], x[b:b+axes])
			}
			return -1
		})
		s.solver.eachBlock(len(from), func(_, lo, hi int) int {
			if axes == 3 {
				copy(x[3*lo:3*hi], moved[3*lo:3*hi])
				return -1
			}
			for i := lo; i < hi; i++ {
				x[3*i+first] = moved[i]
			}
			return -1
		})
	}
}

// copied is an independent copy.
func (o *storage) copied() storage {
	return storage{of: slices.Clone(o.of), steps: o.steps}
}

func resized(x []uint32, n int) []uint32 {
	if len(x) != n {
		return make([]uint32, n)
	}
	return x
}

// named turns the place in the error of a kick or drift into the particle.
func (o *storage) named(err error) error {
	if stray := (*notFiniteError)(nil); o.of != nil && errors.As(err, &stray) {
		stray.particle = int(o.of[stray.particle])
	}
	return err
}
