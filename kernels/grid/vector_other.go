//go:build !amd64 || noasm

package grid

// vectorised is true on amd64 only.
const vectorised = false

func gradientCellSingle(f *float32, xs, ys *[6]int, fraction, slope *[3]float64) {
	panic("grid: no assembly here")
}

func gradientCell(f *float64, xs, ys *[6]int, fraction, slope *[3]float64) {
	panic("grid: no assembly here")
}

func roundEights(dst *float32, src *float64, eights int, base float64) {
	panic("grid: no assembly here")
}
