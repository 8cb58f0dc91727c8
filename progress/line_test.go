package progress

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"
)

// narrow measures as most terminals do, wide as East Asian ones.
var (
	narrow = ruler{&runewidth.Condition{}}
	wide   = ruler{&runewidth.Condition{EastAsianWidth: true}}
)

// The two bars of the calibration guide, at the moment it shows them.
var (
	realizations = BarState{
		Label: "β=+0.10 realizations", Done: 2, Total: 3, Unit: "sim",
		Elapsed: 220 * time.Second, Rate: 2. / 220, Remaining: 110 * time.Second,
	}
	evolution = BarState{
		Label: "β=+0.10 evolution", Depth: 1, Done: 450, Total: 1000, Unit: "step", Detail: "z=1.23",
		Elapsed: 55 * time.Second, Rate: 450. / 55, Remaining: 67222 * time.Millisecond,
	}
)

func TestLineIsTheGuides(t *testing.T) {
	for _, c := range []struct {
		state BarState
		width int
		want  string
	}{
		{realizations, 67, "β=+0.10 realizations:  67%|██████▋   | 2/3 [03:40<01:50, 110s/sim]"},
		{evolution, 82, "    β=+0.10 evolution:  45%|████▌     | 450/1000 [00:55<01:07, 8.2step/s, z=1.23]"},
	} {
		// The widths are those of the wanted lines and the free column.
		if w := narrow.StringWidth(c.want) + 1; w != c.width {
			t.Errorf("the wanted line is for %d columns, not %d", w, c.width)
		}
		if got := narrow.line(c.state, c.width); got != c.want {
			t.Errorf("\n got %q\nwant %q", got, c.want)
		}
	}
}

func TestLineAdaptsToTheWidth(t *testing.T) {
	for _, c := range []struct {
		width int
		want  string
	}{
		{120, "    β=+0.10 evolution:  45%|██████████████████                      | 450/1000 [00:55<01:07, 8.2step/s, z=1.23]"},
		{80, "    β=+0.10 evolution:  45%|███▌    | 450/1000 [00:55<01:07, 8.2step/s, z=1.23]"},
		{70, "    β=+0.10 evolution:  45%|████     | 450/1000 [00:55<01:07, z=1.23]"},
		{65, "    β=+0.10 evolution:  45%|█▊  | 450/1000 [00:55<01:07, z=1.23]"},
		{64, "    β=+0.10 evolution:  45% 450/1000 [00:55<01:07, z=1.23]"},
		{55, "    β=+0.10 evolution:  45% [00:55<01:07, z=1.23]"},
		{42, "    β=+0.10 …:  45% [00:55<01:07, z=1.23]"},
		{20, "    β=+0.10 evolut…"},
		{3, " …"},
	} {
		if got := narrow.line(evolution, c.width); got != c.want {
			t.Errorf("%d columns:\n got %q\nwant %q", c.width, got, c.want)
		}
	}
}

func TestNoLineReachesTheLastColumn(t *testing.T) {
	states := []BarState{realizations, evolution, {}, {Label: "sampling", Done: 17, Unit: "sample", Detail: "t=0.5"},
		{Label: "漢字のラベル", Depth: 9, Done: 1, Total: 7, Remaining: unknown},
		{Label: "two\nlines\x1b[2J", Done: 1, Total: 2, Detail: "tab\there"}}
	for _, r := range []ruler{narrow, wide} {
		for _, s := range states {
			for width := range 200 {
				line := r.line(s, width)
				if w := r.StringWidth(line); w >= width && w > 0 {
					t.Errorf("%d columns: %q takes %d", width, line, w)
				}
				if strings.ContainsAny(line, "\n\t\x1b\r") {
					t.Errorf("control character in %q", line)
				}
			}
		}
	}
}

func TestLineSaysWhatIsUnknown(t *testing.T) {
	for _, c := range []struct {
		state BarState
		want  string
	}{
		{BarState{Label: "β=0.00 evolution", Total: 1000, Unit: "step", Detail: "z=49.00", Remaining: unknown},
			"β=0.00 evolution:   0%|        | 0/1000 [00:00<?, ?step/s, z=49.00]"},
		{BarState{Label: "reading", Done: 12, Unit: "file", Elapsed: 6 * time.Second, Rate: 2, Remaining: unknown},
			"reading: 12file [00:06, 2.0file/s]"},
		{BarState{Done: 12, Elapsed: 6 * time.Second, Rate: 2, Remaining: unknown},
			"12it [00:06, 2.0it/s]"},
	} {
		if got := narrow.line(c.state, 68); got != c.want {
			t.Errorf("\n got %q\nwant %q", got, c.want)
		}
	}
}

func TestFillGrowsByEighths(t *testing.T) {
	if got := fill(0, 3, 2, 1) + "," + fill(3, 3, 2, 1) + "," + fill(9, 3, 2, 1); got != "  ,██,██" {
		t.Errorf("ends: %q", got)
	}
	for i, want := range []string{" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"} {
		if got := fill(int64(i), 8, 1, 1); got != want {
			t.Errorf("%d/8 of a cell: %q, want %q", i, got, want)
		}
	}
	const huge = 1<<63 - 1
	if got := fill(huge-1, huge, 4, 1); got != "███▉" {
		t.Errorf("nearly all of 2^63: %q", got)
	}
	if got := fill(1, 2, 4, 2); wide.StringWidth(got) != 8 {
		t.Errorf("four wide blocks take %d cells: %q", wide.StringWidth(got), got)
	}
}

func TestPercentSaysHundredOnlyAtTheEnd(t *testing.T) {
	for _, c := range []struct {
		done, total int64
		want        int
	}{{0, 3, 0}, {1, 3, 33}, {2, 3, 67}, {999, 1000, 99}, {9999, 10000, 99}, {3, 3, 100}, {4, 3, 100}, {-1, 3, 0}} {
		if got := percent(c.done, c.total); got != c.want {
			t.Errorf("%d of %d: %d%%, want %d%%", c.done, c.total, got, c.want)
		}
	}
}

func TestClockIsThatOfTheGuide(t *testing.T) {
	for _, c := range []struct {
		seconds float64
		want    string
	}{{-5, "00:00"}, {0, "00:00"}, {67.9, "01:07"}, {3599, "59:59"}, {3723, "1:02:03"}, {450000, "125:00:00"}} {
		if got := clock(time.Duration(c.seconds * float64(time.Second))); got != c.want {
			t.Errorf("%v s: %s, want %s", c.seconds, got, c.want)
		}
	}
	if got := remainingClock(67600 * time.Millisecond); got != "01:08" {
		t.Errorf("67.6 s left: %s, want 01:08", got)
	}
}

func TestRateTurnsOverBelowOneASecond(t *testing.T) {
	for _, c := range []struct {
		rate float64
		want string
	}{
		{0, "?step/s"}, {450. / 55, "8.2step/s"}, {18.2, "18.2step/s"}, {99.94, "99.9step/s"}, {99.96, "100step/s"},
		{1, "1.0step/s"}, {1 / 1.5, "1.5s/step"}, {2. / 220, "110s/step"}, {1. / 55, "55.0s/step"},
		{9999, "9999step/s"}, {12345, "12.3kstep/s"}, {999600, "1.0Mstep/s"}, {2.5e6, "2.5Mstep/s"}, {3e16, "30000Tstep/s"},
	} {
		if got := rateText(c.rate, "step", ""); got != c.want {
			t.Errorf("%v: %s, want %s", c.rate, got, c.want)
		}
	}
}

func TestPlainLineIsASentence(t *testing.T) {
	full := realizations
	full.Done, full.Remaining, full.Elapsed, full.Rate = 3, 0, 330*time.Second, 3./330
	for _, c := range []struct {
		state BarState
		want  string
	}{
		{evolution, "β=+0.10 evolution: 450/1000 steps (45%), 8.2 step/s, 01:07 left, z=1.23"},
		{realizations, "β=+0.10 realizations: 2/3 sims (67%), 110 s/sim, 01:50 left"},
		{full, "β=+0.10 realizations: 3/3 sims (100%), 110 s/sim, took 05:30"},
		{BarState{Done: 1, Unit: "sample", Remaining: unknown}, "1 sample"},
		{BarState{Label: "rows", Done: 40, Rate: 20, Remaining: unknown}, "rows: 40, 20.0 it/s"},
		{BarState{Label: "a\x1b[2Jb", Done: 1, Total: 2, Remaining: unknown}, "a [2Jb: 1/2 (50%)"},
	} {
		if got := fmt.Sprint(c.state); got != c.want {
			t.Errorf("\n got %q\nwant %q", got, c.want)
		}
	}
}

func BenchmarkLine(b *testing.B) {
	for range b.N {
		narrow.line(evolution, 120)
	}
}
