package main

import (
	"database/sql"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"
)

// evolveScript is one simulation of 64³ particles on 128³ for 110 steps: one
// snapshot falls due at the default interval of 100 steps, and one at the end.
const evolveScript = `
require("checkpoint").task("bench", {}, function()
  local sim = require("nbody").new { box = 256, particles = 64, seed = 1 }
  sim:evolve { steps = 110 }
  return sim:z()
end)`

// BenchmarkSnapshots runs the same simulation with snapshots at the default
// interval and with none but the last, in turn, and reports what the former
// cost as a share of the whole: of the fastest runs of each, since whatever else
// the machine does only adds.
//
//	go test ./cmd/runlua -run '^$' -bench Snapshots -benchtime 5x
func BenchmarkSnapshots(b *testing.B) {
	timed := func(every int) time.Duration {
		began := time.Now()
		cmd := runlua(b, "--quiet", "--dir", b.TempDir(), "--checkpoint-every", strconv.Itoa(every), "-e", evolveScript)
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		return time.Since(began)
	}
	with, without := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for range b.N {
		with = min(with, timed(100))
		without = min(without, timed(1_000_000))
	}
	b.ReportMetric(100*(with.Seconds()/without.Seconds()-1), "%overhead")
	b.ReportMetric(0, "ns/op")
}

// A snapshot of 64³ particles holds at most 56 bytes a particle.
func TestSnapshotsAreSmall(t *testing.T) {
	dir := t.TempDir()
	cmd := runlua(t, "--dir", dir, "--checkpoint-every", "1", "-e", `
		require("checkpoint").task("size", {}, function()
		  local sim = require("nbody").new { box = 64, particles = 32, seed = 1 }
		  sim:evolve { steps = 3, on_step = function(_, step) if step == 3 then error("stop here") end end }
		end)`)
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
	if limit := 56 * 32 * 32 * 32; count == 0 || largest > limit {
		t.Errorf("%d snapshots, the largest of %d bytes: want at least one, of at most %s", count, largest, fmt.Sprint(limit))
	}
}
