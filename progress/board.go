package progress

import (
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Options say how a board shows its bars. The zero value shows them on
// standard error.
type Options struct {
	// Stdout and Stderr are the streams behind [Board.Out] and [Board.Err];
	// bars go to Stderr. Nil means os.Stdout and os.Stderr. Writers that are
	// no *os.File must be comparable: equal ones are one destination.
	Stdout, Stderr io.Writer
	// Rendering is how bars are shown; Auto means as [Detect] says.
	Rendering Rendering
	// Interval is the least time between plain lines; 0 means 5 s.
	Interval time.Duration
	// Refresh is the time between drawings on a terminal; below 100 ms, so
	// also for 0, it is 100 ms.
	Refresh time.Duration
	// Size returns the terminal's columns and rows; nil asks the terminal
	// behind Stderr. It is called before every drawing.
	Size func() (cols, rows int)
	// Now is the clock; nil means time.Now.
	Now func() time.Time

	// Status takes the JSON of a [Status], such as [StatusFile] makes. It is
	// called at most once a second, and once more by Close, never twice at
	// the same time. Nil means that no status is kept.
	Status func(json []byte) error
	// StatusFailed hears of an error of Status, once until a later call
	// succeeds. The run goes on without. It must not close the board. Nil
	// means that nobody wants to hear.
	StatusFailed func(error)
}

// tickEvery is how often the board looks whether a plain line or the status
// is due.
const tickEvery = 200 * time.Millisecond

// A Board holds the open bars of a run and shows them.
type Board struct {
	rendering Rendering
	interval  time.Duration
	now       func() time.Time
	console   *console
	terminal  *terminal     // nil unless the rendering is Terminal
	status    *statusWriter // nil unless a status is kept
	out, err  *stream

	mu       sync.Mutex
	bars     []*Bar // the open ones as shown: each followed by those nested in it
	serial   uint64
	closed   bool
	lastLine time.Time // of the last plain line or message
	farewell string    // last line of a closed outermost bar, not yet written

	layout    atomic.Uint64 // counts openings and closings
	startOnce sync.Once
	stopOnce  sync.Once
	stop      chan struct{}
	stopped   sync.WaitGroup
}

// New returns a board without bars. Close it when the run ends.
func New(options Options) *Board {
	b := newBoard(options)
	if b.rendering == Plain || b.status != nil {
		b.stopped.Go(func() {
			ticker := time.NewTicker(tickEvery)
			defer ticker.Stop()
			for {
				select {
				case <-b.stop:
					return
				case <-ticker.C:
					b.tick()
				}
			}
		})
	}
	return b
}

// newBoard is New without the goroutine that calls tick.
func newBoard(o Options) *Board {
	if o.Stdout == nil {
		o.Stdout = os.Stdout
	}
	if o.Stderr == nil {
		o.Stderr = os.Stderr
	}
	if o.Rendering == Auto {
		o.Rendering = Detect(o.Stderr, os.Getenv)
	}
	if o.Interval <= 0 {
		o.Interval = 5 * time.Second
	}
	if o.Size == nil {
		o.Size = terminalSize(o.Stderr)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	b := &Board{
		rendering: o.Rendering, interval: o.Interval, now: o.Now,
		stop: make(chan struct{}), lastLine: o.Now(),
	}
	b.console = newConsole(o.Stderr, o.Rendering == Terminal, o.Size, b)
	b.out = b.console.stream(o.Stdout, o.Rendering != Quiet && sameDestination(o.Stdout, o.Stderr))
	b.err = b.console.stream(o.Stderr, o.Rendering != Quiet)
	if o.Rendering == Terminal {
		b.terminal = newTerminal(b, max(o.Refresh, 100*time.Millisecond))
	}
	if o.Status != nil {
		b.status = newStatusWriter(o.Status, o.StatusFailed, o.Now())
	}
	return b
}

// Rendering tells how this board shows its bars; it is never Auto.
func (b *Board) Rendering() Rendering { return b.rendering }

// Out is the script's standard output. Where it shares the bars' destination,
// it appears above them in whole lines; elsewhere every Write goes straight
// through.
func (b *Board) Out() io.Writer { return b.out }

// Err takes messages for standard error. They appear above the bars in whole
// lines.
func (b *Board) Err() io.Writer { return b.err }

// Plain writes a line to standard error that stands in for a bar where there
// is none: in the Plain rendering only, at once, however many there are. A
// script that calls it speaks for the outermost bar then open, whose own
// advance is no longer told.
func (b *Board) Plain(message string) {
	if b.rendering != Plain {
		return
	}
	b.mu.Lock()
	b.lastLine = b.now()
	for _, bar := range b.bars {
		if bar.depth == 0 {
			bar.spoken = true
		}
	}
	b.mu.Unlock()
	io.WriteString(b.err, strings.TrimSuffix(message, "\n")+"\n") // nobody to tell when standard error is gone
}

// Open adds a bar, nested in the innermost open one that no lane holds, unless
// spec names another parent. On a closed board the bar is closed from the start.
func (b *Board) Open(spec Spec) *Bar { return b.openIn(nil, spec) }

// openIn opens a bar in a lane, or with nil in none.
func (b *Board) openIn(lane *Lane, spec Spec) *Bar {
	now := b.now()
	bar := &Bar{
		board: b, lane: lane, label: spec.Label, unit: spec.Unit, total: spec.Total,
		opened: now, last: now, done: spec.Start, skipped: spec.Start, said: spec.Start,
		detail: spec.Detail, spoken: spec.Spoken,
	}
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		bar.closed, bar.ended = true, now
		return bar
	}
	b.serial++
	bar.serial = b.serial
	at := len(b.bars)
	if parent := b.parentFor(lane, spec.Parent); parent >= 0 {
		bar.depth = b.bars[parent].depth + 1
		at = b.subtree(parent)
	}
	b.bars = slices.Insert(b.bars, at, bar)
	b.layout.Add(1)
	b.mu.Unlock()
	if b.terminal != nil {
		b.startOnce.Do(b.terminal.start)
	}
	return bar
}

// parentFor returns the index of the wished parent if it is open, else of the
// bar of the lane opened last, else of the lane's parent, or −1. The caller holds
// b.mu.
func (b *Board) parentFor(lane *Lane, wished *Bar) int {
	innermost, below := -1, -1
	for i, bar := range b.bars {
		switch {
		case bar == wished:
			return i
		case bar.lane == lane:
			if innermost < 0 || bar.serial > b.bars[innermost].serial {
				innermost = i
			}
		case lane != nil && bar == lane.parent:
			below = i
		}
	}
	if innermost < 0 {
		return below
	}
	return innermost
}

// subtree returns the index after the last bar nested in bars[i]. The caller
// holds b.mu.
func (b *Board) subtree(i int) int {
	end := i + 1
	for end < len(b.bars) && b.bars[end].depth > b.bars[i].depth {
		end++
	}
	return end
}

// closeBar is Bar.Close.
func (b *Board) closeBar(bar *Bar) {
	now := b.now()
	b.mu.Lock()
	i := slices.Index(b.bars, bar)
	if i < 0 {
		b.mu.Unlock()
		return
	}
	end := b.subtree(i)
	for _, nested := range b.bars[i:end] {
		nested.mu.Lock()
		nested.closed, nested.ended = true, now
		nested.mu.Unlock()
	}
	b.bars = slices.Delete(b.bars, i, end)
	b.layout.Add(1)
	final := bar.state(now)
	if bar.depth == 0 && !bar.spoken && final.Done != bar.said {
		b.farewell = final.String()
	}
	b.mu.Unlock()
	b.console.barClosed(final)
}

// Snapshot returns the open bars as they are now, each followed by those
// nested in it.
func (b *Board) Snapshot() []BarState {
	now := b.now()
	b.mu.Lock()
	defer b.mu.Unlock()
	states := make([]BarState, len(b.bars))
	for i, bar := range b.bars {
		states[i] = bar.state(now)
	}
	return states
}

// open tells whether any bar is open.
func (b *Board) open() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.bars) > 0
}

// tick does what is due.
func (b *Board) tick() {
	if b.rendering == Plain {
		if line := b.dueLine(); line != "" {
			b.console.plainLine(line)
		}
	}
	if b.status != nil {
		b.status.write(b.now(), b.Snapshot(), false)
	}
}

// Close closes the open bars, writes what was held back, and stops all that
// the board started. Out and Err stay usable. A second Close waits for the
// first and does nothing.
func (b *Board) Close() {
	b.stopOnce.Do(func() {
		b.mu.Lock()
		b.closed = true
		b.mu.Unlock()
		for {
			b.mu.Lock()
			if len(b.bars) == 0 {
				b.mu.Unlock()
				break
			}
			outermost := b.bars[0]
			b.mu.Unlock()
			b.closeBar(outermost)
		}
		close(b.stop)
		b.stopped.Wait()
		if b.terminal != nil {
			b.startOnce.Do(func() {}) // nothing starts any more
			b.terminal.close()
		}
		if b.rendering == Plain {
			if line := b.dueLine(); line != "" {
				b.console.plainLine(line)
			}
		}
		b.console.settle()
		if b.status != nil {
			b.status.write(b.now(), nil, true)
		}
	})
}
