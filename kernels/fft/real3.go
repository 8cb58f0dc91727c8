package fft

import (
	"fmt"
	"unsafe"

	"runlua/kernels/par"
)

// Columns of a block. A block of n rows and two buffers of its size should
// stay in a second-level cache.
const (
	blockColumns = 32 // of the y and x axes
	batchRows    = 16 // of the z axis
)

// Real3 is the transform of an n³ periodic mesh of reals, Eq. (1). It owns
// scratch memory, so one Real3 serves one call at a time.
type Real3 struct {
	layout Layout
	pool   *par.Pool
	rows   *realRows
	cols   *columns
	work   []scratch // one a worker of the pool
}

// scratch is what a worker needs to transform one block.
type scratch struct {
	col []complex128 // a batch of z rows or a block of columns
	buf buffers
}

// NewReal3 plans the transform of a mesh of n³ points, run by the pool's
// threads. It returns an error unless GoodSize(n).
func NewReal3(n int, pool *par.Pool) (*Real3, error) {
	if err := checkSize(n); err != nil {
		return nil, err
	}
	p := &Real3{
		layout: newLayout(n),
		pool:   pool,
		rows:   newRealRows(n),
		cols:   newColumns(n),
		work:   make([]scratch, pool.Threads()),
	}
	size := max(n*(blockColumns+1), (n/2+1)*(batchRows+1))
	for i := range p.work {
		p.work[i] = scratch{make([]complex128, size), newBuffers(size)}
	}
	return p, nil
}

// Layout is where the points and modes of a mesh lie.
func (p *Real3) Layout() Layout { return p.layout }

// NewMesh allocates a mesh of zeros.
func (p *Real3) NewMesh() []float64 { return make([]float64, p.layout.Len()) }

// Forward replaces the real field in mesh by its modes, Eq. (1). It panics if
// the length of mesh is not Layout().Len().
func (p *Real3) Forward(mesh []float64) {
	m := p.complexes(mesh)
	p.planesForward(m)
	p.eachXBlock(m, func(_, _ int, block rows, width int, s *scratch) {
		p.cols.transform(block, block, width, false, &s.buf)
	})
}

// Inverse replaces the modes in mesh by the real field, with the factor 1/n³.
// Modes that a real field can't have are read as if they were: imaginary parts
// of its eight self-conjugate modes are ignored, and in the planes kz = 0 and
// n/2 only the part that is conjugate-symmetric counts. It panics if the
// length of mesh is not Layout().Len().
func (p *Real3) Inverse(mesh []float64) {
	m := p.complexes(mesh)
	p.eachXBlock(m, func(_, _ int, block rows, width int, s *scratch) {
		p.cols.transform(block, block, width, true, &s.buf)
	})
	p.planesInverse(m)
}

// Apply calls f for each row of modes: row holds the n/2+1 modes of
// (ix, iy), kz = 0 … n/2, real and imaginary parts in turn, and f may change
// them. Calls run in parallel and in no fixed order.
func (p *Real3) Apply(mesh []float64, f func(ix, iy int, row []float64)) {
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
func (p *Real3) Convolve(mesh []float64, f func(ix, iy, kz int, part []float64)) {
	m := p.complexes(mesh)
	p.planesForward(m)
	p.eachXBlock(m, func(iy, kz int, block rows, width int, s *scratch) {
		modes := rows{s.col, width}
		p.cols.transform(modes, block, width, false, &s.buf)
		parts := reals(s.col[:p.layout.N*width])
		for ix := range p.layout.N {
			f(ix, iy, kz, parts[2*ix*width:2*(ix+1)*width:2*(ix+1)*width])
		}
		p.cols.transform(block, modes, width, true, &s.buf)
	})
	p.planesInverse(m)
}

// planesForward transforms the z and y axes of each x plane.
func (p *Real3) planesForward(m []complex128) {
	p.eachPlane(m, func(plane rows, s *scratch) {
		p.eachBatch(plane, func(batch rows, count int) {
			p.rows.forward(batch, count, s.col, &s.buf)
		})
		p.eachYBlock(plane, func(block rows, width int) {
			p.cols.transform(block, block, width, false, &s.buf)
		})
	})
}

// planesInverse undoes planesForward and divides by n³.
func (p *Real3) planesInverse(m []complex128) {
	n := float64(p.layout.N)
	scale := 1 / (n * n * n)
	p.eachPlane(m, func(plane rows, s *scratch) {
		p.eachYBlock(plane, func(block rows, width int) {
			p.cols.transform(block, block, width, true, &s.buf)
		})
		p.eachBatch(plane, func(batch rows, count int) {
			p.rows.inverse(batch, count, scale, s.col, &s.buf)
		})
	})
}

// eachPlane calls f in parallel for the x planes; the rows of one are its y.
func (p *Real3) eachPlane(m []complex128, f func(plane rows, s *scratch)) {
	l := p.layout
	p.pool.Workers(l.N, func(worker, ix int) {
		o := ix * l.Plane / 2
		f(rows{m[o : o+l.N*l.Row/2], l.Row / 2}, &p.work[worker])
	})
}

// eachBatch cuts the y rows of a plane into batches for the z axis.
func (p *Real3) eachBatch(plane rows, f func(batch rows, count int)) {
	n := p.layout.N
	parts := pieces(n, batchRows)
	for i := range parts {
		lo, hi := i*n/parts, (i+1)*n/parts
		f(rows{plane.at[lo*plane.stride : hi*plane.stride], plane.stride}, hi-lo)
	}
}

// eachYBlock cuts the kz columns of a plane into blocks for the y axis.
func (p *Real3) eachYBlock(plane rows, f func(block rows, width int)) {
	modes := p.layout.N/2 + 1
	parts := pieces(modes, blockColumns)
	for i := range parts {
		lo, hi := i*modes/parts, (i+1)*modes/parts
		f(rows{plane.at[lo:], plane.stride}, hi-lo)
	}
}

// eachXBlock calls f in parallel for blocks of kz columns of one iy, whose
// rows are the x planes; kz is a block's first.
func (p *Real3) eachXBlock(m []complex128, f func(iy, kz int, block rows, width int, s *scratch)) {
	l := p.layout
	modes := l.N/2 + 1
	parts := pieces(modes, blockColumns)
	p.pool.Workers(l.N*parts, func(worker, b int) {
		iy, i := b/parts, b%parts
		lo, hi := i*modes/parts, (i+1)*modes/parts
		f(iy, lo, rows{m[iy*l.Row/2+lo:], l.Plane / 2}, hi-lo, &p.work[worker])
	})
}

// pieces is how many nearly equal pieces of about the given size make up n;
// none is larger than size+1.
func pieces(n, size int) int { return (n + size) / (size + 1) }

func (p *Real3) check(mesh []float64) {
	if len(mesh) != p.layout.Len() {
		panic(fmt.Sprintf("fft: a mesh of %d³ points has %d elements, got %d", p.layout.N, p.layout.Len(), len(mesh)))
	}
}

// complexes is the mesh seen as complex numbers, which have the layout of two
// float64s.
func (p *Real3) complexes(mesh []float64) []complex128 {
	p.check(mesh)
	return unsafe.Slice((*complex128)(unsafe.Pointer(unsafe.SliceData(mesh))), len(mesh)/2)
}

// reals undoes complexes.
func reals(c []complex128) []float64 {
	return unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(c))), 2*len(c))
}
