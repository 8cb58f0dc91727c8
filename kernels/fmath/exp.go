package fmath

import "math"

const (
	expCells  = 128
	expPerLn2 = 0x1.71547652b82fep+7 // 128/ln 2

	// ln 2/128 in two parts; a product of expLn2Hi (35 bits) with a cell's
	// number (18 bits) is exact.
	expLn2Hi = 0x1.62e42fefc0000p-8
	expLn2Lo = -0x1.c610ca86c3899p-44

	expOverflow  = 0x1.62e42fefa39efp+9  // above: +Inf
	expUnderflow = -0x1.74910d52d3052p+9 // below: 0

	roundToInt = 0x1.8p52 // adding it leaves the nearest integer in the low bits
)

// Exp returns e**x.
//
// Special cases are: Exp(+Inf) = +Inf, Exp(-Inf) = 0, Exp(NaN) = NaN;
// large x overflow to +Inf, very negative x to 0.
func Exp(x float64) float64 {
	switch {
	case x != x || x > math.MaxFloat64:
		return x
	case x > expOverflow:
		return math.Inf(1)
	case x < expUnderflow:
		return 0
	}
	return expDouble(x, 0)
}

// expDouble returns e^(x + xl), |xl| far below 2^-9, for x between -800 and
// 720: where the result leaves the range it is +Inf or 0.
func expDouble(x, xl float64) float64 {
	k, r := expReduce(x)
	cell := &expTable[k&(expCells-1)]
	p := expSeries(r+xl) + cell.tail
	e := k >> 7
	if e > -960 && e < 1023 { // s, and sp, normal
		s := math.Float64frombits(math.Float64bits(cell.s) + uint64(e)<<52)
		return s + float64(s*p)
	}
	return expEdge(cell.s, p, e)
}

// expReduce writes x = (k/128) ln 2 + r, |r| <= ln 2/256 = 0.0027, the error
// of r below 2^-61.
func expReduce(x float64) (k int64, r float64) {
	kd := float64(x*expPerLn2) + roundToInt
	kd -= roundToInt
	r = x - float64(kd*expLn2Hi)
	r -= float64(kd * expLn2Lo)
	return int64(kd), r
}

// expSeries is e^r - 1 for |r| <= 0.0028.
func expSeries(r float64) float64 { return r + expRest(r) }

// expRest is e^r - 1 - r for |r| <= 0.0028: the remainder r^6/720 is 2^-60.
func expRest(r float64) float64 {
	r2 := float64(r * r)
	q := float64(r2 * (1.0/24 + float64(r*(1.0/120))))
	q += 1.0/2 + float64(r*(1.0/6))
	return float64(r2 * q)
}

// expEdge returns (s + sp) 2^e where that or its parts may overflow or be
// subnormal, rounding once.
func expEdge(s, p float64, e int64) float64 {
	if e >= 1023 {
		return (s + float64(s*p)) * 0x1p1000 * math.Ldexp(1, int(e)-1000)
	}
	if e < -1100 {
		return 0
	}
	// 2^1022 times the value; below 1 the last place of the result is that
	// of 1 + y, so let the sum with 1 do the rounding.
	scale := math.Ldexp(1, int(e)+1022)
	y, t := fastTwoSum(float64(s*scale), float64(float64(s*scale)*p))
	if y < 1 {
		hi, lo := fastTwoSum(1, y)
		y = (hi + (lo + t)) - 1
	}
	return y * 0x1p-1022
}

// Expm1 returns e**x - 1, accurate for small x too.
//
// Special cases are: Expm1(+Inf) = +Inf, Expm1(-Inf) = -1, Expm1(±0) = ±0,
// Expm1(NaN) = NaN.
func Expm1(x float64) float64 {
	switch {
	case x != x || x > math.MaxFloat64:
		return x
	case x > expOverflow:
		return math.Inf(1)
	case x < -56*math.Ln2:
		return -1
	case math.Abs(x) < 0x1p-54:
		return x
	}
	if x > 64*math.Ln2 { // 1 is below 2^-64 of it
		return expDouble(x, 0)
	}
	h, l := expm1Double(x)
	return h + l
}

// expm1Double returns e^x - 1 as a double-double, relative error below 2^-59,
// for x up to 64 ln 2 in size and not 0.
func expm1Double(x float64) (hi, lo float64) {
	k, r := expReduce(x)
	if k == 0 {
		return fastTwoSum(x, expRest(x)+sixthTerm(x))
	}
	// rl is what rounding took from r.
	kd := float64(k)
	rl := ((x - float64(kd*expLn2Hi)) - r) - float64(kd*expLn2Lo)
	cell := &expTable[k&(expCells-1)]
	p := expRest(r) + (cell.tail + float64(cell.tail*r) + rl + sixthTerm(r)) // e^x = s (1 + r + p)
	s := math.Ldexp(cell.s, int(k>>7))
	ph, pl := twoProduct(s, r)
	hi, lo = twoSum(s, -1)
	hi, e := twoSum(hi, ph)
	return fastTwoSum(hi, lo+e+pl+float64(s*p))
}

// sixthTerm is the next term after expRest, felt where 1 is taken away.
func sixthTerm(r float64) float64 {
	r3 := float64(float64(r*r) * r)
	return float64(float64(r3*r3) * (1.0 / 720))
}
