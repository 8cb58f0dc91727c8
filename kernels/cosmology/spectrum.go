package cosmology

import (
	"math"

	"runlua/kernels/fmath"
)

// Spectrum is the linear matter power spectrum at z = 0.
type Spectrum interface {
	// P returns the power in (Mpc/h)³ at wavenumber k in h/Mpc, 0 for k <= 0.
	P(k float64) float64
}

// Sigma returns the rms of the linear density contrast in spheres of radius r
// Mpc/h, Eq. (12). It panics unless r is positive and finite.
//
// In ln k from 1e-6 h/Mpc to 1/r the panels are 1/16 wide, from there to
// k r = 100π half a period of the window; for spectra of cold dark matter what
// is left out is 1e-9 of σ², and the quadrature's own error is below that.
func Sigma(s Spectrum, r float64) float64 {
	if !(r > 0 && finite(r)) {
		panic(&ParamError{"r", "above 0 and finite", r})
	}
	const kMin, panelsPerEfold, halfPeriods = 1e-6, 16, 100
	power := func(k float64) float64 { // k³ P W²/(2π²) = dσ²/dlnk
		w := topHat(float64(k * r))
		return float64(float64(k*k)*k) * s.P(k) * float64(w*w) / (2 * math.Pi * math.Pi)
	}
	var variance float64
	x0 := fmath.Log(kMin)
	if x1 := -fmath.Log(r); x1 > x0 {
		panels := int(math.Ceil((x1 - x0) * panelsPerEfold))
		variance = integrate(func(x float64) float64 { return power(fmath.Exp(x)) }, x0, x1, panels)
	}
	variance += integrate(func(x float64) float64 { return power(x/r) / x }, 1, math.Pi*halfPeriods, halfPeriods)
	return math.Sqrt(variance)
}

// topHat is the Fourier transform of a ball of unit volume, Eq. (13).
func topHat(x float64) float64 {
	if x < 0.05 { // series to x^8/1330560
		x2 := float64(x * x)
		s := 1.0/280 - float64(x2*(1.0/15120))
		s = -1.0/10 + float64(x2*s)
		return 1 + float64(x2*s)
	}
	sin, cos := fmath.Sincos(x)
	return 3 * (sin - float64(x*cos)) / float64(float64(x*x)*x)
}
