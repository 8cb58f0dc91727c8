package checkpointdb

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

var slot1 = Slot{1, "fastpm"}

func TestTwoNewestSnapshotsOfEachSlotAreKept(t *testing.T) {
	dir := tempDir(t)
	s := mustOpen(t, dir)
	a := mustBegin(t, s, mustKey(t, "voids", nil))
	slot2 := Slot{1, "quinn"}
	for step := range int64(5) {
		mustSave(t, a, slot1, SnapshotMeta{Step: step, Total: 9}, fmt.Sprint("first ", step))
		mustSave(t, a, slot2, SnapshotMeta{Step: step * 10}, fmt.Sprint("second ", step))
	}
	for slot, want := range map[Slot]string{slot1: "4 3", slot2: "40 30"} {
		all, err := a.Snapshots(slot)
		if err != nil || len(all) != 2 || fmt.Sprint(all[0].Step, all[1].Step) != want {
			t.Errorf("%v: %v, %v", slot, all, err)
		}
	}
	if files := snapshotNames(t, dir); len(files) != 4 {
		t.Errorf("files %v", files)
	}
	if got := load(t, a, slot1); got != "4 first 4" {
		t.Errorf("loaded %s", got)
	}
	if got := load(t, a, Slot{2, "fastpm"}); got != "none" {
		t.Errorf("an empty slot gave %s", got)
	}
}

func TestFinalSnapshotStaysUntilTheTaskIsDone(t *testing.T) {
	dir := tempDir(t)
	key := mustKey(t, "voids", nil)
	s := mustOpen(t, dir)
	a := mustBegin(t, s, key)
	mustSave(t, a, slot1, SnapshotMeta{Step: 9, Final: true}, "end")
	for step := range int64(4) {
		mustSave(t, a, slot1, SnapshotMeta{Step: 10 + step}, "later")
		mustSave(t, a, Slot{2, "fastpm"}, SnapshotMeta{Step: step}, "next call")
	}
	mustClose(t, s, StatusInterrupted)
	s = mustOpen(t, dir)
	a = mustBegin(t, s, key)
	all, err := a.Snapshots(slot1)
	if err != nil || len(all) != 3 || !all[2].Final || all[2].Step != 9 {
		t.Errorf("kept %+v, %v", all, err)
	}
	if err := a.Commit(nil, mustResult(t, 1.0)); err != nil {
		t.Fatal(err)
	}
	if files := snapshotNames(t, dir); len(files) != 0 {
		t.Errorf("left %v", files)
	}
}

func TestDamagedSnapshotIsReportedAndTheOneBeforeItUsed(t *testing.T) {
	flip := func(b []byte) []byte { b = bytes.Clone(b); b[len(b)/2] ^= 1; return b }
	for name, damage := range map[string]func(file string, b []byte) error{
		"flipped bit": func(f string, b []byte) error { return os.WriteFile(f, flip(b), 0o666) },
		"truncated":   func(f string, b []byte) error { return os.Truncate(f, int64(len(b)-1)) },
		"empty":       func(f string, b []byte) error { return os.Truncate(f, 0) },
		"longer":      func(f string, b []byte) error { return os.WriteFile(f, append(bytes.Clone(b), 0), 0o666) },
		"missing":     func(f string, b []byte) error { return os.Remove(f) },
		"a folder":    func(f string, b []byte) error { os.Remove(f); return os.Mkdir(f, 0o777) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := tempDir(t)
			var w warnings
			s := mustOpen(t, dir, func(o *Options) { o.Warn = w.add })
			a := mustBegin(t, s, mustKey(t, "voids", nil))
			mustSave(t, a, slot1, SnapshotMeta{Step: 100}, "state at 100")
			mustSave(t, a, slot1, SnapshotMeta{Step: 200}, "state at 200")
			all, err := a.Snapshots(slot1)
			if err != nil {
				t.Fatal(err)
			}
			ruin := func(snap Snapshot) {
				t.Helper()
				file := filepath.Join(dir, snapshotFolder, snap.File)
				if err := damage(file, []byte(mustRead(t, file))); err != nil {
					t.Fatal(err)
				}
			}
			ruin(all[0])
			if got := load(t, a, slot1); got != "100 state at 100" {
				t.Errorf("loaded %s", got)
			}
			if !w.has(all[0].File, "step 200", "damaged", all[1].File, "step 100") {
				t.Errorf("told %q", w.lines)
			}
			// The damaged one does not count as one of the two to keep.
			mustSave(t, a, slot1, SnapshotMeta{Step: 200}, "state at 200")
			now, err := a.Snapshots(slot1)
			if err != nil || len(now) != 2 || now[0].Step != 200 || now[1].Step != 100 {
				t.Errorf("kept %v, %v", now, err)
			}
			ruin(now[0])
			ruin(now[1])
			if got := load(t, a, slot1); got != "none" {
				t.Errorf("loaded %s", got)
			}
			if !w.has(now[1].File, "begins anew") {
				t.Errorf("told %q", w.lines)
			}
		})
	}
}

func TestNothingOfADamagedSnapshotIsHandedOut(t *testing.T) {
	dir := tempDir(t)
	a := mustBegin(t, mustOpen(t, dir), mustKey(t, "voids", nil))
	mustSave(t, a, slot1, SnapshotMeta{Step: 1}, "state")
	all, err := a.Snapshots(slot1)
	if err != nil {
		t.Fatal(err)
	}
	mustWrite(t, filepath.Join(dir, snapshotFolder, all[0].File), "stat3")
	f, err := all[0].Open()
	var damaged *DamagedSnapshotError
	if f != nil || !errors.As(err, &damaged) || !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, %v", f, err)
	}
}

func TestErrorOfTheReaderOfASnapshotIsNotDamage(t *testing.T) {
	a := mustBegin(t, mustOpen(t, tempDir(t)), mustKey(t, "voids", nil))
	mustSave(t, a, slot1, SnapshotMeta{Step: 1}, "one")
	mustSave(t, a, slot1, SnapshotMeta{Step: 2}, "two")
	path := errors.New("written with avx2")
	calls := 0
	found, err := a.LoadSnapshot(slot1, func(SnapshotMeta, io.Reader) error { calls++; return path })
	if !found || err != path || calls != 1 {
		t.Errorf("%v, %v after %d calls", found, err, calls)
	}
}

func TestSnapshotCarriesItsFingerprint(t *testing.T) {
	dir := tempDir(t)
	key := mustKey(t, "voids", nil)
	s := mustOpen(t, dir)
	a := mustBegin(t, s, key)
	if _, found, err := a.UnfinishedFingerprint(); found || err != nil {
		t.Errorf("before the first: %v, %v", found, err)
	}
	fp := Fingerprint{{"option", "box", "256"}, {"code", "each", "aa"}}
	mustSave(t, a, slot1, SnapshotMeta{Step: 1}, "x")
	mustSave(t, a, Slot{2, "y"}, SnapshotMeta{Step: 1, Fingerprint: fp}, "x")
	mustClose(t, s, StatusInterrupted)
	a = mustBegin(t, mustOpen(t, dir), key)
	got, found, err := a.UnfinishedFingerprint()
	if !found || err != nil || len(got.Diff(fp)) != 0 {
		t.Errorf("got %v, %v, %v", got, found, err)
	}
	if err := a.DropSnapshots(); err != nil {
		t.Fatal(err)
	}
	if _, found, _ = a.UnfinishedFingerprint(); found || len(snapshotNames(t, dir)) != 0 {
		t.Error("snapshots are left after they were dropped")
	}
}

func TestFailedSnapshotLeavesTheOldOneValid(t *testing.T) {
	dir := tempDir(t)
	a := mustBegin(t, mustOpen(t, dir), mustKey(t, "voids", nil))
	mustSave(t, a, slot1, SnapshotMeta{Step: 1}, "one")
	broken := errors.New("disk on fire")
	err := a.SaveSnapshot(slot1, SnapshotMeta{Step: 2}, func(w io.Writer) error {
		w.Write(make([]byte, 1<<20))
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if got := load(t, a, slot1); got != "1 one" || len(snapshotNames(t, dir)) != 1 {
		t.Errorf("loaded %s, files %v", got, snapshotNames(t, dir))
	}
}

// The operating system refuses to write here, as on a full disk.
func TestFullDiskCostsNothingThatWasRecorded(t *testing.T) {
	dir := tempDir(t)
	c := startChild(t, "full", dir)
	c.wait(t)
	said := strings.Join(c.said, "\n")
	for _, want := range []string{"large: checkpointdb: snapshot of big{} at step 2", "file too large", "then: 1 small", "result: checkpointdb:", "smaller: <nil>"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in:\n%s", want, said)
		}
	}
	if v := recorded(t, mustOpen(t, dir), mustKey(t, "big", nil)); v != 1.0 {
		t.Errorf("recorded %v", v)
	}
	if files := snapshotNames(t, dir); len(files) != 0 {
		t.Errorf("left %v", files)
	}
}

// Whichever comes first, no snapshot outlives the task, and none is lost that
// SaveSnapshot said was saved while the attempt was open.
func TestSnapshotInTheBackgroundMeetsCommit(t *testing.T) {
	dir := tempDir(t)
	s := mustOpen(t, dir)
	for i := range 20 {
		a := mustBegin(t, s, mustKey(t, "voids", map[string]any{"i": i}))
		var wg sync.WaitGroup
		for step := range int64(3) {
			wg.Go(func() {
				err := a.SaveSnapshot(slot1, SnapshotMeta{Step: step}, text(strings.Repeat("state ", 1000)))
				if err != nil && !errors.Is(err, ErrAttemptClosed) {
					t.Error(err)
				}
			})
		}
		wg.Go(func() {
			if err := a.Commit(nil, mustResult(t, float64(i))); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
	}
	if files := snapshotNames(t, dir); len(files) != 0 {
		t.Errorf("files left: %v", files)
	}
	r, err := OpenReader(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if named, err := r.Snapshots(); err != nil || len(named) != 0 {
		t.Errorf("named: %v, %v", named, err)
	}
}

func TestSideBySideAttemptsKeepApart(t *testing.T) {
	s := mustOpen(t, tempDir(t))
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			key := mustKey(t, "voids", map[string]any{"i": i})
			a, err := s.Begin(key)
			if err != nil {
				t.Error(err)
				return
			}
			for step := range int64(3) {
				mustSave(t, a, slot1, SnapshotMeta{Step: step}, fmt.Sprint("state of ", i))
			}
			if got, want := load(t, a, slot1), fmt.Sprint("2 state of ", i); got != want {
				t.Errorf("loaded %q, want %q", got, want)
			}
			if err := a.Commit(nil, mustResult(t, float64(i))); err != nil {
				t.Error(err)
			}
			if v := recorded(t, s, key); v != float64(i) {
				t.Errorf("recorded %v, want %d", v, i)
			}
		})
	}
	wg.Wait()
}

func TestFilesThatAreNotOursAreLeftAlone(t *testing.T) {
	dir := tempDir(t)
	mustClose(t, mustOpen(t, dir), StatusDone)
	if err := os.MkdirAll(filepath.Join(dir, snapshotFolder), 0o777); err != nil {
		t.Fatal(err)
	}
	orphan := "voids-task1-call1-step100-1.1.snap"
	for _, name := range []string{orphan, "notes.txt", "old.snap", tempPrefix + "12-1" + tempSuffix} {
		mustWrite(t, filepath.Join(dir, snapshotFolder, name), "x")
	}
	if !snapshotPattern.MatchString(orphan) {
		t.Fatal("this name is not what the test means it to be")
	}
	mustOpen(t, dir)
	var left []string
	for _, f := range snapshotNames(t, dir) {
		left = append(left, filepath.Base(f))
	}
	if want := []string{"notes.txt", "old.snap"}; !slices.Equal(left, want) {
		t.Errorf("left %v, want %v", left, want)
	}
}
