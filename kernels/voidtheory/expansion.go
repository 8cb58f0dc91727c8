package voidtheory

import (
	"fmt"
	"math"

	"runlua/kernels/cosmology"
	"runlua/kernels/fmath"
)

// DeltaC is the linear contrast at which a sphere collapses in a universe of
// matter alone, (3/20)(12π)^(2/3).
const DeltaC = 1.6864701998411453

const (
	// expansionStart is the linear contrast, as a share of the final one, at
	// which a shell's growing mode is that of Eq. (3): what Eq. (3) leaves out is
	// its square.
	expansionStart = 1e-4
	// expansionSteps per unit of ln a leave 1e-10 in y.
	expansionSteps = 64
)

// Ratio returns R/R_L of a sphere whose enclosed contrast is the threshold,
// -1 < threshold: (1 + threshold)^(-1/3).
func Ratio(threshold float64) float64 { return 1 / fmath.Cbrt(1+threshold) }

// Barrier returns δ_v: the contrast, by linear theory at scale factor a, of the
// spherical void whose enclosed contrast has reached the threshold t there, by
// Eqs. (1) to (3). It wants -0.99 ≤ t ≤ -0.01 and a in (0.001, 1].
//
// With radiation in the background the contrast of the start is not as small
// as without, and δ_v is good to 1e-4.
func Barrier(m *cosmology.Model, a, threshold float64) (float64, error) {
	return BarrierUnder(m, nil, 0, a, threshold)
}

// BarrierUnder is Barrier where μ of a law without scale multiplies the pull of
// Eq. (1) from aStart on, before which the shell and the linear contrast follow
// general relativity. A nil law is general relativity.
func BarrierUnder(m *cosmology.Model, law cosmology.Gravity, aStart, a, threshold float64) (float64, error) {
	if err := checkThreshold(threshold); err != nil {
		return 0, err
	}
	if !(a > 1e-3 && a <= 1) {
		return 0, fmt.Errorf("voidtheory: the scale factor must be above 0.001 and at most 1, got %v", a)
	}
	growth, err := m.Growth(cosmology.GR())
	if err != nil {
		return 0, err
	}
	start := math.Max(a*expansionStart, growth.AMin())
	s := shells{share: growth.D(start) / growth.D(a), rate: growth.Rate(start)}
	if law == nil {
		s.parts = []era{newEra(m, cosmology.GR(), start, a)}
	} else {
		if !(aStart > start && aStart < a) {
			return 0, fmt.Errorf("voidtheory: the law must set in between a = %v and %v, got %v", start, a, aStart)
		}
		own, err := m.GrowthFrom(law, aStart, growth.D(aStart), growth.DPrime(aStart))
		if err != nil {
			return 0, err
		}
		s.share = growth.D(start) / own.D(a)
		s.parts = []era{newEra(m, cosmology.GR(), start, aStart), newEra(m, law, aStart, a)}
	}
	// The contrast falls with δ_v, so a bisection is sure: 60 halvings are the
	// precision of the numbers. The linear contrast is below the threshold and
	// above the 80 that would empty a sphere to 1 %.
	lo, hi := -80.0, threshold
	for range 60 {
		middle := (lo + hi) / 2
		if s.contrast(middle) < threshold {
			lo = middle
		} else {
			hi = middle
		}
	}
	return (lo + hi) / 2, nil
}

// shells are what all trial shells of one Barrier share.
type shells struct {
	share float64 // D(a_i)/D(a)
	rate  float64 // dlnD/dlna at a_i
	parts []era
}

// An era has one law of gravity.
type era struct {
	h     float64 // step of ln a
	terms []term  // of Eq. (1) at the ends and middles of all steps
}

func newEra(m *cosmology.Model, law cosmology.Gravity, from, to float64) era {
	x0, x1 := fmath.Log(from), fmath.Log(to)
	n := int(math.Ceil((x1 - x0) * expansionSteps))
	e := era{h: (x1 - x0) / float64(n), terms: make([]term, 2*n+1)}
	for i := range e.terms {
		b := fmath.Exp(x0 + float64((x1-x0)*(float64(i)/float64(2*n))))
		e.terms[i] = term{drag: 2 + m.DlnE(b), pull: float64(m.OmegaMAt(b)*law.Mu(min(max(b, from), to))) / 2}
	}
	return e
}

type term struct{ drag, pull float64 }

func (t term) second(y, v float64) float64 {
	return float64(t.pull*(y-1/float64(y*y))) - float64(t.drag*v)
}

// contrast is Δ at the end for a linear contrast d there, by the classical
// fourth-order Runge-Kutta method.
func (s *shells) contrast(d float64) float64 {
	d *= s.share
	y := 1 - d/3 - float64(d*d)/21
	v := -s.rate * (d/3 + float64(2*float64(d*d))/21)
	for _, part := range s.parts {
		y, v = part.follow(y, v)
	}
	return 1/float64(float64(y*y)*y) - 1
}

// follow takes a shell through an era.
func (e *era) follow(y, v float64) (float64, float64) {
	h, half := e.h, e.h/2
	for i := 0; i+2 < len(e.terms); i += 2 {
		left, middle, right := e.terms[i], e.terms[i+1], e.terms[i+2]
		k1 := left.second(y, v)
		v2 := v + float64(half*k1)
		k2 := middle.second(y+float64(half*v), v2)
		v3 := v + float64(half*k2)
		k3 := middle.second(y+float64(half*v2), v3)
		v4 := v + float64(h*k3)
		k4 := right.second(y+float64(h*v3), v4)
		y, v = y+float64(h/6*(v+float64(2*(v2+v3))+v4)), v+float64(h/6*(k1+float64(2*(k2+k3))+k4))
	}
	return y, v
}

func checkThreshold(t float64) error {
	if !(t >= -0.99 && t <= -0.01) {
		return fmt.Errorf("voidtheory: threshold must lie from -0.99 to -0.01, got %v", t)
	}
	return nil
}
