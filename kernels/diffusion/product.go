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

// mean sets out to the sum of the rows of y times their weights, added from the
// first to the last. Rows of weight 0 are not read, which changes no bit: they
// are finite.
func mean(out, weights, y []float64) {
	length := len(out)
	clear(out)
	var group [4]int
	n := 0
	for k, w := range weights {
		if w == 0 {
			continue
		}
		if group[n] = k; n < 3 {
			n++
			continue
		}
		n = 0
		w0, w1, w2, w3 := weights[group[0]], weights[group[1]], weights[group[2]], weights[group[3]]
		y0, y1 := y[group[0]*length:(group[0]+1)*length], y[group[1]*length:(group[1]+1)*length]
		y2, y3 := y[group[2]*length:(group[2]+1)*length], y[group[3]*length:(group[3]+1)*length]
		for i, v := range out {
			v += float64(w0 * y0[i])
			v += float64(w1 * y1[i])
			v += float64(w2 * y2[i])
			out[i] = v + float64(w3*y3[i])
		}
	}
	for _, k := range group[:n] {
		w, row := weights[k], y[k*length:(k+1)*length]
		for i := range out {
			out[i] += float64(w * row[i])
		}
	}
}
