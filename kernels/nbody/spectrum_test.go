package nbody

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"runlua/kernels/cosmology"
)

// A run from a table of the Eisenstein-Hu spectrum starts as the run from the
// formula does, to the table's interpolation.
func TestTabulatedSpectrumStartsTheSameBox(t *testing.T) {
	c := testConfig(100, 16, 32)
	e := eisensteinHu(t, c.Cosmology)
	table := func(lo, hi float64) *cosmology.SpectrumTable {
		var b strings.Builder
		for i := range 401 {
			k := lo * math.Pow(hi/lo, float64(i)/400)
			fmt.Fprintf(&b, "%.12e %.12e\n", k, e.P(k))
		}
		m, err := cosmology.New(c.Cosmology)
		if err != nil {
			t.Fatal(err)
		}
		s, err := m.ReadSpectrum(strings.NewReader(b.String()), cosmology.UnitsH)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	want := newSim(t, c)
	c.Spectrum = table(.01, 10)
	got := newSim(t, c)
	diff := make([]float64, len(got.Momenta()))
	for i := range diff {
		diff[i] = got.Momenta()[i] - want.Momenta()[i]
	}
	if r := rms(diff) / rms(want.Momenta()); !(r < 1e-4) || r == 0 { // 130 points a decade: 3e-5 in P
		t.Errorf("momenta differ by %.2g", r)
	}
	for _, short := range []cosmology.Spectrum{table(.07, 10), table(.01, .7)} {
		c.Spectrum = short
		_, err := New(background, c)
		// 2π/100, and √3·7 times it.
		if err == nil || !strings.Contains(err.Error(), "spectrum must cover k from 0.06283 to 0.7618 h/Mpc, the modes of this box, got a table from 0.0") {
			t.Errorf("a short table: %v", err)
		}
	}
}
