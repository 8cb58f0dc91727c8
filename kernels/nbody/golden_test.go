package nbody_test

import (
	"context"
	"testing"

	"runlua/kernels/cosmology"
	"runlua/kernels/golden"
	"runlua/kernels/nbody"
	"runlua/kernels/par"
)

// Initial conditions of 8³ particles and six steps on a mesh of 16³.
func TestGoldenSimulations(t *testing.T) {
	yukawa, err := cosmology.Yukawa(0.2, 0.1)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what    string
		config  nbody.Config
		stepper nbody.Stepper
		spacing nbody.Spacing
		want    string
	}{
		{"2lpt, fastpm", nbody.Config{}, nbody.FastPM, nbody.UniformA, "c50d80e1bef1a54546c757a124ffa467"},
		{"zeldovich, quinn", nbody.Config{Order: 1, FixedAmplitude: true, Phase: 0.5}, nbody.Quinn, nbody.UniformLnA, "d1bb79c1b9c6ca8254802f3b3e4acf0a"},
		{"spectral", nbody.Config{Gradient: nbody.Spectral}, nbody.FastPM, nbody.UniformA, "52c6ee155da7b4e27e385773f2b8dde3"},
		{"yukawa", nbody.Config{Gravity: yukawa}, nbody.FastPM, nbody.UniformA, "6fb4770a53637178e4078df87c8cf89a"},
		{"by sigma8", nbody.Config{Gravity: cosmology.Constant(0.2), Normalise: nbody.BySigma8}, nbody.FastPM, nbody.UniformA, "4e74c586441927f74f72c0de3144d618"},
	} {
		config := c.config
		config.Cosmology, config.Box, config.Particles, config.Mesh = cosmology.Planck2018(), 60, 8, 16
		config.Seed, config.ZStart, config.Pool = 1, 49, par.New(2)
		if config.Gravity == nil {
			config.Gravity = cosmology.GR()
		}
		sim, err := nbody.New(context.Background(), config)
		if err != nil {
			t.Fatal(err)
		}
		start := golden.Digest(sim.Positions(), sim.Momenta())
		run, err := sim.Schedule(0, 6, c.stepper, c.spacing)
		if err != nil {
			t.Fatal(err)
		}
		for range 6 {
			if err := run.Step(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		energies, err := sim.Energies()
		if err != nil {
			t.Fatal(err)
		}
		golden.Bits(t, c.what, c.want, []byte(start), sim.Positions(), sim.Momenta(), energies)
	}
}
