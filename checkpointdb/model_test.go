package checkpointdb

import (
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestStoreAgreesWithAModel does random operations on a store and on a model
// of it that is a few maps, and lets the machine die at random points: the
// directory as it lies there at that instant is all that is left. What was not
// fsynced yet may be lost with it. Then the store is opened again and has to
// know what the model knows.
func TestStoreAgreesWithAModel(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("CHECKPOINTDB_SEED"); s != "" {
		fmt.Sscan(s, &seed)
	}
	t.Logf("seed %d (repeat it with CHECKPOINTDB_SEED)", seed)
	for i := range 6 {
		m := &machine{t: t, rand: rand.New(rand.NewPCG(seed, uint64(i))), base: tempDir(t), fuse: -1}
		m.finished, m.done, m.snaps = true, map[string]string{}, map[string][]string{}
		m.dir = filepath.Join(m.base, "0")
		m.boot(false)
		for range 120 {
			if t.Failed() {
				t.Fatalf("seed %d, run %d, after: %s", seed, i, strings.Join(m.log, ", "))
			}
			m.step()
		}
		m.store.abandon()
	}
}

// A machine is the store under test, the model of what it must know, and the
// means to lose power.
type machine struct {
	t     *testing.T
	rand  *rand.Rand
	base  string
	dir   string
	store *Store
	lives int
	log   []string

	fuse int  // points until the power goes; negative for never
	dead bool // it went
	last string

	// The model.
	generation       int64
	forced, finished bool
	done             map[string]string   // in this generation: task to result
	snaps            map[string][]string // task and slot to steps, oldest first
	open             map[string]*Attempt
}

type powerLoss struct{}

// point is the store's Fault: when the fuse has burnt down, the directory is
// copied as it is, and the process goes no further.
func (m *machine) point(name string) {
	if m.dead {
		panic(powerLoss{})
	}
	if m.fuse--; m.fuse != -1 {
		return
	}
	m.dead, m.last = true, name
	m.lives++
	next := filepath.Join(m.base, fmt.Sprint(m.lives))
	copyTree(m.t, m.dir, next)
	m.lose(next, name)
	m.dir = next
	panic(powerLoss{})
}

// lose undoes, by chance, what is not on disk yet at that point.
func (m *machine) lose(dir, point string) {
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || m.rand.IntN(2) == 0 {
			return err
		}
		temporary := strings.HasPrefix(entry.Name(), tempPrefix)
		switch {
		case temporary && (strings.HasSuffix(point, ".writing") || strings.HasSuffix(point, ".written")):
			info, err := entry.Info()
			if err != nil {
				return err
			}
			return os.Truncate(path, m.rand.Int64N(info.Size()+1))
		case point == "snapshot.renamed" && strings.Contains(path, snapshotFolder) && !m.isNamed(entry.Name()):
			return os.Remove(path)
		case point == "create.renamed" && entry.Name() == databaseFile:
			return os.Remove(path)
		}
		return nil
	})
	if err != nil {
		m.t.Error(err)
	}
}

// isNamed reports whether the database names a snapshot file.
func (m *machine) isNamed(file string) bool {
	var named bool
	if err := m.store.db.QueryRow("SELECT EXISTS (SELECT * FROM snapshots WHERE file = ?)", file).Scan(&named); err != nil {
		m.t.Error(err)
	}
	return named
}

// try does an operation on the store and tells whether the machine survived.
func (m *machine) try(what string, f func() error) (survived bool) {
	m.log = append(m.log, what)
	m.dead = false
	defer func() {
		m.fuse = -1
		if r := recover(); r != nil {
			if _, ok := r.(powerLoss); !ok {
				panic(r)
			}
			m.log = append(m.log, "power lost at "+m.last)
		}
	}()
	if err := f(); err != nil {
		m.t.Errorf("%s: %v", what, err)
	}
	return true
}

// boot opens the store, dying on the way as often as the fuse says, and checks
// that it knows what the model knows.
func (m *machine) boot(force bool) {
	for {
		if m.rand.IntN(4) == 0 {
			m.fuse = m.rand.IntN(16)
		}
		if m.store != nil {
			m.store.abandon()
			m.store = nil
		}
		survived := m.try(fmt.Sprintf("open(force=%v)", force), func() (err error) {
			opt := Options{Script: testScript, Force: force, Fault: m.point}
			opt.fill()
			if m.store, err = openStore(m.dir, opt); err != nil {
				return err
			}
			return m.store.start()
		})
		registered := survived || m.last == "register.done" || m.last == "tidy.done"
		if registered && (m.generation == 0 || force && (!m.forced || m.finished)) {
			m.generation++
			m.forced, m.finished = force, false
			m.done, m.snaps = map[string]string{}, map[string][]string{}
		}
		if survived {
			break
		}
	}
	m.open = map[string]*Attempt{}
	m.compare()
}

var (
	modelTasks = []string{"a", "b", "c", "d"}
	modelSlots = []Slot{{1, "x"}, {2, "x"}, {2, "y"}}
)

func (m *machine) key(task string) Key { return mustKey(m.t, "task", map[string]any{"id": task}) }

func slotID(task string, slot Slot) string { return fmt.Sprint(task, slot) }

func artifactName(task string) string { return "artifacts/" + task + ".txt" }

// content is what a task writes: always the same, as the contract asks.
func content(task string) string { return strings.Repeat("artifact of "+task+"\n", 200) }

// step is one random operation.
func (m *machine) step() {
	task := modelTasks[m.rand.IntN(len(modelTasks))]
	if m.rand.IntN(5) == 0 {
		m.fuse = m.rand.IntN(12)
	}
	survived := true
	switch m.rand.IntN(14) {
	case 0:
		survived = m.close(StatusInterrupted)
	case 1:
		survived = m.close(StatusDone)
	case 2:
		if a := m.open[task]; a != nil {
			if survived = m.try("fail "+task, func() error { return a.Fail("by chance") }); survived {
				delete(m.open, task)
			}
		}
	case 3, 4, 5:
		survived = m.commit(task)
	case 6, 7:
		survived = m.record()
	default:
		survived = m.save(task, modelSlots[m.rand.IntN(len(modelSlots))])
	}
	m.fuse = -1
	if !survived {
		m.boot(false)
	}
}

func (m *machine) close(status string) bool {
	survived := m.try("close "+status, func() error { return m.store.Close(status) })
	recorded := survived || m.last == "close.done" || m.last == "close.closed"
	if recorded && status == StatusDone {
		m.finished = true
	}
	if survived {
		m.boot(m.rand.IntN(4) == 0)
	}
	return survived
}

// attempt is the open one of a task, begun now if there is none.
func (m *machine) attempt(task string) (a *Attempt, survived bool) {
	if m.open[task] != nil {
		return m.open[task], true
	}
	survived = m.try("begin "+task, func() (err error) {
		a, err = m.store.Begin(m.key(task))
		return err
	})
	m.open[task] = a
	return a, survived
}

func (m *machine) save(task string, slot Slot) bool {
	a, survived := m.attempt(task)
	if !survived {
		return false
	}
	if m.rand.IntN(3) == 0 {
		m.fuse = m.rand.IntN(9)
	}
	id := slotID(task, slot)
	step := m.rand.Int64N(1000)
	state := fmt.Sprintf("%d state of %s", step, id)
	survived = m.try("save "+id, func() error {
		return a.SaveSnapshot(slot, SnapshotMeta{Step: step}, text(strings.TrimPrefix(state, fmt.Sprint(step, " "))))
	})
	if survived || m.last == "snapshot.done" || m.last == "snapshot.pruned" {
		m.snaps[id] = append(m.snaps[id], state)
	}
	return survived
}

func (m *machine) commit(task string) bool {
	a, survived := m.attempt(task)
	if !survived {
		return false
	}
	if m.rand.IntN(3) == 0 {
		m.fuse = m.rand.IntN(12)
	}
	result := "result of " + task
	r := mustResult(m.t, result)
	survived = m.try("commit "+task, func() error {
		if err := a.WriteArtifact(artifactName(task), text(content(task))); err != nil {
			return err
		}
		return a.Commit(Fingerprint{{"option", "task", task}}, r)
	})
	if survived || m.last == "commit.done" || m.last == "commit.pruned" {
		m.done[task] = result
		for _, slot := range modelSlots {
			delete(m.snaps, slotID(task, slot))
		}
		delete(m.open, task)
	}
	return survived
}

// record commits the tasks that are not open, together.
func (m *machine) record() bool {
	if m.rand.IntN(2) == 0 {
		m.fuse = m.rand.IntN(24)
	}
	var list []Finished
	var names []string
	for _, task := range modelTasks {
		if m.open[task] != nil {
			continue
		}
		names = append(names, task)
		list = append(list, Finished{
			Key: m.key(task), Fingerprint: Fingerprint{{"option", "task", task}}, Result: mustResult(m.t, "result of "+task),
			Files: []File{{artifactName(task), []byte(content(task))}},
		})
	}
	survived := m.try("record "+strings.Join(names, " "), func() error { return m.store.Record(list) })
	if survived || m.last == "commit.done" || m.last == "commit.pruned" {
		for _, task := range names {
			m.done[task] = "result of " + task
			for _, slot := range modelSlots {
				delete(m.snaps, slotID(task, slot))
			}
		}
	}
	return survived
}

// compare asks the store for all that the model knows.
func (m *machine) compare() {
	t, s := m.t, m.store
	m.log = append(m.log, "compare")
	if s.Generation() != m.generation {
		t.Errorf("generation %d, the model has %d", s.Generation(), m.generation)
	}
	files := 0
	for _, task := range modelTasks {
		key := m.key(task)
		rec, err := s.Task(key)
		if err != nil {
			t.Errorf("task %s: %v", task, err)
			continue
		}
		want, done := m.done[task]
		if done != (rec != nil) {
			t.Errorf("task %s: done = %v, the model says %v", task, rec != nil, done)
			continue
		}
		if done {
			if v, err := rec.Result.Decode(); v != want || err != nil || !rec.Done() || len(rec.Artifacts) != 1 {
				t.Errorf("task %s: %v, %v, %+v", task, v, err, rec)
			}
			if got := mustRead(t, filepath.Join(s.Dir(), artifactName(task))); got != content(task) {
				t.Errorf("task %s: its artifact is %q", task, got)
			}
		}
		a := mustBegin(t, s, key)
		for _, slot := range modelSlots {
			states := m.snaps[slotID(task, slot)]
			files += min(len(states), keep)
			want := "none"
			if len(states) > 0 {
				want = states[len(states)-1]
			}
			if got := load(t, a, slot); got != want {
				t.Errorf("snapshot %s: %q, the model has %q", slotID(task, slot), got, want)
			}
			if err := a.checkAll(slot); err != nil {
				t.Errorf("snapshot %s: %v", slotID(task, slot), err)
			}
		}
		if err := a.Interrupted(); err != nil {
			t.Error(err)
		}
	}
	if left := snapshotNames(t, s.Dir()); len(left) != files {
		t.Errorf("%d files in snapshots, the model has %d: %v", len(left), files, left)
	}
	m.compareLeftovers()
}

// checkAll reads every snapshot of a slot.
func (a *Attempt) checkAll(slot Slot) error {
	all, err := a.Snapshots(slot)
	for _, snap := range all {
		f, err := snap.Open()
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, f); err != nil {
			return err
		}
		f.Close()
	}
	return err
}

func (m *machine) compareLeftovers() {
	err := filepath.WalkDir(m.store.Dir(), func(path string, entry fs.DirEntry, err error) error {
		if strings.HasSuffix(path, tempSuffix) || strings.Contains(path, newDatabaseFile) {
			m.t.Errorf("left behind: %s", path)
		}
		return err
	})
	if err != nil {
		m.t.Error(err)
	}
}
