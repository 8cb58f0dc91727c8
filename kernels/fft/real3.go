package fft

import (
	"fmt"

	"runlua/kernels/par"
)

// Sizes of the blocks. A block of columns of the y and x axes and two buffers
// of its size should stay in a second-level cache, a batch of rows of the z
// axis in a first-level one. Batches of 20 keep the rows of a block from
// falling on the same cache sets, as those of 16 do.
const (
	blockBytes = 96 << 10
	batchRows  = 20
)

// blockColumns is about the number of columns of a block.
func blockColumns[T Float](n int) int {
	return max(blockBytes/(32*n), 4) * lanes[T]()
}

// Plan is the transform of an n³ periodic mesh of reals, Eq. (1). It owns
// scratch memory, so one Plan serves one call at a time.
type Plan[T Float] struct {
	layout Layout
	pool   *par.Pool
	k      *kernels[T]
	rows   *realRows[T]
	cols   *columns[T]
	work   []scratch[T] // one a worker of the pool

	batches []cut // y rows that go through the z axis together
	blocks  []cut // kz columns that go through the y and x axes together
}

// Real3 is the transform in double precision, Single3 that in single.
type (
	Real3   = Plan[float64]
	Single3 = Plan[float32]
)

// scratch is what a worker needs to transform one block.
type scratch[T Float] struct {
	col []cplx[T] // a batch of z rows or a block of columns
	buf buffers[T]
}

// NewPlan plans the transform of a mesh of n³ points, run by the pool's threads. It
// returns an error unless GoodSize(n).
func NewPlan[T Float](n int, pool *par.Pool) (*Plan[T], error) {
	return newPlan(n, pool, bestKernels[T]())
}

// NewReal3 is NewPlan in double precision.
func NewReal3(n int, pool *par.Pool) (*Real3, error) { return NewPlan[float64](n, pool) }

// NewSingle3 is NewPlan in single precision.
func NewSingle3(n int, pool *par.Pool) (*Single3, error) { return NewPlan[float32](n, pool) }

func newPlan[T Float](n int, pool *par.Pool, k *kernels[T]) (*Plan[T], error) {
	if err := checkSize(n); err != nil {
		return nil, err
	}
	cube := float64(n) * float64(n) * float64(n)
	p := &Plan[T]{
		layout: newLayout[T](n),
		pool:   pool,
		k:      k,
		rows:   newRealRows(n, 1/cube, k),
		cols:   newColumns(n, k),
		work:   make([]scratch[T], pool.Threads()),

		batches: cuts(n, batchRows, batchUnit),
		blocks:  cuts(roundUp(n/2+1, lanes[T]()), blockColumns[T](n), lanes[T]()),
	}
	size := roundUp(n/2+1, lanes[T]()) * widest(p.batches, batchUnit)
	size = max(size, n*widest(p.blocks, lanes[T]()))
	for i := range p.work {
		p.work[i] = scratch[T]{make([]cplx[T], size), newBuffers[T](size)}
	}
	return p, nil
}

// Layout is where the points and modes of a mesh lie.
func (p *Plan[T]) Layout() Layout { return p.layout }

// width is the number of modes of a row, in whole vectors.
func (p *Plan[T]) width() int { return roundUp(p.layout.N/2+1, lanes[T]()) }

// NewMesh allocates a mesh of zeros.
func (p *Plan[T]) NewMesh() []T { return make([]T, p.layout.Len()) }

// Forward replaces the real field in mesh by its modes, Eq. (1). It panics if
// the length of mesh is not Layout().Len().
func (p *Plan[T]) Forward(mesh []T) {
	p.planesForward(mesh)
	p.FinishForward(mesh)
}

// Inverse replaces the modes in mesh by the real field, with the factor 1/n³.
// Modes that a real field can't have are read as if they were: imaginary parts
// of its eight self-conjugate modes are ignored, and in the planes kz = 0 and
// n/2 only the part that is conjugate-symmetric counts. It panics if the
// length of mesh is not Layout().Len().
func (p *Plan[T]) Inverse(mesh []T) {
	p.check(mesh)
	m := complexes(mesh)
	p.eachXBlock(m, func(_, _ int, block rows[T], width int, s *scratch[T]) {
		p.cols.transform(block, block, width, true, &s.buf)
	})
	p.planesInverse(m)
}

// Apply calls f for each row of modes: row holds the n/2+1 modes of
// (ix, iy), kz = 0 … n/2, real and imaginary parts in turn, and f may change
// them. Calls run in parallel and in no fixed order.
func (p *Plan[T]) Apply(mesh []T, f func(ix, iy int, row []T)) {
	l := p.layout
	p.check(mesh)
	p.pool.For(l.N, func(ix int) {
		for iy := range l.N {
			o := l.Index(ix, iy, 0)
			f(ix, iy, mesh[o:o+l.N+2:o+l.N+2])
		}
	})
}

// Convolve is Forward, a change of the modes by f, and Inverse, with two
// passes over memory fewer and the same bits. f sees pieces of rows: part
// holds the modes kz, kz+1, … kz+len(part)/2-1 of (ix, iy), real and imaginary
// parts in turn, and f may change them. Each mode is in one piece; how rows
// are cut depends on n only. Calls run in parallel and in no fixed order.
func (p *Plan[T]) Convolve(mesh []T, f func(ix, iy, kz int, part []T)) {
	p.planesForward(mesh)
	p.FinishConvolve(mesh, f)
}

// finish is the second half of Forward, change and Inverse. change sees all ix of
// the width columns of iy that begin at kz; the last of a row may be beyond n/2.
func (p *Plan[T]) finish(m []cplx[T], change func(iy, kz, width int, block []cplx[T])) {
	p.eachXBlock(m, func(iy, kz int, block rows[T], width int, s *scratch[T]) {
		modes := rows[T]{s.col, width}
		p.cols.transform(modes, block, width, false, &s.buf)
		change(iy, kz, width, s.col[:p.layout.N*width])
		p.cols.transform(block, modes, width, true, &s.buf)
	})
	p.planesInverse(m)
}

// planesForward transforms the z and y axes of each x plane.
func (p *Plan[T]) planesForward(mesh []T) {
	p.check(mesh)
	p.eachPlane(complexes(mesh), p.planeForward)
}

// planeForward is planesForward for one plane.
func (p *Plan[T]) planeForward(plane rows[T], s *scratch[T]) {
	p.eachBatch(plane, func(batch rows[T], count int) {
		p.rows.forward(batch, count, s.col, &s.buf)
	})
	p.eachYBlock(plane, func(block rows[T], width int) {
		p.cols.transform(block, block, width, false, &s.buf)
	})
}

// planesInverse undoes planesForward and divides by n³.
func (p *Plan[T]) planesInverse(m []cplx[T]) { p.eachPlane(m, p.planeInverse) }

// planeInverse is planesInverse for one plane.
func (p *Plan[T]) planeInverse(plane rows[T], s *scratch[T]) {
	p.eachYBlock(plane, func(block rows[T], width int) {
		p.cols.transform(block, block, width, true, &s.buf)
	})
	p.eachBatch(plane, func(batch rows[T], count int) {
		p.rows.inverse(batch, count, s.col, &s.buf)
	})
}

// eachPlane calls f in parallel for the x planes.
func (p *Plan[T]) eachPlane(m []cplx[T], f func(plane rows[T], s *scratch[T])) {
	p.pool.Workers(p.layout.N, func(worker, ix int) { f(p.plane(m, ix), &p.work[worker]) })
}

// plane is an x plane, whose rows are its y.
func (p *Plan[T]) plane(m []cplx[T], ix int) rows[T] {
	l := p.layout
	o := ix * l.Plane / 2
	return rows[T]{m[o : o+l.N*l.Row/2], l.Row / 2}
}

// eachBatch cuts the y rows of a plane into batches for the z axis.
func (p *Plan[T]) eachBatch(plane rows[T], f func(batch rows[T], count int)) {
	for _, c := range p.batches {
		f(rows[T]{plane.at[c.lo*plane.stride : c.hi*plane.stride], plane.stride}, c.hi-c.lo)
	}
}

// eachYBlock cuts the kz columns of a plane into blocks for the y axis.
func (p *Plan[T]) eachYBlock(plane rows[T], f func(block rows[T], width int)) {
	for _, c := range p.blocks {
		f(rows[T]{plane.at[c.lo:], plane.stride}, c.hi-c.lo)
	}
}

// eachXBlock calls f in parallel for blocks of kz columns of one iy; kz is a
// block's first.
func (p *Plan[T]) eachXBlock(m []cplx[T], f func(iy, kz int, block rows[T], width int, s *scratch[T])) {
	parts := len(p.blocks)
	p.pool.Workers(p.layout.N*parts, func(worker, b int) {
		iy, c := b/parts, p.blocks[b%parts]
		f(iy, c.lo, p.xBlock(m, iy, c.lo), c.hi-c.lo, &p.work[worker])
	})
}

// xBlock is the columns of iy from kz on, whose rows are the x planes.
func (p *Plan[T]) xBlock(m []cplx[T], iy, kz int) rows[T] {
	return rows[T]{m[iy*p.layout.Row/2+kz:], p.layout.Plane / 2}
}

// A cut is the piece [lo, hi) of a range.
type cut struct{ lo, hi int }

// cuts divides [0, n) into nearly equal pieces of about the given size, each
// but the last a multiple of unit and none larger than size rounded up to
// unit.
func cuts(n, size, unit int) []cut {
	units := (n + unit - 1) / unit
	parts := (units*unit + size - 1) / size
	var cs []cut
	for i := range parts {
		cs = append(cs, cut{i * units / parts * unit, min((i+1)*units/parts*unit, n)})
	}
	return cs
}

// widest is the size of the largest piece, rounded up to unit.
func widest(cs []cut, unit int) int {
	w := 0
	for _, c := range cs {
		w = max(w, roundUp(c.hi-c.lo, unit))
	}
	return w
}

func (p *Plan[T]) check(mesh []T) {
	if len(mesh) != p.layout.Len() {
		panic(fmt.Sprintf("fft: a mesh of %d³ points has %d elements, got %d", p.layout.N, p.layout.Len(), len(mesh)))
	}
}
