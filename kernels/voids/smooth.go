package voids

import (
	"math"

	"runlua/kernels/fft"
	"runlua/kernels/fmath"
)

// smooth leaves in dst the field of the given modes (half complex, unchanged)
// smoothed with a top-hat of radius r, Eq. (2).
func smooth(plan *fft.Real3, dst, modes []float64, box, r float64) {
	filter(plan, dst, modes, box, func(k float64) float64 { return topHat(k * r) })
}

// filter leaves in dst the field of the given modes multiplied by a window of
// the wavenumber k, h/Mpc.
func filter(plan *fft.Real3, dst, modes []float64, box float64, of func(k float64) float64) {
	lay := plan.Layout()
	m := lay.N
	window := make([]float64, 3*(m/2)*(m/2)+1)
	for i := range window {
		window[i] = of(2 * math.Pi / box * math.Sqrt(float64(i)))
	}
	plan.Apply(dst, func(ix, iy int, row []float64) {
		src := modes[lay.Index(ix, iy, 0):][:len(row)]
		jx, jy := fft.Wave(ix, m), fft.Wave(iy, m)
		perp := jx*jx + jy*jy
		for iz := 0; 2*iz < len(row); iz++ {
			w := window[perp+iz*iz]
			row[2*iz] = src[2*iz] * w
			row[2*iz+1] = src[2*iz+1] * w
		}
	})
	plan.Inverse(dst)
}

// topHat is W of Eq. (2): the transform of a sphere of unit volume. Below
// x = ½, where the two terms cancel, it is the power series, whose first
// neglected term is under 1e-14.
func topHat(x float64) float64 {
	if x < 0.5 {
		y := x * x
		s := 1.0/1330560 - y/172972800
		s = -1.0/15120 + float64(y*s)
		s = 1.0/280 + float64(y*s)
		s = -1.0/10 + float64(y*s)
		return 1 + float64(y*s)
	}
	sin, cos := fmath.Sincos(x)
	return 3 * (sin - float64(x*cos)) / (x * x * x)
}

// gaussian is the transform of a Gaussian of unit volume, exp(-x²/2), x = kσ.
func gaussian(x float64) float64 { return fmath.Exp(-float64(x*x) / 2) }
