package diffusion_test

import (
	"context"
	"testing"

	"runlua/kernels/diffusion"
	"runlua/kernels/golden"
	"runlua/kernels/par"
)

// Six samples of each denoiser, each down the levels of another preset.
func TestGoldenSamples(t *testing.T) {
	ctx, pool := context.Background(), par.New(2)
	const atoms = 10
	conformers := make([][]float64, 7)
	for i := range conformers {
		conformers[i] = golden.Uniform(3*atoms, uint64(i), -8, 8)
	}
	spread := make([]float64, 36)
	for i := range 6 {
		for j := range 6 {
			spread[6*i+j] = 1 / float64(1+i+j) // a Hilbert matrix is positive
		}
	}
	ensemble, err := diffusion.NewEnsemble(conformers, 0.3, nil)
	check(t, err)
	mixture, err := diffusion.NewMixture(ctx, pool, []diffusion.Component{
		{Weight: 1, Mean: golden.Uniform(6, 8, -3, 3), Covariance: spread},
		{Weight: 0.5, Mean: golden.Uniform(6, 9, -3, 3), Covariance: []float64{0.4}},
	})
	check(t, err)
	anm, err := diffusion.NewANM(ctx, pool, conformers[0], diffusion.NetworkOptions{RMSF: 1})
	check(t, err)
	gnm, err := diffusion.NewGNM(ctx, pool, conformers[0], diffusion.NetworkOptions{})
	check(t, err)
	rouse, err := diffusion.NewRouse(atoms, 3.8)
	check(t, err)
	for _, c := range []struct {
		what, preset string
		denoiser     diffusion.Denoiser
		want         string
	}{
		{"ensemble", "af3", ensemble, "3b52d073b9add379b17c3f70efbde698"},
		{"mixture", "exact", mixture, "e49b265e41c1d25c19a43a849daf9f66"},
		{"anm", "edm", anm, "fd96aac7ef6d3898e407fd3bf0351a0a"},
		{"gnm", "pxdesign", gnm, "ffa00cb90bd9d88ccb2f9335283e3c7f"},
		{"rouse", "af3-mini", rouse, "e28dc65824d176d0951af790397a3683"},
	} {
		settings, ok := diffusion.Preset(c.preset)
		if !ok {
			t.Fatalf("no preset %q", c.preset)
		}
		settings.Steps = 12
		walk, err := diffusion.NewWalk(diffusion.Config{Settings: settings, Denoiser: c.denoiser, Seed: 3, Samples: []int64{0, 1, 2, 5, 8, 1 << 20}, Pool: pool})
		check(t, err)
		for walk.Done() < walk.Total() {
			check(t, walk.Step(ctx))
		}
		var samples []any
		for k := range walk.Samples() {
			check(t, walk.Failed(k))
			samples = append(samples, walk.Coordinates(k))
		}
		golden.Bits(t, c.what+", "+c.preset, c.want, samples...)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
