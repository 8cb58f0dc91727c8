package fmath

import "math"

const (
	logCells  = 128
	logOffset = 0x3fe6000000000000 // the bits of 0.6875

	// ln 2 in two parts, the first to 42 binary places: an exponent's
	// multiple of it is exact.
	ln2Hi = 0x1.62e42fefa3800p-1
	ln2Lo = 0x1.ef35793c76730p-45

	smallestNormal = 0x1p-1022
)

// Log returns the natural logarithm of x.
//
// Special cases are: Log(+Inf) = +Inf, Log(0) = -Inf, Log(x < 0) = NaN,
// Log(NaN) = NaN.
func Log(x float64) float64 {
	ix := math.Float64bits(x)
	k := 0
	if ix-0x0010000000000000 >= 0x7fe0000000000000 { // not positive, normal, finite
		if special, ok := logSpecial(x); ok {
			return special
		}
		ix, k = math.Float64bits(x*0x1p52), -52
	}
	t := ix - logOffset
	cell := &logTable[t>>45&(logCells-1)]
	k += int(int64(t) >> 52)
	z := math.Float64frombits(ix - t&0xfff0000000000000)
	r, rl := logReduce(z, cell.invc)
	kd := float64(k)
	w := float64(kd*ln2Hi) + cell.hi
	hi := w + r
	lo := (w - hi) + r + (rl + (float64(kd*ln2Lo) + cell.lo))
	return hi + (lo + float64(float64(r*r)*logSeries(r)))
}

// logSpecial returns the logarithm where it needs no computing.
func logSpecial(x float64) (y float64, ok bool) {
	switch {
	case x == 0:
		return math.Inf(-1), true
	case x < 0:
		return math.NaN(), true
	case x != x || x > math.MaxFloat64:
		return x, true
	}
	return 0, false
}

// logReduce returns z·invc - 1 = r + rl. Both halves of z (32 and 21 bits)
// times invc (15 bits) are exact.
func logReduce(z, invc float64) (r, rl float64) {
	zh := math.Float64frombits(math.Float64bits(z) &^ (1<<21 - 1))
	a := float64(zh*invc) - 1
	b := float64((z - zh) * invc)
	r = a + b
	return r, (a - r) + b
}

// logSeries is (ln(1+r) - r)/r² for |r| <= 2^-7: the remainder, over the
// logarithm, is r^8/9 = 2^-59.
func logSeries(r float64) float64 {
	r2 := float64(r * r)
	a := -1.0/2 + float64(r*(1.0/3))
	b := -1.0/4 + float64(r*(1.0/5))
	c := -1.0/6 + float64(r*(1.0/7))
	c += float64(r2 * (-1.0 / 8))
	return a + float64(r2*(b+float64(r2*c)))
}

// logDouble returns ln x as a double-double for positive finite x, relative
// error below 2^-65.
func logDouble(x float64) (hi, lo float64) {
	k := 0
	if x < smallestNormal {
		x, k = x*0x1p52, -52
	}
	ix := math.Float64bits(x)
	t := ix - logOffset
	cell := &logTable[t>>45&(logCells-1)]
	k += int(int64(t) >> 52)
	z := math.Float64frombits(ix - t&0xfff0000000000000)
	r, rl := logReduce(z, cell.invc)
	kd := float64(k)

	// ln x = w + (r + rl) - r²/2 + r³(1/3 - r/4 …) + small parts
	hi, lo = fastTwoSum(float64(kd*ln2Hi)+cell.hi, r)
	lo += rl + (float64(kd*ln2Lo) + cell.lo)
	q, ql := twoProduct(r, float64(-0.5*r))
	hi, e := fastTwoSum(hi, q)
	lo += e + (ql - float64(r*rl))
	p := 1.0/9 + float64(r*(-1.0/10))
	p = -1.0/8 + float64(r*p)
	p = 1.0/7 + float64(r*p)
	p = -1.0/6 + float64(r*p)
	p = 1.0/5 + float64(r*p)
	p = -1.0/4 + float64(r*p)
	p = 1.0/3 + float64(r*p)
	lo += float64(float64(r*float64(r*r)) * p)
	return fastTwoSum(hi, lo)
}

// Log1p returns ln(1 + x), accurate for small x too.
//
// Special cases are: Log1p(+Inf) = +Inf, Log1p(±0) = ±0, Log1p(-1) = -Inf,
// Log1p(x < -1) = NaN, Log1p(NaN) = NaN.
func Log1p(x float64) float64 {
	switch {
	case x != x || x > math.MaxFloat64:
		return x
	case x < -1:
		return math.NaN()
	case x == -1:
		return math.Inf(-1)
	case math.Abs(x) < 0x1p-54:
		return x
	case math.Abs(x) <= 0x1p-8:
		return x + float64(float64(x*x)*logSeries(x))
	case x > 0x1p54:
		return Log(x)
	}
	u, c := twoSum(1, x) // ln(1+x) = ln u + c/u, c/u below 2^-53
	hi, lo := logDouble(u)
	return hi + (lo + c/u)
}

const (
	log2eHi  = 0x1.71547652b82fep+0 // 1/ln 2
	log2eLo  = 0x1.777d0ffda0d24p-56
	log10eHi = 0x1.bcb7b1526e50ep-2 // 1/ln 10
	log10eLo = 0x1.95355baaafad3p-57
)

// Log10 returns the decimal logarithm of x, exact for powers of ten. Special
// cases as for Log.
func Log10(x float64) float64 {
	if y, ok := logSpecial(x); ok {
		return y
	}
	h, l := logDouble(x)
	h, l = mulDouble(h, l, log10eHi, log10eLo)
	return h + l
}

// Log2 returns the binary logarithm of x, exact for powers of two. Special
// cases as for Log.
func Log2(x float64) float64 {
	if y, ok := logSpecial(x); ok {
		return y
	}
	h, l := logDouble(x)
	h, l = mulDouble(h, l, log2eHi, log2eLo)
	return h + l
}
