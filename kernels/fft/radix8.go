package fft

const sqrtHalf = 0.70710678118654752440084436210485

// butterfly8 is two butterflies of radix 4, of the even legs and of the odd,
// whose outputs e and o combine as e[j] ± exp(-2πi j/8) o[j]. It has no
// twiddles; see radices.
func butterfly8(y, x *legs) {
	x0 := x[0]
	x1, x2, x3, x4 := x[1][:len(x0)], x[2][:len(x0)], x[3][:len(x0)], x[4][:len(x0)]
	x5, x6, x7 := x[5][:len(x0)], x[6][:len(x0)], x[7][:len(x0)]
	y0, y1, y2, y3 := y[0][:len(x0)], y[1][:len(x0)], y[2][:len(x0)], y[3][:len(x0)]
	y4, y5, y6, y7 := y[4][:len(x0)], y[5][:len(x0)], y[6][:len(x0)], y[7][:len(x0)]
	for i, a := range x0 {
		b, c, d := x2[i], x4[i], x6[i]
		t0r, t0i := real(a)+real(c), imag(a)+imag(c)
		t1r, t1i := real(a)-real(c), imag(a)-imag(c)
		t2r, t2i := real(b)+real(d), imag(b)+imag(d)
		t3r, t3i := imag(b)-imag(d), real(d)-real(b)
		e0r, e0i := t0r+t2r, t0i+t2i
		e1r, e1i := t1r+t3r, t1i+t3i
		e2r, e2i := t0r-t2r, t0i-t2i
		e3r, e3i := t1r-t3r, t1i-t3i

		a, b, c, d = x1[i], x3[i], x5[i], x7[i]
		t0r, t0i = real(a)+real(c), imag(a)+imag(c)
		t1r, t1i = real(a)-real(c), imag(a)-imag(c)
		t2r, t2i = real(b)+real(d), imag(b)+imag(d)
		t3r, t3i = imag(b)-imag(d), real(d)-real(b)
		o0r, o0i := t0r+t2r, t0i+t2i
		o2r, o2i := t0i-t2i, t2r-t0r // times -i
		p1r, p1i := t1r+t3r, t1i+t3i
		p3r, p3i := t1r-t3r, t1i-t3i
		o1r, o1i := float64(sqrtHalf*(p1r+p1i)), float64(sqrtHalf*(p1i-p1r))  // times (1-i)/√2
		o3r, o3i := float64(sqrtHalf*(p3i-p3r)), float64(-sqrtHalf*(p3r+p3i)) // times (-1-i)/√2

		y0[i] = complex(e0r+o0r, e0i+o0i)
		y4[i] = complex(e0r-o0r, e0i-o0i)
		y1[i] = complex(e1r+o1r, e1i+o1i)
		y5[i] = complex(e1r-o1r, e1i-o1i)
		y2[i] = complex(e2r+o2r, e2i+o2i)
		y6[i] = complex(e2r-o2r, e2i-o2i)
		y3[i] = complex(e3r+o3r, e3i+o3i)
		y7[i] = complex(e3r-o3r, e3i-o3i)
	}
}
