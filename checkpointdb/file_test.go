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
