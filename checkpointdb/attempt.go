package checkpointdb

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"sync"
)

// An Attempt is one execution of a task by this process, from Begin to Commit,
// Fail or Interrupted. Attempts of several tasks may be open at once, nested
// or side by side.
//
// SaveSnapshot may run in another goroutine than the other methods; whichever
// of it and Commit comes second finds the other's work whole.
type Attempt struct {
	store  *Store
	key    Key
	digest string // of the key
	id     int64
	task   int64
	saving sync.Mutex // one snapshot at a time

	mu        sync.Mutex // guards what follows
	closed    bool
	replace   bool
	saved     int                // snapshots, for their names
	artifacts map[string]written // made so far, by path
}

// Begin opens an attempt of a task, done before or not. A task that has an
// open attempt returns ErrTaskOpen.
func (s *Store) Begin(key Key) (*Attempt, error) {
	a, err := s.claim(key)
	if err != nil {
		return nil, err
	}
	if err := s.transaction("begin "+key.Name, a.register); err != nil {
		a.release()
		return nil, err
	}
	s.opt.Fault("begin.done")
	s.noteNear(key)
	return a, nil
}

// claim makes the attempt of a task in memory, the only one that is open.
func (s *Store) claim(key Key) (*Attempt, error) {
	if err := s.live(); err != nil {
		return nil, err
	}
	a := &Attempt{store: s, key: key, digest: key.Digest(), artifacts: map[string]written{}}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[a.digest] != nil {
		return nil, fmt.Errorf("checkpointdb: %s is %w", key, ErrTaskOpen)
	}
	s.open[a.digest] = a
	return a, nil
}

// noteNear lets NearDuplicate know a task that has been begun.
func (s *Store) noteNear(key Key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.near != nil {
		s.near[key.Name] = append(s.near[key.Name], newNearKey(key))
	}
}

// register inserts the task, if it is new, and the attempt.
func (a *Attempt) register(tx *sql.Tx) error {
	s := a.store
	_, err := tx.Exec(`INSERT INTO tasks (generation, name, params, key, state, started)
		VALUES (?, ?, ?, ?, 'unfinished', ?) ON CONFLICT DO NOTHING`,
		s.generation, a.key.Name, string(a.key.Params), a.digest, s.stamp())
	if err != nil {
		return err
	}
	if err := tx.QueryRow("SELECT task FROM tasks WHERE generation = ? AND key = ?", s.generation, a.digest).Scan(&a.task); err != nil {
		return err
	}
	host, _ := os.Hostname()
	r, err := tx.Exec("INSERT INTO attempts (task, run, pid, host, started, outcome) VALUES (?, ?, ?, ?, ?, 'running')",
		a.task, s.run, os.Getpid(), host, s.stamp())
	if err != nil {
		return err
	}
	a.id, err = r.LastInsertId()
	s.opt.Fault("begin.filled")
	return err
}

// Key is the task's key.
func (a *Attempt) Key() Key { return a.key }

// Replace says that what is recorded of the task is stale and is to be
// replaced: its result and its artifacts, made again, may be others. The
// recorded result stays until Commit.
func (a *Attempt) Replace() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.replace = true
}

// Commit records the result, the fact that the task is done, its fingerprint
// and its artifacts in one transaction, which after it returns survives power
// loss. Results of the same key in older generations go with it. The task's
// snapshots are deleted afterwards.
//
// If the task was done before with the same fingerprint, and Replace has not
// been called, the result and the artifacts must be what they were, else
// ErrNotReproduced: what is recorded stays. On any error the attempt is still
// open.
func (a *Attempt) Commit(fp Fingerprint, r *Result) error {
	if err := fp.check(); err != nil {
		return err
	}
	if err := r.checkSize(a.key); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return ErrAttemptClosed
	}
	s := a.store
	s.opt.Fault("commit.begun")
	var files []string
	err := s.transaction("commit "+a.key.Name, func(tx *sql.Tx) (err error) {
		if files, err = a.finish(tx, fp, r); err == nil {
			s.opt.Fault("commit.filled")
		}
		return err
	})
	if err != nil {
		return err
	}
	a.forget()
	s.opt.Fault("commit.done")
	s.removeSnapshots(files)
	s.opt.Fault("commit.pruned")
	return nil
}

// finish records a task as done in a transaction and returns the snapshot files
// that are superfluous after it.
func (a *Attempt) finish(tx *sql.Tx, fp Fingerprint, r *Result) (files []string, err error) {
	if err := a.checkReproduced(tx, fp, r); err != nil {
		return nil, err
	}
	if files, err = snapshotFiles(tx, a.task); err != nil {
		return nil, err
	}
	if err := a.clearTask(tx); err != nil {
		return nil, err
	}
	if err := a.insertResult(tx, fp, r); err != nil {
		return nil, err
	}
	return files, a.end(tx, "done", "")
}

// maxBytes is SQLite's limit for one value.
const maxBytes = 1_000_000_000

func (r *Result) checkSize(key Key) error {
	if len(r.JSON) > maxBytes {
		return fmt.Errorf("checkpointdb: the result of %s has %d bytes of text, at most %d can be recorded", key, len(r.JSON), maxBytes)
	}
	for _, a := range r.Arrays {
		if len(a.NPY) > maxBytes {
			return fmt.Errorf("checkpointdb: array %s of the result of %s has %d bytes, at most %d can be recorded: write it to a file", a.Name, key, len(a.NPY), maxBytes)
		}
	}
	return nil
}

// checkReproduced compares with what was recorded of the same task.
func (a *Attempt) checkReproduced(tx *sql.Tx, fp Fingerprint, r *Result) error {
	var digest string
	err := tx.QueryRow("SELECT sha256 FROM results WHERE task = ?", a.task).Scan(&digest)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	recorded, err := readFingerprint(tx, a.task)
	if err != nil || a.replace || len(recorded.Diff(fp)) > 0 {
		return err
	}
	if digest != r.Digest {
		return &NotReproducedError{a.key, "the result", digest, r.Digest}
	}
	files, err := readArtifacts(tx, a.task)
	if err != nil {
		return err
	}
	for _, f := range files {
		if made := a.artifacts[f.path].sha256; made != f.sha256 {
			return &NotReproducedError{a.key, f.path, f.sha256, made}
		}
	}
	return nil
}

// clearTask removes what a commit replaces.
func (a *Attempt) clearTask(tx *sql.Tx) error {
	for _, table := range []string{"results", "arrays", "fingerprints", "artifacts", "snapshots"} {
		if _, err := tx.Exec("DELETE FROM "+table+" WHERE task = ?", a.task); err != nil {
			return err
		}
	}
	_, err := tx.Exec("DELETE FROM tasks WHERE key = ? AND generation < ?", a.digest, a.store.generation)
	return err
}

func (a *Attempt) insertResult(tx *sql.Tx, fp Fingerprint, r *Result) error {
	if _, err := tx.Exec("INSERT INTO results (task, json, sha256) VALUES (?, ?, ?)", a.task, string(r.JSON), r.Digest); err != nil {
		return err
	}
	for _, array := range r.Arrays {
		shape, err := json.Marshal(array.Shape)
		if err != nil {
			return err
		}
		if _, err := tx.Exec("INSERT INTO arrays (task, name, shape, npy) VALUES (?, ?, ?, ?)",
			a.task, array.Name, string(shape), array.NPY); err != nil {
			return err
		}
	}
	for _, f := range fp.sorted() {
		if _, err := tx.Exec("INSERT INTO fingerprints (task, kind, name, value) VALUES (?, ?, ?, ?)",
			a.task, f.Kind, f.Name, f.Value); err != nil {
			return err
		}
	}
	for path, w := range a.artifacts {
		if _, err := tx.Exec("INSERT INTO artifacts (task, path, size, sha256, mtime_ns, inode) VALUES (?, ?, ?, ?, ?, ?)",
			a.task, path, w.size, w.sha256, w.mtime, int64(w.inode)); err != nil {
			return err
		}
	}
	_, err := tx.Exec("UPDATE tasks SET state = 'done', done = ? WHERE task = ?", a.store.stamp(), a.task)
	return err
}

// Fail ends the attempt; reason is what the researcher was told. Snapshots
// stay for the next one.
func (a *Attempt) Fail(reason string) error { return a.stop("failed", reason) }

// Interrupted ends the attempt because the run was asked to stop. Snapshots
// stay for the next one.
func (a *Attempt) Interrupted() error { return a.stop("interrupted", "") }

func (a *Attempt) stop(outcome, reason string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return ErrAttemptClosed
	}
	err := a.store.transaction("end "+a.key.Name, func(tx *sql.Tx) error {
		return a.end(tx, outcome, reason)
	})
	a.forget()
	return err
}

func (a *Attempt) end(tx *sql.Tx, outcome, reason string) error {
	_, err := tx.Exec("UPDATE attempts SET outcome = ?, reason = nullif(?, ''), ended = ? WHERE attempt = ?",
		outcome, reason, a.store.stamp(), a.id)
	return err
}

// forget closes the attempt in memory; a.mu is held.
func (a *Attempt) forget() {
	a.closed = true
	a.release()
}

// release lets others have the task and the artifacts.
func (a *Attempt) release() {
	s := a.store
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, a.digest)
	maps.DeleteFunc(s.owners, func(_ string, owner *Attempt) bool { return owner == a })
}

// shut closes the attempt because the store is closing.
func (a *Attempt) shut() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
}
