package fft

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
	"testing"
	"time"

	"runlua/kernels/par"
)

// BenchmarkFFTW alternates Forward and Inverse, and ConvolveWith, with a pair of
// transforms by FFTW: the programs that bench/peers makes, in the folder that
// RUNLUA_PEERS names. pair/FFTW and fused/FFTW are medians of ratios of times by
// the clock, ms is the median of the pair's own.
func BenchmarkFFTW(b *testing.B) {
	folder := os.Getenv("RUNLUA_PEERS")
	if _, err := os.Stat(filepath.Join(folder, "fftw-single")); err != nil {
		b.Skip("no FFTW: ", err, "; see bench/peers")
	}
	for _, n := range []int{64, 128, 256} {
		for threads := 1; threads <= min(2, runtime.NumCPU()); threads++ {
			name := fmt.Sprintf("n=%d/threads=%d", n, threads)
			peer := func(program string) []string {
				return []string{filepath.Join(folder, program), strconv.Itoa(n), strconv.Itoa(threads)}
			}
			pool := par.New(threads)
			b.Run("single/"+name, func(b *testing.B) { race[float32](b, n, pool, peer("fftw-single")) })
			b.Run("double/"+name, func(b *testing.B) { race[float64](b, n, pool, peer("fftw-double")) })
		}
	}
}

func race[T Float](b *testing.B, n int, pool *par.Pool, command []string) {
	ask := startPeer(b, command)
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
				theirs := ask()
				pair := timed(func() {
					p.Forward(mesh)
					p.Inverse(mesh)
				})
				times = append(times, 1e3*pair)
				pairs = append(pairs, pair/theirs)
				fused = append(fused, timed(func() { p.ConvolveWith(mesh, unit, 1) })/theirs)
			}
			b.ReportMetric(median(pairs), "pair/FFTW")
			b.ReportMetric(median(fused), "fused/FFTW")
			b.ReportMetric(median(times), "ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}

// startPeer starts a program and returns a function that has it do its work
// once and returns the seconds it took.
func startPeer(b *testing.B, command []string) func() float64 {
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
	return func() float64 {
		if _, err := io.WriteString(in, "go\n"); err != nil {
			b.Fatal(err)
		}
		var wall, cpu float64
		if _, err := fmt.Fscanln(lines, &wall, &cpu); err != nil {
			b.Fatal(err)
		}
		return wall
	}
}
