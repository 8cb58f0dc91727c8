package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"runlua/checkpointdb"
	"runlua/kernels/cosmology"
	"runlua/kernels/nbody"
	"runlua/kernels/par"
)

// BenchmarkSnapshot times a step of 64³ particles on a mesh of 128³ and a whole
// snapshot of them (copy, write, fsync, rename, row), in turn, and reports what a
// snapshot at the default interval of 100 steps costs at most: all of it counted,
// though the write runs in the background.
//
//	go test ./cmd/runlua -run '^$' -bench Snapshot -benchtime 20x
func BenchmarkSnapshot(b *testing.B) {
	ctx := context.Background()
	sim, err := nbody.New(ctx, nbody.Config{Cosmology: cosmology.Planck2018(), Box: 256, Particles: 64, Mesh: 128, Seed: 1, ZStart: 49, Pool: par.New(runtime.NumCPU())})
	if err != nil {
		b.Fatal(err)
	}
	evolution, err := sim.Schedule(0, b.N, nbody.FastPM, nbody.UniformA)
	if err != nil {
		b.Fatal(err)
	}
	store, err := checkpointdb.Open(b.TempDir(), checkpointdb.Options{Script: "benchmark"})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close("done")
	key, err := checkpointdb.NewKey("benchmark", map[string]any{})
	if err != nil {
		b.Fatal(err)
	}
	attempt, err := store.Begin(key)
	if err != nil {
		b.Fatal(err)
	}
	var stepping, saving time.Duration
	for i := range b.N {
		began := time.Now()
		if err := evolution.Step(ctx); err != nil {
			b.Fatal(err)
		}
		stepped := time.Now()
		state := bytes.NewBuffer(make([]byte, 0, sim.StateSize()))
		if err := sim.MarshalState(state); err != nil {
			b.Fatal(err)
		}
		meta := checkpointdb.SnapshotMeta{Step: int64(i + 1), Total: int64(b.N)}
		err := attempt.SaveSnapshot(checkpointdb.Slot{Call: 1, Settings: "benchmark"}, meta, func(w io.Writer) error {
			_, err := w.Write(state.Bytes())
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		stepping += stepped.Sub(began)
		saving += time.Since(stepped)
	}
	n := float64(b.N)
	b.ReportMetric(1e3*stepping.Seconds()/n, "ms/step")
	b.ReportMetric(1e3*saving.Seconds()/n, "ms/snapshot")
	b.ReportMetric(saving.Seconds()/stepping.Seconds(), "%overhead") // 100 % / 100 steps
	b.ReportMetric(0, "ns/op")
}

// BenchmarkWorkers times sixteen simulations of 32³ particles on a mesh of 64³ with
// two workers of one thread each and with one, in turn, and reports the ratio of the
// medians. Half is what two idle cores give.
//
//	go test ./cmd/runlua -run '^$' -bench Workers -benchtime 7x
func BenchmarkWorkers(b *testing.B) {
	sweep := func(jobs string) float64 {
		cmd := runlua(b, "-q", "-j", jobs, "--threads", jobs, "--dir", b.TempDir(), "cmd/runlua/testdata/sixteen.lua")
		began := time.Now()
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		return time.Since(began).Seconds()
	}
	var one, two []float64
	for range b.N {
		one, two = append(one, sweep("1")), append(two, sweep("2"))
	}
	slices.Sort(one)
	slices.Sort(two)
	b.ReportMetric(one[b.N/2], "s/one")
	b.ReportMetric(two[b.N/2], "s/two")
	b.ReportMetric(two[b.N/2]/one[b.N/2], "ratio")
	b.ReportMetric(0, "ns/op")
}

// A snapshot of 32³ particles holds at most 56 bytes a particle, 32 in single
// precision.
func TestSnapshotsAreSmall(t *testing.T) {
	for precision, bytes := range map[string]int{"double": 56, "single": 32} {
		t.Run(precision, func(t *testing.T) { snapshotsAreSmall(t, precision, bytes) })
	}
}

func snapshotsAreSmall(t *testing.T, precision string, bytes int) {
	dir := t.TempDir()
	cmd := runlua(t, "--dir", dir, "--checkpoint-every", "1", "-e", strings.ReplaceAll(`
		require("checkpoint").task("size", {}, function()
		  local sim = require("nbody").new { box = 64, particles = 32, seed = 1, precision = "PRECISION" }
		  sim:evolve { steps = 3, on_step = function(_, step) if step == 3 then error("stop here") end end }
		end)`, "PRECISION", precision))
	if err := cmd.Run(); err == nil || cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("the script should have failed at its third step: %v", err)
	}
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "run.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var count, largest int
	if err := db.QueryRow("SELECT count(*), max(size) FROM snapshots").Scan(&count, &largest); err != nil {
		t.Fatal(err)
	}
	if limit := bytes * 32 * 32 * 32; count == 0 || largest > limit {
		t.Errorf("%d snapshots, the largest of %d bytes: want at least one, of at most %s", count, largest, fmt.Sprint(limit))
	}
}
