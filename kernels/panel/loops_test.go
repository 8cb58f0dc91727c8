package panel

import (
	"math"
	"math/rand/v2"
	"testing"

	"runlua/kernels/par"
)

// everyTile is the tiles that this processor runs and that must agree.
func everyTile() map[string]tile {
	tiles := map[string]tile{"emulated": tileEmulated}
	if fuses(tileCompiled) {
		tiles["compiled"] = tileCompiled
	}
	if v := vectorLoops(); v != nil {
		tiles[v.name] = v.tile
	}
	return tiles
}

// numbers are random, of very different sizes, with the special ones among them
// if asked for.
func numbers(r *rand.Rand, n int, special bool) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(math.Ldexp(2*r.Float64()-1, r.IntN(12)))
		if special {
			switch r.IntN(8) {
			case 0:
				out[i] = math.Float32frombits(r.Uint32())
			case 1:
				out[i] = float32(math.Ldexp(2*r.Float64()-1, -70-r.IntN(12)))
			case 2:
				out[i] = float32(r.IntN(5) - 2)
			}
		}
	}
	return out
}

// same tells whether two numbers have the same bits, or neither is one.
func same(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

func sameAll(t *testing.T, name string, got, want []float32) {
	t.Helper()
	for i := range want {
		if !same(got[i], want[i]) {
			t.Fatalf("%s: [%d] is %v, want %v", name, i, got[i], want[i])
		}
	}
}

// Each element is one sum of products rounded once, term after term, and nothing
// beside the tile is touched.
func TestTilesAddOneTermAfterTheOther(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for name, tile := range everyTile() {
		for _, count := range []int{1, 2, 3, 4, 5, 7, 8, 9, 30, 257} {
			for _, special := range []bool{false, true} {
				for _, strides := range [][2]int{{count, 1}, {1, Group}, {1, 16}, {count + 3, 1}, {2, 13}} {
					across, along := strides[0], strides[1]
					x := numbers(r, count*Lanes, special)
					y := numbers(r, (Group-1)*across+(count-1)*along+1, special)
					const guard = 5
					c := numbers(r, 2*guard+Group*Lanes, special)
					want := append([]float32(nil), c...)
					for i := range Group {
						for l := range Lanes {
							sum := float64(c[guard+i*Lanes+l])
							for k := range count {
								sum = fused(float64(x[k*Lanes+l])*float64(y[i*across+k*along]), sum)
							}
							want[guard+i*Lanes+l] = float32(sum)
						}
					}
					tile(c[guard:guard+Group*Lanes], x, y, across, along, count, nil, 0)
					sameAll(t, name, c, want)
				}
			}
		}
	}
}

// The check of what the compiler made of a tile sees one sum of a product that
// is rounded twice.
func TestUnfusedTilesAreSeen(t *testing.T) {
	for name, tile := range everyTile() {
		if !fuses(tile) {
			t.Errorf("%s: not taken for fused", name)
		}
		for _, spot := range []int{0, 17, Group*Lanes - 1} {
			unfused := func(c, x, y []float32, across, along, count int, _ []float32, _ int) {
				old := c[spot]
				tile(c, x, y, across, along, count, nil, 0)
				for k := range count {
					old += float32(x[k*Lanes+spot%Lanes] * y[spot/Lanes*across+k*along])
				}
				c[spot] = old
			}
			if fuses(unfused) {
				t.Errorf("%s with element %d rounded twice is taken for fused", name, spot)
			}
		}
	}
}

func TestVectorPassesHaveThePortableBits(t *testing.T) {
	v := vectorLoops()
	if v == nil {
		t.Skip("no assembly for this processor")
	}
	p := portableLoops(tileEmulated)
	r := rand.New(rand.NewPCG(5, 6))
	for rows := 1; rows < 40; rows++ {
		for _, special := range []bool{false, true} {
			a := numbers(r, rows*Lanes+3, special)
			b := append([]float32(nil), a...)
			offset := numbers(r, rows, special)
			top := [2][Lanes]float32{}
			for l := range top[0] {
				top[0][l] = float32(math.Inf(-1))
			}
			top[1] = top[0]
			v.scores(a, offset, 0.37, &top[0])
			p.scores(b, offset, 0.37, &top[1])
			sameAll(t, "scores", a, b)
			sameAll(t, "largest", top[0][:], top[1][:])

			marks := [2][]uint16{make([]uint16, rows), make([]uint16, rows)}
			bound := [Lanes]float32(numbers(r, Lanes, special))
			v.marks(marks[0], a, &bound)
			p.marks(marks[1], b, &bound)
			for k := range marks[0] {
				if marks[0][k] != marks[1][k] {
					t.Fatalf("marks of row %d are %b, want %b", k, marks[0][k], marks[1][k])
				}
			}

			var sums [2][Lanes]float64
			v.weights(a[:rows*Lanes], &top[0], &sums[0])
			p.weights(b[:rows*Lanes], &top[0], &sums[1])
			sameAll(t, "weights", a, b)
			if sums[0] != sums[1] {
				t.Fatalf("sums are %v, want %v", sums[0], sums[1])
			}

			from, to := make([]float64, rows*Lanes), make([]float64, rows*Lanes)
			for i := range from {
				from[i], to[i] = r.NormFloat64(), r.NormFloat64()
			}
			var parts [2][Lanes]float64
			v.distance(&parts[0], from, to)
			p.distance(&parts[1], from, to)
			if parts[0] != parts[1] {
				t.Fatalf("parts of a distance are %v, want %v", parts[0], parts[1])
			}
		}
	}
}

// 2·10⁻⁷ is what the package says: half a bit for each of the last operations
// and the series' remainder, (ln 2/2)⁸/8!.
func TestWeightsAreExponentials(t *testing.T) {
	const rows = 4001
	v := make([]float32, rows*Lanes)
	var largest [Lanes]float32
	for l := range largest {
		largest[l] = float32(l) * 100
		for k := range rows {
			v[k*Lanes+l] = largest[l] - float32(k)*34/(rows-1)
		}
	}
	arguments := append([]float32(nil), v...)
	sums := Weights(v, rows, &largest)
	for l := range Lanes {
		var sum float64
		for k := range rows {
			z := float64(arguments[k*Lanes+l] - largest[l])
			want, got := math.Exp(z), float64(v[k*Lanes+l])
			if z < Least {
				want = 0
			}
			if math.Abs(got-want) > 2e-7*want {
				t.Fatalf("e^%v is %v, want %v", z, got, want)
			}
			sum += got
		}
		if math.Abs(sums[l]-sum) > 1e-13*sum {
			t.Errorf("lane %d adds to %v, want %v", l, sums[l], sum)
		}
	}
}

// Each element is the sum of Eq. (1) or (2), term after term, whatever the
// number of panels and threads.
func TestProductsAreSumsInOneOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, size := range [][2]int{{1, 3}, {5, 30}, {6, 6}, {97, 33}, {200, depth + 9}, {2*depth + 1, 66}} {
		rows, cols := size[0], size[1]
		m := NewMatrix(rows, cols)
		for k := range rows {
			copy(m.Row(k), numbers(r, cols, false))
		}
		for _, panels := range []int{1, 3} {
			for _, threads := range []int{1, 3} {
				x, w, dots, sums := make([][]float32, panels), make([][]float32, panels), make([][]float32, panels), make([][]float32, panels)
				for p := range panels {
					x[p], w[p] = numbers(r, cols*Lanes, false), numbers(r, rows*Lanes, false)
					dots[p], sums[p] = numbers(r, Round(rows)*Lanes, false), numbers(r, Round(cols)*Lanes, false)
				}
				clear(w[0][:min(rows, depth)*Lanes]) // a part that may be left out
				m.Dots(par.New(threads), dots, x)
				m.Sums(par.New(threads), sums, w)
				for p := range panels {
					for l := range Lanes {
						for k := range rows {
							var want float64
							for d, y := range m.Row(k) {
								want = fused(float64(x[p][d*Lanes+l])*float64(y), want)
							}
							if got := dots[p][k*Lanes+l]; got != float32(want) {
								t.Fatalf("%d × %d, panel %d: dot [%d][%d] is %v, want %v", rows, cols, p, k, l, got, want)
							}
						}
						for d := range cols {
							var want float64
							for k := range rows {
								want = fused(float64(w[p][k*Lanes+l])*float64(m.Row(k)[d]), want)
							}
							if got := sums[p][d*Lanes+l]; got != float32(want) {
								t.Fatalf("%d × %d, panel %d: sum [%d][%d] is %v, want %v", rows, cols, p, d, l, got, want)
							}
						}
					}
				}
			}
		}
	}
}

func TestDistanceIsThatOfTwoPoints(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for n := range 70 {
		a, b := make([]float64, n), make([]float64, n)
		var want float64
		for i := range a {
			a[i], b[i] = r.NormFloat64(), r.NormFloat64()
			want += (a[i] - b[i]) * (a[i] - b[i])
		}
		if got := Distance2(a, b); math.Abs(got-want) > 1e-14*want {
			t.Errorf("of %d numbers: %v, want %v", n, got, want)
		}
	}
}

func FuzzFused(f *testing.F) {
	f.Add(uint32(0x3f800001), uint32(0x33800000), uint32(0x3f800000))
	f.Add(uint32(1), uint32(0x3f000000), uint32(0x80000001))
	f.Fuzz(func(t *testing.T, a, b, c uint32) {
		checkFused(t, math.Float32frombits(a), math.Float32frombits(b), math.Float32frombits(c))
	})
}
