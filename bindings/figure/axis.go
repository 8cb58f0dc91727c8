package figure

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"

	"runlua/kernels/fmath"
)

// A scale maps the values of an axis to places on the canvas.
type scale struct {
	lo, hi   float64
	log      bool
	from, to vg.Length
}

// at is the place of x, which is positive on a logarithmic axis.
func (s scale) at(x float64) vg.Length {
	return s.from + (s.to-s.from)*vg.Length(s.fraction(x))
}

// fraction is where x is between the limits: 0 at the lower, 1 at the upper.
func (s scale) fraction(x float64) float64 {
	if s.log {
		lo := fmath.Log(s.lo)
		return (fmath.Log(x) - lo) / (fmath.Log(s.hi) - lo)
	}
	return (x - s.lo) / (s.hi - s.lo)
}

// A tick is a mark on an axis; a minor one has no label.
type tick struct {
	value float64
	label string
	minor bool
}

// ticks are the marks of an axis with room for about want labels, and the
// power of ten that the labels leave out, "" for none.
func (s scale) ticks(want int) (marks []tick, factor string) {
	if s.log {
		if marks := logTicks(s.lo, s.hi, want); marks != nil {
			return marks, ""
		}
	}
	return linearTicks(s.lo, s.hi, want)
}

// ticksAlong are the ticks of a horizontal axis, as many as have room for
// their labels side by side.
func (s scale) ticksAlong() (marks []tick, factor string) {
	for want := int((s.to - s.from) / 45); ; want-- {
		marks, factor = s.ticks(want)
		room := true
		var end vg.Length
		for i, t := range marks {
			if t.minor {
				continue
			}
			half := textWidth(t.label, tickSize) / 2
			if i > 0 && end > 0 && s.at(t.value)-half < end+tickSize {
				room = false
			}
			end = s.at(t.value) + half
		}
		if room || want <= 1 {
			return marks, factor
		}
	}
}

// tenTo is 10^k, correctly rounded.
func tenTo(k int) float64 {
	v, _ := strconv.ParseFloat("1e"+strconv.Itoa(k), 64)
	return v
}

// decade is the k of the largest 10^k that is not above x.
func decade(x float64) int {
	text := strconv.FormatFloat(x, 'e', -1, 64)
	k, _ := strconv.Atoi(text[strings.IndexByte(text, 'e')+1:])
	return k
}

// steps are the distances of labels within a decade and into how many parts
// minor ticks cut them.
var steps = []struct {
	tenths, parts int
}{{10, 5}, {20, 4}, {50, 5}, {100, 5}}

func linearTicks(lo, hi float64, want int) ([]tick, string) {
	rough := (hi - lo) / float64(max(want, 1))
	k := decade(rough)
	step := steps[len(steps)-1]
	for _, s := range steps {
		if float64(s.tenths)/10*tenTo(k) >= rough*0.8 { // a few labels more are no harm
			step = s
			break
		}
	}
	// Labels of very large or small numbers leave out a power of ten.
	power := 0
	if top := decade(math.Max(math.Abs(lo), math.Abs(hi))); top >= 5 || top <= -4 {
		power = top
	}
	decimals := max(0, power-k)
	if step.tenths == 100 {
		decimals = max(0, power-k-1)
	}
	// A minor tick is i·unit·10^(k-2), i whole.
	unit := step.tenths * 10 / step.parts
	value := func(i int) float64 {
		if k >= 2 {
			return float64(i*unit) * tenTo(k-2)
		}
		return float64(i*unit) / tenTo(2-k)
	}
	width := value(1)
	slack := (hi - lo) * 1e-9
	var marks []tick
	for i := int(math.Ceil((lo - slack) / width)); value(i) <= hi+slack; i++ {
		t := tick{value: value(i), minor: i%step.parts != 0}
		if !t.minor {
			t.label = decimalText(t.value/tenTo(power), decimals)
		}
		marks = append(marks, t)
	}
	if power == 0 {
		return marks, ""
	}
	return marks, "×10" + raisedInt(power)
}

func decimalText(x float64, decimals int) string {
	text := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Trim(text, "-0.") == "" {
		text = strings.TrimPrefix(text, "-")
	}
	return strings.Replace(text, "-", "−", 1)
}

func raisedInt(k int) string {
	return strings.Map(func(r rune) rune {
		if r == '-' {
			return '⁻'
		}
		return []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[r-'0']
	}, strconv.Itoa(k))
}

// logTicks labels decades, or 1, 2, 5 of each where there are few. It returns
// nil where even these are fewer than two.
func logTicks(lo, hi float64, want int) []tick {
	first, last := decade(lo), decade(hi)
	inside := func(v float64) bool { return v >= lo*(1-1e-9) && v <= hi*(1+1e-9) }
	decades := 0
	for k := first; k <= last; k++ {
		if inside(tenTo(k)) {
			decades++
		}
	}
	for _, labelled := range [][]int{{1}, {1, 2, 5}, {1, 2, 3, 4, 5, 6, 7, 8, 9}} {
		every := 1
		if len(labelled) == 1 {
			every = max(1, (decades+want-1)/max(want, 1))
		} else if decades > 2 {
			break
		}
		marks, labels := placeLogTicks(first, last, every, labelled, inside)
		if labels >= 3 || labels == 2 && len(labelled) > 1 {
			return marks
		}
	}
	if decades >= 2 {
		marks, _ := placeLogTicks(first, last, 1, []int{1}, inside)
		return marks
	}
	return nil
}

func placeLogTicks(first, last, every int, labelled []int, inside func(float64) bool) (marks []tick, labels int) {
	isLabelled := map[int]bool{}
	for _, m := range labelled {
		isLabelled[m] = true
	}
	for k := first; k <= last; k++ {
		for m := 1; m <= 9; m++ {
			v := float64(m) * tenTo(k)
			if k < 0 {
				v = float64(m) / tenTo(-k)
			}
			if !inside(v) {
				continue
			}
			t := tick{value: v, minor: !isLabelled[m] || k%every != 0}
			if every > 1 && m > 1 {
				continue
			}
			if !t.minor {
				labels++
			}
			marks = append(marks, t)
		}
	}
	plain := true
	for _, t := range marks {
		if !t.minor && (t.value < 0.00999 || t.value > 1001) {
			plain = false
		}
	}
	for i := range marks {
		if marks[i].minor {
			continue
		}
		k := decade(marks[i].value * (1 + 1e-12))
		m := int(math.Round(marks[i].value / tenTo(k)))
		switch {
		case plain:
			marks[i].label = strconv.FormatFloat(marks[i].value, 'f', -1, 64)
		case m == 1:
			marks[i].label = "10" + raisedInt(k)
		default:
			marks[i].label = strconv.Itoa(m) + "×10" + raisedInt(k)
		}
	}
	return marks, labels
}

// span gathers the range of what an axis shows.
type span struct{ lo, hi float64 }

func emptySpan() span { return span{math.Inf(1), math.Inf(-1)} }

func (s *span) add(x float64) {
	s.lo, s.hi = math.Min(s.lo, x), math.Max(s.hi, x)
}

// limits are those of the axis, or those of the data with a margin.
func (a Axis) limits(s span, margin float64) (lo, hi float64) {
	if a.Limits != nil {
		return a.Limits[0], a.Limits[1]
	}
	if a.Log {
		r := fmath.Pow(s.hi/s.lo, margin)
		if s.lo == s.hi {
			r = 2
		}
		return s.lo / r, s.hi * r
	}
	d := (s.hi - s.lo) * margin
	if s.lo == s.hi {
		d = math.Max(math.Abs(s.lo)*0.1, 1e-300)
		if s.lo == 0 {
			d = 1
		}
	}
	return s.lo - d, s.hi + d
}
