package fft

import "runlua/kernels/par"

// Pool is the pool whose threads run the plan's transforms.
func (p *Plan[T]) Pool() *par.Pool { return p.pool }

// ForwardPlane is the first half of a transform for the plane x of a real field:
// it transforms the z and y axes, so that who has filled a plane may have it
// transformed while it is in cache. It uses the scratch memory of a worker of
// Pool; calls of different workers, for different planes, may run at once. Once
// each plane is transformed, FinishForward, FinishConvolve, FinishConvolveWith or
// SeeModes does the second half, with the bits of the whole. ForwardPlane panics
// if the length of mesh is not Layout().Len().
func (p *Plan[T]) ForwardPlane(worker int, mesh []T, x int) {
	p.check(mesh)
	p.planeForward(p.plane(complexes(mesh), x), &p.work[worker])
}

// FinishForward is the second half of Forward.
func (p *Plan[T]) FinishForward(mesh []T) {
	p.check(mesh)
	p.eachXBlock(complexes(mesh), func(_, _ int, block rows[T], width int, s *scratch[T]) {
		p.cols.transform(block, block, width, false, &s.buf)
	})
}

// FinishConvolve is the second half of Convolve.
func (p *Plan[T]) FinishConvolve(mesh []T, f func(ix, iy, kz int, part []T)) {
	p.check(mesh)
	n, modes := p.layout.N, p.layout.N/2+1
	p.finish(complexes(mesh), func(iy, kz, width int, block []cplx[T]) {
		for ix := range n {
			row := block[ix*width:][:min(width, modes-kz)]
			f(ix, iy, kz, reals(row[:len(row):len(row)]))
		}
	})
}

// FinishConvolveWith is the second half of ConvolveWith.
func (p *Plan[T]) FinishConvolveWith(mesh []T, f *Filter[T], scale T) {
	p.check(mesh)
	p.checkFilter(f)
	p.finish(complexes(mesh), func(iy, kz, width int, block []cplx[T]) {
		p.multiply(block, f, scale, iy, kz, width)
	})
}

// SeeModes is the second half of Forward for who wants to see the modes only: it
// transforms the x axis and shows the modes, which have the bits of Forward's,
// to see while they are in cache. It writes nothing to mesh, whose contents are
// of no other use.
//
// Of the rows (ix, iy) the modes kz < end(iy) are wanted, at most n/2+1 of them;
// those beyond need not be computed. see is shown them in blocks of all ix of
// the columns kz, kz+1, … kz+width-1 of one iy: the mode (ix, iy, kz+j) is the
// pair of elements 2(ix·width+j) and the one after it of block. The last columns
// of an iy may lie beyond end(iy), or n/2. A block is see's to change until it
// returns.
//
// The blocks of an iy are shown one after the other by rising kz, those of
// different iy in parallel and in no fixed order. How rows are cut depends on
// n, the precision and end only. SeeModes panics if the length of mesh is not
// Layout().Len().
func (p *Plan[T]) SeeModes(mesh []T, end func(iy int) int, see func(worker, iy, kz, width int, block []T)) {
	p.check(mesh)
	m, n := complexes(mesh), p.layout.N
	p.pool.Workers(n, func(worker, iy int) {
		s := &p.work[worker]
		wanted := roundUp(min(end(iy), n/2+1), lanes[T]())
		for _, c := range p.blocks {
			width := min(c.hi, wanted) - c.lo
			if width <= 0 {
				return
			}
			p.cols.transform(rows[T]{s.col, width}, p.xBlock(m, iy, c.lo), width, false, &s.buf)
			see(worker, iy, c.lo, width, reals(s.col[:n*width]))
		}
	})
}
