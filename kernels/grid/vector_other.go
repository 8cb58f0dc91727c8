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

func moveEights(dst, src *float64, eights int, base float64) {
	panic("grid: no assembly here")
}

func roundEights(dst *float32, src *float64, eights int, base float64) {
	panic("grid: no assembly here")
}

func depositPlaces(lower, upper, pos *float64, indices *uint32, n, side, row int, mass, big, inv float64) {
	panic("grid: no assembly here")
}

func depositFractions(lower, upper *float64, pos, indices *uint32, n, side, row int, mass, big float64) {
	panic("grid: no assembly here")
}
