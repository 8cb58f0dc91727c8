package eigen

// dot is the sum of x_j y_j, j ascending.
func dot(x, y []float64) float64 {
	var s float64
	y = y[:len(x)]
	for j, v := range x {
		s += float64(v * y[j])
	}
	return s
}

// add adds k x to y.
func add(y []float64, k float64, x []float64) {
	x = x[:len(y)]
	for j, v := range x {
		y[j] += float64(k * v)
	}
}

// dotFour sets out[i] to the scalar product of x with row i of the four rows at
// m, stride apart: elements of even and odd index apart, then together.
func dotFour(out, x, m []float64, stride int) {
	n := len(x)
	r0, r1, r2, r3 := m[:n], m[stride:][:n], m[2*stride:][:n], m[3*stride:][:n]
	var s0, s1, s2, s3, t0, t1, t2, t3 float64
	j := 0
	for ; j+1 < n; j += 2 {
		u, v := x[j], x[j+1]
		s0 += float64(u * r0[j])
		t0 += float64(v * r0[j+1])
		s1 += float64(u * r1[j])
		t1 += float64(v * r1[j+1])
		s2 += float64(u * r2[j])
		t2 += float64(v * r2[j+1])
		s3 += float64(u * r3[j])
		t3 += float64(v * r3[j+1])
	}
	if j < n {
		u := x[j]
		s0 += float64(u * r0[j])
		s1 += float64(u * r1[j])
		s2 += float64(u * r2[j])
		s3 += float64(u * r3[j])
	}
	out[0], out[1], out[2], out[3] = s0+t0, s1+t1, s2+t2, s3+t3
}

// products sets out, rows × columns, to the scalar products of the rows of l
// with those of r, all of the given length: sums from the front to the back.
// The rows of l and r are ls and rs apart.
func products(out []float64, l []float64, ls, rows int, r []float64, rs, columns, length int) {
	for i := 0; i < rows; i += 4 {
		j := 0
		if rows-i >= 4 {
			for ; j+2 <= columns; j += 2 {
				dotTile(out[i*columns+j:], columns, l[i*ls:], ls, r[j*rs:], rs, length)
			}
		}
		for ; j < columns; j++ {
			for k := i; k < min(i+4, rows); k++ {
				out[k*columns+j] = dot(l[k*ls:k*ls+length], r[j*rs:j*rs+length])
			}
		}
	}
}

// dotTile is products for four rows of l and two of r, whose eight running sums
// fit in registers; the rows of out are os apart.
func dotTile(out []float64, os int, l []float64, ls int, r []float64, rs, length int) {
	l0, l1, l2, l3 := l[:length], l[ls:][:length], l[2*ls:][:length], l[3*ls:][:length]
	r0, r1 := r[:length], r[rs:][:length]
	var a0, a1, b0, b1, c0, c1, d0, d1 float64
	for k, u := range r0 {
		v := r1[k]
		w := l0[k]
		a0 += float64(w * u)
		a1 += float64(w * v)
		w = l1[k]
		b0 += float64(w * u)
		b1 += float64(w * v)
		w = l2[k]
		c0 += float64(w * u)
		c1 += float64(w * v)
		w = l3[k]
		d0 += float64(w * u)
		d1 += float64(w * v)
	}
	out[0], out[1] = a0, a1
	out[os], out[os+1] = b0, b1
	out[2*os], out[2*os+1] = c0, c1
	out[3*os], out[3*os+1] = d0, d1
}
