package checkpointdb

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestWriteFileAtomicStepsInOrder(t *testing.T) {
	dir := tempDir(t)
	var points []string
	note := func(point string) {
		points = append(points, point)
		old := point != "file.renamed" && point != "file.durable"
		if _, err := os.Stat(filepath.Join(dir, "results/a/b.csv")); old == (err == nil) {
			t.Errorf("at %s: %v", point, err)
		}
	}
	if err := WriteFileAtomic(dir, "results/a/b.csv", note, text("beta\n")); err != nil {
		t.Fatal(err)
	}
	want := []string{"file.begun", "file.writing", "file.written", "file.synced", "file.renamed", "file.durable"}
	if !slices.Equal(points, want) {
		t.Errorf("points %v", points)
	}
	if got := mustRead(t, filepath.Join(dir, "results/a/b.csv")); got != "beta\n" {
		t.Errorf("wrote %q", got)
	}
}

func TestFailedWriteLeavesTheOldFileAndNothingElse(t *testing.T) {
	dir := tempDir(t)
	if err := WriteFileAtomic(dir, "a.csv", nil, text("old")); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("no voids")
	err := WriteFileAtomic(dir, "a.csv", nil, func(w io.Writer) error {
		io.WriteString(w, strings.Repeat("x", 1<<20))
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != 1 || mustRead(t, filepath.Join(dir, "a.csv")) != "old" {
		t.Errorf("left %v", entries)
	}
}

func TestWriteFileAtomicStaysInside(t *testing.T) {
	base := tempDir(t)
	dir := filepath.Join(base, "run")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(base, filepath.Join(dir, "out")); err != nil {
		t.Fatal(err)
	}
	mustWrite(t, filepath.Join(dir, "file"), "")
	for _, rel := range []string{"../a", "out/a", "/tmp/a", "file/a", ""} {
		if err := WriteFileAtomic(dir, rel, nil, text("x")); err == nil {
			t.Errorf("%q was written", rel)
		}
	}
	if entries, _ := os.ReadDir(base); len(entries) != 1 {
		t.Errorf("written outside: %v", entries)
	}
}

// A rename is durable only after an fsync of the folder, and worth it only
// after one of the file.
func TestEachStepIsOnDiskBeforeTheNext(t *testing.T) {
	var synced []string
	fsync = func(f *os.File) error {
		synced = append(synced, f.Name())
		return f.Sync()
	}
	defer func() { fsync = (*os.File).Sync }()
	last := func() string {
		if len(synced) == 0 {
			return "nothing"
		}
		return synced[len(synced)-1]
	}
	dir := filepath.Join(tempDir(t), "runs", "quick")
	at := map[string]string{}
	s := mustOpen(t, dir, func(o *Options) { o.Fault = func(point string) { at[point] = last() } })
	a := mustBegin(t, s, mustKey(t, "voids", nil))
	mustSave(t, a, slot1, SnapshotMeta{Step: 1}, "x")
	if err := a.WriteArtifact("artifacts/x.txt", text("x")); err != nil {
		t.Fatal(err)
	}
	for point, want := range map[string]string{
		"open.made":        filepath.Join(filepath.Dir(dir)), // which names dir
		"create.synced":    newDatabaseFile,
		"create.durable":   dir,
		"snapshot.begun":   ".", // which names the folder of snapshots
		"snapshot.synced":  tempSuffix,
		"snapshot.durable": snapshotFolder,
		"artifact.synced":  tempSuffix,
		"artifact.durable": "artifacts",
	} {
		if !strings.HasSuffix(at[point], want) {
			t.Errorf("at %s the last fsync was of %q, want %q", point, at[point], want)
		}
	}
}

func TestFailedFsyncFailsTheSnapshot(t *testing.T) {
	dir := tempDir(t)
	a := mustBegin(t, mustOpen(t, dir), mustKey(t, "voids", nil))
	mustSave(t, a, slot1, SnapshotMeta{Step: 1}, "one")
	broken := errors.New("input/output error")
	defer func() { fsync = (*os.File).Sync }()
	for _, folder := range []bool{false, true} {
		fsync = func(f *os.File) error {
			if info, err := f.Stat(); err != nil || info.IsDir() == folder {
				return broken
			}
			return f.Sync()
		}
		if err := a.SaveSnapshot(slot1, SnapshotMeta{Step: 2}, text("two")); !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
		if got := load(t, a, slot1); got != "1 one" || len(snapshotNames(t, dir)) != 1 {
			t.Errorf("loaded %s, files %v", got, snapshotNames(t, dir))
		}
	}
}
