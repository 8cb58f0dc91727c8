package fft

// realRows transforms the contiguous axis of a batch of rows: n reals to
// n/2+1 complex numbers and back, by Eq. (3).
type realRows[T Float] struct {
	k     *kernels[T]
	half  *columns[T] // complex transform of length n/2
	forth []cplx[T]   // -i exp(-2πi k/n) / 2, k = 0 … n/4
	back  []cplx[T]   // i exp(2πi k/n)·scale
	scale T           // of the inverse
}

// newRealRows plans rows of n reals. Their inverse multiplies by n·scale.
func newRealRows[T Float](n int, scale float64, k *kernels[T]) *realRows[T] {
	r := &realRows[T]{k: k, half: newColumns(n/2, k), scale: T(scale)}
	for i := range n/4 + 1 {
		c, s := rootParts(i, n)
		r.forth = append(r.forth, cplx[T]{T(0.5 * s), T(-0.5 * c)})
		r.back = append(r.back, cplx[T]{T(scale * s), T(scale * c)})
	}
	return r
}

// forward transforms the given number of rows of at, each n reals packed as
// n/2 complex numbers, to n/2+1 modes each. col has room for n/2+1 rows,
// rounded up to whole vectors, of as many columns, rounded up.
func (r *realRows[T]) forward(at rows[T], count int, col []cplx[T], buf *buffers[T]) {
	h, width := r.half.n, roundUp(count, batchUnit)
	block := rows[T]{col, width}
	r.in(block, at, h, count)
	r.half.transform(block, block, width, false, buf)
	copy(col[h*width:(h+1)*width], col[:width])
	r.k.combine(col, h, width, r.forth, 0.5)
	r.out(at, block, h+1, count)
}

// inverse undoes forward and multiplies by n·scale. Of the modes 0 and n/2 it
// ignores the imaginary parts, as those of a real field are zero.
func (r *realRows[T]) inverse(at rows[T], count int, col []cplx[T], buf *buffers[T]) {
	h, width := r.half.n, roundUp(count, batchUnit)
	block := rows[T]{col, width}
	r.in(block, at, h+1, count)
	for i := range width {
		col[i].im = 0
		col[h*width+i].im = 0
	}
	r.k.combine(col, h, width, r.back, r.scale)
	r.half.transform(block, block, width, true, buf)
	r.out(at, block, h, count)
}

// batchUnit is the number of rows that a transposition takes at a time.
const batchUnit = 4

// in copies the first n numbers of each of count rows of at to the columns of
// block, and zeros to the columns that are left over. It reads whole vectors
// of at and writes as many rows of block.
func (r *realRows[T]) in(block, at rows[T], n, count int) {
	n = roundUp(n, lanes[T]())
	whole := count / batchUnit * batchUnit
	if whole > 0 {
		r.k.transposeIn(block, at, n, whole)
	}
	if whole == count {
		return
	}
	for i := range n {
		for c := whole; c < block.stride; c++ {
			var v cplx[T]
			if c < count {
				v = at.at[c*at.stride+i]
			}
			block.at[i*block.stride+c] = v
		}
	}
}

// out undoes in. What a row has beyond n, to a whole vector, is overwritten.
func (r *realRows[T]) out(at, block rows[T], n, count int) {
	n = roundUp(n, lanes[T]())
	whole := count / batchUnit * batchUnit
	if whole > 0 {
		r.k.transposeOut(at, block, n, whole)
	}
	for c := whole; c < count; c++ {
		row := at.at[c*at.stride:][:n]
		for i := range row {
			row[i] = block.at[i*block.stride+c]
		}
	}
}
