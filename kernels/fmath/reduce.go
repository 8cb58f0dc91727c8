package fmath

import (
	"math"
	"math/bits"
)

const (
	twoOverPiHi = 0x1.45f306dc9c883p-1

	// π/2 in parts of 33, 33 and 53 bits: a multiple below 2^20 of either of
	// the first two is exact.
	halfPi1 = 0x1.921fb54400000p+0
	halfPi2 = 0x1.0b4611a600000p-34
	halfPi3 = 0x1.3198a2e037073p-69

	halfPiHi = 0x1.921fb54442d18p+0 // π/2 as a double-double
	halfPiLo = 0x1.1a62633145c07p-54

	// Beyond it, or that near to a multiple of π/2, reduceLarge is needed.
	reduceLimit = 0x1p20
	reduceNear  = 0x1p-20
)

// reduce writes a finite x = q π/2 + (r + rl), |r| <= π/4, and returns q modulo 4.
// The relative error of r + rl is below 2^-70.
func reduce(x float64) (q uint, r, rl float64) {
	if math.Abs(x) <= math.Pi/4 {
		return 0, x, 0
	}
	if math.Abs(x) < reduceLimit {
		kd := float64(x*twoOverPiHi) + roundToInt
		kd -= roundToInt
		a := x - float64(kd*halfPi1)
		h, l := twoSum(a, -float64(kd*halfPi2))
		if math.Abs(h) >= reduceNear {
			r, rl = fastTwoSum(h, l-float64(kd*halfPi3))
			return uint(int64(kd)) & 3, r, rl
		}
	}
	return reduceLarge(x)
}

// reduceLarge is reduce by Payne and Hanek's method: x = m 2^e times 2/π, of
// whose bits those are left out that give multiples of 4, in 192-bit fixed
// point. No float64 is nearer to a multiple of π/2 than 2^-62, so at least 75
// bits of the fraction are good. |x| must be at least 1/2.
func reduceLarge(x float64) (q uint, r, rl float64) {
	b := math.Float64bits(x)
	m := b&(1<<52-1) | 1<<52
	e := int(b>>52&0x7ff) - 1075

	// w: 192 bits of 2/π, the first of weight 2^(1-e), so m w = (x 2/π)/4 mod 1.
	at := e - 2 + 64
	word, shift := at/64, uint(at%64)
	var w [3]uint64
	for i := range w {
		w[i] = twoOverPi[word+i]<<shift | twoOverPi[word+i+1]>>(64-shift)
	}
	h2, f2 := bits.Mul64(m, w[2])
	h1, f1 := bits.Mul64(m, w[1])
	f1, carry := bits.Add64(f1, h2, 0)
	f0 := m*w[0] + h1 + carry

	// The two leading bits are the quadrant; the rest, a fraction of π/2, is
	// brought to [-1/2, 1/2).
	q = uint(f0 >> 62)
	f0 = f0<<2 | f1>>62
	f1 = f1<<2 | f2>>62
	f2 <<= 2
	negative := f0>>63 != 0
	if negative {
		q++
		f2, carry = bits.Sub64(0, f2, 0)
		f1, carry = bits.Sub64(0, f1, carry)
		f0, _ = bits.Sub64(0, f0, carry)
	}
	zeros := 0
	for f0>>63 == 0 { // at most 64 times
		f0 = f0<<1 | f1>>63
		f1 = f1<<1 | f2>>63
		f2 <<= 1
		zeros++
	}
	scale := math.Ldexp(1, -zeros-64)
	hi := float64(f0&^0x7ff) * scale
	lo := float64(float64(f0&0x7ff)*scale) + float64(float64(f1>>11)*(scale*0x1p-53))
	r, rl = mulDouble(hi, lo, halfPiHi, halfPiLo)
	if negative {
		r, rl = -r, -rl
	}
	if x < 0 {
		q, r, rl = -q, -r, -rl
	}
	return q & 3, r, rl
}
