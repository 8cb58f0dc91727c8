//go:build unix

package direct

import (
	"fmt"
	"runtime"
	"strconv"
	"testing"

	"runlua/bench/paired"
	"runlua/kernels/par"
)

// BenchmarkPeer alternates forces on a Plummer sphere with those of a kernel
// written by hand: the program that bench/peers makes of direct.c, in the folder
// that RUNLUA_PEERS names. The figures are medians: clock/peer and cpu/peer of
// the ratios of times by the clock and by the processors, Gpairs/s of our own
// ordered pairs by the clock.
func BenchmarkPeer(b *testing.B) {
	program := paired.Program(b, "direct")
	for _, n := range []int{1024, 4096, 16384} {
		for threads := 1; threads <= min(2, runtime.NumCPU()); threads++ {
			pos, vel, mass := Plummer{N: n, Seed: 1, Mass: 1, Scale: 1, G: 1}.Draw()
			c := Config{Positions: pos, Velocities: vel, Masses: mass, G: 1, Softening: 0.01, Pool: par.New(threads)}
			for kind, f := range accelerators(c) {
				b.Run(fmt.Sprintf("%s/n=%d/threads=%d", kind, n, threads), func(b *testing.B) {
					race(b, f, pos, paired.Start(b, program, strconv.Itoa(n), strconv.Itoa(threads)))
				})
			}
		}
	}
}

func race(b *testing.B, f accelerator, pos []float64, peer func() paired.Time) {
	acc := make([]float64, len(pos))
	n := len(pos) / 3
	peer() // for both to be warm
	if err := f.accelerate(b.Context(), pos, acc); err != nil {
		b.Fatal(err)
	}
	var clock, cpu, own []float64
	for range min(101, 11+(1<<26)/(n*n)) {
		theirs, start := peer(), paired.Now()
		if err := f.accelerate(b.Context(), pos, acc); err != nil {
			b.Fatal(err)
		}
		ours := paired.Now().Since(start)
		clock = append(clock, ours.Clock/theirs.Clock)
		cpu = append(cpu, ours.CPU/theirs.CPU)
		own = append(own, ours.Clock)
	}
	for b.Loop() { // all is measured above
	}
	b.ReportMetric(paired.Median(clock), "clock/peer")
	b.ReportMetric(paired.Median(cpu), "cpu/peer")
	b.ReportMetric(float64(n)*float64(n-1)/paired.Median(own)/1e9, "Gpairs/s")
	b.ReportMetric(0, "ns/op")
}
