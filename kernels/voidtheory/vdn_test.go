package voidtheory

import (
	"errors"
	"math"
	"strings"
	"testing"

	"runlua/kernels/cosmology"
)

func curve(t *testing.T, opt Options) *Vdn {
	t.Helper()
	v, err := New(model(t, cosmology.Planck2018()), opt)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// What is in voids above R is what walks have crossed by σ(R/1.494): the
// volume-conserving rescaling moves volume, it makes none. Simpson's rule on
// 100 points of a curve as smooth as this is good to 1e-7, the slope of σ to 1e-6.
func TestVdnConservesTheVolumeFraction(t *testing.T) {
	for _, opt := range []Options{{Threshold: -0.7}, {Threshold: -0.5, Z: 0.5, DeltaC: 1.06}} {
		v := curve(t, opt)
		const lo, hi = 2.0, 60.0
		got := simpson(func(l float64) float64 {
			r := math.Exp(l)
			return v.At(r).DnDlnR * 4 * math.Pi / 3 * r * r * r
		}, math.Log(lo), math.Log(hi), 100)
		want := simpson(func(l float64) float64 { return v.Barriers.Multiplicity(math.Exp(l)) },
			math.Log(v.At(hi).Sigma), math.Log(v.At(lo).Sigma), 4000)
		t.Logf("%+v: %.4f of the volume in voids above %v Mpc/h, off by %.1e", opt, got, lo, got/want-1)
		if math.Abs(got/want-1) > 1e-6 {
			t.Errorf("%+v: voids between %v and %v Mpc/h fill %v, the barriers say %v", opt, lo, hi, got, want)
		}
		if want > 1-v.Barriers.VoidInCloud() {
			t.Errorf("%+v: voids fill %v, more than all walks that end in one", opt, want)
		}
	}
}

// Eq. (9) written out with PHYSICS's R/R_L and the variance of the linear field
// at z = 1, by differences of Sigma: 1e-5 is what these leave.
func TestVdnIsItsEquation(t *testing.T) {
	m := model(t, cosmology.Planck2018())
	eh, err := m.EisensteinHu(true)
	if err != nil {
		t.Fatal(err)
	}
	v := curve(t, Options{Threshold: -0.7, Z: 1})
	const r, h, growth = 10.0, 0.01, .606753819 // D(1) as PHYSICS has it
	lagrange := r * math.Cbrt(0.3)
	sigma := growth * cosmology.Sigma(eh, lagrange)
	slope := math.Log(cosmology.Sigma(eh, lagrange*math.Exp(-h))/cosmology.Sigma(eh, lagrange*math.Exp(h))) / (2 * h)
	want := direct(v.Barriers, sigma) * slope / (4 * math.Pi / 3 * r * r * r)
	got := v.At(r)
	if math.Abs(got.DnDlnR/want-1) > 1e-5 || math.Abs(got.Sigma/sigma-1) > 1e-8 {
		t.Errorf("dn/dlnR = %v at σ = %v, want %v at %v", got.DnDlnR, got.Sigma, want, sigma)
	}
}

// The largest voids grow rarer with redshift and with depth.
func TestLargeVoidsAreRareEarlyAndDeep(t *testing.T) {
	const r = 20.0
	now, early, deep := curve(t, Options{Threshold: -0.7}).At(r), curve(t, Options{Threshold: -0.7, Z: 1}).At(r), curve(t, Options{Threshold: -0.8}).At(r)
	if !(now.DnDlnR > 2*early.DnDlnR && now.DnDlnR > 2*deep.DnDlnR && early.DnDlnR > 0 && deep.DnDlnR > 0) {
		t.Errorf("%v now, %v at z = 1, %v at -0.8: want the first well above the others", now.DnDlnR, early.DnDlnR, deep.DnDlnR)
	}
}

func TestApproximateCurveIsCloseToTheSeries(t *testing.T) {
	exact, approx := curve(t, Options{Threshold: -0.7}), curve(t, Options{Threshold: -0.7, Approximate: true})
	differs := false
	for _, r := range []float64{3, 5, 8, 10, 15, 25} {
		a, b := exact.At(r).DnDlnR, approx.At(r).DnDlnR
		differs = differs || a != b
		if math.Abs(b/a-1) > 0.002 { // the published accuracy of Approximation
			t.Errorf("R = %v: %v by the approximation, %v by the series", r, b, a)
		}
	}
	if !differs {
		t.Error("the approximation is the series")
	}
}

func TestVdnErrorsNameWhatIsWrong(t *testing.T) {
	m := model(t, cosmology.Planck2018())
	for _, c := range []struct {
		opt  Options
		want string
	}{
		{Options{Threshold: 0}, "threshold must lie"},
		{Options{Threshold: -0.7, Z: -1}, "voidtheory: z must lie from 0 to 900, got -1"},
		{Options{Threshold: -0.7, DeltaC: -1}, "voidtheory: delta_c must be positive and finite, got -1"},
	} {
		if _, err := New(m, c.opt); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want %q", c.opt, err, c.want)
		}
	}
	p := cosmology.Planck2018()
	p.OmegaB = 0
	var bad *cosmology.ParamError
	if _, err := New(model(t, p), Options{Threshold: -0.7}); !errors.As(err, &bad) || bad.Param != "OmegaB" {
		t.Errorf("without baryons: %v, want an error about OmegaB", err)
	}
}
