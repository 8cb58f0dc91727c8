package numbers

import (
	"fmt"
	"math"
	"strconv"
)

// Linspace returns n values from a to b at equal distances. It hits both ends
// and zero exactly, and a value that is a short decimal but for rounding is
// that decimal, so that the 0.1 of a grid is the 0.1 that a script types.
func Linspace(a, b float64, n int) []float64 {
	if n == 1 {
		return []float64{a}
	}
	out := make([]float64, n)
	last := float64(n - 1)
	scale := math.Max(math.Abs(a), math.Abs(b))
	for i := range out {
		u := float64(i)
		out[i] = snap((float64((last-u)*a)+float64(u*b))/last, scale)
	}
	out[0], out[n-1] = a, b
	return out
}

// Logspace returns n values from a to b at equal ratios by the given log and
// exp; a and b are positive. It hits both ends exactly.
func Logspace(a, b float64, n int, log, exp func(float64) float64) []float64 {
	out := Linspace(log(a), log(b), n)
	for i, v := range out {
		out[i] = exp(v)
	}
	out[0], out[n-1] = a, b
	return out
}

// Values returns a, a+step, …, b. The step must lead from a to b in at most
// most steps; both ends and zero are hit exactly.
func Values(a, b, step float64, most int) ([]float64, error) {
	if step == 0 {
		return nil, fmt.Errorf("step must not be 0")
	}
	steps := (b - a) / step
	if steps < 0 {
		return nil, fmt.Errorf("step %v leads away from %v to %v", step, a, b)
	}
	if !(steps < float64(most)) {
		return nil, fmt.Errorf("step %v from %v to %v would make more than %d values", step, a, b, most)
	}
	n := math.Round(steps)
	// Ends and step are rounded decimals: what they miss by is of order 1e-16 a
	// step, 1e-10 for the most steps there are.
	if math.Abs(steps-n) > 1e-9*math.Max(1, n) {
		reached := snap(a+float64(math.Floor(steps)*step), math.Max(math.Abs(a), math.Abs(b)))
		return nil, fmt.Errorf("step %v does not lead from %v to %v: its last value is %v", step, a, b, reached)
	}
	return Linspace(a, b, int(n)+1), nil
}

// snap returns the decimal of at most 12 digits that x is but for rounding, or
// x where there is none. scale is the largest number that went into x.
func snap(x, scale float64) float64 {
	rounding := 4 * 0x1p-53 * scale
	if math.Abs(x) <= rounding {
		return 0
	}
	d, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 11, 64), 64)
	if err == nil && math.Abs(d-x) <= rounding {
		return d
	}
	return x
}
