package figure

import (
	"fmt"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

func labels(marks []tick) string {
	var out []string
	for _, t := range marks {
		if !t.minor {
			out = append(out, t.label)
		}
	}
	return strings.Join(out, " ")
}

func TestTickLabels(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		log    bool
		want   int
		labels string
		factor string
	}{
		{-0.22, 0.32, false, 7, "−0.2 −0.1 0.0 0.1 0.2 0.3", ""},
		{0, 256, false, 5, "0 50 100 150 200 250", ""},
		{0.9, 1.13, false, 5, "0.90 0.95 1.00 1.05 1.10", ""},
		{0, 4.9e7, false, 5, "0 1 2 3 4", "×10⁷"},
		{-1.1e-7, 1.1e-7, false, 5, "−1.0 −0.5 0.0 0.5 1.0", "×10⁻⁷"},
		{0, 99999, false, 4, "0 20000 40000 60000 80000", ""},
		{8, 28, false, 7, "10 15 20 25", ""},
		{0.008, 3, true, 6, "0.01 0.1 1", ""},
		{3e-8, 4e-4, true, 8, "10⁻⁷ 10⁻⁶ 10⁻⁵ 10⁻⁴", ""},
		{1e-12, 1e12, true, 5, "10⁻¹⁰ 10⁻⁵ 10⁰ 10⁵ 10¹⁰", ""},
		{0.9, 60, true, 6, "1 2 5 10 20 50", ""},
		{2.1e-6, 8e-6, true, 6, "3×10⁻⁶ 4×10⁻⁶ 5×10⁻⁶ 6×10⁻⁶ 7×10⁻⁶ 8×10⁻⁶", ""},
		{0.98, 1.03, true, 5, "0.98 0.99 1.00 1.01 1.02 1.03", ""},
	} {
		s := scale{lo: c.lo, hi: c.hi, log: c.log, to: 400}
		marks, factor := s.ticks(c.want)
		if got := labels(marks); got != c.labels || factor != c.factor {
			t.Errorf("%v to %v, log %v: %q %q, want %q %q", c.lo, c.hi, c.log, got, factor, c.labels, c.factor)
		}
		for _, m := range marks {
			if f := s.fraction(m.value); f < -1e-6 || f > 1+1e-6 {
				t.Errorf("%v to %v: a tick at %v", c.lo, c.hi, m.value)
			}
		}
	}
}

func TestLabelsOfAHorizontalAxisDoNotTouch(t *testing.T) {
	for _, width := range []vg.Length{60, 120, 250, 400} {
		for _, c := range []struct{ lo, hi float64 }{{-0.2, 0.3}, {0, 256}, {99000, 99999}, {1e-9, 3e-9}, {0.001, 0.0042}} {
			s := scale{lo: c.lo, hi: c.hi, to: width}
			marks, _ := s.ticksAlong()
			end := vg.Length(-1e9)
			for _, m := range marks {
				if m.minor {
					continue
				}
				half := textWidth(m.label, tickSize) / 2
				if s.at(m.value)-half < end {
					t.Errorf("%v to %v over %v points: %s", c.lo, c.hi, width, labels(marks))
					break
				}
				end = s.at(m.value) + half
			}
		}
	}
}

func TestRaisedAndLoweredLettersAreSmallOnesMoved(t *testing.T) {
	if got, want := fmt.Sprint(runs("h⁻¹ E₀")), "[{h 1 0} {−1 0.72 0.36} { E 1 0} {0 0.72 -0.16}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, text := range []string{"αβγδεζηθικλμνξοπρστυφχψω", "ΓΔΘΛΞΠΣΦΨΩ", "h⁻¹ Mpc", "σ₈", "≤≥±×·−∂∞√∫"} {
		if err := checkText("label", text); err != nil {
			t.Error(err)
		}
	}
}

func TestLettersHaveTheFontsWidths(t *testing.T) {
	// Liberation Sans has Arial's widths: of 2048 units, M 1706, i 455, 1 1139.
	for text, units := range map[string]vg.Length{"M": 1706, "i": 455, "1": 1139, "Mi1": 1706 + 455 + 1139} {
		if got := textWidth(text, 10); got < units*10/2048-1e-9 || got > units*10/2048+1e-9 {
			t.Errorf("%q is %v wide at size 10, Arial's is %v", text, got, units*10/2048)
		}
	}
}
