package fmath

import "math"

// Sin returns the sine of x radians.
//
// Special cases are: Sin(±0) = ±0, Sin(±Inf) = NaN, Sin(NaN) = NaN.
func Sin(x float64) float64 {
	if !(math.Abs(x) <= math.MaxFloat64) {
		return math.NaN()
	}
	if x == 0 {
		return x
	}
	q, r, rl := reduce(x)
	var y float64
	if q&1 == 0 {
		y = sinSeries(r, rl)
	} else {
		y = cosSeries(r, rl)
	}
	if q&2 != 0 {
		return -y
	}
	return y
}

// Cos returns the cosine of x radians.
//
// Special cases are: Cos(±Inf) = NaN, Cos(NaN) = NaN.
func Cos(x float64) float64 {
	if !(math.Abs(x) <= math.MaxFloat64) {
		return math.NaN()
	}
	q, r, rl := reduce(x)
	var y float64
	if q&1 == 0 {
		y = cosSeries(r, rl)
	} else {
		y = sinSeries(r, rl)
	}
	if (q+1)&2 != 0 {
		return -y
	}
	return y
}

// Sincos returns Sin(x) and Cos(x), the same bits at about half the cost.
func Sincos(x float64) (sin, cos float64) {
	if !(math.Abs(x) <= math.MaxFloat64) {
		return math.NaN(), math.NaN()
	}
	if x == 0 {
		return x, 1
	}
	q, r, rl := reduce(x)
	return turnQuarters(q, sinSeries(r, rl), cosSeries(r, rl))
}

// SincosTurns returns the sine and cosine of 2πt, t in turns and |t| < 2^50.
// It is exact at quarter turns and cheaper than Sincos. It panics beyond that
// range.
func SincosTurns(t float64) (sin, cos float64) {
	if !(math.Abs(t) < 0x1p50) {
		panic("fmath: SincosTurns: |t| must be below 2^50")
	}
	k := (float64(4*t) + roundToInt) - roundToInt
	f := t - float64(0.25*k)
	r, rl := twoProduct(f, 4*halfPiHi)
	rl += float64(f * (4 * halfPiLo))
	return turnQuarters(uint(int64(k)), sinSeries(r, rl), cosSeries(r, rl))
}

// turnQuarters returns sine and cosine of the angle whose sine and cosine are
// s and c plus q quarter turns.
func turnQuarters(q uint, s, c float64) (sin, cos float64) {
	if q&1 != 0 {
		s, c = c, -s
	}
	if q&2 != 0 {
		s, c = -s, -c
	}
	return s, c
}

// Reciprocal factorials of the Taylor series.
const (
	inv3f  = 1.0 / 6
	inv4f  = inv3f / 4
	inv5f  = inv4f / 5
	inv6f  = inv5f / 6
	inv7f  = inv6f / 7
	inv8f  = inv7f / 8
	inv9f  = inv8f / 9
	inv10f = inv9f / 10
	inv11f = inv10f / 11
	inv12f = inv11f / 12
	inv13f = inv12f / 13
	inv14f = inv13f / 14
	inv15f = inv14f / 15
	inv16f = inv15f / 16
	inv17f = inv16f / 17
)

// sinSeries is sin(r + rl) for |r| <= π/4: the remainder r^19/19! is 2^-63
// of the sine.
func sinSeries(r, rl float64) float64 {
	p, z := sinTail(r)
	return r + (p + float64(rl*(1-float64(0.5*z))))
}

// sinTail returns sin r - r, and r².
func sinTail(r float64) (p, z float64) {
	z = float64(r * r)
	z2 := float64(z * z)
	z4 := float64(z2 * z2)
	a := -inv3f + float64(z*inv5f)
	b := -inv7f + float64(z*inv9f)
	c := -inv11f + float64(z*inv13f)
	d := -inv15f + float64(z*inv17f)
	p = (a + float64(z2*b)) + float64(z4*(c+float64(z2*d)))
	return float64(float64(z*r) * p), z
}

// cosSeries is cos(r + rl) for |r| <= π/4: the remainder r^18/18! is 2^-58.
func cosSeries(r, rl float64) float64 {
	h, l := cosParts(r, rl)
	return h + l
}

// cosParts returns cos(r + rl) as a sum, the second part small.
func cosParts(r, rl float64) (h, l float64) {
	z := float64(r * r)
	z2 := float64(z * z)
	z4 := float64(z2 * z2)
	a := inv4f + float64(z*-inv6f)
	b := inv8f + float64(z*-inv10f)
	c := inv12f + float64(z*-inv14f)
	c += float64(z2 * inv16f)
	p := a + float64(z2*b) + float64(z4*c)
	hz := float64(0.5 * z)
	h = 1 - hz
	return h, ((1 - h) - hz) + (float64(z2*p) - float64(r*rl))
}

// Tan returns the tangent of x radians.
//
// Special cases are: Tan(±0) = ±0, Tan(±Inf) = NaN, Tan(NaN) = NaN.
func Tan(x float64) float64 {
	switch {
	case !(math.Abs(x) <= math.MaxFloat64):
		return math.NaN()
	case math.Abs(x) < 0x1p-27:
		return x
	}
	q, r, rl := reduce(x)
	p, z := sinTail(r)
	sh, sl := fastTwoSum(r, p+float64(rl*(1-float64(0.5*z))))
	// cos to more than a float64: r² with its error.
	zh, zl := twoProduct(r, r)
	ch, cl := cosParts(r, rl)
	ch, cl = fastTwoSum(ch, cl-(float64(0.5*zl)+float64(0.5*(zh-z))))
	if q&1 == 0 {
		h, l := divDouble(sh, sl, ch, cl)
		return h + l
	}
	h, l := divDouble(-ch, -cl, sh, sl)
	return h + l
}
