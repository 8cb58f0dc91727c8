package nbody

import (
	"bytes"
	"strings"
	"testing"
)

// given is the Sim of the particles of s as they stand.
func given(t *testing.T, s *Sim, name string) *Sim {
	t.Helper()
	c := s.Config()
	c.Given, c.Count, c.ZStart, c.Particles, c.Seed = name, s.N(), s.Z(), 0, 0
	pos, mom := particlesOf(s)
	g, err := NewGiven(c, pos, mom)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestGivenParticlesEvolveAsDrawnOnes(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		drawn := newSim(t, testConfig(50, 8, 16).in(precision))
		copied := given(t, drawn, "a copy")
		if drawn.Z() != copied.Z() {
			t.Fatalf("z = %v and %v", drawn.Z(), copied.Z())
		}
		for _, s := range []*Sim{drawn, copied} {
			evolve(t, s, 1, 5, FastPM, UniformA)
		}
		x, p := particlesOf(drawn)
		x2, p2 := particlesOf(copied)
		for i := range x {
			if x[i] != x2[i] || p[i] != p2[i] {
				t.Fatalf("coordinate %d: %v and %v, momenta %v and %v", i, x[i], x2[i], p[i], p2[i])
			}
		}
	})
}

// 500 particles have no lattice, and need none.
func TestStateOfGivenParticlesIsRestoredOnlyToTheSame(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		drawn := newSim(t, testConfig(50, 8, 16).in(precision))
		pos, mom := particlesOf(drawn)
		c := drawn.Config()
		c.Given, c.Count = "500 of them", 500
		s, err := NewGiven(c, pos[:1500], mom[:1500])
		if err != nil {
			t.Fatal(err)
		}
		e, err := s.Schedule(1, 4, FastPM, UniformA)
		if err != nil {
			t.Fatal(err)
		}
		var state bytes.Buffer
		for step := range 4 {
			if step == 2 {
				if err := s.MarshalState(&state); err != nil {
					t.Fatal(err)
				}
			}
			if err := e.Step(background); err != nil {
				t.Fatal(err)
			}
		}
		r, err := Restore(s.Config(), bytes.NewReader(state.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		evolve(t, r, 1, 4, FastPM, UniformA)
		x, p := particlesOf(s)
		x2, p2 := particlesOf(r)
		for i := range x {
			if x[i] != x2[i] || p[i] != p2[i] {
				t.Fatalf("number %d differs after a restart", i)
			}
		}
		other := s.Config()
		other.Given = "others"
		_, err = Restore(other, bytes.NewReader(state.Bytes()))
		if err == nil || !strings.Contains(err.Error(), "initial particles = 500 of them, this one has others") {
			t.Errorf("restored to other particles: %v", err)
		}
	})
}

func TestGivenParticlesAreChecked(t *testing.T) {
	c := testConfig(50, 0, 16)
	c.Given, c.Count = "two", 2
	for _, bad := range []struct {
		change func(c *Config, pos, mom []float64)
		want   string
	}{
		{func(c *Config, _, _ []float64) { c.Given = "" }, `given must name the particles, got ""`},
		{func(c *Config, _, _ []float64) { c.Count = 3 }, "count must be the number of particles given, got 3 with 6 coordinates and 6 momenta"},
		{func(c *Config, _, _ []float64) { c.Count = 0 }, "count must be from 1 to 8192³ particles, got 0"},
		{func(c *Config, _, _ []float64) { c.ZStart = -1 }, "z_start must be a redshift from 0 to 10000, got -1"},
		{func(c *Config, _, _ []float64) { c.Count, c.Mesh = 100, 4 }, "mesh must have at least as many cells as there are particles, got 4³ < 100"},
		{func(c *Config, pos, _ []float64) { pos[4] = 1 / (pos[4] - pos[4]) }, "particle 1 of two is not finite"},
		{func(c *Config, _, mom []float64) { mom[2] = -1 / (mom[2] - mom[2]) }, "particle 0 of two is not finite"},
	} {
		cfg, pos, mom := c, make([]float64, 6), make([]float64, 6)
		bad.change(&cfg, pos, mom)
		if _, err := NewGiven(cfg, pos, mom); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("got %v, want %s", err, bad.want)
		}
	}
	if _, err := New(background, c); err == nil {
		t.Error("New drew given particles")
	}
	s, err := NewGiven(c, []float64{-1, 51, 50, 0, 25, 99}, make([]float64, 6))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{49, 1, 0, 0, 25, 49} {
		if got := s.Positions()[i]; got != want {
			t.Errorf("coordinate %d is %v, want %v", i, got, want)
		}
	}
}
