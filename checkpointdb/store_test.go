package checkpointdb

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestCommittedTaskIsReturnedByALaterRun(t *testing.T) {
	dir := tempDir(t)
	key := mustKey(t, "voids", map[string]any{"beta": -0.2, "seed": 1})
	at := time.Date(2026, 3, 1, 12, 0, 0, 5e6, time.UTC)
	s := mustOpen(t, dir, clock(at))
	if rec, err := s.Task(key); rec != nil || err != nil {
		t.Fatalf("before: %v, %v", rec, err)
	}
	fp := Fingerprint{{"option", "box", "256"}, {"code", "each", "aa"}}
	want := map[string]any{"radius": &Array{[]int{2}, []float64{8, 9.5}}, "n": 2.0}
	mustDo(t, s, key, want, fp...)
	mustClose(t, s, StatusDone)

	s = mustOpen(t, dir)
	rec, err := s.Task(key)
	if err != nil {
		t.Fatal(err)
	}
	got, err := rec.Result.Decode()
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("result %v, %v", got, err)
	}
	if !rec.Done() || !rec.Key.Equal(key) || !rec.DoneAt.Equal(at) || rec.Generation != 1 || len(rec.Fingerprint.Diff(fp)) != 0 {
		t.Errorf("record %+v", rec)
	}
	if rec.Result.Digest != mustResult(t, want).Digest {
		t.Error("the recorded digest is not that of the value")
	}
}

func TestDatabaseSurvivesPowerLossByItsSettings(t *testing.T) {
	s := mustOpen(t, tempDir(t))
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000",
		"application_id": fmt.Sprint(applicationID), "user_version": fmt.Sprint(knownSchema),
	} {
		var got string
		if err := s.db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s = %s, %v; want %s", pragma, got, err, want)
		}
	}
}

func TestDirectoryIsOneAbsoluteRealPath(t *testing.T) {
	base := tempDir(t)
	real := filepath.Join(base, "a b?c#d%41é")
	if err := os.Mkdir(real, 0o777); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(base, "link")
	if err := os.Symlink(real, link); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, link)
	want, err := filepath.EvalSymlinks(real)
	if err != nil {
		t.Fatal(err)
	}
	if s.Dir() != want {
		t.Errorf("Dir() = %s, want %s", s.Dir(), want)
	}
	if _, err := os.Stat(filepath.Join(real, databaseFile)); err != nil {
		t.Error(err)
	}
	if _, err := Open(real, Options{Script: testScript}); !errors.Is(err, ErrHeld) {
		t.Errorf("through the other name: %v", err)
	}
}

func TestUnfinishedTaskIsNotRecorded(t *testing.T) {
	dir := tempDir(t)
	key := mustKey(t, "voids", nil)
	s := mustOpen(t, dir)
	if err := mustBegin(t, s, key).Fail("no voids"); err != nil {
		t.Fatal(err)
	}
	if err := mustBegin(t, s, key).Interrupted(); err != nil {
		t.Fatal(err)
	}
	if v := recorded(t, s, key); v != nil {
		t.Errorf("recorded %v", v)
	}
}

func TestTaskCanNotRunInsideItself(t *testing.T) {
	s := mustOpen(t, tempDir(t))
	outer, inner := mustKey(t, "outer", nil), mustKey(t, "inner", nil)
	a := mustBegin(t, s, outer)
	mustDo(t, s, inner, 1.0) // another one may
	if _, err := s.Begin(outer); !errors.Is(err, ErrTaskOpen) || !strings.Contains(err.Error(), "outer{}") {
		t.Errorf("got %v", err)
	}
	if err := a.Commit(nil, mustResult(t, 2.0)); err != nil {
		t.Fatal(err)
	}
	if err := a.Commit(nil, mustResult(t, 2.0)); !errors.Is(err, ErrAttemptClosed) {
		t.Errorf("second commit: %v", err)
	}
}

func TestOneOfManyAttemptsAtOnceBegins(t *testing.T) {
	s := mustOpen(t, tempDir(t))
	key := mustKey(t, "voids", nil)
	var begun atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, err := s.Begin(key)
			if err == nil {
				begun.Add(1)
			} else if !errors.Is(err, ErrTaskOpen) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if begun.Load() != 1 {
		t.Errorf("%d attempts began", begun.Load())
	}
}

func TestOpenNeedsAScript(t *testing.T) {
	dir := filepath.Join(tempDir(t), "run")
	if _, err := Open(dir, Options{}); err == nil {
		t.Error("opened for no script")
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the directory was made")
	}
}

func TestNearDuplicateIsFoundAmongBegunAndDone(t *testing.T) {
	dir := tempDir(t)
	x := 0.1
	third, sum := mustKey(t, "voids", map[string]any{"beta": 0.3}), mustKey(t, "voids", map[string]any{"beta": x + 0.2})
	s := mustOpen(t, dir)
	if _, found, err := s.NearDuplicate(third); found || err != nil {
		t.Errorf("nothing is there: %v, %v", found, err)
	}
	mustBegin(t, s, third)
	check := func(s *Store) {
		t.Helper()
		if got, found, err := s.NearDuplicate(sum); !found || err != nil || !got.Equal(third) {
			t.Errorf("got %v, %v, %v", got, found, err)
		}
		if _, found, _ := s.NearDuplicate(third); found {
			t.Error("a key is no duplicate of itself")
		}
		if _, found, _ := s.NearDuplicate(mustKey(t, "power", map[string]any{"beta": x + 0.2})); found {
			t.Error("another name is another task")
		}
	}
	check(s)
	mustClose(t, s, StatusInterrupted)
	check(mustOpen(t, dir))
}

func TestGenerations(t *testing.T) {
	dir := tempDir(t)
	key, only := mustKey(t, "voids", nil), mustKey(t, "old", nil)
	run := func(want int64, status string, f func(*Store), change ...func(*Options)) {
		t.Helper()
		s := mustOpen(t, dir, change...)
		if s.Generation() != want {
			t.Fatalf("generation %d, want %d", s.Generation(), want)
		}
		f(s)
		mustClose(t, s, status)
	}
	newest := func(k Key) any {
		t.Helper()
		r, err := OpenReader(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		rec, err := r.Result(k)
		if err != nil || rec == nil {
			t.Fatal(rec, err)
		}
		v, err := rec.Result.Decode()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	run(1, StatusInterrupted, func(s *Store) { mustDo(t, s, key, 1.0); mustDo(t, s, only, 1.0) })
	// An unfinished one that was not forced is not what force continues.
	run(2, StatusInterrupted, func(s *Store) {
		if v := recorded(t, s, key); v != nil {
			t.Errorf("the new generation knows %v", v)
		}
		if v := newest(key); v != 1.0 {
			t.Errorf("the old result is %v before it is replaced", v)
		}
		mustDo(t, s, key, 2.0)
	}, force)
	if all, err := mustReader(t, dir).Results(); err != nil || len(all) != 2 {
		t.Errorf("%d results, %v: the replaced one is still there", len(all), err)
	}
	if newest(key) != 2.0 || newest(only) != 1.0 {
		t.Errorf("newest results %v and %v, want 2 and 1", newest(key), newest(only))
	}
	// Unfinished: continued, with --force-rerun or without.
	run(2, StatusInterrupted, func(s *Store) {
		if v := recorded(t, s, key); v != 2.0 {
			t.Errorf("the continued generation has %v", v)
		}
	}, force)
	run(2, StatusDone, func(*Store) {})
	// Finished: a plain command adds to it, a forced one begins its successor.
	run(2, StatusInterrupted, func(*Store) {})
	run(3, StatusDone, func(*Store) {}, force)
	run(3, StatusDone, func(*Store) {})

	r, err := OpenReader(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	all, err := r.Generations()
	if err != nil || len(all) != 3 || all[0].Forced || !all[1].Forced || all[1].Finished.IsZero() || !all[0].Finished.IsZero() {
		t.Errorf("generations %+v, %v", all, err)
	}
}

func TestForcedFirstRunIsContinued(t *testing.T) {
	dir := tempDir(t)
	mustClose(t, mustOpen(t, dir, force), StatusInterrupted)
	if s := mustOpen(t, dir, force); s.Generation() != 1 {
		t.Errorf("generation %d, want 1", s.Generation())
	}
}

func TestNewGenerationDropsSnapshotsOfTheOld(t *testing.T) {
	dir := tempDir(t)
	key := mustKey(t, "voids", nil)
	s := mustOpen(t, dir)
	mustSave(t, mustBegin(t, s, key), Slot{1, "x"}, SnapshotMeta{Step: 5}, "old")
	mustClose(t, s, StatusInterrupted)
	s = mustOpen(t, dir, force)
	if got := load(t, mustBegin(t, s, key), Slot{1, "x"}); got != "none" {
		t.Errorf("loaded %s", got)
	}
	if files := snapshotNames(t, dir); len(files) != 0 {
		t.Errorf("left %v", files)
	}
}

func TestDirectoryOfAnotherScriptIsRefusedByName(t *testing.T) {
	base := tempDir(t)
	dir := filepath.Join(base, "old", "runs", "quick")
	script := func(parts ...string) string {
		path := filepath.Join(append([]string{base}, parts...)...)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		mustWrite(t, path, "-- a script")
		return path
	}
	as := func(path string) func(*Options) { return func(o *Options) { o.Script = path } }
	first := script("old", "scripts", "quick.lua")
	mustClose(t, mustOpen(t, dir, as(first)), StatusDone)
	before := mustRead(t, filepath.Join(dir, databaseFile))

	for _, other := range []string{script("old", "scripts", "other.lua"), script("elsewhere", "quick.lua"), "-e", "interactive"} {
		_, err := Open(dir, Options{Script: other})
		var named *OtherScriptError
		if !errors.As(err, &named) || !errors.Is(err, ErrOtherScript) || named.Recorded != first || named.Now != other {
			t.Errorf("%s: got %v", other, err)
		}
	}
	if mustRead(t, filepath.Join(dir, databaseFile)) != before {
		t.Error("a refused open changed the database")
	}
	mustClose(t, mustOpen(t, dir, as(first)), StatusDone)

	// The whole project renamed: script and directory moved together.
	if err := os.Rename(filepath.Join(base, "old"), filepath.Join(base, "new")); err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(base, "new", "runs", "quick")
	var w warnings
	warn := func(o *Options) { o.Warn = w.add }
	moved := filepath.Join(base, "new", "scripts", "quick.lua")
	mustClose(t, mustOpen(t, dir, as(moved), warn), StatusDone)
	if !w.has(first, moved) {
		t.Errorf("told %q", w.lines)
	}
	w.lines = nil
	mustClose(t, mustOpen(t, dir, as(moved), warn), StatusDone)
	if w.lines != nil {
		t.Errorf("told again: %q", w.lines)
	}
	// The script alone moved: nothing is left where it was.
	if err := os.Remove(moved); err != nil {
		t.Fatal(err)
	}
	mustClose(t, mustOpen(t, dir, as(script("third", "quick.lua"))), StatusDone)
}

func TestRunWithoutAScriptFileHasItsOwnIdentity(t *testing.T) {
	dir := tempDir(t)
	e := func(o *Options) { o.Script = "-e" }
	mustClose(t, mustOpen(t, dir, e), StatusDone)
	mustClose(t, mustOpen(t, dir, e), StatusDone)
	if _, err := Open(dir, Options{Script: testScript}); !errors.Is(err, ErrOtherScript) || !strings.Contains(err.Error(), "made by -e") {
		t.Errorf("got %v", err)
	}
}

func TestClosedStoreRefusesWork(t *testing.T) {
	s := mustOpen(t, tempDir(t))
	key := mustKey(t, "t", nil)
	a := mustBegin(t, s, key)
	mustClose(t, s, StatusDone)
	if err := s.Close(StatusFailed); err != nil {
		t.Errorf("second close: %v", err)
	}
	_, err1 := s.Task(key)
	_, err2 := s.Begin(key)
	_, _, err3 := s.NearDuplicate(key)
	for _, err := range []error{err1, err2, err3} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("got %v", err)
		}
	}
	if err := a.SaveSnapshot(Slot{}, SnapshotMeta{}, text("x")); !errors.Is(err, ErrAttemptClosed) {
		t.Errorf("snapshot after close: %v", err)
	}
}

func TestFreeBytesOfADirectoryYetToBeMade(t *testing.T) {
	n, err := FreeBytes(filepath.Join(t.TempDir(), "a", "b"))
	if err != nil || n <= 0 {
		t.Errorf("%d, %v", n, err)
	}
}
