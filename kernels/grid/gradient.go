package grid

import "fmt"

// Gradient sets dst to the component of the gradient of field along axis
// (0, 1, 2 for x, y, z), by Eq. (2). dst must not overlap field. It panics if
// either is no mesh of the grid's layout or if there is no such axis.
func (g *Grid) Gradient(dst, field []float64, axis int) {
	g.checkMesh(dst)
	g.checkMesh(field)
	if axis < 0 || axis > 2 {
		panic(fmt.Sprintf("grid: Gradient along axis %d of 0, 1, 2", axis))
	}
	n, c := g.layout.N, g.inv/12
	g.pool.For(n, func(x int) {
		for y := range n {
			at := func(dx, dy int) []float64 {
				o := g.xs[x+dx+below] + g.ys[y+dy+below]
				return field[o : o+n]
			}
			o := g.layout.Index(x, y, 0)
			row := dst[o : o+n]
			switch axis {
			case 0:
				differenceRows(row, at(-2, 0), at(-1, 0), at(1, 0), at(2, 0), c)
			case 1:
				differenceRows(row, at(0, -2), at(0, -1), at(0, 1), at(0, 2), c)
			default:
				differenceAlong(row, at(0, 0), c)
			}
		}
	})
}

// difference is Eq. (2) with c = 1/12h.
func difference(a, b, d, e, c float64) float64 {
	return float64(c * (float64(8*(d-b)) - (e - a)))
}

// differenceRows is Eq. (2) for whole rows, from those at -2, -1, +1, +2.
func differenceRows(dst, a, b, d, e []float64, c float64) {
	a, b, d, e = a[:len(dst)], b[:len(dst)], d[:len(dst)], e[:len(dst)]
	for i := range dst {
		dst[i] = difference(a[i], b[i], d[i], e[i], c)
	}
}

// differenceAlong is Eq. (2) along a periodic row of at least 4 points.
func differenceAlong(dst, f []float64, c float64) {
	n := len(f)
	for i := 2; i < n-2; i++ {
		dst[i] = difference(f[i-2], f[i-1], f[i+1], f[i+2], c)
	}
	for _, i := range []int{0, 1, n - 2, n - 1} {
		dst[i] = difference(f[(i+n-2)%n], f[(i+n-1)%n], f[(i+1)%n], f[(i+2)%n], c)
	}
}
