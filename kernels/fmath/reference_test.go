package fmath

import (
	"math"
	"math/big"
)

// The functions here are the reference: Taylor series in 240-bit arithmetic
// after simple reductions, nothing taken from the code under test.

const referenceBits = 240

func num(x float64) *big.Float { return new(big.Float).SetPrec(referenceBits).SetFloat64(x) }

func newNum() *big.Float { return new(big.Float).SetPrec(referenceBits) }

func add(a, b *big.Float) *big.Float { return newNum().Add(a, b) }
func sub(a, b *big.Float) *big.Float { return newNum().Sub(a, b) }
func mul(a, b *big.Float) *big.Float { return newNum().Mul(a, b) }
func quo(a, b *big.Float) *big.Float { return newNum().Quo(a, b) }

var one = num(1)

// small reports whether a term no longer changes a sum.
func small(term, sum *big.Float) bool {
	return term.Sign() == 0 || term.MantExp(nil) < sum.MantExp(nil)-referenceBits
}

var refLn2 = mul(num(2), refAtanhSeries(quo(one, num(3))))

// refAtanhSeries is x + x³/3 + x⁵/5 …
func refAtanhSeries(x *big.Float) *big.Float {
	x2, power, sum := mul(x, x), newNum().Copy(x), newNum().Copy(x)
	for n := 3.0; ; n += 2 {
		power = mul(power, x2)
		term := quo(power, num(n))
		if small(term, sum) {
			return sum
		}
		sum = add(sum, term)
	}
}

// refPi is Machin's 16 atan(1/5) - 4 atan(1/239) to the given bits.
func refPi(prec uint) *big.Float {
	inverse := func(n int64) *big.Float { // atan(1/n)
		x := new(big.Float).SetPrec(prec).Quo(big.NewFloat(1), new(big.Float).SetPrec(prec).SetInt64(n))
		x2 := new(big.Float).SetPrec(prec).Mul(x, x)
		sum, power := new(big.Float).Copy(x), new(big.Float).Copy(x)
		for k := int64(3); power.MantExp(nil) > -int(prec); k += 2 {
			power.Mul(power, x2).Neg(power)
			sum.Add(sum, new(big.Float).SetPrec(prec).Quo(power, new(big.Float).SetInt64(k)))
		}
		return sum
	}
	a, b := inverse(5), inverse(239)
	a.Mul(a, big.NewFloat(16))
	return a.Sub(a, b.Mul(b, big.NewFloat(4)))
}

var pi240 = refPi(referenceBits)

func refExp(x *big.Float) *big.Float {
	f, _ := x.Float64()
	k := math.Round(f / math.Ln2)
	// r in ±ln2/2, halved 16 times so that the series is short.
	r := sub(x, mul(num(k), refLn2))
	r.SetMantExp(r, -16)
	sum, term := add(one, r), newNum().Copy(r)
	for n := 2.0; !small(term, one); n++ {
		term = quo(mul(term, r), num(n))
		sum = add(sum, term)
	}
	for range 16 {
		sum = mul(sum, sum)
	}
	return sum.SetMantExp(sum, int(k))
}

// refExpm1 adds the series where e^x - 1 would cancel.
func refExpm1(x *big.Float) *big.Float {
	if x.MantExp(nil) > -20 {
		return sub(refExp(x), one)
	}
	sum, term := newNum().Copy(x), newNum().Copy(x)
	for n := 2.0; !small(term, sum); n++ {
		term = quo(mul(term, x), num(n))
		sum = add(sum, term)
	}
	return sum
}

func refLog(x *big.Float) *big.Float {
	m := newNum()
	e := x.MantExp(m) // m in [0.5, 1)
	f, _ := m.Float64()
	if f < math.Sqrt2/2 {
		m.SetMantExp(m, 1)
		e--
		f *= 2
	}
	guess := num(math.Log(f))
	g := refExp(guess)
	y := mul(num(2), refAtanhSeries(quo(sub(m, g), add(m, g))))
	if f == 1 && e == 0 || math.Abs(f-1) < 1e-3 {
		guess, y = num(0), mul(num(2), refAtanhSeries(quo(sub(m, one), add(m, one))))
	}
	return add(add(y, guess), mul(num(float64(e)), refLn2))
}

// refSincos reduces modulo π/2 in as many bits as x needs.
func refSincos(x *big.Float) (sin, cos *big.Float) {
	prec := uint(referenceBits + 80 + max(0, x.MantExp(nil)))
	halfPi := refPi(prec)
	halfPi.SetMantExp(halfPi, -1)
	q := new(big.Float).SetPrec(prec).Quo(x, halfPi)
	half := big.NewFloat(0.5)
	if q.Sign() < 0 {
		half.Neg(half)
	}
	k, _ := q.Add(q, half).Int(nil)
	r := new(big.Float).SetPrec(prec).SetInt(k)
	r.Sub(new(big.Float).SetPrec(prec).Set(x), r.Mul(r, halfPi))
	r.SetPrec(referenceBits)
	r2 := mul(r, r)
	series := func(first *big.Float, n float64) *big.Float {
		sum, term := newNum().Copy(first), newNum().Copy(first)
		for ; !small(term, sum); n += 2 {
			term = quo(mul(term, r2), num(-n*(n+1)))
			sum = add(sum, term)
		}
		return sum
	}
	sin, cos = series(r, 2), series(one, 1)
	switch new(big.Int).And(k, big.NewInt(3)).Int64() {
	case 1:
		return cos, sin.Neg(sin)
	case 2:
		return sin.Neg(sin), cos.Neg(cos)
	case 3:
		return cos.Neg(cos), sin
	}
	return sin, cos
}

// refAtan2 corrects package math's value by the angle that is left, whose
// series is short. y and x are not both 0.
func refAtan2(y, x *big.Float) *big.Float {
	yf, _ := y.Float64()
	xf, _ := x.Float64()
	guess := num(math.Atan2(yf, xf))
	s, c := refSincos(guess)
	d := quo(sub(mul(y, c), mul(x, s)), add(mul(x, c), mul(y, s)))
	d3 := mul(mul(d, d), d)
	d5 := mul(mul(d3, d), d)
	return add(guess, add(sub(d, quo(d3, num(3))), quo(d5, num(5))))
}

func refSqrt(x *big.Float) *big.Float { return newNum().Sqrt(x) }

func refCbrt(x *big.Float) *big.Float {
	f, _ := x.Float64()
	t := num(math.Cbrt(f))
	for range 4 { // Newton
		t2 := mul(t, t)
		t = sub(t, quo(sub(mul(t2, t), x), mul(num(3), t2)))
	}
	return t
}

// ulps returns |got - want| in units of want's last place.
func ulps(got float64, want *big.Float) float64 {
	if math.IsNaN(got) || math.IsInf(got, 0) {
		return math.Inf(1)
	}
	d := sub(num(got), want)
	place := max(want.MantExp(nil)-53, -1074)
	d.SetMantExp(d, -place)
	f, _ := d.Float64()
	return math.Abs(f)
}
