package direct

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"runlua/kernels/par"
)

func saved(t testing.TB, s *System) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.MarshalState(&b); err != nil {
		t.Fatal(err)
	}
	if int64(b.Len()) != s.StateSize() {
		t.Fatalf("the state takes %d bytes, StateSize says %d", b.Len(), s.StateSize())
	}
	return b.Bytes()
}

func TestRestoredRunHasTheSameBits(t *testing.T) {
	c := cloud(70)
	c.Softening = 0.05
	whole := newSystem(t, c)
	evolve(t, whole, 0.7, 30)
	evolve(t, whole, 1, 7)
	for _, at := range []int{0, 1, 17, 29, 30} {
		s := newSystem(t, c)
		e, err := s.Schedule(0.7, 30)
		if err != nil {
			t.Fatal(err)
		}
		for range at {
			if err := e.Step(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		other := c
		other.Pool = par.New(3)
		back, err := Restore(other, bytes.NewReader(saved(t, s)))
		if err != nil {
			t.Fatal(err)
		}
		sameSystem(t, back, s)
		if at == 30 {
			if back.Evolution() != nil {
				t.Error("a finished evolution is restored as an unfinished one")
			}
		} else {
			e := back.Evolution()
			if e == nil || e.StepsDone() != int64(at) || e.Steps() != 30 || e.End() != 0.7 {
				t.Fatalf("after %d steps the evolution is restored as %+v", at, e)
			}
			for range 30 - at {
				if err := e.Step(context.Background()); err != nil {
					t.Fatal(err)
				}
			}
		}
		evolve(t, back, 1, 7)
		sameSystem(t, back, whole)
	}
}

func TestStateTakes48BytesAParticle(t *testing.T) {
	small, large := newSystem(t, cloud(10)).StateSize(), newSystem(t, cloud(90)).StateSize()
	if large-small != 80*48 {
		t.Errorf("80 more particles take %d more bytes, want %d", large-small, 80*48)
	}
	if small-480 > 400 {
		t.Errorf("the state has %d bytes beside its particles", small-480)
	}
}

func TestDamagedStatesAreRefused(t *testing.T) {
	c := cloud(5)
	s := newSystem(t, c)
	evolve(t, s, 1, 3)
	state := saved(t, s)
	for cut := range state {
		if _, err := Restore(c, bytes.NewReader(state[:cut])); !errors.Is(err, ErrStateDamaged) {
			t.Fatalf("cut to %d of %d bytes it gives %v", cut, len(state), err)
		}
	}
	for i := range state {
		broken := bytes.Clone(state)
		broken[i] ^= 4
		if _, err := Restore(c, bytes.NewReader(broken)); !errors.Is(err, ErrStateDamaged) && !errors.Is(err, ErrStateMismatch) {
			t.Fatalf("with byte %d changed it gives %v", i, err)
		}
	}
}

func TestStatesOfOtherSystemsAreRefused(t *testing.T) {
	c := cloud(5)
	state := saved(t, newSystem(t, c))
	for name, change := range map[string]func(c *Config){
		"one particle more": func(c *Config) { *c = cloud(6) },
		"softening":         func(c *Config) { c.Softening = 0.1 },
		"G":                 func(c *Config) { c.G = 2 },
		"a mass":            func(c *Config) { c.Masses[2]++ },
		"a position":        func(c *Config) { c.Positions[2]++ },
		"a velocity":        func(c *Config) { c.Velocities[2]++ },
	} {
		other := cloud(5)
		change(&other)
		if _, err := Restore(other, bytes.NewReader(state)); !errors.Is(err, ErrStateMismatch) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRestore(f *testing.F) {
	c := cloud(3)
	s := newSystem(f, c)
	f.Add(saved(f, s))
	e, err := s.Schedule(1, 9)
	if err != nil {
		f.Fatal(err)
	}
	if err := e.Step(context.Background()); err != nil {
		f.Fatal(err)
	}
	f.Add(saved(f, s))
	f.Add([]byte(stateMagic))
	f.Fuzz(func(t *testing.T, state []byte) {
		s, err := Restore(c, bytes.NewReader(state))
		if err != nil {
			return
		}
		if e := s.Evolution(); e != nil && !(e.StepsDone() < e.Steps()) {
			t.Fatalf("an evolution of %d steps is restored after %d", e.Steps(), e.StepsDone())
		}
		again, err := Restore(c, bytes.NewReader(saved(t, s)))
		if err != nil {
			t.Fatal(err)
		}
		sameSystem(t, again, s)
	})
}
