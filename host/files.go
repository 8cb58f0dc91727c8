package host

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"runlua/checkpointdb"
)

// gate is where every path that a script names goes through. Paths of a script
// are relative to its own folder; what it writes goes below results/ of the run
// directory. Anything else must have been granted on the command line.
type gate struct {
	folder string   // the script's, absolute and real; "" where there is no script
	read   []string // granted to read: files and folders, absolute and real
	write  []string // granted to write: folders, absolute and real
	// dir is the run directory; opening it is put off until something is written.
	dir func() (string, error)
	// owner is the task that a file of the run directory belongs to.
	owner func(rel string) (owner checkpointdb.Key, owned bool, err error)
	// runDir is its real path, or "" while there is none.
	runDir func() string
	fault  func(point string)
}

// errNoPath is what an empty word is instead of a path: a shell's variable, in
// quotes, that is not set.
var errNoPath = errors.New("needs a path, got an empty word")

// grant resolves a path of the command line, which is relative to the current
// folder.
func grant(path string) (string, error) {
	if path == "" {
		return "", errNoPath // it would be the current folder
	}
	abs, err := filepath.Abs(path)
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs)
	}
	if err != nil {
		return "", plainPathError(path, err)
	}
	return abs, nil
}

// GrantRead allows a path that the user typed.
func (g *gate) GrantRead(path string) (string, error) {
	real, err := grant(path)
	if err == nil {
		g.read = append(g.read, real)
	}
	return real, err
}

// OpenRead opens a file to read.
func (g *gate) OpenRead(path string) (io.ReadCloser, string, error) {
	if !filepath.IsAbs(path) {
		if g.folder == "" {
			return nil, "", fmt.Errorf("can't read %q: there is no script whose folder it could be in (--allow-read FOLDER and an absolute path do)", path)
		}
		f, err := openBelow(g.folder, path)
		if err == nil {
			return f, filepath.Join(g.folder, path), nil
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil, "", plainPathError(path, err)
		}
		// What leaves the folder, by .. or by a link, needs a grant.
		path = filepath.Join(g.folder, path)
	}
	refused := fmt.Errorf("can't read %q: a script reads its own folder and what the command line grants (--allow-read %q does)", path, path)
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		// Whether there is such a file is told only where it might be read.
		if _, _, allowed := g.place(filepath.Clean(path)); !allowed {
			return nil, "", refused
		}
		return nil, "", plainPathError(path, err)
	}
	if place, rel, allowed := g.place(real); allowed {
		if rel == "." { // the grant is this very file
			place, rel = filepath.Dir(place), filepath.Base(place)
		}
		f, err := openBelow(place, rel)
		if err != nil {
			return nil, "", plainPathError(path, err)
		}
		return f, real, nil
	}
	return nil, "", refused
}

// place is the folder or file below which a script may read path, and the rest
// of the path.
func (g *gate) place(path string) (place, rel string, allowed bool) {
	for _, place := range append([]string{g.folder, g.runDir()}, g.read...) {
		if place == "" {
			continue
		}
		if rel, err := filepath.Rel(place, path); err == nil && filepath.IsLocal(rel) {
			return place, rel, true
		}
	}
	return "", "", false
}

// openBelow opens a regular file below a folder, following no link out of it.
func openBelow(folder, rel string) (*os.File, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := root.OpenFile(rel, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a FIFO must not hold up the run
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is no regular file")
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// ResultPath is the path of a result file from the run directory.
func (g *gate) ResultPath(path string) (string, error) {
	if !filepath.IsLocal(path) || path == "." {
		return "", fmt.Errorf("can't write %q: a script writes below results/ of its run directory, by a relative path (--allow-write FOLDER allows an absolute one)", path)
	}
	return "results/" + filepath.ToSlash(filepath.Clean(path)), nil
}

// WriteResult writes a file below results/, or one below a granted folder.
func (g *gate) WriteResult(path string, write func(io.Writer) error) error {
	if filepath.IsAbs(path) {
		parent, err := filepath.EvalSymlinks(filepath.Dir(path))
		if err != nil {
			return plainPathError(path, err)
		}
		for _, place := range g.write {
			rel, err := filepath.Rel(place, filepath.Join(parent, filepath.Base(path)))
			if err == nil && filepath.IsLocal(rel) && rel != "." {
				return checkpointdb.WriteFileAtomic(place, filepath.ToSlash(rel), g.fault, write)
			}
		}
	}
	rel, err := g.ResultPath(path)
	if err != nil {
		return err
	}
	dir, err := g.dir()
	if err != nil {
		return err
	}
	if owner, owned, err := g.owner(rel); err != nil || owned {
		if err == nil {
			err = fmt.Errorf("can't write %q: it is a file of the task %s, which would have to be run again to make it as it was", path, owner)
		}
		return err
	}
	return checkpointdb.WriteFileAtomic(dir, rel, g.fault, write)
}

// WriteRun writes a file below the run directory.
func (g *gate) WriteRun(rel string, write func(io.Writer) error) error {
	dir, err := g.dir()
	if err != nil {
		return err
	}
	return checkpointdb.WriteFileAtomic(dir, rel, g.fault, write)
}

// OpenRun opens a file below the run directory to read.
func (g *gate) OpenRun(rel string) (io.ReadCloser, error) {
	dir, err := g.dir()
	if err != nil {
		return nil, err
	}
	return openBelow(dir, filepath.FromSlash(rel))
}

// RemoveRun removes a file below the run directory, if it is there.
func (g *gate) RemoveRun(rel string) error {
	dir, err := g.dir()
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.Remove(filepath.FromSlash(rel)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// plainPathError says what is wrong with a path as a person would.
func plainPathError(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no file %q", path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("no permission to read %q", path)
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return fmt.Errorf("can't open %q: %s", path, strings.TrimPrefix(err.Error(), "open "))
}
