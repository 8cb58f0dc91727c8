package voids

import (
	"math"
	"slices"
	"testing"

	"runlua/kernels/par"
)

// The chain is the stable sort by cell of its definition, in however many parts
// it is made.
func TestChainIsTheStableSortByCell(t *testing.T) {
	const box = 50.0
	last := math.Nextafter(box, 0)
	crowded := scatter(20000, box, 3)
	for i := range crowded {
		if i%2 == 0 {
			crowded[i] /= 40 // most cells are empty then
		}
	}
	for name, positions := range map[string][]float64{
		"none":      {},
		"one":       {49.5, 0, 3},
		"edges":     {0, 0, 0, last, last, last, 0, last, 0},
		"scattered": scatter(20000, box, 2),
		"crowded":   crowded,
	} {
		for _, threads := range []int{1, 2, 3, 7} {
			c := newChain(par.New(threads), positions, box)
			pos, start := sortedByCell(positions, c.m, box)
			if !slices.Equal(c.pos, pos) || !slices.Equal(c.start, start) {
				t.Errorf("%s, %d threads: not the stable sort into %d³ cells", name, threads, c.m)
			}
		}
	}
}

// sortedByCell sorts positions into m³ cells and returns where each begins.
func sortedByCell(positions []float64, m int, box float64) (pos []float64, start []int) {
	at := func(x float64) int { return min(int(x*(float64(m)/box)), m-1) }
	cell := func(i int) int { return (at(positions[3*i])*m+at(positions[3*i+1]))*m + at(positions[3*i+2]) }
	order := make([]int, len(positions)/3)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cell(i) - cell(j) })
	for k, i := range order {
		pos = append(pos, positions[3*i:][:3]...)
		for len(start) <= cell(i) {
			start = append(start, k)
		}
	}
	for len(start) <= m*m*m {
		start = append(start, len(order))
	}
	return pos, start
}
