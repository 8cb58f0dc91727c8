package power

import (
	"math"

	"runlua/kernels/fmath"
)

// shells says to which shell a mode belongs. It works in units of the
// fundamental, where |m|² is an integer, so that a mode's shell is exact.
type shells struct {
	of    []uint16 // by |m|²; 0 holds the mean alone and is no shell
	count int      // with it
}

// newShells covers 1 ≤ |m|² < end, linear if decade is 0, else decade shells to
// a factor of ten.
func newShells(end, decade int) *shells {
	s := &shells{of: make([]uint16, end)}
	if decade == 0 {
		for m2, i := 1, 1; m2 < end; m2++ {
			if m2 >= (i+1)*(i+1) {
				i++
			}
			s.of[m2] = uint16(i)
			s.count = i + 1
		}
		return s
	}
	edge := func(i int) float64 { return fmath.Pow(10, 2*float64(i)/float64(decade)) }
	for m2, i := 1, 0; m2 < end; m2++ {
		for float64(m2) >= edge(i+1) {
			i++
		}
		s.of[m2] = uint16(i + 1)
		s.count = i + 2
	}
	return s
}

// end is the number of modes k_z = 0, 1, … in the shells, or the mean, of
// k_x² + k_y² = perp.
func (s *shells) end(perp int) int {
	if perp >= len(s.of) {
		return 0
	}
	// The square root of an integer is rounded to one below only if it is below.
	return int(math.Sqrt(float64(len(s.of)-1-perp))) + 1
}

// bound is the smallest integer |m|² that is not below kmax in units of the
// fundamental: the Nyquist wave number, (M/2)², for kmax = 0.
func bound(opt Options) int {
	nyquist := opt.Mesh / 2 * (opt.Mesh / 2)
	if opt.KMax == 0 {
		return nyquist
	}
	m := opt.KMax * opt.Box / (2 * math.Pi)
	return min(nyquist, int(math.Ceil(m*m)))
}
