package checkpointdb

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// artifactTask does a task that writes one file.
func artifactTask(s *Store, key Key, content string, fp Fingerprint, replace bool) error {
	a, err := s.Begin(key)
	if err != nil {
		return err
	}
	if replace {
		a.Replace()
	}
	if err := a.WriteArtifact("global_run_0/a.cif", text(content)); err != nil {
		a.Fail(err.Error())
		return err
	}
	r, err := EncodeResult(1.0)
	if err != nil {
		return err
	}
	if err := a.Commit(fp, r); err != nil {
		a.Fail(err.Error())
		return err
	}
	return nil
}

func TestTaskWithADamagedArtifactIsNotDone(t *testing.T) {
	dir := tempDir(t)
	key := mustKey(t, "chunk", nil)
	file := filepath.Join(dir, "global_run_0", "a.cif")
	s := mustOpen(t, dir)
	again := func() error { return artifactTask(s, key, "ATOM 1\n", nil, false) }
	if err := again(); err != nil {
		t.Fatal(err)
	}
	rec := func() *Record {
		t.Helper()
		rec, err := s.Task(key)
		if err != nil || rec == nil {
			t.Fatal(rec, err)
		}
		return rec
	}
	if r := rec(); !r.Done() || len(r.Artifacts) != 1 || r.Artifacts[0].Size != 7 {
		t.Fatalf("record %+v", r)
	}
	for problem, damage := range map[string]func(){
		"is missing":       func() { os.Remove(file) },
		"has 6 bytes":      func() { os.Truncate(file, 6) },
		"has been altered": func() { mustWrite(t, file, "ATOM 2\n"); os.Chtimes(file, time.Time{}, time.Unix(1, 0)) },
		"not a file":       func() { os.Remove(file); os.Mkdir(file, 0o777) },
	} {
		damage()
		r := rec()
		if r.Done() || len(r.Damaged) != 1 || r.Damaged[0].Path != "global_run_0/a.cif" || !strings.Contains(r.Damaged[0].Problem, problem) {
			t.Errorf("%s: %+v", problem, r.Damaged)
		}
		if info, err := os.Stat(file); err == nil && info.IsDir() {
			os.Remove(file)
		}
		if err := again(); err != nil {
			t.Fatal(err)
		}
		if r := rec(); !r.Done() || mustRead(t, file) != "ATOM 1\n" {
			t.Errorf("%s: made again, it is %+v", problem, r)
		}
	}
}

func TestArtifactMadeAgainMustHaveTheSameBytes(t *testing.T) {
	dir := tempDir(t)
	key := mustKey(t, "chunk", nil)
	file := filepath.Join(dir, "global_run_0", "a.cif")
	fp := Fingerprint{{"option", "n", "1"}}
	s := mustOpen(t, dir)
	if err := artifactTask(s, key, "ATOM 1\n", fp, false); err != nil {
		t.Fatal(err)
	}
	mustWrite(t, file, "spoilt!")
	err := artifactTask(s, key, "ATOM 2\n", fp, false)
	var named *NotReproducedError
	if !errors.As(err, &named) || named.What != "global_run_0/a.cif" {
		t.Errorf("got %v", err)
	}
	if mustRead(t, file) != "spoilt!" {
		t.Error("the wrong bytes were put there")
	}
	// Told that the record is stale, it may be another.
	if err := artifactTask(s, key, "ATOM 2\n", Fingerprint{{"option", "n", "2"}}, true); err != nil {
		t.Error(err)
	}
	if rec, err := s.Task(key); err != nil || !rec.Done() || rec.Fingerprint[0].Value != "2" {
		t.Errorf("record %+v, %v", rec, err)
	}
}

func TestResultMadeAgainMustBeTheSame(t *testing.T) {
	s := mustOpen(t, tempDir(t))
	key := mustKey(t, "chunk", nil)
	fp := Fingerprint{{"option", "n", "1"}}
	mustDo(t, s, key, 1.0, fp...)
	mustDo(t, s, key, 1.0, fp...)
	a := mustBegin(t, s, key)
	if err := a.Commit(fp, mustResult(t, 2.0)); !errors.Is(err, ErrNotReproduced) {
		t.Errorf("got %v", err)
	}
	if v := recorded(t, s, key); v != 1.0 {
		t.Errorf("recorded is %v", v)
	}
	if err := a.Commit(Fingerprint{{"option", "n", "2"}}, mustResult(t, 2.0)); err != nil {
		t.Errorf("with another fingerprint: %v", err)
	}
	mustDo(t, s, mustKey(t, "other", nil), 1.0)
	a = mustBegin(t, s, key)
	a.Replace()
	if err := a.Commit(Fingerprint{{"option", "n", "2"}}, mustResult(t, 3.0)); err != nil {
		t.Errorf("replacing: %v", err)
	}
}

func TestCopiedArtifactIsReadOnceAndTaken(t *testing.T) {
	base := tempDir(t)
	key := mustKey(t, "chunk", nil)
	s := mustOpen(t, filepath.Join(base, "a"))
	if err := artifactTask(s, key, "ATOM 1\n", nil, false); err != nil {
		t.Fatal(err)
	}
	mustClose(t, s, StatusDone)
	copyTree(t, filepath.Join(base, "a"), filepath.Join(base, "b"))
	s = mustOpen(t, filepath.Join(base, "b"))
	if rec, err := s.Task(key); err != nil || !rec.Done() {
		t.Fatalf("%+v, %v", rec, err)
	}
	info, err := os.Stat(filepath.Join(base, "b", "global_run_0", "a.cif"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := readArtifacts(s.db, 1)
	if err != nil || files[0].inode != describe(info).inode || files[0].mtime != describe(info).mtime {
		t.Errorf("recorded as %+v, %v", files, err)
	}
}

func TestArtifactOfAnotherTaskIsRefused(t *testing.T) {
	s := mustOpen(t, tempDir(t))
	one, two := mustKey(t, "chunk", map[string]any{"i": 1}), mustKey(t, "chunk", map[string]any{"i": 2})
	a, b := mustBegin(t, s, one), mustBegin(t, s, two)
	if err := a.WriteArtifact("x/a.cif", text("1")); err != nil {
		t.Fatal(err)
	}
	if err := b.WriteArtifact("x/../x/a.cif", text("2")); err == nil || !strings.Contains(err.Error(), one.String()) {
		t.Errorf("while it is open: %v", err)
	}
	if err := a.Commit(nil, mustResult(t, 1.0)); err != nil {
		t.Fatal(err)
	}
	if err := b.WriteArtifact("x/a.cif", text("2")); err == nil || !strings.Contains(err.Error(), one.String()) {
		t.Errorf("when it is done: %v", err)
	}
}

func TestArtifactCanNotReplaceRunluasOwnFiles(t *testing.T) {
	a := mustBegin(t, mustOpen(t, tempDir(t)), mustKey(t, "chunk", nil))
	for _, name := range []string{"run.db", "run.db-wal", "run.lock", "snapshots/x", "./snapshots/x", "live/status.json", "../x", "/etc/x", "", ".", "a/../../x"} {
		if err := a.WriteArtifact(name, text("x")); err == nil {
			t.Errorf("%q was written", name)
		}
	}
}
