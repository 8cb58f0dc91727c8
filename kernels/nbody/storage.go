package nbody

import (
	"errors"
	"slices"
)

// storage says in which order an engine keeps its particles: the one of Positions,
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

// sort keeps the particles in the order of their cells.
func (e *engine[T]) sort() error {
	if e.order.of != nil && e.order.steps < sortEvery {
		return nil
	}
	e.order.spare = resized(e.order.spare, e.number())
	next := e.order.spare
	if err := e.at.byCell(next); err != nil {
		return err
	}
	e.at.permute(e.eachBlock, e.memory, next, false)
	if old := e.order.of; old == nil {
		e.order.of, e.order.spare = next, nil
	} else {
		e.eachBlock(len(next), func(_, lo, hi int) int {
			for i := lo; i < hi; i++ {
				next[i] = old[next[i]]
			}
			return -1
		})
		e.order.of, e.order.spare = next, old
	}
	e.order.steps = 0
	return nil
}

// unsort puts each particle at its own place.
func (e *engine[T]) unsort() {
	if e.order.of == nil {
		return
	}
	e.at.permute(e.eachBlock, e.memory, e.order.of, true)
	e.order.of, e.order.spare = nil, e.order.of
}

// stepped counts a step.
func (e *engine[T]) stepped() { e.order.steps++ }

// permute moves the vector at place from[i] of x to place i, or back. It uses up
// what is in memory.
func permute[E any](each blocks, memory, x []E, from []uint32, back bool) {
	axes := 3
	if len(memory) < len(x) {
		axes = 1 // a mesh has at least one point a particle
	}
	moved := memory[:axes*len(from)]
	for first := 0; first < 3; first += axes {
		each(len(from), func(_, lo, hi int) int {
			for i, at := range from[lo:hi] {
				a, b := axes*(lo+i), 3*int(at)+first
				if back {
					a, b = axes*int(at), 3*(lo+i)+first
				}
				copy(moved[a:a+axes], x[b:b+axes])
			}
			return -1
		})
		each(len(from), func(_, lo, hi int) int {
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
func (e *engine[T]) named(err error) error {
	if stray := (*notFiniteError)(nil); e.order.of != nil && errors.As(err, &stray) {
		stray.particle = int(e.order.of[stray.particle])
	}
	return err
}
