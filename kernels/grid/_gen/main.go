// Command _gen writes the vector kernels of runlua/kernels/grid for AVX2: the
// deposit of particles in two planes, what becomes of a plane, and the gradient at one
// particle of fields in double and in single precision. The arithmetic is in double
// precision for all. Every sum and product is that of the portable code, in its order
// where it is not exact, and none is fused, so that both give the same bits.
package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64,!noasm")
	one, eight := everywhere("one", 1), everywhere("eight", 8)
	gradient("gradientCell", double, one, eight)
	gradient("gradientCellSingle", single, one, eight)
	deposit("depositPlaces", "float64")
	deposit("depositFractions", "uint32")
	finish("moveEights", "moveEights is movePlane for 8·eights numbers, eights > 0.", double)
	finish("roundEights", "roundEights is roundPlane for 8·eights numbers, eights > 0.", single)
	Generate()
}

// finish hands eight sums a turn on to a mesh.
func finish(name, doc string, p precision) {
	TEXT(name, NOSPLIT, "func(dst *"+p.name+", src *float64, eights int, base float64)")
	Pragma("noescape")
	Doc(doc)
	dst, src, n := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("eights"), GP64())
	base := YMM()
	VBROADCASTSD(argument("base"), base)
	Label("next")
	for i := range 2 {
		from, to := Mem{Base: src, Disp: 32 * i}, Mem{Base: dst, Disp: 4 * p.size * i}
		v := YMM()
		if p == single {
			VCVTPD2PSY(from, v.AsX())
			VMOVUPS(v.AsX(), to)
		} else {
			VMOVUPD(from, v)
			VMOVUPD(v, to)
		}
		VMOVUPD(base, from)
	}
	ADDQ(Imm(uint64(8*p.size)), dst)
	ADDQ(Imm(64), src)
	DECQ(n)
	JNZ(LabelRef("next"))
	VZEROUPPER()
	RET()
}

// everywhere is a constant in each element of a vector.
func everywhere(name string, x float64) Mem {
	m := GLOBL(name, RODATA|NOPTR)
	for i := range 4 {
		DATA(8*i, U64(math.Float64bits(x)))
	}
	return m
}

// A precision is that of a field; what is loaded is converted to double.
type precision struct {
	name string
	size int // bytes
}

var double, single = precision{"float64", 8}, precision{"float32", 4}

// pairs loads the two points at low and the two at high.
func (p precision) pairs(low, high Mem, v reg.VecVirtual) {
	if p == double {
		VMOVUPD(low, v.AsX())
		VINSERTF128(Imm(1), high, v, v)
		return
	}
	upper := XMM() // converting from memory needs no shuffle
	VCVTPS2PD(low, v.AsX())
	VCVTPS2PD(high, upper)
	VINSERTF128(Imm(1), upper, v, v)
}

// weighed sets v to four or two points, as v is wide, times w.
func (p precision) weighed(points Mem, w, v reg.VecVirtual) {
	if p == double {
		VMULPD(points, w, v)
		return
	}
	VCVTPS2PD(points, v)
	VMULPD(v, w, v)
}

func gradient(name string, p precision, one, eight Mem) {
	TEXT(name, NOSPLIT, "func(f *"+p.name+", xs, ys *[6]int, fraction, slope *[3]float64)")
	Pragma("noescape")
	Doc(name + " is gradientAt, without its checks.")
	f := Load(Param("f"), GP64())
	xs, ys := Load(Param("xs"), GP64()), Load(Param("ys"), GP64())
	fraction, slope := Load(Param("fraction"), GP64()), Load(Param("slope"), GP64())
	offset := func(table reg.Register, i int) reg.GPVirtual {
		o := GP64()
		MOVQ(Mem{Base: table, Disp: 8 * i}, o)
		return o
	}
	scale := uint8(p.size)
	at := func(o reg.Register) reg.Register {
		p := GP64()
		LEAQ(Mem{Base: f, Index: o, Scale: scale}, p)
		return p
	}

	Comment("steps are (1-f, 1-f, f, f) of an axis, turns (1-f, f, 1-f, f).")
	steps, turns := [3]reg.VecVirtual{}, [3]reg.VecVirtual{}
	for a := range 3 {
		up, down := XMM(), XMM()
		VMOVDDUP(Mem{Base: fraction, Disp: 8 * a}, up)
		VMOVUPD(one.Offset(0), down)
		VSUBPD(up, down, down)
		if a < 2 { // no row of four has z in its halves
			steps[a] = YMM()
			VINSERTF128(Imm(1), up, down.AsY(), steps[a])
		}
		if a > 0 { // nor x within them
			pair := XMM()
			VUNPCKLPD(up, down, pair)
			turns[a] = YMM()
			VINSERTF128(Imm(1), pair, pair.AsY(), turns[a])
		}
	}

	// across is the gradient along an axis before the sum of the four points
	// across it: rows i of low and high, their middle points.
	across := func(low, high reg.Register, table reg.Register, axis int, weights reg.VecVirtual) reg.VecVirtual {
		var v [6]reg.VecVirtual
		for i := range v {
			o := offset(table, i)
			v[i] = YMM()
			p.pairs(Mem{Base: low, Index: o, Scale: scale, Disp: 2 * p.size}, Mem{Base: high, Index: o, Scale: scale, Disp: 2 * p.size}, v[i])
		}
		VSUBPD(v[0], v[4], v[0]) // e - a
		left := YMM()
		VSUBPD(v[1], v[3], left) // d - b
		VMULPD(eight, left, left)
		VSUBPD(v[0], left, left)
		VSUBPD(v[1], v[5], v[1]) // f - b
		right := v[4]
		VSUBPD(v[2], right, right) // e - c
		VMULPD(eight, right, right)
		VSUBPD(v[1], right, right)
		up, down := YMM(), YMM()
		VBROADCASTSD(Mem{Base: fraction, Disp: 8 * axis}, up)
		VMOVUPD(one, down)
		VSUBPD(up, down, down)
		VMULPD(down, left, left)
		VMULPD(up, right, right)
		VADDPD(right, left, left)
		VMULPD(weights, left, left)
		upper := XMM()
		VEXTRACTF128(Imm(1), left, upper)
		VADDPD(upper, left.AsX(), left.AsX())
		return left
	}

	product := func(a, b reg.VecVirtual) reg.VecVirtual {
		p := YMM()
		VMULPD(b, a, p)
		return p
	}
	yz, xy := product(steps[1], turns[2]), product(steps[0], turns[1])

	Comment("x: the points across are y and z.")
	dx := across(at(offset(ys, 2)), at(offset(ys, 3)), xs, 0, yz)
	Comment("y: the points across are x and z.")
	xz := product(steps[0], turns[2])
	dy := across(at(offset(xs, 2)), at(offset(xs, 3)), ys, 1, xz)
	VHADDPD(dy.AsX(), dx.AsX(), dx.AsX())
	VMOVUPD(dx.AsX(), Mem{Base: slope})

	Comment("z: four rows of six, weighed by x and y.")
	var four, two [4]reg.VecVirtual
	for r := range 4 {
		row := at(offset(xs, 2+r/2))
		o := offset(ys, 2+r%2)
		w := YMM()
		VPERMPD(Imm(0x55*uint64(r)), xy, w)
		four[r], two[r] = YMM(), XMM()
		p.weighed(Mem{Base: row, Index: o, Scale: scale}, w, four[r])
		p.weighed(Mem{Base: row, Index: o, Scale: scale, Disp: 4 * p.size}, w.AsX().(reg.VecVirtual), two[r])
	}
	for _, v := range [][4]reg.VecVirtual{four, two} {
		VADDPD(v[1], v[0], v[0])
		VADDPD(v[3], v[2], v[2])
		VADDPD(v[2], v[0], v[0])
	}
	first, middle, last := four[0].AsX(), XMM(), two[0]
	VEXTRACTF128(Imm(1), four[0], middle)
	inner, before := XMM(), XMM()
	VSHUFPD(Imm(1), last, middle, inner)   // d, e
	VSHUFPD(Imm(1), middle, first, before) // b, c
	VSUBPD(before, inner, inner)
	VMULPD(eight.Offset(0), inner, inner)
	VSUBPD(first, last, last) // e - a, f - b
	VSUBPD(last, inner, inner)
	VMULPD(turns[2].AsX(), inner, inner)
	VHADDPD(inner, inner, inner)
	VMOVSD(inner, Mem{Base: slope, Disp: 16})
	VZEROUPPER()
	RET()
}
