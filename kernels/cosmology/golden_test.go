package cosmology_test

import (
	"testing"

	"runlua/kernels/cosmology"
	"runlua/kernels/golden"
)

func TestGoldenBackgroundGrowthAndSpectrum(t *testing.T) {
	p := cosmology.Planck2018().WithRadiation()
	m, err := cosmology.New(p)
	if err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	times := golden.Uniform(50, 1, 0.02, 1)
	var background []float64
	for _, a := range times {
		background = append(background, m.E(a), m.DlnE(a), m.OmegaMAt(a), m.DriftIntegral(a, 1), m.KickIntegral(a, 1))
	}
	golden.Bits(t, "background", "d2b6855bd67bb27ccb77a8e4df280ff1", background)

	table, err := cosmology.NewTable([]float64{1e-10, 0.1, 0.4, 0.7, 1}, []float64{1, 1.01, 1.1, 1.05, 1.2})
	must(err)
	for _, c := range []struct {
		gravity cosmology.Gravity
		want    string
	}{
		{cosmology.GR(), "285a5c5201ba673ac9ec300f030d8bd0"},
		{cosmology.Constant(-0.2), "c948329c2d5e4c9dc1d503ed0a72803a"},
		{cosmology.EvolvingG(0.3, p), "6ba9dd460b87ac015e6801aac9e22a9a"},
		{table, "ee2943155d5b148b50744b496d309111"},
	} {
		growth, err := m.Growth(c.gravity)
		must(err)
		var numbers []float64
		for _, a := range times {
			numbers = append(numbers, growth.D(a), growth.DPrime(a), growth.DSecond(a), growth.Rate(a), growth.D2(a), growth.D2Prime(a))
		}
		golden.Bits(t, "growth, "+c.gravity.Name(), c.want, numbers)
	}

	for _, c := range []struct {
		wiggles bool
		want    string
	}{{true, "47ff758dff0b902e51dbc219754efa51"}, {false, "c9d77a4bbd91a2c14839c22c11418af7"}} {
		spectrum, err := m.EisensteinHu(c.wiggles)
		must(err)
		yukawa, err := cosmology.Yukawa(0.2, 0.1)
		must(err)
		later, err := m.Evolved(spectrum, yukawa, 0.02, 0.8)
		must(err)
		numbers := []float64{spectrum.SoundHorizon(), cosmology.Sigma(spectrum, 8)}
		for _, k := range golden.Uniform(50, 2, 1e-3, 3) {
			numbers = append(numbers, spectrum.P(k), later.P(k))
		}
		sigma, slope := cosmology.SigmaSlope(spectrum, 12)
		golden.Bits(t, "spectrum", c.want, numbers, sigma, slope)
	}
}
