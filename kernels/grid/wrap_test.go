package grid

import (
	"math"
	"testing"
)

func TestWrapStaysBelowTheBox(t *testing.T) {
	for _, box := range []float64{1, 100, 0.1, 256, 1e-3, 1e9} {
		below := math.Nextafter(box, 0)
		for _, c := range []struct{ x, want float64 }{
			{0, 0},
			{below, below},
			{box, 0},
			{2 * box, 0},
			{-box, 0},
			{-box / 4, box - box/4},
			{-1e-30 * box, 0}, // rounds to box
			{-math.SmallestNonzeroFloat64, 0},
			{box / 2, box / 2},
			{5*box + box/2, math.Mod(5*box+box/2, box)},
		} {
			if got := Wrap(c.x, box); got != c.want {
				t.Errorf("Wrap(%v, %v) is %v, want %v", c.x, box, got, c.want)
			}
		}
		for x := -3 * box; x < 3*box; x += 0.0371 * box {
			if got := Wrap(x, box); !(got >= 0 && got < box) {
				t.Errorf("Wrap(%v, %v) is %v", x, box, got)
			}
		}
	}
}

func TestWrapOfNoNumberIsNaN(t *testing.T) {
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if got := Wrap(x, 10); !math.IsNaN(got) {
			t.Errorf("Wrap(%v, 10) is %v, want NaN", x, got)
		}
	}
}
