package grid

import "math"

// Wrap returns x modulo box in [0, box), for box > 0. It never returns box:
// a small negative x whose sum with box is rounded to box comes back as 0.
// NaN and infinities give NaN.
func Wrap(x, box float64) float64 {
	if x >= 0 && x < box {
		return x
	}
	x = math.Mod(x, box) // exact
	if x < 0 {
		x += box
	}
	if x >= box {
		return 0
	}
	return x
}
