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
	return g.deposit(dst, pos, 0, mass, nil)
}

// Contrast sets each point of dst to the density contrast ρ/ρ̄ - 1 of particles
// of equal mass. It fails as Deposit does, and if there are no particles.
func (g *Grid) Contrast(dst, pos []float64) error { return g.ContrastPlanes(dst, pos, nil) }

// ContrastPlanes is Contrast that calls done, if it is not nil, as soon as a plane x
// is whole and while it is in cache: from that worker of the pool, once a plane and
// in no fixed order. The plane is done's from then on.
func (g *Grid) ContrastPlanes(dst, pos []float64, done func(worker, x int)) error {
	mass, err := g.meanMass(particles(pos))
	if err != nil {
		return err
	}
	return g.deposit(dst, pos, -1, mass, done)
}

// meanMass is the mass of n particles that is 1 a point in the mean.
func (g *cells) meanMass(n int) (float64, error) {
	if n == 0 {
		return 0, fmt.Errorf("grid: the density contrast of no particles is not defined")
	}
	m := float64(g.layout.N)
	return m * m * m / float64(n), nil
}

// deposit sets each point to base and adds the particles, mass each.
func (g *Grid) deposit(dst, pos []float64, base, mass float64, done func(worker, x int)) error {
	g.checkLen(len(dst))
	if err := g.sort(pos, particles(pos)); err != nil {
		return err
	}
	r := newRounding(particles(pos), mass)
	g.planes(base, func(lower, upper []float64, particles []uint32) {
		g.add(lower, upper, pos, particles, r)
	}, func(worker, x int, plane []float64) {
		g.movePlane(dst[x*g.layout.Plane:], plane, base)
		if done != nil {
			done(worker, x)
		}
	})
	return nil
}

// movePlane copies src to dst and leaves base in src.
func (g *Grid) movePlane(dst, src []float64, base float64) {
	dst = dst[:len(src)]
	if eights := len(src) / 8; g.vectors && eights > 0 {
		moveEights(&dst[0], &src[0], eights, base)
		dst, src = dst[8*eights:], src[8*eights:]
	}
	copy(dst, src)
	setTo(src, base)
}

// add deposits particles of the plane of cells between two planes of points.
func (g *Grid) add(lower, upper, pos []float64, particles []uint32, r rounding) {
	if g.vectors && len(particles) > 0 {
		depositPlaces(&lower[0], &upper[0], &pos[0], &particles[0], len(particles), g.layout.N, g.layout.Row, r.mass, r.big, g.inv)
		return
	}
	for _, i := range particles {
		p := pos[3*int(i):][:3]
		_, fx := g.cell(p[0])
		iy, fy := g.cell(p[1])
		iz, fz := g.cell(p[2])
		g.addParts(lower, upper, iy, iz, fx, fy, fz, r)
	}
}

// taskPlanes is the largest number of planes that one goroutine deposits at a time.
const taskPlanes = 8

// planes sums plane after plane in scratch memory, which holds base before, by tasks
// of several planes. add deposits the particles of the plane of cells between two
// planes; finish takes a plane x that is whole and leaves base in it. What particles
// bring to a plane beside those of a task is not used: the task that has the plane
// adds them too.
func (g *cells) planes(base float64, add func(lower, upper []float64, particles []uint32), finish func(worker, x int, plane []float64)) {
	n := g.layout.N
	each := max(1, min(taskPlanes, n/8))
	ready := make([]bool, len(g.sums))
	g.pool.Workers((n+each-1)/each, func(worker, task int) {
		sums := &g.sums[worker]
		if !ready[worker] {
			for i := range sums {
				sums[i] = resize(sums[i], n*g.layout.Row)
				setTo(sums[i], base)
			}
			ready[worker] = true
		}
		beside := sums[2]
		first, end := task*each, min(n, (task+1)*each)
		lower := beside
		for x := first; x <= end; x++ {
			upper := sums[x%2]
			if x == end {
				upper = beside
			}
			add(lower, upper, g.sorted.particles((x+n-1)%n))
			if x > first {
				finish(worker, x-1, lower)
			}
			lower = upper
		}
	})
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

// addParts deposits a particle of the cell (iy, iz) between two planes. What the
// corners of the cell get is split axis by axis, so that it adds up to the particle's
// mass exactly.
func (g *cells) addParts(lower, upper []float64, iy, iz int, fx, fy, fz float64, r rounding) {
	y0, y1 := g.ys[iy+below], g.ys[iy+below+1]
	z0, z1 := g.zs[iz+below], g.zs[iz+below+1]
	w1 := r.part(float64(r.mass * fx))
	w0 := r.mass - w1
	w01, w11 := r.part(float64(w0*fy)), r.part(float64(w1*fy))
	w00, w10 := w0-w01, w1-w11
	addTo(lower[y0:], z0, z1, w00, r.part(float64(w00*fz)))
	addTo(lower[y1:], z0, z1, w01, r.part(float64(w01*fz)))
	addTo(upper[y0:], z0, z1, w10, r.part(float64(w10*fz)))
	addTo(upper[y1:], z0, z1, w11, r.part(float64(w11*fz)))
}

// addTo adds w to a row, upper of it to the upper point.
func addTo(row []float64, z0, z1 int, w, upper float64) {
	row[z0] += w - upper
	row[z1] += upper
}

// sort sorts the particles, which must be n, by plane of cells.
func (g *Grid) sort(pos []float64, n int) error {
	if err := countable(particles(pos), n); err != nil {
		return err
	}
	return g.outside(pos, g.sorted.sort(g.pool, n, func(lo, hi int, plane []uint16, count []uint32) int {
		for i, p := 0, pos[3*lo:3*hi]; len(p) >= 3; i, p = i+1, p[3:] {
			if !g.inside(p[0], p[1], p[2]) {
				return lo + i
			}
			x, _ := g.cell(p[0])
			plane[i] = uint16(x)
			count[x]++
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
