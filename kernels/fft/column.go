package fft

// columns is the plan of a one-dimensional complex transform of length n,
// done for a block of columns at once. Row i of a block is a run of
// contiguous complex numbers, one of each column.
type columns[T Float] struct {
	n      int
	passes []pass[T]
}

// pass is one pass of Eq. (2).
type pass[T Float] struct {
	radix, m, s int
	run         spanFunc[T]
	w           []cplx[T] // w^(pj), j = 1 … radix-1, for p = 1 … m-1; for p = 0 all are 1
}

// newColumns plans a transform of length n ≥ 1, a product of 2, 3 and 5.
func newColumns[T Float](n int, k *kernels[T]) *columns[T] {
	c := &columns[T]{n: n}
	rest, s := n, 1
	for _, r := range radices(n) {
		m := rest / r
		p := pass[T]{radix: r, m: m, s: s, run: k.butterfly[r], w: make([]cplx[T], 0, (m-1)*(r-1))}
		for i := 1; i < m; i++ {
			for j := 1; j < r; j++ {
				p.w = append(p.w, root[T](i*j%rest, rest))
			}
		}
		c.passes = append(c.passes, p)
		rest, s = m, s*r
	}
	return c
}

// radices factors n in the order in which the passes run: as few passes as
// these radices allow, those of radix 8 last, since the last pass has no
// twiddles.
func radices(n int) []int {
	var rs []int
	for _, r := range []int{5, 3} {
		for n%r == 0 {
			rs = append(rs, r)
			n /= r
		}
	}
	eights := 0
	for n > 16 || n == 8 {
		eights++
		n /= 8
	}
	for n >= 4 {
		rs = append(rs, 4)
		n /= 4
	}
	if n > 1 {
		rs = append(rs, n)
	}
	for range eights {
		rs = append(rs, 8)
	}
	return rs
}

// rows is a block of columns: row i begins at at[i*stride].
type rows[T Float] struct {
	at     []cplx[T]
	stride int
}

// buffers are the two blocks between which the inner passes go back and
// forth. Each needs room for n rows.
type buffers[T Float] [2][]cplx[T]

func newBuffers[T Float](size int) buffers[T] {
	return buffers[T]{make([]cplx[T], size), make([]cplx[T], size)}
}

// transform transforms the columns of src, width of them, into dst, forward or
// (unnormalised) inverse. dst may be src; it must not overlap it otherwise,
// nor the buffers.
func (c *columns[T]) transform(dst, src rows[T], width int, inverse bool, buf *buffers[T]) {
	if len(c.passes) == 0 {
		copy(dst.at[:width], src.at[:width])
		return
	}
	last := len(c.passes) - 1
	for i := range c.passes {
		p := &c.passes[i]
		switch {
		case i < last:
			to := rows[T]{buf[i%2], width}
			p.inner(to, src, width)
			src = to
		case inverse:
			p.reversed(dst, src, width)
		default:
			p.last(dst, src, width)
		}
	}
}

// inner does a pass that another follows. The rows of dst, and for s > 1 those
// of src, are contiguous, so that the s rows of a group are one row.
func (p *pass[T]) inner(dst, src rows[T], width int) {
	width *= p.s
	from, to := src.stride*p.s, dst.stride*p.s
	p.run(dst.at, src.at, nil, span{
		count: 1, width: width, srcLeg: p.m * from, rest: to, dstLeg: to,
	})
	p.run(dst.at[p.radix*to:], src.at[from:], p.w, span{
		count: p.m - 1, width: width, srcLeg: p.m * from, srcStep: from,
		rest: to, dstLeg: to, dstStep: p.radix * to,
	})
}

// last does the pass of m = 1.
func (p *pass[T]) last(dst, src rows[T], width int) {
	to := p.s * dst.stride
	p.run(dst.at, src.at, nil, span{
		count: p.s, width: width, srcLeg: p.s * src.stride, srcStep: src.stride,
		rest: to, dstLeg: to, dstStep: dst.stride,
	})
}

// reversed is last with output row o > 0 stored at n-o, which makes the
// transform its inverse.
func (p *pass[T]) reversed(dst, src rows[T], width int) {
	n, to := p.radix*p.s, p.s*dst.stride
	p.run(dst.at, src.at, nil, span{
		count: 1, width: width, srcLeg: p.s * src.stride,
		rest: (n - p.s) * dst.stride, dstLeg: -to,
	})
	if p.s > 1 {
		p.run(dst.at, src.at[src.stride:], nil, span{
			count: p.s - 1, width: width, srcLeg: p.s * src.stride, srcStep: src.stride,
			first: (n - 1) * dst.stride, rest: (n - 1 - p.s) * dst.stride, dstLeg: -to, dstStep: -dst.stride,
		})
	}
}
