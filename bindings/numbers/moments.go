package numbers

import (
	"errors"
	"fmt"
	"math"
)

// ErrEmpty is returned for data without values where at least one is needed.
var ErrEmpty = errors.New("is empty")

// Mean returns the arithmetic mean of x.
func Mean(x []float64) (float64, error) {
	if len(x) == 0 {
		return 0, ErrEmpty
	}
	if err := Finite(x); err != nil {
		return 0, err
	}
	return Sum(x) / float64(len(x)), nil
}

// Variance returns Σ(x - mean)²/(n - ddof), by two passes. ddof is 1 for the
// variance that a sample estimates and 0 for that of the values themselves.
func Variance(x []float64, ddof int) (float64, error) {
	mean, err := Mean(x)
	if err != nil {
		return 0, err
	}
	if len(x) <= ddof {
		return 0, fmt.Errorf("needs at least %d values, got %d", ddof+1, len(x))
	}
	var squares, rest Accumulator
	for _, v := range x {
		d := v - mean
		squares.Add(d * d)
		rest.Add(d)
	}
	// The mean is rounded, so the deviations do not quite add up to 0.
	r := rest.Value()
	ss := squares.Value() - float64(r*r)/float64(len(x))
	return math.Max(ss, 0) / float64(len(x)-ddof), nil
}

// StdDev returns the square root of Variance.
func StdDev(x []float64, ddof int) (float64, error) {
	v, err := Variance(x, ddof)
	return math.Sqrt(v), err
}

// StdErr returns the standard error of the mean of x, its sample standard
// deviation over the root of their number.
func StdErr(x []float64) (float64, error) {
	v, err := Variance(x, 1)
	if err != nil {
		return 0, err
	}
	return math.Sqrt(v / float64(len(x))), nil
}

// Weights checks that w can weigh n values: as many, finite, not negative, not
// all 0.
func Weights(w []float64, n int) error {
	if len(w) != n {
		return fmt.Errorf("must be as many as the values, got %d for %d", len(w), n)
	}
	if err := Finite(w); err != nil {
		return err
	}
	for i, v := range w {
		if v < 0 {
			return fmt.Errorf("must not be negative, got %v at [%d]", v, i+1)
		}
	}
	if Sum(w) == 0 {
		return errors.New("must not all be 0")
	}
	return nil
}

// WeightedMean returns Σwx/Σw and, for weights that are 1/σ², its error
// 1/√Σw. Weights must have passed Weights.
func WeightedMean(x, w []float64) (mean, stderr float64, err error) {
	if len(x) == 0 {
		return 0, 0, ErrEmpty
	}
	if err := Finite(x); err != nil {
		return 0, 0, err
	}
	var wx, ws Accumulator
	for i, v := range x {
		wx.Add(w[i] * v)
		ws.Add(w[i])
	}
	return wx.Value() / ws.Value(), 1 / math.Sqrt(ws.Value()), nil
}
