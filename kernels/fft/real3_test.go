package fft

import (
	"fmt"
	"math"
	"math/cmplx"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/dsp/fourier"

	"runlua/kernels/par"
)

// sizes are all good sizes to 64 and one beyond.
func sizes() []int {
	var ns []int
	for n := 4; n <= 64; n++ {
		if GoodSize(n) {
			ns = append(ns, n)
		}
	}
	return append(ns, 90)
}

// largeSizes adds some with which each radix occurs as first, middle and last
// pass where it can; 192 is 3·8·8.
func largeSizes() []int {
	if testing.Short() {
		return append(sizes(), 96, 100)
	}
	return append(sizes(), 96, 100, 128, 192)
}

func newTest[T Float](t testing.TB, n, threads int) *Plan[T] {
	t.Helper()
	p, err := newPlan(n, par.New(threads), bestKernels[T]())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// noise fills the points of a mesh, and its padding with NaN, so that padding
// that leaks into a result shows.
func noise[T Float](p *Plan[T], seed uint64) []T {
	rnd := rand.New(rand.NewPCG(seed, 1))
	l, mesh := p.Layout(), p.NewMesh()
	for i := range mesh {
		mesh[i] = T(math.NaN())
	}
	for x := range l.N {
		for y := range l.N {
			for z := range l.N {
				mesh[l.Index(x, y, z)] = T(rnd.NormFloat64())
			}
		}
	}
	return mesh
}

// oracle is the transform of a mesh's points by gonum, one axis after the
// other, indexed (x·n + y)·(n/2+1) + kz.
func oracle[T Float](l Layout, mesh []T) []complex128 {
	n, h := l.N, l.N/2+1
	out := make([]complex128, n*n*h)
	real1, full1 := fourier.NewFFT(n), fourier.NewCmplxFFT(n)
	row := make([]float64, n)
	for xy := range n * n {
		o := l.Index(xy/n, xy%n, 0)
		for z := range row {
			row[z] = float64(mesh[o+z])
		}
		real1.Coefficients(out[xy*h:(xy+1)*h], row)
	}
	col := make([]complex128, n)
	along := func(first, stride int) {
		for i := range col {
			col[i] = out[first+i*stride]
		}
		full1.Coefficients(col, col)
		for i := range col {
			out[first+i*stride] = col[i]
		}
	}
	for a := range n {
		for k := range h {
			along(a*n*h+k, h)
		}
	}
	for a := range n {
		for k := range h {
			along(a*h+k, n*h)
		}
	}
	return out
}

// rms over the points of a mesh.
func rms[T Float](l Layout, mesh []T) float64 {
	var sum float64
	for x := range l.N {
		for y := range l.N {
			for z := range l.N {
				v := float64(mesh[l.Index(x, y, z)])
				sum += v * v
			}
		}
	}
	return math.Sqrt(sum / float64(l.N*l.N*l.N))
}

// mode is the mode (ix, iy, kz) of a transformed mesh.
func mode[T Float](l Layout, mesh []T, ix, iy, kz int) complex128 {
	o := l.Index(ix, iy, 2*kz)
	return complex(float64(mesh[o]), float64(mesh[o+1]))
}

// tolerance bounds the errors of a transform of n³ points, in units of the rms
// mode. Each of the log2 n³ halvings adds a rounding error of about the unit
// u = 2^-53 or 2^-24, in random directions, so the rms error is some u·√log2 n³
// and the largest of a million five times that; radices 3 and 5 round more
// often, so 16 times is allowed.
func tolerance[T Float](n int) float64 {
	unit := math.Ldexp(1, -53)
	if lanes[T]() == 4 {
		unit = math.Ldexp(1, -24)
	}
	return 16 * unit * math.Sqrt(3*math.Log2(float64(n)))
}

func TestForwardAgreesWithGonum(t *testing.T) {
	t.Run("single", testForwardAgreesWithGonum[float32])
	t.Run("double", testForwardAgreesWithGonum[float64])
}

func testForwardAgreesWithGonum[T Float](t *testing.T) {
	for _, n := range largeSizes() {
		p := newTest[T](t, n, 2)
		l, mesh := p.Layout(), noise(p, uint64(n))
		want := oracle(l, mesh)
		p.Forward(mesh)
		scale := math.Sqrt(float64(n * n * n)) // rms of a mode of unit noise
		for ix := range n {
			for iy := range n {
				for kz := range n/2 + 1 {
					got, w := mode(l, mesh, ix, iy, kz), want[(ix*n+iy)*(n/2+1)+kz]
					if d := cmplx.Abs(got - w); !(d <= tolerance[T](n)*scale) {
						t.Fatalf("n %d: mode (%d, %d, %d) is %v, want %v; off by %.2g of the rms mode",
							n, ix, iy, kz, got, w, d/scale)
					}
				}
			}
		}
	}
}

func TestInverseUndoesForward(t *testing.T) {
	t.Run("single", testInverseUndoesForward[float32])
	t.Run("double", testInverseUndoesForward[float64])
}

func testInverseUndoesForward[T Float](t *testing.T) {
	for _, n := range largeSizes() {
		p := newTest[T](t, n, 2)
		l, mesh := p.Layout(), noise(p, uint64(n))
		want := append([]T(nil), mesh...)
		p.Forward(mesh)
		p.Inverse(mesh)
		for x := range n {
			for y := range n {
				for z := range n {
					i := l.Index(x, y, z)
					// Twice the error of one transform; the field's rms is 1.
					if d := math.Abs(float64(mesh[i] - want[i])); !(d <= 2*tolerance[T](n)) {
						t.Fatalf("n %d: point (%d, %d, %d) returns as %v, want %v", n, x, y, z, mesh[i], want[i])
					}
				}
			}
		}
	}
}

func TestParseval(t *testing.T) {
	t.Run("single", testParseval[float32])
	t.Run("double", testParseval[float64])
}

func testParseval[T Float](t *testing.T) {
	for _, n := range []int{30, 64, 100} {
		p := newTest[T](t, n, 2)
		l, mesh := p.Layout(), noise(p, 7)
		want := rms(l, mesh)
		p.Forward(mesh)
		var sum float64
		for ix := range n {
			for iy := range n {
				for kz := range n/2 + 1 {
					c := mode(l, mesh, ix, iy, kz)
					weight := 2.0 // itself and its conjugate
					if kz == 0 || kz == n/2 {
						weight = 1
					}
					sum += weight * (real(c)*real(c) + imag(c)*imag(c))
				}
			}
		}
		n3 := float64(n * n * n)
		// Beside the transform's own errors a plain sum of n³ squares loses up
		// to 1e-16·√n³.
		if got := math.Sqrt(sum) / n3; math.Abs(got/want-1) > tolerance[T](n)+1e-12 {
			t.Errorf("n %d: rms from the modes %v, of the field %v", n, got, want)
		}
	}
}

func TestPointTransformsToItsPhase(t *testing.T) {
	t.Run("single", testPointTransformsToItsPhase[float32])
	t.Run("double", testPointTransformsToItsPhase[float64])
}

func testPointTransformsToItsPhase[T Float](t *testing.T) {
	const n = 20
	p := newTest[T](t, n, 2)
	l, mesh := p.Layout(), p.NewMesh()
	x, y, z := 3, 7, 12
	mesh[l.Index(x, y, z)] = 1
	p.Forward(mesh)
	for ix := range n {
		for iy := range n {
			for kz := range n/2 + 1 {
				want := complex(rootParts((ix*x+iy*y+kz*z)%n, n))
				if got := mode(l, mesh, ix, iy, kz); cmplx.Abs(got-want) > tolerance[T](n) {
					t.Fatalf("mode (%d, %d, %d) is %v, want %v", ix, iy, kz, got, want)
				}
			}
		}
	}
}

func TestPlaneWaveIsOneMode(t *testing.T) {
	t.Run("single", testPlaneWaveIsOneMode[float32])
	t.Run("double", testPlaneWaveIsOneMode[float64])
}

func testPlaneWaveIsOneMode[T Float](t *testing.T) {
	for _, n := range []int{12, 50, 64} {
		p := newTest[T](t, n, 2)
		l, mesh := p.Layout(), p.NewMesh()
		kx, ky, kz := n-2, 1, 3 // kx stands for -2
		for x := range n {
			for y := range n {
				for z := range n {
					mesh[l.Index(x, y, z)] = root[T]((kx*x+ky*y+kz*z)%n, n).re
				}
			}
		}
		p.Forward(mesh)
		n3 := float64(n * n * n)
		for ix := range n {
			for iy := range n {
				for iz := range n/2 + 1 {
					want := 0.0
					if ix == kx && iy == ky && iz == kz {
						want = n3 / 2
					}
					if got := mode(l, mesh, ix, iy, iz); cmplx.Abs(got-complex(want, 0)) > tolerance[T](n)*n3 {
						t.Fatalf("n %d: mode (%d, %d, %d) is %v, want %v", n, ix, iy, iz, got, want)
					}
				}
			}
		}
	}
}

// damp is a factor that tells each mode and its parts apart.
func damp[T Float](ix, iy, kz int, part []T) {
	for i := 0; i < len(part); i += 2 {
		f := T(1 / (1 + float64(ix) + 0.1*float64(iy) + 0.01*float64(kz+i/2)))
		part[i] *= f
		part[i+1] *= f
	}
}

func TestConvolveHasTheBitsOfItsParts(t *testing.T) {
	t.Run("single", testConvolveHasTheBitsOfItsParts[float32])
	t.Run("double", testConvolveHasTheBitsOfItsParts[float64])
}

func testConvolveHasTheBitsOfItsParts[T Float](t *testing.T) {
	for _, n := range []int{4, 30, 64, 90} {
		p := newTest[T](t, n, 2)
		one := noise(p, 3)
		two := append([]T(nil), one...)
		p.Convolve(one, damp[T])
		p.Forward(two)
		p.Apply(two, func(ix, iy int, row []T) { damp(ix, iy, 0, row) })
		p.Inverse(two)
		samePoints(t, p.Layout(), one, two, fmt.Sprintf("n %d: Convolve and Forward, Apply, Inverse", n))
	}
}

func TestConvolveWithIsConvolveByAFactor(t *testing.T) {
	t.Run("single", testConvolveWithIsConvolveByAFactor[float32])
	t.Run("double", testConvolveWithIsConvolveByAFactor[float64])
}

func testConvolveWithIsConvolveByAFactor[T Float](t *testing.T) {
	factor := func(kx, ky, kz int) T { return T(1 / (1 + float64(kx) + 0.1*float64(ky) + 0.01*float64(kz))) }
	const scale = 0.7
	for _, n := range []int{4, 6, 30, 64, 90} {
		for _, k := range []*kernels[T]{bestKernels[T](), portableKernels[T]()} {
			p, err := newPlan(n, par.New(2), k)
			if err != nil {
				t.Fatal(err)
			}
			f := p.NewFilter()
			p.SetFilter(f, func(kx, ky, kz int, factors []T) {
				for i := range factors {
					factors[i] = factor(kx, ky, kz+i)
				}
			})
			got := noise(p, 3)
			want := append([]T(nil), got...)
			p.ConvolveWith(got, f, scale)
			p.Convolve(want, func(ix, iy, kz int, part []T) {
				for i := 0; i < len(part); i += 2 {
					s := T(scale * factor(min(ix, n-ix), min(iy, n-iy), kz+i/2))
					part[i] *= s
					part[i+1] *= s
				}
			})
			samePoints(t, p.Layout(), got, want, fmt.Sprintf("n %d, %s: ConvolveWith and Convolve", n, k.name))
		}
	}
}

func TestFilteredIsConvolveWithOneFactorAfterTheOther(t *testing.T) {
	t.Run("single", testFilteredIsConvolveWith[float32])
	t.Run("double", testFilteredIsConvolveWith[float64])
}

func testFilteredIsConvolveWith[T Float](t *testing.T) {
	const scale = 0.7
	for _, n := range []int{4, 6, 30, 64, 90} {
		for _, k := range []*kernels[T]{bestKernels[T](), portableKernels[T]()} {
			p, err := newPlan(n, par.New(2), k)
			if err != nil {
				t.Fatal(err)
			}
			l, f := p.Layout(), p.NewFilter()
			mesh := noise(p, 3)
			filtered := p.NewFiltered(append([]T(nil), mesh...))
			for i := range 3 {
				p.SetFilter(f, func(kx, ky, kz int, factors []T) {
					for j := range factors {
						factors[j] = T(1 / (1 + float64(i) + float64(kx) + 0.1*float64(ky) + 0.01*float64(kz+j)))
					}
				})
				want := append([]T(nil), mesh...)
				p.ConvolveWith(want, f, scale)
				got := noise(p, 4)
				filtered.Planes(f, scale, func(x int, plane []T) {
					for y := range n {
						copy(got[l.Index(x, y, 0):][:n], plane[y*l.Row:])
					}
					clear(plane)
				})
				samePoints(t, l, got, want, fmt.Sprintf("n %d, %s, factor %d: Planes and ConvolveWith", n, k.name, i))
			}
		}
	}
}

func TestBitsDoNotDependOnThreads(t *testing.T) {
	t.Run("single", testBitsDoNotDependOnThreads[float32])
	t.Run("double", testBitsDoNotDependOnThreads[float64])
}

func testBitsDoNotDependOnThreads[T Float](t *testing.T) {
	for _, n := range []int{10, 64, 90} {
		var first []T
		for _, threads := range []int{1, 2, 3} {
			p := newTest[T](t, n, threads)
			mesh := noise(p, 5)
			p.Forward(mesh)
			p.Convolve(mesh, damp[T])
			if first == nil {
				first = mesh
				continue
			}
			samePoints(t, p.Layout(), mesh, first, fmt.Sprintf("n %d: %d threads and one", n, threads))
		}
	}
}

func samePoints[T Float](t *testing.T, l Layout, got, want []T, what string) {
	t.Helper()
	for x := range l.N {
		for y := range l.N {
			for z := range l.N {
				i := l.Index(x, y, z)
				if math.Float64bits(float64(got[i])) != math.Float64bits(float64(want[i])) {
					t.Fatalf("%s differ at (%d, %d, %d): %v and %v", what, x, y, z, got[i], want[i])
				}
			}
		}
	}
}

func TestPaddingOfPlanesIsLeftAlone(t *testing.T) {
	t.Run("single", testPaddingOfPlanesIsLeftAlone[float32])
	t.Run("double", testPaddingOfPlanesIsLeftAlone[float64])
}

func testPaddingOfPlanesIsLeftAlone[T Float](t *testing.T) {
	for _, n := range []int{16, 64} {
		p := newTest[T](t, n, 2)
		l, mesh := p.Layout(), noise(p, 9)
		const mark = -12345.5
		padding := func(f func(i int)) {
			for x := range n {
				for i := x*l.Plane + n*l.Row; i < (x+1)*l.Plane; i++ {
					f(i)
				}
			}
		}
		count := 0
		padding(func(i int) { mesh[i] = mark; count++ })
		if count != l.Len()-n*n*l.Row {
			t.Fatalf("n %d: the test marks %d elements of padding, want %d", n, count, l.Len()-n*n*l.Row)
		}
		p.Forward(mesh)
		p.Convolve(mesh, damp[T])
		p.Inverse(mesh)
		padding(func(i int) {
			if mesh[i] != mark {
				t.Fatalf("n %d: padding element %d was written", n, i)
			}
		})
	}
}

func TestApplyVisitsEachRowOnce(t *testing.T) {
	t.Run("single", testApplyVisitsEachRowOnce[float32])
	t.Run("double", testApplyVisitsEachRowOnce[float64])
}

func testApplyVisitsEachRowOnce[T Float](t *testing.T) {
	const n = 12
	p := newTest[T](t, n, 3)
	mesh := p.NewMesh()
	p.Apply(mesh, func(ix, iy int, row []T) {
		if len(row) != n+2 || cap(row) != n+2 {
			t.Errorf("row of length %d, capacity %d, want %d", len(row), cap(row), n+2)
		}
		for i := range row {
			row[i] += T(1 + ix*n + iy)
		}
	})
	for ix := range n {
		for iy := range n {
			for z := range n + 2 {
				if got, want := mesh[p.Layout().Index(ix, iy, z)], T(1+ix*n+iy); got != want {
					t.Fatalf("row (%d, %d) holds %v at %d, want %v", ix, iy, got, z, want)
				}
			}
		}
	}
}

func TestNewReal3RefusesOtherSizes(t *testing.T) {
	for n, next := range map[int]string{-1: "4", 0: "4", 2: "4", 7: "8", 14: "16", 15: "16", 63: "64", 127: "128", 182: "192"} {
		_, err := NewReal3(n, par.New(1))
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("got %d; the next good size is %s", n, next)) {
			t.Errorf("NewReal3(%d) returns %v, want an error that suggests %s", n, err, next)
		}
	}
}

func TestForwardPanicsOnAMeshOfAnotherSize(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Forward took a mesh one element short")
		}
	}()
	p := newTest[float32](t, 8, 1)
	p.Forward(p.NewMesh()[1:])
}

func TestInverseIgnoresWhatARealFieldCannotHave(t *testing.T) {
	t.Run("single", testInverseIgnoresWhatARealFieldCannotHave[float32])
	t.Run("double", testInverseIgnoresWhatARealFieldCannotHave[float64])
}

func testInverseIgnoresWhatARealFieldCannotHave[T Float](t *testing.T) {
	for _, n := range []int{6, 16} {
		p := newTest[T](t, n, 2)
		l, mesh := p.Layout(), noise(p, 21)
		want := append([]T(nil), mesh...)
		p.Forward(mesh)
		rnd := rand.New(rand.NewPCG(1, 1))
		for _, kz := range []int{0, n / 2} {
			for ix := range n {
				for iy := range n {
					// a(k) = -conj a(-k) is the transform of an imaginary field.
					re, im := T(rnd.NormFloat64()), T(rnd.NormFloat64())
					k, minus := l.Index(ix, iy, 2*kz), l.Index((n-ix)%n, (n-iy)%n, 2*kz)
					mesh[k] += re
					mesh[k+1] += im
					mesh[minus] -= re
					mesh[minus+1] += im
				}
			}
		}
		p.Inverse(mesh)
		for x := range n {
			for y := range n {
				for z := range n {
					i := l.Index(x, y, z)
					if d := math.Abs(float64(mesh[i] - want[i])); !(d <= 2*tolerance[T](n)) {
						t.Fatalf("n %d: point (%d, %d, %d) is %v, want %v", n, x, y, z, mesh[i], want[i])
					}
				}
			}
		}
	}
}
