package grid

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestAssemblyGathersThePortableBits(t *testing.T) {
	if !vectorised {
		t.Skip("no assembly for this processor")
	}
	for _, n := range sides {
		for _, box := range boxes {
			g := newGrid(t, n, box, 1)
			rnd := rand.New(rand.NewPCG(uint64(n), 8))
			field := fill(g.Layout(), func(_, _, _ int) float64 { return rnd.NormFloat64() })
			pos := scatter(2000, box, uint64(n))
			got, want := make([]float64, len(pos)), make([]float64, len(pos))
			check(t, g.GatherGradient(field, pos, got))
			g.vectors = false
			check(t, g.GatherGradient(field, pos, want))
			for i := range want {
				if math.Float64bits(got[i]) != math.Float64bits(want[i]) {
					t.Fatalf("mesh %d, box %v, particle %d at %v: %v, portable code has %v", n, box, i/3, pos[i/3*3:i/3*3+3], got[i], want[i])
				}
			}
		}
	}
}

// A field with a NaN or an infinity next to a particle leaves neither out.
func TestAssemblyHandsOnWhatIsNotFinite(t *testing.T) {
	if !vectorised {
		t.Skip("no assembly for this processor")
	}
	g := newGrid(t, 9, 9, 1)
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.MaxFloat64} {
		field := fill(g.Layout(), func(x, y, z int) float64 { return float64(x - y + z) })
		field[g.Layout().Index(4, 4, 4)] = bad
		pos := scatter(3000, 9, 4)
		got, want := make([]float64, len(pos)), make([]float64, len(pos))
		check(t, g.GatherGradient(field, pos, got))
		g.vectors = false
		check(t, g.GatherGradient(field, pos, want))
		for i := range want {
			if got[i] != want[i] && !(math.IsNaN(got[i]) && math.IsNaN(want[i])) {
				t.Fatalf("beside %v particle %d gathers %v, portable code %v", bad, i/3, got[i], want[i])
			}
		}
	}
}

// The assembly reads six points of twenty rows: no more than the slice has.
func TestGradientReadsNothingBeyondTheMesh(t *testing.T) {
	if !vectorised {
		t.Skip("no assembly for this processor")
	}
	const n = 8
	g := newGrid(t, n, n, 1)
	l := g.Layout()
	pos := []float64{n - 2.5, n - 2.5, n - 3.5}
	out := make([]float64, 3)
	check(t, g.GatherGradient(make([]float64, l.Len()), pos, out))
	short := make([]float64, l.Index(n-1, n-1, n-1)+1) // ends with the last point that it needs
	var xs, ys [6]int
	for i := range 6 {
		xs[i], ys[i] = (n-6+i)*l.Plane, (n-6+i)*l.Row
	}
	gradient(true, short[n-6:], &xs, &ys, &[3]float64{.5, .5, .5}, (*[3]float64)(out))
	defer func() {
		if recover() == nil {
			t.Error("a mesh that ends before a row was read")
		}
	}()
	gradient(true, short[n-6:len(short)-1], &xs, &ys, &[3]float64{.5, .5, .5}, (*[3]float64)(out))
}

// The deposit by assembly writes the points of its two planes and no others, and
// reads no further than the last coordinate.
func TestAssemblyDepositsThePortableBits(t *testing.T) {
	if !vectorised {
		t.Skip("no assembly for this processor")
	}
	const canary = -12345.5
	for _, n := range sides {
		for _, box := range boxes {
			double, single := newGrid(t, n, box, 1), newSingle(t, n, box, 1)
			size := n * double.layout.Row
			for _, count := range []int{1, 2, 3, 500} {
				pos, u := scatter(count, box, uint64(n)), fractionsOf(count, uint64(n))
				particles := make([]uint32, count)
				for i := range particles {
					particles[i] = uint32((i + 1) % count) // the last is not at the end
				}
				r := newRounding(count, 1.0/3)
				planes := func(vectors bool, add func(lower, upper []float64)) []float64 {
					double.vectors, single.vectors = vectors, vectors
					room := make([]float64, 3*64+2*size)
					for i := range room {
						room[i] = canary
					}
					lower, upper := room[64:][:size:size], room[2*64+size:][:size:size]
					setTo(lower, 0)
					setTo(upper, -1)
					add(lower, upper)
					return room
				}
				for name, add := range map[string]func(lower, upper []float64){
					"coordinates": func(lower, upper []float64) { double.add(lower, upper, pos[:3*count:3*count], particles, r) },
					"fractions":   func(lower, upper []float64) { single.add(lower, upper, u[:3*count:3*count], particles, r) },
				} {
					want, got := planes(false, add), planes(true, add)
					for i := range want {
						if math.Float64bits(got[i]) != math.Float64bits(want[i]) {
							t.Fatalf("mesh %d, box %v, %d particles by %s: number %d is %v, portable code has %v", n, box, count, name, i, got[i], want[i])
						}
					}
					if beside := want[size+64:][:64]; slices.ContainsFunc(beside, func(x float64) bool { return x != canary }) {
						t.Fatalf("mesh %d: beside the planes is %v", n, beside)
					}
				}
			}
		}
	}
}
