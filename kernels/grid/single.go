package grid

import (
	"fmt"

	"runlua/kernels/fft"
	"runlua/kernels/par"
)

// Single joins the layout of a mesh in single precision to a box, for particles
// whose coordinates are fractions of it, Eq. (5). It owns scratch memory, 6 bytes
// a particle and three planes a thread, so it serves one call at a time. No fraction
// is out of the box, so nothing is refused.
type Single struct{ cells }

// NewSingle is New for a mesh in single precision.
func NewSingle(layout fft.Layout, box float64, pool *par.Pool) (*Single, error) {
	c, err := newCells(layout, box, pool)
	if err != nil {
		return nil, err
	}
	if needed := below + above; layout.Row-layout.N >= needed {
		c.beyond = needed
	}
	return &Single{*c}, nil
}

// cellOf returns the mesh point at or below the fraction u and the distance from it
// in cells, both exactly.
func (g *cells) cellOf(u uint32) (i int, f float64) {
	v := uint64(u) * uint64(g.layout.N)
	return int(v >> 32), float64(int64(uint32(v))) * (1.0 / fractions)
}

// Contrast sets each point of dst to the density contrast of particles of equal
// mass: the exact sum that Grid.Contrast has, rounded once. It panics if dst is no
// mesh of the grid's layout or pos no whole number of positions, and fails if there
// are no particles.
func (g *Single) Contrast(dst []float32, pos []uint32) error {
	return g.ContrastPlanes(dst, pos, nil)
}

// ContrastPlanes is Contrast that tells done of planes as Grid's does.
func (g *Single) ContrastPlanes(dst []float32, pos []uint32, done func(worker, x int)) error {
	mass, err := g.meanMass(particles(pos))
	if err != nil {
		return err
	}
	return g.deposit(dst, pos, -1, mass, done)
}

// Deposit sets each point of dst to the mass that the particles bring to it, mass
// each. It fails and panics as Contrast does, but for no particles.
func (g *Single) Deposit(dst []float32, pos []uint32, mass float64) error {
	return g.deposit(dst, pos, 0, mass, nil)
}

// deposit sums plane after plane in double precision and rounds each once.
func (g *Single) deposit(dst []float32, pos []uint32, base, mass float64, done func(worker, x int)) error {
	g.checkLen(len(dst))
	if err := g.sort(pos, particles(pos)); err != nil {
		return err
	}
	r := newRounding(particles(pos), mass)
	g.planes(base, func(lower, upper []float64, particles []uint32) {
		g.add(lower, upper, pos, particles, r)
	}, func(worker, x int, plane []float64) {
		g.roundPlane(dst[x*g.layout.Plane:], plane, base)
		if done != nil {
			done(worker, x)
		}
	})
	return nil
}

// add is Grid's.
func (g *Single) add(lower, upper []float64, pos, particles []uint32, r rounding) {
	if g.vectors && len(particles) > 0 {
		depositFractions(&lower[0], &upper[0], &pos[0], &particles[0], len(particles), g.layout.N, g.layout.Row, r.mass, r.big)
		return
	}
	for _, i := range particles {
		p := pos[3*int(i):][:3]
		_, fx := g.cellOf(p[0])
		iy, fy := g.cellOf(p[1])
		iz, fz := g.cellOf(p[2])
		g.addParts(lower, upper, iy, iz, fx, fy, fz, r)
	}
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

// sort sorts the particles, which must be n, by plane of cells.
func (g *Single) sort(pos []uint32, n int) error {
	if err := countable(particles(pos), n); err != nil {
		return err
	}
	side := uint64(g.layout.N)
	g.sorted.sort(g.pool, n, func(lo, hi int, plane []uint16, count []uint32) int {
		for i, p := 0, pos[3*lo:3*hi]; len(p) >= 3; i, p = i+1, p[3:] {
			x := uint64(p[0]) * side >> 32
			plane[i] = uint16(x)
			count[x]++
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
	g.sorted.byCell(g.pool, order, func(i uint32) (y, z int) {
		p := pos[3*int(i):][:3]
		return int(uint64(p[1]) * side >> 32), int(uint64(p[2]) * side >> 32)
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

// Extend prepares a field for GatherGradientOf. Behind the last point of a row it puts
// the first ones again, if the padding has room for them, so that the points that a
// particle next to the end of the box needs are neighbours in memory like all others.
// It panics if field is no mesh of the grid's layout.
func (g *Single) Extend(field []float32) {
	g.checkLen(len(field))
	l := g.layout
	g.pool.For(l.N, func(x int) {
		for y := range l.N {
			row := field[l.Index(x, y, 0):][:l.N+g.beyond]
			copy(row[l.N:], row)
		}
	})
}

// GatherGradientOf sets out[3i], out[3i+1] and out[3i+2] to the gradient of field,
// which must be extended, at particle i: in double precision, on the caller's
// goroutine alone. It panics if field is no mesh of the grid's layout or out not as
// long as pos.
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
