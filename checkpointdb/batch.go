package checkpointdb

import (
	"database/sql"
	"errors"
	"io"
	"path"
	"slices"
	"sync"
)

// A Finished is a task whose work is done, with all that is to be recorded of
// it.
type Finished struct {
	Key         Key
	Fingerprint Fingerprint
	Result      *Result
	Files       []File // its artifacts
	Replace     bool   // what is recorded of it is stale, see Attempt.Replace
}

// A File is an artifact that is to be written. Its path is from the run
// directory, with slashes.
type File struct {
	Path string
	Data []byte
}

// Record does for several tasks what Begin, WriteArtifact and Commit do for one:
// for many small ones, whose cost is that of waiting for the disk. The files
// are fsynced side by side, each folder once, and then all tasks are recorded
// in one transaction: all of them or, where anything fails, none. As many files
// are open at once as are given.
func (s *Store) Record(list []Finished) error {
	var attempts []*Attempt
	defer func() {
		for _, a := range attempts {
			a.mu.Lock()
			a.forget()
			a.mu.Unlock()
		}
	}()
	for _, f := range list {
		if err := errors.Join(f.Fingerprint.check(), f.Result.checkSize(f.Key)); err != nil {
			return err
		}
		a, err := s.claim(f.Key)
		if err != nil {
			return err
		}
		attempts = append(attempts, a)
		a.replace = f.Replace
		err = s.db.QueryRow("SELECT task FROM tasks WHERE generation = ? AND key = ?", s.generation, a.digest).Scan(&a.task)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return dbError(s.file(), "read "+f.Key.Name, err)
		}
	}
	if err := s.writeArtifacts(list, attempts); err != nil {
		return err
	}
	return s.commitAll(list, attempts)
}

// An artifactFile is one of a batch on its way to the disk.
type artifactFile struct {
	*staged
	attempt  *Attempt
	recorded string // digest that it is held to; empty: none
}

// writeArtifacts writes the files of all tasks; when it returns they are
// durable.
func (s *Store) writeArtifacts(list []Finished, attempts []*Attempt) (err error) {
	var files []artifactFile
	defer func() {
		for _, f := range files {
			if err != nil {
				f.drop()
			}
		}
	}()
	for i, finished := range list {
		for _, file := range finished.Files {
			name, err := artifactPath(file.Path)
			if err != nil {
				return err
			}
			recorded, err := attempts[i].ownArtifact(name)
			if err != nil {
				return err
			}
			staged, err := stage(s.root, name, "artifact", s.opt.Fault, func(w io.Writer) error {
				_, err := w.Write(file.Data)
				return err
			})
			if err != nil {
				return err
			}
			files = append(files, artifactFile{staged, attempts[i], recorded})
		}
	}
	if err := syncAll(files); err != nil {
		return err
	}
	return s.nameAll(files)
}

// syncAll fsyncs files side by side: a journalling filesystem brings many to the
// disk in one go.
func syncAll(files []artifactFile) error {
	const atOnce = 16
	var wg sync.WaitGroup
	errs := make([]error, len(files))
	free := make(chan struct{}, atOnce)
	for i, f := range files {
		wg.Add(1)
		free <- struct{}{}
		go func() {
			defer wg.Done()
			errs[i] = f.sync()
			<-free
		}()
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			return files[i].failure(err)
		}
	}
	return nil
}

// nameAll gives synced files their names, if all may have them, and fsyncs their
// folders.
func (s *Store) nameAll(files []artifactFile) error {
	for _, f := range files {
		f.at("synced")
		if f.recorded != "" && f.recorded != f.sha256 {
			return f.failure(&NotReproducedError{f.attempt.key, f.rel, f.recorded, f.sha256})
		}
	}
	var folders []string
	for _, f := range files {
		if err := f.rename(); err != nil {
			return f.failure(err)
		}
		f.attempt.artifacts[f.rel] = f.written
		folders = append(folders, path.Dir(f.rel))
	}
	slices.Sort(folders)
	for _, dir := range slices.Compact(folders) {
		if err := syncFolder(s.root, dir); err != nil {
			return err
		}
	}
	if len(files) > 0 {
		files[0].at("durable")
	}
	return nil
}

// commitAll records tasks whose files are durable in one transaction.
func (s *Store) commitAll(list []Finished, attempts []*Attempt) error {
	s.opt.Fault("commit.begun")
	var old []string
	err := s.transaction("commit", func(tx *sql.Tx) error {
		for i, a := range attempts {
			if err := a.register(tx); err != nil {
				return err
			}
			files, err := a.finish(tx, list[i].Fingerprint, list[i].Result)
			if err != nil {
				return err
			}
			old = append(old, files...)
		}
		s.opt.Fault("commit.filled")
		return nil
	})
	if err != nil {
		return err
	}
	s.opt.Fault("commit.done")
	s.removeSnapshots(old)
	s.opt.Fault("commit.pruned")
	for _, f := range list {
		s.noteNear(f.Key)
	}
	return nil
}
