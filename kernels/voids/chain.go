package voids

import (
	"math"

	"runlua/kernels/par"
)

// A chain lists particles by the cells of a coarse periodic mesh, z fastest,
// so that those near a point lie in a few contiguous runs.
type chain struct {
	box       float64
	m         int
	perLength float64 // cells per Mpc/h
	start     []int   // m³ + 1: where in pos each cell begins, in particles
	pos       []float64
}

// chainOccupancy is the mean number of particles a cell aimed at: few enough
// that a sphere's corners cost little, enough that runs are worth following.
const chainOccupancy = 4

// chainParts is into how many parts, one a thread, newChain divides the
// particles at most: each counts in every cell.
const chainParts = 4

// newChain sorts the positions, each in [0, box), by cell; within a cell they
// keep their order, so that the number of parts does not show.
func newChain(pool *par.Pool, positions []float64, box float64) *chain {
	n := len(positions) / 3
	m := 1
	for m < 256 && (m+1)*(m+1)*(m+1)*chainOccupancy <= n {
		m++
	}
	c := &chain{box: box, m: m, perLength: float64(m) / box,
		start: make([]int, m*m*m+1), pos: make([]float64, 3*n)}
	parts := min(pool.Threads(), chainParts)
	cells := make([]int32, n)
	next := make([][]int, parts) // of each part how many are in each cell, then where its next one goes
	pool.For(parts, func(b int) {
		count := make([]int, m*m*m)
		for i := b * n / parts; i < (b+1)*n/parts; i++ {
			x, y, z := c.cell(positions[3*i]), c.cell(positions[3*i+1]), c.cell(positions[3*i+2])
			cells[i] = int32((x*m+y)*m + z)
			count[cells[i]]++
		}
		next[b] = count
	})
	sum := 0
	for k := range m * m * m {
		c.start[k] = sum
		for _, to := range next {
			to[k], sum = sum, sum+to[k]
		}
	}
	c.start[m*m*m] = n
	pool.For(parts, func(b int) {
		to := next[b]
		for i := b * n / parts; i < (b+1)*n/parts; i++ {
			copy(c.pos[3*to[cells[i]]:][:3], positions[3*i:][:3])
			to[cells[i]]++
		}
	})
	return c
}

// cell is the cell of a coordinate in [0, box).
func (c *chain) cell(x float64) int { return min(int(x*c.perLength), c.m-1) }

// span is the first cell and the number of cells, at most m, that hold every
// coordinate within r of x.
func (c *chain) span(x, r float64) (first, count int) {
	r = float64(r * (1 + 1e-9)) // a coordinate across the edge is rounded on its way here
	first = int(math.Floor((x - r) * c.perLength))
	count = int(math.Floor((x+r)*c.perLength)) - first + 1
	if count >= c.m {
		return 0, c.m
	}
	return wrap(first, c.m), count
}

// within appends to dst the squared distances, up to r², of the particles
// around (x, y, z), nearest images, unsorted. r must be at most half the box.
func (c *chain) within(dst []float64, x, y, z, r float64) []float64 {
	x0, nx := c.span(x, r)
	y0, ny := c.span(y, r)
	z0, nz := c.span(z, r)
	limit := r * r
	half := c.box / 2
	for i := range nx {
		for j := range ny {
			row := (wrap(x0+i, c.m)*c.m + wrap(y0+j, c.m)) * c.m
			for k := 0; k < nz; {
				first := wrap(z0+k, c.m)
				run := min(nz-k, c.m-first)
				k += run
				for p := c.start[row+first]; p < c.start[row+first+run]; p++ {
					q := c.pos[3*p:][:3]
					dx := image(q[0]-x, c.box, half)
					dy := image(q[1]-y, c.box, half)
					dz := image(q[2]-z, c.box, half)
					d := float64(dx*dx) + float64(dy*dy) + float64(dz*dz)
					if d <= limit {
						dst = append(dst, d)
					}
				}
			}
		}
	}
	return dst
}

// image is the nearest image of the difference d of two coordinates in
// [0, box).
func image(d, box, half float64) float64 {
	if d > half {
		return d - box
	}
	if d < -half {
		return d + box
	}
	return d
}
