package bindings

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/fingerprint"
	"runlua/bindings/spec"
	"runlua/checkpointdb"
	"runlua/progress"
)

// stepping is work that advances in steps and can be saved between them: what
// sim:evolve hands to advance.
type stepping struct {
	caller   string
	label    string
	total    int64
	settings any   // plain data: whatever decides what the steps do
	size     int64 // of the saved state, bytes
	every    int   // steps between snapshots, 0: the run's policy

	step    func(context.Context) error // leaves the state as it was when it fails
	save    func(io.Writer) error
	restore func(io.Reader) error
	detail  func() string    // what the bar shows beside the count, "z=1.23"
	told    func(done int64) // speaks for the bar where there is none, at each step; may be nil

	record      *lua.LFunction // called with a view every recordEvery steps and after the last
	recordEvery int64
	onStep      *lua.LFunction
	// view is what record and on_step see of the work. It costs next to nothing:
	// what only some of them ask for is computed when they do. end is called when
	// the callback has returned.
	view func() (v lua.LValue, end func())
}

// advance runs the steps that are still missing and returns the rows of record.
// Inside a task it begins at the newest snapshot, saves as the policy says, and
// saves once more before it stops for a cancellation. The order is the same at
// each step: record, look for a cancellation, step, show, save.
func (s *Session) advance(l *lua.LState, w *stepping) lua.LValue {
	s.answerHelpBeforeWork(l)
	run := &advancing{stepping: w, session: s, l: l, task: s.task, saved: time.Now()}
	switch {
	case run.task == nil:
		s.warnOutsideTask(w)
	case run.task.callback:
		run.task = nil // a callback is called again where its row is missing, and then does all its work
	default:
		run.task.calls++
		run.slot = checkpointdb.Slot{Call: run.task.calls, Settings: settingsDigest(w.settings)}
		run.resume()
	}
	run.keepRandom()
	bar := s.host.Board().Open(progress.Spec{Label: w.label, Total: w.total, Start: run.done, Unit: "step", Spoken: w.told != nil})
	bar.Detail(w.detail())
	defer bar.Close()
	defer run.saveWhenStopped()
	ctx := s.host.Context()
	for {
		run.recordRow()
		if run.done == w.total {
			break
		}
		run.stopIfCancelled(ctx)
		if err := w.step(ctx); err != nil {
			run.stopIfCancelled(ctx)
			spec.Raise(l, w.caller, fmt.Sprintf("step %d/%d: %v", run.done+1, w.total, err), "")
		}
		run.done++
		bar.Set(run.done, w.detail())
		if w.told != nil {
			w.told(run.done)
		}
		if w.onStep != nil {
			run.callback(w.onStep, 0, lua.LNumber(run.done))
			run.restoreRandom() // on_step is for display: it leaves no trace
		}
		run.saveIfDue()
	}
	run.saveEnd()
	rows, err := checkpointdb.EncodeResult(run.rows)
	run.check(err)
	plain, err := rows.Decode()
	run.check(err)
	return toLua(l, plain)
}

// advancing is one execution of a stepping.
type advancing struct {
	*stepping
	session *Session
	l       *lua.LState
	task    *task // nil outside of tasks
	slot    checkpointdb.Slot

	done     int64
	rows     []any
	recorded int64  // the step of the last row
	random   uint64 // how far the task's random numbers were used up when the last row was whole
	savedAt  int64  // the step of the newest snapshot
	saved    time.Time
	ended    bool
}

func (a *advancing) check(err error) {
	if err != nil {
		spec.Raise(a.l, a.caller, err.Error(), "")
	}
}

func (s *Session) warnOutsideTask(w *stepping) {
	s.host.Warn("%s runs outside of a task: it works, but it can't be resumed after an interruption (checkpoint.task or sweep.run around it changes that)", w.caller)
}

// settingsDigest names the settings of an evolve in its snapshots' slot.
func settingsDigest(settings any) string {
	sum := sha256.Sum256([]byte(canonicalText(settings)))
	return hex.EncodeToString(sum[:16])
}

// resume takes up the newest valid snapshot of the slot, if there is one.
func (a *advancing) resume() {
	found, err := a.task.attempt.LoadSnapshot(a.slot, func(meta checkpointdb.SnapshotMeta, r io.Reader) error {
		h, err := readHeader(r)
		if err != nil {
			return err
		}
		plain, err := h.Rows.Decode()
		if err != nil {
			return err
		}
		if err := a.restore(r); err != nil {
			return err
		}
		a.rows, _ = plain.([]any)
		a.recorded = h.Recorded
		a.done, a.savedAt = meta.Step, meta.Step
		a.task.resumed(meta)
		a.task.setRandomPosition(h.Random)
		return nil
	})
	a.check(err)
	if found && a.done < a.total {
		a.session.host.Message("  Resuming from step %d/%d", a.done, a.total)
	}
	if !found {
		a.warnIfDiskIsShort()
	}
}

// recordRow calls record where a row is due and not yet there.
func (a *advancing) recordRow() {
	if a.record == nil || a.done == 0 || a.recorded == a.done || a.done%a.recordEvery != 0 && a.done != a.total {
		return
	}
	if len(a.rows) == 0 {
		defer a.warnOfKeptState(a.capturedByRecord())
	}
	a.callback(a.record, 1)
	value := a.l.Get(-1)
	a.l.Pop(1)
	row, err := toGo(value, fmt.Sprintf("the row of record at step %d", a.done))
	a.check(err)
	a.rows = append(a.rows, row)
	a.recorded = a.done
	a.keepRandom()
}

// keepRandom notes how far the task's random numbers are used up, at a moment
// that a resume comes back to: a callback that is stopped in its middle is
// called again from its beginning.
func (a *advancing) keepRandom() {
	if a.task != nil {
		a.random = a.task.randomPosition()
	}
}

func (a *advancing) restoreRandom() {
	if a.task != nil {
		a.task.setRandomPosition(a.random)
	}
}

// capturedByRecord is what record captures now.
func (a *advancing) capturedByRecord() []fingerprint.Field {
	fields, err := fingerprint.Of(a.record, fingerprint.Options{HostName: a.session.HostName})
	a.check(err)
	return fields
}

// warnOfKeptState tells a script that gathers in a variable of its own what a
// resume would lose.
func (a *advancing) warnOfKeptState(before []fingerprint.Field) {
	if a.task == nil || len(a.rows) == 0 {
		return
	}
	for i, f := range a.capturedByRecord() {
		if i >= len(before) || before[i] != f {
			a.session.host.Warn("record changes the variable %s, which is lost when the run is taken up again: return it as the row, and %s returns all rows", f.Name, a.caller)
			return
		}
	}
}

// callback calls record or on_step with a view, and args behind it, and leaves
// what it returns on the stack.
func (a *advancing) callback(f *lua.LFunction, results int, args ...lua.LValue) {
	if t := a.task; t != nil {
		t.callback = true
		defer func() { t.callback = false }()
	}
	view, end := a.view()
	defer end()
	a.l.Push(f)
	for _, arg := range append([]lua.LValue{view}, args...) {
		a.l.Push(arg)
	}
	a.l.Call(1+len(args), results)
}

func (a *advancing) stopIfCancelled(ctx context.Context) {
	if ctx.Err() != nil {
		a.l.RaiseError("%v", context.Cause(ctx))
	}
}

// saveWhenStopped saves once more when the run is cancelled, wherever that
// showed itself, and lets the panic pass.
func (a *advancing) saveWhenStopped() {
	if a.ended || a.session.host.Context().Err() == nil {
		return
	}
	if a.task == nil || a.done == 0 {
		return
	}
	a.task.saver.wait()
	if a.done != a.savedAt || a.task.saver.err != nil {
		if err := a.write(a.done, a.done == a.total, a.save); err != nil {
			a.task.saver.failed(err)
			return
		}
	}
	a.session.host.Message("  Saved at step %d/%d", a.done, a.total)
}

func (a *advancing) saveIfDue() {
	if a.task == nil || a.done == a.total {
		return
	}
	policy := a.session.host.Policy()
	every := int64(policy.CheckpointEvery)
	if a.every > 0 {
		every = int64(a.every)
	}
	if a.done-a.savedAt < every && time.Since(a.saved).Seconds() < policy.CheckpointSeconds {
		return
	}
	if a.task.saver.busy() {
		return // at the next step then: one copy in memory is enough
	}
	a.saveInBackground(false)
	if policy.SaveWaits {
		a.task.saver.wait()
	}
}

// saveEnd saves the end state, which stays until the task completes.
func (a *advancing) saveEnd() {
	a.ended = true
	if a.task == nil || a.savedAt == a.total {
		return
	}
	a.task.saver.wait()
	a.saveInBackground(true)
}

func (a *advancing) saveInBackground(final bool) {
	state := a.task.saver.copy(a.size)
	if err := a.save(state); err != nil {
		a.task.saver.failed(err)
		return
	}
	write, err := a.prepare(a.done, final, state.writeTo)
	if err != nil {
		a.task.saver.failed(err)
		return
	}
	a.task.saver.start(write)
	a.savedAt, a.saved = a.done, time.Now()
}

// write saves at once.
func (a *advancing) write(step int64, final bool, state func(io.Writer) error) error {
	write, err := a.prepare(step, final, state)
	if err != nil {
		return err
	}
	a.savedAt, a.saved = step, time.Now()
	return write()
}

// prepare takes what the snapshot holds beside the kernel's state now, and
// returns the write.
func (a *advancing) prepare(step int64, final bool, state func(io.Writer) error) (func() error, error) {
	rows, err := checkpointdb.EncodeResult(append([]any{}, a.rows...))
	if err != nil {
		return nil, err
	}
	h := header{Rows: rows, Recorded: a.recorded, Random: a.random}
	meta := checkpointdb.SnapshotMeta{Step: step, Total: a.total, Final: final, Fingerprint: a.task.fingerprint()}
	attempt, slot := a.task.attempt, a.slot
	return func() error {
		return attempt.SaveSnapshot(slot, meta, func(w io.Writer) error {
			if err := writeHeader(w, h); err != nil {
				return err
			}
			return state(w)
		})
	}, nil
}

// copied is a copy of a state in memory.
type copied struct{ data []byte }

func (c *copied) Write(p []byte) (int, error) { c.data = append(c.data, p...); return len(p), nil }

func (c *copied) writeTo(w io.Writer) error { _, err := w.Write(c.data); return err }
