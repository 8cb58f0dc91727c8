package voids

import (
	"fmt"
	"math"

	"runlua/kernels/fmath"
)

// A SizeFunction is the number density of voids by radius, dn/dlnR in
// (h/Mpc)³, in the bins between the edges it was asked for.
type SizeFunction struct {
	Edges  []float64 // Mpc/h, ascending, one more than there are bins
	R      []float64 // geometric middle of each bin, Mpc/h
	Counts []int     // voids with Edges[i] ≤ radius < Edges[i+1]
	DnDlnR []float64 // Counts / (volume · ln(Edges[i+1]/Edges[i]))
	Err    []float64 // the same with √Counts: Poisson, so 0 for an empty bin
}

// Size bins radii (Mpc/h) between ascending edges. volume is that of all the
// boxes the radii come from, (Mpc/h)³. Radii outside the edges are not counted.
func Size(radii, edges []float64, volume float64) (*SizeFunction, error) {
	if len(edges) < 2 {
		return nil, fmt.Errorf("voids: edges must hold at least two, got %d", len(edges))
	}
	if err := checkSizes(radii, edges, volume); err != nil {
		return nil, err
	}
	bins := len(edges) - 1
	s := &SizeFunction{Edges: append([]float64(nil), edges...), R: make([]float64, bins),
		Counts: make([]int, bins), DnDlnR: make([]float64, bins), Err: make([]float64, bins)}
	for i := range bins {
		lo, hi := edges[i], edges[i+1]
		for _, r := range radii {
			if lo <= r && r < hi {
				s.Counts[i]++
			}
		}
		per := volume * fmath.Log(hi/lo)
		s.R[i] = math.Sqrt(lo * hi)
		s.DnDlnR[i] = float64(s.Counts[i]) / per
		s.Err[i] = math.Sqrt(float64(s.Counts[i])) / per
	}
	return s, nil
}

// Cumulative returns n(>R) in (h/Mpc)³ at each of the ascending cuts, and its
// Poisson error: the voids of a radius above the cut over the volume. volume
// is that of all the boxes the radii come from, (Mpc/h)³.
func Cumulative(radii, cuts []float64, volume float64) (n, err []float64, _ error) {
	if len(cuts) == 0 {
		return nil, nil, fmt.Errorf("voids: cuts must hold at least one, got none")
	}
	if e := checkSizes(radii, cuts, volume); e != nil {
		return nil, nil, e
	}
	n, err = make([]float64, len(cuts)), make([]float64, len(cuts))
	for i, cut := range cuts {
		count := 0
		for _, r := range radii {
			if r > cut {
				count++
			}
		}
		n[i] = float64(count) / volume
		err[i] = math.Sqrt(float64(count)) / volume
	}
	return n, err, nil
}

func checkSizes(radii, edges []float64, volume float64) error {
	if !(volume > 0) || math.IsInf(volume, 0) {
		return fmt.Errorf("voids: volume must be positive and finite, got %v", volume)
	}
	for i, e := range edges {
		if !(e > 0) || math.IsInf(e, 0) {
			return fmt.Errorf("voids: edges must be positive and finite, got %v", e)
		}
		if i > 0 && e <= edges[i-1] {
			return fmt.Errorf("voids: edges must ascend, got %v after %v", e, edges[i-1])
		}
	}
	for i, r := range radii {
		if !(r > 0) || math.IsInf(r, 0) {
			return fmt.Errorf("voids: radii must be positive and finite, got %v at %d", r, i)
		}
	}
	return nil
}
