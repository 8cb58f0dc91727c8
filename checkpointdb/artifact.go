package checkpointdb

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// artifactRow is an artifact as it is recorded.
type artifactRow struct {
	path string
	written
}

func readArtifacts(db queryer, task int64) ([]artifactRow, error) {
	return collect(db, func(rows *sql.Rows) (a artifactRow, err error) {
		var inode int64
		err = rows.Scan(&a.path, &a.size, &a.sha256, &a.mtime, &inode)
		a.inode = uint64(inode)
		return a, err
	}, "SELECT path, size, sha256, mtime_ns, inode FROM artifacts WHERE task = ? ORDER BY path", task)
}

// compareArtifact says in which way a file is not the one recorded, or, with
// no problem, how it lies there now. It is read if it looks other than
// recorded, or if all is set.
func compareArtifact(root *os.Root, a artifactRow, all bool) (problem string, now written, err error) {
	info, err := root.Stat(a.path)
	if errors.Is(err, fs.ErrNotExist) {
		return "is missing", now, nil
	}
	if err != nil {
		return "can't be read: " + err.Error(), now, nil
	}
	if !info.Mode().IsRegular() {
		return "is not a file any more", now, nil
	}
	now = describe(info)
	if now.size != a.size {
		return fmt.Sprintf("has %d bytes, recorded were %d", now.size, a.size), now, nil
	}
	now.sha256 = a.sha256
	if now == a.written && !all {
		return "", now, nil
	}
	_, digest, err := hashInRoot(root, a.path)
	if err != nil {
		return "can't be read: " + err.Error(), now, nil
	}
	if digest != a.sha256 {
		return fmt.Sprintf("has been altered: SHA-256 %.12s…, recorded was %.12s…", digest, a.sha256), now, nil
	}
	return "", now, nil
}

// WriteArtifact writes a file of the task, as WriteFileAtomic does, and notes
// its size and SHA-256 for Commit. name is from the run directory, with
// slashes, and stays inside; runlua's own files there can't be written, nor
// one that another task made.
//
// Where the task was done before, and Replace has not been called, the file
// must have the bytes it had, else ErrNotReproduced and the file stays as it
// is.
func (a *Attempt) WriteArtifact(name string, write func(io.Writer) error) error {
	s := a.store
	name, err := artifactPath(name)
	if err != nil {
		return err
	}
	recorded, err := a.ownArtifact(name)
	if err != nil {
		return err
	}
	w, err := writeAtomic(s.root, name, "artifact", s.opt.Fault, write, func(w written) error {
		if recorded != "" && recorded != w.sha256 {
			return &NotReproducedError{a.key, name, recorded, w.sha256}
		}
		return nil
	})
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return ErrAttemptClosed
	}
	a.artifacts[name] = w
	return nil
}

func artifactPath(name string) (string, error) {
	clean := path.Clean(name)
	if !fs.ValidPath(clean) || clean == "." {
		return "", fmt.Errorf("checkpointdb: artifact %q: the path must lead from the run directory to a file inside it", name)
	}
	top, _, _ := strings.Cut(clean, "/")
	if top == snapshotFolder || top == "live" || strings.HasPrefix(clean, databaseFile) || clean == lockFile {
		return "", fmt.Errorf("checkpointdb: artifact %q: that file is runlua's own", name)
	}
	return clean, nil
}

// ArtifactOwner tells which task of this generation a file belongs to, if any.
func (s *Store) ArtifactOwner(name string) (owner Key, owned bool, err error) {
	err = s.db.QueryRow(`SELECT t.name, t.params FROM artifacts f JOIN tasks t ON t.task = f.task
		WHERE f.path = ? AND t.generation = ?`, name, s.generation).Scan(&owner.Name, &owner.Params)
	if errors.Is(err, sql.ErrNoRows) {
		return Key{}, false, nil
	}
	return owner, err == nil, dbError(s.file(), "artifact "+name, err)
}

// ownArtifact refuses a path that belongs to another task of this generation,
// and returns the digest that the file is held to, if any.
func (a *Attempt) ownArtifact(name string) (digest string, err error) {
	s := a.store
	a.mu.Lock()
	closed, replace := a.closed, a.replace
	a.mu.Unlock()
	if closed {
		return "", ErrAttemptClosed
	}
	s.mu.Lock()
	owner := s.owners[name]
	if owner == nil {
		s.owners[name] = a
	}
	s.mu.Unlock()
	if owner != nil && owner != a {
		return "", fmt.Errorf("checkpointdb: artifact %s of %s: %s writes it too", name, a.key, owner.key)
	}
	type row struct {
		task   int64
		key    Key
		digest string
	}
	rows, err := collect(s.db, func(rows *sql.Rows) (r row, err error) {
		return r, rows.Scan(&r.task, &r.key.Name, &r.key.Params, &r.digest)
	}, `SELECT t.task, t.name, t.params, f.sha256 FROM artifacts f JOIN tasks t ON t.task = f.task
		WHERE f.path = ? AND t.generation = ?`, name, s.generation)
	if err != nil {
		return "", dbError(s.file(), "artifact "+name, err)
	}
	for _, r := range rows {
		if r.task != a.task {
			return "", fmt.Errorf("checkpointdb: artifact %s of %s: %s wrote it before", name, a.key, r.key)
		}
		if !replace {
			digest = r.digest
		}
	}
	return digest, nil
}
