package fft

// Filtered is a field whose modes are kept, to compute what becomes of it when
// they are multiplied by one factor or another. It uses its plan's scratch
// memory, so a plan and all that is Filtered by it serve one call at a time.
type Filtered[T Float] struct {
	plan   *Plan[T]
	modes  []cplx[T]   // in the order of a Filter's factors, but for all ix
	work   []cplx[T]   // products, transformed along x, in the same order
	planes [][]cplx[T] // of a field, one a worker of the pool
}

// NewFiltered computes the modes of the real field in mesh. Its memory serves
// as scratch from then on and is not the caller's any more. NewFiltered panics
// if the length of mesh is not Layout().Len().
func (p *Plan[T]) NewFiltered(mesh []T) *Filtered[T] {
	p.check(mesh)
	l := p.layout
	f := &Filtered[T]{plan: p, modes: make([]cplx[T], l.N*l.N*p.width()), work: complexes(mesh)}
	p.planesForward(mesh)
	p.eachXBlock(f.work, func(iy, kz int, block rows[T], width int, s *scratch[T]) {
		p.cols.transform(f.block(f.modes, iy, kz, width), block, width, false, &s.buf)
	})
	for range p.pool.Threads() {
		f.planes = append(f.planes, make([]cplx[T], l.N*l.Row/2))
	}
	return f
}

// Planes computes the field of the modes multiplied by scale·by, with the bits of
// ConvolveWith, and shows it to see plane by plane, while a plane is in cache: no
// mesh is written. Row y of the plane x begins at element y·Layout().Row. A plane
// is see's to change until it returns. Calls run in parallel and in no fixed
// order.
func (f *Filtered[T]) Planes(by *Filter[T], scale T, see func(x int, plane []T)) {
	p, l := f.plan, f.plan.layout
	p.checkFilter(by)
	p.eachXBlock(f.work, func(iy, kz int, _ rows[T], width int, s *scratch[T]) {
		product := rows[T]{s.col[:l.N*width], width}
		copy(product.at, f.block(f.modes, iy, kz, width).at)
		p.multiply(product.at, by, scale, iy, kz, width)
		p.cols.transform(f.block(f.work, iy, kz, width), product, width, true, &s.buf)
	})
	p.pool.Workers(l.N, func(worker, x int) {
		plane := rows[T]{f.planes[worker], l.Row / 2}
		for iy := range l.N {
			for _, c := range p.blocks {
				width := c.hi - c.lo
				copy(plane.at[iy*plane.stride+c.lo:], f.block(f.work, iy, c.lo, width).at[x*width:][:width])
			}
		}
		p.planeInverse(plane, &p.work[worker])
		see(x, reals(plane.at))
	})
}

// block is all ix of the width columns of iy that begin at kz.
func (f *Filtered[T]) block(of []cplx[T], iy, kz, width int) rows[T] {
	n := f.plan.layout.N
	return rows[T]{of[n*(iy*f.plan.width()+kz):][:n*width], width}
}
