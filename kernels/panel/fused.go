package panel

import "math"

// fused returns p + c rounded once to single precision, as a float64. c is a
// number of single precision, p the exact product of two.
//
// The sum in double precision, rounded again, is wrong only where it lies half
// way between two numbers of single precision without being exact, or where those
// are subnormal and lie less densely (Boldo and Melquiond 2008, IEEE Trans.
// Comput. 57, 462: rounding to odd first is always right).
func fused(p, c float64) float64 {
	s := p + c
	if doubtful(s) {
		s = roundOdd(p, c, s)
	}
	return float64(float32(s))
}

// doubtful tells whether rounding s once more may be wrong.
func doubtful(s float64) bool {
	b := math.Float64bits(s)
	return b&halfMask == half || b<<1-1 < subnormal
}

const (
	half      = 1 << 28 // of the last bit of single precision
	halfMask  = 1<<29 - 1
	subnormal = (1023-126)<<53 - 1 // ±2^-126, without its sign, less 1
)

// roundOdd returns p + c rounded to odd, of s, which is rounded to nearest.
func roundOdd(p, c, s float64) float64 {
	// The error of a sum, exactly (Knuth 1997, vol. 2, 4.2.2).
	v := s - p
	err := (p - (s - v)) + (c - v)
	b := math.Float64bits(s)
	if err == 0 || b&1 == 1 || err != err {
		return s
	}
	if (err > 0) == (s > 0) {
		return math.Float64frombits(b + 1)
	}
	return math.Float64frombits(b - 1)
}
