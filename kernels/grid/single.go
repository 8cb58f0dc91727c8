package grid

import (
	"fmt"

	"runlua/kernels/fft"
	"runlua/kernels/par"
)

// Single joins the layout of a mesh in single precision to a box, for particles
// whose coordinates are fractions of it, Eq. (5). It owns scratch memory, 4 bytes
// a particle and two planes a thread, so it serves one call at a time. No fraction
// is out of the box, so nothing is refused.
type Single struct {
	cells
	planes [][2][]float64 // of a worker
}

// NewSingle is New for a mesh in single precision.
func NewSingle(layout fft.Layout, box float64, pool *par.Pool) (*Single, error) {
	c, err := newCells(layout, box, pool)
	if err != nil {
		return nil, err
	}
	c.slabs = cutSlabs(layout.N, layout.N)
	return &Single{*c, make([][2][]float64, pool.Threads())}, nil
}

// cellOf returns the mesh point at or below the fraction u and the distance from it
// in cells, both exactly.
func (g *cells) cellOf(u uint32) (i int, f float64) {
	v := uint64(u) * uint64(g.layout.N)
	return int(v >> 32), float64(int64(uint32(v))) * (1.0 / fractions)
}

// taskPlanes is the largest number of planes that one goroutine deposits at a time.
const taskPlanes = 8

// Contrast sets each point of dst to the density contrast of particles of equal
// mass: the exact sum that Grid.Contrast has, rounded once. It panics if dst is no
// mesh of the grid's layout or pos no whole number of positions, and fails if there
// are no particles.
func (g *Single) Contrast(dst []float32, pos []uint32) error {
	n := particles(pos)
	if n == 0 {
		return fmt.Errorf("grid: the density contrast of no particles is not defined")
	}
	m := float64(g.layout.N)
	return g.deposit(dst, pos, -1, m*m*m/float64(n))
}

// Deposit sets each point of dst to the mass that the particles bring to it, mass
// each. It fails and panics as Contrast does, but for no particles.
func (g *Single) Deposit(dst []float32, pos []uint32, mass float64) error {
	return g.deposit(dst, pos, 0, mass)
}

// deposit sums plane after plane in double precision. A cell has a share of two
// planes; where they are not of one task, both tasks compute it and keep their own.
func (g *Single) deposit(dst []float32, pos []uint32, base, mass float64) error {
	g.checkLen(len(dst))
	if err := g.sort(pos, particles(pos)); err != nil {
		return err
	}
	n := g.layout.N
	r := newRounding(particles(pos), mass)
	each := max(1, min(taskPlanes, n/8))
	g.pool.Workers((n+each-1)/each, func(worker, task int) {
		here, next := g.scratch(worker)
		first, end := task*each, min(n, (task+1)*each)
		setTo(here, base)
		setTo(next, base)
		g.add(nil, here, pos, g.slabs.particles((first+n-1)%n), r)
		for x := first; x < end; x++ {
			if x+1 < end {
				g.add(here, next, pos, g.slabs.particles(x), r)
			} else {
				g.add(here, nil, pos, g.slabs.particles(x), r)
			}
			g.roundPlane(dst[x*g.layout.Plane:], here, base)
			here, next = next, here
		}
	})
	return nil
}

// roundPlane rounds src to dst and leaves base in src.
func (g *Single) roundPlane(dst []float32, src []float64, base float64) {
	dst = dst[:len(src)]
	if eights := len(src) / 8; g.vectors && eights > 0 {
		roundEights(&dst[0], &src[0], eights, base)
		dst, src = dst[8*eights:], src[8*eights:]
	}
	for i, v := range src {
		dst[i] = float32(v)
		src[i] = base
	}
}

// scratch are a worker's two planes.
func (g *Single) scratch(worker int) (a, b []float64) {
	p := &g.planes[worker]
	for i := range p {
		p[i] = resize(p[i], g.layout.N*g.layout.Row)
	}
	return p[0], p[1]
}

// add deposits the particles of the given indices, all of one plane of cells, in
// its two planes of points, or in the one that is not nil.
func (g *Single) add(lower, upper []float64, pos []uint32, indices []uint32, r rounding) {
	for _, id := range indices {
		p := pos[3*int(id):][:3]
		_, fx := g.cellOf(p[0])
		iy, fy := g.cellOf(p[1])
		iz, fz := g.cellOf(p[2])
		y0, y1 := g.ys[iy+below], g.ys[iy+below+1]
		z0, z1 := g.zs[iz+below], g.zs[iz+below+1]
		w1 := r.part(float64(r.mass * fx))
		if lower != nil {
			w0 := r.mass - w1
			w01 := r.part(float64(w0 * fy))
			w00 := w0 - w01
			addTo(lower[y0:], z0, z1, w00, r.part(float64(w00*fz)))
			addTo(lower[y1:], z0, z1, w01, r.part(float64(w01*fz)))
		}
		if upper != nil {
			w11 := r.part(float64(w1 * fy))
			w10 := w1 - w11
			addTo(upper[y0:], z0, z1, w10, r.part(float64(w10*fz)))
			addTo(upper[y1:], z0, z1, w11, r.part(float64(w11*fz)))
		}
	}
}

// sort sorts the particles, which must be n, by plane of cells.
func (g *Single) sort(pos []uint32, n int) error {
	if err := countable(particles(pos), n); err != nil {
		return err
	}
	side := uint64(g.layout.N)
	g.slabs.sort(g.pool, n, func(lo, hi int, x []int32) int {
		for i, p := 0, pos[3*lo:3*hi]; len(p) >= 3; i, p = i+1, p[3:] {
			x[i] = int32(uint64(p[0]) * side >> 32)
		}
		return hi
	})
	return nil
}

// ByCell is Grid's.
func (g *Single) ByCell(order []uint32, pos []uint32) error {
	if err := g.sort(pos, len(order)); err != nil {
		return err
	}
	side := uint64(g.layout.N)
	g.slabs.byCell(g.pool, order, g.layout.N, func(i uint32) (x, y, z int) {
		p := pos[3*int(i):][:3]
		return int(uint64(p[0]) * side >> 32), int(uint64(p[1]) * side >> 32), int(uint64(p[2]) * side >> 32)
	})
	return nil
}

// Gather sets out[i] to the field in mesh at particle i, by Eq. (1) in double
// precision. It panics if mesh is no mesh of the grid's layout or out not of one
// element a particle.
func (g *Single) Gather(mesh []float32, pos []uint32, out []float64) {
	g.checkLen(len(mesh))
	if len(out) != particles(pos) {
		panic(fmt.Sprintf("grid: Gather of %d particles into %d elements", particles(pos), len(out)))
	}
	eachBlock(g.pool, len(out), func(lo, hi int) int {
		for i := lo; i < hi; i++ {
			out[i] = g.valueOf(mesh, pos[3*i:])
		}
		return hi
	})
}

func (g *Single) valueOf(mesh []float32, p []uint32) float64 {
	ix, fx := g.cellOf(p[0])
	iy, fy := g.cellOf(p[1])
	iz, fz := g.cellOf(p[2])
	return valueAt(&g.cells, mesh, [3]int{ix, iy, iz}, [3]float64{fx, fy, fz})
}

// GatherGradientOf sets out[3i], out[3i+1] and out[3i+2] to the gradient of field at
// particle i, in double precision, on the caller's goroutine alone. It panics if
// field is no mesh of the grid's layout or out not as long as pos.
func (g *Single) GatherGradientOf(field []float32, pos []uint32, out []float64) {
	g.checkLen(len(field))
	if len(out) != len(pos) {
		panic(fmt.Sprintf("grid: GatherGradientOf of %d coordinates into %d elements", len(pos), len(out)))
	}
	for i := range particles(pos) {
		p := pos[3*i:][:3]
		ix, fx := g.cellOf(p[0])
		iy, fy := g.cellOf(p[1])
		iz, fz := g.cellOf(p[2])
		slopeAt(&g.cells, field, ix, iy, iz, fx, fy, fz, (*[3]float64)(out[3*i:]))
	}
}
