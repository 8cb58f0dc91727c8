//go:build unix

package nbody

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"runlua/bench/paired"
)

// BenchmarkPlainC alternates steps with those of a program in C with FFTW, in
// single precision, on the same particles: bench/peers makes it, in the folder
// that RUNLUA_PEERS names. step/C and cpu/C are medians of ratios of times by the
// clock and by the processors, ms is the median of the step here by the clock.
func BenchmarkPlainC(b *testing.B) {
	program := paired.Program(b, "pmstep")
	eachSize(b, benchSizes, func(b *testing.B, size [2]int, precision string) {
		for _, state := range benchStates {
			b.Run(state, func(b *testing.B) {
				s := benchState(b, size, state, precision)
				ask := paired.Start(b, program, strconv.Itoa(size[1]), strconv.Itoa(runtime.GOMAXPROCS(0)), particleFile(b, s))
				sortNow(b, s)
				var ratios, cpu, times []float64
				for range max(11, min(101, 1<<25/(size[1]*size[1]*size[1]))) {
					theirs, start := ask(), paired.Now()
					if err := s.matter.density(); err != nil {
						b.Fatal(err)
					}
					if err := s.matter.step(strength, 1e-30, 1e-30); err != nil {
						b.Fatal(err)
					}
					ours := paired.Now().Since(start)
					cpu = append(cpu, ours.CPU/theirs.CPU)
					times = append(times, 1e3*ours.Clock)
					ratios = append(ratios, ours.Clock/theirs.Clock)
				}
				b.ReportMetric(paired.Median(ratios), "step/C")
				b.ReportMetric(paired.Median(cpu), "cpu/C")
				b.ReportMetric(paired.Median(times), "ms")
				b.ReportMetric(0, "ns/op")
			})
		}
	})
}

// particleFile writes the particles as pmstep.c wants them.
func particleFile(b *testing.B, s *Sim) string {
	var data []byte
	add := func(x float64) { data, _ = binary.Append(data, binary.LittleEndian, float32(x)) }
	for _, x := range s.Positions() {
		add(x / s.cfg.Box)
	}
	for _, p := range s.Momenta() {
		add(p / s.cfg.Box)
	}
	name := filepath.Join(b.TempDir(), "particles")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		b.Fatal(err)
	}
	return name
}
