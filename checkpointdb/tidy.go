package checkpointdb

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
)

// snapshotPattern is what snapshotName makes.
var snapshotPattern = regexp.MustCompile(`^\w+-task\d+-call-?\d+-step-?\d+-\d+\.\d+\.snap$`)

// removeSnapshots deletes files that the database does not name any more. One
// that can't be deleted is tried again at the next open.
func (s *Store) removeSnapshots(files []string) {
	for _, file := range files {
		if err := s.root.Remove(path.Join(snapshotFolder, file)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			s.opt.Warn(fmt.Sprintf("snapshot %s is no longer needed and can't be deleted: %v", file, err))
		}
	}
}

// tidy deletes what a crash left behind: snapshot files that the database does
// not name, and temporary files.
func (s *Store) tidy() error {
	named, err := collect(s.db, func(rows *sql.Rows) (file string, err error) {
		return file, rows.Scan(&file)
	}, "SELECT file FROM snapshots")
	if err != nil {
		return dbError(s.file(), "read snapshots", err)
	}
	wanted := map[string]bool{}
	for _, file := range named {
		wanted[file] = true
	}
	files, err := listSnapshots(s.root)
	if err != nil {
		return err
	}
	var superfluous []string
	for _, file := range files {
		if !wanted[file] {
			superfluous = append(superfluous, file)
		}
	}
	s.removeSnapshots(superfluous)
	if err := removeTemporary(s.root); err != nil {
		s.opt.Warn(fmt.Sprintf("a temporary file can't be deleted: %v", err))
	}
	return nil
}

// listSnapshots are the files in the snapshot folder that look like ours.
func listSnapshots(root *os.Root) ([]string, error) {
	entries, err := fs.ReadDir(root.FS(), snapshotFolder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("checkpointdb: %w", err)
	}
	var out []string
	for _, entry := range entries {
		if snapshotPattern.MatchString(entry.Name()) {
			out = append(out, entry.Name())
		}
	}
	return out, nil
}

func countSnapshots(dir string) int {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return 0
	}
	defer root.Close()
	files, _ := listSnapshots(root)
	return len(files)
}

// removeTemporary deletes temporary files that a crash left below the
// directory; symbolic links are not followed.
func removeTemporary(root *os.Root) error {
	return fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil // unreadable: none of ours
		}
		base := path.Base(name)
		if entry.Type().IsRegular() && strings.HasPrefix(base, tempPrefix) && strings.HasSuffix(base, tempSuffix) {
			return root.Remove(name)
		}
		return nil
	})
}
