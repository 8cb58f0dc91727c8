package grid

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// permuted are the particles in another order.
func permuted(pos []float64, order []int) []float64 {
	out := make([]float64, 0, len(pos))
	for _, i := range order {
		out = append(out, pos[3*i:3*i+3]...)
	}
	return out
}

func TestDepositDoesNotDependOnTheOrderOfParticles(t *testing.T) {
	const n, count, box = 6, 5000, 100.0
	g := newGrid(t, n, box, 2)
	pos := scatter(count, box, 3)
	for i := range 3 * count / 2 { // a clump: many in few cells
		pos[i] = 40 + pos[i]/20
	}
	mesh, other := make([]float64, g.Layout().Len()), make([]float64, g.Layout().Len())
	for _, mass := range []float64{1, 2.5, 1.0 / 3, -7e100, 3e-200} {
		check(t, g.Deposit(mesh, pos, mass))
		check(t, g.Deposit(other, permuted(pos, rand.New(rand.NewPCG(1, 1)).Perm(count)), mass))
		each(g.Layout(), func(x, y, z, i int) {
			if mesh[i] != other[i] {
				t.Fatalf("mass %v: point (%d, %d, %d) has %v, in another order %v", mass, x, y, z, mesh[i], other[i])
			}
		})
	}
	check(t, g.Contrast(mesh, pos))
	check(t, g.Contrast(other, permuted(pos, rand.New(rand.NewPCG(2, 1)).Perm(count))))
	each(g.Layout(), func(x, y, z, i int) {
		if mesh[i] != other[i] {
			t.Fatalf("contrast of point (%d, %d, %d) is %v, in another order %v", x, y, z, mesh[i], other[i])
		}
	})
}

// A mass that is a multiple of the quantum is kept to the last bit, and each part
// is as near to its weight as Eq. (4) says.
func TestPartsOfAParticleAddUpExactly(t *testing.T) {
	const n, box, count = 16, 64.0, 1 << 17
	g := newGrid(t, n, box, 1)
	mesh := make([]float64, g.Layout().Len())
	pos := scatter(count, box, 5)
	check(t, g.Deposit(mesh, pos, 1))
	if got := sum(g.Layout(), mesh); got != count { // sums of multiples below 2^53 of them
		t.Errorf("%d particles of mass 1 leave %v on the mesh", count, got)
	}

	var worst float64
	r := newRounding(count, 1)
	quantum := math.Ldexp(1, 18-51) // 2^17 ≤ n m < 2^18
	for i := range 100 {
		add := func(mesh []float64, r rounding) {
			x, _ := g.cell(pos[3*i])
			lower, upper := mesh[x*g.layout.Plane:], mesh[(x+1)%n*g.layout.Plane:]
			g.add(lower, upper, pos, []uint32{uint32(i)}, r)
		}
		clear(mesh)
		add(mesh, r)
		exact := make([]float64, len(mesh))
		add(exact, newRounding(1, 1))
		if got := sum(g.Layout(), mesh); got != 1 {
			t.Errorf("particle %d leaves %v on the mesh", i, got)
		}
		each(g.Layout(), func(_, _, _, i int) { worst = max(worst, math.Abs(mesh[i]-exact[i])) })
	}
	if !(worst > 0 && worst <= 1.5*quantum) {
		t.Errorf("a part is %v quanta from its weight, want some and at most 1.5", worst/quantum)
	}
}

func TestByCellSortsByPlaneRowAndPart(t *testing.T) {
	const count, box = 20000, 100.0
	for _, n := range sides {
		var first []uint32
		for threads := 1; threads <= 3; threads++ {
			g := newGrid(t, n, box, threads)
			pos := scatter(count, box, 6)
			order := make([]uint32, count)
			check(t, g.ByCell(order, pos))
			key := func(i uint32) int {
				x, _ := g.cell(pos[3*i])
				y, _ := g.cell(pos[3*i+1])
				z, _ := g.cell(pos[3*i+2])
				return (x*n+y)*orderParts + z*orderParts/n
			}
			for i := 1; i < count; i++ {
				a, b := order[i-1], order[i]
				if ka, kb := key(a), key(b); ka > kb || ka == kb && a >= b {
					t.Fatalf("mesh %d: particle %d of key %d comes before %d of %d", n, a, ka, b, kb)
				}
			}
			if first == nil {
				first = slices.Clone(order)
			} else if !slices.Equal(order, first) {
				t.Fatalf("mesh %d: the order depends on the threads", n)
			}
			slices.Sort(order)
			for i, p := range order {
				if p != uint32(i) {
					t.Fatalf("mesh %d: particle %d is missing or there twice", n, i)
				}
			}
		}
	}
}
