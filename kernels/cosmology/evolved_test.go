package cosmology

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func evolvedTo(t *testing.T, m *Model, s Spectrum, g Gravity, z float64) Spectrum {
	t.Helper()
	e, err := m.Evolved(s, g, 0.02, 1/(1+z))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func planckEH(t *testing.T) (*Model, *EH) {
	t.Helper()
	m, err := New(Planck2018())
	if err != nil {
		t.Fatal(err)
	}
	eh, err := m.EisensteinHu(true)
	if err != nil {
		t.Fatal(err)
	}
	return m, eh
}

// The growth ratios of PHYSICS at β = .2, matched at z = 49, and D(1) of ΛCDM;
// they are given to 9 digits.
func TestEvolvedIsThePowerTimesTheSquareOfGrowth(t *testing.T) {
	m, eh := planckEH(t)
	strong, gr := evolvedTo(t, m, eh, Constant(0.2), 0), evolvedTo(t, m, eh, GR(), 1)
	for _, k := range []float64{0.001, 0.1, 5} {
		if r := strong.P(k) / eh.P(k); math.Abs(r/(1.46129732*1.46129732)-1) > 1e-8 {
			t.Errorf("k = %v: β = .2 makes %v of P", k, r)
		}
		if r := gr.P(k) / eh.P(k); math.Abs(r/(.606753819*.606753819)-1) > 1e-8 {
			t.Errorf("k = %v: P at z = 1 is %v of today's", k, r)
		}
	}
}

// Between the table's wave numbers Yukawa's growth is that solved at k itself, to
// the 1e-6 that Evolved promises; far outside of the range of the force it is
// that of the limits, of which D misses (am/k)² and its like.
func TestEvolvedUnderYukawaHasEachModesGrowth(t *testing.T) {
	m, eh := planckEH(t)
	law, err := Yukawa(math.Sqrt(1.0/6), 0.1)
	if err != nil {
		t.Fatal(err)
	}
	s := evolvedTo(t, m, eh, law, 0.3)
	gr, err := m.Growth(GR())
	if err != nil {
		t.Fatal(err)
	}
	d := func(g Gravity) float64 {
		own, err := m.GrowthFrom(g, 0.02, gr.D(0.02), gr.DPrime(0.02))
		if err != nil {
			t.Fatal(err)
		}
		return own.D(1 / 1.3)
	}
	for _, k := range []float64{0.0013, 0.017, 0.05, 0.0999, 0.23, 1.1, 7} {
		want := d(AtK(law, k))
		if got := math.Sqrt(s.P(k) / eh.P(k)); math.Abs(got/want-1) > 1e-6 {
			t.Errorf("k = %v: D = %v, want %v", k, got, want)
		}
	}
	if got, want := math.Sqrt(s.P(1e6)/eh.P(1e6)), d(Constant(1.0/3)); math.Abs(got/want-1) > 1e-6 {
		t.Errorf("far within the range D = %v, want %v", got, want)
	}
	if got, want := math.Sqrt(s.P(1e-7)/eh.P(1e-7)), gr.D(1/1.3); math.Abs(got/want-1) > 1e-6 {
		t.Errorf("far outside D = %v, want %v", got, want)
	}
}

func TestEvolvedErrors(t *testing.T) {
	m, eh := planckEH(t)
	var p *ParamError
	if _, err := m.Evolved(eh, GR(), 0.02, 0.01); !errors.As(err, &p) || p.Param != "a" {
		t.Errorf("before the start: %v", err)
	}
	if _, err := m.Evolved(eh, Constant(-2), 0.02, 1); err == nil {
		t.Error("no gravity is no error")
	}
}

// A table of 1e-2 to 10 h/Mpc holds σ of 8 Mpc/h only if the large scales that it
// lacks do not matter to it.
func TestCoversSigmaAsksForWhatMatters(t *testing.T) {
	m, _ := planckEH(t)
	var text strings.Builder
	text.WriteString("# k (h/Mpc)\n")
	for _, line := range []string{"0.004 1e4\n", "0.1 5e3\n", "1 90\n", "4 3\n"} {
		text.WriteString(line)
	}
	table, err := m.ReadSpectrum(strings.NewReader(text.String()), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		r    float64
		want bool
	}{{8, true}, {2, true}, {1.9, false}, {100, true}} {
		if got := table.CoversSigma(c.r); got != c.want {
			t.Errorf("R = %v: %v", c.r, got)
		}
	}
	if p := table.Covered().P(5); p != 0 || !(table.Covered().P(0.1) > 4999) {
		t.Errorf("outside P = %v", p)
	}
}
