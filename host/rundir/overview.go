package rundir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"runlua/checkpointdb"
	"runlua/progress"
)

// An overview is what a run directory says at one moment.
type overview struct {
	target      Target
	dir         string // absolute real path
	script      string
	holder      *checkpointdb.HeldError // who writes it now; nil: nobody
	live        *progress.Status        // of the holder; nil while it has told nothing
	generations []checkpointdb.Generation
	runs        []checkpointdb.Run
	tasks       []checkpointdb.TaskInfo // in the order of sortKey
}

// look reads the target without writing to it.
func look(t Target) (*overview, error) {
	r, err := t.open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return overviewOf(r, t)
}

func overviewOf(r *checkpointdb.Reader, t Target) (*overview, error) {
	o := &overview{target: t, dir: r.Dir()}
	meta, err := r.Meta()
	if err != nil {
		return nil, err
	}
	o.script = meta["script"]
	// A process may come or go while we read; then what was read does not fit
	// together: read again.
	for try := 0; ; try++ {
		before, err := r.Holder()
		if err != nil {
			return nil, err
		}
		if err := o.readTables(r); err != nil {
			return nil, err
		}
		if o.holder, err = r.Holder(); err != nil {
			return nil, err
		}
		if sameHolder(before, o.holder) || try == 10 {
			break
		}
	}
	slices.SortStableFunc(o.tasks, func(a, b checkpointdb.TaskInfo) int { return compareKeys(a.Key, b.Key) })
	if o.holder != nil {
		if o.live, err = readLive(o.dir, o.holder); err != nil {
			return nil, err
		}
	}
	return o, nil
}

func (o *overview) readTables(r *checkpointdb.Reader) (err error) {
	if o.generations, err = r.Generations(); err != nil {
		return err
	}
	if o.runs, err = r.Runs(); err != nil {
		return err
	}
	o.tasks, err = r.Tasks()
	return err
}

func sameHolder(a, b *checkpointdb.HeldError) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.PID == b.PID && a.Host == b.Host && a.Since.Equal(b.Since)
}

// readLive reads what the holder tells of itself; what an earlier process left
// is nil.
func readLive(dir string, holder *checkpointdb.HeldError) (*progress.Status, error) {
	f, err := os.Open(filepath.Join(dir, "live", "status.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("live status: %w", err)
	}
	defer f.Close()
	live, err := progress.ReadStatus(f)
	if err != nil || live.PID != holder.PID || live.Host != holder.Host {
		return nil, nil // of an earlier process, or cut off by a full disk
	}
	return &live, nil
}

// The states of a run directory.
const (
	stateEmpty   = "empty" // no process has registered yet
	stateRunning = "running"
	stateKilled  = "killed" // ended without saying so
)

// state is running, killed, or how the last process said that it ended.
func (o *overview) state() string {
	last := o.last()
	switch {
	case o.holder != nil:
		return stateRunning
	case last == nil:
		return stateEmpty
	case last.Status == stateRunning:
		return stateKilled
	}
	return last.Status
}

// last is the process that wrote the directory last, nil if there was none.
func (o *overview) last() *checkpointdb.Run {
	if len(o.runs) == 0 {
		return nil
	}
	return &o.runs[len(o.runs)-1]
}

// generation is the current one.
func (o *overview) generation() checkpointdb.Generation {
	if len(o.generations) == 0 {
		return checkpointdb.Generation{}
	}
	return o.generations[len(o.generations)-1]
}

// split sorts the tasks into those of the current generation, done or not,
// and those that an earlier generation left.
func (o *overview) split() (done, unfinished, superseded []checkpointdb.TaskInfo) {
	current := o.generation().Number
	for _, t := range o.tasks {
		switch {
		case t.Generation < current:
			superseded = append(superseded, t)
		case t.Done:
			done = append(done, t)
		default:
			unfinished = append(unfinished, t)
		}
	}
	return done, unfinished, superseded
}

// outcome is how the last attempt of a task ended. Who has not said is killed,
// unless the directory is held.
func (o *overview) outcome(t checkpointdb.TaskInfo) string {
	if t.LastOutcome == stateRunning && o.holder == nil {
		return stateKilled
	}
	return t.LastOutcome
}

// touched is when the directory was last known to be worked on.
func (o *overview) touched() time.Time {
	var latest time.Time
	note := func(t time.Time) {
		if t.After(latest) {
			latest = t
		}
	}
	for _, r := range o.runs {
		note(r.Started)
		note(r.Ended)
	}
	for _, t := range o.tasks {
		note(t.Started)
		note(t.DoneAt)
		if t.Newest != nil {
			note(t.Newest.Saved)
		}
	}
	return latest
}
