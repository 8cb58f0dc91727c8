package power

import "runlua/kernels/fft"

// shellSums are Σ Re(δ_a δ_b*)/W² over the wave vectors of each shell, k and -k
// both, gathered from the blocks that fft's SeeModes shows. Those of one iy are
// added in their order, then the iy in theirs, so that the bits depend on how rows
// are cut and on nothing else.
type shellSums struct {
	n      int
	shells *shells
	window *windowTable
	double []float64   // 1/W² by kz, of k and -k: twice, but for kz = 0
	byY    [][]partial // by iy; nil where there are none
}

// A partial is the sum of a shell in one iy. Modes that follow one another in a
// row often fall in one shell: they go to its parts in turn, so that no addition
// waits for the one before.
type partial [4]float64

func newShellSums(n int, sh *shells, window *windowTable) *shellSums {
	s := &shellSums{n: n, shells: sh, window: window, byY: make([][]partial, n)}
	for kz, w := range window.inverse {
		// The plane k_z = 0 holds both k and -k; elsewhere -k is implied.
		weight := 2.0
		if kz == 0 {
			weight = 1
		}
		s.double = append(s.double, weight*w)
	}
	return s
}

// end is the number of modes of the rows (ix, iy) that the shells have a part in.
func (s *shellSums) end(iy int) int { return s.shells.end(square(fft.Wave(iy, s.n))) }

// addBlock adds the modes of all ix of iy in the width columns from kz on.
// products sets terms to Re(δ_a δ_b*) of the first of them, of the rows ix = plus and
// minus, k_x and -k_x, together: they share shell and window.
func (s *shellSums) addBlock(iy, kz, width int, products func(plus, minus int, terms []float64)) {
	if s.byY[iy] == nil {
		s.byY[iy] = make([]partial, s.shells.count)
	}
	sums, terms, ky := s.byY[iy], make([]float64, width), square(fft.Wave(iy, s.n))
	for kx := range s.n / 2 {
		perp := ky + kx*kx
		count := min(width, s.shells.end(perp)-kz)
		if count <= 0 {
			return
		}
		weight, minus := s.window.inverse[kx], s.n-kx
		if kx == 0 {
			weight, minus = weight/2, 0 // it is its own negative
		}
		products(kx, minus, terms[:count])
		of, columns := s.shells.of[perp:], s.double[kz:][:count]
		for j, term := range terms[:count] {
			sums[of[square(kz+j)]][j%len(partial{})] += float64(term * float64(weight*columns[j]))
		}
	}
}

// addSquares adds |δ|² of a block that SeeModes shows.
func addSquares[T fft.Float](s *shellSums, iy, kz, width int, modes []T) {
	s.addBlock(iy, kz, width, func(plus, minus int, terms []float64) {
		p, m := modes[2*plus*width:][:2*len(terms)], modes[2*minus*width:][:2*len(terms)]
		for i := range terms {
			a, b := float64(p[2*i]), float64(p[2*i+1])
			c, d := float64(m[2*i]), float64(m[2*i+1])
			terms[i] = float64(a*a) + float64(b*b) + (float64(c*c) + float64(d*d))
		}
	})
}

// addProducts adds Re(δ_a δ_b*) of the blocks of two fields.
func addProducts[T fft.Float](s *shellSums, iy, kz, width int, a, b []T) {
	s.addBlock(iy, kz, width, func(plus, minus int, terms []float64) {
		clear(terms)
		for _, ix := range [2]int{plus, minus} {
			p, q := a[2*ix*width:][:2*len(terms)], b[2*ix*width:][:2*len(terms)]
			for i := range terms {
				terms[i] += float64(float64(p[2*i])*float64(q[2*i])) + float64(float64(p[2*i+1])*float64(q[2*i+1]))
			}
		}
	})
}

// total is the sum of each shell.
func (s *shellSums) total() []float64 {
	total := make([]float64, s.shells.count)
	for iy, sums := range s.byY {
		y := fft.Wave(iy, s.n)
		for i, p := range sums {
			total[i] += float64((p[0] + p[1] + (p[2] + p[3])) * s.window.inverse[max(y, -y)])
		}
	}
	return total
}

func square(i int) int { return i * i }
