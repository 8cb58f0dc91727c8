package grid

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"runlua/kernels/par"
)

func newSingle(t testing.TB, n int, box float64, threads int) *Single {
	t.Helper()
	g, err := NewSingle(layout(n), box, par.New(threads))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// fractionsOf places n particles at random, some on faces, corners and just inside.
func fractionsOf(n int, seed uint64) []uint32 {
	rnd := rand.New(rand.NewPCG(seed, 21))
	u := make([]uint32, 3*n)
	for i := range u {
		switch u[i] = rnd.Uint32(); rnd.IntN(20) {
		case 0:
			u[i] = 0
		case 1:
			u[i] = math.MaxUint32
		case 2:
			u[i] &= 7 << 29 // on points of a mesh of 8
		}
	}
	return u
}

// coordinatesOf are the fractions in a box of side 1, exactly.
func coordinatesOf(u []uint32) []float64 {
	x := make([]float64, len(u))
	for i, v := range u {
		x[i] = FromFraction(v, 1)
	}
	return x
}

// In a box of side 1 fractions are numbers of double precision, their cells are
// exact on both grids and so are the sums: what is left is that the mesh is rounded
// once.
func TestSingleDepositIsTheDoubleOneRoundedOnce(t *testing.T) {
	for _, n := range append(sides, 40, 100) {
		for _, count := range []int{1, 1000, sortBlock + 3} {
			u := fractionsOf(count, uint64(n))
			for i := range 3 * count / 2 { // a clump: many in few cells
				u[i] = 1<<31 + u[i]>>5
			}
			double, want := newGrid(t, n, 1, 2), make([]float64, layout(n).Len())
			got := make([]float32, layout(n).Len())
			for _, mass := range []float64{0, 1, 1.0 / 3, -7e30} { // 0: the contrast
				if mass == 0 {
					check(t, double.Contrast(want, coordinatesOf(u)))
				} else {
					check(t, double.Deposit(want, coordinatesOf(u), mass))
				}
				for threads := 1; threads <= 3; threads++ {
					g := newSingle(t, n, 1, threads)
					g.vectors = vectorised && threads > 1
					if mass == 0 {
						check(t, g.Contrast(got, u))
					} else {
						check(t, g.Deposit(got, u, mass))
					}
					each(g.Layout(), func(x, y, z, i int) {
						if math.Float32bits(got[i]) != math.Float32bits(float32(want[i])) {
							t.Fatalf("mesh %d, %d particles of mass %v, %d threads: point (%d, %d, %d) has %v, want %v rounded",
								n, count, mass, threads, x, y, z, got[i], want[i])
						}
					})
				}
			}
		}
	}
}

// The gradient of a field in single precision is that of the same numbers in double
// precision, bit for bit, by assembly and without.
func TestSingleGathersTheBitsOfDouble(t *testing.T) {
	for _, n := range sides {
		rnd := rand.New(rand.NewPCG(uint64(n), 22))
		l, u := layout(n), fractionsOf(2000, uint64(n))
		field := make([]float32, l.Len())
		for i := range field {
			field[i] = float32(math.NaN())
		}
		each(l, func(_, _, _, i int) { field[i] = float32(rnd.NormFloat64()) })
		for _, bad := range []float32{0, float32(math.NaN()), float32(math.Inf(1)), math.MaxFloat32, math.SmallestNonzeroFloat32} {
			if bad != 0 {
				field[l.Index(n/2, n-1, 1)] = bad
			}
			same := make([]float64, len(field))
			for i, v := range field {
				same[i] = float64(v)
			}
			double, g := newGrid(t, n, 1, 1), newSingle(t, n, 1, 2)
			g.Extend(field)
			double.vectors = false
			want, got := make([]float64, len(u)), make([]float64, len(u))
			check(t, double.GatherGradient(same, coordinatesOf(u), want))
			for _, g.vectors = range []bool{false, vectorised} {
				g.GatherGradientOf(field, u, got)
				for i := range want {
					if math.Float64bits(got[i]) != math.Float64bits(want[i]) && !(math.IsNaN(got[i]) && math.IsNaN(want[i])) {
						t.Fatalf("mesh %d, vectors %v, particle %d at %v beside %v: %v, double has %v", n, g.vectors, i/3, u[i/3*3:i/3*3+3], bad, got[i], want[i])
					}
				}
			}
			values, single := make([]float64, len(u)/3), make([]float64, len(u)/3)
			check(t, double.Gather(same, coordinatesOf(u), values))
			g.Gather(field, u, single)
			for i := range values {
				if values[i] != single[i] && !math.IsNaN(values[i]) {
					t.Fatalf("mesh %d: particle %d gathers %v, from double %v", n, i, single[i], values[i])
				}
			}
		}
	}
}

// The assembly for fields in single precision reads six points of twenty rows too:
// no more than the slice has.
func TestSingleGradientReadsNothingBeyondTheMesh(t *testing.T) {
	if !vectorised {
		t.Skip("no assembly for this processor")
	}
	const n = 8
	l := layout(n)
	short := make([]float32, l.Index(n-1, n-1, n-1)+1) // ends with the last point that it needs
	var xs, ys [6]int
	for i := range 6 {
		xs[i], ys[i] = (n-6+i)*l.Plane, (n-6+i)*l.Row
	}
	var out [3]float64
	gradient(true, short[n-6:], &xs, &ys, &[3]float64{.5, .5, .5}, &out)
	defer func() {
		if recover() == nil {
			t.Error("a mesh that ends before a row was read")
		}
	}()
	gradient(true, short[n-6:len(short)-1], &xs, &ys, &[3]float64{.5, .5, .5}, &out)
}

func TestSingleSortsAsDouble(t *testing.T) {
	for _, n := range sides {
		u := fractionsOf(20000, uint64(n))
		want, got := make([]uint32, len(u)/3), make([]uint32, len(u)/3)
		check(t, newGrid(t, n, 1, 1).ByCell(want, coordinatesOf(u)))
		for threads := 1; threads <= 3; threads++ {
			check(t, newSingle(t, n, 1, threads).ByCell(got, u))
			if !slices.Equal(got, want) {
				t.Fatalf("mesh %d, %d threads: fractions are sorted in another order than coordinates", n, threads)
			}
		}
	}
}

func TestFractionsAreWithinHalfAPlace(t *testing.T) {
	for _, box := range boxes {
		place := box / fractions
		for _, x := range scatter(1000, box, 31) {
			u := Fraction(x, box)
			// Half a place, and rounding of x.
			if d := math.Abs(FromFraction(u, box) - x); math.Min(d, box-d) > place/2+box*0x1p-52 {
				t.Fatalf("box %v: %v is put at %v", box, x, FromFraction(u, box))
			}
		}
		for _, u := range fractionsOf(1000, 32) {
			x := FromFraction(u, box)
			if again := Fraction(x, box); again != u || !(x >= 0 && x < box) {
				t.Fatalf("box %v: fraction %d is %v, whose fraction is %d", box, u, x, again)
			}
		}
	}
}

func TestShiftFractionRoundsOnceAndWraps(t *testing.T) {
	rnd := rand.New(rand.NewPCG(33, 33))
	for range 100000 {
		u := rnd.Uint32()
		d := (rnd.Float64() - .5) * math.Pow(2, 52*rnd.Float64())
		want := u + uint32(int64(math.RoundToEven(d)))
		if got := ShiftFraction(u, d); got != want || !Shifts(d) {
			t.Fatalf("%d moved by %v is at %d, want %d", u, d, got, want)
		}
	}
	for d, want := range map[float64]uint32{0: 8, .5: 8, 1.5: 10, -.5: 8, -8.4: 0, -8.6: math.MaxUint32,
		1<<51 - 1: 7, 1<<51 - .75: 7, 1 - 1<<51: 9} {
		if got := ShiftFraction(8, d); got != want || !Shifts(d) {
			t.Errorf("8 moved by %v is at %d, want %d", d, got, want)
		}
	}
	for _, d := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1 << 51, -1 << 51} {
		if Shifts(d) {
			t.Errorf("%v is a displacement", d)
		}
	}
}

func TestSingleRefusesNoParticlesAndWrongShapes(t *testing.T) {
	g := newSingle(t, 8, 1, 1)
	mesh := make([]float32, g.Layout().Len())
	if err := g.Contrast(mesh, nil); err == nil {
		t.Error("Contrast of no particles returns no error")
	}
	for name, f := range map[string]func(){
		"a short mesh":      func() { g.Deposit(mesh[1:], nil, 1) },
		"two coordinates":   func() { g.Deposit(mesh, make([]uint32, 2), 1) },
		"a long result":     func() { g.Gather(mesh, make([]uint32, 3), make([]float64, 2)) },
		"a short gradient":  func() { g.GatherGradientOf(mesh, make([]uint32, 3), make([]float64, 2)) },
		"an order too long": func() { g.ByCell(make([]uint32, 2), make([]uint32, 3)) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s is no panic", name)
				}
			}()
			f()
		}()
	}
}
