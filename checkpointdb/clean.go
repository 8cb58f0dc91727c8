package checkpointdb

import (
	"database/sql"
	"fmt"
)

// What Clean removes.
type What int

const (
	// CleanSnapshots removes the saved states of unfinished tasks, which then
	// begin anew. Results stay.
	CleanSnapshots What = iota + 1
	// CleanSuperseded removes all that is recorded of generations before the
	// current one, and the artifacts that only they made and nobody changed.
	CleanSuperseded
)

// Cleaned is what Clean removed.
type Cleaned struct {
	Snapshots, Tasks, Artifacts int
}

// Clean removes a part of what a run directory holds. It refuses, as Open
// does, a directory that is held, damaged or newer; one without a run returns
// ErrNoRun.
func Clean(dir string, what What, opt Options) (Cleaned, error) {
	opt.fill()
	opt.Script = "" // whichever made it
	var done Cleaned
	r, err := OpenReader(dir)
	if err != nil {
		return done, err
	}
	r.Close()
	s, err := openStore(dir, opt)
	if err != nil {
		return done, err
	}
	defer s.abandon()
	switch what {
	case CleanSnapshots:
		err = s.cleanSnapshots(&done)
	case CleanSuperseded:
		err = s.cleanSuperseded(&done)
	default:
		panic(fmt.Sprintf("checkpointdb: Clean: what = %d", what))
	}
	if err != nil {
		return done, err
	}
	if err := s.tidy(); err != nil {
		return done, err
	}
	// Give the space back; without it the file only stays larger.
	if _, err := s.db.Exec("VACUUM"); err != nil {
		s.opt.Warn(fmt.Sprintf("%s keeps its size: %v", s.file(), err))
	}
	return done, dbError(s.file(), "close", s.db.Close())
}

func (s *Store) cleanSnapshots(done *Cleaned) error {
	return s.transaction("clean", func(tx *sql.Tx) error {
		r, err := tx.Exec("DELETE FROM snapshots")
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		done.Snapshots = int(n)
		return err
	})
}

func (s *Store) cleanSuperseded(done *Cleaned) error {
	var files []artifactRow
	err := s.transaction("clean", func(tx *sql.Tx) error {
		const current = "(SELECT max(generation) FROM generations)"
		tasks, err := collect(tx, func(rows *sql.Rows) (task int64, err error) {
			return task, rows.Scan(&task)
		}, "SELECT task FROM tasks WHERE generation < "+current)
		if err != nil {
			return err
		}
		for _, task := range tasks {
			own, err := readArtifacts(tx, task)
			if err != nil {
				return err
			}
			files = append(files, own...)
		}
		done.Tasks = len(tasks)
		_, err = tx.Exec("DELETE FROM tasks WHERE generation < " + current)
		return err
	})
	if err != nil {
		return err
	}
	for _, f := range files {
		var wanted bool
		if err := s.db.QueryRow("SELECT EXISTS (SELECT * FROM artifacts WHERE path = ?)", f.path).Scan(&wanted); err != nil {
			return dbError(s.file(), "clean", err)
		}
		if problem, _, err := compareArtifact(s.root, f, true); wanted || err != nil || problem != "" {
			continue
		}
		if err := s.root.Remove(f.path); err != nil {
			return fmt.Errorf("checkpointdb: clean: %w", err)
		}
		done.Artifacts++
	}
	return nil
}
