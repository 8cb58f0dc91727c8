package fft

import (
	"fmt"
	"runtime"
	"testing"
)

// BenchmarkPair times Forward and Inverse, BenchmarkConvolve the fused pair
// with a cheap factor; cells/s counts the mesh's points once a pair.
func BenchmarkPair(b *testing.B) {
	bench(b, func(p *Real3, mesh []float64) {
		p.Forward(mesh)
		p.Inverse(mesh)
	})
}

func BenchmarkConvolve(b *testing.B) {
	bench(b, func(p *Real3, mesh []float64) {
		p.Convolve(mesh, func(_, _, _ int, part []float64) {
			for i := range part {
				part[i] *= 1.0000001
			}
		})
	})
}

func bench(b *testing.B, f func(p *Real3, mesh []float64)) {
	for _, n := range []int{64, 96, 128, 256} {
		for threads := 1; threads <= runtime.GOMAXPROCS(0) && threads <= 2; threads++ {
			b.Run(fmt.Sprintf("n=%d/threads=%d", n, threads), func(b *testing.B) {
				p := newReal3(b, n, threads)
				mesh := noise(p, 1)
				for b.Loop() {
					f(p, mesh)
				}
				b.ReportMetric(float64(b.N)*float64(n*n*n)/b.Elapsed().Seconds(), "cells/s")
			})
		}
	}
}
