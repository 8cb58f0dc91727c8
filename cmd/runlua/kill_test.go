package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"testing"
	"time"

	"runlua/checkpointdb"
	"runlua/host"
)

var (
	killSeed  = flag.Uint64("kill.seed", 0, "seed of the random moments; 0 takes one from the clock")
	killCount = flag.Int("kill.count", 25, "how many random kills there are at least")
)

// The job that is killed: the quick calibration at 32³ particles on 64³, three
// values of β, two seeds, a snapshot every second step.
func quickJob(dir string) []string { return job(dir, 7) }

func job(dir string, steps int) []string {
	return []string{"--dir", dir, "--checkpoint-every", "2", "scripts/quick.lua", "--box", "256", "--particles", "32", "--mesh", "64",
		"--betas", "-0.1,0.1", "--realizations", "2", "--steps", fmt.Sprint(steps), "--largest", "50"}
}

// artifactJob also writes a file inside each task.
func artifactJob(dir string) []string {
	return []string{"--dir", dir, "--checkpoint-every", "2", "cmd/runlua/testdata/artifact.lua"}
}

// outcome is everything that must not depend on how often a run was stopped:
// the files below results/ and global_run_0/ and the recorded results, by their
// digests.
func outcome(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, folder := range []string{"results", "global_run_0"} {
		err := filepath.WalkDir(filepath.Join(dir, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			sum := sha256.Sum256(text)
			out[strings.TrimPrefix(path, dir+"/")] = hex.EncodeToString(sum[:])
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	r, err := checkpointdb.OpenReader(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	tasks, err := r.Tasks()
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		result, err := r.Result(task.Key)
		if err != nil || result == nil {
			t.Fatalf("%s has no result: %v", task.Key, err)
		}
		out[task.Key.String()] = result.Result.Digest
	}
	if left, err := filepath.Glob(filepath.Join(dir, "snapshots", "*")); err != nil || len(left) > 0 {
		t.Errorf("snapshots are left after a finished run: %v %v", left, err)
	}
	return out
}

func requireSame(t *testing.T, want, got map[string]string, how string) {
	t.Helper()
	var names []string
	for name := range want {
		names = append(names, name)
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		if want[name] != got[name] {
			t.Errorf("%s: %s is %.12s, in the uninterrupted run %.12s", how, name, got[name], want[name])
		}
	}
}

// finish runs a job to its end.
func finish(t *testing.T, args []string) time.Duration {
	t.Helper()
	began := time.Now()
	if out, err := runlua(t, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return time.Since(began)
}

// killAfter starts a job and kills it after some time; done tells that it had ended
// by itself.
func killAfter(t *testing.T, args []string, wait time.Duration) (done bool, output string, state *os.ProcessState) {
	t.Helper()
	cmd := runlua(t, args...)
	var text bytes.Buffer
	cmd.Stdout, cmd.Stderr = &text, &text
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-ended:
	case <-time.After(wait):
		cmd.Process.Kill()
		<-ended
	}
	return cmd.ProcessState.Success(), text.String(), cmd.ProcessState
}

func TestKillAtRandomMomentsChangesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute: without -short")
	}
	seed := *killSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("go test ./cmd/runlua -run TestKillAtRandom -kill.seed %d repeats these moments", seed)
	moments := rand.New(rand.NewPCG(seed, 0))

	whole := t.TempDir()
	took := finish(t, append([]string{"-j", "1"}, quickJob(whole)...))
	want := outcome(t, whole)
	kills := 0
	for round := 0; kills < *killCount; round++ {
		dir := t.TempDir()
		for {
			// Each time with another number of threads and of jobs.
			split := []string{"--threads", fmt.Sprint(1 + moments.IntN(2)), "-j", fmt.Sprint(1 + moments.IntN(2))}
			// Early moments too, so that opening and closing are hit.
			wait := time.Duration(moments.Float64() * moments.Float64() * float64(took))
			done, output, state := killAfter(t, append(split, quickJob(dir)...), wait)
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

func TestKillAtEveryPointChangesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes: without -short")
	}
	for _, job := range []struct {
		name string
		args func(dir string) []string
		jobs int
		only func(point string) bool
	}{
		{"calibration", quickJob, 1, func(p string) bool { return !strings.HasPrefix(p, "artifact.") && !strings.HasPrefix(p, "discard.") }},
		{"calibration by two workers", quickJob, 2, func(p string) bool {
			return strings.HasPrefix(p, "begin.") || strings.HasPrefix(p, "snapshot.") || strings.HasPrefix(p, "commit.")
		}},
		{"artifacts", artifactJob, 1, func(p string) bool { return strings.HasPrefix(p, "artifact.") || strings.HasPrefix(p, "commit.") }},
		{"artifacts of two workers", artifactJob, 2, func(p string) bool { return strings.HasPrefix(p, "artifact.") }},
	} {
		whole := t.TempDir()
		finish(t, append([]string{"-j", "1"}, job.args(whole)...))
		want := outcome(t, whole)
		for i, point := range host.Points {
			if !job.only(point) {
				continue
			}
			t.Run(job.name+"/"+point, func(t *testing.T) {
				dir := t.TempDir()
				jobs := fmt.Sprint(job.jobs)
				// Where a point is passed often, not always the first time.
				nth := 1
				for _, often := range []string{"begin.", "snapshot.", "commit.", "artifact.", "file."} {
					if strings.HasPrefix(point, often) {
						nth = 1 + i%2
					}
				}
				cmd := runlua(t, append([]string{"-j", jobs}, job.args(dir)...)...)
				cmd.Env = append(cmd.Env, fmt.Sprintf("RUNLUA_KILL=%s:%d", point, nth))
				out, err := cmd.CombinedOutput()
				exit, ok := err.(*exec.ExitError)
				if !ok || !exit.Sys().(syscall.WaitStatus).Signaled() {
					t.Fatalf("the run did not come by %s %d times: %v\n%s", point, nth, err, out)
				}
				finish(t, append([]string{"-j", jobs}, job.args(dir)...))
				requireSame(t, want, outcome(t, dir), "killed at "+point)
			})
		}
	}
}

// signalled runs a job that is sent a signal at a point, by the variable of
// fromEnvironment; done tells that it came to its end.
func signalled(t *testing.T, args []string, variable, at string) (done bool, output string, code int) {
	t.Helper()
	cmd := runlua(t, args...)
	cmd.Env = append(cmd.Env, variable+"="+at)
	out, err := cmd.CombinedOutput()
	return err == nil, string(out), cmd.ProcessState.ExitCode()
}

// The signals come in the middle of steps, when a task begins and when a result is
// recorded, in turn. Six tasks save at least two snapshots each, on the slowest disk.
func TestSignalsSaveAndSayHowToGoOn(t *testing.T) {
	whole := t.TempDir()
	finish(t, append([]string{"-j", "1"}, job(whole, 60)...))
	want := outcome(t, whole)
	for _, test := range []struct {
		name, variable, jobs string
		code                 int
	}{
		{"interrupt with 1 jobs", "RUNLUA_INTERRUPT", "1", host.ExitInterrupted},
		{"interrupt with 2 jobs", "RUNLUA_INTERRUPT", "2", host.ExitInterrupted},
		{"terminated with 2 jobs", "RUNLUA_TERMINATE", "2", host.ExitStopped},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			args := append([]string{"-j", test.jobs}, job(dir, 60)...)
			stops := 0
			for {
				at := []string{fmt.Sprintf("snapshot.begun:%d", 5+10*stops), "begin.done:1", "commit.begun:1"}[stops%3]
				done, output, code := signalled(t, args, test.variable, at)
				if done {
					break
				}
				stops++
				if code != test.code {
					t.Fatalf("%s: exit code %d, want %d:\n%s", at, code, test.code, output)
				}
				for _, want := range []string{"saving at the next step", "Run the same command again and it continues:\n  runlua -j " + test.jobs + " --dir " + dir} {
					if !strings.Contains(output, want) {
						t.Errorf("%s: the output lacks %q:\n%s", at, want, output)
					}
				}
			}
			if stops == 0 {
				t.Fatal("the run ended before it was stopped once")
			}
			t.Logf("stopped %d times", stops)
			requireSame(t, want, outcome(t, dir), test.name)
		})
	}
}

func TestJobsAndThreadsDoNotChangeTheBits(t *testing.T) {
	one := t.TempDir()
	finish(t, append([]string{"-j", "1", "--threads", "1"}, quickJob(one)...))
	want := outcome(t, one)
	for _, split := range [][]string{{"-j", "1", "--threads", "2"}, {"-j", "2", "--threads", "1"}, {"-j", "5"}, nil} {
		dir := t.TempDir()
		finish(t, append(split, quickJob(dir)...))
		requireSame(t, want, outcome(t, dir), strings.Join(split, " "))
	}
}
