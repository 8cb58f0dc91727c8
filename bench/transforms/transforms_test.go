// Package transforms measures in units of a transform what is computed on meshes.
package transforms

import (
	"context"
	"runtime"
	"slices"
	"testing"

	"runlua/bench/paired"
	"runlua/kernels/cosmology"
	"runlua/kernels/fft"
	"runlua/kernels/grid"
	"runlua/kernels/nbody"
	"runlua/kernels/par"
	"runlua/kernels/power"
	"runlua/kernels/voids"
)

// BenchmarkTransforms alternates transforms of 256³ points with
//
//   - voids: the search for voids in 128³ clustered particles on such a mesh, 20
//     radii from three cells up;
//   - mesh: the spectrum of a contrast, copied, checked, transformed and summed;
//   - particles: the spectrum of the particles, deposited in a mesh of its own;
//   - double, single: the spectrum of a simulation, as scripts ask for it, in units of
//     transforms in its precision.
//
// transforms and cpu-transforms are medians of their times over half that of a
// forward and an inverse, by the clock and by the processors; ms is the median of
// the time itself.
func BenchmarkTransforms(b *testing.B) {
	const box, mesh = 512, 256
	ctx, pool := context.Background(), par.New(runtime.GOMAXPROCS(0))
	sim := evolved(b, pool, box, 128, mesh, nbody.Double)
	pos := slices.Clone(sim.Positions())
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
	radii := voids.DefaultRadii(box, mesh)
	search := voids.Options{Box: box, Mesh: mesh, Threshold: -0.7, Radii: radii[len(radii)-20:]}
	race(b, "voids", 7, plan, waves, func() error {
		_, err := voids.Spherical(ctx, pool, pos, search)
		return err
	})
	race(b, "mesh", 21, plan, waves, func() error {
		_, err := power.MeasureMesh(ctx, pool, delta, power.Options{Box: box, Mesh: mesh, Window: power.CIC})
		return err
	})
	race(b, "particles", 21, plan, waves, func() error {
		_, err := power.Measure(ctx, pool, pos, power.Options{Box: box, Mesh: mesh})
		return err
	})
	race(b, "double", 21, plan, waves, func() error {
		_, err := sim.Power(ctx, power.Options{})
		return err
	})
	single, err := fft.NewSingle3(mesh, pool)
	if err != nil {
		b.Fatal(err)
	}
	sim = evolved(b, pool, box, 128, mesh, nbody.Single)
	race(b, "single", 21, single, make([]float32, single.Layout().Len()), func() error {
		_, err := sim.Power(ctx, power.Options{})
		return err
	})
}

// race alternates transforms of waves with work.
func race[T fft.Float](b *testing.B, name string, rounds int, plan *fft.Plan[T], waves []T, work func() error) {
	b.Run(name, func(b *testing.B) {
		var clock, cpu, ms []float64
		for range rounds {
			began := paired.Now()
			plan.Forward(waves)
			plan.Inverse(waves)
			middle := paired.Now()
			if err := work(); err != nil {
				b.Fatal(err)
			}
			end := paired.Now()
			clock = append(clock, 2*(end.Clock-middle.Clock)/(middle.Clock-began.Clock))
			cpu = append(cpu, 2*(end.CPU-middle.CPU)/(middle.CPU-began.CPU))
			ms = append(ms, 1e3*(end.Clock-middle.Clock))
		}
		b.ReportMetric(paired.Median(clock), "transforms")
		b.ReportMetric(paired.Median(cpu), "cpu-transforms")
		b.ReportMetric(paired.Median(ms), "ms")
		b.ReportMetric(0, "ns/op")
	})
}

// evolved is a simulation at z = 0 of side³ particles, in the order in which it
// keeps them between steps.
func evolved(b *testing.B, pool *par.Pool, box float64, side, mesh int, precision string) *nbody.Sim {
	s, err := nbody.New(context.Background(), nbody.Config{
		Cosmology: cosmology.Planck2018(), Box: box, Particles: side, Mesh: mesh, Precision: precision,
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
	return s
}
