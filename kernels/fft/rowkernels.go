package fft

// kernels are the inner loops of the transforms: in portable Go or in
// assembly, with the same bits. Widths and lengths are in complex numbers and
// multiples of lanes.
type kernels[T Float] struct {
	name string

	// butterfly runs spans, by radix.
	butterfly [9]spanFunc[T]

	// combine is Eq. (3) on a block of h+1 rows: for k = 0 … len(w)-1, with a
	// and b the rows k and h-k, E = s(a + conj b) and O = a - conj b, it sets
	// a to E + w[k] O and b to conj(E - w[k] O).
	combine func(block []cplx[T], h, width int, w []cplx[T], s T)

	// transposeIn copies the first n numbers of each of count rows of at, a
	// multiple of batchUnit, to the first columns of block; transposeOut
	// copies them back.
	transposeIn  func(block, at rows[T], n, count int)
	transposeOut func(at, block rows[T], n, count int)

	// multiply multiplies count rows of width numbers each by scale and by
	// real factors: row i by those from first + i·step on.
	multiply func(block []cplx[T], factors []T, scale T, first, step, count, width int)
}

// portableKernels are the loops in Go.
func portableKernels[T Float]() *kernels[T] {
	k := &kernels[T]{
		name:         "portable",
		combine:      combine[T],
		transposeIn:  transposeIn[T],
		transposeOut: transposeOut[T],
		multiply:     multiply[T],
	}
	k.butterfly[2] = portable(2, butterfly2[T])
	k.butterfly[3] = portable(3, butterfly3[T])
	k.butterfly[4] = portable(4, butterfly4[T])
	k.butterfly[5] = portable(5, butterfly5[T])
	k.butterfly[8] = portable(8, butterfly8[T])
	return k
}

func combine[T Float](block []cplx[T], h, width int, w []cplx[T], s T) {
	all := reals(block)
	width *= 2
	for k, w := range w {
		lo := all[k*width : (k+1)*width]
		hi := all[(h-k)*width:][:len(lo)]
		for i := 0; i < len(lo)-1; i += 2 {
			ar, ai, br, bi := lo[i], lo[i+1], hi[i], hi[i+1]
			er, ei := T(s*(ar+br)), T(s*(ai-bi))
			tr, ti := times(ar-br, ai+bi, w)
			lo[i], lo[i+1] = er+tr, ei+ti
			hi[i], hi[i+1] = er-tr, -(ei - ti)
		}
	}
}

func transposeIn[T Float](block, at rows[T], n, count int) {
	for c := 0; c < count; c += 4 {
		r0, r1, r2, r3 := at.four(c, n)
		for i, v := range r0 {
			b := block.at[i*block.stride+c:][:4]
			b[0], b[1], b[2], b[3] = v, r1[i], r2[i], r3[i]
		}
	}
}

func transposeOut[T Float](at, block rows[T], n, count int) {
	for c := 0; c < count; c += 4 {
		r0, r1, r2, r3 := at.four(c, n)
		for i := range r0 {
			b := block.at[i*block.stride+c:][:4]
			r0[i], r1[i], r2[i], r3[i] = b[0], b[1], b[2], b[3]
		}
	}
}

// four returns the first n numbers of rows c to c+3.
func (r rows[T]) four(c, n int) (r0, r1, r2, r3 []cplx[T]) {
	o, s := r.at[c*r.stride:], r.stride
	return o[:n], o[s:][:n], o[2*s:][:n], o[3*s:][:n]
}

func multiply[T Float](block []cplx[T], factors []T, scale T, first, step, count, width int) {
	all := reals(block)
	for i := range count {
		row, f := all[2*i*width:2*(i+1)*width], factors[first+i*step:][:width]
		for j, v := range f {
			v = T(scale * v)
			row[2*j] *= v
			row[2*j+1] *= v
		}
	}
}

// bestKernels are the fastest loops that the processor can run.
func bestKernels[T Float]() *kernels[T] {
	if k := vectorKernels[T](); k != nil {
		return k
	}
	return portableKernels[T]()
}

// Path names the loops that transforms run on this processor: "avx2" or
// "portable". Results are the same, to the bit.
func Path() string { return bestKernels[float64]().name }
