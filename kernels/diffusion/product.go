package diffusion

// dots sets out[r*n+k] to the scalar product of row r of x with row k of y,
// each of the given length, added from the front to the back whatever the
// numbers of rows: one row alone gets the same bits as among others.
func dots(out, x, y []float64, rows, n, length int) {
	// Two rows by four: eight running sums fit in registers.
	for k := 0; k < n; k += 4 {
		if n-k < 4 {
			for r := range rows {
				for j := k; j < n; j++ {
					out[r*n+j] = dot(x[r*length:(r+1)*length], y[j*length:(j+1)*length])
				}
			}
			return
		}
		y0, y1 := y[k*length:(k+1)*length], y[(k+1)*length:(k+2)*length]
		y2, y3 := y[(k+2)*length:(k+3)*length], y[(k+3)*length:(k+4)*length]
		r := 0
		for ; r+1 < rows; r += 2 {
			dots2x4(out[r*n+k:r*n+k+4], out[(r+1)*n+k:(r+1)*n+k+4], x[r*length:(r+1)*length], x[(r+1)*length:(r+2)*length], y0, y1, y2, y3)
		}
		if r < rows {
			row := x[r*length : (r+1)*length]
			out[r*n+k], out[r*n+k+1], out[r*n+k+2], out[r*n+k+3] = dot(row, y0), dot(row, y1), dot(row, y2), dot(row, y3)
		}
	}
}

func dot(a, b []float64) float64 {
	var s float64
	b = b[:len(a)]
	for i, v := range a {
		s += float64(v * b[i])
	}
	return s
}

func dots2x4(outA, outB, a, b, y0, y1, y2, y3 []float64) {
	n := len(a)
	b, y0, y1, y2, y3 = b[:n], y0[:n], y1[:n], y2[:n], y3[:n]
	var a0, a1, a2, a3, b0, b1, b2, b3 float64
	for i, va := range a {
		vb := b[i]
		w := y0[i]
		a0 += float64(va * w)
		b0 += float64(vb * w)
		w = y1[i]
		a1 += float64(va * w)
		b1 += float64(vb * w)
		w = y2[i]
		a2 += float64(va * w)
		b2 += float64(vb * w)
		w = y3[i]
		a3 += float64(va * w)
		b3 += float64(vb * w)
	}
	outA[0], outA[1], outA[2], outA[3] = a0, a1, a2, a3
	outB[0], outB[1], outB[2], outB[3] = b0, b1, b2, b3
}

// means sets row r of out to the sum of the rows of y times row r of weights,
// each element added from the first row of y to the last, whatever the number
// of rows of out. Rows of weight 0 may be left out, which changes no bit, since
// they are finite and no sum is −0.
func means(out, weights, y []float64, rows, n, length int) {
	clear(out)
	k := 0
	for ; k+4 <= n; k += 4 {
		y0, y1 := y[k*length:(k+1)*length], y[(k+1)*length:(k+2)*length]
		y2, y3 := y[(k+2)*length:(k+3)*length], y[(k+3)*length:(k+4)*length]
		for r := range rows {
			w := (*[4]float64)(weights[r*n+k:])
			if w[0] != 0 || w[1] != 0 || w[2] != 0 || w[3] != 0 {
				addFour(out[r*length:(r+1)*length], w, y0, y1, y2, y3)
			}
		}
	}
	for ; k < n; k++ {
		row := y[k*length : (k+1)*length]
		for r := range rows {
			w := weights[r*n+k]
			if w == 0 {
				continue
			}
			sum := out[r*length : (r+1)*length]
			for i, v := range row {
				sum[i] += float64(w * v)
			}
		}
	}
}

func addFour(out []float64, w *[4]float64, y0, y1, y2, y3 []float64) {
	n := len(out)
	y0, y1, y2, y3 = y0[:n], y1[:n], y2[:n], y3[:n]
	w0, w1, w2, w3 := w[0], w[1], w[2], w[3]
	for i, v := range out {
		v += float64(w0 * y0[i])
		v += float64(w1 * y1[i])
		v += float64(w2 * y2[i])
		out[i] = v + float64(w3*y3[i])
	}
}
