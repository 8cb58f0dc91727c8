package voids

import (
	"math"

	"runlua/kernels/fft"
	"runlua/kernels/fmath"
	"runlua/kernels/par"
)

// windows makes filters of functions of the wavenumber. It owns the filter that
// it returns, so that the next one takes its place.
type windows struct {
	plan   *fft.Real3
	pool   *par.Pool
	unit   float64   // 2π/L, h/Mpc
	values []float64 // by |m|²
	filter *fft.Filter[float64]
}

func newWindows(plan *fft.Real3, pool *par.Pool, box float64) *windows {
	m := plan.Layout().N
	return &windows{
		plan: plan, pool: pool, unit: 2 * math.Pi / box,
		values: make([]float64, 3*(m/2)*(m/2)+1), filter: plan.NewFilter(),
	}
}

// topHat is the top-hat of radius r, Eq. (2).
func (w *windows) topHat(r float64) *fft.Filter[float64] {
	return w.of(func(k float64) float64 { return topHat(k * r) })
}

// windowBlock is how many wavenumbers a block of parallel work computes.
const windowBlock = 1 << 10

// of is the filter by a function of the wavenumber k, h/Mpc.
func (w *windows) of(window func(k float64) float64) *fft.Filter[float64] {
	n := len(w.values)
	w.pool.For((n+windowBlock-1)/windowBlock, func(b int) {
		for i := b * windowBlock; i < min(n, (b+1)*windowBlock); i++ {
			w.values[i] = window(w.unit * math.Sqrt(float64(i)))
		}
	})
	w.plan.SetFilter(w.filter, func(kx, ky, kz int, factors []float64) {
		perp := kx*kx + ky*ky
		for i := range factors {
			z := kz + i
			factors[i] = w.values[perp+z*z]
		}
	})
	return w.filter
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
