package nbody

import (
	"context"
	"math"
	"testing"

	"runlua/kernels/cosmology"
	"runlua/kernels/par"
)

var background = context.Background()

// testConfig is a box of n³ particles on a mesh of m³ with the project's
// cosmology, two threads.
func testConfig(box float64, n, m int) Config {
	return Config{
		Cosmology: cosmology.Planck2018(),
		Gravity:   cosmology.GR(),
		Box:       box, Particles: n, Mesh: m,
		Seed: 20240229, ZStart: 49,
		Pool: par.New(2),
	}
}

func newSim(t testing.TB, c Config) *Sim {
	t.Helper()
	s, err := New(background, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// latticeSim is a Sim of particles at rest on their lattice, for tests that
// place them by a formula.
func latticeSim(t testing.TB, c Config) *Sim {
	t.Helper()
	s, err := newEmpty(c, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.matter.placeLattice(&s.cfg)
	return s
}

// evolve takes s to zEnd.
func evolve(t testing.TB, s *Sim, zEnd float64, steps int, stepper Stepper, spacing Spacing) {
	t.Helper()
	e, err := s.Schedule(zEnd, steps, stepper, spacing)
	if err != nil {
		t.Fatal(err)
	}
	for !e.Done() {
		if err := e.Step(background); err != nil {
			t.Fatal(err)
		}
	}
}

// scaled is a spectrum times a factor: one far below 1 makes a box linear.
type scaled struct {
	of     cosmology.Spectrum
	factor float64
}

func (s scaled) P(k float64) float64 { return s.factor * s.of.P(k) }

func eisensteinHu(t testing.TB, p cosmology.Params) cosmology.Spectrum {
	t.Helper()
	m, err := cosmology.New(p)
	if err != nil {
		t.Fatal(err)
	}
	s, err := m.EisensteinHu(true)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// periodic is the separation x in a box of side l, in [−l/2, l/2).
func periodic(x, l float64) float64 { return x - l*math.Floor(x/l+0.5) }

// accelerations returns −∇φ of the particles at their own positions.
func accelerations(t testing.TB, s *Sim, strength float64) []float64 {
	t.Helper()
	f, err := s.matter.accelerations(nil, strength)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// rms of the vectors in x.
func rms(x []float64) float64 {
	var sum float64
	for _, v := range x {
		sum += v * v
	}
	return math.Sqrt(sum / float64(len(x)/3))
}

// particleMode is (1/n) Σ exp(−ik·x), k = 2π/L (i, j, l): the density mode of
// the particles without a mesh in between.
func particleMode(s *Sim, i, j, l int) (re, im float64) {
	kf := 2 * math.Pi / s.cfg.Box
	pos := s.Positions()
	for p := 0; p < len(pos); p += 3 {
		phase := kf * (float64(i)*pos[p] + float64(j)*pos[p+1] + float64(l)*pos[p+2])
		sin, cos := math.Sincos(phase)
		re += cos
		im -= sin
	}
	n := float64(s.N())
	return re / n, im / n
}

// expiring is a context that is cancelled once it has been looked at often
// enough.
type expiring struct {
	context.Context
	looks int
}

func (e *expiring) Err() error {
	if e.looks == 0 {
		return context.Canceled
	}
	e.looks--
	return nil
}

// in is c in a precision.
func (c Config) in(precision string) Config {
	c.Precision = precision
	return c
}

// inEachPrecision runs a test for each precision.
func inEachPrecision(t *testing.T, f func(t *testing.T, precision string)) {
	for _, precision := range precisions {
		t.Run(precision, func(t *testing.T) { f(t, precision) })
	}
}
