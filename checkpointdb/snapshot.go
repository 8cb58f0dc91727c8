package checkpointdb

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"
)

// A Slot is where the snapshots of one computation belong, within its task:
// the number of the evolve or sample call, and a digest of its settings.
type Slot struct {
	Call     int
	Settings string
}

// SnapshotMeta is what is recorded of a snapshot besides its bytes.
type SnapshotMeta struct {
	Step, Total int64
	Final       bool // the end of the call; kept until the task is done
	Fingerprint Fingerprint
}

// A Snapshot is the saved state of an unfinished task.
type Snapshot struct {
	SnapshotMeta
	Slot
	File   string // in the folder snapshots
	Size   int64
	SHA256 string
	Saved  time.Time

	id    int64
	store *Store
}

// keep is how many snapshots of a slot are kept.
const keep = 2

// SaveSnapshot saves the state that write writes: to a temporary file that is
// fsynced and renamed, the folder fsynced, and then named in the database. Of
// the slot it keeps the two newest, and the final one. If anything fails the
// file is removed and the older snapshots stay valid.
//
// It may be called from any goroutine; calls for one attempt wait for each
// other. Once the attempt has ended it returns ErrAttemptClosed and leaves
// nothing behind.
func (a *Attempt) SaveSnapshot(slot Slot, meta SnapshotMeta, write func(io.Writer) error) error {
	if err := meta.Fingerprint.check(); err != nil {
		return err
	}
	a.saving.Lock()
	defer a.saving.Unlock()
	s := a.store
	a.mu.Lock()
	closed := a.closed
	a.saved++
	file := snapshotName(a, slot, meta.Step)
	a.mu.Unlock()
	if closed {
		return ErrAttemptClosed
	}
	w, err := writeAtomic(s.root, path.Join(snapshotFolder, file), "snapshot", s.opt.Fault, write, nil)
	if err == nil {
		var old []string
		if old, err = a.nameSnapshot(slot, meta, file, w); err == nil {
			s.opt.Fault("snapshot.done")
			s.removeSnapshots(old)
			s.opt.Fault("snapshot.pruned")
			return nil
		}
	}
	s.root.Remove(path.Join(snapshotFolder, file))
	return fmt.Errorf("checkpointdb: snapshot of %s at step %d: %w", a.key, meta.Step, err)
}

// snapshotName is a file name that no other snapshot of the directory has had.
// A person may read it; the database decides what the file is.
func snapshotName(a *Attempt, slot Slot, step int64) string {
	name := strings.Map(func(r rune) rune {
		if r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '_'
	}, a.key.Name)
	name = name[:min(len(name), 60)]
	return fmt.Sprintf("%s-task%d-call%d-step%d-%d.%d.snap", name, a.task, slot.Call, step, a.id, a.saved)
}

// nameSnapshot records a file that is on disk, and returns the files that it
// makes superfluous.
func (a *Attempt) nameSnapshot(slot Slot, meta SnapshotMeta, file string, w written) (old []string, err error) {
	fields := [][3]string{}
	for _, f := range meta.Fingerprint.sorted() {
		fields = append(fields, [3]string{f.Kind, f.Name, f.Value})
	}
	fingerprint, err := json.Marshal(fields)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return nil, ErrAttemptClosed
	}
	s := a.store
	err = s.transaction("name the snapshot", func(tx *sql.Tx) error {
		if _, err := tx.Exec(`INSERT INTO snapshots (task, call, settings, step, total, final, file, size, sha256, fingerprint, saved)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			a.task, slot.Call, slot.Settings, meta.Step, meta.Total, meta.Final, file, w.size, w.sha256, string(fingerprint), s.stamp()); err != nil {
			return err
		}
		all, err := readSnapshots(tx, "task = ? AND call = ? AND settings = ?", a.task, slot.Call, slot.Settings)
		if err != nil {
			return err
		}
		for _, superfluous := range s.superfluous(all) {
			if _, err := tx.Exec("DELETE FROM snapshots WHERE snapshot = ?", superfluous.id); err != nil {
				return err
			}
			old = append(old, superfluous.File)
		}
		s.opt.Fault("snapshot.filled")
		return nil
	})
	return old, err
}

// superfluous are the snapshots of one slot, newest first, that need not be
// kept: all but the newest two and the newest final one. Damaged ones don't
// count.
func (s *Store) superfluous(all []Snapshot) []Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Snapshot
	kept, final := 0, false
	for _, snap := range all {
		if s.broken[snap.File] {
			out = append(out, snap)
			continue
		}
		if kept < keep || snap.Final && !final {
			kept++
			final = final || snap.Final
			continue
		}
		out = append(out, snap)
	}
	return out
}

// readSnapshots returns snapshots, newest first.
func readSnapshots(db queryer, where string, args ...any) ([]Snapshot, error) {
	return collect(db, func(rows *sql.Rows) (s Snapshot, err error) {
		var fingerprint, saved string
		if err = rows.Scan(&s.id, &s.Call, &s.Settings, &s.Step, &s.Total, &s.Final,
			&s.File, &s.Size, &s.SHA256, &fingerprint, &saved); err != nil {
			return s, err
		}
		var fields [][3]string
		if err = json.Unmarshal([]byte(fingerprint), &fields); err != nil {
			return s, err
		}
		for _, f := range fields {
			s.Fingerprint = append(s.Fingerprint, Field{f[0], f[1], f[2]})
		}
		s.Saved = parseTime(saved)
		return s, nil
	}, `SELECT snapshot, call, settings, step, total, final, file, size, sha256, fingerprint, saved
		FROM snapshots WHERE `+where+` ORDER BY snapshot DESC`, args...)
}

// Snapshots are those of a slot, newest first.
func (a *Attempt) Snapshots(slot Slot) ([]Snapshot, error) {
	if err := a.store.live(); err != nil {
		return nil, err
	}
	all, err := readSnapshots(a.store.db, "task = ? AND call = ? AND settings = ?", a.task, slot.Call, slot.Settings)
	for i := range all {
		all[i].store = a.store
	}
	return all, dbError(a.store.file(), "read snapshots", err)
}

// A DamagedSnapshotError says what is wrong with a snapshot's file.
type DamagedSnapshotError struct{ File, Problem string }

func (e *DamagedSnapshotError) Error() string {
	return fmt.Sprintf("checkpointdb: snapshot %s is damaged: it %s", e.File, e.Problem)
}

func (e *DamagedSnapshotError) Is(target error) bool { return target == ErrDamaged }

// Open verifies the snapshot's size and digest, and only then hands out its
// bytes. A wrong or missing file is a *DamagedSnapshotError.
func (snap Snapshot) Open() (io.ReadCloser, error) {
	damaged := func(format string, args ...any) error {
		return &DamagedSnapshotError{snap.File, fmt.Sprintf(format, args...)}
	}
	f, err := snap.store.root.Open(path.Join(snapshotFolder, snap.File))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, damaged("is missing")
	}
	if err != nil {
		return nil, damaged("can't be read: %v", err)
	}
	size, digest, err := hashFile(f)
	switch {
	case err != nil:
		err = damaged("can't be read: %v", err)
	case size != snap.Size:
		err = damaged("has %d bytes, recorded were %d", size, snap.Size)
	case digest != snap.SHA256:
		err = damaged("has been altered: SHA-256 %.12s…, recorded was %.12s…", digest, snap.SHA256)
	default:
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// LoadSnapshot calls read with the newest valid snapshot of a slot. Damaged
// ones are told to Options.Warn, with the one that is used instead, and
// skipped. Without a valid one found is false. An error of read is returned as
// it is.
func (a *Attempt) LoadSnapshot(slot Slot, read func(meta SnapshotMeta, r io.Reader) error) (found bool, err error) {
	all, err := a.Snapshots(slot)
	if err != nil {
		return false, err
	}
	var damaged *DamagedSnapshotError
	for _, snap := range all {
		f, err := snap.Open()
		if errors.As(err, &damaged) {
			a.store.reportDamaged(snap, all, damaged)
			continue
		}
		if err != nil {
			return false, fmt.Errorf("checkpointdb: snapshot %s: %w", snap.File, err)
		}
		defer f.Close()
		return true, read(snap.SnapshotMeta, f)
	}
	return false, nil
}

func (s *Store) reportDamaged(snap Snapshot, all []Snapshot, damaged *DamagedSnapshotError) {
	s.mu.Lock()
	s.broken[snap.File] = true
	s.mu.Unlock()
	instead := "no other is left, so the work begins anew"
	for _, older := range all {
		if older.id < snap.id {
			instead = fmt.Sprintf("trying the one before it, of step %d (%s)", older.Step, older.File)
			break
		}
	}
	s.opt.Warn(fmt.Sprintf("snapshot %s of step %d is damaged: it %s; %s", snap.File, snap.Step, damaged.Problem, instead))
}

// UnfinishedFingerprint is what the task's latest snapshot recorded; found is
// false if it has none.
func (a *Attempt) UnfinishedFingerprint() (fp Fingerprint, found bool, err error) {
	if err := a.store.live(); err != nil {
		return nil, false, err
	}
	all, err := readSnapshots(a.store.db, "task = ?", a.task)
	if err != nil || len(all) == 0 {
		return nil, false, dbError(a.store.file(), "read snapshots", err)
	}
	return all[0].Fingerprint, true, nil
}

// DropSnapshots deletes all snapshots of the task, so that it begins anew.
func (a *Attempt) DropSnapshots() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return ErrAttemptClosed
	}
	var files []string
	err := a.store.transaction("drop snapshots", func(tx *sql.Tx) (err error) {
		if files, err = snapshotFiles(tx, a.task); err != nil {
			return err
		}
		_, err = tx.Exec("DELETE FROM snapshots WHERE task = ?", a.task)
		return err
	})
	if err == nil {
		a.store.removeSnapshots(files)
	}
	return err
}

func snapshotFiles(db queryer, task int64) ([]string, error) {
	return collect(db, func(rows *sql.Rows) (file string, err error) {
		return file, rows.Scan(&file)
	}, "SELECT file FROM snapshots WHERE task = ?", task)
}
