package grid

import (
	"fmt"
	"math"
)

// Deposit sets each point of dst to the mass that the particles bring to it by
// Eq. (1), mass each, by the exact sums that the package comment describes. It
// panics if dst is no mesh of the grid's layout or pos no whole number of
// positions. It returns an error that names the first particle out of [0, box),
// NaN among them; dst is then as it was.
func (g *Grid) Deposit(dst, pos []float64, mass float64) error {
	return g.deposit(dst, pos, 0, mass)
}

// Contrast sets each point of dst to the density contrast ρ/ρ̄ - 1 of particles
// of equal mass. It fails as Deposit does, and if there are no particles.
func (g *Grid) Contrast(dst, pos []float64) error {
	n := particles(pos)
	if n == 0 {
		return fmt.Errorf("grid: the density contrast of no particles is not defined")
	}
	m := float64(g.layout.N)
	return g.deposit(dst, pos, -1, m*m*m/float64(n))
}

// deposit sets each point to base and adds the particles, mass each.
func (g *Grid) deposit(dst, pos []float64, base, mass float64) error {
	g.checkMesh(dst)
	if err := g.sort(pos, particles(pos)); err != nil {
		return err
	}
	s := &g.slabs
	r := newRounding(particles(pos), mass)
	// Planes are set to base as late as may be, while they stay in cache: an
	// even slab also sets the first plane of the odd one after it.
	g.pool.For(s.n/2, func(i int) {
		even := 2 * i
		g.set(dst, s.plane[even], s.plane[even+1]+1, base)
		g.add(dst, pos, s.particles(even), r)
	})
	g.pool.For(s.n/2, func(i int) {
		odd := 2*i + 1
		g.set(dst, s.plane[odd]+1, s.plane[odd+1], base)
		g.add(dst, pos, s.particles(odd), r)
	})
	return nil
}

// sort sorts the particles, which must be n, by slab.
func (g *Grid) sort(pos []float64, n int) error {
	if err := countable(particles(pos), n); err != nil {
		return err
	}
	return g.outside(pos, g.slabs.sort(g.pool, n, func(lo, hi int, x []int32) int {
		for i, p := 0, pos[3*lo:3*hi]; len(p) >= 3; i, p = i+1, p[3:] {
			if !g.inside(p[0], p[1], p[2]) {
				return lo + i
			}
			at, _ := g.cell(p[0])
			x[i] = int32(at)
		}
		return hi
	}))
}

// countable panics unless there are n particles, and returns an error if they are
// too many for their indices.
func countable(particles, n int) error {
	if particles != n {
		panic(fmt.Sprintf("grid: indices of %d particles, there are %d", n, particles))
	}
	if n > math.MaxUint32 {
		return fmt.Errorf("grid: at most %d particles can be sorted, got %d", uint32(math.MaxUint32), n)
	}
	return nil
}

// set sets the planes from first up to but not including end.
func (g *Grid) set(dst []float64, first, end int, base float64) {
	setTo(dst[first*g.layout.Plane:end*g.layout.Plane], base)
}

func setTo(x []float64, value float64) {
	for i := range x {
		x[i] = value
	}
}

// A rounding splits masses into multiples of the quantum of Eq. (4).
type rounding struct {
	mass float64 // of a particle, a multiple of the quantum
	big  float64 // 3·2^51 quanta, where neighbouring numbers are a quantum apart
}

func newRounding(particles int, mass float64) rounding {
	_, e := math.Frexp(float64(particles) * mass)
	r := rounding{big: math.Ldexp(3, e)} // 2^(e-51) · 3·2^51
	r.mass = r.part(mass)
	return r
}

// part is the multiple of the quantum next to x, exact as is x less it.
func (r rounding) part(x float64) float64 { return (x + r.big) - r.big }

// add deposits the particles of the given indices. What a cell's corners get is
// split axis by axis, so that it adds up to the particle's mass exactly.
func (g *Grid) add(dst, pos []float64, indices []uint32, r rounding) {
	for _, id := range indices {
		p := pos[3*int(id):][:3]
		ix, fx := g.cell(p[0])
		iy, fy := g.cell(p[1])
		iz, fz := g.cell(p[2])
		x0, x1 := g.xs[ix+below], g.xs[ix+below+1]
		y0, y1 := g.ys[iy+below], g.ys[iy+below+1]
		z0, z1 := g.zs[iz+below], g.zs[iz+below+1]

		w1 := r.part(float64(r.mass * fx))
		w0 := r.mass - w1
		w01, w11 := r.part(float64(w0*fy)), r.part(float64(w1*fy))
		w00, w10 := w0-w01, w1-w11
		addTo(dst[x0+y0:], z0, z1, w00, r.part(float64(w00*fz)))
		addTo(dst[x0+y1:], z0, z1, w01, r.part(float64(w01*fz)))
		addTo(dst[x1+y0:], z0, z1, w10, r.part(float64(w10*fz)))
		addTo(dst[x1+y1:], z0, z1, w11, r.part(float64(w11*fz)))
	}
}

// addTo adds w to a row, upper of it to the upper point.
func addTo(row []float64, z0, z1 int, w, upper float64) {
	row[z0] += w - upper
	row[z1] += upper
}
