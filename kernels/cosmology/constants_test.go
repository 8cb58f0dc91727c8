package cosmology

import (
	"math"
	"testing"
)

// The reference values were computed by independent programs for these
// parameters; the tolerances are half of each value's last printed digit, or
// 1e-7 for growth from z = 49 (where 7 digits of them agree with a third
// computation in small steps).
func TestReferenceConstants(t *testing.T) {
	m := mustModel(t, Planck2018())
	g := mustGrowth(t, m, GR())
	radiation := mustModel(t, Planck2018().WithRadiation())
	full, smooth := mustEH(t, m, true), mustEH(t, m, false)
	atZ := func(z float64) float64 { return g.D(1 / (1 + z)) }
	fifth := func(beta float64) float64 { return ratioToday(t, m, g, Constant(beta)) }

	var off, share float64
	for _, c := range []struct {
		name            string
		got, want, half float64
	}{
		{"D(z=49)", atZ(49), .025386668, 5e-10},
		{"D(z=9)", atZ(9), .126883604, 5e-10},
		{"D(z=3)", atZ(3), .315404619, 5e-10},
		{"D(z=1)", atZ(1), .606753819, 5e-10},
		{"D(z=0.5)", atZ(.5), .768922449, 5e-10},
		{"D(z=0)", atZ(0), 1, 0},
		{"f(z=0)", g.Rate(1), .527103202, 5e-10},
		{"D(z=49) with radiation", mustGrowth(t, radiation, GR()).D(.02), .0256252808, 5e-11},
		{"growth ratio, β = -0.2", fifth(-.2), .66342931, 1e-7},
		{"growth ratio, β = -0.1", fifth(-.1), .81807261, 1e-7},
		{"growth ratio, β = 0.1", fifth(.1), 1.21300179, 1e-7},
		{"growth ratio, β = 0.2", fifth(.2), 1.46129732, 1e-7},
		{"growth ratio, β = 0.3", fifth(.3), 1.74957566, 1e-7},
		{"sound horizon, Mpc", full.SoundHorizon(), 150.961, 5e-4},
		{"T(.01)", full.T(.01), .782698, 5e-7},
		{"T(.1)", full.T(.1), .133738, 5e-7},
		{"T(1)", full.T(1), .00480446, 5e-9},
		{"T(.01) without wiggles", smooth.T(.01), .788594, 5e-7},
		{"T(.1) without wiggles", smooth.T(.1), .135725, 5e-7},
		{"T(1) without wiggles", smooth.T(1), .00477313, 5e-9},
		{"P(.1)", full.P(.1), 5613.138, 5e-4},
		{"sigma(10)", Sigma(full, 10), .6924882, 5e-8},
		{"drift .02 to 1", m.DriftIntegral(.02, 1), 21.14185963, 5e-9},
		{"kick .02 to 1", m.KickIntegral(.02, 1), 2.736230737, 5e-10},
	} {
		off = max(off, math.Abs(c.got/c.want-1))
		if c.half > 0 {
			share = max(share, math.Abs(c.got-c.want)/c.half)
		}
		if !(math.Abs(c.got-c.want) <= c.half) {
			t.Errorf("%s = %.12g, want %v ± %v", c.name, c.got, c.want, c.half)
		}
	}
	t.Logf("off by %.1e relatively at most, by %.2f of the tolerance at most", off, share)
}

// ratioToday returns D_β/D at a = 1 for the same D and D' at z = 49.
func ratioToday(t *testing.T, m *Model, base *Growth, g Gravity) float64 {
	t.Helper()
	gr, err := m.GrowthFrom(g, .02, base.D(.02), base.DPrime(.02))
	if err != nil {
		t.Fatal(err)
	}
	return gr.D(1) / base.D(1)
}

func TestEvolvingGChangesGrowthBySixthOfAPercent(t *testing.T) {
	p := Planck2018().WithRadiation()
	m := mustModel(t, p)
	base := mustGrowth(t, m, GR())
	for _, c := range []struct{ beta, percent float64 }{{.2, -.166}, {-.2, .167}} {
		got := 100 * (ratioToday(t, m, base, EvolvingG(c.beta, p)) - 1)
		if math.Abs(got-c.percent) > .002 { // the limit of PHYSICS
			t.Errorf("β = %v changes D(0) by %.4f %%, want %v ± .002 %%", c.beta, got, c.percent)
		}
		t.Logf("β = %v: %+.4f %%", c.beta, got)
	}
	if f := 1 - EvolvingG(1, p).Mu(.02); math.Abs(f-.0145) > 5e-5 { // half a digit
		t.Errorf("f(z=49) = %v, want .0145", f)
	}
	if f := 1 - EvolvingG(1, p).Mu(1); math.Abs(f-2.9e-4) > 5e-6 { // half a digit
		t.Errorf("f(z=0) = %v, want 2.9e-4", f)
	}
}

// einsteinDeSitter has matter only.
func einsteinDeSitter() Params {
	p := Planck2018()
	p.OmegaM = 1
	return p
}

func mustModel(t *testing.T, p Params) *Model {
	t.Helper()
	m, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func mustGrowth(t *testing.T, m *Model, g Gravity) *Growth {
	t.Helper()
	gr, err := m.Growth(g)
	if err != nil {
		t.Fatal(err)
	}
	return gr
}

func mustEH(t *testing.T, m *Model, wiggles bool) *EH {
	t.Helper()
	e, err := m.EisensteinHu(wiggles)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
