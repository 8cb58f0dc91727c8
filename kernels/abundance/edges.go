package abundance

import (
	"fmt"
	"math"

	"runlua/kernels/fmath"
)

// LogEdges returns bins+1 edges from lo to hi, both exact, in equal steps of the
// logarithm.
func LogEdges(lo, hi float64, bins int) ([]float64, error) {
	if !(lo > 0) || math.IsInf(lo, 0) {
		return nil, fmt.Errorf("abundance: the lowest edge must be positive and finite, got %v", lo)
	}
	if !(hi > lo) || math.IsInf(hi, 0) {
		return nil, fmt.Errorf("abundance: the highest edge must be above the lowest (%v) and finite, got %v", lo, hi)
	}
	if bins < 1 {
		return nil, fmt.Errorf("abundance: bins must be at least 1, got %d", bins)
	}
	edges := make([]float64, bins+1)
	step := fmath.Log(hi/lo) / float64(bins)
	for i := range edges {
		edges[i] = lo * fmath.Exp(step*float64(i))
	}
	edges[0], edges[bins] = lo, hi
	return edges, nil
}
