package host

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// How much of a child's standard error is kept.
const (
	tailBytes = 8 << 10
	tailLines = 20
	lineRunes = 400 // of a line that is longer
)

// A tail keeps the end of what is written to it.
type tail struct {
	mu  sync.Mutex
	buf []byte // at most 2·tailBytes
	cut bool   // something before buf was dropped
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(b)
	if len(b) > tailBytes {
		b, t.cut = b[len(b)-tailBytes:], true
	}
	if len(t.buf)+len(b) > 2*tailBytes {
		t.buf = append(t.buf[:0], t.buf[len(t.buf)-tailBytes:]...)
		t.cut = true
	}
	t.buf = append(t.buf, b...)
	return n, nil
}

// String is the last lines: of a line that a carriage return overwrote, as bars
// do, what stood at its end; control characters, which might steer a terminal,
// replaced.
func (t *tail) String() string {
	t.mu.Lock()
	text, cut := string(t.buf), t.cut
	t.mu.Unlock()
	if len(text) > tailBytes {
		text, cut = text[len(text)-tailBytes:], true
	}
	if cut { // the first line is none
		if _, rest, ok := strings.Cut(text, "\n"); ok && rest != "" {
			text = rest
		}
	}
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(line, " \t\r")
		if i := strings.LastIndexByte(line, '\r'); i >= 0 {
			line = line[i+1:]
		}
		if line == "" {
			continue
		}
		line = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) && r != '\t' {
				return utf8.RuneError
			}
			return r
		}, line)
		if runes := []rune(line); len(runes) > lineRunes {
			line = string(runes[:lineRunes]) + "…"
		}
		lines = append(lines, line)
	}
	if len(lines) > tailLines {
		lines = lines[len(lines)-tailLines:]
	}
	return strings.Join(lines, "\n")
}
