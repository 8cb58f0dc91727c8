package checkpointdb

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// outcome is everything that must come out the same: the files of a run but
// for the store's own, and the recorded results with their fingerprints.
func outcome(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() && !strings.HasPrefix(entry.Name(), "run.") {
			rel, _ := filepath.Rel(dir, path)
			fmt.Fprintf(&b, "%s: %q\n", rel, mustRead(t, path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	all, err := mustReader(t, dir).Results()
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range all {
		fmt.Fprintf(&b, "%s %s %s %v %v\n", rec.Key, rec.Result.JSON, rec.Result.Digest, rec.Fingerprint, rec.Artifacts)
		for _, a := range rec.Result.Arrays {
			fmt.Fprintf(&b, "%s %x\n", a.Name, a.NPY)
		}
	}
	return b.String()
}

// uninterrupted runs the work to the end in this process and returns its
// outcome and the points it came by, each once.
func uninterrupted(t *testing.T) (string, []string) {
	t.Helper()
	dir := tempDir(t)
	var points []string
	err := work(dir, func(point string) {
		if !slices.Contains(points, point) {
			points = append(points, point)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return outcome(t, dir), points
}

func TestPointsAreThoseOfARun(t *testing.T) {
	_, points := uninterrupted(t)
	if !slices.Equal(points, Points) {
		t.Errorf("a run came by\n%q\nPoints is\n%q", points, Points)
	}
}

// checkKilled looks at a directory whose writer has been killed, without
// changing it: each task that was told to be done is.
func checkKilled(t *testing.T, dir string, said []string) {
	t.Helper()
	r, err := OpenReader(dir)
	if errors.Is(err, ErrNoRun) && len(said) == 0 {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if held, err := r.Holder(); held != nil || err != nil {
		t.Errorf("a dead process holds it: %v, %v", held, err)
	}
	found, err := r.Verify()
	if found != nil || err != nil {
		t.Errorf("after the kill: %v, %v", found, err)
	}
	for _, line := range said {
		var seed int
		if _, err := fmt.Sscanf(line, "done %d", &seed); err != nil {
			t.Errorf("the child said %q", line)
			continue
		}
		key := mustKey(t, "chain", map[string]any{"seed": seed})
		if rec, err := r.Result(key); rec == nil || err != nil {
			t.Errorf("%s was done and is lost: %v", key, err)
		}
	}
}

func TestKilledAtEveryPointEndsTheSame(t *testing.T) {
	want, _ := uninterrupted(t)
	for _, point := range Points {
		t.Run(point, func(t *testing.T) {
			dir := filepath.Join(tempDir(t), "run")
			c := startChild(t, "work", dir, point)
			if !c.wait(t) {
				t.Fatalf("it was not killed, and said %q", c.said)
			}
			checkKilled(t, dir, c.said)
			if c := startChild(t, "work", dir); c.wait(t) {
				t.Fatal("the second run was killed")
			}
			if got := outcome(t, dir); got != want {
				t.Errorf("it ended with\n%s\nuninterrupted with\n%s", got, want)
			}
		})
	}
}

func TestKilledAtRandomMomentsEndsTheSame(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	want, _ := uninterrupted(t)
	for range 4 {
		dir := filepath.Join(tempDir(t), "run")
		var said []string
		for killed, wait := true, 30*time.Millisecond; killed; wait += 5 * time.Millisecond {
			c := startChild(t, "work", dir)
			timer := time.AfterFunc(time.Duration(r.Int64N(int64(wait))), func() { c.cmd.Process.Kill() })
			killed = c.wait(t)
			timer.Stop()
			said = append(said, c.said...)
			checkKilled(t, dir, said)
		}
		if got := outcome(t, dir); got != want {
			t.Errorf("it ended with\n%s\nuninterrupted with\n%s", got, want)
		}
	}
}

func TestStaleTemporaryDatabaseIsNoBeginning(t *testing.T) {
	dir := tempDir(t)
	for _, name := range []string{newDatabaseFile, newDatabaseFile + "-journal"} {
		mustWrite(t, filepath.Join(dir, name), "half of it")
	}
	mustClose(t, mustOpen(t, dir), StatusDone)
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("left %v, %v", entries, err)
	}
}
