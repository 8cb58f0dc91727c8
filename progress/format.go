package progress

import (
	"fmt"
	"math"
	"math/bits"
	"strings"
	"time"
	"unicode"
)

// clock writes a duration as the bars do: 01:07, 1:02:03, 125:00:00.
func clock(d time.Duration) string {
	s := int64(max(d, 0) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}

// remainingClock is clock to the nearest second, "?" while unknown.
func remainingClock(d time.Duration) string {
	if d < 0 {
		return "?"
	}
	return clock(d.Round(time.Second))
}

// rateText writes a rate in units a second, or, below one a second, as
// seconds per unit: with sep "" 8.2step/s, 110s/sim, ?step/s.
func rateText(perSecond float64, unit, sep string) string {
	if unit == "" {
		unit = "it"
	}
	switch {
	case !(perSecond > 0):
		return "?" + sep + unit + "/s"
	case perSecond >= 1:
		return figures(perSecond) + sep + unit + "/s"
	}
	return figures(1/perSecond) + sep + "s/" + unit
}

// figures writes a positive number with one decimal below 100, none up to
// 9999, and with a power of a thousand above: 8.2, 110, 12.3k.
func figures(v float64) string {
	suffixes := []string{"", "k", "M", "G", "T"}
	i := 0
	if v >= 9999.5 {
		for v >= 999.5 && i < len(suffixes)-1 {
			v, i = v/1000, i+1
		}
	}
	if v < 99.95 {
		return fmt.Sprintf("%.1f%s", v, suffixes[i])
	}
	return fmt.Sprintf("%.0f%s", v, suffixes[i])
}

// percent is the nearest whole percentage of done in total, 100 only when
// nothing is left.
func percent(done, total int64) int {
	if done >= total {
		return 100
	}
	p := math.Round(100 * float64(max(done, 0)) / float64(total))
	return min(int(p), 99)
}

// partial holds the blocks of one to seven eighths of a cell.
var partial = []rune(" ▏▎▍▌▋▊▉")

// fill draws done of total as cells blocks, each worth eight parts; what is
// not filled is left as spaces, blockWidth for each block.
func fill(done, total int64, cells, blockWidth int) string {
	done = min(max(done, 0), total)
	hi, lo := bits.Mul64(uint64(done), uint64(8*cells))
	eighths, _ := bits.Div64(hi, lo, uint64(total))
	full, part := int(eighths)/8, int(eighths)%8
	var w strings.Builder
	w.WriteString(strings.Repeat("█", full))
	used := full
	if part > 0 {
		w.WriteRune(partial[part])
		used++
	}
	w.WriteString(strings.Repeat(" ", (cells-used)*blockWidth))
	return w.String()
}

// clean makes a label or detail fit for a line: control characters, which
// would move the cursor, become spaces.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
}

// String is the bar as a plain line, without newline:
//
//	β=+0.10 evolution: 450/1000 steps (45%), 8.2 step/s, 01:07 left, z=1.23
func (s BarState) String() string {
	units := plural(clean(s.Unit), s.Total)
	var count string
	if s.Total > 0 {
		count = fmt.Sprintf("%d/%d%s (%d%%)", s.Done, s.Total, units, percent(s.Done, s.Total))
	} else {
		count = fmt.Sprintf("%d%s", s.Done, plural(clean(s.Unit), s.Done))
	}
	parts := []string{count}
	if s.Rate > 0 {
		parts = append(parts, rateText(s.Rate, clean(s.Unit), " "))
	}
	switch {
	case s.Total > 0 && s.Done >= s.Total:
		parts = append(parts, "took "+clock(s.Elapsed))
	case s.Remaining >= 0:
		parts = append(parts, remainingClock(s.Remaining)+" left")
	}
	if s.Detail != "" {
		parts = append(parts, clean(s.Detail))
	}
	line := strings.Join(parts, ", ")
	if s.Label != "" {
		line = clean(s.Label) + ": " + line
	}
	return line
}

// plural is a space and the unit's name for n of it.
func plural(unit string, n int64) string {
	switch {
	case unit == "":
		return ""
	case n == 1 || strings.HasSuffix(unit, "s"):
		return " " + unit
	}
	return " " + unit + "s"
}
