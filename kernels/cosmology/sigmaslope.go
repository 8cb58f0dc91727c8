package cosmology

import (
	"math"

	"runlua/kernels/fmath"
)

// SigmaSlope returns the rms of Eq. (12) in spheres of radius r Mpc/h, as
// Sigma does, and its logarithmic slope dlnσ/dlnr, which is negative:
//
//	dσ²/dlnr = ∫dlnk k³P(k) 2 W(x) xW′(x)/(2π²),  x = kr
//	xW′(x) = 3 (sin x/x - W(x))
//
// It panics unless r is positive and finite. The nodes are Sigma's, so sigma is
// Sigma's to the rounding; the slope's integrand falls more slowly (as P W/k),
// and what is left out of it is 1e-6.
func SigmaSlope(s Spectrum, r float64) (sigma, slope float64) {
	sigma = Sigma(s, r) // panics for what is no radius
	const kMin, panelsPerEfold, xLog, xMax = 1e-6, 16, 16 * math.Pi, 100 * math.Pi
	power := func(k float64) float64 { // dσ²/dlnr/dlnk
		x := float64(k * r)
		w := topHat(x)
		return float64(float64(k*k)*k) * s.P(k) * float64(w*windowSlope(x, w)) / (math.Pi * math.Pi)
	}
	var change float64
	l0, l1 := fmath.Log(kMin), fmath.Log(xLog/r)
	if l1 > l0 {
		panels := int(math.Ceil((l1 - l0) * panelsPerEfold))
		change = integrate(func(l float64) float64 { return power(fmath.Exp(l)) }, l0, l1, panels)
	}
	change += integrate(func(x float64) float64 { return power(x/r) / x }, xLog, xMax, 84)
	return sigma, change / float64(2*float64(sigma*sigma))
}

// windowSlope is x dW/dx of the top-hat, w its value at x.
func windowSlope(x, w float64) float64 {
	if x < 0.05 { // x d/dx of topHat's series; the closed form cancels here
		x2 := float64(x * x)
		s := 4.0/280 - float64(x2*(6.0/15120))
		s = -2.0/10 + float64(x2*s)
		return float64(x2 * s)
	}
	return 3 * (fmath.Sin(x)/x - w)
}
