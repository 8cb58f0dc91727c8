package fmath

import "math"

// atanTable holds atan(i/16) as a double-double.
var atanTable = [17]struct{ hi, lo float64 }{
	{0, 0},
	{0x1.ff55bb72cfdeap-5, -0x1.c934d86d23f1dp-60},
	{0x1.fd5ba9aac2f6ep-4, -0x1.cd37686760c17p-59},
	{0x1.7b97b4bce5b02p-3, 0x1.347b0b4f881cap-58},
	{0x1.f5b75f92c80ddp-3, 0x1.8ab6e3cf7afbdp-57},
	{0x1.362773707ebccp-2, -0x1.963a544b672d8p-57},
	{0x1.6f61941e4def1p-2, -0x1.c63aae6f6e918p-56},
	{0x1.a64eec3cc23fdp-2, -0x1.24dec1b50b7ffp-56},
	{0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56},
	{0x1.0657e94db30d0p-1, -0x1.d5b495f6349e6p-56},
	{0x1.1e00babdefeb4p-1, -0x1.928df287a668fp-58},
	{0x1.345f01cce37bbp-1, 0x1.1021137c71102p-55},
	{0x1.4978fa3269ee1p-1, 0x1.2419a87f2a458p-56},
	{0x1.5d58987169b18p-1, 0x1.0028e4bc5e7cap-57},
	{0x1.700a7c5784634p-1, -0x1.8c34d25aadef6p-56},
	{0x1.819d0b7158a4dp-1, -0x1.bf76229d3b917p-56},
	{0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55},
}

// Atan returns the arctangent of x, in (-π/2, π/2).
//
// Special cases are: Atan(±0) = ±0, Atan(±Inf) = ±π/2, Atan(NaN) = NaN.
func Atan(x float64) float64 {
	switch ax := math.Abs(x); {
	case x != x || ax < 0x1p-28:
		return x
	case ax > 0x1p60:
		return math.Copysign(halfPiHi, x)
	default:
		h, l := atanQuotient(ax, 0, 1, 0)
		return math.Copysign(h+l, x)
	}
}

// atanQuotient returns atan(y/x) in [0, π/2] for double-doubles y >= 0 and
// x > 0 whose quotient is between 2^-70 and 2^70: atan(i/16) and the series of
// what is left, after exchanging y and x above 1. Relative error 2^-57.
func atanQuotient(yh, yl, xh, xl float64) (hi, lo float64) {
	exchange := yh > xh
	if exchange {
		yh, yl, xh, xl = xh, xl, yh, yl
	}
	th, tl := divDouble(yh, yl, xh, xl)
	if th < 1.0/32 {
		hi, lo = fastTwoSum(th, tl+atanTail(th))
	} else {
		// (t - c)/(1 + t c) with c = i/16; t - c is exact. Rounding
		// c t costs 2^-59 at most: it is far below 1, or the quotient is far
		// below the angle.
		i := int(float64(16*th) + 0.5)
		c := float64(float64(i) / 16)
		nh, nl := twoSum(th-c, tl)
		dh, dl := twoSum(1, float64(c*th))
		rh, rl := divDouble(nh, nl, dh, dl)
		cell := &atanTable[i]
		hi, lo = fastTwoSum(cell.hi, rh)
		hi, lo = fastTwoSum(hi, lo+(rl+cell.lo+atanTail(rh)))
	}
	if exchange {
		var e float64
		hi, e = fastTwoSum(halfPiHi, -hi)
		hi, lo = fastTwoSum(hi, e+(halfPiLo-lo))
	}
	return hi, lo
}

// atanTail is atan t - t for |t| <= 1/31: the remainder t^13/13 is 2^-63 of t.
func atanTail(t float64) float64 {
	z := float64(t * t)
	p := 1.0/9 - float64(z*(1.0/11))
	p = -1.0/7 + float64(z*p)
	p = 1.0/5 + float64(z*p)
	p = -1.0/3 + float64(z*p)
	return float64(float64(t*z) * p)
}

// Atan2 returns the angle of the point (x, y), in [-π, π].
//
// Special cases are (in order):
//
//	Atan2(y, NaN) = NaN
//	Atan2(NaN, x) = NaN
//	Atan2(±0, x>=0) = ±0
//	Atan2(±0, x<=-0) = ±π
//	Atan2(y>0, 0) = +π/2
//	Atan2(y<0, 0) = -π/2
//	Atan2(±Inf, +Inf) = ±π/4
//	Atan2(±Inf, -Inf) = ±3π/4
//	Atan2(y, +Inf) = ±0
//	Atan2(y, -Inf) = ±π
//	Atan2(±Inf, x) = ±π/2
func Atan2(y, x float64) float64 {
	ax, ay := math.Abs(x), math.Abs(y)
	var h, l float64
	switch {
	case x != x || y != y:
		return math.NaN()
	case ay == 0 || ax > math.MaxFloat64 && ay <= math.MaxFloat64:
		h, l = 0, 0
	case ax == 0 || ay > math.MaxFloat64 && ax <= math.MaxFloat64:
		h, l = halfPiHi, halfPiLo
	case ax > math.MaxFloat64: // both infinite
		h, l = halfPiHi/2, halfPiLo/2
	default:
		my, ey := math.Frexp(ay)
		mx, ex := math.Frexp(ax)
		switch e := ey - ex; {
		case e > 60:
			h, l = halfPiHi, halfPiLo
		case e < -60 && !math.Signbit(x):
			return math.Copysign(math.Ldexp(my/mx, e), y)
		case e < -60:
			h, l = 0, 0
		default:
			h, l = atanQuotient(math.Ldexp(my, e), 0, mx, 0)
		}
	}
	if math.Signbit(x) {
		var e float64
		h, e = fastTwoSum(2*halfPiHi, -h)
		l = e + (2*halfPiLo - l)
	}
	return math.Copysign(h+l, y)
}

// Asin returns the arcsine of x, in [-π/2, π/2].
//
// Special cases are: Asin(±0) = ±0, Asin(x) = NaN for |x| > 1 or NaN.
func Asin(x float64) float64 {
	ax := math.Abs(x)
	switch {
	case !(ax <= 1):
		return math.NaN()
	case ax < 0x1p-27:
		return x
	case ax == 1:
		return math.Copysign(halfPiHi, x)
	}
	sh, sl := sqrtOneMinusSquare(ax)
	h, l := atanQuotient(ax, 0, sh, sl)
	return math.Copysign(h+l, x)
}

// Acos returns the arccosine of x, in [0, π].
//
// Special case is: Acos(x) = NaN for |x| > 1 or NaN.
func Acos(x float64) float64 {
	ax := math.Abs(x)
	var h, l float64
	switch {
	case !(ax <= 1):
		return math.NaN()
	case ax < 0x1p-60:
		return halfPiHi
	case ax < 1:
		sh, sl := sqrtOneMinusSquare(ax)
		h, l = atanQuotient(sh, sl, ax, 0)
	}
	if x < 0 {
		var e float64
		h, e = fastTwoSum(2*halfPiHi, -h)
		l = e + (2*halfPiLo - l)
	}
	return h + l
}

// sqrtOneMinusSquare returns sqrt(1 - x²) as a double-double for 0 < x < 1.
func sqrtOneMinusSquare(x float64) (hi, lo float64) {
	p, e := twoProduct(x, x)
	h, l := twoSum(1, -p)
	return sqrtDouble(twoSum(h, l-e))
}
