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
	"runlua/kernels/grid"
	"runlua/kernels/nbody"
	"runlua/kernels/par"
)

// BenchmarkTransforms alternates transforms of 256³ points in double precision
// with the spectrum of a contrast on such a mesh, copied, checked, transformed
// and summed, and with that of 128³ clustered particles, which adds the deposit.
// transforms and cpu-transforms are medians of its time over half that of a
// forward and an inverse, by the clock and by the processors; ms is the median of
// the spectrum's own.
func BenchmarkTransforms(b *testing.B) {
	const box, mesh = 512, 256
	pool := par.New(runtime.GOMAXPROCS(0))
	pos := evolved(b, pool, box, 128, mesh)
	plan, err := fft.NewReal3(mesh, pool)
	if err != nil {
		b.Fatal(err)
	}
	g, err := grid.New(plan.Layout(), box, pool)
	if err != nil {
		b.Fatal(err)
	}
	delta := plan.NewMesh()
	if err := g.Contrast(delta, pos); err != nil {
		b.Fatal(err)
	}
	waves := slices.Clone(delta)
	timed := func(b *testing.B, f func() error) (wall, cpu float64) {
		start, before := time.Now(), processorTime(b)
		if err := f(); err != nil {
			b.Fatal(err)
		}
		return time.Since(start).Seconds(), processorTime(b) - before
	}
	race := func(name string, spectrum func() error) {
		b.Run(name, func(b *testing.B) {
			var ratios, cpus, times []float64
			for range 21 {
				pair, pairCPU := timed(b, func() error {
					plan.Forward(waves)
					plan.Inverse(waves)
					return nil
				})
				wall, cpu := timed(b, spectrum)
				ratios = append(ratios, 2*wall/pair)
				cpus = append(cpus, 2*cpu/pairCPU)
				times = append(times, 1e3*wall)
			}
			b.ReportMetric(median(ratios), "transforms")
			b.ReportMetric(median(cpus), "cpu-transforms")
			b.ReportMetric(median(times), "ms")
			b.ReportMetric(0, "ns/op")
		})
	}
	race("mesh", func() error {
		_, err := MeasureMesh(context.Background(), pool, delta, Options{Box: box, Mesh: mesh, Window: CIC})
		return err
	})
	race("particles", func() error {
		_, err := Measure(context.Background(), pool, pos, Options{Box: box, Mesh: mesh})
		return err
	})
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
