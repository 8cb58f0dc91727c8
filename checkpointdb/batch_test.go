package checkpointdb

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// batchOf is n finished tasks with a file each.
func batchOf(t *testing.T, n int) []Finished {
	var list []Finished
	for i := range n {
		list = append(list, Finished{
			Key:         mustKey(t, "sample", map[string]any{"index": i}),
			Fingerprint: Fingerprint{{KindKernel, "chain", "1"}},
			Result:      mustResult(t, map[string]any{"x": &Array{[]int{2}, []float64{float64(i), 1}}}),
			Files:       []File{{fmt.Sprintf("samples/%d.txt", i), []byte(fmt.Sprintln("sample", i))}},
		})
	}
	return list
}

func TestRecordIsManyCommits(t *testing.T) {
	together, single := tempDir(t), tempDir(t)
	list := batchOf(t, 3)
	s := mustOpen(t, together)
	if err := s.Record(list); err != nil {
		t.Fatal(err)
	}
	mustClose(t, s, StatusDone)
	s = mustOpen(t, single)
	for _, f := range list {
		a := mustBegin(t, s, f.Key)
		if err := a.WriteArtifact(f.Files[0].Path, text(string(f.Files[0].Data))); err != nil {
			t.Fatal(err)
		}
		if err := a.Commit(f.Fingerprint, f.Result); err != nil {
			t.Fatal(err)
		}
	}
	mustClose(t, s, StatusDone)
	if got, want := outcome(t, together), outcome(t, single); got != want {
		t.Errorf("recorded together:\n%s\none by one:\n%s", got, want)
	}
	s = mustOpen(t, together)
	for _, f := range list {
		if rec, err := s.Task(f.Key); rec == nil || err != nil || !rec.Done() {
			t.Errorf("%s: %+v, %v", f.Key, rec, err)
		}
	}
}

// A file is durable before the row that names it, and a batch costs one fsync a
// file and one for their folder.
func TestRecordSyncsEveryFileBeforeItsRow(t *testing.T) {
	const n = 20
	s := mustOpen(t, tempDir(t))
	var synced, before atomic.Int64
	s.opt.Fault = func(point string) {
		if point == "commit.begun" {
			before.Store(synced.Load())
		}
	}
	if err := s.Record(batchOf(t, 1)); err != nil { // makes the folder
		t.Fatal(err)
	}
	real := fsync
	defer func() { fsync = real }()
	fsync = func(f *os.File) error { synced.Add(1); return real(f) }
	if err := s.Record(batchOf(t, n)[1:]); err != nil {
		t.Fatal(err)
	}
	if before.Load() != n || synced.Load() != n {
		t.Errorf("%d files and folders were synced before the transaction and %d in all, want %d", before.Load(), synced.Load(), n)
	}
}

func TestRecordIsAllOrNothing(t *testing.T) {
	full := errors.New("no space left")
	for name, test := range map[string]struct {
		change func(t *testing.T, s *Store, list []Finished)
		want   error
	}{
		"a file of another task's": {func(t *testing.T, s *Store, list []Finished) { list[2].Files[0].Path = list[0].Files[0].Path }, nil},
		"a file outside":           {func(t *testing.T, s *Store, list []Finished) { list[2].Files[0].Path = "../x" }, nil},
		"a task that is open":      {func(t *testing.T, s *Store, list []Finished) { mustBegin(t, s, list[2].Key) }, ErrTaskOpen},
		"a task twice":             {func(t *testing.T, s *Store, list []Finished) { list[2].Key = list[1].Key }, ErrTaskOpen},
		"a full disk": {func(t *testing.T, s *Store, list []Finished) {
			real, count := fsync, atomic.Int64{}
			t.Cleanup(func() { fsync = real })
			fsync = func(f *os.File) error {
				if count.Add(1) == 2 {
					return full
				}
				return real(f)
			}
		}, full},
	} {
		t.Run(name, func(t *testing.T) {
			dir := tempDir(t)
			s := mustOpen(t, dir)
			first := batchOf(t, 1)
			if err := s.Record(first); err != nil {
				t.Fatal(err)
			}
			list := batchOf(t, 4)[1:]
			test.change(t, s, list)
			err := s.Record(list)
			if err == nil || test.want != nil && !errors.Is(err, test.want) {
				t.Fatalf("got %v", err)
			}
			for _, f := range list {
				if rec, err := s.Task(f.Key); rec != nil || err != nil {
					t.Errorf("%s: %+v, %v", f.Key, rec, err)
				}
			}
			left, _ := filepath.Glob(filepath.Join(dir, "samples", "*"))
			left2, _ := filepath.Glob(filepath.Join(dir, "samples", ".*"))
			if len(left) != 1 || len(left2) > 0 {
				t.Errorf("files are left: %v %v", left, left2)
			}
			if rec, err := s.Task(first[0].Key); rec == nil || err != nil || !rec.Done() {
				t.Errorf("what was recorded before: %+v, %v", rec, err)
			}
		})
	}
}

func TestRecordReproducesOrReplaces(t *testing.T) {
	dir := tempDir(t)
	s := mustOpen(t, dir)
	if err := s.Record(batchOf(t, 3)); err != nil {
		t.Fatal(err)
	}
	if err := s.Record(batchOf(t, 3)); err != nil {
		t.Errorf("the same again: %v", err)
	}
	other := batchOf(t, 3)
	other[1].Files[0].Data = []byte("other\n")
	if err := s.Record(other); !errors.Is(err, ErrNotReproduced) || !strings.Contains(err.Error(), "samples/1.txt") {
		t.Errorf("another file: %v", err)
	}
	if got := mustRead(t, filepath.Join(dir, "samples/1.txt")); got != "sample 1\n" {
		t.Errorf("it is now %q", got)
	}
	other[1].Replace = true
	if err := s.Record(other); err != nil {
		t.Fatal(err)
	}
	if rec, err := s.Task(other[1].Key); err != nil || !rec.Done() || mustRead(t, filepath.Join(dir, "samples/1.txt")) != "other\n" {
		t.Errorf("replaced: %+v, %v", rec, err)
	}
	if _, err := s.Begin(other[0].Key); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// BenchmarkRecord records tasks with a file of 8 kB each in batches of
// one and of fifty; the disk is that of the temporary folder.
func BenchmarkRecord(b *testing.B) {
	for _, size := range []int{1, 50} {
		b.Run(fmt.Sprintf("%d", size), func(b *testing.B) { benchmarkRecord(b, size) })
	}
}

func benchmarkRecord(b *testing.B, size int) {
	s := mustOpen(b, b.TempDir())
	index, data := 0, make([]byte, 8<<10)
	result := mustResult(b, &Array{[]int{100, 3}, make([]float64, 300)})
	for b.Loop() {
		var list []Finished
		for range size {
			index++
			list = append(list, Finished{
				Key: mustKey(b, "sample", map[string]any{"index": index}), Result: result,
				Files: []File{{fmt.Sprintf("samples/%d.txt", index), data}},
			})
		}
		if err := s.Record(list); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "samples/s")
}
