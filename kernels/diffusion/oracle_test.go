package diffusion

import (
	"fmt"
	"testing"
)

// plainAF3 is the AF3 walk with γ0, η = λ = 1.
func plainAF3(steps int, gamma0 float64) Settings { return af3(steps, gamma0, 1, 1, 1) }

// Output over input variance as another program works it out for the presets
// of the design tools, to three digits. (Heun's 64 steps keep 1.02249 of 0.25
// Å², which a table that was rounded twice calls 1.023.)
func TestOracleGivesThePublishedTable(t *testing.T) {
	preset := func(name string) Settings {
		s, ok := Preset(name)
		if !ok {
			t.Fatalf("no preset %q", name)
		}
		return s
	}
	columns := []struct {
		name string
		s    Settings
		want [3]string // at v = 0.25, 25, 900 Å²
	}{
		{"Euler ODE, N=200", plainAF3(200, 0), [3]string{"0.951", "0.964", "0.972"}},
		{"γ0=.8, η=λ=1, N=200", plainAF3(200, 0.8), [3]string{"0.899", "0.748", "0.751"}},
		{"af3", preset("af3"), [3]string{"0.091", "0.435", "0.475"}},
		{"pxdesign", preset("pxdesign"), [3]string{"0.267", "0.276", "0.282"}},
		{"Heun 64", preset("edm"), [3]string{"1.022", "1.012", "1.007"}},
		{"Heun 200", preset("exact"), [3]string{"1.002", "1.001", "1.001"}},
	}
	for _, c := range columns {
		if err := c.s.Check(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		for i, v := range []float64{0.25, 25, 900} {
			if got := fmt.Sprintf("%.3f", c.s.PredictedVariance(v)/v); got != c.want[i] {
				t.Errorf("%s keeps %s of a variance of %v, want %s", c.name, got, v, c.want[i])
			}
		}
	}
}
