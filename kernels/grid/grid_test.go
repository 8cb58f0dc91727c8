package grid

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"runlua/kernels/fft"
	"runlua/kernels/par"
)

// layout is a padded layout of n points a side, of any n: package fft's are
// even only, and a grid must not depend on that.
func layout(n int) fft.Layout {
	row := (n + 2 + 7) / 8 * 8
	return fft.Layout{N: n, Row: row, Plane: n*row + 8}
}

func newGrid(t testing.TB, n int, box float64, threads int) *Grid {
	t.Helper()
	g, err := New(layout(n), box, par.New(threads))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// scatter places n particles at random in the box, some of them on its faces
// and corners and just inside.
func scatter(n int, box float64, seed uint64) []float64 {
	rnd := rand.New(rand.NewPCG(seed, 2))
	pos := make([]float64, 3*n)
	edge := math.Nextafter(box, 0)
	for i := range pos {
		switch rnd.IntN(20) {
		case 0:
			pos[i] = 0
		case 1:
			pos[i] = edge
		case 2:
			pos[i] = math.Copysign(0, -1)
		default:
			pos[i] = rnd.Float64() * box
		}
	}
	return pos
}

// fill sets the points of a mesh by f and its padding to NaN, so that padding
// that is read shows.
func fill(l fft.Layout, f func(x, y, z int) float64) []float64 {
	mesh := make([]float64, l.Len())
	for i := range mesh {
		mesh[i] = math.NaN()
	}
	each(l, func(x, y, z, i int) { mesh[i] = f(x, y, z) })
	return mesh
}

func each(l fft.Layout, f func(x, y, z, i int)) {
	for x := range l.N {
		for y := range l.N {
			for z := range l.N {
				f(x, y, z, l.Index(x, y, z))
			}
		}
	}
}

func sum(l fft.Layout, mesh []float64) float64 {
	var s float64
	each(l, func(_, _, _, i int) { s += mesh[i] })
	return s
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// sides has the smallest mesh, odd ones, and ones with slabs of two and three.
var sides = []int{4, 5, 6, 7, 9, 16, 21}

// boxes has a power of two, where h is exact, and sides where it isn't.
var boxes = []float64{1, 64, 100, 0.7}

func TestDepositKeepsMass(t *testing.T) {
	var off float64
	for _, n := range sides {
		for _, box := range boxes {
			g := newGrid(t, n, box, 2)
			pos := scatter(1000, box, uint64(n))
			mesh := make([]float64, g.Layout().Len())
			check(t, g.Deposit(mesh, pos, 2.5))
			if got := sum(g.Layout(), mesh) / 2500; math.Abs(got-1) > 1e-12 { // the limit of PHYSICS; rounding leaves 1e-14
				t.Errorf("mesh %d, box %v: mass is %v of what it should be", n, box, got)
			} else {
				off = max(off, math.Abs(got-1))
			}
			check(t, g.Contrast(mesh, pos))
			// The mean of n³ values of which the largest are of order 10.
			if got := sum(g.Layout(), mesh) / float64(n*n*n); math.Abs(got) > 1e-12 {
				t.Errorf("mesh %d, box %v: mean density contrast is %v", n, box, got)
			}
		}
	}
	t.Logf("mass off by %.1e at most", off)
}

func TestDepositIsTheProductOfThreeWeights(t *testing.T) {
	for _, n := range sides {
		for _, box := range boxes {
			g := newGrid(t, n, box, 1)
			l, mesh, pos := g.Layout(), make([]float64, layout(n).Len()), scatter(40, box, uint64(n))
			want := make([]float64, l.Len())
			for p := pos; len(p) > 0; p = p[3:] {
				each(l, func(x, y, z, i int) {
					w := 1.0
					for axis, point := range []int{x, y, z} {
						// Distance from the mesh point, the shorter way round.
						d := math.Abs(p[axis]/box*float64(n) - float64(point))
						w *= math.Max(0, 1-math.Min(d, float64(n)-d))
					}
					want[i] += w
				})
			}
			check(t, g.Deposit(mesh, pos, 1))
			each(l, func(x, y, z, i int) {
				// x/h is of order n ≤ 21, so its fraction is good to 21·2^-52
				// and the sum of 40 weights to some 1e-13.
				if math.Abs(mesh[i]-want[i]) > 1e-12 {
					t.Fatalf("mesh %d, box %v: point (%d, %d, %d) has %v, want %v", n, box, x, y, z, mesh[i], want[i])
				}
			})
		}
	}
}

func TestGatherIsTheTransposeOfDeposit(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 4))
	for _, n := range sides {
		g := newGrid(t, n, 100, 2)
		l, pos := g.Layout(), scatter(500, 100, 8)
		field := fill(l, func(x, y, z int) float64 { return rnd.NormFloat64() })
		mesh, out := make([]float64, l.Len()), make([]float64, 500)
		check(t, g.Deposit(mesh, pos, 1))
		check(t, g.Gather(field, pos, out))
		var onMesh, onParticles float64
		each(l, func(_, _, _, i int) { onMesh += mesh[i] * field[i] })
		for _, v := range out {
			onParticles += v
		}
		// Sums of 500 terms of order one.
		if math.Abs(onMesh-onParticles) > 1e-12*500 {
			t.Errorf("mesh %d: <deposit, field> is %v, <1, gather> is %v", n, onMesh, onParticles)
		}
	}
}

func TestAConstantGathersToItself(t *testing.T) {
	var off float64
	for _, n := range sides {
		g := newGrid(t, n, 0.7, 2)
		pos := scatter(500, 0.7, 3)
		out, grad := make([]float64, 500), make([]float64, 1500)
		field := fill(g.Layout(), func(x, y, z int) float64 { return 3.25 })
		check(t, g.Gather(field, pos, out))
		check(t, g.GatherGradient(field, pos, grad))
		for i, v := range out {
			if math.Abs(v-3.25) > 1e-14 { // three roundings of 4e-16
				t.Fatalf("mesh %d: particle %d gathers %v of 3.25", n, i, v)
			}
			off = max(off, math.Abs(v/3.25-1))
		}
		for i, v := range grad {
			// Rounding of 3.25·8 in units of 1/12h, h ≥ 0.03.
			if math.Abs(v) > 1e-13 {
				t.Fatalf("mesh %d: component %d of the gradient of a constant is %v", n, i, v)
			}
		}
	}
	t.Logf("off by %.1e at most", off)
}

func TestGradientOfAModeIsTheFormula(t *testing.T) {
	const box = 100.0
	for _, n := range []int{8, 15, 32} {
		g := newGrid(t, n, box, 2)
		l, h := g.Layout(), box/float64(n)
		dst := make([]float64, l.Len())
		for axis := range 3 {
			for m := 1; m <= n/2; m++ {
				phase := func(x, y, z int) float64 {
					return 2 * math.Pi * float64(m*[]int{x, y, z}[axis]%n) / float64(n)
				}
				field := fill(l, func(x, y, z int) float64 { return math.Sin(phase(x, y, z)) })
				g.Gradient(dst, field, axis)
				kh := 2 * math.Pi * float64(m) / float64(n)
				k := (8*math.Sin(kh) - math.Sin(2*kh)) / (6 * h)
				each(l, func(x, y, z, i int) {
					if want := k * math.Cos(phase(x, y, z)); math.Abs(dst[i]-want) > 1e-12/h { // rounding of the wave, 1e-15 times 18/12h
						t.Fatalf("mesh %d, axis %d, mode %d: gradient at (%d, %d, %d) is %v, want %v",
							n, axis, m, x, y, z, dst[i], want)
					}
				})
			}
		}
	}
}

func TestGatherGradientIsGradientThenGather(t *testing.T) {
	rnd := rand.New(rand.NewPCG(6, 6))
	for _, n := range sides {
		for _, box := range boxes {
			g := newGrid(t, n, box, 2)
			l, pos := g.Layout(), scatter(500, box, 5)
			field := fill(l, func(x, y, z int) float64 { return rnd.NormFloat64() })
			got, want, mesh := make([]float64, 1500), make([]float64, 1500), make([]float64, l.Len())
			check(t, g.GatherGradient(field, pos, got))
			for axis := range 3 {
				g.Gradient(mesh, field, axis)
				check(t, g.GatherComponent(mesh, pos, want, axis))
			}
			for i := range got {
				// Some thirty roundings of terms up to 3·8/12h.
				if math.Abs(got[i]-want[i]) > 1e-13*float64(n)/box {
					t.Fatalf("mesh %d, box %v: component %d is %v, want %v", n, box, i, got[i], want[i])
				}
			}
		}
	}
}

func TestParticlesFeelNoForceOfTheirOwn(t *testing.T) {
	// The gradient is odd and the weights are the transpose of the deposit's,
	// so the total force of any even convolution of the density vanishes; here
	// that of the density itself.
	g := newGrid(t, 16, 100, 2)
	pos := scatter(300, 100, 11)
	mesh, grad := make([]float64, g.Layout().Len()), make([]float64, 900)
	check(t, g.Contrast(mesh, pos))
	check(t, g.GatherGradient(mesh, pos, grad))
	for axis := range 3 {
		var total, size float64
		for i := axis; i < len(grad); i += 3 {
			total += grad[i]
			size += math.Abs(grad[i])
		}
		if math.Abs(total) > 1e-13*size { // rounding of 300 terms
			t.Errorf("axis %d: forces add up to %.2g of their size", axis, total/size)
		}
	}
}

func TestShiftByACellShiftsTheMesh(t *testing.T) {
	const n, box = 8, 64.0 // h = 8 is exact
	g := newGrid(t, n, box, 2)
	l, pos := g.Layout(), scatter(300, 1, 12)
	for i := range pos {
		pos[i] = math.Floor(pos[i]*4096) / 64 // a shift by h is exact
	}
	one, two := make([]float64, l.Len()), make([]float64, l.Len())
	gradOne, gradTwo := make([]float64, 900), make([]float64, 900)
	check(t, g.Deposit(one, pos, 1))
	check(t, g.GatherGradient(one, pos, gradOne))
	for i := range pos {
		pos[i] = Wrap(pos[i]+box/n, box)
	}
	check(t, g.Deposit(two, pos, 1))
	check(t, g.GatherGradient(two, pos, gradTwo))
	each(l, func(x, y, z, i int) {
		// Slabs moved, so the order of addition changed: 40 terms of one.
		j := l.Index((x+1)%n, (y+1)%n, (z+1)%n)
		if math.Abs(one[i]-two[j]) > 1e-13 {
			t.Fatalf("point (%d, %d, %d) has %v, its neighbour after the shift %v", x, y, z, one[i], two[j])
		}
	})
	for i := range gradOne {
		if math.Abs(gradOne[i]-gradTwo[i]) > 1e-13 { // the same, times 18/12h with h = 8
			t.Fatalf("component %d of the gradient is %v, after the shift %v", i, gradOne[i], gradTwo[i])
		}
	}
}

func TestBitsDoNotDependOnThreads(t *testing.T) {
	const n, count = 9, 3*sortBlock + 17
	pos := scatter(count, 100, 13)
	var firstMesh, firstGrad []float64
	for _, threads := range []int{1, 2, 3, 8} {
		g := newGrid(t, n, 100, threads)
		mesh, grad := make([]float64, g.Layout().Len()), make([]float64, 3*count)
		for range 2 { // scratch that was used before
			check(t, g.Contrast(mesh, pos))
		}
		check(t, g.GatherGradient(mesh, pos, grad))
		if firstMesh == nil {
			firstMesh, firstGrad = mesh, grad
			continue
		}
		for i := range mesh {
			if mesh[i] != firstMesh[i] {
				t.Fatalf("%d threads: element %d of the mesh is %v, with one %v", threads, i, mesh[i], firstMesh[i])
			}
		}
		for i := range grad {
			if grad[i] != firstGrad[i] {
				t.Fatalf("%d threads: component %d is %v, with one %v", threads, i, grad[i], firstGrad[i])
			}
		}
	}
}

func TestPositionsOutOfTheBoxAreRefused(t *testing.T) {
	const n, box, count = 6, 100.0, 2*sortBlock + 5
	g := newGrid(t, n, box, 2)
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1e-300, box, 1e300} {
		for axis := range 3 {
			pos := scatter(count, box, 14)
			pos[3*(sortBlock+7)+axis] = bad
			pos[3*(count-1)] = -1 // the first is named
			mesh, out := fill(g.Layout(), func(x, y, z int) float64 { return 7 }), make([]float64, 3*count)
			for name, err := range map[string]error{
				"Deposit":         g.Deposit(mesh, pos, 1),
				"Contrast":        g.Contrast(mesh, pos),
				"Gather":          g.Gather(mesh, pos, out[:count]),
				"GatherComponent": g.GatherComponent(mesh, pos, out, axis),
				"GatherGradient":  g.GatherGradient(mesh, pos, out),
			} {
				if err == nil || !strings.Contains(err.Error(), "positions must be in [0, 100)") ||
					!strings.Contains(err.Error(), "for particle 16391") {
					t.Errorf("%s with %v on axis %d returns %v", name, bad, axis, err)
				}
			}
			if got := sum(g.Layout(), mesh); got != 7*n*n*n {
				t.Errorf("a refused deposit changed the mesh: sum %v", got)
			}
		}
	}
}

func TestNoParticles(t *testing.T) {
	g := newGrid(t, 6, 1, 2)
	mesh := fill(g.Layout(), func(x, y, z int) float64 { return 1 })
	check(t, g.Deposit(mesh, nil, 1))
	if got := sum(g.Layout(), mesh); got != 0 {
		t.Errorf("mass of no particles is %v", got)
	}
	check(t, g.Gather(mesh, nil, nil))
	check(t, g.GatherComponent(mesh, nil, nil, 2))
	check(t, g.GatherGradient(mesh, nil, nil))
	if err := g.Contrast(mesh, nil); err == nil {
		t.Error("Contrast of no particles returns no error")
	}
}

func TestNewRefusesBadBoxes(t *testing.T) {
	for _, box := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if _, err := New(layout(8), box, par.New(1)); err == nil || !strings.Contains(err.Error(), "box must be positive and finite") {
			t.Errorf("box %v: error is %v", box, err)
		}
	}
	if _, err := New(layout(3), 1, par.New(1)); err == nil || !strings.Contains(err.Error(), "from 4 to 65536 points a side, got 3") {
		t.Errorf("mesh of 3: error is %v", err)
	}
}

func TestTheFirstParticleOutOfTheBoxIsNamedInAnyOrder(t *testing.T) {
	g, pos := newGrid(t, 4, 1, 1), make([]float64, 30)
	var bad outsider
	if err := g.outside(pos, bad.first()); err != nil {
		t.Errorf("nothing noted, error is %v", err)
	}
	for _, i := range []int{5, 3, 9} {
		bad.note(i)
	}
	if err := g.outside(pos, bad.first()); err == nil || !strings.Contains(err.Error(), "for particle 3") {
		t.Errorf("error is %v, want particle 3 named", err)
	}
}

// What is made of a plane that is told of is kept, and no other plane sees it.
func TestPlanesAreToldOfWhenTheyAreWhole(t *testing.T) {
	for _, n := range append(sides, 70) {
		pos, u := scatter(3000, 1, uint64(n)), fractionsOf(3000, uint64(n))
		for threads := 1; threads <= 3; threads++ {
			double, single := newGrid(t, n, 1, threads), newSingle(t, n, 1, threads)
			toldPlanes(t, &double.cells, func(dst []float64, done func(worker, x int)) error { return double.ContrastPlanes(dst, pos, done) })
			toldPlanes(t, &single.cells, func(dst []float32, done func(worker, x int)) error { return single.ContrastPlanes(dst, u, done) })
		}
	}
}

func toldPlanes[T fft.Float](t *testing.T, g *cells, contrast func(dst []T, done func(worker, x int)) error) {
	t.Helper()
	l := g.layout
	want, got := make([]T, l.Len()), make([]T, l.Len())
	check(t, contrast(want, nil))
	told := make([]int, l.N)
	check(t, contrast(got, func(worker, x int) {
		if told[x]++; worker < 0 || worker >= g.pool.Threads() {
			t.Errorf("plane %d is told of by worker %d of %d", x, worker, g.pool.Threads())
		}
		plane := got[x*l.Plane:][:l.N*l.Row]
		for i := range plane {
			plane[i] = 7 - plane[i]
		}
	}))
	each(l, func(x, y, z, i int) {
		if told[x] != 1 || got[i] != 7-want[i] {
			t.Fatalf("mesh %d: plane %d was told of %d times; point (%d, %d, %d) was %v then, %v at last", l.N, x, told[x], x, y, z, 7-got[i], want[i])
		}
	})
}
