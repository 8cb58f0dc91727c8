package checkpointdb

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"
)

// A Record is a task that was done.
type Record struct {
	Key         Key
	Generation  int64
	DoneAt      time.Time
	Fingerprint Fingerprint
	Result      *Result
	Artifacts   []Artifact

	// Damaged are the artifacts that are missing or altered. While there are
	// any the task is not done: it has to run again, and to make again, byte
	// for byte, what it made before.
	Damaged []DamagedArtifact
}

// Done reports whether the record may be returned in place of running the task.
func (r *Record) Done() bool { return len(r.Damaged) == 0 }

// An Artifact is a file that a task wrote.
type Artifact struct {
	Path   string // from the run directory, with slashes
	Size   int64
	SHA256 string
}

// A DamagedArtifact says what became of one.
type DamagedArtifact struct{ Path, Problem string }

// queryer is a database or a transaction on it.
type queryer interface {
	Query(query string, args ...any) (*sql.Rows, error)
	QueryRow(query string, args ...any) *sql.Row
}

// Task returns what is recorded of a task in this generation, nil if it is not
// recorded done. Its artifacts are compared with the files: one whose size,
// modification time or inode is not the recorded one is read and hashed.
// A result whose own digest is wrong returns ErrDamaged.
func (s *Store) Task(key Key) (*Record, error) {
	if err := s.live(); err != nil {
		return nil, err
	}
	var task int64
	err := s.db.QueryRow("SELECT task FROM tasks WHERE generation = ? AND key = ? AND state = 'done'",
		s.generation, key.Digest()).Scan(&task)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, dbError(s.file(), "read "+key.Name, err)
	}
	rec, files, err := readRecord(s.db, task)
	if err != nil {
		return nil, dbError(s.file(), "read "+key.Name, err)
	}
	if rec.Result.digest() != rec.Result.Digest {
		return nil, &DamagedError{s.file(), fmt.Sprintf("the result of %s is not the one that was recorded", key)}
	}
	for _, a := range files {
		problem, now, err := compareArtifact(s.root, a, false)
		if err != nil {
			return nil, err
		}
		if problem != "" {
			rec.Damaged = append(rec.Damaged, DamagedArtifact{a.path, problem})
		} else if now != a.written {
			// The same bytes in another file, after a copy of the directory:
			// remember it, to save reading it the next time.
			if _, err := s.db.Exec("UPDATE artifacts SET mtime_ns = ?, inode = ? WHERE task = ? AND path = ?",
				now.mtime, int64(now.inode), task, a.path); err != nil {
				return nil, dbError(s.file(), "artifacts of "+key.Name, err)
			}
		}
	}
	return rec, nil
}

// readRecord reads all that is recorded of a task that is done.
func readRecord(db queryer, task int64) (*Record, []artifactRow, error) {
	rec := &Record{Result: &Result{}}
	var params, text, done string
	err := db.QueryRow(`SELECT t.name, t.params, t.generation, t.done, r.json, r.sha256
		FROM tasks t JOIN results r ON r.task = t.task WHERE t.task = ?`, task).
		Scan(&rec.Key.Name, &params, &rec.Generation, &done, &text, &rec.Result.Digest)
	if err != nil {
		return nil, nil, err
	}
	rec.Key.Params, rec.Result.JSON, rec.DoneAt = []byte(params), []byte(text), parseTime(done)
	if rec.Result.Arrays, err = readArrays(db, task); err != nil {
		return nil, nil, err
	}
	if rec.Fingerprint, err = readFingerprint(db, task); err != nil {
		return nil, nil, err
	}
	files, err := readArtifacts(db, task)
	for _, a := range files {
		rec.Artifacts = append(rec.Artifacts, Artifact{a.path, a.size, a.sha256})
	}
	return rec, files, err
}

// collect reads all rows of a query.
func collect[T any](db queryer, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := db.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

func readArrays(db queryer, task int64) ([]NamedArray, error) {
	return collect(db, func(rows *sql.Rows) (a NamedArray, err error) {
		var shape string
		if err = rows.Scan(&a.Name, &shape, &a.NPY); err == nil {
			err = json.Unmarshal([]byte(shape), &a.Shape)
		}
		return a, err
	}, "SELECT name, shape, npy FROM arrays WHERE task = ? ORDER BY name", task)
}

func readFingerprint(db queryer, task int64) (Fingerprint, error) {
	return collect(db, func(rows *sql.Rows) (f Field, err error) {
		return f, rows.Scan(&f.Kind, &f.Name, &f.Value)
	}, "SELECT kind, name, value FROM fingerprints WHERE task = ? ORDER BY kind, name, value", task)
}

// NearDuplicate looks for another task of the same name in this generation,
// begun or done, whose parameters differ from key's only by numbers that agree
// within a relative 1e-12 (or are 0 and within 1e-15 of it): 0.3 and 0.1+0.2.
func (s *Store) NearDuplicate(key Key) (Key, bool, error) {
	if err := s.live(); err != nil {
		return Key{}, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.readNear(); err != nil {
		return Key{}, false, err
	}
	n := newNearKey(key)
	for _, other := range s.near[key.Name] {
		if n.near(other) {
			return other.key, true, nil
		}
	}
	return Key{}, false, nil
}

// readNear fills s.near; s.mu is held.
func (s *Store) readNear() error {
	if s.near != nil {
		return nil
	}
	keys, err := collect(s.db, func(rows *sql.Rows) (k Key, err error) {
		return k, rows.Scan(&k.Name, &k.Params)
	}, "SELECT name, params FROM tasks WHERE generation = ? ORDER BY task", s.generation)
	if err != nil {
		return dbError(s.file(), "read tasks", err)
	}
	s.near = map[string][]nearKey{}
	for _, k := range keys {
		s.near[k.Name] = append(s.near[k.Name], newNearKey(k))
	}
	return nil
}

func parseTime(text string) time.Time {
	t, _ := time.Parse(timeFormat, text)
	return t
}

// hashInRoot reads a file of the run directory.
func hashInRoot(root *os.Root, path string) (int64, string, error) {
	f, err := root.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	return hashFile(f)
}
