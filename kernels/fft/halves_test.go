package fft

import (
	"fmt"
	"math"
	"sync/atomic"
	"testing"

	"runlua/kernels/par"
)

func TestForwardPlaneAndSeeModesHaveTheBitsOfForward(t *testing.T) {
	t.Run("single", testHalves[float32])
	t.Run("double", testHalves[float64])
}

// Planes are transformed as they come, blocks kept as they are shown: in each iy
// by rising kz without a gap, each wanted mode in one block.
func testHalves[T Float](t *testing.T) {
	for _, n := range largeSizes() {
		ends := []func(iy int) int{
			func(int) int { return n/2 + 1 },
			func(iy int) int { return min(iy, n-iy) }, // from none to n/2
			func(iy int) int { return 1 + 2*n*(iy%2) },
		}
		want := noise(newTest[T](t, n, 1), 8)
		points := append([]T(nil), want...)
		newTest[T](t, n, 2).Forward(want)
		for i, end := range ends {
			for _, threads := range []int{1, 3} {
				p := newTest[T](t, n, threads)
				what := fmt.Sprintf("n %d, end %d, %d threads", n, i, threads)
				testHalvesOf(t, p, append([]T(nil), points...), want, end, what)
			}
		}
	}
}

func testHalvesOf[T Float](t *testing.T, p *Plan[T], mesh, want []T, end func(iy int) int, what string) {
	l := p.Layout()
	p.Pool().Workers(l.N, func(worker, i int) { p.ForwardPlane(worker, mesh, l.N-1-i) })
	halfway := append([]T(nil), mesh...)
	var wrong atomic.Bool
	next := make([]int, l.N)
	p.SeeModes(mesh, end, func(worker, iy, kz, width int, block []T) {
		if worker >= p.Pool().Threads() || kz != next[iy] || width < 1 || len(block) != 2*l.N*width {
			wrong.Store(true)
			return
		}
		next[iy] = kz + width
		for ix := range l.N {
			row := block[2*ix*width:][:2*min(width, l.N/2+1-kz)]
			for j, v := range row {
				if math.Float64bits(float64(v)) != math.Float64bits(float64(want[l.Index(ix, iy, 2*kz+j)])) {
					wrong.Store(true)
				}
			}
		}
		for i := range block {
			block[i] = T(math.Inf(1))
		}
	})
	if wrong.Load() {
		t.Errorf("%s: a block is not where it should be, or holds other modes than Forward's", what)
	}
	for iy, kz := range next {
		wanted := min(end(iy), l.N/2+1)
		if kz < wanted || kz > roundUp(wanted, lanes[T]()) {
			t.Errorf("%s: in iy = %d the modes to kz = %d are shown, want %d", what, iy, kz, wanted)
		}
	}
	samePoints(t, l, mesh, halfway, what+": after SeeModes and before")
}

func TestHalvesPanicOnAMeshOfAnotherSize(t *testing.T) {
	p, err := NewReal3(8, par.New(1))
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]func(mesh []float64){
		"ForwardPlane": func(mesh []float64) { p.ForwardPlane(0, mesh, 0) },
		"SeeModes": func(mesh []float64) {
			p.SeeModes(mesh, func(int) int { return 1 }, func(_, _, _, _ int, _ []float64) {})
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s took a mesh of another length", name)
				}
			}()
			f(make([]float64, 8*8*8))
		}()
	}
}
