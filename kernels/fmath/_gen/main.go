// Command _gen writes the vector kernel of runlua/kernels/fmath: Box and Muller's
// transform for AVX2, four pairs at a time.
//
// Every rounding is one of the portable Log and SincosTurns, in their order. A
// product is fused with a sum only where it is exact, as its factors' bits show:
// then the fused result has the same bits, and an exact product's error needs no
// splitting.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64,!noasm")
	boxMuller()
	Generate()
}

func boxMuller() {
	TEXT("boxMullerFours", 0, "func(dst, u, v *float64, fours int, table *[128][4]float64)")
	Pragma("noescape")
	Doc("boxMullerFours is boxMuller for that many times four pairs, at least one.")
	dst, u, v := Load(Param("dst"), GP64()), Load(Param("u"), GP64()), Load(Param("v"), GP64())
	fours, table := Load(Param("fours"), GP64()), Load(Param("table"), GP64())

	alignStack()

	// A processor looks some hundred instructions ahead, less than four pairs
	// take, and from u to the results they take long. So a turn of the loop
	// is at work on three fours, in strands that don't wait for each other.
	at := found{rows: local(), k: local(), z: local(), invc: local(), high: local(), low: local()}
	log, sign, sine, cosine := local(), local(), local(), local()

	Comment("The first turn has no four before it: what it writes is written over.")
	zero := YMM()
	VXORPD(zero, zero, zero)
	for _, m := range []Mem{log, sign, sine, cosine} {
		VMOVUPD(zero, m)
	}
	stride := GP64()
	XORQ(stride, stride)
	lookUp(u, table, at)

	Label("four")
	Comment("The last turn looks up its own four again.")
	ahead := GP64()
	LEAQ(Mem{Base: u, Disp: 32}, ahead)
	CMPQ(fours, Imm(1))
	CMOVQEQ(u, ahead)
	MOVQ(ahead, u)
	weave(
		func() { logarithm(at, log) },
		func() { sincosTurns(v, sign, sine, cosine) },
		func() { finish(log, sign, sine, cosine, dst) },
		func() { lookUp(u, table, at) },
	)
	ADDQ(stride, dst)
	MOVQ(U32(64), stride)
	ADDQ(Imm(32), v)
	DECQ(fours)
	JNZ(LabelRef("four"))
	finish(log, sign, sine, cosine, dst)
	VZEROUPPER()
	RET()
}

// found is what lookUp finds: in u = z 2^k, and in the rows of the table.
type found struct{ rows, k, z, invc, high, low Mem }

// lookUp is the beginning of Log for positive normal numbers.
func lookUp(u, table reg.Register, to found) {
	const offset = 0x3fe6000000000000 // logOffset
	var (
		lift   = word("lift", 1<<62-offset) // an exponent of 1024, so that none is negative
		cells  = word("cells", 127<<5)      // of 32 bytes
		lower  = word("lower", 1<<52-1)
		start  = word("start", offset)
		count  = number("count", 0x1p52)
		lifted = number("lifted", 0x1p52+1024)
	)
	t := from(Mem{Base: u})
	do(VPADDQ, lift, t, t)
	cell := YMM()
	shift(VPSRLQ, 40, t, cell)
	do(VANDPD, cells, cell, cell)
	store(cell, to.rows)
	k := YMM()
	shift(VPSRLQ, 52, t, k)
	do(VORPD, count, k, k)
	store(minus(k, lifted), to.k)
	do(VANDPD, lower, t, t)
	do(VPADDQ, start, t, t)
	store(t, to.z)

	// pair is 16 bytes of the rows of two elements.
	pair := func(i, j, disp int) vector {
		p := YMM()
		for half, e := range []int{i, j} {
			row := GP64()
			MOVQ(to.rows.Offset(8*e), row)
			m := Mem{Base: table, Index: row, Scale: 1, Disp: disp}
			if half == 0 {
				VMOVUPD(m, p.AsX())
			} else {
				VINSERTF128(Imm(1), m, p, p)
			}
			turn()
		}
		return p
	}
	even, odd := pair(0, 2, 0), pair(1, 3, 0)
	invc, high, low := YMM(), YMM(), YMM()
	do(VUNPCKLPD, odd, even, invc)
	store(invc, to.invc)
	do(VUNPCKHPD, odd, even, high)
	store(high, to.high)
	even, odd = pair(0, 2, 16), pair(1, 3, 16)
	do(VUNPCKLPD, odd, even, low)
	store(low, to.low)
}

// logarithm stores -2 ln u.
func logarithm(at found, to Mem) {
	var (
		one   = number("one", 1)
		ln2Hi = number("ln2Hi", 0x1.62e42fefa3800p-1)
		ln2Lo = number("ln2Lo", 0x1.ef35793c76730p-45)
	)
	// What lookUp finds is read first: at is about to hold the next four's.
	invc, z := from(at.invc), from(at.z)
	p := times(z, invc)
	do(VFMSUB213PD, p, invc, z) // the product's error
	k, w := from(at.k), from(at.high)
	rest := plus(times(k, ln2Lo), at.low)
	do(VFMADD231PD, ln2Hi, k, w) // k ln2Hi is exact

	// z invc - 1 = r + rl, and the logarithm's hi + lo.
	do(VSUBPD, one, p, p)
	r := plus(p, z)
	rl := plus(minus(p, r), z)
	hi := plus(w, r)
	lo := plus(minus(w, hi), r)
	high, low := put(hi), put(plus(lo, plus(rl, rest)))

	// logSeries.
	r2 := times(r, r)
	c := polynomial(number("minusSixth", -1.0/6), number("seventh", 1.0/7), r)
	c = plus(c, times(r2, number("minusEighth", -1.0/8)))
	b := polynomial(number("minusFourth", -1.0/4), number("fifth", 1.0/5), r)
	b = plus(b, times(r2, c))
	a := polynomial(number("minusHalf", -1.0/2), number("third", 1.0/3), r)
	a = plus(a, times(r2, b))
	y := plus(plus(times(r2, a), low), high)
	store(times(y, number("minusTwo", -2)), to)
}

// finish writes r cos and r sin of four pairs, in turn, with r = sqrt(-2 ln u)
// and its sign.
func finish(log, sign, sine, cosine Mem, dst reg.Register) {
	r := from(log)
	VSQRTPD(r, r)
	turn()
	do(VXORPD, sign, r, r)
	x, y := times(r, cosine), times(r, sine)
	even, odd := YMM(), YMM()
	do(VUNPCKLPD, y, x, even) // pairs 0 and 2
	do(VUNPCKHPD, y, x, odd)  // pairs 1 and 3
	VMOVUPD(even.AsX(), Mem{Base: dst})
	VMOVUPD(odd.AsX(), Mem{Base: dst, Disp: 16})
	VEXTRACTF128(Imm(1), even, Mem{Base: dst, Disp: 32})
	VEXTRACTF128(Imm(1), odd, Mem{Base: dst, Disp: 48})
	turn()
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

// sincosTurns stores SincosTurns of v in [0, 1) but for the sign that both have.
func sincosTurns(v reg.Register, sign, sine, cosine Mem) {
	var (
		half  = number("half", 0.5)
		one   = number("one", 1)
		four  = number("four", 4)
		round = number("roundToInt", 0x1.8p52)
	)
	// 4v = k + f, exactly; r + rl = π/2 f, by the product with its error.
	f := from(Mem{Base: v})
	k := from(round)
	do(VFMADD231PD, four, f, k)
	quarter := put(k)
	do(VFMSUB132PD, four, minus(k, round), f)
	rl := from(number("halfPiHi", 0x1.921fb54442d18p+0))
	r := times(f, rl)
	do(VFMSUB213PD, r, f, rl)
	rl = plus(rl, times(f, number("halfPiLo", 0x1.1a62633145c07p-54)))

	// sinSeries.
	z := times(r, r)
	h := from(one) // 1 - z/2: half of z is exact
	do(VFNMADD231PD, half, z, h)
	cross, small, h1 := put(times(r, rl)), put(times(rl, h)), h
	z2 := times(z, z)
	z4 := times(z2, z2)
	c := polynomial(number("minus11f", -inv11f), number("plus13f", inv13f), z)
	d := polynomial(number("minus15f", -inv15f), number("plus17f", inv17f), z)
	c = plus(c, times(z2, d))
	c = times(c, z4)
	a := polynomial(number("minus3f", -inv3f), number("plus5f", inv5f), z)
	b := polynomial(number("minus7f", -inv7f), number("plus9f", inv9f), z)
	a = plus(plus(a, times(z2, b)), c)
	p := times(times(z, r), a)
	s := plus(r, plus(p, small))

	// cosSeries.
	a = polynomial(number("plus4f", inv4f), number("minus6f", -inv6f), z)
	b = polynomial(number("plus8f", inv8f), number("minus10f", -inv10f), z)
	a = plus(a, times(z2, b))
	c = polynomial(number("plus12f", inv12f), number("minus14f", -inv14f), z)
	c = plus(c, times(z2, number("plus16f", inv16f)))
	a = plus(a, times(z4, c))
	l := from(one)
	do(VSUBPD, h1, l, l)
	do(VFNMADD231PD, half, z, l)
	t := plus(plus(l, minus(times(z2, a), cross)), h1)

	// turnQuarters: the last bit of k swaps them and turns the cosine's sign,
	// the next one both.
	odd, swap, bit0, bit1 := YMM(), YMM(), YMM(), YMM()
	k = from(quarter)
	shift(VPSLLQ, 63, k, bit0)
	shift(VPSLLQ, 62, k, bit1)
	do(VANDPD, word("signBit", 1<<63), bit1, bit1)
	store(bit1, sign)
	do(VXORPD, odd, odd, odd)
	do(VPCMPGTQ, bit0, odd, odd)
	do(VXORPD, s, t, swap)
	do(VANDPD, odd, swap, swap)
	do(VXORPD, swap, s, s)
	store(s, sine)
	do(VXORPD, swap, t, t)
	do(VXORPD, bit0, t, t)
	store(t, cosine)
}
