package main

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"runlua/host"
)

// samplingJob is 24 samples of the 2SDF ensemble, a snapshot each tenth step.
func samplingJob(dir string, more ...string) []string {
	return append([]string{"--dir", dir, "--checkpoint-every", "10", "cmd/runlua/testdata/sampling.lua", "--structure", "scripts/data/2sdf_ca.cif"}, more...)
}

// samplingWant is what an uninterrupted job ends with: 24 files, summary.csv and
// SUCCESS_FILE, and the results of 24 samples.
func samplingWant(t *testing.T, more ...string) (want map[string]string, took time.Duration) {
	t.Helper()
	dir := t.TempDir()
	took = finish(t, samplingJob(dir, more...))
	want = outcome(t, dir)
	if len(want) != 24+2+24 || want["global_run_0/sdf1/seed_5/SUCCESS_FILE"] == "" {
		t.Fatalf("an uninterrupted run ends with %d files and results: %v", len(want), want)
	}
	return want, took
}

func TestSamplesKilledAtRandomMomentsAreTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("takes ten seconds: without -short")
	}
	seed := *killSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("go test ./cmd/runlua -run TestSamplesKilledAtRandom -kill.seed %d repeats these moments", seed)
	moments := rand.New(rand.NewPCG(seed, 1))
	want, took := samplingWant(t)
	kills := 0
	for round := 0; kills < *killCount; round++ {
		dir := t.TempDir()
		for limit := took; ; limit += took / 8 {
			// Another chunk size and another number of threads each time.
			chunk, threads := fmt.Sprint(1+moments.IntN(24)), fmt.Sprint(1+moments.IntN(2))
			wait := time.Duration(moments.Float64() * float64(limit))
			done, output, state := killAfter(t, append([]string{"--threads", threads}, samplingJob(dir, "--chunk", chunk)...), wait)
			if done {
				break
			}
			if status := state.Sys().(syscall.WaitStatus); !status.Signaled() {
				t.Fatalf("round %d, after %d kills: the run failed by itself:\n%s", round, kills, output)
			}
			kills++
		}
		requireSame(t, want, outcome(t, dir), fmt.Sprintf("round %d, %d kills so far", round, kills))
	}
	t.Logf("%d kills", kills)
}

// At every moment between two durable operations that sampling comes by; those
// of opening a directory are the calibration's, see kill_test.go.
func TestSamplesKilledAtEveryPointAreTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("takes ten seconds: without -short")
	}
	want, _ := samplingWant(t, "--steps", "25")
	for i, point := range host.Points {
		kind, _, _ := strings.Cut(point, ".")
		if kind == "open" || kind == "create" || kind == "migrate" || kind == "register" || kind == "tidy" {
			continue
		}
		t.Run(point, func(t *testing.T) {
			dir := t.TempDir()
			nth := 1 // or 2: the second chunk, or SUCCESS_FILE in place of summary.csv
			switch kind {
			case "artifact", "begin", "commit", "discard", "file", "snapshot":
				nth = 1 + i%2
			}
			if point == "artifact.writing" {
				nth = 15 // of the second chunk's files
			}
			cmd := runlua(t, append([]string{"--threads", "1"}, samplingJob(dir, "--steps", "25", "--chunk", "9")...)...)
			cmd.Env = append(cmd.Env, fmt.Sprintf("RUNLUA_KILL=%s:%d", point, nth))
			out, err := cmd.CombinedOutput()
			exit, ok := err.(*exec.ExitError)
			if !ok || !exit.Sys().(syscall.WaitStatus).Signaled() {
				t.Fatalf("the run did not come by %s %d times: %v\n%s", point, nth, err, out)
			}
			finish(t, append([]string{"--threads", "2"}, samplingJob(dir, "--steps", "25", "--chunk", "7")...))
			requireSame(t, want, outcome(t, dir), "killed at "+point)
		})
	}
}

// The first signal comes at step 10 of 600, the next ones later.
func TestSignalsSaveAChunkInTheMiddle(t *testing.T) {
	want, _ := samplingWant(t)
	for _, test := range []struct {
		name, variable string
		code           int
	}{{"interrupt", "RUNLUA_INTERRUPT", host.ExitInterrupted}, {"terminated", "RUNLUA_TERMINATE", host.ExitStopped}} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			stops, saved := 0, 0
			for {
				at := fmt.Sprintf("snapshot.begun:%d", 1+10*stops)
				done, output, code := signalled(t, samplingJob(dir, "--chunk", fmt.Sprint(24-5*(stops%3))), test.variable, at)
				if done {
					break
				}
				stops++
				if code != test.code {
					t.Fatalf("%s: exit code %d, want %d:\n%s", at, code, test.code, output)
				}
				if strings.Contains(output, "  Saved at step ") {
					saved++
				}
			}
			if stops == 0 || saved == 0 {
				t.Fatalf("the run was stopped %d times, %d times in the middle of a chunk: want both at least once", stops, saved)
			}
			t.Logf("stopped %d times, %d of them in the middle of a chunk", stops, saved)
			requireSame(t, want, outcome(t, dir), test.name)
		})
	}
}

// A kill in mid-chunk costs at most the steps since the last snapshot, which are
// at most those between two: all steps of all runs are counted, by the lines
// that the script's denoiser prints. The kill comes when a snapshot begins to be
// written, so the one before it counts: the most that can be lost.
func TestAKillRepeatsAtMostTheStepsBetweenSnapshots(t *testing.T) {
	const every, steps = 3, 11
	job := func(dir, chunk string) []string {
		return []string{"--dir", dir, "--checkpoint-every", fmt.Sprint(every), "cmd/runlua/testdata/sampling.lua", "--structure", "scripts/data/2sdf_ca.cif",
			"--slow", "--samples", "6", "--steps", fmt.Sprint(steps), "--chunk", chunk}
	}
	count := func(out []byte) int { return strings.Count(string(out), "step\n") }
	whole := t.TempDir()
	out, err := runlua(t, job(whole, "6")...).Output()
	if err != nil || count(out) != steps {
		t.Fatalf("uninterrupted: %d steps, want %d: %v", count(out), steps, err)
	}
	want := outcome(t, whole)
	for _, snapshot := range []int{1, 2, 3} {
		t.Run(fmt.Sprint(snapshot), func(t *testing.T) {
			dir := t.TempDir()
			cmd := runlua(t, job(dir, "6")...)
			cmd.Env = append(cmd.Env, fmt.Sprintf("RUNLUA_KILL=snapshot.begun:%d", snapshot))
			first, err := cmd.Output()
			if err == nil {
				t.Fatal("it was not killed")
			}
			second, err := runlua(t, job(dir, "4")...).Output()
			if err != nil {
				t.Fatal(err)
			}
			began := count(second)
			if snapshot == 1 {
				began -= steps // nothing was saved, so two chunks of 4 and 2 samples were walked
			}
			repeated := count(first) + began - steps
			if done := count(first); done < snapshot*every || repeated < 1 || repeated > every {
				t.Errorf("%d steps before the kill and %d after it of %d: %d repeated, want at most %d", done, count(second), steps, repeated, every)
			}
			requireSame(t, want, outcome(t, dir), "killed")
		})
	}
}

// A run directory that grew from 16 samples to 24, and one that was made of
// ranges in another order, hold the bytes of one call.
func TestSamplesAreTheSameInAnyRange(t *testing.T) {
	want, _ := samplingWant(t, "--steps", "25")
	delete(want, "global_run_0/sdf1/seed_5/SUCCESS_FILE") // tells which samples
	delete(want, "global_run_0/sdf1/seed_5/summary.csv")
	without := func(dir string) map[string]string {
		out := outcome(t, dir)
		delete(out, "global_run_0/sdf1/seed_5/SUCCESS_FILE")
		delete(out, "global_run_0/sdf1/seed_5/summary.csv")
		return out
	}
	alone := t.TempDir()
	finish(t, samplingJob(alone, "--steps", "25", "--first", "9", "--samples", "5", "--chunk", "5"))
	got := without(alone)
	if len(got) != 10 {
		t.Errorf("5 samples left %d files and results", len(got))
	}
	for name, digest := range got {
		if want[name] != digest {
			t.Errorf("alone %s is %.12s, among 24 %.12s", name, digest, want[name])
		}
	}
	finish(t, samplingJob(alone, "--steps", "25", "--first", "2", "--samples", "22", "--chunk", "22"))
	finish(t, samplingJob(alone, "--steps", "25", "--first", "0", "--samples", "2", "--chunk", "1"))
	requireSame(t, want, without(alone), "range after range")
}

// Peak memory of the sizes that are promised to run within 4 GiB, with few steps:
// each step needs what any other does. They took 150 and 110 MiB; the limit is
// a quarter of the promise.
func TestSamplingStaysWithinItsMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes ten seconds: without -short")
	}
	for _, test := range []struct {
		name                              string
		atoms, conformers, samples, chunk int
	}{
		{"10000 atoms, 20 samples", 10000, 50, 20, 20},
		{"100 atoms, 5000 samples", 100, 50, 5000, 100},
	} {
		t.Run(test.name, func(t *testing.T) {
			cmd := runlua(t, append([]string{"--dir", t.TempDir(), "cmd/runlua/testdata/sampling_size.lua"},
				sizes(test.atoms, test.conformers, test.samples, test.chunk, 2)...)...)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			peak := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss >> 10 // kB on Linux
			t.Logf("peak memory %d MiB", peak)
			if peak > 1024 {
				t.Errorf("peak memory %d MiB, want at most 1024", peak)
			}
		})
	}
}

func sizes(atoms, conformers, samples, chunk, steps int) []string {
	var out []string
	for name, n := range map[string]int{"atoms": atoms, "conformers": conformers, "samples": samples, "chunk": chunk, "steps": steps} {
		out = append(out, "--"+name, fmt.Sprint(n))
	}
	return out
}
