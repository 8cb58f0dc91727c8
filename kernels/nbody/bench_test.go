package nbody

import (
	"fmt"
	"io"
	"runtime"
	"testing"

	"runlua/kernels/par"
)

// The usual sizes: particles and mesh cells per side.
var benchSizes = [][2]int{{32, 64}, {64, 128}, {128, 256}}

func benchSim(b *testing.B, size [2]int) *Sim {
	c := testConfig(4*float64(size[0]), size[0], size[1])
	c.Pool = par.New(runtime.GOMAXPROCS(0))
	return newSim(b, c)
}

// BenchmarkStep times the steps of a 25-step FastPM run to z = 0 in turn, so
// that early, ordered and late, clustered particles both count: with
// -benchtime 25x it is a whole run.
func BenchmarkStep(b *testing.B) {
	for _, size := range benchSizes {
		b.Run(fmt.Sprintf("%d/%d", size[0], size[1]), func(b *testing.B) {
			s := benchSim(b, size)
			var e *Evolution
			b.ResetTimer()
			for range b.N {
				if e == nil || e.Done() {
					b.StopTimer()
					if e != nil {
						s = benchSim(b, size)
					}
					var err error
					if e, err = s.Schedule(0, 25, FastPM, UniformA); err != nil {
						b.Fatal(err)
					}
					b.StartTimer()
				}
				if err := e.Step(background); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*float64(s.N())/b.Elapsed().Seconds(), "particles/s")
		})
	}
}

func BenchmarkInitialConditions(b *testing.B) {
	for _, size := range benchSizes[:2] {
		b.Run(fmt.Sprintf("%d/%d", size[0], size[1]), func(b *testing.B) {
			for range b.N {
				benchSim(b, size)
			}
		})
	}
}

func BenchmarkMarshalState(b *testing.B) {
	s := benchSim(b, benchSizes[1])
	b.SetBytes(s.StateSize())
	for b.Loop() {
		if err := s.MarshalState(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
