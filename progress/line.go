package progress

import (
	"fmt"
	"strings"

	"github.com/mattn/go-runewidth"
)

const (
	indent       = "    " // a level of nesting
	maxIndent    = 4      // levels beyond which nesting is no longer shown
	shortestFill = 4      // blocks below which a bar is left out
	longestFill  = 40     // blocks beyond which a bar says no more
)

// A ruler measures text in terminal cells. Its locale decides whether
// characters of ambiguous width, β and █ among them, take one cell or two.
type ruler struct{ *runewidth.Condition }

func newRuler() ruler { return ruler{runewidth.NewCondition()} }

// line is the bar as one line that takes fewer than width cells:
//
//	β=+0.10 evolution:  45%|████▌     | 450/1000 [00:55<01:07, 8.2step/s, z=1.23]
//
// The fill takes what the rest leaves. Where that is too little, first the
// rate goes, then the fill, then the count; then the label is cut.
func (r ruler) line(s BarState, width int) string {
	room := width - 1 // the last column would leave the cursor waiting to wrap
	if room <= 0 {
		return ""
	}
	label := strings.Repeat(indent, min(s.Depth, maxIndent)) + clean(s.Label)
	if s.Total <= 0 {
		return r.openEnded(s, label, room)
	}
	var rest string
	for _, show := range []struct{ fill, count, rate bool }{
		{true, true, true}, {true, true, false}, {false, true, true}, {false, true, false}, {},
	} {
		before := fmt.Sprintf("%3d%%", percent(s.Done, s.Total))
		after := " "
		if show.count {
			after += fmt.Sprintf("%d/%d ", s.Done, s.Total)
		}
		after += s.bracket(show.rate)
		rest = before + after
		left := room - r.StringWidth(label+": "+rest)
		if show.fill {
			block := r.RuneWidth('█')
			n := min((left-2)/block, longestFill)
			if left-2 < 0 || n < shortestFill {
				continue
			}
			rest = before + "|" + fill(s.Done, s.Total, n, block) + "|" + after
			left = 0
		}
		if left >= 0 {
			return joined(label, rest)
		}
	}
	return r.cut(label, rest, room)
}

// openEnded is the line of a bar whose total isn't known.
func (r ruler) openEnded(s BarState, label string, room int) string {
	unit := clean(s.Unit)
	if unit == "" {
		unit = "it"
	}
	for _, rate := range []bool{true, false} {
		rest := fmt.Sprintf("%d%s %s", s.Done, unit, s.bracket(rate))
		if r.StringWidth(joined(label, rest)) <= room {
			return joined(label, rest)
		}
	}
	return r.cut(label, fmt.Sprintf("%d%s %s", s.Done, unit, s.bracket(false)), room)
}

// cut shortens the label, or if that is not enough the line, to room cells.
func (r ruler) cut(label, rest string, room int) string {
	const shortestLabel = 6
	if left := room - r.StringWidth(": "+rest); left >= shortestLabel {
		return joined(r.Truncate(label, left, "…"), rest)
	}
	if room < r.StringWidth("…") {
		return ""
	}
	return r.Truncate(joined(label, rest), room, "…")
}

func joined(label, rest string) string {
	if strings.TrimSpace(label) == "" {
		return label + strings.TrimLeft(rest, " ")
	}
	return label + ": " + rest
}

// bracket is elapsed and remaining time, rate and detail:
// [00:55<01:07, 8.2step/s, z=1.23].
func (s BarState) bracket(withRate bool) string {
	text := clock(s.Elapsed)
	if s.Total > 0 {
		text += "<" + remainingClock(s.Remaining)
	}
	if withRate {
		text += ", " + rateText(s.Rate, clean(s.Unit), "")
	}
	if s.Detail != "" {
		text += ", " + clean(s.Detail)
	}
	return "[" + text + "]"
}
