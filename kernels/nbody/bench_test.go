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

func benchSim(b *testing.B, size [2]int, precision string) *Sim {
	c := testConfig(4*float64(size[0]), size[0], size[1]).in(precision)
	c.Pool = par.New(runtime.GOMAXPROCS(0))
	return newSim(b, c)
}

// BenchmarkStep times the steps of a 25-step FastPM run to z = 0 in turn, so
// that early, ordered and late, clustered particles both count: with
// -benchtime 25x it is a whole run.
func BenchmarkStep(b *testing.B) {
	eachSize(b, benchSizes, func(b *testing.B, size [2]int, precision string) {
		s := benchSim(b, size, precision)
		var e *Evolution
		b.ResetTimer()
		for range b.N {
			if e == nil || e.Done() {
				b.StopTimer()
				if e != nil {
					s = benchSim(b, size, precision)
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

// eachSize runs a benchmark in both precisions, in turn at each size.
func eachSize(b *testing.B, sizes [][2]int, f func(b *testing.B, size [2]int, precision string)) {
	for _, size := range sizes {
		for _, precision := range precisions {
			b.Run(fmt.Sprintf("%d/%d/%s", size[0], size[1], precision), func(b *testing.B) { f(b, size, precision) })
		}
	}
}

func BenchmarkInitialConditions(b *testing.B) {
	eachSize(b, benchSizes[:2], func(b *testing.B, size [2]int, precision string) {
		for range b.N {
			benchSim(b, size, precision)
		}
	})
}

func BenchmarkMarshalState(b *testing.B) {
	eachSize(b, benchSizes[1:2], func(b *testing.B, size [2]int, precision string) {
		s := benchSim(b, size, precision)
		b.SetBytes(s.StateSize())
		for b.Loop() {
			if err := s.MarshalState(io.Discard); err != nil {
				b.Fatal(err)
			}
		}
	})
}
