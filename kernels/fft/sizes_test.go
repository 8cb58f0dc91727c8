package fft

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/cmplx"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"runlua/kernels/par"
)

// Mixtures of 2, 3 and 5 beyond the sizes that gonum's transform is compared at,
// with each radix in first, middle and last passes.
func TestLargeSizesHaveTheModesOfADirectSum(t *testing.T) {
	sizes := []int{108, 120, 150, 160, 180, 200, 216, 240, 250, 256}
	if testing.Short() {
		sizes = []int{108, 150}
	}
	for _, n := range sizes {
		t.Run(fmt.Sprintf("single/%d", n), func(t *testing.T) { testAgainstDirectSums[float32](t, n) })
		t.Run(fmt.Sprintf("double/%d", n), func(t *testing.T) { testAgainstDirectSums[float64](t, n) })
	}
}

// The largest mesh that is promised: half a GiB in single precision.
func TestTransformOf512(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds and half a GiB")
	}
	if free := availableMemory(t); free < 2<<30 {
		t.Skipf("needs half a GiB and leaves others room: 2 GiB, of which %.1f are available", float64(free)/(1<<30))
	}
	testAgainstDirectSums[float32](t, 512)
}

// availableMemory is in bytes, or 0 where the system does not say.
func availableMemory(t *testing.T) int64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		t.Log(err)
		return 0
	}
	_, after, _ := strings.Cut(string(text), "MemAvailable:")
	line, _, _ := strings.Cut(after, "\n")
	kib, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(line), " kB"), 10, 64)
	return kib << 10
}

// testAgainstDirectSums transforms noise. Some modes are compared with their sums
// over all points, all of them by Parseval's theorem, and the points with what the
// inverse returns.
func testAgainstDirectSums[T Float](t *testing.T, n int) {
	pool := par.New(2)
	p, err := newPlan(n, pool, bestKernels[T]())
	if err != nil {
		t.Fatal(err)
	}
	l, mesh := p.Layout(), p.NewMesh()
	pool.For(n*n, func(row int) {
		fillRow(mesh[l.Index(row/n, row%n, 0):][:n], uint64(row))
	})
	modes := [][3]int{{0, 0, 0}, {1, 0, 0}, {0, n - 1, n / 2}, {n / 2, n / 2, n / 2}, {n / 3, n - n/5, 7}, {n - 2, 3, n/2 - 1}}
	want, square := directSums(l, pool, mesh, modes)
	p.Forward(mesh)
	scale := math.Sqrt(float64(n*n*n) / 3) // rms of a mode of numbers uniform in [-1, 1)
	for i, k := range modes {
		if got := mode(l, mesh, k[0], k[1], k[2]); !(cmplx.Abs(got-want[i]) <= tolerance[T](n)*scale) {
			t.Errorf("mode %v is %v, want %v; off by %.2g of the rms mode", k, got, want[i], cmplx.Abs(got-want[i])/scale)
		}
	}
	// Sums by rows: at 1e-16 of a row's sum each their roundings are no matter.
	if got := modeSquares(l, pool, mesh) / float64(n*n*n); !(math.Abs(got/square-1) <= tolerance[T](n)) {
		t.Errorf("Σ|F|²/n³ is %v, Σf² %v", got, square)
	}
	p.Inverse(mesh)
	var worst sync.Map
	pool.For(n, func(x int) {
		row, off := make([]T, n), 0.0
		for y := range n {
			fillRow(row, uint64(x*n+y))
			for z, v := range mesh[l.Index(x, y, 0):][:n] {
				if d := math.Abs(float64(v) - float64(row[z])); !(d <= off) {
					off = d // NaN, too
				}
			}
		}
		worst.Store(x, off)
	})
	worst.Range(func(x, off any) bool {
		// Twice the error of one transform; the field's rms is 1/√3.
		if !(off.(float64) <= 2*tolerance[T](n)/math.Sqrt(3)) {
			t.Errorf("a point of plane %v returns off by %v", x, off)
		}
		return !t.Failed()
	})
}

// fillRow fills a row with numbers in [-1, 1) that its number decides (splitmix64).
func fillRow[T Float](row []T, number uint64) {
	state := number << 32
	for i := range row {
		state += 0x9e3779b97f4a7c15
		z := state
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		row[i] = T(float64(int64(z^z>>31)>>11) * 0x1p-52)
	}
}

// directSums is Eq. (1) for some modes, and the sum of the squares of all points.
func directSums[T Float](l Layout, pool *par.Pool, mesh []T, modes [][3]int) (sums []complex128, square float64) {
	n := l.N
	phases := make([]complex128, n)
	for i := range phases {
		phases[i] = cmplx.Rect(1, -2*math.Pi*float64(i)/float64(n))
	}
	planes := make([][]complex128, n) // the last is the square
	pool.For(n, func(x int) {
		plane := make([]complex128, len(modes)+1)
		for y := range n {
			row := mesh[l.Index(x, y, 0):][:n]
			for i, k := range modes {
				var re, im float64
				at := 0
				for _, v := range row {
					re += float64(v) * real(phases[at])
					im += float64(v) * imag(phases[at])
					if at += k[2]; at >= n {
						at -= n
					}
				}
				plane[i] += complex(re, im) * phases[(k[0]*x+k[1]*y)%n]
			}
			var s float64
			for _, v := range row {
				s += float64(v) * float64(v)
			}
			plane[len(modes)] += complex(s, 0)
		}
		planes[x] = plane
	})
	sums = make([]complex128, len(modes)+1)
	for _, plane := range planes {
		for i, s := range plane {
			sums[i] += s
		}
	}
	return sums[:len(modes)], real(sums[len(modes)])
}

// modeSquares is Σ|F|² over all modes, those that are implied included.
func modeSquares[T Float](l Layout, pool *par.Pool, mesh []T) float64 {
	n := l.N
	planes := make([]float64, n)
	pool.For(n, func(x int) {
		for y := range n {
			row := mesh[l.Index(x, y, 0):][:n+2]
			var s float64
			for i, v := range row {
				weight := 2.0
				if i < 2 || i >= n {
					weight = 1
				}
				s += weight * float64(v) * float64(v)
			}
			planes[x] += s
		}
	})
	var sum float64
	for _, s := range planes {
		sum += s
	}
	return sum
}

const numpyTransform = `
import sys, numpy as np
n = int(sys.argv[1])
f = np.fromfile(sys.argv[2], "<f8").reshape(n, n, n)
np.fft.rfftn(f).astype("<c16").tofile(sys.argv[3])
`

func TestForwardAgreesWithNumPy(t *testing.T) {
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import numpy").Run(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s has no numpy (Debian: python3-numpy): %v", python, err)
		}
		t.Skipf("%s has no numpy (Debian: python3-numpy)", python)
	}
	for _, n := range []int{24, 54, 80, 90, 100, 120} {
		t.Run(fmt.Sprintf("single/%d", n), func(t *testing.T) { testForwardAgreesWithNumPy[float32](t, n, python) })
		t.Run(fmt.Sprintf("double/%d", n), func(t *testing.T) { testForwardAgreesWithNumPy[float64](t, n, python) })
	}
}

func testForwardAgreesWithNumPy[T Float](t *testing.T, n int, python string) {
	p := newTest[T](t, n, 2)
	l, mesh := p.Layout(), p.NewMesh()
	var points []byte
	for row := range n * n {
		at := mesh[l.Index(row/n, row%n, 0):][:n]
		fillRow(at, uint64(row))
		for _, v := range at {
			points = binary.LittleEndian.AppendUint64(points, math.Float64bits(float64(v)))
		}
	}
	in, out := filepath.Join(t.TempDir(), "in"), filepath.Join(t.TempDir(), "out")
	if err := os.WriteFile(in, points, 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := exec.Command(python, "-c", numpyTransform, strconv.Itoa(n), in, out).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	bits, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	want := make([]complex128, n*n*(n/2+1))
	if _, err := binary.Decode(bits, binary.LittleEndian, want); err != nil {
		t.Fatal(err)
	}
	p.Forward(mesh)
	scale := math.Sqrt(float64(n*n*n) / 3)
	for i, w := range want {
		ix, iy, kz := i/(n/2+1)/n, i/(n/2+1)%n, i%(n/2+1)
		if got := mode(l, mesh, ix, iy, kz); !(cmplx.Abs(got-w) <= tolerance[T](n)*scale) {
			t.Fatalf("mode (%d, %d, %d) is %v, NumPy's %v", ix, iy, kz, got, w)
		}
	}
}
