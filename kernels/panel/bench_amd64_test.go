//go:build amd64 && !noasm

package panel

import (
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"

	"runlua/kernels/par"
)

// BenchmarkProducts reports both products of an ensemble's denoiser, D = 300, in
// GFLOP/s, and as a part of what the same threads reach with nothing but fused
// products of 8 lanes, measured in turn: medians of ratios.
//
//	go test ./kernels/panel -run '^$' -bench Products -benchtime 1x
func BenchmarkProducts(b *testing.B) {
	if use.name == "portable" {
		b.Skip("no assembly for this processor")
	}
	const cols = 300
	for _, threads := range []int{1, 2} {
		pool := par.New(threads)
		for _, rows := range []int{1000, 10000} {
			m := NewMatrix(rows, cols)
			for k := range rows {
				for d, row := 0, m.Row(k); d < cols; d++ {
					row[d] = float32(k%7) - float32(d%5)
				}
			}
			for _, batch := range []int{32, 200} {
				panels := (batch + Lanes - 1) / Lanes
				x, w, out := make([][]float32, panels), make([][]float32, panels), make([][]float32, panels)
				for p := range x {
					x[p], w[p], out[p] = make([]float32, cols*Lanes), make([]float32, Round(rows)*Lanes), make([]float32, cols*Lanes)
					for i := range x[p] {
						x[p][i] = 1
					}
					for i := range w[p] {
						w[p][i] = 1
					}
				}
				for _, product := range []struct {
					name string
					do   func()
				}{
					{"sums", func() { m.Sums(pool, out, w) }},
					{"dots", func() { m.Dots(pool, w, x) }},
				} {
					b.Run(fmt.Sprintf("%s/B=%d/K=%d/threads=%d", product.name, batch, rows, threads), func(b *testing.B) {
						flop := 2 * float64(batch) * float64(rows) * cols
						repeat := int(max(1, 1e9/flop))
						var speed, wall, processors []float64
						for b.Loop() {
							for range 11 {
								got := timed(func() {
									for range repeat {
										product.do()
									}
								})
								best := peak(threads)
								scale := flop * float64(repeat) / (2 * 96 * peakLoops * float64(threads))
								speed = append(speed, flop*float64(repeat)/got.wall/1e9)
								wall = append(wall, scale*best.wall/got.wall)
								processors = append(processors, scale*best.processors/got.processors)
							}
						}
						for name, v := range map[string][]float64{"GFLOP/s": speed, "of-peak": wall, "of-peak(cpu)": processors} {
							slices.Sort(v)
							b.ReportMetric(v[len(v)/2], name)
						}
						b.ReportMetric(0, "ns/op")
					})
				}
			}
		}
	}
}

// clock is time by the wall and by the processors, in s.
type clock struct{ wall, processors float64 }

func timed(f func()) clock {
	var before, after syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &before)
	start := time.Now()
	f()
	wall := time.Since(start).Seconds()
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &after)
	return clock{wall, float64(after.Utime.Nano()-before.Utime.Nano()) / 1e9}
}

const peakLoops = 200_000

func peak(threads int) clock {
	return timed(func() { par.New(threads).For(threads, func(int) { fusedProducts(peakLoops) }) })
}
