package checkpointdb

import (
	"database/sql"
)

// Discard ends the attempt and removes the task with its snapshots, as if it
// had never been begun: for work whose outcome other tasks have recorded by
// now, such as a chunk of samples once each sample stands for itself. A task
// that was done before keeps its result and only loses the attempt.
func (a *Attempt) Discard() error {
	a.saving.Lock()
	defer a.saving.Unlock()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return ErrAttemptClosed
	}
	s := a.store
	var files []string
	err := s.transaction("discard "+a.key.Name, func(tx *sql.Tx) (err error) {
		if files, err = snapshotFiles(tx, a.task); err != nil {
			return err
		}
		for _, statement := range []string{
			"DELETE FROM snapshots WHERE task = ?1",
			"DELETE FROM attempts WHERE attempt = ?2",
			"DELETE FROM tasks WHERE task = ?1 AND state = 'unfinished'",
		} {
			if _, err := tx.Exec(statement, a.task, a.id); err != nil {
				return err
			}
		}
		s.opt.Fault("discard.filled")
		return nil
	})
	if err != nil {
		return err
	}
	a.forget()
	s.opt.Fault("discard.done")
	s.removeSnapshots(files)
	s.opt.Fault("discard.pruned")
	return nil
}

// Done lists the tasks of a name that are recorded done in this generation, in
// the order in which they were begun.
func (s *Store) Done(name string) ([]Key, error) {
	return s.keys("SELECT name, params FROM tasks WHERE generation = ? AND name = ? AND state = 'done' ORDER BY task", name)
}

// Begun lists the unfinished tasks of a name in this generation that a snapshot
// is left of, in the order in which they were begun.
func (s *Store) Begun(name string) ([]Key, error) {
	unfinished, err := s.Unfinished(name)
	var keys []Key
	for _, u := range unfinished {
		if u.Snapshots > 0 {
			keys = append(keys, u.Key)
		}
	}
	return keys, err
}

// An Unfinished task has been begun and is not done.
type Unfinished struct {
	Key
	Snapshots int // that are left of it
}

// Unfinished lists the unfinished tasks of a name in this generation, in the
// order in which they were begun.
func (s *Store) Unfinished(name string) ([]Unfinished, error) {
	if err := s.live(); err != nil {
		return nil, err
	}
	list, err := collect(s.db, func(rows *sql.Rows) (u Unfinished, err error) {
		return u, rows.Scan(&u.Name, &u.Params, &u.Snapshots)
	}, `SELECT name, params, (SELECT count(*) FROM snapshots WHERE task = t.task) FROM tasks t
		WHERE generation = ? AND name = ? AND state = 'unfinished' ORDER BY task`, s.generation, name)
	return list, dbError(s.file(), "read tasks", err)
}

func (s *Store) keys(query, name string) ([]Key, error) {
	if err := s.live(); err != nil {
		return nil, err
	}
	keys, err := collect(s.db, func(rows *sql.Rows) (k Key, err error) {
		return k, rows.Scan(&k.Name, &k.Params)
	}, query, s.generation, name)
	return keys, dbError(s.file(), "read tasks", err)
}
