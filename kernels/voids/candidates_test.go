package voids

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"runlua/kernels/fft"
)

// Rows of less than a word, of whole ones and of one and a half.
func TestMarkedCellsAreThoseWithinReachOfAVoid(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 1))
	for _, m := range []int{20, 64, 96} {
		e := newExclusion(m)
		var all []centre
		for _, radius := range []float64{float64(m) / 4, float64(m) / 5.3, 2.5, 1} {
			for x := range m {
				e.plane(x, radius)
			}
			for range 4 {
				c := centre{rnd.IntN(m), rnd.IntN(m), rnd.IntN(m), radius}
				e.add(c, radius)
				all = append(all, c)
			}
			marked := 0
			for i := range m * m * m {
				at, want := e.coordinates(i), false
				for _, c := range all {
					dx, dy, dz := nearest(at.x-c.x, m), nearest(at.y-c.y, m), nearest(at.z-c.z, m)
					reach := radius + c.radius
					want = want || float64(dx*dx+dy*dy+dz*dz) <= reach*reach
				}
				if e.at(i) != want {
					t.Fatalf("mesh %d, radius %v: the mark of %+v is %v, want %v, for voids %+v", m, radius, at, e.at(i), want, all)
				}
				if want {
					marked++
				}
			}
			if marked == 0 || marked == m*m*m {
				t.Fatalf("mesh %d, radius %v: %d cells are marked, want some", m, radius, marked)
			}
		}
	}
}

// Contrasts of few values, so that many are equal, and one far below them, so
// that nearly all fall into one bin.
func TestCandidatesComeDeepestFirstAndOfEqualsByIndex(t *testing.T) {
	const m, threshold = 12, -0.5
	lay := fft.Layout{N: m, Row: m + 2, Plane: m * (m + 2)}
	rnd := rand.New(rand.NewPCG(4, 1))
	for _, deepest := range []float64{-0.9, -1e6} {
		taken, below := newExclusion(m), newCandidates(m, threshold)
		for range 2 { // memory of the first round is used again
			field := make([]float64, lay.Len())
			for i := range field {
				field[i] = -float64(rnd.IntN(9)) / 10
			}
			field[lay.Index(3, 4, 5)] = deepest
			taken.add(centre{rnd.IntN(m), 0, 0, 1}, 1)
			var want []candidate
			for i := range m * m * m {
				if d := field[lay.Index(i/m/m, i/m%m, i%m)]; d < threshold && !taken.at(i) {
					want = append(want, candidate{d, i})
				}
			}
			slices.SortStableFunc(want, func(a, b candidate) int { return cmp.Compare(a.contrast, b.contrast) })
			for x := range m {
				below.look(x, field[x*lay.Plane:][:lay.Plane], lay, taken)
			}
			var got []candidate
			below.deepestFirst(taken, func(c candidate) { got = append(got, c) })
			if len(want) < 400 || !slices.Equal(got, want) {
				t.Fatalf("deepest %v: %d candidates in another order than by contrast and index, want %d", deepest, len(got), len(want))
			}
		}
	}
}

// All cells are as deep, so that they fall into one bin: each that is taken
// must keep those near it from being taken after it.
func TestACandidateMarkedSinceItsBinWasSortedIsNotTaken(t *testing.T) {
	const m, radius = 12, 2.0
	lay := fft.Layout{N: m, Row: m + 2, Plane: m * (m + 2)}
	taken, below := newExclusion(m), newCandidates(m, -0.5)
	field := make([]float64, lay.Len())
	for i := range field {
		field[i] = -0.9
	}
	for x := range m {
		below.look(x, field[x*lay.Plane:][:lay.Plane], lay, taken)
	}
	var got []int
	below.deepestFirst(taken, func(c candidate) {
		here := taken.coordinates(c.index)
		here.radius = radius
		taken.add(here, radius)
		got = append(got, c.index)
	})
	var want []int
	for i := range m * m * m {
		near := slices.ContainsFunc(want, func(j int) bool {
			dx, dy, dz := nearest(i/m/m-j/m/m, m), nearest(i/m%m-j/m%m, m), nearest(i%m-j%m, m)
			return dx*dx+dy*dy+dz*dz <= 4*radius*radius
		})
		if !near {
			want = append(want, i)
		}
	}
	if len(want) < 10 || !slices.Equal(got, want) {
		t.Errorf("took the cells %v, want %v", got, want)
	}
}
