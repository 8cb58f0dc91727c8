//go:build unix

package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
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
// Callbacks: how much longer steps of 32³ particles on a mesh of 64³ take where
// record returns three numbers each step, or on_step formats a line, in percent:
// medians of ratios of evolves of 40 steps in turn, by the time of the processors, on
// one thread. Start: the time of runlua -e 'print(1)' and of a Go program that does
// nothing, in turn, by the clock and by the processors. BenchmarkSnapshot has the
// snapshots.
func BenchmarkHost(b *testing.B) {
	b.Run("callbacks", benchmarkCallbacks)
	b.Run("start", benchmarkStart)
}

func benchmarkCallbacks(b *testing.B) {
	spent := map[string][]float64{}
	for range b.N {
		var begun float64
		code := host.Run(host.Config{
			Script: "testdata/callbacks.lua", Dir: b.TempDir(), Threads: 1, Quiet: true, CheckpointEvery: 100, CheckpointSeconds: 30,
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
	}
	plain := spent["plain"]
	for _, kind := range []string{"record", "on_step"} {
		var more []float64
		for i, t := range spent[kind] {
			more = append(more, 100*(t/plain[i]-1))
		}
		b.ReportMetric(paired.Median(more), "%"+kind)
	}
	b.ReportMetric(1e3*paired.Median(plain)/40, "ms/step")
	b.ReportMetric(0, "ns/op")
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
