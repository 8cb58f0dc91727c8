package bindings

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/checkpointdb"
	"runlua/progress"
)

// A crew computes the points of a sweep that are not recorded: each in a Lua
// state of its own, which has a copy of `each` and of all that it captures as it
// was when the sweep began. So a point's result does not depend on which points
// were computed before it, nor on how many are computed at once.
//
// Points are started in the grid's order. Once one has failed, those after it are
// stopped, saved, and no more are started; those before it are finished. What the
// caller sees is therefore the same for any number of workers: each point before
// the first that fails, in order, then that failure.
type crew struct {
	session *Session   // of the state that called sweep.run
	held    *claim     // by that state when the sweep began
	options *optionSet // then
	request request
	parcel  *parcel
	points  []*point // those to compute, in the grid's order
	outer   *progress.Bar
	unit    string
	cores   int
	asked   int // workers that the command line asks for, 0 if it does not

	ctx       context.Context // of all points
	cancel    context.CancelCauseFunc
	pending   sync.WaitGroup // points that run
	undecided *time.Timer

	mu      sync.Mutex
	changed *sync.Cond
	plan    plan  // zero until it is known what a point does
	told    bool  // how much memory the points take has been looked at
	saving  int64 // the largest state for whose snapshots room on the disk has been looked for
	next    int   // the first point not yet started
	running int
	front   int // the point that the caller waits for
	failed  int // the first point that failed, else len(points)
	stopped bool
}

// A point is one that is computed.
type point struct {
	index  int // among those to compute
	key    checkpointdb.Key
	params any
	group  *group
	name   string // within its group, for bars
	out    *outlet
	cancel context.CancelCauseFunc // nil until it is started

	ended  bool
	result *checkpointdb.Result // nil if it failed or was stopped
	err    error                // why it did
	lost   int                  // pieces of work in it that failed while it went on
}

// errStopped is why points end early when another one, or the script, has failed.
var errStopped = errors.New("stopped since another point of the sweep failed")

// soon is how long the first point has to show what it does before it counts as
// work without a mesh.
const soon = 500 * time.Millisecond

// newCrew prepares the points; nothing runs before begin.
func (s *Session) newCrew(r request, p *parcel, points []*point, unit string) *crew {
	c := &crew{
		session: s, held: s.held, options: s.options, request: r, parcel: p, points: points, unit: unit, outer: s.host.Board().Innermost(),
		asked: s.host.Jobs(), failed: len(points), front: -1,
	}
	c.changed = sync.NewCond(&c.mu)
	c.ctx, c.cancel = context.WithCancelCause(s.host.Context())
	for i, p := range points {
		p.index, p.out = i, &outlet{to: s.host.Board().Out()}
	}
	if _, within := s.host.(*workerHost); within {
		c.plan = plan{workers: 1} // with the threads of the point that the sweep is in
	} else if c.cores = s.host.Pool().Threads(); c.asked > 0 {
		c.plan = planFor(c.asked, c.cores)
	}
	context.AfterFunc(c.ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.changed.Broadcast()
	})
	return c
}

// workers is how many points may run now; the caller holds c.mu.
func (c *crew) workers() int { return max(1, c.plan.workers) }

// dispatch starts what may be started. One worker waits for the caller to come to
// a point, so that nothing runs ahead of what the script prints. The caller holds
// c.mu.
func (c *crew) dispatch() {
	for c.next < c.failed && c.running < c.workers() && !c.stopped && c.ctx.Err() == nil {
		if c.workers() == 1 && c.next > c.front {
			return
		}
		p := c.points[c.next]
		ctx, cancel := context.WithCancelCause(c.ctx)
		p.cancel = cancel
		c.next++
		c.running++
		c.pending.Add(1)
		if c.plan.workers == 0 && c.undecided == nil {
			c.undecided = time.AfterFunc(soon, func() { c.size(0, 0) })
		}
		go c.run(ctx, p)
	}
}

// wait lets the point's output through and returns when it has ended, or will
// never begin.
func (c *crew) wait(p *point) {
	c.mu.Lock()
	c.front = p.index
	c.dispatch()
	c.mu.Unlock()
	p.out.open()
	c.mu.Lock()
	defer c.mu.Unlock()
	for !p.ended && (p.cancel != nil || c.ctx.Err() == nil) {
		c.changed.Wait()
	}
}

// stop ends all points, each saved, and waits for them. What those that are done
// have printed is printed now: they will not be run again.
func (c *crew) stop() {
	c.mu.Lock()
	c.stopped = true
	if c.undecided != nil {
		c.undecided.Stop()
	}
	c.mu.Unlock()
	c.cancel(errStopped)
	c.pending.Wait()
	for _, p := range c.points {
		if p.ended && p.err == nil {
			p.out.open()
		}
		c.session.failed += p.lost
		p.lost = 0
		p.group.bar.Close()
	}
}

// run computes a point in a state of its own.
func (c *crew) run(ctx context.Context, p *point) {
	defer c.pending.Done()
	c.mu.Lock()
	if p.group.bar == nil {
		p.group.bar = c.session.host.Board().Lane(c.outer).Open(progress.Spec{
			Label: p.group.label, Total: int64(len(p.group.params)), Start: int64(p.group.recorded), Unit: c.unit,
		})
	}
	c.mu.Unlock()
	result, err := c.compute(&workerHost{Host: c.session.host, crew: c, point: p, ctx: ctx, lane: c.session.host.Board().Lane(p.group.bar)})
	if result != nil {
		p.group.bar.Add(1)
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	p.ended, p.result, p.err = true, result, err
	c.running--
	if err != nil && ctx.Err() == nil {
		c.failed = min(c.failed, p.index)
		if p.index > c.front {
			c.session.host.Message("%s failed; the points before it are finished first:\n  %s", p.key, strings.ReplaceAll(failureText(err), "\n", "\n  "))
		}
		for _, later := range c.points[p.index+1:] {
			if later.cancel != nil {
				later.cancel(errStopped)
			}
		}
	}
	p.cancel(nil)
	c.dispatch()
	c.changed.Broadcast()
}

// compute runs the task of a worker's point.
func (c *crew) compute(host *workerHost) (result *checkpointdb.Result, err error) {
	w, shut := c.session.host.Worker(host)
	defer shut()
	defer func() { host.point.lost = w.failed }()
	c.join(w)
	task := spec.Func{Name: c.request.caller, Call: func(call *spec.Call) []lua.LValue {
		u, err := c.parcel.unpack(w)
		call.Check(err)
		r := c.request
		r.params, r.fn = host.point.params, u.live(c.parcel.root).(*lua.LFunction)
		out := w.run(call.L, r)
		result = out.result
		if !out.recorded {
			for _, name := range u.changed() {
				c.session.host.Warn("each changes %s, which is lost: every point begins with what it was before the sweep; return it with the result", name)
			}
		}
		return nil
	}}
	w.l.Push(task.Function(w.l))
	return result, w.l.PCall(0, 0, nil)
}

// join makes a worker's session one of the run: the same options, the same tasks.
// What the script's own state is about by now is its own.
func (c *crew) join(w *Session) {
	w.claims, w.checked, w.held = c.session.claims, c.session.checked, c.held
	if c.options != nil {
		w.options = &optionSet{byName: c.options.byName, order: c.options.order}
		w.options.table = w.optionTable(w.options)
	}
}

// An outlet is where a point prints: held back until the points before it have
// been handed out, so that the output stands in the grid's order.
type outlet struct {
	mu     sync.Mutex
	to     io.Writer
	held   bytes.Buffer
	isOpen bool
}

func (o *outlet) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.isOpen {
		return o.to.Write(p)
	}
	return o.held.Write(p)
}

// open prints what was held back; from now on nothing is.
func (o *outlet) open() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.isOpen = true
	o.held.WriteTo(o.to) // print has no error to return any more
}

// raiseFrom raises what a point failed with, as if it had happened here: with the
// lines of the script on the way there, and those from here on.
func raiseFrom(l *lua.LState, caller string, err error) {
	failure, ok := err.(*lua.ApiError)
	if !ok {
		l.RaiseError("%v", err)
	}
	l.Push(l.NewFunction(func(l *lua.LState) int { l.RaiseError("here"); return 0 }))
	here, _ := l.PCall(0, 0, nil).(*lua.ApiError)
	_, lines, _ := strings.Cut(here.StackTrace, "\n")
	object := failure.Object
	if text, ok := object.(lua.LString); ok && strings.HasPrefix(string(text), caller+": ") {
		object = lua.LString(strings.TrimSuffix(here.Object.String(), "here") + string(text)) // what each returned was refused, when it had returned
	}
	panic(&lua.ApiError{Type: failure.Type, Object: object, StackTrace: strings.TrimRight(failure.StackTrace, "\n") + "\n" + lines})
}
