package fft

// The butterflies below apply one set of twiddles to whole rows: of each
// column they take the legs x[0] … x[r-1], transform them, multiply output j
// by w[j-1] and store it in y[j]. All legs have one length. y may hold the
// same rows as x, in any order, because a column is read before it is
// written.

// legs are the rows on which a butterfly acts; a radix r uses the first r.
type legs = [8][]complex128

// times returns a·w with each product rounded, so that nothing is fused.
func times(ar, ai, wr, wi float64) complex128 {
	return complex(float64(ar*wr)-float64(ai*wi), float64(ar*wi)+float64(ai*wr))
}

func butterfly2(y, x *legs, w []complex128) {
	x0 := x[0]
	x1, y0, y1 := x[1][:len(x0)], y[0][:len(x0)], y[1][:len(x0)]
	wr, wi := real(w[0]), imag(w[0])
	for i, a := range x0 {
		b := x1[i]
		y0[i] = complex(real(a)+real(b), imag(a)+imag(b))
		y1[i] = times(real(a)-real(b), imag(a)-imag(b), wr, wi)
	}
}

func butterfly3(y, x *legs, w []complex128) {
	const sin60 = 0.86602540378443864676372317075294
	x0 := x[0]
	x1, x2 := x[1][:len(x0)], x[2][:len(x0)]
	y0, y1, y2 := y[0][:len(x0)], y[1][:len(x0)], y[2][:len(x0)]
	w1r, w1i := real(w[0]), imag(w[0])
	w2r, w2i := real(w[1]), imag(w[1])
	for i, a := range x0 {
		b, c := x1[i], x2[i]
		tr, ti := real(b)+real(c), imag(b)+imag(c)
		ur, ui := real(a)-float64(0.5*tr), imag(a)-float64(0.5*ti)
		vr, vi := float64(sin60*(real(b)-real(c))), float64(sin60*(imag(b)-imag(c)))
		y0[i] = complex(real(a)+tr, imag(a)+ti)
		y1[i] = times(ur+vi, ui-vr, w1r, w1i)
		y2[i] = times(ur-vi, ui+vr, w2r, w2i)
	}
}

func butterfly4(y, x *legs) {
	x0 := x[0]
	x1, x2, x3 := x[1][:len(x0)], x[2][:len(x0)], x[3][:len(x0)]
	y0, y1, y2, y3 := y[0][:len(x0)], y[1][:len(x0)], y[2][:len(x0)], y[3][:len(x0)]
	for i, a := range x0 {
		b, c, d := x1[i], x2[i], x3[i]
		t0r, t0i := real(a)+real(c), imag(a)+imag(c)
		t1r, t1i := real(a)-real(c), imag(a)-imag(c)
		t2r, t2i := real(b)+real(d), imag(b)+imag(d)
		t3r, t3i := imag(b)-imag(d), real(d)-real(b) // -i(b-d)
		y0[i] = complex(t0r+t2r, t0i+t2i)
		y1[i] = complex(t1r+t3r, t1i+t3i)
		y2[i] = complex(t0r-t2r, t0i-t2i)
		y3[i] = complex(t1r-t3r, t1i-t3i)
	}
}

func butterfly4w(y, x *legs, w []complex128) {
	x0 := x[0]
	x1, x2, x3 := x[1][:len(x0)], x[2][:len(x0)], x[3][:len(x0)]
	y0, y1, y2, y3 := y[0][:len(x0)], y[1][:len(x0)], y[2][:len(x0)], y[3][:len(x0)]
	w1r, w1i := real(w[0]), imag(w[0])
	w2r, w2i := real(w[1]), imag(w[1])
	w3r, w3i := real(w[2]), imag(w[2])
	for i, a := range x0 {
		b, c, d := x1[i], x2[i], x3[i]
		t0r, t0i := real(a)+real(c), imag(a)+imag(c)
		t1r, t1i := real(a)-real(c), imag(a)-imag(c)
		t2r, t2i := real(b)+real(d), imag(b)+imag(d)
		t3r, t3i := imag(b)-imag(d), real(d)-real(b) // -i(b-d)
		y0[i] = complex(t0r+t2r, t0i+t2i)
		y1[i] = times(t1r+t3r, t1i+t3i, w1r, w1i)
		y2[i] = times(t0r-t2r, t0i-t2i, w2r, w2i)
		y3[i] = times(t1r-t3r, t1i-t3i, w3r, w3i)
	}
}

func butterfly5(y, x *legs, w []complex128) {
	const (
		cos72  = 0.30901699437494742410229341718282
		sin72  = 0.95105651629515357211643933337938
		cos144 = -0.80901699437494742410229341718282
		sin144 = 0.58778525229247312916870595463907
	)
	x0 := x[0]
	x1, x2, x3, x4 := x[1][:len(x0)], x[2][:len(x0)], x[3][:len(x0)], x[4][:len(x0)]
	y0, y1, y2, y3, y4 := y[0][:len(x0)], y[1][:len(x0)], y[2][:len(x0)], y[3][:len(x0)], y[4][:len(x0)]
	w1r, w1i := real(w[0]), imag(w[0])
	w2r, w2i := real(w[1]), imag(w[1])
	w3r, w3i := real(w[2]), imag(w[2])
	w4r, w4i := real(w[3]), imag(w[3])
	for i, a := range x0 {
		b, c, d, e := x1[i], x2[i], x3[i], x4[i]
		br, bi, er, ei := real(b)+real(e), imag(b)+imag(e), real(b)-real(e), imag(b)-imag(e)
		cr, ci, dr, di := real(c)+real(d), imag(c)+imag(d), real(c)-real(d), imag(c)-imag(d)
		y0[i] = complex(real(a)+(br+cr), imag(a)+(bi+ci))
		// Even and odd parts of outputs 1, 4 and 2, 3.
		ur := real(a) + (float64(cos72*br) + float64(cos144*cr))
		ui := imag(a) + (float64(cos72*bi) + float64(cos144*ci))
		vr := float64(sin72*er) + float64(sin144*dr)
		vi := float64(sin72*ei) + float64(sin144*di)
		y1[i] = times(ur+vi, ui-vr, w1r, w1i)
		y4[i] = times(ur-vi, ui+vr, w4r, w4i)
		ur = real(a) + (float64(cos144*br) + float64(cos72*cr))
		ui = imag(a) + (float64(cos144*bi) + float64(cos72*ci))
		vr = float64(sin144*er) - float64(sin72*dr)
		vi = float64(sin144*ei) - float64(sin72*di)
		y2[i] = times(ur+vi, ui-vr, w2r, w2i)
		y3[i] = times(ur-vi, ui+vr, w3r, w3i)
	}
}
