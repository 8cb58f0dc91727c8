package progress

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// plainBoard is a board without terminal whose ticks are the test's.
func plainBoard(o Options) (*Board, *fakeClock, *lockedBuffer) {
	clock, err := newFakeClock(), &lockedBuffer{}
	o.Stderr, o.Rendering, o.Now = err, Plain, clock.now
	if o.Stdout == nil {
		o.Stdout = io.Discard
	}
	return newBoard(o), clock, err
}

func TestPlainLinesComeAtMostEachInterval(t *testing.T) {
	board, clock, err := plainBoard(Options{Interval: 5 * time.Second})
	board.Open(Spec{Label: "realizations", Total: 3, Unit: "sim"})
	bar := board.Open(Spec{Label: "evolution", Total: 1000, Unit: "step"})
	for i := range 200 { // 20 s
		clock.pass(100 * time.Millisecond)
		bar.Set(int64(i+1), fmt.Sprintf("z=%d", 200-i))
		board.tick()
	}
	want := `evolution: 50/1000 steps (5%), 10.0 step/s, 01:35 left, z=151
evolution: 100/1000 steps (10%), 10.0 step/s, 01:30 left, z=101
evolution: 150/1000 steps (15%), 10.0 step/s, 01:25 left, z=51
evolution: 200/1000 steps (20%), 10.0 step/s, 01:20 left, z=1
`
	if got := err.take(); got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
	clock.pass(time.Minute)
	board.tick()
	if got := err.take(); got != "" {
		t.Errorf("without an advance: %q", got)
	}
	board.Close()
	if got := err.take(); got != "" {
		t.Errorf("closing nested bars and one that never advanced: %q", got)
	}
}

// TestBoardTicksByItself runs New's own goroutine on synctest's clock, and
// fails by a deadlock if Close leaves it behind.
func TestBoardTicksByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err, written := &lockedBuffer{}, 0
		board := New(Options{
			Stdout: io.Discard, Stderr: err, Rendering: Plain,
			Status: func([]byte) error { written++; return nil },
		})
		bar := board.Open(Spec{Label: "evolution", Total: 100, Unit: "step"})
		for range 12 {
			time.Sleep(time.Second)
			bar.Add(1)
		}
		board.Close()
		if lines := strings.Count(err.take(), "\n"); lines != 2 {
			t.Errorf("%d lines in 12 s, want one each 5 s", lines)
		}
		// The first tick, then one for each second of work, and Close's.
		if written < 12 || written > 14 {
			t.Errorf("status written %d times in 12 s, want about once a second", written)
		}
	})
}

func TestOutermostAdvanceIsTold(t *testing.T) {
	board, clock, err := plainBoard(Options{})
	outer := board.Open(Spec{Label: "realizations", Total: 2, Unit: "sim"})
	inner := board.Open(Spec{Label: "evolution", Total: 10, Unit: "step"})
	clock.pass(10 * time.Second)
	inner.Set(10, "")
	inner.Close()
	outer.Add(1)
	inner = board.Open(Spec{Label: "evolution", Total: 10, Unit: "step"})
	inner.Set(1, "")
	board.tick()
	clock.pass(10 * time.Second)
	inner.Close()
	outer.Add(1)
	outer.Close()
	board.Open(Spec{Label: "next", Total: 10})
	board.tick()
	want := "realizations: 1/2 sims (50%), 10.0 s/sim, 00:10 left\n" +
		"realizations: 2/2 sims (100%), 10.0 s/sim, took 00:20\n"
	if got := err.take(); got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
}

func TestScriptSpeaksForTheOutermostBar(t *testing.T) {
	board, clock, err := plainBoard(Options{})
	outer := board.Open(Spec{Label: "realizations", Total: 2, Unit: "sim"})
	for i := range 2 {
		inner := board.Open(Spec{Label: "evolution", Total: 10, Unit: "step"})
		clock.pass(10 * time.Second)
		inner.Set(4, "")
		board.tick()
		inner.Close()
		board.Plain(fmt.Sprintf("Realization %d/2 complete: 145 voids", i+1))
		outer.Add(1)
		board.tick()
	}
	clock.pass(10 * time.Second)
	board.tick()
	board.Close()
	want := `evolution: 4/10 steps (40%), 2.5 s/step, 00:15 left
Realization 1/2 complete: 145 voids
evolution: 4/10 steps (40%), 2.5 s/step, 00:15 left
Realization 2/2 complete: 145 voids
`
	if got := err.take(); got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
}

func TestPlainMessagesNeedThePlainRendering(t *testing.T) {
	for _, rendering := range []Rendering{Terminal, Quiet} {
		err := &lockedBuffer{}
		board := New(Options{Stdout: err, Stderr: err, Rendering: rendering, Size: func() (int, int) { return 80, 24 }})
		board.Plain("Realization 1/3 complete: 145 voids")
		board.Close()
		if got := err.take(); got != "" {
			t.Errorf("%v: %q", rendering, got)
		}
	}
}

func TestNothingPlainHasEscapeCodes(t *testing.T) {
	board, clock, err := plainBoard(Options{Interval: time.Second})
	bar := board.Open(Spec{Label: "a\x1b[31mb\r", Total: 5, Unit: "\x1b", Detail: "\x07"})
	for i := range int64(5) {
		clock.pass(2 * time.Second)
		bar.Set(i+1, "\x1b[2J")
		board.tick()
	}
	board.Close()
	if got := err.take(); strings.ContainsAny(got, "\x1b\r\x07") || strings.Count(got, "\n") != 5 {
		t.Errorf("%q", got)
	}
}

// TestPlainLinesDoNotTearPrints: both streams in one log, as a cluster's
// scheduler writes it.
func TestPlainLinesDoNotTearPrints(t *testing.T) {
	clock, log := newFakeClock(), &lockedBuffer{}
	board := newBoard(Options{Stdout: log, Stderr: log, Rendering: Plain, Now: clock.now})
	io.WriteString(board.Out(), "begun before, ")
	bar := board.Open(Spec{Label: "bar", Total: 3})
	io.WriteString(board.Out(), "ended after\nhalf ")
	clock.pass(time.Minute)
	bar.Add(1)
	board.tick()
	io.WriteString(board.Out(), "and half\nrest")
	bar.Close()
	board.Close()
	want := "begun before, ended after\nbar: 1/3 (33%), 60.0 s/it, 02:00 left\nhalf and half\nrest"
	if got := log.take(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}

	board = newBoard(Options{Stdout: log, Stderr: log, Rendering: Plain, Now: clock.now})
	io.WriteString(board.Out(), "no end")
	bar = board.Open(Spec{Label: "bar", Total: 3})
	clock.pass(time.Minute)
	bar.Add(1)
	board.tick()
	if got := log.take(); !strings.HasPrefix(got, "no end\nbar: 1/3") {
		t.Errorf("a bar's line after an unfinished one: %q", got)
	}
}

func TestQuietShowsNoBars(t *testing.T) {
	out, err := &lockedBuffer{}, &lockedBuffer{}
	clock := newFakeClock()
	board := newBoard(Options{Stdout: out, Stderr: err, Rendering: Quiet, Now: clock.now})
	bar := board.Open(Spec{Label: "bar", Total: 3})
	clock.pass(time.Minute)
	bar.Add(1)
	board.tick()
	io.WriteString(board.Err(), "an error\n")
	io.WriteString(board.Out(), "a result\n")
	board.Close()
	if out.take() != "a result\n" || err.take() != "an error\n" {
		t.Errorf("standard output or error has something else")
	}
}

func TestDetectChoosesPlainWhereThereIsNoTerminal(t *testing.T) {
	if got := Detect(&lockedBuffer{}, func(string) string { return "" }); got != Plain {
		t.Errorf("a buffer is rendered as %v", got)
	}
}

func TestABarThatAnotherSpeaksForGetsNoPlainLines(t *testing.T) {
	board, clock, err := plainBoard(Options{Interval: 5 * time.Second})
	board.Open(Spec{Label: "samples", Total: 500, Unit: "sample"})
	bar := board.Open(Spec{Label: "walk", Total: 400, Unit: "step", Spoken: true})
	for i := range 100 {
		clock.pass(100 * time.Millisecond)
		bar.Set(int64(i+1), "")
		board.tick()
	}
	if got := err.take(); got != "" {
		t.Errorf("got %q", got)
	}
	board.Plain("Diffusion step [101/400]")
	if got, want := err.take(), "Diffusion step [101/400]\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
