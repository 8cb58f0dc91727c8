package cosmology

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// tableText writes a spectrum as a table, perDecade points from lo to hi h/Mpc,
// in units with h taken out where inMpc.
func tableText(s Spectrum, lo, hi float64, perDecade int, h float64, inMpc bool) string {
	var b strings.Builder
	n := int(math.Round(math.Log10(hi/lo) * float64(perDecade)))
	for i := range n + 1 {
		k := lo * math.Pow(hi/lo, float64(i)/float64(n))
		p := s.P(k)
		if inMpc {
			k, p = k*h, p/(h*h*h)
		}
		fmt.Fprintf(&b, "  %.9e   %.9e\n", k, p)
	}
	return b.String()
}

func mustRead(t testing.TB, m *Model, text, units string) *SpectrumTable {
	t.Helper()
	s, err := m.ReadSpectrum(strings.NewReader(text), units)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSpectrumTableIsTheSpectrumItWasWrittenFrom(t *testing.T) {
	m := mustModel(t, Planck2018())
	e := mustEH(t, m, true)
	for _, run := range []struct {
		perDecade int
		limit     float64
	}{
		// CAMB writes about 100 points a decade, CLASS 50 to 100 where it
		// oscillates. The interpolation's error falls as the third power.
		{50, 2e-3}, {100, 3e-4}, {200, 4e-5},
	} {
		s := mustRead(t, m, "# k (h/Mpc) P (Mpc/h)^3\n"+tableText(e, 1e-4, 20, run.perDecade, .6736, false), "")
		var worst float64
		for k := 1.00001e-4; k < 20; k *= 1.0037 {
			worst = max(worst, math.Abs(s.P(k)/e.P(k)-1))
		}
		t.Logf("%d points a decade: %.2g", run.perDecade, worst)
		if worst > run.limit {
			t.Errorf("%d points a decade: off by %.2g, limit %v", run.perDecade, worst, run.limit)
		}
	}
}

func TestUnitsAreRecognised(t *testing.T) {
	m := mustModel(t, Planck2018())
	e := mustEH(t, m, true)
	inH, inMpc := tableText(e, 1e-3, 5, 60, .6736, false), tableText(e, 1e-3, 5, 60, .6736, true)
	for _, c := range []struct{ text, units, want string }{
		{inH, "", UnitsH}, // by σ8
		{inMpc, "", UnitsMpc},
		{"#  k/h    P\n" + inH, "", UnitsH},
		{"# Matter power spectrum P(k) at redshift z=0\n# for k=0.001 to 5 h/Mpc,\n#    1:k (h/Mpc)     2:P (Mpc/h)^3\n" + inH, "", UnitsH},
		{"# k [h Mpc^-1]  P [h^-3 Mpc^3]\n" + inH, "", UnitsH},
		{"# k [1/Mpc]  P [Mpc^3]\n" + inMpc, "", UnitsMpc},
		{"# k [Mpc^-1]  P [Mpc^3]\n" + inMpc, UnitsMpc, UnitsMpc},
		{inMpc, UnitsMpc, UnitsMpc},
		{inMpc, UnitsH, UnitsH}, // what a script says is taken
	} {
		s := mustRead(t, m, c.text, c.units)
		if s.Units() != c.want {
			t.Errorf("%.60q…, %q: units are %s, want %s", c.text, c.units, s.Units(), c.want)
		}
		if c.units != UnitsH {
			relative(t, "P(.1)", s.P(.1), e.P(.1), 1e-3) // the table's spacing
		}
	}
	for _, c := range []struct{ text, units, want string }{
		{"# k/h P\n" + inH, UnitsMpc, "its comments say h/Mpc, got 1/Mpc"},
		{"# k (1/Mpc)  P (Mpc/h)^3\n" + inH, "", "some with h and some without"},
		{tableText(scaledSpectrum{e, 1.6}, 1e-3, 5, 60, 1, false), "", "sigma8 would be 1.03 with h/Mpc and 0.7"},
		{"# at redshift z=0.5\n" + inH, "", "must be that of z = 0, its comments say z = 0.5"},
		{inH, "Mpc", "units must be"},
	} {
		_, err := m.ReadSpectrum(strings.NewReader(c.text), c.units)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60q…, %q: %v, want %q", c.text, c.units, err, c.want)
		}
	}
}

type scaledSpectrum struct {
	of Spectrum
	by float64
}

func (s scaledSpectrum) P(k float64) float64 { return s.by * s.of.P(k) }

func TestSpectrumTableIsNormalisedToSigma8(t *testing.T) {
	m := mustModel(t, Planck2018())
	e := mustEH(t, m, true)
	for _, c := range []struct {
		lo, hi, limit float64
	}{
		{1e-4, 20, 1e-5}, // the table's spacing
		{.005, 1, 1e-3},  // the least there may be, as Normalised says
	} {
		s := mustRead(t, m, tableText(scaledSpectrum{e, 3}, c.lo, c.hi, 200, 1, false), UnitsH)
		n, err := s.Normalised(.811)
		if err != nil {
			t.Fatal(err)
		}
		relative(t, "sigma8", n.Sigma8(), .811, 1e-12) // rounding of the sum
		t.Logf("%v to %v: amplitude %+.2g", c.lo, c.hi, math.Sqrt(n.P(.1)/e.P(.1))-1)
		relative(t, "the amplitude", math.Sqrt(n.P(.1)/e.P(.1)), 1, c.limit)
		if n.Digest() == s.Digest() {
			t.Error("another amplitude has the same digest")
		}
	}
	short := mustRead(t, m, tableText(e, .01, 20, 50, 1, false), UnitsH)
	if _, err := short.Normalised(.811); err == nil || !strings.Contains(err.Error(), "from 0.005 to 1 h/Mpc, got 0.01 to 20") {
		t.Errorf("a short table: %v", err)
	}
}

func TestSpectrumTableIsNotExtrapolated(t *testing.T) {
	m := mustModel(t, Planck2018())
	s := mustRead(t, m, tableText(mustEH(t, m, true), .01, 1, 50, 1, false), UnitsH)
	for _, k := range []float64{.00999, 1.001, math.NaN()} {
		if k == k && !math.IsNaN(s.P(k)) {
			t.Errorf("P(%v) is %v outside the table", k, s.P(k))
		}
	}
	if lo, hi := s.Range(); !(s.P(lo) > 0) || !(s.P(hi) > 0) || s.P(0) != 0 {
		t.Error("the ends of the table are not known")
	}
}

func TestSpectrumFilesWithMistakesAreRefused(t *testing.T) {
	m := mustModel(t, Planck2018())
	for text, want := range map[string]string{
		"":                           "at least 4 lines of k and P, got 0",
		"1 2\n2 3\n3 4\n":            "at least 4 lines of k and P, got 3",
		"1 2\n2 3\n3 4 5\n4 5\n":     "line 3 of the spectrum must hold two numbers, k and P, got 3",
		"# h/Mpc\n1 2\n2 x\n":        `line 3 of the spectrum must hold positive numbers, got "x"`,
		"0 2\n1 3\n2 3\n3 4\n":       `line 1 of the spectrum must hold positive numbers, got "0"`,
		"1 2\n1 3\n2 3\n3 4\n":       "line 2 of the spectrum must have a larger k than the line before",
		"1 2\n2 NaN\n3 4\n4 5\n":     `got "NaN"`,
		"1e999 2\n2 NaN\n3 4\n4 5\n": `got "1e999"`,
		"1 2\n2 -3\n3 4\n4 5\n":      `got "-3"`,
	} {
		if _, err := m.ReadSpectrum(strings.NewReader(text), UnitsH); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func FuzzReadSpectrum(f *testing.F) {
	m, err := New(Planck2018())
	if err != nil {
		f.Fatal(err)
	}
	f.Add("# k/h P\n.001 2\n.01 3\n.1 3e4\n1 4\n", "")
	f.Add("1,2\r\n2,3\n3\t4\n4 5e-300 # z = 0", UnitsMpc)
	f.Fuzz(func(t *testing.T, text, units string) {
		if len(text) > 1000 {
			return
		}
		s, err := m.ReadSpectrum(strings.NewReader(text), units)
		if err != nil {
			return
		}
		if lo, hi := s.Range(); !(lo > 0 && hi > lo) {
			t.Errorf("range %v to %v", lo, hi)
		}
	})
}
