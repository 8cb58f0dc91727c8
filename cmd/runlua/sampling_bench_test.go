package main

import (
	"testing"
	"time"
)

// BenchmarkSampling runs the whole program on 200 samples of 100 atoms in chunks
// of 100 and reports samples/s of the af3 preset's 200 steps, without the start
// of the program and the making of the denoiser, and where that time goes. The
// shares are differences between runs, of each the fastest: of some steps and of
// one; with the denoiser, and with an ensemble of one conformer in its place, of
// which all but nothing is noise and the walk's own arithmetic; of all samples
// and of one. They mean something on an idle machine only.
//
//	go test ./cmd/runlua -run '^$' -bench Sampling -benchtime 5x
func BenchmarkSampling(b *testing.B) {
	const samples, full = 200, 200
	for _, kind := range []struct {
		name       string
		conformers int
		steps      int
		more       []string
	}{
		{"ensemble/N=1000", 1000, 100, []string{"--kind", "ensemble"}},
		{"ensemble/N=10000", 10000, 40, []string{"--kind", "ensemble"}},
		{"anm", 1, 200, []string{"--kind", "anm"}},
		{"process", 1, 200, []string{"--kind", "process", "--allow-exec", "python3"}},
	} {
		b.Run(kind.name, func(b *testing.B) {
			fastest := map[string]time.Duration{}
			job := func(name string, conformers, samples, steps int, more ...string) {
				args := append([]string{"--dir", b.TempDir(), "cmd/runlua/testdata/sampling_size.lua"}, more...)
				began := time.Now()
				if out, err := runlua(b, append(args, sizes(100, conformers, samples, 100, steps)...)...).CombinedOutput(); err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
				if took := time.Since(began); fastest[name] == 0 || took < fastest[name] {
					fastest[name] = took
				}
			}
			for range b.N {
				job("start", kind.conformers, 1, 1, kind.more...)
				job("short", kind.conformers, samples, 1, kind.more...)
				job("long", kind.conformers, samples, kind.steps, kind.more...)
				job("bare short", 1, samples, 1)
				job("bare long", 1, samples, kind.steps)
			}
			scale := full / float64(kind.steps-1)
			files := (fastest["short"] - fastest["start"]).Seconds()
			walk := scale * (fastest["long"] - fastest["short"]).Seconds()
			noise := scale * (fastest["bare long"] - fastest["bare short"]).Seconds()
			all := files + walk
			b.ReportMetric(samples/all, "samples/s")
			if kind.name == "anm" {
				b.ReportMetric(100*walk/all, "%walk")
			} else {
				b.ReportMetric(100*noise/all, "%noise")
				b.ReportMetric(100*(walk-noise)/all, "%denoiser")
			}
			b.ReportMetric(100*files/all, "%files")
			b.ReportMetric(0, "ns/op")
		})
	}
}
