package nbody

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"

	"runlua/kernels/cosmology"
	"runlua/kernels/par"
)

func stateOf(t testing.TB, s *Sim) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.MarshalState(&b); err != nil {
		t.Fatal(err)
	}
	if int64(b.Len()) != s.StateSize() {
		t.Fatalf("a state of %d bytes, StateSize says %d", b.Len(), s.StateSize())
	}
	return b.Bytes()
}

// finalState takes 6 steps to z = 3 and 4 to z = 1 by other means, passing the
// state through bytes after the steps of all in which save says so.
func finalState(t *testing.T, c Config, save func(step int) bool) []byte {
	t.Helper()
	s := newSim(t, c)
	for _, leg := range []struct {
		to      float64
		steps   int
		stepper Stepper
		spacing Spacing
	}{{3, 6, FastPM, UniformA}, {1, 4, Quinn, UniformLnA}} {
		for done := false; !done; {
			e, err := s.Schedule(leg.to, leg.steps, leg.stepper, leg.spacing)
			if err != nil {
				t.Fatal(err)
			}
			if err := e.Step(background); err != nil {
				t.Fatal(err)
			}
			if s.StepsDone() > 10 {
				t.Fatalf("%d steps taken of 10", s.StepsDone())
			}
			if done = e.Done(); save(s.StepsDone()) {
				if s, err = Restore(c, bytes.NewReader(stateOf(t, s))); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return stateOf(t, s)
}

func TestResumeIsBitForBit(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		for _, gradient := range []string{Difference, Spectral} {
			c := smallBox().in(precision)
			c.Gradient = gradient
			want := finalState(t, c, func(int) bool { return false })
			for name, save := range map[string]func(int) bool{
				"after every step": func(int) bool { return true },
				"after step 4":     func(i int) bool { return i == 4 },
				"between evolves":  func(i int) bool { return i == 6 },
			} {
				if !bytes.Equal(finalState(t, c, save), want) {
					t.Errorf("%s gradient, restored %s: the end differs", gradient, name)
				}
			}
		}
	})
}

func TestThreadsDoNotChangeBits(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		never := func(int) bool { return false }
		for _, gradient := range []string{Difference, Spectral} {
			c := smallBox().in(precision)
			c.Gradient = gradient
			c.Pool = par.New(1)
			want := finalState(t, c, never)
			for _, threads := range []int{2, 3, 8} {
				c.Pool = par.New(threads)
				if !bytes.Equal(finalState(t, c, never), want) {
					t.Errorf("%s gradient: %d threads end with other bits than one", gradient, threads)
				}
			}
		}
	})
}

func TestStateHoldsFewBytesAParticle(t *testing.T) {
	for precision, limit := range map[string]float64{Double: 56, Single: 32} { // what is asked for
		s := newSim(t, testConfig(100, 8, 16).in(precision)) // the header weighs most in a small one
		if got := float64(s.StateSize()) / float64(s.N()); got > limit {
			t.Errorf("%s: %.1f bytes a particle, want at most %v", precision, got, limit)
		}
	}
}

func TestStateOfAnotherConfigIsRefusedByName(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		c := testConfig(100, 8, 16).in(precision)
		state := stateOf(t, newSim(t, c))
		for _, change := range []struct {
			want string
			do   func(*Config)
		}{
			{"box = 100, this one has 200", func(c *Config) { c.Box = 200 }},
			{"particles = 8, this one has 16", func(c *Config) { c.Particles = 16 }},
			{"mesh = 16, this one has 32", func(c *Config) { c.Mesh = 32 }},
			{"seed", func(c *Config) { c.Seed++ }},
			{"gravity = gr, this one has constant(0.1)", func(c *Config) { c.Gravity = cosmology.Constant(0.1) }},
			{"z_start = 49, this one has 99", func(c *Config) { c.ZStart = 99 }},
			{"order = 2, this one has 1", func(c *Config) { c.Order = 1 }},
			{"gradient", func(c *Config) { c.Gradient = Spectral }},
			{"fixed", func(c *Config) { c.FixedAmplitude = true }},
			{"phase", func(c *Config) { c.Phase = math.Pi }},
			{"omega_m", func(c *Config) { c.Cosmology.OmegaM = 0.3 }},
			{"precision = " + precision + ", this one has", func(c *Config) { c.Precision = map[string]string{Double: Single, Single: Double}[c.Precision] }},
			{"power spectrum", func(c *Config) { c.Spectrum = scaled{eisensteinHu(t, c.Cosmology), 2} }},
		} {
			other := c
			change.do(&other)
			_, err := Restore(other, bytes.NewReader(state))
			if !errors.Is(err, ErrStateMismatch) || !strings.Contains(err.Error(), change.want) {
				t.Errorf("want a mismatch with %q, got %v", change.want, err)
			}
		}
		if _, err := Restore(c, bytes.NewReader(state)); err != nil {
			t.Errorf("the same Config is refused: %v", err)
		}
	})
}

func TestDamagedStateIsRefused(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		c := testConfig(100, 8, 16).in(precision)
		s := newSim(t, c)
		state := stateOf(t, s)
		for _, length := range []int{0, 5, 11, 12, 100, len(state) / 2, len(state) - 1} {
			if _, err := Restore(c, bytes.NewReader(state[:length])); !errors.Is(err, ErrStateDamaged) {
				t.Errorf("cut to %d bytes: %v", length, err)
			}
		}
		for at := 0; at < len(state); at += 97 {
			damaged := bytes.Clone(state)
			damaged[at] ^= 4
			if _, err := Restore(c, bytes.NewReader(damaged)); err == nil {
				t.Errorf("a flipped bit in byte %d went unnoticed", at)
			}
		}
	})
}

func TestOtherScheduleOfAnUnfinishedEvolutionIsRefused(t *testing.T) {
	s := newSim(t, smallBox())
	if _, err := s.Schedule(1, 5, FastPM, UniformA); err != nil {
		t.Fatal(err)
	}
	e, err := s.Schedule(1, 4, FastPM, UniformA)
	if err != nil {
		t.Fatalf("an evolution without steps could not be replaced: %v", err)
	}
	if err := e.Step(background); err != nil {
		t.Fatal(err)
	}
	if same, err := s.Schedule(1, 4, FastPM, UniformA); err != nil || same != e {
		t.Errorf("the same schedule gave %v, %v", same, err)
	}
	if _, err := s.Schedule(1, 4, FastPM, UniformLnA); !errors.Is(err, ErrOtherEvolution) {
		t.Errorf("another spacing gave %v", err)
	}
}

// FuzzRestore: no bytes make Restore panic, and what it accepts is a state.
func FuzzRestore(f *testing.F) {
	c := testConfig(100, 4, 4)
	c.Spectrum = eisensteinHu(f, c.Cosmology) // normalised once
	s := newSim(f, c)
	f.Add(stateOf(f, s))
	e, err := s.Schedule(1, 4, FastPM, UniformA)
	if err != nil {
		f.Fatal(err)
	}
	if err := e.Step(background); err != nil {
		f.Fatal(err)
	}
	f.Add(stateOf(f, s))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Restore(c, bytes.NewReader(b))
		if err != nil {
			return
		}
		again, err := Restore(c, bytes.NewReader(stateOf(t, s)))
		if err != nil || again.a != s.a || again.StepsDone() != s.StepsDone() {
			t.Errorf("an accepted state does not survive: %v", err)
		}
	})
}
