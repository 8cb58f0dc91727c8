package power

import (
	"context"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"runlua/kernels/cosmology"
	"runlua/kernels/fft"
	"runlua/kernels/nbody"
	"runlua/kernels/par"
)

// BenchmarkTransforms alternates transforms of 256³ points in double precision
// with the spectrum of 128³ clustered particles on such a mesh: deposit,
// transform and sums. transforms and cpu-transforms are medians of its time over
// half that of a forward and an inverse, by the clock and by the processors; ms
// is the median of the spectrum's own.
func BenchmarkTransforms(b *testing.B) {
	const box, mesh = 512, 256
	pool := par.New(runtime.GOMAXPROCS(0))
	pos := evolved(b, pool, box, 128, mesh)
	opt := Options{Box: box, Mesh: mesh}
	plan, err := fft.NewReal3(mesh, pool)
	if err != nil {
		b.Fatal(err)
	}
	waves := plan.NewMesh()
	for i := range waves {
		waves[i] = float64(i%1009)/1009 - 0.5
	}
	timed := func(f func()) (wall, cpu float64) {
		start, before := time.Now(), processorTime(b)
		f()
		return time.Since(start).Seconds(), processorTime(b) - before
	}
	var ratios, cpus, times []float64
	for range 21 {
		pair, pairCPU := timed(func() {
			plan.Forward(waves)
			plan.Inverse(waves)
		})
		spectrum, spectrumCPU := timed(func() {
			if _, err := Measure(context.Background(), pool, pos, opt); err != nil {
				b.Fatal(err)
			}
		})
		ratios = append(ratios, 2*spectrum/pair)
		cpus = append(cpus, 2*spectrumCPU/pairCPU)
		times = append(times, 1e3*spectrum)
	}
	b.ReportMetric(median(ratios), "transforms")
	b.ReportMetric(median(cpus), "cpu-transforms")
	b.ReportMetric(median(times), "ms")
	b.ReportMetric(0, "ns/op")
}

// evolved is the particles of a simulation at z = 0, side³ of them.
func evolved(b *testing.B, pool *par.Pool, box float64, side, mesh int) []float64 {
	s, err := nbody.New(context.Background(), nbody.Config{
		Cosmology: cosmology.Planck2018(), Box: box, Particles: side, Mesh: mesh,
		Seed: 20240229, ZStart: 49, Pool: pool,
	})
	if err != nil {
		b.Fatal(err)
	}
	e, err := s.Schedule(0, 10, nbody.FastPM, nbody.UniformA)
	if err != nil {
		b.Fatal(err)
	}
	for !e.Done() {
		if err := e.Step(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
	return slices.Clone(s.Positions())
}

// processorTime is the time that this program's threads have used, in seconds.
func processorTime(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}
