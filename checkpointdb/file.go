package checkpointdb

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync/atomic"
	"syscall"
)

const (
	tempPrefix = ".runlua-"
	tempSuffix = ".tmp"
)

var tempCount atomic.Int64

// fsync brings a file, or a folder's names, to the disk. Tests replace it.
var fsync = (*os.File).Sync

// WriteFileAtomic writes the file rel below dir so that at any moment, power
// loss included, rel is what it was before or what write wrote, whole:
// temporary file, fsync, rename, fsync of the folder. Missing folders are
// made. rel uses slashes and stays inside dir, symbolic links considered.
//
// write is called once, with a buffered writer. If it, or the disk, fails, the
// temporary file is removed and rel is untouched. fault is as in Options and
// may be nil.
func WriteFileAtomic(dir, rel string, fault func(point string), write func(io.Writer) error) error {
	rel = path.Clean(rel)
	if !fs.ValidPath(rel) || rel == "." {
		return fmt.Errorf("checkpointdb: write %q: the path must lead to a file inside the folder", rel)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("checkpointdb: write %s: %w", rel, err)
	}
	defer root.Close()
	_, err = writeAtomic(root, rel, "file", fault, write, nil)
	return err
}

// A written file, as it is recorded.
type written struct {
	size   int64
	sha256 string
	mtime  int64 // nanoseconds since 1970
	inode  uint64
}

// writeAtomic is WriteFileAtomic; the names of its points begin with kind.
// Before the rename, accept (if not nil) may refuse the file.
func writeAtomic(root *os.Root, rel, kind string, fault func(string), write func(io.Writer) error, accept func(written) error) (written, error) {
	f, err := stage(root, rel, kind, fault, write)
	if err != nil {
		return written{}, err
	}
	err = f.sync()
	if err == nil {
		f.at("synced")
		if accept != nil {
			err = accept(f.written)
		}
	}
	if err == nil {
		err = f.rename()
	}
	if err != nil {
		f.drop()
		return written{}, f.failure(err)
	}
	if err := syncFolder(root, path.Dir(f.rel)); err != nil {
		return written{}, f.failure(err)
	}
	f.at("durable")
	return f.written, nil
}

// A staged file is written under a temporary name and has not got its own yet.
type staged struct {
	written
	root *os.Root
	rel  string
	temp string
	file *os.File
	at   func(step string)
}

// stage writes a file under a temporary name. What comes next is sync, rename,
// and a fsync of its folder; or drop.
func stage(root *os.Root, rel, kind string, fault func(string), write func(io.Writer) error) (*staged, error) {
	s := &staged{root: root, rel: rel, at: func(step string) {
		if fault != nil {
			fault(kind + "." + step)
		}
	}}
	dir := path.Dir(rel)
	if err := makeFolders(root, dir); err != nil {
		return nil, s.failure(err)
	}
	s.at("begun")
	s.temp = path.Join(dir, fmt.Sprintf("%s%d-%d%s", tempPrefix, os.Getpid(), tempCount.Add(1), tempSuffix))
	f, err := root.OpenFile(s.temp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o666)
	if err != nil {
		return nil, s.failure(err)
	}
	s.file = f
	if err := s.fill(write); err != nil {
		s.drop()
		return nil, s.failure(err)
	}
	return s, nil
}

func (s *staged) failure(err error) error {
	return fmt.Errorf("checkpointdb: write %s: %w", s.rel, err)
}

func (s *staged) fill(write func(io.Writer) error) error {
	h := sha256.New()
	b := bufio.NewWriterSize(io.MultiWriter(s.file, h), 1<<18)
	if err := write(b); err != nil {
		return err
	}
	s.at("writing")
	if err := b.Flush(); err != nil {
		return err
	}
	s.at("written")
	s.sha256 = hex.EncodeToString(h.Sum(nil))
	return nil
}

// sync brings the file to the disk and closes it. It comes by no point, so that
// several files may be synced at once.
func (s *staged) sync() error {
	if err := fsync(s.file); err != nil {
		return err
	}
	info, err := s.file.Stat()
	if err != nil {
		return err
	}
	digest := s.sha256
	s.written = describe(info)
	s.sha256 = digest
	return s.file.Close()
}

// rename gives the file its own name.
func (s *staged) rename() error {
	if err := s.root.Rename(s.temp, s.rel); err != nil {
		return err
	}
	s.temp = ""
	s.at("renamed")
	return nil
}

// drop removes a file that did not get its name.
func (s *staged) drop() {
	s.file.Close()
	if s.temp != "" {
		s.root.Remove(s.temp)
	}
}

func describe(info fs.FileInfo) written {
	w := written{size: info.Size(), mtime: info.ModTime().UnixNano()}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		w.inode = uint64(s.Ino)
	}
	return w
}

// makeFolders makes dir below root, durably.
func makeFolders(root *os.Root, dir string) error {
	if dir == "." {
		return nil
	}
	if err := makeFolders(root, path.Dir(dir)); err != nil {
		return err
	}
	err := root.Mkdir(dir, 0o777)
	if err == nil {
		return syncFolder(root, path.Dir(dir))
	}
	if errors.Is(err, fs.ErrExist) {
		if info, err := root.Stat(dir); err == nil && !info.IsDir() {
			return fmt.Errorf("%s is not a folder", dir)
		}
		return nil
	}
	return err
}

func syncFolder(root *os.Root, dir string) error {
	f, err := root.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return fsync(f)
}

// makeDirectory makes an absolute path and its missing parents, durably.
func makeDirectory(dir string) error {
	if info, err := os.Stat(dir); err == nil {
		if !info.IsDir() {
			return fmt.Errorf("%s is not a directory", dir)
		}
		return nil
	}
	parent := filepath.Dir(dir)
	if parent != dir {
		if err := makeDirectory(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	f, err := os.Open(parent)
	if err != nil {
		return err
	}
	defer f.Close()
	return fsync(f)
}

// hashFile reads a file and returns its size and SHA-256.
func hashFile(r io.Reader) (size int64, digest string, err error) {
	h := sha256.New()
	size, err = io.Copy(h, r)
	return size, hex.EncodeToString(h.Sum(nil)), err
}

// FreeBytes is the space that the user may still fill on the filesystem that
// holds dir, or would hold it once made.
func FreeBytes(dir string) (int64, error) {
	dir, err := existingParent(dir)
	if err != nil {
		return 0, err
	}
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, fmt.Errorf("checkpointdb: free space of %s: %w", dir, err)
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}

// existingParent is dir, or the nearest folder above it that exists.
func existingParent(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir, err
		}
		dir = filepath.Dir(dir)
	}
}
