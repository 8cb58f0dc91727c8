package checkpointdb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const lockFile = "run.lock"

// A lock is the right to write a run directory. The kernel gives it back when
// the process ends, however it ends; the text in the file only tells people
// who has it.
type lock struct{ file *os.File }

// A lock is tried for tries times, pause apart. Readers take it for an instant to
// see whether anyone has it. The tries are counted, not the time: where this process
// is held up, so may they be.
const (
	tries = 80
	pause = 5 * time.Millisecond
)

func takeLock(dir string) (*lock, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return nil, fmt.Errorf("checkpointdb: lock: %w", err)
	}
	for try := 1; ; try++ {
		err = flock(f, syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return &lock{f}, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			f.Close()
			return nil, fmt.Errorf("checkpointdb: lock %s: %w", dir, err)
		}
		if try == tries {
			defer f.Close()
			return nil, readHolder(f, dir)
		}
		time.Sleep(pause)
	}
}

// flock is the system call, repeated while signals interrupt it.
func flock(f *os.File, how int) error {
	for {
		if err := syscall.Flock(int(f.Fd()), how); err != syscall.EINTR {
			return err
		}
	}
}

// name writes this process into the lock's file.
func (l *lock) name(now time.Time) error {
	host, err := os.Hostname()
	if err != nil {
		host = "an unknown host"
	}
	text := fmt.Sprintf("pid %d\nhost %s\nsince %s\n", os.Getpid(), host, now.UTC().Format(time.RFC3339))
	if err := l.file.Truncate(0); err != nil {
		return fmt.Errorf("checkpointdb: lock: %w", err)
	}
	if _, err := l.file.WriteAt([]byte(text), 0); err != nil {
		return fmt.Errorf("checkpointdb: lock: %w", err)
	}
	return nil
}

// release empties the file and gives the lock back.
func (l *lock) release() {
	l.file.Truncate(0)
	l.file.Close()
}

// readHolder reads what a lock's file says.
func readHolder(f *os.File, dir string) *HeldError {
	held := &HeldError{Dir: dir}
	text := make([]byte, 1024)
	n, _ := f.ReadAt(text, 0)
	for line := range strings.Lines(string(text[:n])) {
		word, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch word {
		case "pid":
			fmt.Sscan(rest, &held.PID)
		case "host":
			held.Host = rest
		case "since":
			held.Since, _ = time.Parse(time.RFC3339, rest)
		}
	}
	return held
}

// holder is who holds dir now, nil if nobody does. The lock decides, not the
// text: a process that was killed holds nothing.
func holder(dir string) (*HeldError, error) {
	f, err := os.Open(filepath.Join(dir, lockFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("checkpointdb: lock: %w", err)
	}
	defer f.Close()
	err = flock(f, syscall.LOCK_SH|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return readHolder(f, dir), nil
	}
	if err != nil {
		return nil, fmt.Errorf("checkpointdb: lock %s: %w", dir, err)
	}
	return nil, nil
}
