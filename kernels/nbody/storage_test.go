package nbody

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

// Boxes with a mesh that has room for three coordinates a particle, and without.
func TestOrderInMemoryChangesNoBit(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		for _, mesh := range []int{32, 16} {
			var want []byte
			for _, disturb := range []func(s *Sim){
				func(*Sim) {},
				func(s *Sim) { s.Positions() },
				func(s *Sim) { probe(s).kept().steps = sortEvery },
				func(s *Sim) { *probe(s).kept() = storage{of: probe(s).kept().of, steps: -1000} },
			} {
				s := newSim(t, testConfig(50, 16, mesh).in(precision))
				e, err := s.Schedule(0, 20, FastPM, UniformA)
				if err != nil {
					t.Fatal(err)
				}
				for !e.Done() {
					disturb(s)
					if err := e.Step(background); err != nil {
						t.Fatal(err)
					}
				}
				var state bytes.Buffer
				if err := s.MarshalState(&state); err != nil {
					t.Fatal(err)
				}
				if want == nil {
					want = state.Bytes()
				} else if !bytes.Equal(state.Bytes(), want) {
					t.Errorf("mesh %d: a run whose particles were kept in another order ends elsewhere", mesh)
				}
			}
		}
	})
}

func TestStepsSortParticlesByCells(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		s := newSim(t, testConfig(50, 16, 32).in(precision))
		e, err := s.Schedule(0, 20, FastPM, UniformA)
		if err != nil {
			t.Fatal(err)
		}
		for range 17 { // at step 17 they are sorted again
			if err := e.Step(background); err != nil {
				t.Fatal(err)
			}
		}
		// Of particles next to each other nearly all are within the drift of a step.
		var far int
		sorted := probe(s).keptPositions()
		for i := 3; i < len(sorted); i += 3 {
			if math.Abs(periodic(sorted[i]-sorted[i-3], s.cfg.Box)) > 2*s.cfg.spacing() {
				far++
			}
		}
		if far > s.N()/100 {
			t.Errorf("%d of %d particles are more than two cells along x from the one before", far, s.N())
		}
		of := probe(s).kept().of
		at := s.Positions()
		for i, p := range of {
			if [3]float64(sorted[3*i:]) != [3]float64(at[3*p:]) {
				t.Fatalf("particle %d was kept at %v and is at %v", p, sorted[3*i:3*i+3], at[3*p:3*p+3])
			}
		}
	})
}

func TestAStrayParticleIsNamedInAnyOrder(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		s := newSim(t, testConfig(50, 16, 32).in(precision))
		e, err := s.Schedule(0, 20, FastPM, UniformA)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Step(background); err != nil {
			t.Fatal(err)
		}
		place := -1
		for i, p := range probe(s).kept().of {
			if p == 1234 {
				place = i
			}
		}
		probe(s).set(3*place+1, 1, math.NaN())
		if err := e.Step(background); err == nil || !strings.Contains(err.Error(), "particle 1234 ") {
			t.Errorf("the momentum of particle 1234 is NaN, the step says %v", err)
		}
	})
}
