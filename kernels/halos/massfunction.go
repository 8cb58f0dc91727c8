package halos

import (
	"fmt"
	"math"

	"runlua/kernels/abundance"
	"runlua/kernels/fmath"
)

// A MassFunction is the number density of groups by mass, dn/dlnM in (h/Mpc)³,
// in the bins between the edges it was asked for.
type MassFunction struct {
	Edges  []float64 // ascending, one more than there are bins
	M      []float64 // geometric middle of each bin
	Counts []int     // groups with Edges[i] ≤ mass < Edges[i+1]
	DnDlnM []float64 // Eq. (8)
	Err    []float64 // Poisson, so 0 for an empty bin
}

// Count bins masses between ascending edges of the same unit. volume is that of
// all the boxes the masses come from, (Mpc/h)³. Masses outside the edges are
// not counted.
func Count(masses, edges []float64, volume float64) (*MassFunction, error) {
	if !(volume > 0) || math.IsInf(volume, 0) {
		return nil, fmt.Errorf("halos: volume must be positive and finite, got %v", volume)
	}
	if err := checkEdges(edges); err != nil {
		return nil, err
	}
	for i, m := range masses {
		if !(m > 0) || math.IsInf(m, 0) {
			return nil, fmt.Errorf("halos: masses must be positive and finite, got %v at %d", m, i)
		}
	}
	bins := len(edges) - 1
	f := &MassFunction{Edges: append([]float64(nil), edges...), M: make([]float64, bins),
		Counts: make([]int, bins), DnDlnM: make([]float64, bins), Err: make([]float64, bins)}
	for i := range bins {
		lo, hi := edges[i], edges[i+1]
		for _, m := range masses {
			if lo <= m && m < hi {
				f.Counts[i]++
			}
		}
		per := volume * fmath.Log(hi/lo)
		f.M[i] = math.Sqrt(lo * hi)
		f.DnDlnM[i] = float64(f.Counts[i]) / per
		f.Err[i] = math.Sqrt(float64(f.Counts[i])) / per
	}
	return f, nil
}

// CountJackknife is Count of all samples together, with Err from leaving out one
// of them at a time, and the densities without each.
func CountJackknife(samples []abundance.Sample, edges []float64) (*MassFunction, [][]float64, error) {
	var all *MassFunction // the estimate from all samples comes first
	_, errs, without, err := abundance.Jackknife(samples, func(masses []float64, volume float64) ([]float64, error) {
		f, err := Count(masses, edges, volume)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = f
		}
		return f.DnDlnM, nil
	})
	if err != nil {
		return nil, nil, err
	}
	all.Err = errs
	return all, without, nil
}

func checkEdges(edges []float64) error {
	if len(edges) < 2 {
		return fmt.Errorf("halos: edges must hold at least two, got %d", len(edges))
	}
	for i, e := range edges {
		if !(e > 0) || math.IsInf(e, 0) {
			return fmt.Errorf("halos: edges must be positive and finite, got %v", e)
		}
		if i > 0 && e <= edges[i-1] {
			return fmt.Errorf("halos: edges must ascend, got %v after %v", e, edges[i-1])
		}
	}
	return nil
}
