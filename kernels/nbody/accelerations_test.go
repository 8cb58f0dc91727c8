package nbody

import (
	"math"
	"strings"
	"testing"
)

// Accelerations are what a kick of factor 1 subtracts, at the particles and at
// the same places asked for, in mid-evolution too, and change nothing.
func TestAccelerationsAreThoseOfAKick(t *testing.T) {
	for _, v := range variants {
		c := smallBox()
		c.Gradient, c.Precision = v.gradient, v.precision
		s := newSim(t, c)
		e, err := s.Schedule(1, 10, FastPM, UniformA)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if err := e.Step(background); err != nil {
				t.Fatal(err)
			}
		}
		before := stateOf(t, s)
		got, err := s.Accelerations(nil)
		if err != nil {
			t.Fatal(err)
		}
		places, _ := particlesOf(s)
		for i := range places {
			if i%7 == 0 {
				places[i] -= c.Box // of the periodic images
			}
		}
		there, err := s.Accelerations(places)
		if err != nil {
			t.Fatal(err)
		}
		if string(stateOf(t, s)) != string(before) {
			t.Error("asking for accelerations changed the state")
		}
		place(s, func(_ int, x, _ float64) (float64, float64) { return x, 0 })
		if err := s.matter.kick(1.5*s.cfg.Cosmology.OmegaM, 1); err != nil {
			t.Fatal(err)
		}
		want := s.Momenta()
		rounding := 0.0
		if v.precision == Single {
			rounding = 0x1p-24 // of momenta
		}
		typical := rms(want)
		for i := range want {
			if math.Abs(got[i]-want[i]) > rounding*math.Abs(want[i]) {
				t.Fatalf("%s: acceleration %d is %v, a kick has %v", v, i, got[i], want[i])
			}
			if math.Abs(there[i]-got[i]) > 1e-11*typical { // x − L + L rounds
				t.Fatalf("%s: at the same place %d it is %v, want %v", v, i, there[i], got[i])
			}
		}
	}
}

func TestAccelerationsHaveTheLawsMu(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		c := smallBox().in(precision)
		plain := newSim(t, c)
		c.Gravity = yukawa(t, 1e-9) // of a range far beyond the box: μ = 4/3
		law := newSim(t, c)
		f, err := plain.Accelerations(nil)
		if err != nil {
			t.Fatal(err)
		}
		g, err := law.Accelerations(nil)
		if err != nil {
			t.Fatal(err)
		}
		limit := map[string]float64{Double: 1e-12, Single: 1e-6}[precision] // roundings on the mesh
		if mu := growthOf(f, g); math.Abs(mu-4./3) > limit {
			t.Errorf("μ is %v, want 4/3", mu)
		}
	})
}

func TestAccelerationsRefusePlacesThatAreNone(t *testing.T) {
	s := newSim(t, smallBox())
	if _, err := s.Accelerations([]float64{1, 2}); err == nil || !strings.Contains(err.Error(), "three coordinates each, got 2 numbers") {
		t.Errorf("two numbers: %v", err)
	}
	if _, err := s.Accelerations([]float64{1, 2, 3, 4, math.NaN(), 6}); err == nil || !strings.Contains(err.Error(), "place 1 at [4 NaN 6]") {
		t.Errorf("NaN: %v", err)
	}
	if f, err := s.Accelerations([]float64{}); err != nil || len(f) != 0 {
		t.Errorf("no places: %v, %v", f, err)
	}
}
