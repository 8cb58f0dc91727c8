package fmath

import "math"

// largestIntegerPower bounds the integer exponents whose powers are formed by
// multiplication.
const largestIntegerPower = 64

// Pow returns x**y.
//
// Integer y up to 64 in size are rounded once from a 100-bit product, so
// Pow(x, 2) is x*x, Pow(x, -1) is 1/x, and a power that float64 can hold is
// exact; Pow(x, 0.5) is Sqrt(x).
//
// Special cases are (in order):
//
//	Pow(x, ±0) = 1 for any x
//	Pow(1, y) = 1 for any y
//	Pow(x, 1) = x for any x
//	Pow(NaN, y) = NaN
//	Pow(x, NaN) = NaN
//	Pow(±0, y) = ±Inf for y an odd integer < 0
//	Pow(±0, -Inf) = +Inf
//	Pow(±0, +Inf) = +0
//	Pow(±0, y) = +Inf for finite y < 0 and not an odd integer
//	Pow(±0, y) = ±0 for y an odd integer > 0
//	Pow(±0, y) = +0 for finite y > 0 and not an odd integer
//	Pow(-1, ±Inf) = 1
//	Pow(x, +Inf) = +Inf for |x| > 1
//	Pow(x, -Inf) = +0 for |x| > 1
//	Pow(x, +Inf) = +0 for |x| < 1
//	Pow(x, -Inf) = +Inf for |x| < 1
//	Pow(+Inf, y) = +Inf for y > 0
//	Pow(+Inf, y) = +0 for y < 0
//	Pow(-Inf, y) = Pow(-0, -y)
//	Pow(x, y) = NaN for finite x < 0 and finite non-integer y
func Pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case y == 1:
		return x
	case x != x || y != y:
		return math.NaN()
	case x == 0 || math.IsInf(x, 0) || math.IsInf(y, 0):
		return powSpecial(x, y)
	}
	integer := y == math.Trunc(y)
	if x < 0 && !integer {
		return math.NaN()
	}
	switch {
	case y == 2:
		return float64(x * x)
	case y == -1:
		return 1 / x
	case y == 0.5:
		return math.Sqrt(x)
	}
	sign := 1.0
	if x < 0 && isOdd(y) {
		sign = -1
	}
	x = math.Abs(x)
	if integer && math.Abs(y) <= largestIntegerPower {
		if p, ok := powInteger(x, int(y)); ok {
			return sign * p
		}
	}
	return sign * powPositive(x, y)
}

// powPositive returns x^y = e^(y ln x), x positive and finite, x and y not 1.
func powPositive(x, y float64) float64 {
	h, l := logDouble(x)
	switch p := y * h; {
	case p > 710:
		return math.Inf(1)
	case p < -746:
		return 0
	case math.Abs(p) < 0x1p-60:
		return 1
	}
	// |y| is between 2^-70 and 2^63 here, so nothing over- or underflows.
	ph, pl := twoProduct(y, h)
	pl += float64(y * l)
	return expDouble(ph, pl)
}

// powInteger returns x^n by repeated squaring in double-double for positive
// finite x, ok only if no rounding below the normal range can matter.
func powInteger(x float64, n int) (p float64, ok bool) {
	m, e := math.Frexp(x)
	if e *= n; e < -950 || e > 1000 { // 2^(e-64) <= x^n <= 2^(e+64)
		return 0, false
	}
	h, l := 1.0, 0.0
	bh, bl := m, 0.0
	for k := max(n, -n); ; {
		switch {
		case k&1 == 0:
		case h == 1:
			h, l = bh, bl
		default:
			h, l = mulDouble(h, l, bh, bl)
		}
		if k >>= 1; k == 0 {
			break
		}
		bh, bl = mulDouble(bh, bl, bh, bl)
	}
	if n < 0 {
		h, _ = divDouble(1, 0, h, l)
	}
	return math.Ldexp(h, e), true
}

// isOdd reports whether y is an odd integer.
func isOdd(y float64) bool {
	return math.Abs(y) < 1<<53 && y == math.Trunc(y) && int64(y)&1 == 1
}

// powSpecial is Pow where x is 0 or infinite or y is infinite.
func powSpecial(x, y float64) float64 {
	switch {
	case math.IsInf(y, 0):
		switch ax := math.Abs(x); {
		case ax == 1:
			return 1
		case (ax > 1) == (y > 0):
			return math.Inf(1)
		}
		return 0
	case (x == 0) == (y < 0): // grows without bound
		if isOdd(y) {
			return math.Copysign(math.Inf(1), x)
		}
		return math.Inf(1)
	case isOdd(y):
		return math.Copysign(0, x)
	}
	return 0
}
