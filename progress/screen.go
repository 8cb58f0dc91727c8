package progress

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// A screen draws lines at the foot of a terminal and text above them. Every
// line it draws is shorter than the terminal is wide, so that the rows to go
// up again are known. The cursor rests at the start of the row below.
type screen struct {
	out   io.Writer
	size  func() (cols, rows int)
	ruler ruler

	lines []string // as drawn last
	cols  int      // width at that time
}

// showing tells whether lines stand at the foot of the terminal.
func (s *screen) showing() bool { return len(s.lines) > 0 }

// draw writes text, which ends with a newline or is empty, above the given
// lines, which replace those drawn before. All goes out in one Write, so that
// nothing flickers and no other process's output comes between.
func (s *screen) draw(text []byte, lines []string) error {
	cols, _ := s.size()
	if len(text) == 0 && cols == s.cols && slices.Equal(lines, s.lines) {
		return nil
	}
	var w strings.Builder
	erased := true
	if up := s.rowsUp(cols); up > 0 {
		fmt.Fprintf(&w, "\r\x1b[%dA", up)
		erased = false
	}
	if len(text) > 0 {
		if !erased {
			w.WriteString("\x1b[J")
			erased = true
		}
		w.Write(text)
	}
	for _, line := range lines {
		w.WriteString(line)
		if !erased {
			w.WriteString("\x1b[K")
		}
		w.WriteByte('\n')
	}
	if !erased {
		w.WriteString("\x1b[J")
	}
	s.lines, s.cols = lines, cols
	if w.Len() == 0 {
		return nil
	}
	_, err := io.WriteString(s.out, w.String())
	return err
}

// rowsUp is the number of rows between the cursor and the first line drawn. A
// terminal that has since become narrower has broken lines in two.
func (s *screen) rowsUp(cols int) int {
	rows := 0
	for _, line := range s.lines {
		rows += max(1, (s.ruler.StringWidth(line)+cols-1)/cols)
	}
	return rows
}
