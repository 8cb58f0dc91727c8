package voidtheory

import (
	"math"

	"runlua/kernels/fmath"
)

// Barriers of the excursion set: Void δ_v < 0 and Collapse δ_c > 0, linear
// contrasts.
type Barriers struct{ Void, Collapse float64 }

// VoidInCloud is D of Eq. (5): how much of what would be in voids is crushed
// within larger halos instead.
func (b Barriers) VoidInCloud() float64 { return -b.Void / (b.Collapse - b.Void) }

// x is that of Eq. (5): σ in units of the distance between the barriers.
func (b Barriers) x(sigma float64) float64 { return sigma / (b.Collapse - b.Void) }

// Multiplicity returns the share of volume in voids of dlnσ, Eq. (6) summed to
// the end; 0 for sigma ≤ 0.
func (b Barriers) Multiplicity(sigma float64) float64 {
	x, d := b.x(sigma), b.VoidInCloud()
	switch {
	case !(x > 0):
		return 0
	case x > 0.5: // term j is below exp(-1.23 j²)
		return series(x, d, 6)
	}
	sum := image(x, d) // term n is below exp(-2 (2|n|-1)²)
	for n := 1; n <= 3; n++ {
		sum += image(x, d+float64(2*n)) + image(x, d-float64(2*n))
	}
	return sum
}

// approximationMeets is the x at which the paper's approximation changes from
// one form to the other.
const approximationMeets = 0.276

// Approximation returns the paper's approximation of Multiplicity.
func (b Barriers) Approximation(sigma float64) float64 {
	x, d := b.x(sigma), b.VoidInCloud()
	switch {
	case !(x > 0):
		return 0
	case x > approximationMeets:
		return series(x, d, 4)
	}
	return image(x, d)
}

// series is the first terms of Eq. (6).
func series(x, d float64, terms int) float64 {
	var sum float64
	for j := 1; j <= terms; j++ {
		p := float64(math.Pi * float64(j))
		px := float64(p * x)
		sum += float64(float64(fmath.Exp(-float64(px*px)/2)*p) * fmath.Sin(float64(p*d)))
	}
	return 2 * float64(float64(x*x)*sum)
}

// image is a term of Eq. (7), of the barrier at the distance at (in units of
// that between the two).
func image(x, at float64) float64 {
	u := at / x
	return math.Sqrt(2/math.Pi) * float64(u*fmath.Exp(-float64(u*u)/2))
}
