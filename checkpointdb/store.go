package checkpointdb

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Options are what Open needs to know besides the directory.
type Options struct {
	// Script is the absolute real path of the script, or, where there is no
	// file, a name that is no path: "-e", "interactive".
	Script string
	// Args are the arguments as typed and Version the program's; both are
	// only recorded.
	Args    []string
	Version string
	// Force opens a new generation, or continues an unfinished one that Force
	// opened.
	Force bool
	// AllowNetworkFS opens a directory on a filesystem whose locks are not
	// trusted, with a warning.
	AllowNetworkFS bool
	// Warn is told what a person should know; nil drops it.
	Warn func(msg string)
	// Fault, if not nil, is called at each of Points. It may panic or end the
	// process.
	Fault func(point string)
	// Now is the clock of what is recorded about times; nil is time.Now.
	Now func() time.Time

	filesystem func(dir string) (uint32, error) // nil is filesystemMagic
}

func (o *Options) fill() {
	if o.Warn == nil {
		o.Warn = func(string) {}
	}
	if o.Fault == nil {
		o.Fault = func(string) {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.filesystem == nil {
		o.filesystem = filesystemMagic
	}
}

// A Store is a run directory opened to write, by the one process that may. Its
// methods may be called from several goroutines at once.
type Store struct {
	dir        string
	opt        Options
	root       *os.Root
	lock       *lock
	db         *sql.DB
	run        int64
	generation int64

	mu     sync.Mutex // guards what follows
	closed bool
	open   map[string]*Attempt  // by digest of the key
	owners map[string]*Attempt  // of artifacts written by open attempts, by path
	near   map[string][]nearKey // by name of the task; nil until asked for
	broken map[string]bool      // snapshot files found damaged
}

// Open opens the run directory dir, made if missing, and registers this
// process as its writer. Errors are, by errors.Is: ErrHeld, ErrDamaged,
// ErrNewer, ErrOtherScript, ErrNetworkFS; after each of them the directory is
// as it was, but for run.lock.
func Open(dir string, opt Options) (*Store, error) {
	if opt.Script == "" {
		return nil, errors.New("checkpointdb: Open: no script is named")
	}
	opt.fill()
	s, err := openStore(dir, opt)
	if err != nil {
		return nil, err
	}
	if err := s.start(); err != nil {
		s.abandon()
		return nil, err
	}
	return s, nil
}

// openStore takes the lock and opens the database, without registering a run.
func openStore(dir string, opt Options) (*Store, error) {
	dir, err := prepareDirectory(dir, opt)
	if err != nil {
		return nil, err
	}
	opt.Fault("open.made")
	s := &Store{dir: dir, opt: opt, open: map[string]*Attempt{}, owners: map[string]*Attempt{}, broken: map[string]bool{}}
	if err := s.take(); err != nil {
		s.abandon()
		return nil, err
	}
	return s, nil
}

// take gets hold of the directory: its lock, its files, its database.
func (s *Store) take() (err error) {
	if s.lock, err = takeLock(s.dir); err != nil {
		return err
	}
	s.opt.Fault("open.locked")
	if err := s.lock.name(s.opt.Now()); err != nil {
		return err
	}
	s.opt.Fault("open.named")
	if s.root, err = os.OpenRoot(s.dir); err != nil {
		return fmt.Errorf("checkpointdb: %w", err)
	}
	return s.openDatabase()
}

// prepareDirectory makes dir and returns its absolute real path.
func prepareDirectory(dir string, opt Options) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("checkpointdb: %w", err)
	}
	if err := checkFilesystem(dir, opt.filesystem); err != nil {
		if !opt.AllowNetworkFS {
			return "", err
		}
		opt.Warn(err.Error())
	}
	if err := makeDirectory(dir); err != nil {
		return "", fmt.Errorf("checkpointdb: %w", err)
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return "", fmt.Errorf("checkpointdb: %w", err)
	}
	return dir, nil
}

func (s *Store) openDatabase() error {
	file := filepath.Join(s.dir, databaseFile)
	script := identify(s.opt.Script, s.dir)
	found, err := look(s.dir)
	if err != nil {
		return err
	}
	recorded := script
	if found.exists {
		if recorded, err = inspect(s.dir, found); err != nil {
			return err
		}
	} else if err := createDatabase(s.dir, script, s.stamp(), s.opt.Fault); err != nil {
		return err
	}
	same, moved := recorded.same(script)
	if !same && s.opt.Script != "" {
		return &OtherScriptError{s.dir, recorded.path, script.path}
	}
	if s.db, err = openDatabase(file, toWrite); err != nil {
		return dbError(file, "open", err)
	}
	if err := migrate(s.db, migrations, s.opt.Fault); err != nil {
		return dbError(file, "open", err)
	}
	if moved && same {
		s.opt.Warn(fmt.Sprintf("%s was made by %s, which is now %s", s.dir, recorded.path, script.path))
		return dbError(file, "open", script.record(s.db))
	}
	return nil
}

// start registers the run, in its generation, and deletes what earlier
// processes left behind.
func (s *Store) start() error {
	err := s.transaction("register the run", func(tx *sql.Tx) error {
		var err error
		if s.generation, err = chooseGeneration(tx, s.opt.Force, s.stamp()); err != nil {
			return err
		}
		for _, statement := range []string{
			// Whoever is still said to be running had no time to say otherwise.
			"UPDATE runs SET status = 'killed' WHERE status = 'running'",
			"UPDATE attempts SET outcome = 'killed' WHERE outcome = 'running'",
		} {
			if _, err := tx.Exec(statement); err != nil {
				return err
			}
		}
		args := s.opt.Args
		if args == nil {
			args = []string{}
		}
		text, err := json.Marshal(args)
		if err != nil {
			return err
		}
		host, _ := os.Hostname()
		r, err := tx.Exec(`INSERT INTO runs (generation, started, status, pid, host, version, arguments)
			VALUES (?, ?, 'running', ?, ?, ?, ?)`, s.generation, s.stamp(), os.Getpid(), host, s.opt.Version, string(text))
		if err != nil {
			return err
		}
		s.run, err = r.LastInsertId()
		s.opt.Fault("register.filled")
		return err
	})
	if err != nil {
		return err
	}
	s.opt.Fault("register.done")
	if err := s.tidy(); err != nil {
		return err
	}
	s.opt.Fault("tidy.done")
	return nil
}

// chooseGeneration is the generation that a run belongs to: the last one, or,
// when forced, the last if it was forced and is unfinished, else a new one.
func chooseGeneration(tx *sql.Tx, force bool, now string) (int64, error) {
	var last int64
	var forced, finished bool
	err := tx.QueryRow("SELECT generation, forced, finished IS NOT NULL FROM generations ORDER BY generation DESC LIMIT 1").
		Scan(&last, &forced, &finished)
	if err == nil && (!force || forced && !finished) {
		return last, nil
	}
	if err != nil && err != sql.ErrNoRows {
		return 0, err
	}
	// Unfinished work of the generation before can't be continued any more.
	if _, err := tx.Exec("DELETE FROM snapshots"); err != nil {
		return 0, err
	}
	_, err = tx.Exec("INSERT INTO generations (generation, forced, opened) VALUES (?, ?, ?)", last+1, force, now)
	return last + 1, err
}

// Dir is the absolute real path of the run directory.
func (s *Store) Dir() string { return s.dir }

// RunID is the number of this process among those that wrote the directory.
func (s *Store) RunID() int64 { return s.run }

// Generation is the number of the generation that is written: 1, and one more
// for each --force-rerun that began anew.
func (s *Store) Generation() int64 { return s.generation }

// How a run ended, for Close.
const (
	StatusDone        = "done"        // all work done: finishes the generation
	StatusFailed      = "failed"      // the script failed
	StatusInterrupted = "interrupted" // by the user
	StatusStopped     = "stopped"     // by a time limit or a scheduler
)

// Close records how the run ended and gives the directory back. Attempts that
// are still open are recorded as interrupted; a snapshot being written in
// another goroutine fails with ErrAttemptClosed. A second Close does nothing.
func (s *Store) Close(status string) error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	var left []*Attempt
	for _, a := range s.open {
		left = append(left, a)
	}
	s.mu.Unlock()
	s.opt.Fault("close.begun")
	for _, a := range left {
		a.shut()
	}
	err := s.transaction("close the run", func(tx *sql.Tx) error {
		if _, err := tx.Exec("UPDATE attempts SET outcome = 'interrupted', ended = ? WHERE outcome = 'running'", s.stamp()); err != nil {
			return err
		}
		if _, err := tx.Exec("UPDATE runs SET status = ?, ended = ? WHERE run = ?", status, s.stamp(), s.run); err != nil {
			return err
		}
		if status == StatusDone {
			if _, err := tx.Exec("UPDATE generations SET finished = ? WHERE generation = ? AND finished IS NULL", s.stamp(), s.generation); err != nil {
				return err
			}
		}
		s.opt.Fault("close.filled")
		return nil
	})
	if err == nil {
		s.opt.Fault("close.done")
	}
	if closeErr := s.db.Close(); err == nil {
		err = dbError(s.file(), "close", closeErr)
	}
	s.opt.Fault("close.closed")
	s.abandon()
	return err
}

// abandon lets go of everything without recording anything.
func (s *Store) abandon() {
	if s.db != nil {
		s.db.Close()
	}
	if s.root != nil {
		s.root.Close()
	}
	if s.lock != nil {
		s.lock.release()
	}
}

// live returns ErrClosed once Close has been called.
func (s *Store) live() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	return nil
}

func (s *Store) file() string { return filepath.Join(s.dir, databaseFile) }

// stamp is the time as it is recorded.
func (s *Store) stamp() string { return s.opt.Now().UTC().Format(timeFormat) }

const timeFormat = "2006-01-02T15:04:05.000Z"

// transaction runs f in a transaction that commits if f returns nil. A panic
// leaves nothing of it.
func (s *Store) transaction(operation string, f func(*sql.Tx) error) error {
	tx, err := s.db.Begin()
	if err != nil {
		return dbError(s.file(), operation, err)
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return dbError(s.file(), operation, err)
	}
	return dbError(s.file(), operation, tx.Commit())
}
