package fft

// columns is the plan of a one-dimensional complex transform of length n,
// done for a block of columns at once. Row i of a block is a run of
// contiguous complex numbers, one of each column.
type columns struct {
	n      int
	passes []pass
}

// pass is one pass of Eq. (2).
type pass struct {
	radix, m, s int
	w           []complex128 // w^(pj), j = 1 … radix-1, for p = 0 … m-1
}

// newColumns plans a transform of length n ≥ 1, a product of 2, 3 and 5.
func newColumns(n int) *columns {
	c := &columns{n: n}
	rest, s := n, 1
	for _, r := range radices(n) {
		m := rest / r
		p := pass{radix: r, m: m, s: s, w: make([]complex128, 0, m*(r-1))}
		for i := range m {
			for j := 1; j < r; j++ {
				p.w = append(p.w, root(i*j%rest, rest))
			}
		}
		c.passes = append(c.passes, p)
		rest, s = m, s*r
	}
	return c
}

// radices factors n in the order in which the passes run: 5, 3, 4, and at the
// end 2 or 8 if the power of two is odd. The last pass needs no twiddles, and
// without them radix 8 is a third faster in scalar arithmetic than 2 and 4;
// with them its sums no longer fit the registers and it is slower than 4.
func radices(n int) []int {
	var rs []int
	for _, r := range []int{5, 3} {
		for n%r == 0 {
			rs = append(rs, r)
			n /= r
		}
	}
	for n > 8 || n == 4 {
		rs = append(rs, 4)
		n /= 4
	}
	if n > 1 {
		rs = append(rs, n) // 2 or 8
	}
	return rs
}

// rows is a block of columns: row i begins at at[i*stride].
type rows struct {
	at     []complex128
	stride int
}

// buffers are the two blocks between which the inner passes go back and
// forth. Each needs room for n rows.
type buffers [2][]complex128

func newBuffers(size int) buffers {
	return buffers{make([]complex128, size), make([]complex128, size)}
}

// transform transforms the columns of src, width of them, into dst, forward or
// (unnormalised) inverse. dst may be src; it must not overlap it otherwise,
// nor the buffers.
func (c *columns) transform(dst, src rows, width int, inverse bool, buf *buffers) {
	if len(c.passes) == 0 {
		copy(dst.at[:width], src.at[:width])
		return
	}
	last := len(c.passes) - 1
	for i := range c.passes {
		to := dst
		if i < last {
			to = rows{buf[i%2], width}
		}
		c.passes[i].run(to, src, width, inverse && i == last)
		src = to
	}
}

// run does one pass of Eq. (2). With reverse it stores row i at n-i.
func (ps *pass) run(dst, src rows, width int, reverse bool) {
	r, m, s := ps.radix, ps.m, ps.s
	if src.stride == width && dst.stride == width && !reverse {
		// The s rows of a group are one run of memory.
		width *= s
		src.stride, dst.stride, s = width, width, 1
	}
	n := r * m * s
	var x, y [8][]complex128
	for p := range m {
		w := ps.w[p*(r-1) : (p+1)*(r-1)]
		for q := range s {
			for k := range r {
				i := (q + s*(p+m*k)) * src.stride
				x[k] = src.at[i : i+width]
				o := q + s*(r*p+k)
				if reverse && o > 0 {
					o = n - o
				}
				o *= dst.stride
				y[k] = dst.at[o : o+width]
			}
			switch {
			case r == 2:
				butterfly2(&y, &x, w)
			case r == 3:
				butterfly3(&y, &x, w)
			case r == 4 && p == 0:
				butterfly4(&y, &x)
			case r == 4:
				butterfly4w(&y, &x, w)
			case r == 5:
				butterfly5(&y, &x, w)
			case r == 8: // the last pass: no twiddles
				butterfly8(&y, &x)
			}
		}
	}
}
