package nbody

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// BenchmarkPlainC alternates steps with those of a program in C with FFTW, in
// single precision, on the same particles: bench/peers makes it, in the folder
// that RUNLUA_PEERS names. step/C and cpu/C are medians of ratios of times by the
// clock and by the processors, ms is the median of the step here by the clock.
func BenchmarkPlainC(b *testing.B) {
	program := filepath.Join(os.Getenv("RUNLUA_PEERS"), "pmstep")
	if _, err := os.Stat(program); err != nil {
		b.Skip("no program to compare with: ", err, "; see bench/peers")
	}
	for _, size := range benchSizes {
		for _, state := range benchStates {
			b.Run(fmt.Sprintf("%d/%d/%s", size[0], size[1], state), func(b *testing.B) {
				s := benchState(b, size, state)
				ask := startPeer(b, program, strconv.Itoa(size[1]), strconv.Itoa(runtime.GOMAXPROCS(0)), particleFile(b, s))
				sortNow(b, s)
				var ratios, cpu, times []float64
				for range max(11, min(101, 1<<25/(size[1]*size[1]*size[1]))) {
					theirs, theirCPU := ask()
					start, before := time.Now(), processorTime(b)
					if err := s.solver.density(s.pos); err != nil {
						b.Fatal(err)
					}
					if err := s.solver.step(s.pos, s.mom, strength, 1e-30, 1e-30); err != nil {
						b.Fatal(err)
					}
					ours := time.Since(start).Seconds()
					cpu = append(cpu, (processorTime(b)-before)/theirCPU)
					times = append(times, 1e3*ours)
					ratios = append(ratios, ours/theirs)
				}
				b.ReportMetric(median(ratios), "step/C")
				b.ReportMetric(median(cpu), "cpu/C")
				b.ReportMetric(median(times), "ms")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// processorTime is the time that this program's threads have used, in seconds.
func processorTime(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
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

// startPeer starts a program and returns a function that has it do its work
// once and returns the seconds it took, by the clock and by the processors.
func startPeer(b *testing.B, program string, args ...string) func() (wall, cpu float64) {
	cmd := exec.Command(program, args...)
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	lines := bufio.NewReader(out)
	return func() (wall, cpu float64) {
		if _, err := io.WriteString(in, "go\n"); err != nil {
			b.Fatal(err)
		}
		if _, err := fmt.Fscanln(lines, &wall, &cpu); err != nil {
			b.Fatal(err)
		}
		return wall, cpu
	}
}
