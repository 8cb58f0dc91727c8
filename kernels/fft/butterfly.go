package fft

// The butterflies below act on whole rows: of each column they take the legs
// x[0] … x[r-1], transform them, multiply output j > 0 by w[j-1] unless w is
// nil, and store it in y[j]. All legs have one length. Their arithmetic, to
// the order of every sum, is that of the vector kernels under _gen.
//
// They see real and imaginary parts in turn, as floats: complex numbers, as a
// type or through functions, take up to twice the time.

// times returns a·w with each product rounded, so that nothing is fused.
func times[T Float](ar, ai T, w cplx[T]) (re, im T) {
	return T(ar*w.re) - T(ai*w.im), T(ai*w.re) + T(ar*w.im)
}

func butterfly2[T Float](y, x *legs[T], w []cplx[T]) {
	x0 := x[0]
	x1, y0, y1 := x[1][:len(x0)], y[0][:len(x0)], y[1][:len(x0)]
	if w == nil {
		for i := 0; i < len(x0)-1; i += 2 {
			ar, ai := x0[i], x0[i+1]
			br, bi := x1[i], x1[i+1]
			y0[i], y0[i+1] = ar+br, ai+bi
			y1[i], y1[i+1] = ar-br, ai-bi
		}
		return
	}
	w1 := w[0]
	for i := 0; i < len(x0)-1; i += 2 {
		ar, ai := x0[i], x0[i+1]
		br, bi := x1[i], x1[i+1]
		y0[i], y0[i+1] = ar+br, ai+bi
		y1[i], y1[i+1] = times(ar-br, ai-bi, w1)
	}
}

func butterfly3[T Float](y, x *legs[T], w []cplx[T]) {
	const sin60 = 0.86602540378443864676372317075294
	x0 := x[0]
	x1, x2 := x[1][:len(x0)], x[2][:len(x0)]
	y0, y1, y2 := y[0][:len(x0)], y[1][:len(x0)], y[2][:len(x0)]
	var w1, w2 cplx[T]
	if w != nil {
		w1, w2 = w[0], w[1]
	}
	for i := 0; i < len(x0)-1; i += 2 {
		ar, ai := x0[i], x0[i+1]
		br, bi := x1[i], x1[i+1]
		cr, ci := x2[i], x2[i+1]
		tr, ti := br+cr, bi+ci
		ur, ui := ar-T(0.5*tr), ai-T(0.5*ti)
		vr, vi := T(sin60*(bi-ci)), -T(sin60*(br-cr)) // times -i
		y0[i], y0[i+1] = ar+tr, ai+ti
		if w == nil {
			y1[i], y1[i+1] = ur+vr, ui+vi
			y2[i], y2[i+1] = ur-vr, ui-vi
			continue
		}
		y1[i], y1[i+1] = times(ur+vr, ui+vi, w1)
		y2[i], y2[i+1] = times(ur-vr, ui-vi, w2)
	}
}

func butterfly4[T Float](y, x *legs[T], w []cplx[T]) {
	x0 := x[0]
	x1, x2, x3 := x[1][:len(x0)], x[2][:len(x0)], x[3][:len(x0)]
	y0, y1, y2, y3 := y[0][:len(x0)], y[1][:len(x0)], y[2][:len(x0)], y[3][:len(x0)]
	if w == nil {
		for i := 0; i < len(x0)-1; i += 2 {
			ar, ai := x0[i], x0[i+1]
			br, bi := x1[i], x1[i+1]
			cr, ci := x2[i], x2[i+1]
			dr, di := x3[i], x3[i+1]
			t0r, t0i := ar+cr, ai+ci
			t1r, t1i := ar-cr, ai-ci
			t2r, t2i := br+dr, bi+di
			t3r, t3i := bi-di, -(br - dr) // -i(b-d)
			y0[i], y0[i+1] = t0r+t2r, t0i+t2i
			y1[i], y1[i+1] = t1r+t3r, t1i+t3i
			y2[i], y2[i+1] = t0r-t2r, t0i-t2i
			y3[i], y3[i+1] = t1r-t3r, t1i-t3i
		}
		return
	}
	w1, w2, w3 := w[0], w[1], w[2]
	for i := 0; i < len(x0)-1; i += 2 {
		ar, ai := x0[i], x0[i+1]
		br, bi := x1[i], x1[i+1]
		cr, ci := x2[i], x2[i+1]
		dr, di := x3[i], x3[i+1]
		t0r, t0i := ar+cr, ai+ci
		t1r, t1i := ar-cr, ai-ci
		t2r, t2i := br+dr, bi+di
		t3r, t3i := bi-di, -(br - dr) // -i(b-d)
		y0[i], y0[i+1] = t0r+t2r, t0i+t2i
		y1[i], y1[i+1] = times(t1r+t3r, t1i+t3i, w1)
		y2[i], y2[i+1] = times(t0r-t2r, t0i-t2i, w2)
		y3[i], y3[i+1] = times(t1r-t3r, t1i-t3i, w3)
	}
}

func butterfly5[T Float](y, x *legs[T], w []cplx[T]) {
	const (
		cos72  = 0.30901699437494742410229341718282
		sin72  = 0.95105651629515357211643933337938
		cos144 = -0.80901699437494742410229341718282
		sin144 = 0.58778525229247312916870595463907
	)
	x0 := x[0]
	x1, x2, x3, x4 := x[1][:len(x0)], x[2][:len(x0)], x[3][:len(x0)], x[4][:len(x0)]
	y0, y1, y2, y3, y4 := y[0][:len(x0)], y[1][:len(x0)], y[2][:len(x0)], y[3][:len(x0)], y[4][:len(x0)]
	var w1, w2, w3, w4 cplx[T]
	if w != nil {
		w1, w2, w3, w4 = w[0], w[1], w[2], w[3]
	}
	for i := 0; i < len(x0)-1; i += 2 {
		ar, ai := x0[i], x0[i+1]
		br, bi := x1[i], x1[i+1]
		cr, ci := x2[i], x2[i+1]
		dr, di := x3[i], x3[i+1]
		er, ei := x4[i], x4[i+1]
		br, bi, er, ei = br+er, bi+ei, br-er, bi-ei
		cr, ci, dr, di = cr+dr, ci+di, cr-dr, ci-di
		// Even parts u and odd parts v of outputs 1, 4 and 2, 3.
		ur, ui := ar+(T(cos72*br)+T(cos144*cr)), ai+(T(cos72*bi)+T(cos144*ci))
		vr, vi := T(sin72*ei)+T(sin144*di), -(T(sin72*er) + T(sin144*dr))
		sr, si := ar+(T(cos144*br)+T(cos72*cr)), ai+(T(cos144*bi)+T(cos72*ci))
		tr, ti := T(sin144*ei)-T(sin72*di), -(T(sin144*er) - T(sin72*dr))
		y0[i], y0[i+1] = ar+(br+cr), ai+(bi+ci)
		if w == nil {
			y1[i], y1[i+1] = ur+vr, ui+vi
			y2[i], y2[i+1] = sr+tr, si+ti
			y3[i], y3[i+1] = sr-tr, si-ti
			y4[i], y4[i+1] = ur-vr, ui-vi
			continue
		}
		y1[i], y1[i+1] = times(ur+vr, ui+vi, w1)
		y2[i], y2[i+1] = times(sr+tr, si+ti, w2)
		y3[i], y3[i+1] = times(sr-tr, si-ti, w3)
		y4[i], y4[i+1] = times(ur-vr, ui-vi, w4)
	}
}

const sqrtHalf = 0.70710678118654752440084436210485

// butterfly8 is two butterflies of radix 4, of the even legs and of the odd,
// whose outputs e and o combine as e[j] ± exp(-2πi j/8) o[j].
func butterfly8[T Float](y, x *legs[T], w []cplx[T]) {
	x0 := x[0]
	x1, x2, x3, x4 := x[1][:len(x0)], x[2][:len(x0)], x[3][:len(x0)], x[4][:len(x0)]
	x5, x6, x7 := x[5][:len(x0)], x[6][:len(x0)], x[7][:len(x0)]
	y0, y1, y2, y3 := y[0][:len(x0)], y[1][:len(x0)], y[2][:len(x0)], y[3][:len(x0)]
	y4, y5, y6, y7 := y[4][:len(x0)], y[5][:len(x0)], y[6][:len(x0)], y[7][:len(x0)]
	var ws [7]cplx[T]
	copy(ws[:], w)
	for i := 0; i < len(x0)-1; i += 2 {
		ar, ai := x0[i], x0[i+1]
		br, bi := x2[i], x2[i+1]
		cr, ci := x4[i], x4[i+1]
		dr, di := x6[i], x6[i+1]
		t0r, t0i := ar+cr, ai+ci
		t1r, t1i := ar-cr, ai-ci
		t2r, t2i := br+dr, bi+di
		t3r, t3i := bi-di, -(br - dr)
		e0r, e0i := t0r+t2r, t0i+t2i
		e1r, e1i := t1r+t3r, t1i+t3i
		e2r, e2i := t0r-t2r, t0i-t2i
		e3r, e3i := t1r-t3r, t1i-t3i

		ar, ai = x1[i], x1[i+1]
		br, bi = x3[i], x3[i+1]
		cr, ci = x5[i], x5[i+1]
		dr, di = x7[i], x7[i+1]
		t0r, t0i = ar+cr, ai+ci
		t1r, t1i = ar-cr, ai-ci
		t2r, t2i = br+dr, bi+di
		t3r, t3i = bi-di, -(br - dr)
		o0r, o0i := t0r+t2r, t0i+t2i
		o2r, o2i := t0i-t2i, -(t0r - t2r) // times -i
		p1r, p1i := t1r+t3r, t1i+t3i
		p3r, p3i := t1r-t3r, t1i-t3i
		o1r, o1i := T(sqrtHalf*(p1r+p1i)), T(sqrtHalf*(p1i-p1r))  // times (1-i)/√2
		o3r, o3i := T(sqrtHalf*(p3i-p3r)), T(sqrtHalf*(-p3r-p3i)) // times (-1-i)/√2

		y0[i], y0[i+1] = e0r+o0r, e0i+o0i
		if w == nil {
			y4[i], y4[i+1] = e0r-o0r, e0i-o0i
			y1[i], y1[i+1] = e1r+o1r, e1i+o1i
			y5[i], y5[i+1] = e1r-o1r, e1i-o1i
			y2[i], y2[i+1] = e2r+o2r, e2i+o2i
			y6[i], y6[i+1] = e2r-o2r, e2i-o2i
			y3[i], y3[i+1] = e3r+o3r, e3i+o3i
			y7[i], y7[i+1] = e3r-o3r, e3i-o3i
			continue
		}
		y4[i], y4[i+1] = times(e0r-o0r, e0i-o0i, ws[3])
		y1[i], y1[i+1] = times(e1r+o1r, e1i+o1i, ws[0])
		y5[i], y5[i+1] = times(e1r-o1r, e1i-o1i, ws[4])
		y2[i], y2[i+1] = times(e2r+o2r, e2i+o2i, ws[1])
		y6[i], y6[i+1] = times(e2r-o2r, e2i-o2i, ws[5])
		y3[i], y3[i+1] = times(e3r+o3r, e3i+o3i, ws[2])
		y7[i], y7[i+1] = times(e3r-o3r, e3i-o3i, ws[6])
	}
}
