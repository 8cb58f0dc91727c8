package fft

// realRows transforms the contiguous axis of a batch of rows: n reals to
// n/2+1 complex numbers and back, by Eq. (3).
type realRows struct {
	half *columns     // complex transform of length n/2
	w    []complex128 // exp(-2πi k/n), k = 0 … n/4
}

func newRealRows(n int) *realRows {
	r := &realRows{half: newColumns(n / 2), w: make([]complex128, n/4+1)}
	for k := range r.w {
		r.w[k] = root(k, n)
	}
	return r
}

// forward transforms the given number of rows of at, each n reals packed as
// n/2 complex numbers, to n/2+1 modes each. col has room for n/2+1 rows of
// as many columns.
func (r *realRows) forward(at rows, count int, col []complex128, buf *buffers) {
	h := r.half.n
	block := rows{col, count}
	transposeIn(block, at, h, count)
	r.half.transform(block, block, count, false, buf)
	copy(col[h*count:(h+1)*count], col[:count])
	for k, w := range r.w {
		lo := col[k*count : (k+1)*count]
		hi := col[(h-k)*count:][:len(lo)]
		wr, wi := real(w), imag(w)
		for i, a := range lo {
			b := hi[i]
			er, ei := float64(0.5*(real(a)+real(b))), float64(0.5*(imag(a)-imag(b)))
			or, oi := float64(0.5*(real(a)-real(b))), float64(0.5*(imag(a)+imag(b)))
			// i·w·o
			tr := -(float64(wr*oi) + float64(wi*or))
			ti := float64(wr*or) - float64(wi*oi)
			lo[i] = complex(er-tr, ei-ti)
			hi[i] = complex(er+tr, -(ei + ti))
		}
	}
	transposeOut(at, block, h+1, count)
}

// inverse undoes forward and multiplies by n·scale. Of the modes 0 and n/2 it
// ignores the imaginary parts, as those of a real field are zero.
func (r *realRows) inverse(at rows, count int, scale float64, col []complex128, buf *buffers) {
	h := r.half.n
	block := rows{col, count}
	transposeIn(block, at, h+1, count)
	for i, a := range col[:count] {
		b := col[h*count+i]
		col[i] = complex(real(a), 0)
		col[h*count+i] = complex(real(b), 0)
	}
	for k, w := range r.w {
		lo := col[k*count : (k+1)*count]
		hi := col[(h-k)*count:][:len(lo)]
		wr, wi := real(w), imag(w)
		for i, a := range lo {
			b := hi[i]
			er, ei := float64(scale*(real(a)+real(b))), float64(scale*(imag(a)-imag(b)))
			or, oi := float64(scale*(real(a)-real(b))), float64(scale*(imag(a)+imag(b)))
			// i·conj(w)·o
			tr := float64(wi*or) - float64(wr*oi)
			ti := float64(wr*or) + float64(wi*oi)
			lo[i] = complex(er+tr, ei+ti)
			hi[i] = complex(er-tr, ti-ei)
		}
	}
	r.half.transform(block, block, count, true, buf)
	transposeOut(at, block, h, count)
}

// transposeIn copies the first n complex numbers of each of count rows of at
// to the columns of block, four rows at a time.
func transposeIn(block, at rows, n, count int) {
	c := 0
	for ; c+4 <= count; c += 4 {
		r0, r1, r2, r3 := at.four(c, n)
		for i, v := range r0 {
			b := block.at[i*block.stride+c:][:4]
			b[0], b[1], b[2], b[3] = v, r1[i], r2[i], r3[i]
		}
	}
	for ; c < count; c++ {
		for i, v := range at.at[c*at.stride:][:n] {
			block.at[i*block.stride+c] = v
		}
	}
}

// transposeOut undoes transposeIn.
func transposeOut(at, block rows, n, count int) {
	c := 0
	for ; c+4 <= count; c += 4 {
		r0, r1, r2, r3 := at.four(c, n)
		for i := range r0 {
			b := block.at[i*block.stride+c:][:4]
			r0[i], r1[i], r2[i], r3[i] = b[0], b[1], b[2], b[3]
		}
	}
	for ; c < count; c++ {
		row := at.at[c*at.stride:][:n]
		for i := range row {
			row[i] = block.at[i*block.stride+c]
		}
	}
}

// four returns the first n numbers of rows c to c+3.
func (r rows) four(c, n int) (r0, r1, r2, r3 []complex128) {
	o, s := r.at[c*r.stride:], r.stride
	return o[:n], o[s:][:n], o[2*s:][:n], o[3*s:][:n]
}
