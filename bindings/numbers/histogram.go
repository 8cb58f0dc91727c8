package numbers

import (
	"errors"
	"fmt"
	"sort"
)

// A Histogram counts values between edges.
type Histogram struct {
	Edges        []float64 // ascending, one more than Counts
	Counts       []float64 // values, or the sum of their weights, in each bin
	Below, Above float64   // the same outside of the edges
}

// Edges checks that the edges of a histogram are at least two, finite and
// strictly ascending.
func Edges(edges []float64) error {
	if len(edges) < 2 {
		return fmt.Errorf("must be at least 2, got %d", len(edges))
	}
	if err := Finite(edges); err != nil {
		return err
	}
	for i := 1; i < len(edges); i++ {
		if edges[i] <= edges[i-1] {
			return fmt.Errorf("must ascend, got %v after %v at [%d]", edges[i], edges[i-1], i+1)
		}
	}
	return nil
}

// Range returns the smallest and largest value of x as the range of a
// histogram, half a unit to each side where they are the same.
func Range(x []float64) (lo, hi float64, err error) {
	if len(x) == 0 {
		return 0, 0, errors.New("is empty, so the bins have no range")
	}
	if err := Finite(x); err != nil {
		return 0, 0, err
	}
	lo, hi = x[0], x[0]
	for _, v := range x {
		lo, hi = min(lo, v), max(hi, v)
	}
	if lo == hi {
		lo, hi = lo-0.5, hi+0.5
	}
	return lo, hi, nil
}

// Count sorts x into bins [edge i, edge i+1), the last one closed. weights may
// be nil. A value that is not finite is an error, one outside of the edges is
// counted in Below or Above.
func Count(x, edges, weights []float64) (Histogram, error) {
	h := Histogram{Edges: edges, Counts: make([]float64, len(edges)-1)}
	if weights != nil && len(weights) != len(x) {
		return h, fmt.Errorf("has %d values and %d weights", len(x), len(weights))
	}
	if err := Finite(x); err != nil {
		return h, err
	}
	if err := Finite(weights); err != nil {
		return h, fmt.Errorf("weights: %w", err)
	}
	sums := make([]Accumulator, len(h.Counts))
	var below, above Accumulator
	last := len(edges) - 1
	for i, v := range x {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		switch {
		case v < edges[0]:
			below.Add(w)
		case v > edges[last]:
			above.Add(w)
		default:
			bin := sort.Search(last, func(k int) bool { return edges[k+1] > v })
			sums[min(bin, last-1)].Add(w)
		}
	}
	for i := range sums {
		h.Counts[i] = sums[i].Value()
	}
	h.Below, h.Above = below.Value(), above.Value()
	return h, nil
}
