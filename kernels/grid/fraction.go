package grid

import "math"

// fractions is the number of places of a fraction on an axis, 2^32.
const fractions = 1 << 32

// Fraction is the place nearest to x in [0, box), in units of box/2^32. One that
// would be rounded to the box is 0, its periodic image.
func Fraction(x, box float64) uint32 {
	return uint32(uint64(math.RoundToEven(x * (fractions / box))))
}

// FromFraction is the coordinate of a fraction, in [0, box).
func FromFraction(u uint32, box float64) float64 {
	return float64(u) * (box / fractions)
}

// farthest is where ShiftFraction ends, 2^51.
const farthest = 1 << 51

// Shifts tells whether ShiftFraction can move by d. Displacements beyond, of half a
// million boxes, must be taken modulo 2^32 first; NaN and infinities lead nowhere.
func Shifts(d float64) bool { return d > -farthest && d < farthest }

// ShiftFraction is u moved by d units of box/2^32, rounded to the nearest and
// wrapped.
func ShiftFraction(u uint32, d float64) uint32 {
	// In the sum the last bit is 1, and the lowest 32 are those of d in two's
	// complement.
	const big = 3 * farthest
	return u + uint32(math.Float64bits(d+big))
}
