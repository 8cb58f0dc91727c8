package progress

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A pty is a real terminal whose other end is a vt.
type pty struct {
	t      *testing.T
	master *os.File
	slave  *os.File
	mu     sync.Mutex
	vt     *vt
	ended  chan struct{}
}

func openPTY(t *testing.T, cols, rows int) *pty {
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no pseudo terminal here: %v", err)
	}
	number, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Skipf("no pseudo terminal here: %v", err)
	}
	slave, err := os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo terminal here: %v", err)
	}
	p := &pty{t: t, master: master, slave: slave, vt: newVT(t, cols, rows), ended: make(chan struct{})}
	p.setSize(cols, rows)
	go func() {
		defer close(p.ended)
		buf := make([]byte, 1000)
		for {
			n, err := master.Read(buf)
			p.mu.Lock()
			p.vt.Write(buf[:n])
			p.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { p.end() })
	return p
}

func (p *pty) setSize(cols, rows int) {
	size := &unix.Winsize{Col: uint16(cols), Row: uint16(rows)}
	if err := unix.IoctlSetWinsize(int(p.slave.Fd()), unix.TIOCSWINSZ, size); err != nil {
		p.t.Fatal(err)
	}
}

func (p *pty) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.vt.text()
}

// await waits until the terminal shows what the function looks for.
func (p *pty) await(what string, there func(text string) bool) {
	p.t.Helper()
	for range 2000 {
		if there(p.text()) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	p.t.Fatalf("waited in vain for %s:\n%s", what, p.text())
}

// end closes the terminal and waits until all that was written is read.
func (p *pty) end() {
	p.slave.Close()
	<-p.ended
	p.master.Close()
}

func xterm(name string) string { return map[string]string{"TERM": "xterm"}[name] }

func TestDetectHeedsTheEnvironmentOnATerminal(t *testing.T) {
	p := openPTY(t, 80, 24)
	for _, c := range []struct {
		env  map[string]string
		want Rendering
	}{
		{map[string]string{"TERM": "xterm-256color"}, Terminal},
		{map[string]string{"TERM": "dumb"}, Plain},
		{map[string]string{}, Plain},
		{map[string]string{"TERM": "xterm", "NO_COLOR": "1"}, Plain},
	} {
		if got := Detect(p.slave, func(name string) string { return c.env[name] }); got != c.want {
			t.Errorf("%v: %v, want %v", c.env, got, c.want)
		}
	}
	if cols, rows := terminalSize(p.slave)(); cols != 80 || rows != 24 {
		t.Errorf("size %d×%d, want 80×24", cols, rows)
	}
	if !sameDestination(p.slave, p.slave) || sameDestination(p.slave, p.master) {
		t.Errorf("a terminal is not the same as itself, or the same as its other end")
	}
}

// TestTerminalHoldsPrintsAndFinalLines runs a board as the host does, through
// the library on a real terminal, with three goroutines that print and count.
func TestTerminalHoldsPrintsAndFinalLines(t *testing.T) {
	for _, cols := range []int{60, 120} {
		t.Run(fmt.Sprint(cols, " columns"), func(t *testing.T) {
			p := openPTY(t, cols, 12)
			rendering := Detect(p.slave, xterm)
			board := New(Options{Stdout: p.slave, Stderr: p.slave, Rendering: rendering})
			io.WriteString(board.Out(), "begun before the bars, ")
			outer := board.Open(Spec{Label: "β=+0.10 realizations", Total: 3, Unit: "sim"})
			const prints = 60
			var work sync.WaitGroup
			for w := range 3 {
				work.Go(func() {
					to := board.Out()
					if w == 2 {
						to = board.Err()
					}
					bar := board.Open(Spec{Label: "β=+0.10 evolution", Total: prints, Unit: "step", Parent: outer})
					for i := range prints {
						if w == 0 { // in pieces
							fmt.Fprintf(to, "β %d ", w)
							time.Sleep(time.Millisecond)
							fmt.Fprintf(to, "says %d\n", i)
						} else {
							fmt.Fprintf(to, "%s%d says %d\n", strings.Repeat("β ", w), w, i)
						}
						bar.Set(int64(i+1), "z=1.23")
						time.Sleep(10 * time.Millisecond)
					}
					bar.Close()
					outer.Add(1)
				})
				if w == 0 {
					work.Wait() // pieces of two writers in one line are theirs to avoid
				}
			}
			work.Wait()
			inner := board.Open(Spec{Label: "β=+0.10 voids", Total: 10, Unit: "pass"})
			p.await("both bars below the last print", func(text string) bool {
				lines := strings.Split(text, "\n")
				n := len(lines)
				return n > 3 && strings.HasPrefix(lines[n-1], "    β=+0.10 voids:   0%") &&
					strings.HasPrefix(lines[n-2], "β=+0.10 realizations: 100%") &&
					strings.Contains(lines[n-3], " says ")
			})
			inner.Close()
			outer.Close()
			fmt.Fprint(board.Out(), "the end")
			board.Close()
			p.end()

			// All prints, each whole and each writer's in order, the outer
			// bar's last line, and nothing else.
			said := regexp.MustCompile(`^(?:begun before the bars, )?(?:β )+(\d) says (\d+)$`)
			next := [3]int{}
			lines := strings.Split(p.text(), "\n")
			for _, line := range lines[:max(len(lines)-2, 0)] {
				m := said.FindStringSubmatch(line)
				if m == nil {
					t.Fatalf("torn or foreign line %q in\n%s", line, p.text())
				}
				w, _ := strconv.Atoi(m[1])
				if i, _ := strconv.Atoi(m[2]); i != next[w] {
					t.Errorf("%q follows print %d of %d", line, next[w]-1, w)
				}
				next[w]++
			}
			if next != [3]int{prints, prints, prints} {
				t.Errorf("prints on the terminal: %v, want %d of each", next, prints)
			}
			if n := len(lines); n < 2 || lines[n-1] != "the end" || !strings.HasPrefix(lines[n-2], "β=+0.10 realizations: 100%|████") {
				t.Errorf("at the end:\n%s", p.text())
			}
			if p.vt.wraps != 0 {
				t.Errorf("%d lines ran over the last column", p.vt.wraps)
			}
		})
	}
}

// TestTerminalGetsNarrower resizes a terminal under the bars.
func TestTerminalGetsNarrower(t *testing.T) {
	p := openPTY(t, 120, 12)
	clock := newFakeClock() // nothing is drawn but what the test changes
	board := New(Options{Stdout: p.slave, Stderr: p.slave, Rendering: Terminal, Now: clock.now})
	fmt.Fprintln(board.Out(), "kept")
	board.Open(Spec{Label: "outer", Total: 3})
	bar := board.Open(Spec{Label: "inner", Total: 3})
	drawn := func(done string) func(string) bool {
		return func(text string) bool { return strings.Contains(text, done) }
	}
	p.await("the bars", drawn("0/3 [00:00<?, ?it/s]\n    inner:   0%|"))
	p.mu.Lock()
	p.setSize(50, 12)
	p.vt.narrow(50)
	p.mu.Unlock()
	bar.Add(1)
	p.await("the bars again", drawn("inner:  33%|"))
	lines := strings.Split(p.text(), "\n")
	if len(lines) != 3 || lines[0] != "kept" || !strings.HasPrefix(lines[1], "outer:   0%|") || p.vt.wraps != 0 {
		t.Errorf("%d wraps:\n%s", p.vt.wraps, p.text())
	}
	board.Close()
	p.end()
}
