package progress

import (
	"io"
	"math"
	"slices"
	"sync"
	"testing"
	"time"
)

// quietBoard returns a board that shows nothing, on a fake clock.
func quietBoard(t testing.TB) (*Board, *fakeClock) {
	clock := newFakeClock()
	b := New(Options{Rendering: Quiet, Stdout: io.Discard, Stderr: io.Discard, Now: clock.now})
	t.Cleanup(b.Close)
	return b, clock
}

func TestResumedBarCountsOnlyItsOwnWorkForTheRate(t *testing.T) {
	board, clock := quietBoard(t)
	bar := board.Open(Spec{Label: "evolution", Total: 1000, Start: 400, Unit: "step"})
	s := board.Snapshot()[0]
	if s.Done != 400 || percent(s.Done, s.Total) != 40 {
		t.Errorf("at once: %d of %d, want 400 of 1000", s.Done, s.Total)
	}
	if s.Rate != 0 || s.Remaining >= 0 {
		t.Errorf("before any step: rate %v, remaining %v, want both unknown", s.Rate, s.Remaining)
	}
	clock.pass(10 * time.Second)
	bar.Set(500, "")
	s = board.Snapshot()[0]
	if s.Rate != 10 || s.Remaining != 50*time.Second {
		t.Errorf("after 100 steps in 10 s: rate %v, remaining %v, want 10 and 50s", s.Rate, s.Remaining)
	}
}

func TestSkippedUnitsDoNotRaiseTheRate(t *testing.T) {
	board, clock := quietBoard(t)
	bar := board.Open(Spec{Total: 10})
	bar.Skip(3)
	clock.pass(20 * time.Second)
	bar.Add(1)
	bar.Skip(2)
	bar.Add(0)
	s := board.Snapshot()[0]
	if s.Done != 6 || s.Rate != 1./20 || s.Remaining != 80*time.Second {
		t.Errorf("got %d done, rate %v, remaining %v; want 6, 0.05, 80s", s.Done, s.Rate, s.Remaining)
	}
}

// TestRemainingCountsDownBetweenSlowUnits follows Eq. (1) and (2) with the
// guide's realizations: two done in 220 s, a third under way.
func TestRemainingCountsDownBetweenSlowUnits(t *testing.T) {
	board, clock := quietBoard(t)
	bar := board.Open(Spec{Total: 3, Unit: "sim"})
	clock.pass(110 * time.Second)
	bar.Add(1)
	clock.pass(110 * time.Second)
	bar.Add(1)
	for _, want := range []struct {
		after     time.Duration
		unit      float64 // seconds
		remaining time.Duration
	}{
		{0, 110, 110 * time.Second},
		{30 * time.Second, 110, 80 * time.Second},
		{80 * time.Second, 110, 0},
		{110 * time.Second, 440. / 3, 0}, // twice as long as expected
	} {
		clock.pass(want.after)
		s := board.Snapshot()[0]
		if math.Abs(1/s.Rate-want.unit) > 1e-9*want.unit || (s.Remaining-want.remaining).Abs() > time.Microsecond {
			t.Errorf("%v later: %v s a unit, %v remaining; want %v, %v", want.after, 1/s.Rate, s.Remaining, want.unit, want.remaining)
		}
	}
}

func TestStalledStepsRaiseTheRemainingTime(t *testing.T) {
	board, clock := quietBoard(t)
	bar := board.Open(Spec{Total: 100})
	clock.pass(10 * time.Second)
	bar.Set(10, "") // a second each
	clock.pass(100 * time.Second)
	// The eleventh takes 100 s already: T = 110/11 s, R = 90·10 − 100 s.
	if s := board.Snapshot()[0]; s.Rate != .1 || s.Remaining != 800*time.Second {
		t.Errorf("rate %v, remaining %v, want 0.1, 800s", s.Rate, s.Remaining)
	}
}

func TestUnknownTotalHasNoRemainingTime(t *testing.T) {
	for _, total := range []int64{0, -1} {
		board, clock := quietBoard(t)
		bar := board.Open(Spec{Total: total})
		clock.pass(time.Second)
		bar.Set(5, "")
		if s := board.Snapshot()[0]; s.Remaining >= 0 || s.Total != 0 || s.Rate != 5 {
			t.Errorf("total %d: %+v", total, s)
		}
	}
}

func TestMoreThanTotalLeavesNothing(t *testing.T) {
	board, clock := quietBoard(t)
	bar := board.Open(Spec{Total: 4})
	clock.pass(time.Second)
	bar.Add(6)
	if s := board.Snapshot()[0]; s.Remaining != 0 || s.Done != 6 {
		t.Errorf("%+v", s)
	}
}

func TestRemainingTimeDoesNotOverflow(t *testing.T) {
	board, clock := quietBoard(t)
	bar := board.Open(Spec{Total: math.MaxInt64})
	clock.pass(time.Hour)
	bar.Add(1)
	if s := board.Snapshot()[0]; s.Remaining < 290*365*24*time.Hour {
		t.Errorf("remaining %v, want about the longest there is", s.Remaining)
	}
}

func labels(b *Board) (got []string, depths []int) {
	for _, s := range b.Snapshot() {
		got, depths = append(got, s.Label), append(depths, s.Depth)
	}
	return got, depths
}

func TestBarNestsInTheInnermostOpenOne(t *testing.T) {
	board, _ := quietBoard(t)
	board.Open(Spec{Label: "β"})
	sims := board.Open(Spec{Label: "sims"})
	steps := board.Open(Spec{Label: "steps"})
	if got, depths := labels(board); !slices.Equal(got, []string{"β", "sims", "steps"}) || !slices.Equal(depths, []int{0, 1, 2}) {
		t.Errorf("got %v at %v", got, depths)
	}
	steps.Close()
	board.Open(Spec{Label: "voids"})
	if got, depths := labels(board); !slices.Equal(got, []string{"β", "sims", "voids"}) || !slices.Equal(depths, []int{0, 1, 2}) {
		t.Errorf("got %v at %v", got, depths)
	}
	sims.Close()
	if got, _ := labels(board); !slices.Equal(got, []string{"β"}) {
		t.Errorf("after closing sims and what is in it: %v", got)
	}
}

func TestWorkersNameTheirParent(t *testing.T) {
	board, _ := quietBoard(t)
	first := board.Open(Spec{Label: "first"})
	a := board.Open(Spec{Label: "a", Parent: first})
	board.Open(Spec{Label: "b", Parent: first})
	board.Open(Spec{Label: "a1", Parent: a})
	if got, depths := labels(board); !slices.Equal(got, []string{"first", "a", "a1", "b"}) || !slices.Equal(depths, []int{0, 1, 2, 1}) {
		t.Errorf("got %v at %v", got, depths)
	}
	a.Close()
	board.Open(Spec{Label: "c", Parent: a}) // closed: nests in the innermost, b
	if got, depths := labels(board); !slices.Equal(got, []string{"first", "b", "c"}) || !slices.Equal(depths, []int{0, 1, 2}) {
		t.Errorf("got %v at %v", got, depths)
	}
}

func TestBarsOfALaneNestInEachOther(t *testing.T) {
	board, _ := quietBoard(t)
	sweep := board.Open(Spec{Label: "sweep"})
	one, two := board.Lane(sweep), board.Lane(sweep)
	a := one.Open(Spec{Label: "a"})
	two.Open(Spec{Label: "b"})
	one.Open(Spec{Label: "a1"})
	two.Open(Spec{Label: "b1"})
	if got, depths := labels(board); !slices.Equal(got, []string{"sweep", "a", "a1", "b", "b1"}) || !slices.Equal(depths, []int{0, 1, 2, 1, 2}) {
		t.Errorf("got %v at %v", got, depths)
	}
	a.Close()
	one.Open(Spec{Label: "c"})
	board.Open(Spec{Label: "main"}) // the bars of lanes are no parents of it
	if got, depths := labels(board); !slices.Equal(got, []string{"sweep", "b", "b1", "c", "main"}) || !slices.Equal(depths, []int{0, 1, 2, 1, 1}) {
		t.Errorf("got %v at %v", got, depths)
	}
	if board.Innermost().label != "main" || one.Innermost().label != "c" {
		t.Errorf("innermost are %q and %q", board.Innermost().label, one.Innermost().label)
	}
	sweep.Close()
	one.Open(Spec{Label: "late"})
	if got, depths := labels(board); !slices.Equal(got, []string{"late"}) || depths[0] != 0 {
		t.Errorf("below a closed parent: %v at %v", got, depths)
	}
}

func TestClosedAndNilBarsDoNothing(t *testing.T) {
	board, _ := quietBoard(t)
	bar := board.Open(Spec{Total: 3})
	bar.Add(1)
	bar.Close()
	bar.Close()
	bar.Add(1)
	bar.Set(3, "late")
	bar.Skip(1)
	bar.Detail("late")
	if s := bar.state(board.now()); s.Done != 1 || s.Detail != "" {
		t.Errorf("a closed bar changed: %+v", s)
	}
	board.Close()
	board.Close()
	late := board.Open(Spec{Total: 3})
	late.Add(1)
	late.Close()
	if n := len(board.Snapshot()); n != 0 || late.state(board.now()).Done != 0 {
		t.Errorf("a closed board has %d bars", n)
	}
	var none *Bar
	none.Set(1, "")
	none.Add(1)
	none.Skip(1)
	none.Detail("")
	none.Close()
}

// TestBoardStandsManyGoroutines is for the race detector, and for deadlocks,
// in each rendering.
func TestBoardStandsManyGoroutines(t *testing.T) {
	for _, rendering := range []Rendering{Terminal, Plain, Quiet} {
		out := &lockedBuffer{}
		board := New(Options{
			Stdout: out, Stderr: out, Rendering: rendering, Interval: time.Millisecond,
			Size:   func() (int, int) { return 80, 24 },
			Status: func([]byte) error { return nil },
		})
		outer := board.Open(Spec{Label: "outer", Total: 8})
		var work sync.WaitGroup
		for range 8 {
			work.Go(func() {
				bar := board.Open(Spec{Label: "inner", Total: 500, Parent: outer})
				for i := range int64(500) {
					bar.Set(i+1, "z=1.00")
					if i%50 == 0 {
						io.WriteString(board.Out(), "out\n")
						io.WriteString(board.Err(), "err")
						io.WriteString(board.Err(), "or\n")
						board.Plain("plain")
						board.Snapshot()
					}
				}
				bar.Close()
				outer.Add(1)
			})
		}
		work.Wait()
		var closers sync.WaitGroup
		for range 3 {
			closers.Go(board.Close)
		}
		closers.Wait()
		if d := outer.state(board.now()).Done; d != 8 {
			t.Errorf("%v: outer bar at %d, want 8", rendering, d)
		}
	}
}

func BenchmarkBarSet(b *testing.B) {
	board := New(Options{Rendering: Quiet, Stdout: io.Discard, Stderr: io.Discard})
	defer board.Close()
	bar := board.Open(Spec{Total: int64(b.N)})
	for i := range int64(b.N) {
		bar.Set(i, "z=1.23")
	}
}
