package fft

import (
	"fmt"
	"runtime"
	"testing"

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
