package progress

import (
	"strings"
	"sync/atomic"
	"time"

	"github.com/gosuri/uiprogress"
)

// slots is the number of lines that the container draws. Its bars can be
// neither removed nor safely added while it runs, so all are made before it
// starts; each draws the line that stands at its place, if any.
const slots = 32

// A terminal lets uiprogress draw a board's bars again and again. Nothing but
// lines passes through the library: a slot's decorator draws the whole line,
// and what comes out at the other end is corrected (see Write).
type terminal struct {
	board   *Board
	library *uiprogress.Progress
	started atomic.Bool

	// The drawing in progress. Only the library's goroutine uses these.
	lines  []string
	layout uint64
}

func newTerminal(b *Board, refresh time.Duration) *terminal {
	t := &terminal{board: b, library: uiprogress.New()}
	t.library.SetOut(t)
	t.library.SetRefreshInterval(refresh)
	t.library.Width = 1 // the least that doesn't panic
	for i := range slots {
		slot := t.library.AddBar(1)
		slot.LeftEnd, slot.RightEnd = ' ', ' '
		slot.Fill, slot.Head, slot.Empty = ' ', ' ', ' '
		slot.PrependFunc(func(*uiprogress.Bar) string { return t.line(i) })
	}
	return t
}

// line is what slot i shows. Slot 0 comes first in every drawing and takes
// stock for all.
func (t *terminal) line(i int) string {
	if i == 0 {
		cols, _ := t.board.console.screen.size()
		t.layout = t.board.layout.Load()
		t.lines = t.board.lines(t.board.console.ruler, cols)
	}
	if i < len(t.lines) {
		return t.lines[i]
	}
	return ""
}

// Write takes a drawing from uilive: first the codes that clear the one
// before, then the lines. The codes are dropped, as uilive counts rows by the
// bytes of a line against the width that /dev/tty had when the program began,
// and would clear the text above lines of "█"; the console knows better.
// Empty slots are dropped too.
func (t *terminal) Write(p []byte) (int, error) {
	if len(p) == 0 || p[0] == '\x1b' {
		return len(p), nil
	}
	var lines []string
	for line := range strings.Lines(string(p)) {
		if line = strings.TrimRight(line, " \n"); line != "" {
			lines = append(lines, line)
		}
	}
	if err := t.board.console.drawBars(lines, t.layout); err != nil {
		return 0, err
	}
	return len(p), nil
}

// start begins to draw. It is called once at most.
func (t *terminal) start() {
	t.started.Store(true)
	t.library.Start()
}

// close ends drawing, if it has begun, with a last one. It is called once at
// most, and not before a call of start has returned.
func (t *terminal) close() {
	if t.started.Load() {
		t.library.Stop()
	}
}

// lines returns a line for each open bar.
func (b *Board) lines(r ruler, cols int) []string {
	states := b.Snapshot()
	lines := make([]string, 0, len(states))
	for _, s := range states[:min(len(states), slots)] {
		if line := strings.TrimRight(r.line(s, cols), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
