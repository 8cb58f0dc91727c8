package fmath

import "math"

// A double-double is an unevaluated sum hi + lo, |lo| at most half a unit of
// hi's last place: about 106 bits.

// twoSum returns a + b exactly (Knuth), for any order of sizes.
func twoSum(a, b float64) (hi, lo float64) {
	hi = a + b
	t := hi - a
	return hi, (a - (hi - t)) + (b - t)
}

// fastTwoSum is twoSum for |a| >= |b| or a = 0 (Dekker).
func fastTwoSum(a, b float64) (hi, lo float64) {
	hi = a + b
	return hi, (a - hi) + b
}

// split returns x = hi + lo with 26 bits or fewer in each (Veltkamp).
// |x| must be below 2^996.
func split(x float64) (hi, lo float64) {
	const c = 1<<27 + 1
	t := float64(c * x)
	hi = t - (t - x)
	return hi, x - hi
}

// twoProduct returns a·b exactly, unless it or its error over- or underflows.
func twoProduct(a, b float64) (hi, lo float64) {
	ah, al := split(a)
	bh, bl := split(b)
	hi = float64(a * b)
	lo = float64(ah*bh) - hi
	lo += float64(ah * bl)
	lo += float64(al * bh)
	lo += float64(al * bl)
	return hi, lo
}

// mulDouble returns the product of two double-doubles, relative error 2^-102.
func mulDouble(ah, al, bh, bl float64) (hi, lo float64) {
	hi, lo = twoProduct(ah, bh)
	lo += float64(ah*bl) + float64(al*bh)
	return fastTwoSum(hi, lo)
}

// divDouble returns the quotient of two double-doubles, relative error 2^-100.
func divDouble(ah, al, bh, bl float64) (hi, lo float64) {
	hi = ah / bh
	p, e := twoProduct(hi, bh)
	lo = (((ah - p) - e) + al - float64(hi*bl)) / bh
	return fastTwoSum(hi, lo)
}

// sqrtDouble returns the square root of a double-double, hi + lo > 0.
func sqrtDouble(hi, lo float64) (rh, rl float64) {
	rh = math.Sqrt(hi)
	p, e := twoProduct(rh, rh)
	return fastTwoSum(rh, (((hi-p)-e)+lo)/(2*rh))
}
