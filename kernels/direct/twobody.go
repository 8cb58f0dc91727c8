package direct

import (
	"math"

	"runlua/kernels/fmath"
)

// An Orbit is two bodies on an ellipse around each other, in the x-y plane,
// with their centre of mass at rest in the origin. At mean anomaly 0 the
// second body stands at pericentre, on the x axis, and goes in positive y.
type Orbit struct {
	Masses       [2]float64 // not both 0
	SemiMajor    float64    // s of the relative orbit
	Eccentricity float64    // in [0, 1)
	G            float64
}

// Validate checks the orbit's rules. Its error is a *ParamError.
func (o Orbit) Validate() error {
	for _, m := range o.Masses {
		if !(m >= 0) || !isFinite(m) {
			return &ParamError{"masses", "must be finite and not negative", formatFloat(m), ""}
		}
	}
	if o.Masses[0]+o.Masses[1] == 0 {
		return &ParamError{"masses", "must not both be 0", "0 and 0", ""}
	}
	if !(o.SemiMajor > 0) || !isFinite(o.SemiMajor) {
		return &ParamError{"semi_major", "must be a positive length", formatFloat(o.SemiMajor), ""}
	}
	if !(o.Eccentricity >= 0 && o.Eccentricity < 1) {
		return &ParamError{"eccentricity", "must be at least 0 and below 1", formatFloat(o.Eccentricity), ""}
	}
	if !(o.G > 0) || !isFinite(o.G) {
		return &ParamError{"G", "must be positive", formatFloat(o.G), "1 in N-body units"}
	}
	return nil
}

// Period is Eq. (7).
func (o Orbit) Period() float64 {
	s := o.SemiMajor
	return 2 * math.Pi * math.Sqrt(s*s*s/(o.G*(o.Masses[0]+o.Masses[1])))
}

// At returns positions and velocities, length 6 each, at a mean anomaly in
// radians, Eqs. (5) and (6).
func (o Orbit) At(meanAnomaly float64) (pos, vel []float64) {
	e, s := o.Eccentricity, o.SemiMajor
	sin, cos := fmath.Sincos(eccentricAnomaly(math.Mod(meanAnomaly, 2*math.Pi), e))
	across := math.Sqrt((1 - e) * (1 + e))
	rate := 2 * math.Pi / o.Period() / (1 - float64(e*cos)) // dE/dt
	x := [3]float64{s * (cos - e), s * across * sin, 0}
	v := [3]float64{-s * sin * rate, s * across * cos * rate, 0}
	total := o.Masses[0] + o.Masses[1]
	share := [2]float64{-o.Masses[1] / total, o.Masses[0] / total}
	for _, f := range share {
		for k := range x {
			pos = append(pos, float64(f*x[k])+0) // + 0: no negative zeros
			vel = append(vel, float64(f*v[k])+0)
		}
	}
	return pos, vel
}

// eccentricAnomaly solves Eq. (5) by Newton's method inside a shrinking bracket.
func eccentricAnomaly(m, e float64) float64 {
	low, high := m-e, m+e // |E − M| ≤ e
	guess := m
	for range 100 {
		sin, cos := fmath.Sincos(guess)
		excess := guess - float64(e*sin) - m
		switch {
		case excess > 0:
			high = guess
		case excess < 0:
			low = guess
		default:
			return guess
		}
		next := guess - excess/(1-float64(e*cos))
		if !(next > low && next < high) {
			next = low + float64((high-low)/2)
		}
		if next == guess {
			break
		}
		guess = next
	}
	return guess
}
