package progress

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// A shown is a board on a vt: no library, no time but the test's.
type shown struct {
	*Board
	*vt
	clock *fakeClock
}

func showOn(t *testing.T, cols, rows int) shown {
	s := shown{vt: newVT(t, cols, rows), clock: newFakeClock()}
	s.Board = newBoard(Options{
		Stdout: s.vt, Stderr: s.vt, Rendering: Terminal, Now: s.clock.now,
		Size: func() (int, int) { return s.vt.cols, s.vt.rows },
	})
	s.Board.startOnce.Do(func() {}) // the test draws
	s.Board.console.ruler, s.Board.console.screen.ruler = narrow, narrow
	return s
}

// draw does what the library's goroutine does: it asks every slot, then
// clears, then writes.
func (s shown) draw() {
	var frame strings.Builder
	for _, slot := range s.terminal.library.Bars {
		fmt.Fprintln(&frame, slot.String())
	}
	io.WriteString(s.terminal, strings.Repeat("\x1b[1A\x1b[2K", 7)) // a wrong count
	io.WriteString(s.terminal, frame.String())
}

func (s shown) want(when, want string) {
	s.t.Helper()
	if got := s.text(); got != want {
		s.t.Errorf("%s:\n%s\nwant:\n%s", when, got, want)
	}
}

func TestPrintsStandAboveTheBars(t *testing.T) {
	s := showOn(t, 60, 10)
	io.WriteString(s.Out(), "before\n")
	sims := s.Open(Spec{Label: "sims", Total: 2, Unit: "sim"})
	steps := s.Open(Spec{Label: "steps", Total: 4, Unit: "step"})
	s.draw()
	const empty = `sims:   0%|                         | 0/2 [00:00<?, ?sim/s]
    steps:   0%|                   | 0/4 [00:00<?, ?step/s]`
	s.want("drawn", "before\n"+empty)
	io.WriteString(s.Out(), "one\ntwo\n")
	io.WriteString(s.Err(), "a message\n")
	s.want("printed", "before\none\ntwo\na message\n"+empty)

	s.clock.pass(10 * time.Second)
	steps.Set(4, "z=0")
	steps.Close()
	sims.Add(1)
	s.draw()
	s.want("nested bar closed", `before
one
two
a message
sims:  50%|█████████         | 1/2 [00:10<00:10, 10.0s/sim]`)

	s.clock.pass(10 * time.Second)
	sims.Add(1)
	sims.Close()
	io.WriteString(s.Out(), "after\n")
	s.Board.Close()
	s.want("at the end", `before
one
two
a message
sims: 100%|██████████████████| 2/2 [00:20<00:00, 10.0s/sim]
after`)
}

func TestUnfinishedLineIsShownAboveTheBarsAndKept(t *testing.T) {
	s := showOn(t, 60, 10)
	bar := s.Open(Spec{Total: 4, Unit: "it"})
	s.draw()
	io.WriteString(s.Out(), "half ")
	io.WriteString(s.Err(), "warn")
	s.draw()
	first := strings.Split(s.text(), "\n")
	if len(first) != 3 || first[0] != "half" || first[1] != "warn" {
		t.Errorf("unfinished:\n%s", s.text())
	}
	io.WriteString(s.Out(), "a line\nand ")
	bar.Close()
	const final = "0%|                              | 0/4 [00:00<?, ?it/s]"
	s.want("closed", "half a line\n"+final+"\nand warn")
	io.WriteString(s.Out(), "more\n")
	s.Board.Close()
	s.want("at the end", "half a line\n"+final+"\nand warnmore")
}

// TestBarsTakeBackALineBegunBeforeThem: "Evolving ... done" must not be torn
// by the bar that is shown in the middle of it.
func TestBarsTakeBackALineBegunBeforeThem(t *testing.T) {
	s := showOn(t, 60, 10)
	io.WriteString(s.Out(), "Evolving ... ")
	s.Open(Spec{Label: "outer", Total: 1})
	inner := s.Open(Spec{Label: "steps", Total: 4})
	s.draw()
	if lines := strings.Split(s.text(), "\n"); len(lines) != 3 || lines[0] != "Evolving ..." {
		t.Errorf("drawn:\n%s", s.text())
	}
	inner.Close()
	io.WriteString(s.Out(), "done\n")
	if lines := strings.Split(s.text(), "\n"); len(lines) != 2 || lines[0] != "Evolving ... done" {
		t.Errorf("finished:\n%s", s.text())
	}
}

func TestLastLineOfABarNeverDrawnTearsNothing(t *testing.T) {
	s := showOn(t, 60, 10)
	io.WriteString(s.Out(), "begun ")
	s.Open(Spec{Label: "quick", Unit: "step"}).Close()
	io.WriteString(s.Out(), "and ended\n")
	s.want("closed at once", "quick: 0step [00:00, ?step/s]\nbegun and ended")
}

// TestHeldTextKeepsItsPlace: between a bar's end and the release of what was
// held for it, another goroutine may print.
func TestHeldTextKeepsItsPlace(t *testing.T) {
	out := &lockedBuffer{}
	b := newBoard(Options{Stdout: out, Stderr: out, Rendering: Plain})
	b.Open(Spec{})
	io.WriteString(b.Out(), "first ")
	b.bars = nil // as closeBar leaves it before it calls the console
	io.WriteString(b.Out(), "second\n")
	if got := out.String(); got != "first second\n" {
		t.Errorf("got %q", got)
	}
}

func TestBarsEndALineTheyCannotTakeBack(t *testing.T) {
	long := strings.Repeat("x", 70)
	s := showOn(t, 60, 10)
	io.WriteString(s.Out(), long)
	s.Open(Spec{Label: "steps", Total: 4})
	s.draw()
	s.Board.Close()
	if got := s.text(); !strings.HasPrefix(got, long[:60]+"\n"+long[60:]+"\nsteps:") {
		t.Errorf("a line that wraps:\n%s", got)
	}
	s = showOn(t, 60, 10)
	io.WriteString(s.Out(), "a")
	io.WriteString(s.Err(), "b")
	s.Open(Spec{Label: "steps", Total: 4})
	s.draw()
	if got := s.text(); !strings.HasPrefix(got, "ab\nsteps:") {
		t.Errorf("a line of two writers:\n%s", got)
	}
}

func TestDrawingOvertakenByAnEndIsLeftOut(t *testing.T) {
	s := showOn(t, 60, 10)
	bar := s.Open(Spec{Label: "steps", Total: 4})
	s.draw()
	var frame strings.Builder
	for _, slot := range s.terminal.library.Bars {
		fmt.Fprintln(&frame, slot.String())
	}
	bar.Close()
	io.WriteString(s.terminal, frame.String())
	if n := strings.Count(s.text(), "steps"); n != 1 {
		t.Errorf("the closed bar stands there %d times:\n%s", n, s.text())
	}
}

// TestNarrowedTerminalIsClearedWhole: terminals break the lines of bars when
// they get narrower, so more rows are to be cleared.
func TestNarrowedTerminalIsClearedWhole(t *testing.T) {
	s := showOn(t, 100, 10)
	io.WriteString(s.Out(), "kept\n")
	s.Open(Spec{Label: "steps", Total: 4})
	s.draw()
	s.narrow(40)
	if n := strings.Count(s.text(), "\n"); n != 2 {
		t.Fatalf("the bar is not broken in two:\n%s", s.text())
	}
	s.draw()
	lines := strings.Split(s.text(), "\n")
	if len(lines) != 2 || lines[0] != "kept" || !strings.HasPrefix(lines[1], "steps:   0%|") {
		t.Errorf("after narrowing:\n%s", s.text())
	}
}

func TestMoreBarsThanRowsLeaveTheCursorItsRow(t *testing.T) {
	s := showOn(t, 60, 5)
	io.WriteString(s.Out(), "kept\n")
	for i := range 40 {
		s.Open(Spec{Label: fmt.Sprint("bar", i), Total: 4, Parent: nil})
	}
	s.draw()
	s.clock.pass(time.Second)
	s.draw()
	io.WriteString(s.Out(), "printed\n")
	lines := strings.Split(s.text(), "\n")
	if len(lines) != 6 || lines[0] != "kept" || lines[1] != "printed" || !strings.HasPrefix(lines[2], "bar0:") {
		t.Errorf("40 bars on 5 rows:\n%s", s.text())
	}
}

func TestNothingNewIsNotDrawnAgain(t *testing.T) {
	s := showOn(t, 60, 5)
	s.Open(Spec{Label: "steps", Total: 4})
	s.draw()
	out := &lockedBuffer{}
	s.console.screen.out = out
	s.draw()
	if got := out.String(); got != "" {
		t.Errorf("drew %q again", got)
	}
}

func TestLabelCannotMoveTheCursor(t *testing.T) {
	s := showOn(t, 60, 5)
	s.Open(Spec{Label: "a\nb\x1b[5A", Total: 4, Detail: "c\r"})
	s.draw()
	if got := s.text(); strings.Contains(got, "\n") || !strings.HasPrefix(got, "a b [5A:") {
		t.Errorf("drew %q", got)
	}
}

// closedPipe is standard output after its reader left.
type closedPipe struct{}

var errPipe = errors.New("broken pipe")

func (*closedPipe) Write([]byte) (int, error) { return 0, errPipe }

func TestPrintHearsOfALostReader(t *testing.T) {
	for _, rendering := range []Rendering{Plain, Terminal, Quiet} {
		pipe := &closedPipe{}
		b := newBoard(Options{Stdout: pipe, Stderr: pipe, Rendering: rendering, Size: func() (int, int) { return 80, 24 }})
		if rendering != Terminal { // there, a bar would have to be shown first
			b.Open(Spec{})
		}
		if _, err := io.WriteString(b.Out(), "line\n"); !errors.Is(err, errPipe) {
			t.Errorf("%v: error %v, want %v", rendering, err, errPipe)
		}
	}
}

func TestStandardOutputElsewhereGoesStraightThrough(t *testing.T) {
	for _, rendering := range []Rendering{Terminal, Plain, Quiet} {
		out, err := &lockedBuffer{}, &lockedBuffer{}
		b := newBoard(Options{Stdout: out, Stderr: err, Rendering: rendering, Size: func() (int, int) { return 80, 24 }})
		b.startOnce.Do(func() {})
		b.Open(Spec{Label: "bar", Total: 3})
		if b.terminal != nil {
			shown{Board: b}.draw()
		}
		io.WriteString(b.Out(), "no newline")
		if got := out.String(); got != "no newline" {
			t.Errorf("%v: standard output has %q", rendering, got)
		}
		io.WriteString(b.Out(), " yet\n")
		b.Close()
		if got := out.String(); got != "no newline yet\n" {
			t.Errorf("%v: standard output has %q at the end", rendering, got)
		}
	}
}
