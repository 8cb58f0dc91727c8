package grid

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
)

// lattice is a side³ lattice displaced by half a cell of its own, in the order
// of the lattice: what a simulation holds early on.
func lattice(side int, box float64) []float64 {
	rnd := rand.New(rand.NewPCG(1, 1))
	step := box / float64(side)
	pos := make([]float64, 0, 3*side*side*side)
	for i := range side * side * side {
		for _, c := range []int{i / (side * side), i / side % side, i % side} {
			pos = append(pos, Wrap((float64(c)+rnd.NormFloat64()*0.5)*step, box))
		}
	}
	return pos
}

// bench reports particles/s for N³ particles on a mesh of (2N)³.
func bench(b *testing.B, f func(g *Grid, mesh, pos, out []float64)) {
	benchSides(b, func(b *testing.B, side, threads int, pos []float64) func() {
		g := newGrid(b, 2*side, 256, threads)
		mesh, out := make([]float64, layout(2*side).Len()), make([]float64, len(pos))
		return func() { f(g, mesh, pos, out) }
	})
}

// benchSingle is bench in single precision.
func benchSingle(b *testing.B, f func(g *Single, mesh []float32, pos []uint32, out []float64)) {
	benchSides(b, func(b *testing.B, side, threads int, pos []float64) func() {
		g := newSingle(b, 2*side, 256, threads)
		mesh, out := make([]float32, layout(2*side).Len()), make([]float64, len(pos))
		u := make([]uint32, len(pos))
		for i, x := range pos {
			u[i] = Fraction(x, 256)
		}
		return func() { f(g, mesh, u, out) }
	})
}

func benchSides(b *testing.B, prepare func(b *testing.B, side, threads int, pos []float64) func()) {
	for _, side := range []int{64, 128} {
		for threads := 1; threads <= runtime.GOMAXPROCS(0) && threads <= 2; threads++ {
			b.Run(fmt.Sprintf("particles=%d/threads=%d", side, threads), func(b *testing.B) {
				pos := lattice(side, 256)
				f := prepare(b, side, threads, pos)
				for b.Loop() {
					f()
				}
				n := float64(b.N) * float64(len(pos)/3)
				b.ReportMetric(n/b.Elapsed().Seconds(), "particles/s")
				b.ReportMetric(b.Elapsed().Seconds()*1e9/n, "ns/particle")
			})
		}
	}
}

func BenchmarkContrast(b *testing.B) {
	bench(b, func(g *Grid, mesh, pos, _ []float64) {
		if err := g.Contrast(mesh, pos); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkSingleContrast(b *testing.B) {
	benchSingle(b, func(g *Single, mesh []float32, pos []uint32, _ []float64) {
		if err := g.Contrast(mesh, pos); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkSingleGatherGradient is on one goroutine whatever the threads.
func BenchmarkSingleGatherGradient(b *testing.B) {
	benchSingle(b, func(g *Single, mesh []float32, pos []uint32, out []float64) {
		g.Extend(mesh)
		g.GatherGradientOf(mesh, pos, out)
	})
}

func BenchmarkGather(b *testing.B) {
	bench(b, func(g *Grid, mesh, pos, out []float64) {
		if err := g.Gather(mesh, pos, out[:len(pos)/3]); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkGatherGradient(b *testing.B) {
	bench(b, func(g *Grid, mesh, pos, out []float64) {
		if err := g.GatherGradient(mesh, pos, out); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkGradient(b *testing.B) {
	out := make([]float64, layout(256).Len())
	bench(b, func(g *Grid, mesh, pos, _ []float64) {
		for axis := range 3 {
			g.Gradient(out[:len(mesh)], mesh, axis)
		}
	})
}
