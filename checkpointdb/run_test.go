package checkpointdb

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// tempDir is a directory in memory where there is one: these tests fsync
// hundreds of times, and none of them cuts the power.
func tempDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "checkpointdb-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// warnings collects what a store tells.
type warnings struct {
	mu    sync.Mutex
	lines []string
}

func (w *warnings) add(msg string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, msg)
}

func (w *warnings) has(parts ...string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.lines, func(line string) bool {
		for _, part := range parts {
			if !strings.Contains(line, part) {
				return false
			}
		}
		return true
	})
}

const testScript = "/nowhere/scripts/quick.lua"

func mustOpen(t testing.TB, dir string, change ...func(*Options)) *Store {
	t.Helper()
	opt := Options{Script: testScript, Args: []string{"--betas", "0.1"}, Version: "1.2"}
	for _, c := range change {
		c(&opt)
	}
	s, err := Open(dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(StatusFailed) })
	return s
}

func force(o *Options) { o.Force = true }

func mustClose(t testing.TB, s *Store, status string) {
	t.Helper()
	if err := s.Close(status); err != nil {
		t.Fatal(err)
	}
}

func mustBegin(t testing.TB, s *Store, key Key) *Attempt {
	t.Helper()
	a, err := s.Begin(key)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func mustResult(t testing.TB, v any) *Result {
	t.Helper()
	r, err := EncodeResult(v)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// mustDo does a task whose result is v.
func mustDo(t testing.TB, s *Store, key Key, v any, fp ...Field) {
	t.Helper()
	if err := mustBegin(t, s, key).Commit(fp, mustResult(t, v)); err != nil {
		t.Fatal(err)
	}
}

// recorded is the decoded result of a task, or nil.
func recorded(t testing.TB, s *Store, key Key) any {
	t.Helper()
	rec, err := s.Task(key)
	if err != nil {
		t.Fatal(err)
	}
	if rec == nil {
		return nil
	}
	v, err := rec.Result.Decode()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func mustSave(t testing.TB, a *Attempt, slot Slot, meta SnapshotMeta, state string) {
	t.Helper()
	if err := a.SaveSnapshot(slot, meta, text(state)); err != nil {
		t.Fatal(err)
	}
}

// load is the step and bytes of the snapshot that an attempt goes on from, and
// "none" if there is none.
func load(t testing.TB, a *Attempt, slot Slot) string {
	t.Helper()
	got := "none"
	_, err := a.LoadSnapshot(slot, func(meta SnapshotMeta, r io.Reader) error {
		b, err := io.ReadAll(r)
		got = fmt.Sprintf("%d %s", meta.Step, b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// snapshotNames are the files in the snapshot folder.
func snapshotNames(t testing.TB, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, snapshotFolder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	hidden, err := filepath.Glob(filepath.Join(dir, snapshotFolder, ".*"))
	if err != nil {
		t.Fatal(err)
	}
	return append(names, hidden...)
}

func mustRead(t testing.TB, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func mustWrite(t testing.TB, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

// copyTree copies a run directory as it lies there, with an open log too.
func copyTree(t testing.TB, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// clock is a clock that a test sets.
func clock(at time.Time) func(*Options) {
	return func(o *Options) { o.Now = func() time.Time { return at } }
}
