package numbers

import (
	"math"
	"slices"
)

// ArgMin returns the index of the first smallest value of x, from 0.
func ArgMin(x []float64) (int, error) { return extreme(x, func(a, b float64) bool { return a < b }) }

// ArgMax returns the index of the first largest value of x, from 0.
func ArgMax(x []float64) (int, error) { return extreme(x, func(a, b float64) bool { return a > b }) }

func extreme(x []float64, better func(a, b float64) bool) (int, error) {
	if len(x) == 0 {
		return 0, ErrEmpty
	}
	if err := NoNaN(x); err != nil {
		return 0, err
	}
	best := 0
	for i, v := range x {
		if better(v, x[best]) {
			best = i
		}
	}
	return best, nil
}

// Sorted returns a copy of x in ascending order.
func Sorted(x []float64) ([]float64, error) {
	if err := NoNaN(x); err != nil {
		return nil, err
	}
	out := slices.Clone(x)
	slices.Sort(out)
	return out, nil
}

// Quantile returns the value below which a fraction q of x lies, by linear
// interpolation between neighbours: numpy's default, type 7 of Hyndman and Fan
// (Am. Stat. 50, 361, 1996). q is in [0, 1].
func Quantile(x []float64, q float64) (float64, error) {
	if len(x) == 0 {
		return 0, ErrEmpty
	}
	if err := Finite(x); err != nil {
		return 0, err
	}
	s, err := Sorted(x)
	if err != nil {
		return 0, err
	}
	at := float64(q * float64(len(s)-1))
	i := int(math.Floor(at))
	if i+1 >= len(s) {
		return s[len(s)-1], nil
	}
	t := at - float64(i)
	if s[i] == s[i+1] {
		return s[i], nil
	}
	return float64((1-t)*s[i]) + float64(t*s[i+1]), nil
}
