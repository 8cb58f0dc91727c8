package fmath

import "math"

// Cbrt returns the cube root of x.
//
// Special cases are: Cbrt(±0) = ±0, Cbrt(±Inf) = ±Inf, Cbrt(NaN) = NaN.
func Cbrt(x float64) float64 {
	if x == 0 || !(math.Abs(x) <= math.MaxFloat64) {
		return x
	}
	m, e := math.Frexp(math.Abs(x)) // m in [0.5, 1)
	k := (e + 3*400) / 3            // e = 3(k - 400) + rest
	m = math.Ldexp(m, e-3*(k-400))  // [0.5, 4)
	// A chord's quadratic, 4 % at worst; three of Halley's steps cube its
	// error each, one of Newton's with the exact residual rounds.
	t := 0.56 + float64(m*(0.5-float64(m*0.0595)))
	for range 3 {
		t3 := float64(float64(t*t) * t)
		t = float64(t * (t3 + float64(2*m)) / (float64(2*t3) + m))
	}
	qh, ql := twoProduct(t, t)
	qh, ql = mulDouble(qh, ql, t, 0)
	t += ((m - qh) - ql) / (3 * float64(t*t))
	return math.Copysign(math.Ldexp(t, k-400), x)
}
