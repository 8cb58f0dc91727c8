package nbody

import (
	"runlua/kernels/fft"
	"runlua/kernels/state"
)

// A store keeps particles in the order that the engine wants, next to meshes of T.
// Ranges [lo, hi) are of particles; methods with a range may run at the same time
// for ranges that do not overlap. Those that return bad return the first particle
// that is then not finite or not in the box, or −1. Forces are in double precision,
// three components a particle.
type store[T fft.Float] interface {
	number() int

	contrast(mesh []T, done func(worker, x int)) error // as grid's ContrastPlanes
	onto(plan *fft.Plan[T]) (store[T], error)          // the same particles beside meshes of plan
	extend(field []T)                                  // before gradient
	gradient(field []T, lo, hi int, f []float64) (bad int)
	gather(mesh []T, lo, hi int, values []float64) error // on all threads
	kick(lo, hi int, f []float64, k float64) (bad int)   // p −= k f
	kickAlong(axis, lo int, f []float64, k float64) (bad int)
	drift(lo, hi int, w float64) (bad int) // x += w p, and wraps

	set(particle, axis int, x, p float64)
	vectors(i int) (pos, mom [3]float64)
	positions() []float64 // in the order kept, as momenta
	momenta() []float64
	momentaOf(lo, hi int, room []float64) []float64 // in room or in place
	others(places []float64) store[T]               // of particles at rest

	byCell(order []uint32) error
	permute(each blocks, memory []float64, from []uint32, back bool)
	clone() store[T]

	parts() []state.Part
	read(in *state.Reader) (stray int, err error) // stray: as bad
}

// blocks calls f in parallel for ranges that cover [0, n).
type blocks func(n int, f func(worker, lo, hi int) int) int
