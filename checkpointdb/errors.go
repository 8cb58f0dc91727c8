package checkpointdb

import (
	"errors"
	"fmt"
	"time"

	"github.com/mattn/go-sqlite3"
)

// The reasons for which Open refuses a directory, and what may go wrong later.
var (
	ErrHeld          = errors.New("held by another process")             // is *HeldError
	ErrDamaged       = errors.New("damaged")                             // is *DamagedError
	ErrNewer         = errors.New("written by a newer version")          // is *NewerError
	ErrOtherScript   = errors.New("made by another script")              // is *OtherScriptError
	ErrNetworkFS     = errors.New("on a network filesystem")             // is *NetworkFSError
	ErrNotReproduced = errors.New("not reproduced")                      // is *NotReproducedError
	ErrNoRun         = errors.New("no run here")                         // the directory holds no database
	ErrClosed        = errors.New("checkpointdb: the store is closed")   // Close has been called
	ErrAttemptClosed = errors.New("checkpointdb: the attempt has ended") // Commit, Fail or Interrupted has been called
	ErrTaskOpen      = errors.New("being run already")                   // Begin of a task that has an open attempt
)

// A HeldError names the process that holds a run directory. PID is 0 where the
// holder has not said yet who it is.
type HeldError struct {
	PID   int
	Host  string
	Since time.Time
	Dir   string
}

func (e *HeldError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("checkpointdb: %s is held by another process", e.Dir)
	}
	return fmt.Sprintf("checkpointdb: %s is held by process %d on %s since %s",
		e.Dir, e.PID, e.Host, e.Since.Format(time.RFC3339))
}

func (e *HeldError) Is(target error) bool { return target == ErrHeld }

// A DamagedError says what is wrong with a database that nothing was written to.
type DamagedError struct{ File, Problem string }

func (e *DamagedError) Error() string {
	return fmt.Sprintf("checkpointdb: %s is damaged: %s\n  hint: nothing was changed; restore it from a copy, or move the run directory aside and run again; `sqlite3 run.db .recover` may save rows", e.File, e.Problem)
}

func (e *DamagedError) Is(target error) bool { return target == ErrDamaged }

// A NewerError is a database of a later schema than this program knows.
type NewerError struct {
	File          string
	Schema, Known int
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("checkpointdb: %s has schema %d, this program knows %d\n  hint: run it with the version of runlua that made it, or a later one", e.File, e.Schema, e.Known)
}

func (e *NewerError) Is(target error) bool { return target == ErrNewer }

// An OtherScriptError names the script that made a run directory.
type OtherScriptError struct{ Dir, Recorded, Now string }

func (e *OtherScriptError) Error() string {
	return fmt.Sprintf("checkpointdb: %s was made by %s, not by %s\n  hint: give this script a directory of its own with --dir", e.Dir, e.Recorded, e.Now)
}

func (e *OtherScriptError) Is(target error) bool { return target == ErrOtherScript }

// A NetworkFSError names the filesystem whose locks are not trusted.
type NetworkFSError struct{ Dir, Filesystem string }

func (e *NetworkFSError) Error() string {
	return fmt.Sprintf("checkpointdb: %s is on %s, whose locks can't be trusted: two machines could write it at once and destroy it\n  hint: use a local disk", e.Dir, e.Filesystem)
}

func (e *NetworkFSError) Is(target error) bool { return target == ErrNetworkFS }

// A NotReproducedError says that a task which was done before, and was run
// again with the same fingerprint because an artifact was damaged, made
// something else. What is its result, or the path of an artifact.
type NotReproducedError struct {
	Key            Key
	What           string
	Recorded, Made string // SHA-256; Made is empty where it was not made at all
}

func (e *NotReproducedError) Error() string {
	made := e.Made
	if made == "" {
		made = "nothing"
	}
	return fmt.Sprintf("checkpointdb: %s: %s was recorded with SHA-256 %.12s…, made again it is %.12s…: the task does not depend on its key and fingerprint alone", e.Key, e.What, e.Recorded, made)
}

func (e *NotReproducedError) Is(target error) bool { return target == ErrNotReproduced }

// dbError says which operation of the database failed. What SQLite calls
// corrupt is a *DamagedError.
func dbError(file, operation string, err error) error {
	if err == nil {
		return nil
	}
	var s sqlite3.Error
	if errors.As(err, &s) && (s.Code == sqlite3.ErrCorrupt || s.Code == sqlite3.ErrNotADB) {
		return &DamagedError{file, s.Error()}
	}
	if errors.Is(err, ErrNotReproduced) || errors.Is(err, ErrDamaged) {
		return err // says it all
	}
	return fmt.Errorf("checkpointdb: %s: %s: %w", file, operation, err)
}
