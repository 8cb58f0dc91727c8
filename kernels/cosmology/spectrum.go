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
// The panels are 1/16 of an e-fold from k = 1e-6 h/Mpc to k r = 16π, at most
// half a period of the window and of the acoustic oscillations, and from there
// to k r = 100π half a period of the window. What is left out is 1e-9 of σ² for
// spectra of cold dark matter, and the quadrature's own error is below that.
func Sigma(s Spectrum, r float64) float64 {
	if !(r > 0 && finite(r)) {
		panic(&ParamError{"r", "above 0 and finite", r})
	}
	const kMin, panelsPerEfold, xLog, xMax = 1e-6, 16, 16 * math.Pi, 100 * math.Pi
	power := func(k float64) float64 { // k³ P W²/(2π²) = dσ²/dlnk
		w := topHat(float64(k * r))
		return float64(float64(k*k)*k) * s.P(k) * float64(w*w) / (2 * math.Pi * math.Pi)
	}
	var variance float64
	l0, l1 := fmath.Log(kMin), fmath.Log(xLog/r)
	if l1 > l0 {
		panels := int(math.Ceil((l1 - l0) * panelsPerEfold))
		variance = integrate(func(l float64) float64 { return power(fmath.Exp(l)) }, l0, l1, panels)
	}
	variance += integrate(func(x float64) float64 { return power(x/r) / x }, xLog, xMax, 84)
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
