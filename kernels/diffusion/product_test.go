package diffusion

import (
	"math"
	"testing"
)

// rough returns numbers whose sums depend on the order.
func rough(n int, phase float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Sin(phase+1.7*float64(i)) * math.Exp(3*math.Cos(float64(i)))
	}
	return x
}

// A row's products have the bits of a plain loop, for every number of rows:
// the tiles and the rows left over agree.
func TestProductsAddInOneOrder(t *testing.T) {
	for _, rows := range []int{1, 2, 3, 5} {
		for n := range 10 {
			for _, length := range []int{1, 2, 7, 30} {
				x, y := rough(rows*length, 0), rough(n*length, 1)
				got := make([]float64, rows*n)
				dots(got, x, y, rows, n, length)
				w := rough(rows*n, 2)
				for i := 0; i < len(w); i += 3 {
					w[i] = 0
				}
				sum := rough(rows*length, 3) // what was there must not count
				means(sum, w, y, rows, n, length)
				for r := range rows {
					for k := range n {
						var want float64
						for i := range length {
							want += float64(x[r*length+i] * y[k*length+i])
						}
						if got[r*n+k] != want {
							t.Fatalf("dots of %d×%d by %d: [%d][%d] is %v, want %v", rows, n, length, r, k, got[r*n+k], want)
						}
					}
					for i := range length {
						var want float64
						for k := range n {
							want += float64(w[r*n+k] * y[k*length+i])
						}
						if sum[r*length+i] != want {
							t.Fatalf("means of %d×%d by %d: [%d][%d] is %v, want %v", rows, n, length, r, i, sum[r*length+i], want)
						}
					}
				}
			}
		}
	}
}
