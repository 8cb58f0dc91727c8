package cosmology

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func mustTable(t testing.TB, a, mu []float64) *Table {
	t.Helper()
	g, err := NewTable(a, mu)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestTablePassesThroughItsPointsAndStaysBetweenThem(t *testing.T) {
	a := []float64{.01, .02, .05, .3, .31, .7, 1}
	mu := []float64{1, 1, 1.5, 1.2, 1.6, 1.6, .4}
	g := mustTable(t, a, mu)
	for i := range a {
		relative(t, "mu at a point", g.Mu(a[i]), mu[i], 1e-15) // rounding of the cubic at its ends
		if i == 0 {
			continue
		}
		lo, hi := min(mu[i-1], mu[i]), max(mu[i-1], mu[i])
		last := mu[i-1]
		for s := 1; s < 200; s++ {
			v := g.Mu(a[i-1] + (a[i]-a[i-1])*float64(s)/200)
			if v < lo-1e-15 || v > hi+1e-15 {
				t.Fatalf("between points %d and %d mu is %v, outside %v to %v", i, i+1, v, lo, hi)
			}
			if (v-last)*(mu[i]-mu[i-1]) < -1e-15 { // rounding
				t.Fatalf("between points %d and %d mu turns at %v", i, i+1, v)
			}
			last = v
		}
	}
	for _, out := range []float64{.0099, 1.001, 0, math.NaN()} {
		if !math.IsNaN(g.Mu(out)) {
			t.Errorf("mu(%v) is %v, want NaN", out, g.Mu(out))
		}
	}
}

func TestTwoPointsMakeALineInLnA(t *testing.T) {
	g := mustTable(t, []float64{.01, 1}, []float64{1, 1.4})
	relative(t, "mu half way in ln a", g.Mu(.1), 1.2, 1e-14) // ln .01 and its half are rounded
}

// The slopes of SciPy's PchipInterpolator for these nodes, which follow from
// the formulas by hand: h = 1, 2; d = 2, 1. Middle: w1 = 2·2+1 = 5, w2 = 2+2 = 4,
// 9/(5/2 + 4/1). Ends: (4·2 − 1)... by endSlope's parabola.
func TestSlopesAreThoseOfFritschAndButland(t *testing.T) {
	m := monotoneSlopes([]float64{0, 1, 3}, []float64{0, 2, 4})
	want := []float64{((2*1+2)*2.0 - 1*1) / 3, 9 / (5/2.0 + 4/1.0), ((2*2+1)*1.0 - 2*2) / 3}
	for i := range m {
		relative(t, "slope", m[i], want[i], 1e-15)
	}
}

func TestSampledFunctionIsMetBetweenTheSamples(t *testing.T) {
	law := func(a float64) float64 { return 1 + .3*a*a/(.1+a*a) } // within an e-fold
	calls := 0
	g, err := SampleTable(.005, func(a float64) (float64, error) { calls++; return law(a), nil })
	if err != nil {
		t.Fatal(err)
	}
	if want := int(math.Ceil(math.Log(200)/SampleSpacing)) + 1; calls != want {
		t.Errorf("%d calls, want %d", calls, want)
	}
	var worst float64
	for a := .005; a <= 1; a *= 1.0007 {
		worst = max(worst, math.Abs(g.Mu(a)-law(a))/.3)
	}
	if worst > 1e-5 { // what SampleSpacing says
		t.Errorf("off by %.2g of the change", worst)
	}
	// And so is the growth under it: a table of EvolvingG against EvolvingG.
	m := mustModel(t, Planck2018().WithRadiation())
	e := EvolvingG(.2, m.Params())
	if g, err = SampleTable(.005, func(a float64) (float64, error) { return e.Mu(a), nil }); err != nil {
		t.Fatal(err)
	}
	lcdm := mustGrowth(t, m, GR())
	d1, err := m.GrowthFrom(g, .02, lcdm.D(.02), lcdm.DPrime(.02))
	if err != nil {
		t.Fatal(err)
	}
	d2, err := m.GrowthFrom(e, .02, lcdm.D(.02), lcdm.DPrime(.02))
	if err != nil {
		t.Fatal(err)
	}
	relative(t, "D(1)", d1.D(1), d2.D(1), 1e-9) // one law twice: samples and interpolation in between
}

func TestTablesRefuseBadPoints(t *testing.T) {
	for _, c := range []struct {
		a, mu []float64
		want  string
	}{
		{[]float64{1}, []float64{1}, "at least 2"},
		{[]float64{.1, .1}, []float64{1, 1}, "a of point 2"},
		{[]float64{.5, .1}, []float64{1, 1}, "a of point 2"},
		{[]float64{0, .1}, []float64{1, 1}, "a of point 1"},
		{[]float64{.1, 1}, []float64{1, 0}, "mu of point 2"},
		{[]float64{.1, 1}, []float64{math.NaN(), 1}, "mu of point 1"},
	} {
		_, err := NewTable(c.a, c.mu)
		var p *ParamError
		if !errors.As(err, &p) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, %v: %v, want %q", c.a, c.mu, err, c.want)
		}
	}
	for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, err := SampleTable(.02, func(a float64) (float64, error) {
			if a > .5 {
				return bad, nil
			}
			return 1, nil
		})
		if err == nil || !strings.Contains(err.Error(), "mu at a = 0.5") {
			t.Errorf("a function that returns %v: %v", bad, err)
		}
	}
}

func TestTableMustCoverWhatIsAskedOfIt(t *testing.T) {
	m := mustModel(t, Planck2018())
	if err := m.CheckGravity(mustTable(t, []float64{.02, 1}, []float64{1, 1.1}), 1/50.0); err != nil {
		t.Error(err)
	}
	for want, g := range map[string]*Table{
		"first scale factor": mustTable(t, []float64{.03, 1}, []float64{1, 1.1}),
		"last scale factor":  mustTable(t, []float64{.02, .9}, []float64{1, 1.1}),
	} {
		if err := m.CheckGravity(g, 1/50.0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
		if _, err := m.Growth(g); err == nil || !strings.Contains(err.Error(), "scale factor of gravity's table") {
			t.Errorf("Growth: %v", err)
		}
	}
}

func TestYukawaIsWeakOnLargeAndStrongOnSmallScales(t *testing.T) {
	g, err := Yukawa(math.Sqrt(1.0/6), .1)
	if err != nil {
		t.Fatal(err)
	}
	relative(t, "mu far inside its range", g.MuK(1e6, 1), 4.0/3, 1e-12) // (m/k)² is 3e-15
	relative(t, "mu far outside", g.MuK(1e-9, 1), 1, 1e-12)             // (k/m)² is 4e-16
	relative(t, "mu at k = a m", g.MuK(.05, .5), 1+1.0/6, 1e-14)        // rounding
	if g.Mu(.3) != 1 {
		t.Errorf("the limit k → 0 is %v", g.Mu(.3))
	}
	for _, bad := range [][2]float64{{.4, 0}, {.4, -1}, {math.Inf(1), 1}, {.4, math.NaN()}} {
		if _, err := Yukawa(bad[0], bad[1]); err == nil {
			t.Errorf("Yukawa%v is no error", bad)
		}
	}
	// A mode far inside the range grows as under Constant(2β²).
	m := mustModel(t, einsteinDeSitter())
	d := mustGrowth(t, m, AtK(g, 1e4))
	relative(t, "D at small scales", d.D(.1), mustGrowth(t, m, Constant(1.0/3)).D(.1), 1e-9)
	if AtK(Constant(.1), 3) != Constant(.1) {
		t.Error("AtK changes a law without a scale")
	}
}

func TestPrimordialGrowthKeepsTheEarlyAmplitude(t *testing.T) {
	m := mustModel(t, Planck2018().WithRadiation())
	lcdm := mustGrowth(t, m, GR())
	g, err := m.PrimordialGrowth(EvolvingG(.2, m.Params()))
	if err != nil {
		t.Fatal(err)
	}
	// Both are D = 1 + (3/2) μ a/a_eq times a factor: equal to that far back.
	relative(t, "D in the radiation era", g.D(5e-9), lcdm.D(5e-9), 1e-4)
	// The change over the whole history, −21 %, as an independent program gives it
	// (40000 Runge-Kutta steps in ln a from 1e-6 a_eq).
	relative(t, "D(1)", g.D(1), .7879604601, 1e-8) // they agree to 4e-10
	other, err := m.PrimordialGrowth(EvolvingG(-.2, m.Params()))
	if err != nil {
		t.Fatal(err)
	}
	relative(t, "D(1)", other.D(1), 1.2533430986, 1e-8) // the same
	same, err := m.PrimordialGrowth(EvolvingG(0, m.Params()))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []float64{1e-4, .02, .3, 1} {
		if same.D(a) != lcdm.D(a) || same.DPrime(a) != lcdm.DPrime(a) {
			t.Errorf("β = 0 at a = %v: D is %v, not ΛCDM's %v", a, same.D(a), lcdm.D(a))
		}
	}
	if _, err := mustModel(t, Planck2018()).PrimordialGrowth(GR()); err == nil {
		t.Error("a universe without radiation has a primordial amplitude")
	}
}
