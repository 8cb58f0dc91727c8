package direct

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"runlua/kernels/par"
)

// The vector kernels do the sums of the portable ones in their order, fuse
// nothing and approximate nothing, so every bit must agree.

func TestVectorKernelsHaveThePortableBits(t *testing.T) {
	t.Run("single", func(t *testing.T) {
		testVectorKernels[float32](t, func(rnd *rand.Rand) float32 { return 1e3 * float32(rnd.NormFloat64()) })
	})
	t.Run("double", func(t *testing.T) {
		testVectorKernels[float64](t, func(rnd *rand.Rand) float64 { return 1e3 * rnd.NormFloat64() })
	})
}

func testVectorKernels[T number](t *testing.T, place func(rnd *rand.Rand) T) {
	vector, plain := needVector[T](t), portableKernels[T]()
	rnd := rand.New(rand.NewPCG(1, 2))
	for trial := range 300 {
		count := trial % 12
		a, sa := fenced[T](rnd, 1, place), fencedSums[T](rnd, 1)
		b, sb := fenced[T](rnd, count, place), fencedSums[T](rnd, count)
		eps2 := T(rnd.IntN(3))
		what := fmt.Sprintf("trial %d, %d blocks", trial, count)
		if count > 0 {
			switch trial % 5 {
			case 1: // the same place: not a number without softening
				for _, axis := range [][2]*[lanes]T{
					{&b.items[0].X, &a.items[0].X}, {&b.items[0].Y, &a.items[0].Y}, {&b.items[0].Z, &a.items[0].Z},
					{&b.items[0].XLow, &a.items[0].XLow}, {&b.items[0].YLow, &a.items[0].YLow}, {&b.items[0].ZLow, &a.items[0].ZLow},
				} {
					axis[0][3] = axis[1][6]
				}
			case 2:
				b.items[count-1].M[rnd.IntN(lanes)] = T(math.NaN())
			case 3:
				a.items[0].M[rnd.IntN(lanes)] = T(math.Inf(1))
			}
		}
		wantA, wantB := sa.items[0], slices.Clone(sb.items)
		plain.between(&a.items[0], &wantA, b.items, wantB, eps2)
		before, sources := a.items[0], slices.Clone(b.items)
		vector.between(&a.items[0], &sa.items[0], b.items, sb.items, eps2)
		sameSums(t, append([]sums[T]{wantA}, wantB...), append([]sums[T]{sa.items[0]}, sb.items...), what)
		for i, p := range append([]block[T]{before}, sources...) {
			q := a.items[0]
			if i > 0 {
				q = b.items[i-1]
			}
			if p.X != q.X || p.Y != q.Y || p.Z != q.Z {
				t.Fatalf("%s: the particles of block %d were changed", what, i)
			}
		}

		plain.within(&a.items[0], &wantA, eps2)
		vector.within(&a.items[0], &sa.items[0], eps2)
		sameSums(t, []sums[T]{wantA}, sa.items, "within: "+what)
		for _, f := range []fence[sums[T]]{sa, sb} {
			f.check(t, what)
		}
		a.check(t, what)
		b.check(t, what)
	}
}

func TestVectorForcesHaveThePortableBits(t *testing.T) {
	vector1, vector2 := needVector[float32](t), needVector[float64](t)
	for n := 1; n <= 67; n++ {
		testVectorForces(t, n, vector1, vector2)
	}
	testVectorForces(t, 700, vector1, vector2)
}

func testVectorForces(t *testing.T, n int, single *kernels[float32], double *kernels[float64]) {
	c := cloud(n)
	c.Pool = par.New(2)
	for _, c.Softening = range []float64{0, 0.1} {
		for _, pair := range [][2]accelerator{
			{newForces(c, single, loadSingle), newForces(c, portableKernels[float32](), loadSingle)},
			{newForces(c, double, loadDouble), newForces(c, portableKernels[float64](), loadDouble)},
		} {
			got, want := make([]float64, 3*n), make([]float64, 3*n)
			for i, acc := range [][]float64{got, want} {
				if err := pair[i].accelerate(t.Context(), c.Positions, acc); err != nil {
					t.Fatal(err)
				}
			}
			for i := range got {
				if math.Float64bits(got[i]) != math.Float64bits(want[i]) {
					t.Fatalf("%T, %d particles, softening %v: component %d is %v, in portable Go %v", pair[0], n, c.Softening, i, got[i], want[i])
				}
			}
		}
	}
}

func TestVectorKernelsRefuseTooFewSums(t *testing.T) {
	k := needVector[float32](t)
	defer func() {
		if recover() == nil {
			t.Error("two blocks with sums for one were taken")
		}
	}()
	b := make([]block[float32], 2)
	k.between(&b[0], new(sums[float32]), b, make([]sums[float32], 1), 1)
}

func needVector[T number](t *testing.T) *kernels[T] {
	k := vectorKernels[T]()
	if k == nil {
		t.Skip("the build or the processor has portable kernels only")
	}
	return k
}

// A fence is a slice with a guard before and one behind it.
type fence[I comparable] struct {
	items, all []I
	guard      I
}

func newFence[I comparable](n int, guard I) fence[I] {
	f := fence[I]{all: make([]I, n+2), guard: guard}
	f.all[0], f.all[n+1] = guard, guard
	f.items = f.all[1 : n+1 : n+1]
	return f
}

func (f fence[I]) check(t *testing.T, what string) {
	t.Helper()
	if f.all[0] != f.guard || f.all[len(f.all)-1] != f.guard {
		t.Fatalf("%s: wrote outside", what)
	}
}

// fenced is blocks at no particular alignment, some masses 0.
func fenced[T number](rnd *rand.Rand, n int, place func(*rand.Rand) T) fence[block[T]] {
	var guard block[T]
	for l := range lanes {
		guard.X[l], guard.M[l], guard.ZLow[l] = -4096.25, -4096.25, -4096.25
	}
	f := newFence(n, guard)
	for i := range f.items {
		b := &f.items[i]
		for l := range lanes {
			b.X[l], b.Y[l], b.Z[l] = place(rnd), place(rnd), place(rnd)
			b.XLow[l], b.YLow[l], b.ZLow[l] = place(rnd)*0x1p-24, place(rnd)*0x1p-24, place(rnd)*0x1p-24
			b.M[l] = T(max(0, rnd.Float64()-0.1))
		}
	}
	return f
}

func fencedSums[T number](rnd *rand.Rand, n int) fence[sums[T]] {
	var guard sums[T]
	for l := range lanes {
		guard.X[l], guard.Y[l], guard.Z[l] = -4096.25, -4096.25, -4096.25
	}
	f := newFence(n, guard)
	for i := range f.items {
		s := &f.items[i]
		for l := range lanes {
			s.X[l], s.Y[l], s.Z[l] = T(rnd.NormFloat64()), T(rnd.NormFloat64()), T(rnd.NormFloat64())
		}
	}
	return f
}

// sameSums compares bits; NaNs are all the same.
func sameSums[T number](t *testing.T, want, got []sums[T], what string) {
	t.Helper()
	same := func(a, b T) bool {
		return math.Float64bits(float64(a)) == math.Float64bits(float64(b)) || a != a && b != b
	}
	for i, g := range got {
		w := want[i]
		for l := range lanes {
			if !same(g.X[l], w.X[l]) || !same(g.Y[l], w.Y[l]) || !same(g.Z[l], w.Z[l]) {
				t.Fatalf("%s: sum %d, lane %d is %v %v %v, in portable Go %v %v %v", what, i, l, g.X[l], g.Y[l], g.Z[l], w.X[l], w.Y[l], w.Z[l])
			}
		}
	}
}
