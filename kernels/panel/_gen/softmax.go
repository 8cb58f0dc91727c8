package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// scores writes the first pass of the softmax.
func scores() {
	TEXT("scoresVector", 0, "func(v, offset *float32, count int, scale float32, largest *float32)")
	Pragma("noescape")
	Doc("scoresVector is scores for count > 0 rows.")
	v, offset := base("v"), base("offset")
	count := Load(Param("count"), GP64())
	scale := broadcast("scale")
	largest := base("largest")
	top := row(largest)
	Label("loop")
	o := YMM()
	VBROADCASTSS(offset, o)
	r := row(v)
	for h := range r {
		VMULPS(scale, r[h], r[h])
		VADDPS(o, r[h], r[h])
		VMAXPS(top[h], r[h], top[h]) // the second where they are equal or one is no number
	}
	keep(r, v)
	ADDQ(U8(4), offset.Base)
	ADDQ(U8(lanes*4), v.Base)
	DECQ(count)
	JNZ(LabelRef("loop"))
	keep(top, largest)
	VZEROUPPER()
	RET()
}

// The constants of exp, those of the portable one.
var expTerms = []float32{1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1, 1}

func constant(name string, bits uint32) Mem {
	m := GLOBL(name, RODATA|NOPTR)
	for at := 0; at < vector; at += 4 {
		DATA(at, U32(bits))
	}
	return m
}

func single(name string, f float32) Mem { return constant(name, math.Float32bits(f)) }

// weights writes the second pass of the softmax.
func weights() {
	least := single("least", -32)
	perLn2 := single("perLn2", 1/math.Ln2)
	ln2High := single("ln2High", 0x1.62ep-1)
	ln2Low := single("ln2Low", math.Ln2-0x1.62ep-1)
	var terms []Mem
	for i, f := range expTerms {
		terms = append(terms, single("term"+string(rune('0'+i)), f))
	}
	TEXT("weightsVector", 0, "func(v, largest *float32, sums *float64, count int)")
	Pragma("noescape")
	Doc("weightsVector is weights for count > 0 rows.")
	v := base("v")
	largest := base("largest")
	sums := base("sums")
	count := Load(Param("count"), GP64())
	top := row(largest)
	var totals [2 * halves]vec
	for i := range totals {
		totals[i] = YMM()
		VMOVUPD(sums.Offset(i*vector), totals[i])
	}
	Label("loop")
	for h, z := range row(v) {
		VSUBPS(top[h], z, z)
		counts := YMM()
		VCMPPS(U8(13), least, z, counts) // z >= least
		n := YMM()
		VMULPS(perLn2, z, n)
		VROUNDPS(U8(0), n, n)
		part := YMM()
		VMULPS(ln2High, n, part)
		VSUBPS(part, z, z)
		VMULPS(ln2Low, n, part)
		VSUBPS(part, z, z)
		e := YMM()
		VMOVUPS(terms[0], e)
		for _, t := range terms[1:] {
			VMULPS(z, e, e)
			VADDPS(t, e, e)
		}
		VCVTPS2DQ(n, n)
		VPSLLD(U8(23), n, n)
		VPADDD(n, e, e)
		VANDPS(counts, e, e)
		VMOVUPS(e, v.Offset(h*vector))
		wide := YMM()
		VCVTPS2PD(e.AsX(), wide)
		VADDPD(wide, totals[2*h], totals[2*h])
		VEXTRACTF128(U8(1), e, e.AsX())
		VCVTPS2PD(e.AsX(), wide)
		VADDPD(wide, totals[2*h+1], totals[2*h+1])
	}
	ADDQ(U8(lanes*4), v.Base)
	DECQ(count)
	JNZ(LabelRef("loop"))
	for i := range totals {
		VMOVUPD(totals[i], sums.Offset(i*vector))
	}
	VZEROUPPER()
	RET()
}

// marks writes the comparison of a panel with a bound for each lane.
func marks() {
	TEXT("marksVector", 0, "func(marks *uint16, v, bound *float32, count int)")
	Pragma("noescape")
	Doc("marksVector is marks for count > 0 rows.")
	out, v := base("marks"), base("v")
	bound := row(base("bound"))
	count := Load(Param("count"), GP64())
	Label("loop")
	low, high := GP32(), GP32()
	r := row(v)
	for h, m := range []reg.GPVirtual{low, high} {
		VCMPPS(U8(13), bound[h], r[h], r[h])
		VMOVMSKPS(r[h], m)
	}
	SHLL(U8(8), high)
	ORL(low, high)
	MOVW(high.As16(), out)
	ADDQ(U8(2), out.Base)
	ADDQ(U8(lanes*4), v.Base)
	DECQ(count)
	JNZ(LabelRef("loop"))
	VZEROUPPER()
	RET()
}

// distance writes the squared distance of two points in double precision.
func distance() {
	const chains = 4
	TEXT("distanceVector", 0, "func(parts, a, b *float64, count int)")
	Pragma("noescape")
	Doc("distanceVector adds the squares of the differences of 16·count numbers, count > 0, to 16",
		"sums: number i to sum i mod 16.")
	parts, a, b := base("parts"), base("a"), base("b")
	count := Load(Param("count"), GP64())
	var sums [chains]vec
	for i := range sums {
		sums[i] = YMM()
		VMOVUPD(parts.Offset(i*vector), sums[i])
	}
	Label("loop")
	for i := range sums {
		d := YMM()
		VMOVUPD(a.Offset(i*vector), d)
		VSUBPD(b.Offset(i*vector), d, d)
		VMULPD(d, d, d)
		VADDPD(d, sums[i], sums[i])
	}
	ADDQ(U32(chains*vector), a.Base)
	ADDQ(U32(chains*vector), b.Base)
	DECQ(count)
	JNZ(LabelRef("loop"))
	for i := range sums {
		VMOVUPD(sums[i], parts.Offset(i*vector))
	}
	VZEROUPPER()
	RET()
}
