package halos

import (
	"context"
	"testing"

	"runlua/kernels/cosmology"
	"runlua/kernels/nbody"
	"runlua/kernels/par"
)

// 64³ particles in 128 Mpc/h on a mesh of 128³, 20 FastPM steps to z = 0.
func simulation(t *testing.T) *nbody.Sim {
	t.Helper()
	ctx := context.Background()
	s, err := nbody.New(ctx, nbody.Config{
		Cosmology: cosmology.Planck2018(), Gravity: cosmology.GR(), Box: 128, Particles: 64, Mesh: 128,
		Seed: 1, ZStart: 49, Order: 2, Gradient: nbody.Difference, Pool: par.New(2),
	})
	if err != nil {
		t.Fatal(err)
	}
	run, err := s.Schedule(0, 20, nbody.FastPM, nbody.UniformA)
	if err != nil {
		t.Fatal(err)
	}
	for range run.Steps() {
		if err := run.Step(ctx); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// The mass function of a real box against the fits for FoF groups of b = 0.2.
// What is known of such a box: its cells are 1 Mpc/h, so that halos of under a
// hundred particles (0.7 Mpc/h) are puffed up and their counts a fifth to two
// fifths short, less so on a finer mesh; above, counts scatter by their Poisson
// errors, and the few largest by the box's own modes. Hence a factor of 1.5 and
// three Poisson errors.
func TestGroupsOfASimulationFollowTheory(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation of a few seconds")
	}
	s := simulation(t)
	p := cosmology.Planck2018()
	vel := make([]float64, len(s.Momenta()))
	for i, x := range s.Momenta() {
		vel[i] = x / s.A() * 100
	}
	c := find(t, 2, s.Positions(), Options{Box: 128, B: 0.2, Min: 20, Velocities: vel})
	if c.Wide > 0 {
		t.Errorf("%d groups are wide", c.Wide)
	}
	m := ParticleMass(p.OmegaM, 128, s.N())
	var masses []float64
	for _, g := range c.Groups {
		masses = append(masses, m*float64(g.Count))
	}
	var edges []float64
	for n := 20.0; n <= 640; n *= 2 {
		edges = append(edges, m*(n-0.5)) // between the masses that groups can have
	}
	counted, err := Count(masses, edges, 128*128*128)
	if err != nil {
		t.Fatal(err)
	}
	_, spectrum := planck(t)
	for _, fit := range []Fit{ShethTormen, Jenkins, Warren} {
		want, err := theory(t, p.OmegaM, spectrum, 1, fit).Mean(edges)
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range want {
			ratio := counted.DnDlnM[i] / w.DnDlnM
			t.Logf("%s: M = %.3g, %d groups, %.2f of theory", fit, w.M, counted.Counts[i], ratio)
			slack := 3 * counted.Err[i] / w.DnDlnM
			if ratio < 1/1.5-slack || ratio > 1.5+slack {
				t.Errorf("%s: M = %.3g: %d groups are %.2f ± %.2f of theory", fit, w.M, counted.Counts[i], ratio, slack/3)
			}
		}
	}
	// The virial theorem: 3σ_v² = −W/M is GM/(1.7 R) to GM/(2.2 R) for an isothermal
	// and for a uniform sphere of rms radius R, with G = 43.007 (km/s)² Mpc per
	// 1e10 Msun. The mesh softens the pull within, so somewhat less: σ_v² is 0.5
	// to 1.2 of GM/(5.8 R) on average. A length or velocity in the wrong unit is
	// far from that.
	var sum, n float64
	for _, g := range c.Groups {
		if g.Count < 200 {
			break
		}
		sum += g.Dispersion * g.Dispersion * 5.8 * g.Radius / (43.007 * m * float64(g.Count))
		n++
	}
	t.Logf("velocity dispersion squared: %.2f of the virial one, %g groups", sum/n, n)
	if !(sum/n > 0.5 && sum/n < 1.2) {
		t.Errorf("%g groups have %.2f of the virial σ_v²", n, sum/n)
	}
}
