package direct_test

import (
	"context"
	"testing"

	"runlua/kernels/direct"
	"runlua/kernels/golden"
	"runlua/kernels/par"
)

func TestGoldenSphere(t *testing.T) {
	pos, vel, mass := direct.Plummer{N: 300, Seed: 1, Mass: 1, Scale: direct.StandardScale, G: 1}.Draw()
	golden.Bits(t, "Plummer", "10fd965e1f286c140d0eb40d4b69b8db", pos, vel, mass)
	for _, c := range []struct {
		precision direct.Precision
		want      string
	}{{direct.Double, "30b4f33a07afb4ecc25a965202965a3e"}, {direct.Single, "ec8e3f16605a14a8a3032264d1932b84"}} {
		s, err := direct.New(direct.Config{Positions: pos, Velocities: vel, Masses: mass, G: 1, Softening: 0.02, Precision: c.precision, Pool: par.New(2)})
		if err != nil {
			t.Fatal(err)
		}
		run, err := s.Schedule(0.5, 10)
		if err != nil {
			t.Fatal(err)
		}
		for range 10 {
			if err := run.Step(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		energy, err := s.Energy(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		golden.Bits(t, "ten steps, "+string(c.precision), c.want,
			s.Positions(), s.Velocities(), energy, s.Momentum(), s.AngularMomentum(), s.LagrangianRadii([]float64{0.1, 0.5, 0.9}))
	}
	orbit, speed := direct.Orbit{Masses: [2]float64{1, 0.3}, SemiMajor: 2, Eccentricity: 0.6, G: 1}.At(1.3)
	golden.Bits(t, "two bodies", "8ab3a062cb0f04976b54ae85a3e9971e", orbit, speed)
}
