package halos

import (
	"cmp"
	"context"
	"math"
	"slices"

	"runlua/kernels/par"
)

// columnsPerBlock is how many columns of pencils one block of work links on its
// own. It is part of no result: the groups are those of Eq. (2) in any order of
// the links.
const columnsPerBlock = 8

// pencils sorts particles into m × m pencils along z, m² ≤ 4n + 1 of them and
// each at least as wide as the linking length, so that a particle's partners lie
// in its own pencil and the eight around it. Within a pencil particles are in
// ascending z, so that those within reach are a window of it.
type pencils struct {
	box   float64
	m     int
	start []int32   // m² + 1: where in pos each pencil begins, in particles
	pos   []float64 // x0 y0 z0 x1 …, sorted
	index []int32   // which particle each of pos is
}

// newPencils sorts positions, each in [0, box).
func newPencils(ctx context.Context, pool *par.Pool, positions []float64, box, length float64) (*pencils, error) {
	n := len(positions) / 3
	// The margin keeps a pencil wider than the length by more than the rounding
	// of a coordinate on its way to a pencil's number.
	m := max(1, int(min(box/(length*(1+1e-9)), math.Sqrt(float64(4*n)))))
	p := &pencils{box: box, m: m, start: make([]int32, m*m+1), pos: make([]float64, 3*n), index: make([]int32, n)}
	perLength := float64(m) / box
	pencil := func(i int) int {
		x := min(int(float64(positions[3*i]*perLength)), m-1)
		y := min(int(float64(positions[3*i+1]*perLength)), m-1)
		return x*m + y
	}
	for i := range n {
		p.start[pencil(i)+1]++
	}
	for i := range m * m {
		p.start[i+1] += p.start[i]
	}
	next := slices.Clone(p.start)
	for i := range n {
		c := pencil(i)
		p.index[next[c]] = int32(i)
		next[c]++
	}
	pool.For(m, func(x int) {
		if ctx.Err() != nil {
			return
		}
		for y := range m {
			from, to := p.start[x*m+y], p.start[x*m+y+1]
			list := p.index[from:to]
			slices.SortFunc(list, func(a, b int32) int {
				if c := cmp.Compare(positions[3*a+2], positions[3*b+2]); c != 0 {
					return c
				}
				return cmp.Compare(a, b)
			})
			for j, i := range list {
				copy(p.pos[3*(int(from)+j):][:3], positions[3*i:][:3])
			}
		}
	})
	return p, ctx.Err()
}

// link joins in f all pairs of particles within the length, nearest images.
// Blocks of columns are joined by themselves at the same time, no two of them
// touching the same particles; the pairs between blocks follow one after the
// other.
func (p *pencils) link(ctx context.Context, pool *par.Pool, f forest, length float64) error {
	blocks := (p.m + columnsPerBlock - 1) / columnsPerBlock
	pool.For(blocks, func(block int) {
		last := min((block+1)*columnsPerBlock, p.m)
		for x := block * columnsPerBlock; x < last; x++ {
			if ctx.Err() != nil {
				return
			}
			p.linkColumn(f, x, length)
			if x+1 < last {
				p.linkColumns(f, x, x+1, length)
			}
		}
	})
	for block := range blocks {
		if err := ctx.Err(); err != nil {
			return err
		}
		x := min((block+1)*columnsPerBlock, p.m) - 1
		p.linkColumns(f, x, (x+1)%p.m, length)
	}
	return ctx.Err()
}

// linkColumn joins the pairs of column x: of each pencil with itself and with
// the next in y.
func (p *pencils) linkColumn(f forest, x int, length float64) {
	for y := range p.m {
		p.linkPencils(f, x*p.m+y, x*p.m+y, length)
		p.linkPencils(f, x*p.m+y, x*p.m+(y+1)%p.m, length)
	}
}

// linkColumns joins the pairs of two neighbouring columns.
func (p *pencils) linkColumns(f forest, x, next int, length float64) {
	for y := range p.m {
		for dy := -1; dy <= 1; dy++ {
			p.linkPencils(f, x*p.m+y, next*p.m+(y+dy+p.m)%p.m, length)
		}
	}
}

// linkPencils joins the pairs of pencils a and b, which may be one. The window
// of b that a particle of a can reach only moves up with it, but for one part
// across each end of the box.
func (p *pencils) linkPencils(f forest, a, b int, length float64) {
	fromA, toA := p.start[a], p.start[a+1]
	fromB, toB := p.start[b], p.start[b+1]
	if fromA == toA || fromB == toB {
		return
	}
	reach := float64(length * (1 + 1e-9)) // what lies in the rounding of a sum is decided by the distance
	for _, image := range [3]float64{-p.box, 0, p.box} {
		first := fromB
		for i := fromA; i < toA; i++ {
			z := p.pos[3*i+2] + image
			for first < toB && p.pos[3*first+2] < z-reach {
				first++
			}
			if first == toB {
				break
			}
			for j := first; j < toB && p.pos[3*j+2] <= z+reach; j++ {
				if p.near(i, j, length) {
					f.join(i, j)
				}
			}
		}
	}
}

// near is Eq. (1).
func (p *pencils) near(i, j int32, length float64) bool {
	q, r := p.pos[3*i:][:3], p.pos[3*j:][:3]
	half := p.box / 2
	dx := nearest(q[0]-r[0], p.box, half)
	dy := nearest(q[1]-r[1], p.box, half)
	dz := nearest(q[2]-r[2], p.box, half)
	return float64(dx*dx)+float64(dy*dy)+float64(dz*dz) <= float64(length*length)
}

// nearest is the nearest image of the difference d of two coordinates in
// [0, box).
func nearest(d, box, half float64) float64 {
	if d > half {
		return d - box
	}
	if d < -half {
		return d + box
	}
	return d
}

// A forest holds disjoint sets of particles as trees: each particle's parent,
// its own at a root. A parent's number is never above its child's.
type forest []int32

func newForest(n int) forest {
	f := make(forest, n)
	for i := range f {
		f[i] = int32(i)
	}
	return f
}

// root is the lowest particle of i's set; the way to it is halved.
func (f forest) root(i int32) int32 {
	for f[i] != i {
		f[i] = f[f[i]]
		i = f[i]
	}
	return i
}

func (f forest) join(i, j int32) {
	a, b := f.root(i), f.root(j)
	switch {
	case a < b:
		f[b] = a
	case b < a:
		f[a] = b
	}
}
