package nbody

import (
	"fmt"
	"testing"
	"time"

	"runlua/bench/paired"
)

// benchStates are the states whose steps are timed: the ordered particles of the
// initial conditions and the clustered ones of z = 0.
var benchStates = []string{"z=49", "z=0"}

// benchState returns the simulation of a size in a state, made once.
func benchState(b *testing.B, size [2]int, state, precision string) *Sim {
	key := fmt.Sprint(size, state, precision)
	if s := madeStates[key]; s != nil {
		return s
	}
	clear(madeStates) // one at a time: the largest takes half a gigabyte
	s := benchSim(b, size, precision)
	if state == "z=0" {
		e, err := s.Schedule(0, 25, FastPM, UniformA)
		if err != nil {
			b.Fatal(err)
		}
		for !e.Done() {
			if err := e.Step(background); err != nil {
				b.Fatal(err)
			}
		}
	}
	madeStates[key] = s
	return s
}

var madeStates = map[string]*Sim{}

// BenchmarkParts times the parts of a step that moves nothing, on all cores, and
// reports the median of each in ms, and of the whole in ns a particle and ns a
// mesh cell. A deposit has the first half of the transform in it, which convolve
// finishes. -bench 'Parts/64' is one size.
func BenchmarkParts(b *testing.B) {
	eachSize(b, benchSizes, func(b *testing.B, size [2]int, precision string) {
		for _, state := range benchStates {
			b.Run(state, func(b *testing.B) {
				s := benchState(b, size, state, precision)
				sortNow(b, s)
				parts := []struct {
					name string
					run  func() error
					ms   []float64
				}{
					{"deposit", func() error { return s.matter.density() }, nil},
					{"convolve", func() error { probe(s).potentialOnly(strength); return nil }, nil},
					{"move", func() error { return probe(s).moveOnly() }, nil},
				}
				var whole []float64
				for b.Loop() {
					var sum float64
					for i := range parts {
						start := time.Now()
						if err := parts[i].run(); err != nil {
							b.Fatal(err)
						}
						ms := 1e3 * time.Since(start).Seconds()
						parts[i].ms = append(parts[i].ms, ms)
						sum += ms
					}
					whole = append(whole, sum)
				}
				for _, p := range parts {
					b.ReportMetric(paired.Median(p.ms), p.name+"-ms")
				}
				cells := float64(size[1] * size[1] * size[1])
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(paired.Median(whole), "ms")
				b.ReportMetric(1e6*paired.Median(whole)/float64(s.N()), "ns/particle")
				b.ReportMetric(1e6*paired.Median(whole)/cells, "ns/cell")
			})
		}
	})
}

// sortNow sorts the particles as a step does.
func sortNow(b *testing.B, s *Sim) {
	probe(s).kept().steps = sortEvery
	if err := s.matter.sort(); err != nil {
		b.Fatal(err)
	}
}
