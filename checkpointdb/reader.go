package checkpointdb

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// A Reader reads a run directory, while another process writes it or not. It
// writes nothing, and of a directory that nobody writes and that was closed
// cleanly it makes no file either. Each method opens the database anew.
type Reader struct {
	dir  string
	root *os.Root
}

// OpenReader opens a run directory to read. A directory without a run returns
// ErrNoRun; ErrDamaged and ErrNewer are as for Open.
func OpenReader(dir string) (*Reader, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("checkpointdb: %w", err)
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, fmt.Errorf("checkpointdb: %s: %w", dir, ErrNoRun)
	}
	found, err := lookBeside(dir)
	if err != nil {
		return nil, err
	}
	if !found.exists {
		return nil, fmt.Errorf("checkpointdb: %s: %w", dir, ErrNoRun)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("checkpointdb: %w", err)
	}
	r := &Reader{dir, root}
	err = r.read("open", func(db *sql.DB) error {
		var schema int
		if err := db.QueryRow("PRAGMA user_version").Scan(&schema); err != nil {
			return err
		}
		if schema > knownSchema {
			return &NewerError{r.file(), schema, knownSchema}
		}
		return nil
	})
	if err != nil {
		root.Close()
		return nil, err
	}
	return r, nil
}

// Close gives back what OpenReader took.
func (r *Reader) Close() error { return r.root.Close() }

// Dir is the absolute real path of the run directory.
func (r *Reader) Dir() string { return r.dir }

func (r *Reader) file() string { return filepath.Join(r.dir, databaseFile) }

// read calls f with a connection. f may be called again, when a writer came in
// between; it sets its results anew each time.
func (r *Reader) read(operation string, f func(*sql.DB) error) error {
	for {
		again, err := r.readOnce(f)
		if !again {
			if errors.Is(err, ErrNewer) {
				return err
			}
			return dbError(r.file(), operation, err)
		}
	}
}

func (r *Reader) readOnce(f func(*sql.DB) error) (again bool, err error) {
	before, err := r.state()
	if err != nil {
		return false, err
	}
	how := toRead
	if before.alone {
		how = toReadAlone
	}
	db, err := openDatabase(r.file(), how)
	if err == nil {
		err = f(db)
		db.Close()
	}
	if !before.alone {
		return false, err
	}
	// Without locks only the files themselves can tell that nobody wrote.
	after, stateErr := r.state()
	if stateErr != nil {
		return false, stateErr
	}
	return before != after, err
}

// readerState is what a Reader sees of a directory. It is alone where nobody
// holds the directory and the database has no log.
type readerState struct {
	alone bool
	file  written
}

func (r *Reader) state() (s readerState, err error) {
	info, err := os.Stat(r.file())
	if err != nil {
		return s, err
	}
	s.file = describe(info)
	found, err := lookBeside(r.dir)
	if err != nil {
		return s, err
	}
	held, err := holder(r.dir)
	s.alone = held == nil && !found.log
	return s, err
}

// lookBeside is look beside a writer, who may fold the log into the database
// between one glance and the next: what seems damaged is looked at again.
func lookBeside(dir string) (found databaseState, err error) {
	for range 20 {
		if found, err = look(dir); !errors.Is(err, ErrDamaged) {
			return found, err
		}
		time.Sleep(2 * time.Millisecond)
	}
	return found, err
}

// Holder is who writes the directory now, nil if nobody does.
func (r *Reader) Holder() (*HeldError, error) { return holder(r.dir) }

// Meta are facts about the directory: script, script from here, created.
func (r *Reader) Meta() (map[string]string, error) {
	var meta map[string]string
	err := r.read("read meta", func(db *sql.DB) error {
		meta = map[string]string{}
		pairs, err := collect(db, func(rows *sql.Rows) (p [2]string, err error) {
			return p, rows.Scan(&p[0], &p[1])
		}, "SELECT name, value FROM meta")
		for _, p := range pairs {
			meta[p[0]] = p[1]
		}
		return err
	})
	return meta, err
}

// A Generation is opened by the first run, and by each --force-rerun that
// begins anew.
type Generation struct {
	Number   int64
	Forced   bool
	Opened   time.Time
	Finished time.Time // zero while unfinished
}

// Generations are in the order of their numbers; the last is the current one.
func (r *Reader) Generations() (out []Generation, err error) {
	err = r.read("read generations", func(db *sql.DB) (err error) {
		out, err = collect(db, func(rows *sql.Rows) (g Generation, err error) {
			var opened, finished string
			err = rows.Scan(&g.Number, &g.Forced, &opened, &finished)
			g.Opened, g.Finished = parseTime(opened), parseTime(finished)
			return g, err
		}, "SELECT generation, forced, opened, coalesce(finished, '') FROM generations ORDER BY generation")
		return err
	})
	return out, err
}

// A Run is one process that wrote the directory. Status is running, killed or
// how it ended; whether a running one still runs, Holder tells.
type Run struct {
	ID, Generation int64
	Started, Ended time.Time
	Status         string
	PID            int
	Host, Version  string
	Arguments      string // JSON list
}

// Runs are in the order in which they started.
func (r *Reader) Runs() (out []Run, err error) {
	err = r.read("read runs", func(db *sql.DB) (err error) {
		out, err = collect(db, func(rows *sql.Rows) (run Run, err error) {
			var started, ended string
			err = rows.Scan(&run.ID, &run.Generation, &started, &ended, &run.Status, &run.PID, &run.Host, &run.Version, &run.Arguments)
			run.Started, run.Ended = parseTime(started), parseTime(ended)
			return run, err
		}, "SELECT run, generation, started, coalesce(ended, ''), status, pid, host, version, arguments FROM runs ORDER BY run")
		return err
	})
	return out, err
}

// TaskInfo is the state of a task, done or not.
type TaskInfo struct {
	Key         Key
	Generation  int64
	Done        bool
	Started     time.Time // first attempt
	DoneAt      time.Time // zero unless done
	Attempts    int
	LastOutcome string // running, done, failed, interrupted, killed
	LastReason  string // of a failed one
	Newest      *Snapshot
}

// Tasks are those of all generations, in the order in which they first began.
// Of a task that was done in one generation and begun in a later one there are
// two.
func (r *Reader) Tasks() (out []TaskInfo, err error) {
	err = r.read("read tasks", func(db *sql.DB) error {
		newest, err := newestSnapshots(db)
		if err != nil {
			return err
		}
		out, err = collect(db, func(rows *sql.Rows) (t TaskInfo, err error) {
			var task int64
			var started, done string
			err = rows.Scan(&task, &t.Key.Name, &t.Key.Params, &t.Generation, &t.Done, &started, &done,
				&t.Attempts, &t.LastOutcome, &t.LastReason)
			t.Started, t.DoneAt, t.Newest = parseTime(started), parseTime(done), newest[task]
			return t, err
		}, `SELECT t.task, t.name, t.params, t.generation, t.state = 'done', t.started, coalesce(t.done, ''),
				(SELECT count(*) FROM attempts a WHERE a.task = t.task),
				coalesce(a.outcome, ''), coalesce(a.reason, '')
			FROM tasks t LEFT JOIN attempts a
				ON a.attempt = (SELECT max(attempt) FROM attempts b WHERE b.task = t.task)
			ORDER BY t.task`)
		return err
	})
	return out, err
}

// newestSnapshots is the newest snapshot of each task that has one.
func newestSnapshots(db queryer) (map[int64]*Snapshot, error) {
	tasks, err := collect(db, func(rows *sql.Rows) (task int64, err error) {
		return task, rows.Scan(&task)
	}, "SELECT DISTINCT task FROM snapshots")
	if err != nil {
		return nil, err
	}
	out := map[int64]*Snapshot{}
	for _, task := range tasks {
		all, err := readSnapshots(db, "task = ?", task)
		if err != nil {
			return nil, err
		}
		if len(all) > 0 {
			out[task] = &all[0]
		}
	}
	return out, nil
}

// Snapshots are all there are, newest first.
func (r *Reader) Snapshots() (out []Snapshot, err error) {
	err = r.read("read snapshots", func(db *sql.DB) (err error) {
		out, err = readSnapshots(db, "true")
		return err
	})
	return out, err
}

// Result is the newest record of a task that was done, of whichever
// generation, nil if there is none. Artifacts are not looked at.
func (r *Reader) Result(key Key) (rec *Record, err error) {
	all, err := r.records("key = ?", key.Digest())
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[len(all)-1], nil
}

// Results are the records of all tasks that were done, in the order of
// generation and of their first attempt.
func (r *Reader) Results() ([]*Record, error) { return r.records("true") }

func (r *Reader) records(where string, args ...any) (out []*Record, err error) {
	err = r.read("read results", func(db *sql.DB) error {
		out = nil
		tasks, err := collect(db, func(rows *sql.Rows) (task int64, err error) {
			return task, rows.Scan(&task)
		}, "SELECT task FROM tasks WHERE state = 'done' AND "+where+" ORDER BY generation, task", args...)
		if err != nil {
			return err
		}
		for _, task := range tasks {
			rec, _, err := readRecord(db, task)
			if err != nil {
				return err
			}
			out = append(out, rec)
		}
		return nil
	})
	return out, err
}
