package halos_test

import (
	"context"
	"testing"

	"runlua/kernels/cosmology"
	"runlua/kernels/golden"
	"runlua/kernels/halos"
	"runlua/kernels/par"
)

func TestGoldenGroups(t *testing.T) {
	const box = 50.0
	pos, vel := golden.Uniform(3*4000, 1, 0, box), golden.Uniform(3*4000, 2, -300, 300)
	found, err := halos.Find(context.Background(), par.New(2), pos, halos.Options{Box: box, B: 0.6, Min: 5, Velocities: vel})
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Groups) < 20 {
		t.Fatalf("%d groups are too few for a digest", len(found.Groups))
	}
	var numbers []any
	for _, g := range found.Groups {
		numbers = append(numbers, g.Count, g.First, []float64{g.X, g.Y, g.Z, g.Radius, g.Velocity[0], g.Velocity[1], g.Velocity[2], g.Dispersion})
	}
	golden.Bits(t, "Find", "36ee35f5842b71b0b254513e9c72bf32", numbers...)
}

func TestGoldenMassFunctions(t *testing.T) {
	m, err := cosmology.New(cosmology.Planck2018())
	if err != nil {
		t.Fatal(err)
	}
	spectrum, err := m.EisensteinHu(true)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		fit  halos.Fit
		want string
	}{{halos.PressSchechter, "757dd7d16bf0179cd3c685d89046bdd3"}, {halos.ShethTormen, "4cab6a93c7017b81578746096b8e76e5"}, {halos.Jenkins, "765fc5583beccb9b0051a6f90956047d"}, {halos.Warren, "154135afe8ef9e7f1aff10d852f28ca9"}} {
		theory, err := halos.NewTheory(0.315, spectrum, 0.7, c.fit)
		if err != nil {
			t.Fatal(err)
		}
		mean, err := theory.Mean([]float64{1e2, 3e2, 1e3, 1e4, 1e5})
		if err != nil {
			t.Fatal(err)
		}
		golden.Bits(t, string(c.fit), c.want, mean)
	}
}
