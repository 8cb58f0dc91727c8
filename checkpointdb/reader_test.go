package checkpointdb

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func mustReader(t testing.TB, dir string) *Reader {
	t.Helper()
	r, err := OpenReader(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func TestReaderSeesWhatIsCommittedWhileAnotherWrites(t *testing.T) {
	dir := tempDir(t)
	s := mustOpen(t, dir)
	r := mustReader(t, dir)
	done, begun := mustKey(t, "voids", map[string]any{"i": 1}), mustKey(t, "voids", map[string]any{"i": 2})
	if held, err := r.Holder(); err != nil || held == nil || held.PID != os.Getpid() {
		t.Errorf("holder %v, %v", held, err)
	}
	mustSave(t, mustBegin(t, s, done), slot1, SnapshotMeta{Step: 1}, "x")
	if rec, err := r.Result(done); rec != nil || err != nil {
		t.Errorf("before the commit: %v, %v", rec, err)
	}
	s.open = map[string]*Attempt{} // the first attempt is left as a killed one would be
	mustDo(t, s, done, 4.0, Field{"option", "box", "256"})
	a := mustBegin(t, s, begun)
	if err := a.Fail("no voids"); err != nil {
		t.Fatal(err)
	}
	a = mustBegin(t, s, begun)
	mustSave(t, a, slot1, SnapshotMeta{Step: 7, Total: 9}, "x")
	if err := a.Interrupted(); err != nil {
		t.Fatal(err)
	}
	rec, err := r.Result(done)
	if err != nil || string(rec.Result.JSON) != "4" || len(rec.Fingerprint) != 1 {
		t.Errorf("record %+v, %v", rec, err)
	}
	tasks, err := r.Tasks()
	if err != nil || len(tasks) != 2 {
		t.Fatal(tasks, err)
	}
	if x := tasks[0]; !x.Key.Equal(done) || !x.Done || x.Attempts != 2 || x.Newest != nil || x.LastOutcome != "done" {
		t.Errorf("the done one: %+v", x)
	}
	if x := tasks[1]; !x.Key.Equal(begun) || x.Done || x.Attempts != 2 || x.Newest.Step != 7 || x.Newest.Total != 9 || x.LastOutcome != "interrupted" {
		t.Errorf("the other: %+v", x)
	}
	runs, err := r.Runs()
	if err != nil || len(runs) != 1 || runs[0].Version != "1.2" || runs[0].Arguments != `["--betas","0.1"]` || runs[0].ID != s.RunID() {
		t.Errorf("runs %+v, %v", runs, err)
	}
	meta, err := r.Meta()
	if err != nil || meta["script"] != testScript {
		t.Errorf("meta %v, %v", meta, err)
	}
	mustClose(t, s, StatusDone)
	if held, err := r.Holder(); err != nil || held != nil {
		t.Errorf("after the close: %v, %v", held, err)
	}
	if all, err := r.Results(); err != nil || len(all) != 1 {
		t.Errorf("results %v, %v", all, err)
	}
}

func TestReaderMakesNoFiles(t *testing.T) {
	dir := clean(t)
	before, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	r := mustReader(t, dir)
	if _, err := r.Tasks(); err != nil {
		t.Fatal(err)
	}
	if found, err := r.Verify(); found != nil || err != nil {
		t.Errorf("%v, %v", found, err)
	}
	after, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(after) != len(before) {
		t.Errorf("files %v, before %v", after, before)
	}
}

func TestReaderAfterAKillChangesNothing(t *testing.T) {
	dir := unclean(t)
	before := contents(t, dir)
	tasks, err := mustReader(t, dir).Tasks()
	if err != nil || len(tasks) != 40 {
		t.Errorf("%d tasks, %v", len(tasks), err)
	}
	if after := contents(t, dir); after["run.db"] != before["run.db"] || after["run.db-wal"] != before["run.db-wal"] {
		t.Error("the database was changed")
	}
}

func TestReaderRefusesADirectoryWithoutARun(t *testing.T) {
	for _, dir := range []string{tempDir(t), filepath.Join(tempDir(t), "none")} {
		if _, err := OpenReader(dir); !errors.Is(err, ErrNoRun) {
			t.Errorf("got %v", err)
		}
		if entries, _ := os.ReadDir(dir); len(entries) != 0 {
			t.Errorf("made %v", entries)
		}
	}
}

func TestReadersAndAWriterAtOnce(t *testing.T) {
	dir := tempDir(t)
	mustClose(t, mustOpen(t, dir), StatusDone)
	stop, stopped := make(chan bool), make(chan bool)
	go func() {
		defer close(stopped)
		for seen := 0; ; {
			select {
			case <-stop:
				return
			default:
			}
			r, err := OpenReader(dir)
			if err != nil {
				t.Error(err)
				return
			}
			all, err := r.Results()
			r.Close()
			if err != nil || len(all) < seen {
				t.Errorf("%d results after %d, %v", len(all), seen, err)
				return
			}
			seen = len(all)
		}
	}()
	for run := range 8 {
		s := mustOpen(t, dir)
		for i := range 3 {
			mustDo(t, s, mustKey(t, "voids", map[string]any{"i": i, "run": run}), strings.Repeat("x", 5000))
		}
		mustClose(t, s, StatusDone)
	}
	close(stop)
	<-stopped
}

func TestReaderReadsAgainWhenAWriterCameInBetween(t *testing.T) {
	dir := clean(t)
	calls := 0
	err := mustReader(t, dir).read("test", func(db *sql.DB) error {
		if calls++; calls == 1 {
			s := mustOpen(t, dir)
			mustDo(t, s, mustKey(t, "late", nil), 1.0)
			mustClose(t, s, StatusDone)
		}
		return nil
	})
	if err != nil || calls != 2 {
		t.Errorf("read %d times, %v", calls, err)
	}
}

func TestVerifyFindsEveryKindOfDamage(t *testing.T) {
	dir := tempDir(t)
	s := mustOpen(t, dir)
	if err := artifactTask(s, mustKey(t, "chunk", nil), "ATOM 1\n", nil, false); err != nil {
		t.Fatal(err)
	}
	mustDo(t, s, mustKey(t, "voids", nil), 1.0)
	a := mustBegin(t, s, mustKey(t, "open", nil))
	mustSave(t, a, slot1, SnapshotMeta{Step: 1}, "state")
	all, err := a.Snapshots(slot1)
	if err != nil {
		t.Fatal(err)
	}
	mustClose(t, s, StatusInterrupted)
	if found, err := mustReader(t, dir).Verify(); err != nil || found != nil {
		t.Fatalf("before: %v, %v", found, err)
	}
	// The same size and time: only reading it can tell.
	file := filepath.Join(dir, "global_run_0", "a.cif")
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	mustWrite(t, file, "ATOM 2\n")
	if err := os.Chtimes(file, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	mustWrite(t, filepath.Join(dir, snapshotFolder, all[0].File), "stale")
	db, err := openDatabase(filepath.Join(dir, databaseFile), toWrite)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("UPDATE results SET json = '2' WHERE task = (SELECT task FROM tasks WHERE name = 'voids')"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	found, err := mustReader(t, dir).Verify()
	if err != nil {
		t.Fatal(err)
	}
	var where []string
	for _, f := range found {
		where = append(where, f.Where)
	}
	if want := []string{"voids{}", "global_run_0/a.cif", "snapshots/" + all[0].File}; !slices.Equal(where, want) {
		t.Errorf("found %v, want %v", found, want)
	}
}

func TestCleanSnapshots(t *testing.T) {
	dir := tempDir(t)
	key, open := mustKey(t, "voids", nil), mustKey(t, "open", nil)
	s := mustOpen(t, dir)
	mustDo(t, s, key, 1.0)
	mustSave(t, mustBegin(t, s, open), slot1, SnapshotMeta{Step: 1}, "state")
	if _, err := Clean(dir, CleanSnapshots, Options{}); !errors.Is(err, ErrHeld) {
		t.Errorf("while it is held: %v", err)
	}
	mustClose(t, s, StatusInterrupted)
	got, err := Clean(dir, CleanSnapshots, Options{})
	if err != nil || got != (Cleaned{Snapshots: 1}) {
		t.Errorf("cleaned %+v, %v", got, err)
	}
	s = mustOpen(t, dir)
	if recorded(t, s, key) != 1.0 || load(t, mustBegin(t, s, open), slot1) != "none" || len(snapshotNames(t, dir)) != 0 {
		t.Error("results must stay, snapshots go")
	}
}

func TestCleanSuperseded(t *testing.T) {
	dir := tempDir(t)
	file := func(name string) string { return filepath.Join(dir, name) }
	write := func(s *Store, key Key, names ...string) {
		t.Helper()
		a := mustBegin(t, s, key)
		for _, name := range names {
			if err := a.WriteArtifact(name, text("old")); err != nil {
				t.Fatal(err)
			}
		}
		if err := a.Commit(nil, mustResult(t, 1.0)); err != nil {
			t.Fatal(err)
		}
	}
	s := mustOpen(t, dir)
	write(s, mustKey(t, "old", nil), "only-old", "altered", "again")
	mustClose(t, s, StatusDone)
	s = mustOpen(t, dir, force)
	write(s, mustKey(t, "new", nil), "again")
	mustClose(t, s, StatusDone)
	mustWrite(t, file("altered"), "by a person")
	got, err := Clean(dir, CleanSuperseded, Options{})
	if err != nil || got != (Cleaned{Tasks: 1, Artifacts: 1}) {
		t.Errorf("cleaned %+v, %v", got, err)
	}
	for name, want := range map[string]bool{"only-old": false, "altered": true, "again": true} {
		if _, err := os.Stat(file(name)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	tasks, err := mustReader(t, dir).Tasks()
	if err != nil || len(tasks) != 1 || tasks[0].Key.Name != "new" {
		t.Errorf("tasks %+v, %v", tasks, err)
	}
	if _, err := Clean(tempDir(t), CleanSnapshots, Options{}); !errors.Is(err, ErrNoRun) {
		t.Errorf("without a run: %v", err)
	}
}

func TestSQLiteAndNumPyReadWhatARunRecorded(t *testing.T) {
	dir := tempDir(t)
	s := mustOpen(t, dir)
	mustDo(t, s, mustKey(t, "voids", map[string]any{"beta": -0.2, "seed": 1}),
		map[string]any{"mean": 8.25, "radius": &Array{[]int{2}, []float64{8, 8.5}}}, Field{"option", "box", "256"})
	mustClose(t, s, StatusDone)
	file := filepath.Join(dir, databaseFile)

	t.Run("sqlite3", func(t *testing.T) {
		sqlite, err := exec.LookPath("sqlite3")
		if err != nil {
			t.Skip("no sqlite3 program")
		}
		for query, want := range map[string]string{
			"SELECT name, json_extract(params, '$.beta'), json_extract(json, '$.mean'), arrays FROM results_view": "voids|-0.2|8.25|1",
			"SELECT kind, name, value FROM fingerprints":                                                          "option|box|256",
			"PRAGMA integrity_check": "ok",
		} {
			out, err := exec.Command(sqlite, "-readonly", file, query).CombinedOutput()
			if got := strings.TrimSpace(string(out)); err != nil || got != want {
				t.Errorf("%s: %s, %v; want %s", query, got, err, want)
			}
		}
	})
	t.Run("numpy", func(t *testing.T) {
		python := findNumPy(t)
		program := `
import io, json, sqlite3, sys
import numpy as np
db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
for beta, npy in db.execute("SELECT json_extract(params, '$.beta'), npy FROM arrays JOIN tasks USING (task) WHERE arrays.name = 'radius'"):
    print(beta, np.load(io.BytesIO(npy)).mean())
`
		out, err := exec.Command(python, "-c", program, file).CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != "-0.2 8.25" {
			t.Errorf("%s, %v", got, err)
		}
	})
}

// Every finished run directory under testdata is of a schema that was
// released, and stays readable for good.
func TestReleasedRunDirectoriesOpen(t *testing.T) {
	dirs, err := filepath.Glob("testdata/schema*")
	if err != nil || len(dirs) == 0 {
		t.Fatal(dirs, err)
	}
	for _, kept := range dirs {
		dir := filepath.Join(tempDir(t), "run")
		copyTree(t, kept, dir)
		r := mustReader(t, dir)
		meta, err := r.Meta()
		if err != nil {
			t.Fatal(err)
		}
		if found, err := r.Verify(); err != nil || found != nil {
			t.Errorf("%s: %v, %v", kept, found, err)
		}
		all, err := r.Results()
		if err != nil || len(all) == 0 {
			t.Fatal(len(all), err)
		}
		s := mustOpen(t, dir, func(o *Options) { o.Script = meta["script"] })
		for _, want := range all {
			rec, err := s.Task(want.Key)
			if err != nil || rec == nil || !rec.Done() || rec.Result.Digest != want.Result.Digest {
				t.Errorf("%s: %s: %+v, %v", kept, want.Key, rec, err)
			}
		}
		fmt.Fprintln(t.Output(), kept, len(all), "results")
	}
}
