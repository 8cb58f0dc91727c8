package bindings

import (
	"context"
	"fmt"
	"io"
	"strings"

	"runlua/kernels/par"
	"runlua/progress"
)

// workerHost is the Host of a session that computes one point of a sweep.
type workerHost struct {
	Host
	crew  *crew
	point *point
	ctx   context.Context
	lane  *progress.Lane
}

func (w *workerHost) Context() context.Context { return w.ctx }

// runContext is the context of the whole run, of which a worker's is a part.
func runContext(h Host) context.Context {
	for {
		w, ok := h.(*workerHost)
		if !ok {
			return h.Context()
		}
		h = w.Host
	}
}

// Board has the point's own lane.
func (w *workerHost) Board() Board {
	name := ""
	if w.several() {
		name = w.point.name
	}
	return workerBoard{w.Host.Board(), w.lane, w.point.out, w.point.group, name}
}

// several tells whether other points run at the same time.
func (w *workerHost) several() bool {
	w.crew.mu.Lock()
	defer w.crew.mu.Unlock()
	return w.crew.workers() > 1
}

// Jobs is 1: a sweep within a point has that point's threads.
func (w *workerHost) Jobs() int { return 1 }

// Pool has the threads of one worker; a point of a sweep within a point has those
// of the one around it.
func (w *workerHost) Pool() *par.Pool {
	if _, within := w.Host.(*workerHost); within {
		return w.Host.Pool()
	}
	w.crew.size(0, 0) // decides, if nothing has
	w.crew.mu.Lock()
	defer w.crew.mu.Unlock()
	return par.New(w.crew.plan.threads)
}

// Message names the point in each line where several run at once.
func (w *workerHost) Message(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if w.several() {
		var lines []string
		for line := range strings.SplitSeq(text, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				lines = append(lines, fmt.Sprintf("  %s: %s", w.point.key, line))
			}
		}
		text = strings.Join(lines, "\n")
	}
	w.Host.Message("%s", text)
}

// workerBoard is the board for one point: its bars stand below that of the sweep,
// the outermost of them with the point's name where there are several, and what it
// prints waits for its turn.
type workerBoard struct {
	Board
	lane  *progress.Lane
	out   *outlet
	group *group
	name  string
}

func (b workerBoard) Open(spec progress.Spec) *progress.Bar {
	if b.name != "" && b.lane.Innermost() == b.group.bar {
		spec.Label += ", " + b.name
	}
	return b.lane.Open(spec)
}

func (b workerBoard) Innermost() *progress.Bar { return b.lane.Innermost() }
func (b workerBoard) Out() io.Writer           { return b.out }
