package fmath

import "math"

// Sinh returns the hyperbolic sine of x.
//
// Special cases are: Sinh(±0) = ±0, Sinh(±Inf) = ±Inf, Sinh(NaN) = NaN.
func Sinh(x float64) float64 {
	ax := math.Abs(x)
	switch {
	case x != x || ax < 0x1p-28:
		return x
	case ax > 40: // e^-x is below 2^-115 of e^x
		return math.Copysign(halfExp(ax), x)
	}
	// (m + m/(m+1))/2 with m = e^x - 1
	h, l := expm1Double(ax)
	eh, el := twoSum(h, 1)
	qh, ql := divDouble(h, l, eh, el+l)
	h, e := fastTwoSum(h, qh)
	return math.Copysign(0.5*(h+(e+l+ql)), x)
}

// Cosh returns the hyperbolic cosine of x.
//
// Special cases are: Cosh(±0) = 1, Cosh(±Inf) = +Inf, Cosh(NaN) = NaN.
func Cosh(x float64) float64 {
	ax := math.Abs(x)
	switch {
	case x != x:
		return x
	case ax < 0x1p-28:
		return 1
	case ax > 40:
		return halfExp(ax)
	}
	h, l := expm1Double(ax)
	h, e := twoSum(h, 1)
	l += e
	qh, ql := divDouble(1, 0, h, l)
	h, e = fastTwoSum(h, qh)
	return 0.5 * (h + (e + l + ql))
}

// halfExp returns e^x/2, which overflows later than e^x.
func halfExp(x float64) float64 {
	switch {
	case x > 711:
		return math.Inf(1)
	case x < 700:
		return 0.5 * Exp(x)
	}
	h, l := twoSum(x, -64*ln2Hi)
	return expDouble(h, l-64*ln2Lo) * 0x1p63
}

// Tanh returns the hyperbolic tangent of x.
//
// Special cases are: Tanh(±0) = ±0, Tanh(±Inf) = ±1, Tanh(NaN) = NaN.
func Tanh(x float64) float64 {
	ax := math.Abs(x)
	switch {
	case x != x || ax < 0x1p-28:
		return x
	case ax > 20: // 1 - tanh is below half a unit
		return math.Copysign(1, x)
	}
	// m/(m+2) with m = e^2x - 1
	h, l := expm1Double(2 * ax)
	dh, dl := twoSum(h, 2)
	h, l = divDouble(h, l, dh, dl+l)
	return math.Copysign(h+l, x)
}
