package grid

import (
	"fmt"
	"math"
	"sync/atomic"

	"runlua/kernels/fft"
	"runlua/kernels/par"
)

// Grid joins the layout of a mesh in double precision to a box. It owns scratch
// memory, 6 bytes a particle and three planes a thread, so one Grid serves one call at
// a time.
type Grid struct{ cells }

// cells is what grids of both precisions have.
type cells struct {
	layout fft.Layout
	box    float64
	inv    float64 // cells per unit of length, M/L
	pool   *par.Pool

	// Elements from the origin to point i = -2 … M+2 of each axis, at i+2.
	xs, ys, zs []int

	// Points that Extend puts behind the last of a row: all that Eq. (3) needs there
	// of either end of the box, or none.
	beyond int

	sorted  sorting
	sums    [][3][]float64 // planes of a worker
	vectors bool           // by assembly
}

// Neighbours of its own cell that Eq. (3) needs on the left and on the right.
const below, above = 2, 3

// New returns the grid of a mesh with the given layout in a periodic box of
// side box. It returns an error if box is not positive and finite, or if the
// mesh has fewer than 4 points a side or more than 65536.
func New(layout fft.Layout, box float64, pool *par.Pool) (*Grid, error) {
	c, err := newCells(layout, box, pool)
	if err != nil {
		return nil, err
	}
	return &Grid{*c}, nil
}

func newCells(layout fft.Layout, box float64, pool *par.Pool) (*cells, error) {
	if !(box > 0) || math.IsInf(box, 0) {
		return nil, fmt.Errorf("grid: box must be positive and finite, got %v", box)
	}
	if layout.N < 4 || layout.N > maxPlanes {
		return nil, fmt.Errorf("grid: mesh must have from 4 to %d points a side, got %d", maxPlanes, layout.N)
	}
	return &cells{
		layout: layout,
		box:    box,
		inv:    float64(layout.N) / box,
		pool:   pool,
		xs:     offsets(layout.N, layout.Plane),
		ys:     offsets(layout.N, layout.Row),
		zs:     offsets(layout.N, 1),

		sorted:  newSorting(layout.N),
		sums:    make([][3][]float64, pool.Threads()),
		vectors: vectorised,
	}, nil
}

// Layout is the layout of the meshes that the grid works on.
func (g *cells) Layout() fft.Layout { return g.layout }

// Box is the side of the box.
func (g *cells) Box() float64 { return g.box }

func offsets(n, stride int) []int {
	t := make([]int, below+n+above)
	for i := range t {
		t[i] = (i - below + n) % n * stride
	}
	return t
}

// cell returns the mesh point at or below x and the distance from it in cells,
// 0 ≤ f < 1, for x in [0, box).
func (g *cells) cell(x float64) (i int, f float64) {
	u := float64(x * g.inv) // rounded, lest f be fused
	i = int(u)
	f = u - float64(i)
	if i == g.layout.N { // x is less than box, but x·M/L was rounded up to M
		i = 0
	}
	return i, f
}

// inside reports whether a position is in the box; NaN is not.
func (g *cells) inside(x, y, z float64) bool {
	return x >= 0 && x < g.box && y >= 0 && y < g.box && z >= 0 && z < g.box
}

// outsider notes the first particle out of the box, whichever thread meets
// which first.
type outsider struct{ next atomic.Int64 } // its index + 1, or 0

func (o *outsider) note(particle int) {
	for {
		old := o.next.Load()
		if old != 0 && old <= int64(particle)+1 || o.next.CompareAndSwap(old, int64(particle)+1) {
			return
		}
	}
}

// first is the particle noted, or -1.
func (o *outsider) first() int { return int(o.next.Load() - 1) }

// outside is the error of the first particle out of the box, nil if that is -1.
func (g *cells) outside(pos []float64, i int) error {
	if i < 0 {
		return nil
	}
	return fmt.Errorf("grid: positions must be in [0, %v), got (%v, %v, %v) for particle %d",
		g.box, pos[3*i], pos[3*i+1], pos[3*i+2], i)
}

func (g *Grid) checkMesh(mesh []float64) { g.checkLen(len(mesh)) }

func (g *cells) checkLen(mesh int) {
	if mesh != g.layout.Len() {
		panic(fmt.Sprintf("grid: a mesh of %d³ points has %d elements, got %d", g.layout.N, g.layout.Len(), mesh))
	}
}

// particles is the number of particles in positions of three coordinates each.
func particles[P float64 | uint32](pos []P) int {
	if len(pos)%3 != 0 {
		panic(fmt.Sprintf("grid: positions have three coordinates each, got %d numbers", len(pos)))
	}
	return len(pos) / 3
}
