package power

import (
	"math"

	"runlua/kernels/fft"
	"runlua/kernels/fmath"
)

// shells says to which shell a mode belongs. It works in units of the
// fundamental, where |m|² is an integer, so that a mode's shell is exact.
type shells struct {
	of    []int32 // by |m|²; -1 for the mean
	count int
}

// newShells covers 1 ≤ |m| < cut², linear if decade is 0, else decade shells
// to a factor of ten. end is the exclusive bound of |m|².
func newShells(end, decade int) *shells {
	s := &shells{of: make([]int32, end)}
	s.of[0] = -1
	if decade == 0 {
		for m2, i := 1, 1; m2 < end; m2++ {
			if m2 >= (i+1)*(i+1) {
				i++
			}
			s.of[m2] = int32(i - 1)
			s.count = i
		}
		return s
	}
	edge := func(i int) float64 { return fmath.Pow(10, 2*float64(i)/float64(decade)) }
	for m2, i := 1, 0; m2 < end; m2++ {
		for float64(m2) >= edge(i+1) {
			i++
		}
		s.of[m2] = int32(i)
		s.count = i + 1
	}
	return s
}

// rows calls f for the rows of modes (ix, iy) of a mesh of m points a side that
// have any in the shells: k_x² + k_y² = perp, and k_z is below end.
func (s *shells) rows(m, ix int, f func(iy, perp, end int)) {
	jx := fft.Wave(ix, m)
	for iy := range m {
		jy := fft.Wave(iy, m)
		perp := jx*jx + jy*jy
		end := m/2 + 1
		for end > 0 && perp+(end-1)*(end-1) >= len(s.of) {
			end--
		}
		if end > 0 {
			f(iy, perp, end)
		}
	}
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
