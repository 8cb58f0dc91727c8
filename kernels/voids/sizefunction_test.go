package voids

import (
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestSizeFunctionCountsByHand(t *testing.T) {
	s, err := Size([]float64{7.9, 8, 9, 15.9, 16, 40, 3}, []float64{8, 16, 32}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(s.Counts, []int{3, 1}) {
		t.Errorf("counts %v, want [3 1]", s.Counts)
	}
	for i, count := range []float64{3, 1} {
		per := 1000 * math.Ln2
		if math.Abs(s.DnDlnR[i]*per-count) > 1e-14 || math.Abs(s.Err[i]*per-math.Sqrt(count)) > 1e-14 { // rounding
			t.Errorf("bin %d: %v ± %v, want %v ± %v", i, s.DnDlnR[i], s.Err[i], count/per, math.Sqrt(count)/per)
		}
		if want := 8 * math.Sqrt2 * math.Pow(2, float64(i)); math.Abs(s.R[i]-want) > 1e-14*want { // rounding
			t.Errorf("bin %d: middle %v, want %v", i, s.R[i], want)
		}
	}
}

func TestCumulativeCountsByHand(t *testing.T) {
	n, e, err := Cumulative([]float64{5, 8, 12, 20, 9}, []float64{4, 8, 20}, 100)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(n, []float64{.05, .03, 0}) {
		t.Errorf("n(>R) = %v, want [.05 .03 0]: a radius on the cut is not above it", n)
	}
	if e[2] != 0 || math.Abs(e[0]-math.Sqrt(5)/100) > 1e-17 { // rounding of .02
		t.Errorf("errors %v, want √count / volume", e)
	}
}

func TestSizeFunctionErrors(t *testing.T) {
	r := []float64{8}
	_, e1 := Size(r, []float64{8}, 1)
	_, e2 := Size(r, []float64{8, 8}, 1)
	_, e3 := Size(r, []float64{8, 9}, 0)
	_, e4 := Size([]float64{math.NaN()}, []float64{8, 9}, 1)
	_, _, e5 := Cumulative(r, nil, 1)
	_, _, e6 := Cumulative(r, []float64{-1}, 1)
	for i, c := range []struct {
		err  error
		want string
	}{
		{e1, "voids: edges must hold at least two, got 1"},
		{e2, "voids: edges must ascend, got 8 after 8"},
		{e3, "voids: volume must be positive and finite, got 0"},
		{e4, "voids: radii must be positive and finite, got NaN at 0"},
		{e5, "voids: cuts must hold at least one, got none"},
		{e6, "voids: edges must be positive and finite, got -1"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("case %d: error %v, want %q", i+1, c.err, c.want)
		}
	}
}
