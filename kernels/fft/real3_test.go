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

// sizes are all good sizes to 40 and some of those in use; with 96 and 128,
// which some tests add, each radix occurs as first, middle and last pass where
// it can.
func sizes() []int {
	var ns []int
	for n := 4; n <= 40; n++ {
		if GoodSize(n) {
			ns = append(ns, n)
		}
	}
	return append(ns, 48, 60, 64, 90)
}

func newReal3(t testing.TB, n, threads int) *Real3 {
	t.Helper()
	p, err := NewReal3(n, par.New(threads))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// noise fills the points of a mesh, and its padding with NaN, so that padding
// that leaks into a result shows.
func noise(p *Real3, seed uint64) []float64 {
	rnd := rand.New(rand.NewPCG(seed, 1))
	l, mesh := p.Layout(), p.NewMesh()
	for i := range mesh {
		mesh[i] = math.NaN()
	}
	for x := range l.N {
		for y := range l.N {
			for z := range l.N {
				mesh[l.Index(x, y, z)] = rnd.NormFloat64()
			}
		}
	}
	return mesh
}

// oracle is the transform of a mesh's points by gonum, one axis after the
// other, indexed (x·n + y)·(n/2+1) + kz.
func oracle(l Layout, mesh []float64) []complex128 {
	n, h := l.N, l.N/2+1
	out := make([]complex128, n*n*h)
	real1, full1 := fourier.NewFFT(n), fourier.NewCmplxFFT(n)
	for xy := range n * n {
		o := l.Index(xy/n, xy%n, 0)
		real1.Coefficients(out[xy*h:(xy+1)*h], mesh[o:o+n])
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
func rms(l Layout, mesh []float64) float64 {
	var sum float64
	for x := range l.N {
		for y := range l.N {
			for z := range l.N {
				v := mesh[l.Index(x, y, z)]
				sum += v * v
			}
		}
	}
	return math.Sqrt(sum / float64(l.N*l.N*l.N))
}

// mode is the mode (ix, iy, kz) of a transformed mesh.
func mode(l Layout, mesh []float64, ix, iy, kz int) complex128 {
	o := l.Index(ix, iy, 2*kz)
	return complex(mesh[o], mesh[o+1])
}

// Rounding errors of an FFT grow as √log n: about 1e-16·√20 of the rms mode.
// The oracle has as much, and the largest of a million errors is some five
// times the rms one, so 1e-14 would hold; 1e-13 leaves room for its twiddles.
const oracleTolerance = 1e-13

func TestForwardAgreesWithGonum(t *testing.T) {
	for _, n := range append(sizes(), 96, 100, 128) {
		p := newReal3(t, n, 2)
		l, mesh := p.Layout(), noise(p, uint64(n))
		want := oracle(l, mesh)
		p.Forward(mesh)
		scale := math.Sqrt(float64(n * n * n)) // rms of a mode of unit noise
		for ix := range n {
			for iy := range n {
				for kz := range n/2 + 1 {
					got, w := mode(l, mesh, ix, iy, kz), want[(ix*n+iy)*(n/2+1)+kz]
					if d := cmplx.Abs(got - w); !(d <= oracleTolerance*scale) {
						t.Fatalf("n %d: mode (%d, %d, %d) is %v, want %v; off by %.2g of the rms mode",
							n, ix, iy, kz, got, w, d/scale)
					}
				}
			}
		}
	}
}

func TestInverseUndoesForward(t *testing.T) {
	for _, n := range append(sizes(), 96, 100, 128) {
		p := newReal3(t, n, 2)
		l, mesh := p.Layout(), noise(p, uint64(n))
		want := append([]float64(nil), mesh...)
		p.Forward(mesh)
		p.Inverse(mesh)
		for x := range n {
			for y := range n {
				for z := range n {
					i := l.Index(x, y, z)
					// Twice the error of one transform; the field's rms is 1.
					if d := math.Abs(mesh[i] - want[i]); !(d <= 2*oracleTolerance) {
						t.Fatalf("n %d: point (%d, %d, %d) returns as %v, want %v", n, x, y, z, mesh[i], want[i])
					}
				}
			}
		}
	}
}

func TestParseval(t *testing.T) {
	for _, n := range []int{30, 64, 100} {
		p := newReal3(t, n, 2)
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
		// A plain sum of n³ squares loses up to 1e-16·√n³.
		if got := math.Sqrt(sum) / n3; math.Abs(got/want-1) > 1e-12 {
			t.Errorf("n %d: rms from the modes %v, of the field %v", n, got, want)
		}
	}
}

func TestPointTransformsToItsPhase(t *testing.T) {
	const n = 20
	p := newReal3(t, n, 2)
	l, mesh := p.Layout(), p.NewMesh()
	x, y, z := 3, 7, 12
	mesh[l.Index(x, y, z)] = 1
	p.Forward(mesh)
	for ix := range n {
		for iy := range n {
			for kz := range n/2 + 1 {
				want := complex(rootParts((ix*x+iy*y+kz*z)%n, n))
				if got := mode(l, mesh, ix, iy, kz); cmplx.Abs(got-want) > 1e-15 {
					t.Fatalf("mode (%d, %d, %d) is %v, want %v", ix, iy, kz, got, want)
				}
			}
		}
	}
}

func TestPlaneWaveIsOneMode(t *testing.T) {
	for _, n := range []int{12, 50, 64} {
		p := newReal3(t, n, 2)
		l, mesh := p.Layout(), p.NewMesh()
		kx, ky, kz := n-2, 1, 3 // kx stands for -2
		for x := range n {
			for y := range n {
				for z := range n {
					mesh[l.Index(x, y, z)], _ = rootParts((kx*x+ky*y+kz*z)%n, n)
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
					if got := mode(l, mesh, ix, iy, iz); cmplx.Abs(got-complex(want, 0)) > oracleTolerance*n3 {
						t.Fatalf("n %d: mode (%d, %d, %d) is %v, want %v", n, ix, iy, iz, got, want)
					}
				}
			}
		}
	}
}

// damp is a factor that tells each mode and its parts apart.
func damp(ix, iy, kz int, part []float64) {
	for i := 0; i < len(part); i += 2 {
		f := 1 / (1 + float64(ix) + 0.1*float64(iy) + 0.01*float64(kz+i/2))
		part[i] *= f
		part[i+1] *= f
	}
}

func TestConvolveHasTheBitsOfItsParts(t *testing.T) {
	for _, n := range []int{4, 30, 64, 90} {
		p := newReal3(t, n, 2)
		one := noise(p, 3)
		two := append([]float64(nil), one...)
		p.Convolve(one, damp)
		p.Forward(two)
		p.Apply(two, func(ix, iy int, row []float64) { damp(ix, iy, 0, row) })
		p.Inverse(two)
		samePoints(t, p.Layout(), one, two, fmt.Sprintf("n %d: Convolve and Forward, Apply, Inverse", n))
	}
}

func TestBitsDoNotDependOnThreads(t *testing.T) {
	for _, n := range []int{10, 64, 90} {
		var first []float64
		for _, threads := range []int{1, 2, 3} {
			p := newReal3(t, n, threads)
			mesh := noise(p, 5)
			p.Forward(mesh)
			p.Convolve(mesh, damp)
			if first == nil {
				first = mesh
				continue
			}
			samePoints(t, p.Layout(), mesh, first, fmt.Sprintf("n %d: %d threads and one", n, threads))
		}
	}
}

func samePoints(t *testing.T, l Layout, got, want []float64, what string) {
	t.Helper()
	for x := range l.N {
		for y := range l.N {
			for z := range l.N {
				i := l.Index(x, y, z)
				if math.Float64bits(got[i]) != math.Float64bits(want[i]) {
					t.Fatalf("%s differ at (%d, %d, %d): %v and %v", what, x, y, z, got[i], want[i])
				}
			}
		}
	}
}

func TestPaddingOfPlanesIsLeftAlone(t *testing.T) {
	for _, n := range []int{16, 64} {
		p := newReal3(t, n, 2)
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
		p.Convolve(mesh, damp)
		p.Inverse(mesh)
		padding(func(i int) {
			if mesh[i] != mark {
				t.Fatalf("n %d: padding element %d was written", n, i)
			}
		})
	}
}

func TestApplyVisitsEachRowOnce(t *testing.T) {
	const n = 12
	p := newReal3(t, n, 3)
	mesh := p.NewMesh()
	p.Apply(mesh, func(ix, iy int, row []float64) {
		if len(row) != n+2 || cap(row) != n+2 {
			t.Errorf("row of length %d, capacity %d, want %d", len(row), cap(row), n+2)
		}
		for i := range row {
			row[i] += float64(1 + ix*n + iy)
		}
	})
	for ix := range n {
		for iy := range n {
			for z := range n + 2 {
				if got, want := mesh[p.Layout().Index(ix, iy, z)], float64(1+ix*n+iy); got != want {
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
	p := newReal3(t, 8, 1)
	p.Forward(p.NewMesh()[1:])
}

func TestInverseIgnoresWhatARealFieldCannotHave(t *testing.T) {
	for _, n := range []int{6, 16} {
		p := newReal3(t, n, 2)
		l, mesh := p.Layout(), noise(p, 21)
		want := append([]float64(nil), mesh...)
		p.Forward(mesh)
		rnd := rand.New(rand.NewPCG(1, 1))
		for _, kz := range []int{0, n / 2} {
			for ix := range n {
				for iy := range n {
					// a(k) = -conj a(-k) is the transform of an imaginary field.
					re, im := rnd.NormFloat64(), rnd.NormFloat64()
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
					if d := math.Abs(mesh[i] - want[i]); !(d <= 2*oracleTolerance) {
						t.Fatalf("n %d: point (%d, %d, %d) is %v, want %v", n, x, y, z, mesh[i], want[i])
					}
				}
			}
		}
	}
}
