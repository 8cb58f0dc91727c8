package progress

import (
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"
)

// A vt is a small terminal: it prints, wraps, scrolls into an endless
// history, and knows the escape codes that may occur. Others are an error, so
// that nothing passes unseen.
type vt struct {
	t          *testing.T
	cols, rows int
	lines      [][]rune // history and screen
	row, col   int
	wraps      int // lines that ran over the last column
	pending    []byte
}

func newVT(t *testing.T, cols, rows int) *vt {
	return &vt{t: t, cols: cols, rows: rows, lines: [][]rune{nil}}
}

// Write replays what was written to the terminal, cut anywhere.
func (v *vt) Write(p []byte) (int, error) {
	v.pending = append(v.pending, p...)
	for len(v.pending) > 0 {
		n := v.step(v.pending)
		if n == 0 {
			break
		}
		v.pending = v.pending[n:]
	}
	return len(p), nil
}

// step takes one character or escape code off p, or returns 0 if it is not
// all there yet.
func (v *vt) step(p []byte) int {
	switch c := p[0]; {
	case c == '\n':
		v.down()
		v.col = 0 // as a terminal's driver makes \r\n of it
	case c == '\r':
		v.col = 0
	case c == 0x1b:
		return v.escape(p)
	case c < ' ' || c == 0x7f:
		v.t.Errorf("control character %#x", c)
	default:
		size := 1
		for size < len(p) && p[size]&0xc0 == 0x80 {
			size++
		}
		want := 1
		if c >= 0xc0 {
			want = 2 + int(c>>5&1) + int(c>>5&1&(c>>4))
		}
		if size < want {
			return 0
		}
		v.put([]rune(string(p[:size]))[0])
		return size
	}
	return 1
}

func (v *vt) put(r rune) {
	w := (&runewidth.Condition{}).RuneWidth(r)
	if v.col+w > v.cols {
		v.wraps++
		v.down()
		v.col = 0
	}
	line := v.lines[v.row]
	for len(line) < v.col+w {
		line = append(line, ' ')
	}
	line[v.col] = r
	for i := 1; i < w; i++ {
		line[v.col+i] = 0
	}
	v.lines[v.row] = line
	v.col += w
}

func (v *vt) down() {
	v.row++
	if v.row == len(v.lines) {
		v.lines = append(v.lines, nil)
	}
}

func (v *vt) escape(p []byte) int {
	end := 2
	for end < len(p) && (p[end] >= '0' && p[end] <= '9' || p[end] == ';') {
		end++
	}
	if end >= len(p) {
		return 0
	}
	n := 0
	for _, d := range p[2:end] {
		n = 10*n + int(d-'0')
	}
	switch code := string(p[1:2]) + string(p[end]); {
	case code == "[A":
		v.row = max(v.row-max(n, 1), len(v.lines)-v.rows, 0)
	case code == "[K" && n == 0:
		v.lines[v.row] = v.lines[v.row][:min(v.col, len(v.lines[v.row]))]
	case code == "[J" && n == 0:
		v.lines[v.row] = v.lines[v.row][:min(v.col, len(v.lines[v.row]))]
		for i := v.row + 1; i < len(v.lines); i++ {
			v.lines[i] = nil
		}
	default:
		v.t.Errorf("unexpected escape code %q", p[:end+1])
	}
	return end + 1
}

// narrow makes the terminal narrower, which breaks longer lines in two.
func (v *vt) narrow(cols int) {
	var broken [][]rune
	row := v.row
	for i, line := range v.lines {
		if i == v.row {
			row = len(broken)
		}
		for len(line) > cols {
			broken, line = append(broken, line[:cols:cols]), line[cols:]
		}
		broken = append(broken, line)
	}
	v.lines, v.row, v.cols = broken, row, cols
}

// text returns history and screen, without blanks at the ends of lines and
// below.
func (v *vt) text() string {
	var w strings.Builder
	for _, line := range v.lines {
		w.WriteString(strings.TrimRight(strings.ReplaceAll(string(line), "\x00", ""), " "))
		w.WriteByte('\n')
	}
	return strings.TrimRight(w.String(), "\n")
}

func TestVTWrapsScrollsAndErases(t *testing.T) {
	v := newVT(t, 4, 3)
	for _, c := range "one\ntwo\nabcdef\n\x1b[1A\r漢\x1b[K\nx" {
		for _, b := range []byte(string(c)) {
			v.Write([]byte{b})
		}
	}
	if got, want := v.text(), "one\ntwo\nabcd\n漢\nx"; got != want || v.wraps != 1 {
		t.Errorf("%d wraps, text %q, want 1, %q", v.wraps, got, want)
	}
	v.Write([]byte("\x1b[9A\r\x1b[J")) // only to the top of the screen
	if got, want := v.text(), "one\ntwo"; got != want {
		t.Errorf("after erasing: %q, want %q", got, want)
	}
}
