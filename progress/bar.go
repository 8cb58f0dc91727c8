package progress

import (
	"math"
	"sync"
	"time"
)

// A Spec describes a bar to open.
type Spec struct {
	// Label stands before the bar, as "β=+0.10 evolution".
	Label string
	// Total is the number of units; 0 or less means that it isn't known.
	Total int64
	// Start is the number of units already done when this process opened
	// the bar, as after a resume. They show in the count, not in the rate.
	Start int64
	// Unit names one unit of work in the singular, as "step" or "sim".
	Unit string
	// Detail is shown after the rate, as "z=1.23".
	Detail string
	// Parent is the bar to nest in. Nil, or a bar already closed, means
	// the innermost open bar: the one opened last. Workers that run side by
	// side name the parent or open their bars in a [Lane] each, as each other's
	// bars are no parents of theirs.
	Parent *Bar
	// Spoken says that who opens the bar tells its advance itself, by
	// [Board.Plain], where there are no bars: it gets no plain lines.
	Spoken bool
}

// A Bar counts one piece of work. It is made by [Board.Open]; its methods do
// nothing on a nil or closed Bar.
type Bar struct {
	board  *Board
	lane   *Lane // nil outside of lanes
	label  string
	unit   string
	total  int64
	depth  int
	serial uint64 // order of opening on the board
	opened time.Time

	said   int64 // count that the last plain line told; guarded by board.mu
	spoken bool  // another tells this bar's advance; guarded by board.mu

	mu      sync.Mutex
	done    int64
	skipped int64
	detail  string
	last    time.Time // of the last advance
	closed  bool
	ended   time.Time
}

// Set says that done units are finished in all and replaces the detail.
func (b *Bar) Set(done int64, detail string) {
	if b == nil {
		return
	}
	now := b.board.now()
	b.mu.Lock()
	if !b.closed {
		if done != b.done {
			b.done, b.last = done, now
		}
		b.detail = detail
	}
	b.mu.Unlock()
}

// Add says that n more units are finished.
func (b *Bar) Add(n int64) {
	if b == nil || n == 0 {
		return
	}
	now := b.board.now()
	b.mu.Lock()
	if !b.closed {
		b.done, b.last = b.done+n, now
	}
	b.mu.Unlock()
}

// Skip says that n more units need no work because an earlier process did
// them: they count as done, not for the rate.
func (b *Bar) Skip(n int64) {
	if b == nil {
		return
	}
	b.mu.Lock()
	if !b.closed {
		b.done += n
		b.skipped += n
	}
	b.mu.Unlock()
}

// Detail replaces the text after the rate.
func (b *Bar) Detail(text string) {
	if b == nil {
		return
	}
	b.mu.Lock()
	if !b.closed {
		b.detail = text
	}
	b.mu.Unlock()
}

// Close ends the bar and those nested in it. It does not change the count: a
// bar closed early keeps showing how far it came. A second Close does
// nothing.
func (b *Bar) Close() {
	if b != nil && b.board != nil {
		b.board.closeBar(b)
	}
}

// lastAdvance returns the time at which the count last changed.
func (b *Bar) lastAdvance() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.last
}

// A BarState is what there is to say about a bar at one moment.
type BarState struct {
	Label  string
	Depth  int   // 0 for an outermost bar
	Done   int64 // units done, by whichever process
	Total  int64 // units in all; 0 if unknown
	Unit   string
	Detail string

	Elapsed   time.Duration // since this process opened the bar
	Rate      float64       // units a second by Eq. (1); 0 while unknown
	Remaining time.Duration // by Eq. (2); negative while unknown
}

// unknown is the Remaining of a bar that can't tell.
const unknown = time.Duration(-1)

// state reads the bar at the given time.
func (b *Bar) state(now time.Time) BarState {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		now = b.ended
	}
	s := BarState{
		Label: b.label, Depth: b.depth, Done: b.done, Total: max(b.total, 0),
		Unit: b.unit, Detail: b.detail,
		Elapsed: max(now.Sub(b.opened), 0),
	}
	perUnit := timePerUnit(b.done-b.skipped, b.last.Sub(b.opened), now.Sub(b.last))
	if perUnit > 0 {
		s.Rate = 1 / perUnit
	}
	s.Remaining = remaining(b.total-b.done, b.total > 0, perUnit, now.Sub(b.last))
	return s
}

// timePerUnit is Eq. (1) in seconds: n units were done by this process, the
// last of them worked after opening, since ago. It returns 0 while unknown.
func timePerUnit(n int64, worked, since time.Duration) float64 {
	if n <= 0 || worked <= 0 {
		return 0
	}
	average := worked.Seconds() / float64(n)
	least := (worked + max(since, 0)).Seconds() / float64(n+1)
	return max(average, least)
}

// remaining is Eq. (2).
func remaining(left int64, known bool, perUnit float64, since time.Duration) time.Duration {
	switch {
	case !known:
		return unknown
	case left <= 0:
		return 0
	case perUnit == 0:
		return unknown
	}
	seconds := float64(left)*perUnit - max(since, 0).Seconds()
	const longest = math.MaxInt64 / int64(time.Second) // what a Duration holds
	return time.Duration(min(max(seconds, 0), float64(longest)) * float64(time.Second))
}
