package grid

import (
	"fmt"
	"math"
)

// Deposit sets each point of dst to the mass that the particles bring to it by
// Eq. (1), mass each. It panics if dst is no mesh of the grid's layout or pos
// no whole number of positions. It returns an error that names the first
// particle out of [0, box), NaN among them; dst is then as it was.
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
	if particles(pos) > math.MaxUint32 {
		return fmt.Errorf("grid: at most %d particles can be deposited, got %d", uint32(math.MaxUint32), particles(pos))
	}
	s := &g.slabs
	if err := s.sort(g, pos); err != nil {
		return err
	}
	// Planes are set to base as late as may be, while they stay in cache: an
	// even slab also sets the first plane of the odd one after it.
	g.pool.For(s.n/2, func(i int) {
		even := 2 * i
		g.set(dst, s.plane[even], s.plane[even+1]+1, base)
		g.add(dst, pos, s.particles(even), mass)
	})
	g.pool.For(s.n/2, func(i int) {
		odd := 2*i + 1
		g.set(dst, s.plane[odd]+1, s.plane[odd+1], base)
		g.add(dst, pos, s.particles(odd), mass)
	})
	return nil
}

// set sets the planes from first up to but not including end.
func (g *Grid) set(dst []float64, first, end int, base float64) {
	planes := dst[first*g.layout.Plane : end*g.layout.Plane]
	for i := range planes {
		planes[i] = base
	}
}

// add deposits the particles of the given indices one after the other.
func (g *Grid) add(dst, pos []float64, indices []uint32, mass float64) {
	for _, id := range indices {
		p := pos[3*int(id):][:3]
		ix, fx := g.cell(p[0])
		iy, fy := g.cell(p[1])
		iz, fz := g.cell(p[2])
		gx, gy, gz := float64(mass*(1-fx)), 1-fy, 1-fz
		fx = float64(mass * fx)
		x0, x1 := g.xs[ix+below], g.xs[ix+below+1]
		y0, y1 := g.ys[iy+below], g.ys[iy+below+1]
		z0, z1 := g.zs[iz+below], g.zs[iz+below+1]

		addTo(dst[x0+y0:], z0, z1, float64(gx*gy), gz, fz)
		addTo(dst[x0+y1:], z0, z1, float64(gx*fy), gz, fz)
		addTo(dst[x1+y0:], z0, z1, float64(fx*gy), gz, fz)
		addTo(dst[x1+y1:], z0, z1, float64(fx*fy), gz, fz)
	}
}

func addTo(row []float64, z0, z1 int, w, gz, fz float64) {
	row[z0] += float64(w * gz)
	row[z1] += float64(w * fz)
}
