// Command _gen writes the vector kernel of runlua/kernels/rng: Philox4x32 for
// AVX2, twelve blocks at a time, with the uniform numbers of Uniform2.
package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64,!noasm")
	uniforms()
	Generate()
}

// vector is a register of four 64-bit numbers. Those of Philox are their lower
// halves; the upper ones hold anything.
type vector = reg.VecVirtual

// constant is a vector in memory.
func constant(name string, words ...uint64) Mem {
	m := GLOBL(name, RODATA|NOPTR)
	for i, w := range words {
		DATA(8*i, U64(w))
	}
	return m
}

// number is x in each element of a vector.
func number(name string, x float64) Mem {
	w := math.Float64bits(x)
	return constant(name, w, w, w, w)
}

// Byte offsets of series, a type of package rng.
const (
	a0          = 0
	multipliers = 4 // two
	second      = 12
	third       = 16 // two
	keys        = 24 // eight pairs
	shifts      = 88 // two float64
)

const (
	rounds = 8 // after the first two

	// copies is the number of vectors that go through the rounds side by
	// side: a round of one is 8 instructions, 2 2/3 cycles, but takes 7 from
	// its operands to its result, and two would leave the ports waiting.
	copies = 3
)

func uniforms() {
	TEXT("uniformGroups", 0, "func(a, b *float64, groups int, s *uint32)")
	Pragma("noescape")
	Doc("uniformGroups writes the two uniform numbers of that many groups of blocks, at", "least one: a those of the half of the counter that varies. s points to a series.")
	a, b := Load(Param("a"), GP64()), Load(Param("b"), GP64())
	groups, s := Load(Param("groups"), GP64()), Load(Param("s"), GP64())
	four, steps := constant("four", 4, 4, 4, 4), constant("steps", 0, 1, 2, 3)
	high := number("high", 0x1p20) // a unit in its last place is 2^-32, of 0.5 2^-53
	low := number("low", 0.5)

	// everywhere is a word of the series in each element of a vector in memory,
	// none across two lines of the cache.
	const words = 5 + 2*rounds
	stack := GP64()
	LEAQ(AllocLocal(32*words+32).Offset(31), stack)
	ANDQ(I32(-32), stack)
	used := 0
	everywhere := func(disp int) Mem {
		v, m := YMM(), Mem{Base: stack, Disp: 32 * used}
		used++
		VPBROADCASTD(Mem{Base: s, Disp: disp}, v)
		VMOVDQU(v, m)
		return m
	}
	ma, mb := everywhere(multipliers), everywhere(multipliers+4)
	inSecond, aInThird, bInThird := everywhere(second), everywhere(third), everywhere(third+4)
	var ka, kb [rounds]Mem
	for r := range rounds {
		ka[r], kb[r] = everywhere(keys+8*r), everywhere(keys+8*r+4)
	}
	counter := YMM()
	VPBROADCASTD(Mem{Base: s, Disp: a0}, counter)
	VPADDD(steps, counter, counter)

	Label("group")
	Comment("Two rounds: what does not vary is in s.")
	var c [copies][4]vector
	for i := range c {
		c[i] = [4]vector{YMM(), YMM(), YMM(), nil}
		VPMULUDQ(ma, counter, c[i][2])
		VPADDD(four, counter, counter)
	}
	for i := range c {
		VPSRLQ(Imm(32), c[i][2], c[i][1])
		VPXOR(inSecond, c[i][1], c[i][1])
		VPMULUDQ(mb, c[i][1], c[i][1])
		VPXOR(bInThird, c[i][2], c[i][2])
	}
	for i := range c {
		VPSRLQ(Imm(32), c[i][1], c[i][0])
		VPXOR(aInThird, c[i][0], c[i][0])
	}
	for r := range rounds {
		Commentf("Round %d.", r+3)
		for i := range c {
			x, c1, y, c3 := c[i][0], c[i][1], c[i][2], c[i][3]
			pa, pb := YMM(), YMM()
			VPMULUDQ(ma, x, pa)
			VPMULUDQ(mb, y, pb)
			VPXOR(ka[r], c1, c1)
			VPSHUFD(Imm(0xf5), pb, x)
			VPXOR(c1, x, x)
			VPSHUFD(Imm(0xf5), pa, y)
			if c3 != nil {
				VPXOR(kb[r], c3, c3)
				VPXOR(c3, y, y)
			} else {
				VPXOR(kb[r], y, y)
			}
			c[i] = [4]vector{x, pb, y, pa}
		}
	}
	Comment("53 bits of two words as two numbers whose sum is exact.")
	for i := range c {
		for half, to := range []reg.Register{a, b} {
			upper, lower := c[i][2*half], c[i][2*half+1]
			VPBLENDD(Imm(0xaa), high, upper, upper)
			VSUBPD(high, upper, upper)
			VPSRLD(Imm(11), lower, lower)
			VPBLENDD(Imm(0xaa), low, lower, lower)
			shift := YMM()
			VBROADCASTSD(Mem{Base: s, Disp: shifts + 8*half}, shift)
			VSUBPD(shift, lower, lower)
			VADDPD(lower, upper, upper)
			VMOVUPD(upper, Mem{Base: to, Disp: 32 * i})
		}
	}
	ADDQ(Imm(32*copies), a)
	ADDQ(Imm(32*copies), b)
	DECQ(groups)
	JNZ(LabelRef("group"))
	VZEROUPPER()
	RET()
}
