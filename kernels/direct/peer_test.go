//go:build unix

package direct

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"runlua/kernels/par"
)

// BenchmarkPeer alternates forces on a Plummer sphere with those of a kernel
// written by hand: the program that bench/peers makes of direct.c, in the folder
// that RUNLUA_PEERS names. The figures are medians: clock/peer and cpu/peer of
// the ratios of times by the clock and by the processors, Gpairs/s of our own
// ordered pairs by the clock.
func BenchmarkPeer(b *testing.B) {
	program := filepath.Join(os.Getenv("RUNLUA_PEERS"), "direct")
	if _, err := os.Stat(program); err != nil {
		b.Skip("no peer: ", err, "; see bench/peers")
	}
	for _, n := range []int{1024, 4096, 16384} {
		for threads := 1; threads <= min(2, runtime.NumCPU()); threads++ {
			pos, vel, mass := Plummer{N: n, Seed: 1, Mass: 1, Scale: 1, G: 1}.Draw()
			c := Config{Positions: pos, Velocities: vel, Masses: mass, G: 1, Softening: 0.01, Pool: par.New(threads)}
			for kind, f := range accelerators(c) {
				b.Run(fmt.Sprintf("%s/n=%d/threads=%d", kind, n, threads), func(b *testing.B) {
					race(b, f, pos, startPeer(b, program, strconv.Itoa(n), strconv.Itoa(threads)))
				})
			}
		}
	}
}

func race(b *testing.B, f accelerator, pos []float64, peer func() cost) {
	acc := make([]float64, len(pos))
	n := len(pos) / 3
	peer() // for both to be warm
	if err := f.accelerate(b.Context(), pos, acc); err != nil {
		b.Fatal(err)
	}
	var clock, cpu, own []float64
	for range min(101, 11+(1<<26)/(n*n)) {
		theirs, start := peer(), now()
		if err := f.accelerate(b.Context(), pos, acc); err != nil {
			b.Fatal(err)
		}
		ours := now().since(start)
		clock = append(clock, ours.clock/theirs.clock)
		cpu = append(cpu, ours.cpu/theirs.cpu)
		own = append(own, ours.clock)
	}
	for b.Loop() { // all is measured above
	}
	b.ReportMetric(median(clock), "clock/peer")
	b.ReportMetric(median(cpu), "cpu/peer")
	b.ReportMetric(float64(n)*float64(n-1)/median(own)/1e9, "Gpairs/s")
	b.ReportMetric(0, "ns/op")
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}

// A cost is in seconds, by the clock and by the processors.
type cost struct{ clock, cpu float64 }

var began = time.Now()

func now() cost {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return cost{time.Since(began).Seconds(), float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9}
}

func (c cost) since(start cost) cost { return cost{c.clock - start.clock, c.cpu - start.cpu} }

// startPeer starts a program and returns a function that has it do its work
// once.
func startPeer(b *testing.B, command ...string) func() cost {
	cmd := exec.Command(command[0], command[1:]...)
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
	return func() (c cost) {
		if _, err := io.WriteString(in, "go\n"); err != nil {
			b.Fatal(err)
		}
		if _, err := fmt.Fscanln(lines, &c.clock, &c.cpu); err != nil {
			b.Fatal(err)
		}
		return c
	}
}
