package checkpointdb

import (
	"errors"
	"testing"
)

func TestDiscardLeavesNothingOfAnUnfinishedTask(t *testing.T) {
	dir := tempDir(t)
	s := mustOpen(t, dir)
	chunk := mustKey(t, "chunk", map[string]any{"samples": "0-9"})
	mustBegin(t, s, mustKey(t, "chunk", map[string]any{"samples": "without a snapshot"}))
	a := mustBegin(t, s, chunk)
	mustSave(t, a, Slot{1, "x"}, SnapshotMeta{Step: 1, Total: 2}, "state")
	if begun, err := s.Begun("chunk"); err != nil || len(begun) != 1 || begun[0].Digest() != chunk.Digest() {
		t.Fatalf("begun before: %v, %v", begun, err)
	}
	if all, err := s.Unfinished("chunk"); err != nil || len(all) != 2 || all[0].Snapshots != 0 || all[1].Snapshots != 1 {
		t.Errorf("unfinished before: %v, %v", all, err)
	}
	if err := a.Discard(); err != nil {
		t.Fatal(err)
	}
	if begun, err := s.Begun("chunk"); err != nil || len(begun) != 0 {
		t.Errorf("begun after: %v, %v", begun, err)
	}
	if left := snapshotNames(t, dir); len(left) != 0 {
		t.Errorf("snapshots left: %q", left)
	}
	if err := a.Commit(nil, mustResult(t, 1)); !errors.Is(err, ErrAttemptClosed) {
		t.Errorf("a commit after it: %v", err)
	}
	mustDo(t, s, chunk, 1) // and the task can be begun anew
}

func TestDiscardKeepsWhatWasRecorded(t *testing.T) {
	s := mustOpen(t, tempDir(t))
	key := mustKey(t, "chunk", nil)
	mustDo(t, s, key, "kept")
	if err := mustBegin(t, s, key).Discard(); err != nil {
		t.Fatal(err)
	}
	if got := recorded(t, s, key); got != "kept" {
		t.Errorf("recorded is %v", got)
	}
	if done, err := s.Done("chunk"); err != nil || len(done) != 1 || done[0].Digest() != key.Digest() {
		t.Errorf("done: %v, %v", done, err)
	}
	if done, err := s.Done("other"); err != nil || len(done) != 0 {
		t.Errorf("done of another name: %v, %v", done, err)
	}
}
