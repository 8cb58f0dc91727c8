package power

import (
	"math"

	"runlua/kernels/fmath"
	"runlua/kernels/par"
)

// A waveSum is what a shell has of its wave vectors, k and -k both, whatever the
// field.
type waveSum struct {
	vectors  int
	k, noise float64 // Σ|m|, ΣC/W²
}

// sumWaves sums the wave vectors of each shell. All is even in each component and
// symmetric in the three: it takes those of 0 ≤ x ≤ y ≤ z as often as they occur,
// those of each x by themselves, then these in their order.
func sumWaves(pool *par.Pool, sh *shells, window *windowTable) []waveSum {
	byX := make([][]waveSum, sh.end(0))
	pool.For(len(byX), func(x int) {
		sums := make([]waveSum, sh.count)
		for y := x; y < sh.end(x*x+y*y); y++ {
			perp, noise := x*x+y*y, window.noise[x]*window.noise[y]
			many := multiplicity(x, y, y+1)
			for z := y + 1; z < sh.end(perp); z++ {
				sums[sh.of[perp+z*z]].add(many, perp+z*z, noise*window.noise[z])
			}
			sums[sh.of[perp+y*y]].add(multiplicity(x, y, y), perp+y*y, noise*window.noise[y])
		}
		byX[x] = sums
	})
	total := make([]waveSum, sh.count)
	for _, sums := range byX {
		for i, s := range sums {
			total[i].vectors += s.vectors
			total[i].k += s.k
			total[i].noise += s.noise
		}
	}
	return total
}

// add adds count vectors of |m|² = m2.
func (s *waveSum) add(count, m2 int, noise float64) {
	s.vectors += count
	s.k += float64(float64(count) * math.Sqrt(float64(m2)))
	s.noise += float64(float64(count) * noise)
}

// multiplicity is the number of vectors that signs and orders make of 0 ≤ x ≤ y ≤ z.
func multiplicity(x, y, z int) int {
	n := 6
	switch {
	case x == z:
		n = 1
	case x == y || y == z:
		n = 3
	}
	for _, i := range [3]int{x, y, z} {
		if i > 0 {
			n *= 2
		}
	}
	return n
}

// A windowTable holds one axis's factors of Eq. (4) by wave number, 0 to M/2.
type windowTable struct {
	inverse []float64 // of 1/W²
	noise   []float64 // of C/W²
}

func newWindowTable(m int, window Window) *windowTable {
	w := &windowTable{make([]float64, m/2+1), make([]float64, m/2+1)}
	for i := range w.inverse {
		w.inverse[i], w.noise[i] = 1, 1
		if window == NoWindow || i == 0 {
			continue
		}
		s := math.Pi * float64(i) / float64(m)
		sin := fmath.Sin(s)
		q := sin / s
		w.inverse[i] = 1 / (q * q * q * q)
		c := 1 - float64(2.0/3*sin*sin)
		w.noise[i] = c * w.inverse[i]
	}
	return w
}
