package fft

import (
	"math"

	"runlua/kernels/fmath"
)

// root returns exp(-2πi k/n) for 0 ≤ k < n, rounded from double precision.
func root[T Float](k, n int) cplx[T] {
	c, s := rootParts(k, n)
	return cplx[T]{T(c), T(s)}
}

// rootParts returns the parts of exp(-2πi k/n) for 0 ≤ k < n. The angle is
// reduced to the first octant in integers, so that the roots have all the
// symmetries of the circle exactly and each part is good to about one unit in
// the last place.
func rootParts(k, n int) (re, im float64) {
	// Octant of 8k/n, and the distance a/n·(π/4) of the angle from the nearer
	// multiple of π/2.
	octant, a := 8*k/n, 8*k%n
	if octant%2 == 1 {
		a = n - a
	}
	s, c := fmath.Sincos(math.Pi / 4 * float64(a) / float64(n))
	switch octant {
	case 0:
		return c, -s
	case 1:
		return s, -c
	case 2:
		return -s, -c
	case 3:
		return -c, -s
	case 4:
		return -c, s
	case 5:
		return -s, c
	case 6:
		return s, c
	default:
		return c, s
	}
}
