//go:build unix

package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"runlua/bench/paired"
	"runlua/host"
)

// BenchmarkHost reports what the program around the kernels costs.
//
//	go test ./cmd/runlua -run '^$' -bench Host -benchtime 1x
//
// Callbacks: what it costs that record returns three numbers each step, or that
// on_step formats a line, and how much that is of a step of 32³ particles on a mesh of
// 64³, in percent: medians of differences of evolves in turn, by the time of the
// processors, on one thread. Start: the time of runlua -e 'print(1)' and of a Go program that does
// nothing, in turn, by the clock and by the processors. BenchmarkSnapshot has the
// snapshots.
func BenchmarkHost(b *testing.B) {
	b.Run("callbacks", benchmarkCallbacks)
	b.Run("start", benchmarkStart)
}

func benchmarkCallbacks(b *testing.B) {
	for range b.N {
		// A callback costs the same whatever the size: of tiny steps it is enough to
		// be told from their noise.
		const steps = 400
		tiny := evolves(b, "--particles", "8", "--steps", strconv.Itoa(steps))
		step := 1e6 * paired.Median(evolves(b, "--turns", "5")["plain"]) / 40
		for _, kind := range []string{"record", "on_step"} {
			var more []float64
			for i, t := range tiny[kind] {
				more = append(more, 1e6*(t-tiny["plain"][i])/steps)
			}
			b.ReportMetric(paired.Median(more), "µs/"+kind)
			b.ReportMetric(100*paired.Median(more)/step, "%"+kind)
		}
		b.ReportMetric(step, "µs/step")
	}
	b.ReportMetric(0, "ns/op")
}

// evolves runs testdata/callbacks.lua and returns the processor times of its evolves
// by the names it gives them.
func evolves(b *testing.B, words ...string) map[string][]float64 {
	spent := map[string][]float64{}
	var begun float64
	code := host.Run(host.Config{
		Script: "testdata/callbacks.lua", Words: words, Dir: b.TempDir(), Threads: 1, Quiet: true, CheckpointEvery: 1000, CheckpointSeconds: 30,
		Stderr: io.Discard, Stdout: eachLine(func(line string) {
			if now := paired.Now().CPU; line == "begin" {
				begun = now
			} else {
				spent[line] = append(spent[line], now-begun)
			}
		}),
	})
	if code != host.ExitDone {
		b.Fatal("the script failed, see testdata/callbacks.lua")
	}
	return spent
}

func benchmarkStart(b *testing.B) {
	dir := b.TempDir()
	for name, text := range map[string]string{"go.mod": "module empty\n\ngo 1.24\n", "main.go": "package main\n\nfunc main() {}\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	programs := map[string]string{"empty": dir, "runlua": "."}
	for name, source := range programs {
		build := exec.Command("go", "build", "-o", filepath.Join(dir, name), ".")
		build.Dir = source
		if out, err := build.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
	}
	timed := func(words ...string) (clock, cpu float64) {
		cmd := exec.Command(filepath.Join(dir, words[0]), words[1:]...)
		cmd.Dir = dir
		before, began := paired.Children(), time.Now()
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		return time.Since(began).Seconds(), paired.Children() - before
	}
	var clocks, cpus []float64
	for range 41 * b.N {
		clock0, cpu0 := timed("empty")
		clock, cpu := timed("runlua", "-e", "print(1)")
		clocks, cpus = append(clocks, 1e3*(clock-clock0)), append(cpus, 1e3*(cpu-cpu0))
	}
	b.ReportMetric(paired.Median(clocks), "ms")
	b.ReportMetric(paired.Median(cpus), "cpu-ms")
	b.ReportMetric(0, "ns/op")
}

// eachLine is called with each line that is written, in one Write each.
type eachLine func(line string)

func (f eachLine) Write(p []byte) (int, error) {
	f(strings.TrimSuffix(string(p), "\n"))
	return len(p), nil
}
