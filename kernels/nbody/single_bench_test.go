//go:build unix

package nbody

import (
	"fmt"
	"testing"

	"runlua/bench/paired"
)

// BenchmarkSingle alternates steps in double and in single precision of the same
// particles and reports the median of the ratios of their times, by the clock and
// by the processors.
func BenchmarkSingle(b *testing.B) {
	for _, size := range benchSizes {
		for _, state := range benchStates {
			b.Run(fmt.Sprintf("%d/%d/%s", size[0], size[1], state), func(b *testing.B) {
				double := benchState(b, size, state, Double)
				c := double.Config().in(Single)
				single := latticeSim(b, c)
				x, p := double.Positions(), double.Momenta()
				place(single, func(i int, _, _ float64) (float64, float64) { return x[i], p[i] })
				sortNow(b, double)
				sortNow(b, single)
				timed := func(s *Sim) paired.Time {
					start := paired.Now()
					if err := s.matter.density(); err != nil {
						b.Fatal(err)
					}
					if err := s.matter.step(strength, 1e-30, 1e-30); err != nil {
						b.Fatal(err)
					}
					return paired.Now().Since(start)
				}
				var clock, cpu []float64
				for range max(7, min(101, 1<<25/(size[1]*size[1]*size[1]))) {
					theirs := timed(double)
					ours := timed(single)
					clock, cpu = append(clock, ours.Clock/theirs.Clock), append(cpu, ours.CPU/theirs.CPU)
				}
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(paired.Median(clock), "single/double")
				b.ReportMetric(paired.Median(cpu), "cpu/double")
			})
		}
	}
}
