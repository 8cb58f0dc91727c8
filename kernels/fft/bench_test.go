package fft

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"runlua/bench/paired"
	"runlua/kernels/par"
)

// BenchmarkPair times Forward and Inverse, BenchmarkConvolve the fused pair
// with a cheap factor, BenchmarkConvolveWith that with a stored one, on both paths; cells/s counts the mesh's points once a
// pair.
func BenchmarkPair(b *testing.B) {
	b.Run("single", func(b *testing.B) { bench(b, pair[float32]) })
	b.Run("double", func(b *testing.B) { bench(b, pair[float64]) })
}

func pair[T Float](p *Plan[T]) func(mesh []T) {
	return func(mesh []T) {
		p.Forward(mesh)
		p.Inverse(mesh)
	}
}

func BenchmarkConvolve(b *testing.B) {
	b.Run("single", func(b *testing.B) { bench(b, convolve[float32]) })
	b.Run("double", func(b *testing.B) { bench(b, convolve[float64]) })
}

func convolve[T Float](p *Plan[T]) func(mesh []T) {
	return func(mesh []T) {
		p.Convolve(mesh, func(_, _, _ int, part []T) {
			for i := range part {
				part[i] *= 0.9999999
			}
		})
	}
}

func BenchmarkConvolveWith(b *testing.B) {
	b.Run("single", func(b *testing.B) { bench(b, convolveWith[float32]) })
	b.Run("double", func(b *testing.B) { bench(b, convolveWith[float64]) })
}

func convolveWith[T Float](p *Plan[T]) func(mesh []T) {
	f := p.NewFilter()
	p.SetFilter(f, func(_, _, _ int, factors []T) {
		for i := range factors {
			factors[i] = 0.9999999
		}
	})
	return func(mesh []T) { p.ConvolveWith(mesh, f, 1) }
}

func bench[T Float](b *testing.B, with func(p *Plan[T]) func(mesh []T)) {
	paths := []*kernels[T]{bestKernels[T]()}
	if paths[0].name != "portable" {
		paths = append(paths, portableKernels[T]())
	}
	for _, n := range []int{64, 96, 128, 256} {
		for threads := 1; threads <= runtime.GOMAXPROCS(0) && threads <= 2; threads++ {
			for _, k := range paths {
				b.Run(fmt.Sprintf("n=%d/threads=%d/%s", n, threads, k.name), func(b *testing.B) {
					p, err := newPlan(n, par.New(threads), k)
					if err != nil {
						b.Fatal(err)
					}
					mesh, f := noise(p, 1), with(p)
					for b.Loop() {
						f(mesh)
					}
					b.ReportMetric(float64(b.N)*float64(n*n*n)/b.Elapsed().Seconds(), "cells/s")
				})
			}
		}
	}
}

// BenchmarkThreads alternates one thread and two: speedup is the median of the
// ratios of their times, of a pair and of ConvolveWith.
func BenchmarkThreads(b *testing.B) {
	if runtime.GOMAXPROCS(0) < 2 {
		b.Skip("one processor")
	}
	b.Run("single", func(b *testing.B) { speedups[float32](b) })
	b.Run("double", func(b *testing.B) { speedups[float64](b) })
}

func speedups[T Float](b *testing.B) {
	for _, n := range []int{64, 128, 256} {
		for _, c := range []struct {
			name string
			with func(p *Plan[T]) func(mesh []T)
		}{{"pair", pair[T]}, {"fused", convolveWith[T]}} {
			b.Run(fmt.Sprintf("n=%d/%s", n, c.name), func(b *testing.B) {
				var mesh []T
				var run [2]func(mesh []T)
				for i := range run {
					p, err := newPlan(n, par.New(i+1), bestKernels[T]())
					if err != nil {
						b.Fatal(err)
					}
					mesh, run[i] = noise(p, 1), c.with(p)
				}
				var ratios []float64
				for range b.N * max(11, min(101, 1<<24/(n*n*n))) {
					var seconds [2]float64
					for i, f := range run {
						f(mesh) // brings the mesh to the caches of those who work on it
						start := time.Now()
						f(mesh)
						seconds[i] = time.Since(start).Seconds()
					}
					ratios = append(ratios, seconds[0]/seconds[1])
				}
				b.ReportMetric(paired.Median(ratios), "speedup")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}
