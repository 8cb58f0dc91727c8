package checkpointdb

import (
	"io"
	"testing"
)

// BenchmarkSaveSnapshot saves the state of 64³ particles at 56 bytes each,
// write, hash and fsync included, to wherever the tests' temporary files are.
func BenchmarkSaveSnapshot(b *testing.B) {
	state := make([]byte, 64*64*64*56)
	a := mustBegin(b, mustOpen(b, b.TempDir()), mustKey(b, "voids", nil))
	b.SetBytes(int64(len(state)))
	for i := 0; b.Loop(); i++ {
		if err := a.SaveSnapshot(slot1, SnapshotMeta{Step: int64(i)}, func(w io.Writer) error {
			_, err := w.Write(state)
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTask looks up a recorded task with 1000 numbers.
func BenchmarkTask(b *testing.B) {
	s := mustOpen(b, b.TempDir())
	key := mustKey(b, "voids", nil)
	mustDo(b, s, key, &Array{[]int{1000}, make([]float64, 1000)})
	for b.Loop() {
		if rec, err := s.Task(key); rec == nil || err != nil {
			b.Fatal(rec, err)
		}
	}
}
