package numbers

import (
	"fmt"
	"math"
)

// An Accumulator is a running sum with Neumaier's compensation. The zero value
// is an empty sum.
type Accumulator struct{ sum, lost float64 }

// Add adds x to the sum. The conversion rounds x where it is a product, so that
// no compiler fuses it with the addition.
func (a *Accumulator) Add(x float64) {
	x = float64(x)
	t := a.sum + x
	if math.IsInf(t, 0) || math.IsNaN(t) {
		a.sum, a.lost = t, 0
		return
	}
	if math.Abs(a.sum) >= math.Abs(x) {
		a.lost += (a.sum - t) + x
	} else {
		a.lost += (x - t) + a.sum
	}
	a.sum = t
}

// Value returns the sum so far.
func (a *Accumulator) Value() float64 { return a.sum + a.lost }

// Sum returns the compensated sum of x in index order; 0 for an empty x.
func Sum(x []float64) float64 {
	var a Accumulator
	for _, v := range x {
		a.Add(v)
	}
	return a.Value()
}

// Cumulative returns the running compensated sums of x.
func Cumulative(x []float64) []float64 {
	out := make([]float64, len(x))
	var a Accumulator
	for i, v := range x {
		a.Add(v)
		out[i] = a.Value()
	}
	return out
}

// Finite reports the first value of x that is NaN or infinite, by its index
// counted from 1.
func Finite(x []float64) error {
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("holds %v at [%d], which is not finite", v, i+1)
		}
	}
	return nil
}

// NoNaN reports the first value of x that is NaN, by its index counted from 1.
func NoNaN(x []float64) error {
	for i, v := range x {
		if math.IsNaN(v) {
			return fmt.Errorf("holds NaN at [%d]", i+1)
		}
	}
	return nil
}
