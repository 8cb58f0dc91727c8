package rundir

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"runlua/checkpointdb"
)

const lockFile = "run.lock"

// ownFolders are made by runs, with all that is in them.
var ownFolders = []string{"snapshots", "results", "live"}

// isOwnFile tells the files that runs keep in their directory.
func isOwnFile(name string) bool {
	switch strings.TrimPrefix(name, databaseFile) {
	case "", "-wal", "-shm", "-journal", ".new", ".new-wal", ".new-shm", ".new-journal":
		return true
	}
	return name == lockFile || strings.HasPrefix(name, ".runlua-")
}

func (o *overview) cleanAll(r *checkpointdb.Reader, opt CleanOptions) error {
	artifacts, err := artifactsOutside(r)
	if err != nil {
		return err
	}
	done, unfinished, superseded := o.split()
	files, size, err := o.measure()
	if err != nil {
		return err
	}
	beside := 0
	for _, a := range artifacts {
		if info, err := os.Lstat(filepath.Join(o.dir, filepath.FromSlash(a))); err == nil {
			beside, files, size = beside+1, files+1, size+info.Size()
		}
	}
	if err := opt.ask(fmt.Sprintf("Remove the whole run directory %s (%s, %s)?", o.dir, count(files, "file"), byteCount(size)),
		fmt.Sprintf("  %s, %s%s and all of results/ are lost.", count(len(done)+len(superseded), "result"), count(len(unfinished), "unfinished task"), otherFiles(beside))); err != nil {
		return err
	}
	// Cleaning the snapshots first makes every check that writing needs.
	if _, err := checkpointdb.Clean(o.dir, checkpointdb.CleanSnapshots, opt.store()); err != nil {
		return err
	}
	lock, err := holdLock(r)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := o.removeAll(artifacts); err != nil {
		return fmt.Errorf("%w\n  hint: mend that and clean again", err)
	}
	return o.removeFolder(opt.Out)
}

// otherFiles says how many files of tasks, such as samples, are lost besides.
func otherFiles(n int) string {
	if n == 0 {
		return ""
	}
	return ", " + count(n, "file") + " of tasks"
}

// holdLock takes the lock of the directory, without opening its database,
// until the file is closed. Nobody can start a run there meanwhile.
func holdLock(r *checkpointdb.Reader) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(r.Dir(), lockFile), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return f, nil
	}
	f.Close()
	if held, _ := r.Holder(); held != nil {
		return nil, held
	}
	return nil, fmt.Errorf("lock %s: %w", r.Dir(), err)
}

// artifactsOutside are the recorded artifacts that stand beside the folders of
// a run.
func artifactsOutside(r *checkpointdb.Reader) ([]string, error) {
	records, err := r.Results()
	if err != nil {
		return nil, err
	}
	var out, about []string
	for _, rec := range records {
		for _, a := range rec.Artifacts {
			if first, _, _ := strings.Cut(a.Path, "/"); !slices.Contains(ownFolders, first) {
				out = append(out, a.Path)
			}
			for _, name := range aboutSamples(a.Path) {
				if !slices.Contains(about, name) {
					about = append(about, name)
				}
			}
		}
	}
	return append(about, out...), nil
}

// aboutSamples are the files that diffusion.sample writes beside the folder of a
// sample's file and that say what is in it; none of another artifact. They go
// first: SUCCESS_FILE says that all samples are there.
func aboutSamples(artifact string) []string {
	if ok, _ := path.Match("global_run_0/*/seed_*/predictions/*.cif", artifact); !ok {
		return nil
	}
	folder := path.Dir(path.Dir(artifact))
	return []string{folder + "/SUCCESS_FILE", folder + "/summary.csv"}
}

// measure counts what is in the folders and files of the run.
func (o *overview) measure() (files int, size int64, err error) {
	entries, err := os.ReadDir(o.dir)
	if err != nil {
		return 0, 0, err
	}
	for _, e := range entries {
		if !isOwnFile(e.Name()) && !slices.Contains(ownFolders, e.Name()) {
			continue
		}
		err = filepath.WalkDir(filepath.Join(o.dir, e.Name()), func(_ string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			info, err := d.Info()
			if err == nil {
				files, size = files+1, size+info.Size()
			}
			return err
		})
		if err != nil {
			return 0, 0, err
		}
	}
	return files, size, nil
}

// removeAll removes what runs made. The database goes last, so that a removal
// that was cut short can be repeated.
func (o *overview) removeAll(artifacts []string) error {
	root, err := os.OpenRoot(o.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, a := range artifacts {
		if err := root.Remove(a); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for folder := path.Dir(a); folder != "." && root.Remove(folder) == nil; folder = path.Dir(folder) {
		}
	}
	for _, folder := range ownFolders {
		if err := root.RemoveAll(folder); err != nil {
			return err
		}
	}
	entries, err := os.ReadDir(o.dir)
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(entries) { // run.db after its log
		if !isOwnFile(e.Name()) || e.Name() == lockFile {
			continue
		}
		if err := root.Remove(e.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// removeFolder removes the directory, once only the lock is in it. One that
// was named through a symbolic link, to have it on another disk, stays.
func (o *overview) removeFolder(out io.Writer) error {
	entries, err := os.ReadDir(o.dir)
	if err != nil {
		return err
	}
	var kept []string
	for _, e := range entries {
		if e.Name() != lockFile {
			kept = append(kept, e.Name())
		}
	}
	if len(kept) > 0 {
		_, err = fmt.Fprintf(out, "Removed the run from %s. Kept what no run made: %s.\n", o.dir, strings.Join(kept, ", "))
		return err
	}
	if link, err := os.Lstat(o.target.Dir); err == nil && link.Mode()&fs.ModeSymlink != 0 {
		_, err = fmt.Fprintf(out, "Removed the run from %s; the folder stays, as %s leads to it.\n", o.dir, o.target.Dir)
		return err
	}
	// Under another name, so that who waits for the lock finds no directory
	// rather than one whose lock is no longer the one that others see.
	gone := o.dir + ".removed"
	if err := os.Rename(o.dir, gone); err != nil {
		return err
	}
	if err := os.RemoveAll(gone); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Removed %s.\n", o.dir)
	return err
}
