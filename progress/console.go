package progress

import (
	"bytes"
	"io"
	"sync"
)

// A console is the place where bars and printed text meet. All that goes
// there passes under one lock, in whole lines while bars stand there.
//
// Locks are taken in the order console, board, bar. The library's locks come
// before the console's: it calls [screen] while holding its own, so nothing
// here calls the library.
type console struct {
	board *Board

	mu      sync.Mutex
	err     io.Writer // where bars go
	screen  *screen   // nil where bars are plain lines
	streams []*stream // those that share the bars' destination
	ruler   ruler

	// What stands on the last line of the destination while no bars hold it:
	// the text since the last newline and who wrote it, nil for several.
	tail     []byte
	tailFrom *stream
}

func newConsole(err io.Writer, onTerminal bool, size func() (cols, rows int), b *Board) *console {
	c := &console{board: b, err: err, ruler: newRuler()}
	if onTerminal {
		c.screen = &screen{out: err, size: size, ruler: c.ruler}
	}
	return c
}

// A stream is one of the writers that a board hands out.
type stream struct {
	console *console
	to      io.Writer
	shared  bool   // writes to where bars go
	held    []byte // an unfinished line, not yet written
}

// stream returns a writer to w; shared says that bars go to the same place.
func (c *console) stream(w io.Writer, shared bool) *stream {
	s := &stream{console: c, to: w, shared: shared}
	if shared {
		c.streams = append(c.streams, s)
	}
	return s
}

// Write passes p on: straight through where no bars stand or could appear,
// else up to its last newline, the rest when its own newline comes.
func (s *stream) Write(p []byte) (int, error) {
	c := s.console
	c.mu.Lock()
	defer c.mu.Unlock()
	if !s.shared {
		return s.to.Write(p)
	}
	if !c.holding() {
		c.release()
		return c.straight(s, p)
	}
	end := bytes.LastIndexByte(p, '\n') + 1
	if end == 0 {
		s.held = append(s.held, p...)
		return len(p), nil
	}
	text := p[:end]
	if len(s.held) > 0 {
		text = append(s.held, text...)
	}
	s.held = append([]byte(nil), p[end:]...)
	var err error
	if c.screen != nil {
		err = c.screen.draw(text, c.lines())
	} else {
		_, err = c.straight(s, text)
	}
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

// holding tells whether unfinished lines have to wait. The caller holds c.mu,
// as for all that follow.
func (c *console) holding() bool {
	if c.screen != nil {
		return c.screen.showing()
	}
	return c.board.open()
}

// straight writes p as it is, and notes how the last line stands.
func (c *console) straight(s *stream, p []byte) (int, error) {
	n, err := s.to.Write(p)
	c.note(s, p[:n])
	return n, err
}

// note keeps tail as it is after s wrote p.
func (c *console) note(s *stream, p []byte) {
	if len(p) == 0 {
		return
	}
	if i := bytes.LastIndexByte(p, '\n'); i >= 0 {
		c.tail, c.tailFrom = c.tail[:0], s
		p = p[i+1:]
	}
	if len(c.tail) == 0 {
		c.tailFrom = s
	}
	if c.tailFrom != s {
		c.tailFrom = nil
	}
	const enough = 4096 // longer than any line that could be taken back
	c.tail = append(c.tail, p[:min(len(p), max(enough-len(c.tail), 0))]...)
}

// plainLine writes a line in place of a bar, on a line of its own.
func (c *console) plainLine(line string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.tail) > 0 {
		line = "\n" + line
		c.tail = c.tail[:0]
	}
	io.WriteString(c.err, line+"\n") // nobody to tell when standard error is gone
}

// withBars returns what stands at the foot of the terminal: the streams'
// unfinished lines, as far as they are plain text, and the bars. Without bars
// nothing stands there.
func (c *console) withBars(bars []string) []string {
	if len(bars) == 0 {
		return nil
	}
	cols, rows := c.screen.size()
	var lines []string
	for _, s := range c.streams {
		if text := string(s.held); text != "" && clean(text) == text {
			lines = append(lines, c.ruler.Truncate(text, cols-1, "…"))
		}
	}
	lines = append(lines, bars...)
	return lines[:min(len(lines), max(rows-1, 0))] // the cursor has a row too
}

// lines is withBars with the bars as they are now.
func (c *console) lines() []string {
	cols, _ := c.screen.size()
	return c.withBars(c.board.lines(c.ruler, cols))
}

// drawBars is a drawing that the library asked for; layout is the board's
// when it did. A drawing that was overtaken by a bar's end is left out, as it
// would show that bar once more.
func (c *console) drawBars(bars []string, layout uint64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if layout != c.board.layout.Load() {
		return nil
	}
	if len(bars) > 0 && !c.screen.showing() {
		c.takeBackTail()
	}
	err := c.screen.draw(nil, c.withBars(bars))
	c.release()
	return err
}

// takeBackTail makes room for bars on a line that has text on it: the text is
// taken off the screen and held, to be shown above the bars, or, where that
// can't be done, its line is ended.
func (c *console) takeBackTail() {
	if len(c.tail) == 0 {
		return
	}
	cols, _ := c.screen.size()
	text := string(c.tail)
	if c.tailFrom != nil && clean(text) == text && c.ruler.StringWidth(text) < cols {
		io.WriteString(c.err, "\r\x1b[K") // the drawing that follows reports a lost terminal
		c.tailFrom.held = append([]byte(nil), c.tail...)
	} else {
		io.WriteString(c.err, "\n")
	}
	c.tail = c.tail[:0]
}

// barClosed shows that a bar is no longer open. The line of an outermost one
// stays above what is still shown.
func (c *console) barClosed(final BarState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.screen != nil {
		var text []byte
		if final.Depth == 0 {
			if !c.screen.showing() {
				c.takeBackTail()
			}
			cols, _ := c.screen.size()
			text = append([]byte(c.ruler.line(final, cols)), '\n')
		}
		c.screen.draw(text, c.lines()) // nobody to tell when standard error is gone
	}
	c.release()
}

// release writes what was held, once no bars stand in its way.
func (c *console) release() {
	if c.holding() {
		return
	}
	for _, s := range c.streams {
		if held := s.held; len(held) > 0 {
			s.held = nil
			c.straight(s, held) // its writer has long been told that it was taken
		}
	}
}

// settle is release for a board that shows nothing any more.
func (c *console) settle() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.release()
}
