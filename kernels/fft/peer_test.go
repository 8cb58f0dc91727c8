//go:build unix

package fft

import (
	"fmt"
	"runtime"
	"strconv"
	"testing"
	"time"

	"runlua/bench/paired"
	"runlua/kernels/par"
)

// BenchmarkFFTW alternates Forward and Inverse, and ConvolveWith, with a pair of
// transforms by FFTW: the programs that bench/peers makes, in the folder that
// RUNLUA_PEERS names. pair/FFTW and fused/FFTW are medians of ratios of times by
// the clock, ms is the median of the pair's own.
func BenchmarkFFTW(b *testing.B) {
	single, double := paired.Program(b, "fftw-single"), paired.Program(b, "fftw-double")
	for _, n := range []int{64, 128, 256} {
		for threads := 1; threads <= min(2, runtime.NumCPU()); threads++ {
			name := fmt.Sprintf("n=%d/threads=%d", n, threads)
			pool := par.New(threads)
			b.Run("single/"+name, func(b *testing.B) { race[float32](b, n, pool, single) })
			b.Run("double/"+name, func(b *testing.B) { race[float64](b, n, pool, double) })
		}
	}
}

func race[T Float](b *testing.B, n int, pool *par.Pool, program string) {
	ask := paired.Start(b, program, strconv.Itoa(n), strconv.Itoa(pool.Threads()))
	for _, k := range []*kernels[T]{bestKernels[T](), portableKernels[T]()} {
		b.Run(k.name, func(b *testing.B) {
			p, err := newPlan(n, pool, k)
			if err != nil {
				b.Fatal(err)
			}
			mesh := p.NewMesh()
			unit := p.NewFilter()
			p.SetFilter(unit, func(_, _, _ int, factors []T) {
				for i := range factors {
					factors[i] = 1
				}
			})
			// As the peer does, fill the mesh before each pair, which leaves it
			// in cache where it fits.
			timed := func(f func()) float64 {
				for i := range mesh {
					mesh[i] = T(i%1009)/1009 - 0.5
				}
				start := time.Now()
				f()
				return time.Since(start).Seconds()
			}
			var pairs, fused, times []float64
			for range max(11, min(101, 1<<24/(n*n*n))) {
				theirs := ask().Clock
				pair := timed(func() {
					p.Forward(mesh)
					p.Inverse(mesh)
				})
				times = append(times, 1e3*pair)
				pairs = append(pairs, pair/theirs)
				fused = append(fused, timed(func() { p.ConvolveWith(mesh, unit, 1) })/theirs)
			}
			b.ReportMetric(paired.Median(pairs), "pair/FFTW")
			b.ReportMetric(paired.Median(fused), "fused/FFTW")
			b.ReportMetric(paired.Median(times), "ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}
