package cosmology

import (
	"math"
	"testing"
)

// A power law P = k^n has σ² ∝ r^-(n+3) over all k, so a slope of -(n+3)/2;
// what lies beyond the last node is 1e-5 for n = -1.5 and less for n = -2, and
// below 1e-6 h/Mpc 1e-6^(n+3) is missing.
func TestSlopeOfAPowerLawIsItsIndex(t *testing.T) {
	for _, n := range []float64{-1.5, -2} {
		sigma, slope := SigmaSlope(slopeLaw(n), 8)
		if want := -(n + 3) / 2; math.Abs(slope-want) > 2e-5 {
			t.Errorf("n = %v: slope %v, want %v", n, slope, want)
		}
		if want := Sigma(slopeLaw(n), 8); sigma != want {
			t.Errorf("n = %v: sigma %v, Sigma says %v", n, sigma, want)
		}
	}
}

type slopeLaw float64

func (n slopeLaw) P(k float64) float64 { return math.Pow(k, float64(n)) }

// The slope against central differences of Sigma: with steps of 0.02 of fourth
// order they are good to 1e-7, the slope's cut is 1e-6.
func TestSlopeIsTheDerivativeOfSigma(t *testing.T) {
	m, err := New(Planck2018())
	if err != nil {
		t.Fatal(err)
	}
	eh, err := m.EisensteinHu(true)
	if err != nil {
		t.Fatal(err)
	}
	const h = 0.02
	for _, r := range []float64{1, 5, 12, 40} {
		at := func(j float64) float64 { return math.Log(Sigma(eh, r*math.Exp(j*h))) }
		want := (8*(at(1)-at(-1)) - (at(2) - at(-2))) / (12 * h)
		_, slope := SigmaSlope(eh, r)
		if math.Abs(slope-want) > 2e-6 {
			t.Errorf("r = %v: slope %.9f, differences give %.9f", r, slope, want)
		}
	}
}
