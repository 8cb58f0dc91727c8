// Command _gen writes the vector kernels of runlua/kernels/nbody for AVX2: kick and
// drift of particles in single precision, computed in double. Every product and sum
// is that of the portable code and none is fused, so that both give the same bits.
package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

func main() {
	ConstraintExpr("amd64,!noasm")
	kick()
	drift()
	Generate()
}

// kick takes four numbers a turn and keeps the largest bits of |p|.
func kick() {
	TEXT("kickFours", NOSPLIT, "func(mom *float32, force *float64, fours int, k float64) uint32")
	Pragma("noescape")
	Doc("kickFours is packed.kick of 4·fours numbers, fours > 0. It returns the bits of the",
		"largest |p|, which are those of no number if one is not finite.")
	mom, force, n := Load(Param("mom"), GP64()), Load(Param("force"), GP64()), Load(Param("fours"), GP64())
	k, abs, largest := YMM(), XMM(), XMM()
	VBROADCASTSD(argument("k"), k)
	VPCMPEQD(abs, abs, abs)
	VPSRLD(Imm(1), abs, abs)
	VPXOR(largest, largest, largest)

	Label("kick")
	p, f, q := YMM(), YMM(), XMM()
	VCVTPS2PD(Mem{Base: mom}, p)
	VMULPD(Mem{Base: force}, k, f)
	VSUBPD(f, p, p)
	VCVTPD2PSY(p, q)
	VMOVUPS(q, Mem{Base: mom})
	VPAND(abs, q, q)
	VPMAXUD(q, largest, largest)
	ADDQ(Imm(16), mom)
	ADDQ(Imm(32), force)
	DECQ(n)
	JNZ(LabelRef("kick"))

	other := XMM()
	VPSHUFD(Imm(0b1110), largest, other)
	VPMAXUD(other, largest, largest)
	VPSHUFD(Imm(0b0001), largest, other)
	VPMAXUD(other, largest, largest)
	bits := GP32()
	VMOVD(largest, bits)
	Store(bits, ReturnIndex(0))
	VZEROUPPER()
	RET()
}

// drift takes four numbers a turn until one goes too far.
func drift() {
	TEXT("driftFours", NOSPLIT, "func(pos *uint32, mom *float32, fours int, w float64) int")
	Pragma("noescape")
	Doc("driftFours is packed.drift of 4·fours numbers, fours > 0, and returns how many fours",
		"it moved: all, or those before the first with a displacement that grid.Shifts not.")
	pos, mom, n := Load(Param("pos"), GP64()), Load(Param("mom"), GP64()), Load(Param("fours"), GP64())
	w, abs, farthest, big := YMM(), YMM(), YMM(), YMM()
	VBROADCASTSD(argument("w"), w)
	VPCMPEQD(abs, abs, abs)
	VPSRLQ(Imm(1), abs, abs)
	VBROADCASTSD(number("farthest", 1<<51), farthest)
	VBROADCASTSD(number("big", 3<<51), big)
	left := GP64()
	MOVQ(n, left)

	Label("drift")
	d, size := YMM(), YMM()
	VCVTPS2PD(Mem{Base: mom}, d)
	VMULPD(d, w, d)
	VPAND(abs, d, size)
	VCMPPD(Imm(1), farthest, size, size) // less than, and NaN is not
	mask := GP32()
	VMOVMSKPD(size, mask)
	CMPL(mask, Imm(0b1111))
	JNE(LabelRef("far"))
	VADDPD(big, d, d)
	Comment("The lower half of each sum, two's complement of the displacement.")
	upper, low := XMM(), XMM()
	VEXTRACTF128(Imm(1), d, upper)
	VSHUFPS(Imm(0b10001000), upper, d.AsX(), low)
	VPADDD(Mem{Base: pos}, low, low)
	VMOVDQU(low, Mem{Base: pos})
	ADDQ(Imm(16), mom)
	ADDQ(Imm(16), pos)
	DECQ(left)
	JNZ(LabelRef("drift"))
	Label("far")
	SUBQ(left, n)
	Store(n, ReturnIndex(0))
	VZEROUPPER()
	RET()
}

// argument is where an argument lies.
func argument(name string) Mem {
	b, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

// number is a constant in memory.
func number(name string, x float64) Mem {
	m := GLOBL(name, RODATA|NOPTR)
	DATA(0, U64(math.Float64bits(x)))
	return m
}
