package voidtheory

import (
	"math"
	"strings"
	"testing"

	"runlua/kernels/cosmology"
)

func model(t *testing.T, p cosmology.Params) *cosmology.Model {
	t.Helper()
	m, err := cosmology.New(p)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// einsteinDeSitter is a universe of matter alone.
func einsteinDeSitter(t *testing.T) *cosmology.Model {
	p := cosmology.Planck2018()
	p.OmegaM = 1
	return model(t, p)
}

// parametric is Eq. (4): the contrast and the linear contrast at η.
func parametric(eta float64) (contrast, linear float64) {
	m := math.Sinh(eta) - eta
	return 4.5*m*m/math.Pow(math.Cosh(eta)-1, 3) - 1, -0.15 * math.Pow(6*m, 2.0/3)
}

// What Eq. (3) leaves out at the start is of the order of δ_i² relative to δ_i,
// 2.8e-6 for the deepest shell here (δ_v = -16.7) with a coefficient below a
// tenth; the tables of growth are good to 1e-9.
func TestBarrierIsTheParametricSolutionUnderMatterAlone(t *testing.T) {
	m := einsteinDeSitter(t)
	for _, eta := range []float64{0.5, 1, 2, 3, 3.488, 4.5, 6} {
		contrast, want := parametric(eta)
		if contrast < -0.99 || contrast > -0.01 {
			t.Fatalf("η = %v is outside the thresholds", eta)
		}
		for _, a := range []float64{1, 0.1} {
			got, err := Barrier(m, a, contrast)
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(got/want-1) > 3e-7 {
				t.Errorf("η = %v, a = %v: δ_v(%.4f) = %.9f, want %.9f", eta, a, contrast, got, want)
			}
		}
	}
}

// The numbers of PHYSICS, to the digits it gives, in both universes; and shell
// crossing at the -2.717 and -0.795 of the literature (Blumenthal et al. 1992,
// ApJ 388, 234), of which η = 3.488 is the rounded root.
func TestBarrierAtTheThresholdOfTheFinder(t *testing.T) {
	for _, m := range []*cosmology.Model{einsteinDeSitter(t), model(t, cosmology.Planck2018()), model(t, cosmology.Planck2018().WithRadiation())} {
		got, err := Barrier(m, 1, -0.7)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("Ω_m = %v, Ω_r = %v: δ_v = %.6f", m.Params().OmegaM, m.Params().OmegaR, got)
		if math.Abs(got+1.80) > 0.005 {
			t.Errorf("Ω_m = %v: δ_v(-0.7) = %v, want -1.80", m.Params().OmegaM, got)
		}
	}
	if r := Ratio(-0.7); math.Abs(r-1.494) > 0.0005 {
		t.Errorf("R/R_L = %v, want 1.494", r)
	}
	contrast, linear := parametric(3.488)
	if math.Abs(linear+2.717) > 0.002 || math.Abs(contrast+0.795) > 0.001 {
		t.Errorf("shells cross at %v, linear %v, want -0.795 and -2.717", contrast, linear)
	}
}

// Second-order perturbation theory: Δ = δ + (17/21) δ²; the third order is of
// the size of δ³.
func TestBarrierOfAShallowThresholdIsThatOfPerturbationTheory(t *testing.T) {
	const threshold = -0.01
	got, err := Barrier(einsteinDeSitter(t), 1, threshold)
	if err != nil {
		t.Fatal(err)
	}
	if back := got + 17.0/21*got*got; math.Abs(back-threshold) > 1e-6 {
		t.Errorf("δ_v = %v gives a contrast of %v, want %v", got, back, threshold)
	}
}

func TestBarrierErrors(t *testing.T) {
	m := einsteinDeSitter(t)
	for _, c := range []struct {
		a, threshold float64
		want         string
	}{
		{1, -1, "voidtheory: threshold must lie from -0.99 to -0.01, got -1"},
		{1, math.NaN(), "got NaN"},
		{0, -0.7, "voidtheory: the scale factor must be above 0.001 and at most 1, got 0"},
	} {
		if _, err := Barrier(m, c.a, c.threshold); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("a = %v, t = %v: error %v, want %q", c.a, c.threshold, err, c.want)
		}
	}
}
