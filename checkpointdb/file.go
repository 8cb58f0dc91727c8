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
	at := func(step string) {
		if fault != nil {
			fault(kind + "." + step)
		}
	}
	fail := func(err error) (written, error) {
		return written{}, fmt.Errorf("checkpointdb: write %s: %w", rel, err)
	}
	dir := path.Dir(rel)
	if err := makeFolders(root, dir); err != nil {
		return fail(err)
	}
	at("begun")
	temp := path.Join(dir, fmt.Sprintf("%s%d-%d%s", tempPrefix, os.Getpid(), tempCount.Add(1), tempSuffix))
	f, err := root.OpenFile(temp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o666)
	if err != nil {
		return fail(err)
	}
	defer f.Close()
	w, err := fill(f, at, write)
	if err == nil {
		err = f.Close()
	}
	if err == nil && accept != nil {
		err = accept(w)
	}
	if err == nil {
		err = root.Rename(temp, rel)
	}
	if err != nil {
		root.Remove(temp)
		return fail(err)
	}
	at("renamed")
	if err := syncFolder(root, dir); err != nil {
		return fail(err)
	}
	at("durable")
	return w, nil
}

// fill writes and fsyncs an open file.
func fill(f *os.File, at func(string), write func(io.Writer) error) (written, error) {
	h := sha256.New()
	b := bufio.NewWriterSize(io.MultiWriter(f, h), 1<<18)
	if err := write(b); err != nil {
		return written{}, err
	}
	at("writing")
	if err := b.Flush(); err != nil {
		return written{}, err
	}
	at("written")
	if err := fsync(f); err != nil {
		return written{}, err
	}
	at("synced")
	info, err := f.Stat()
	if err != nil {
		return written{}, err
	}
	w := describe(info)
	w.sha256 = hex.EncodeToString(h.Sum(nil))
	return w, nil
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
