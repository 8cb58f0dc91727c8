package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// ahead is for how many particles to come memory is asked for.
const ahead = 16

// deposit is add for one type of position, a particle a turn. The weights of its
// eight points are two vectors of four, of the lower points of z and of the upper:
// in one the pairs are those of x, and one pair is that of the lower point of y.
func deposit(name, position string) {
	scale := ""
	if position == "float64" {
		scale = ", inv"
	}
	TEXT(name, NOSPLIT, "func(lower, upper *float64, pos *"+position+", indices *uint32, n, side, row int, mass, big"+scale+" float64)")
	Pragma("noescape")
	Doc(name + " is add for n > 0 particles.")
	lower, upper := Load(Param("lower"), GP64()), Load(Param("upper"), GP64())
	pos, indices, n := Load(Param("pos"), GP64()), Load(Param("indices"), GP64()), Load(Param("n"), GP64())
	quanta := YMM()
	VBROADCASTSD(argument("big"), quanta)
	part := func(x reg.VecVirtual) {
		VADDPD(quanta, x, x)
		VSUBPD(quanta, x, x)
	}
	cells, bytes := cellsOfPlaces, 8
	if position == "uint32" {
		cells, bytes = cellsOfFractions, 4
	}
	find := cells()

	// load is the address of the particle of an index.
	load := func(index Mem) reg.GPVirtual {
		p := GP64()
		MOVL(index, p.As32())
		LEAQ(Mem{Base: p, Index: p, Scale: 2}, p)
		LEAQ(Mem{Base: pos, Index: p, Scale: uint8(bytes)}, p)
		return p
	}
	last := GP64()
	LEAQ(Mem{Base: indices, Index: n, Scale: 4, Disp: -4}, last)

	Label("particle")
	later := GP64()
	LEAQ(Mem{Base: indices, Disp: 4 * ahead}, later)
	CMPQ(later, last)
	CMOVQHI(last, later)
	PREFETCHT0(Mem{Base: load(Mem{Base: later})})
	p := load(Mem{Base: indices})
	y, z, f := find(p)

	Comment("Two weights of x, four of x and y, eight.")
	w0, w1 := XMM(), XMM()
	VMOVSD(argument("mass"), w0)
	VMULSD(f.AsX(), w0, w1)
	VADDSD(quanta.AsX(), w1, w1)
	VSUBSD(quanta.AsX(), w1, w1)
	VSUBSD(w1, w0, w0)
	VUNPCKLPD(w1, w0, w0)
	fy := XMM()
	VPERMILPD(Imm(3), f.AsX(), fy)
	VMULPD(fy, w0, w1)
	VADDPD(quanta.AsX(), w1, w1)
	VSUBPD(quanta.AsX(), w1, w1)
	VSUBPD(w1, w0, w0)
	below, above := YMM(), YMM()
	VINSERTF128(Imm(1), w1, w0.AsY(), below)
	VPERMPD(Imm(0xAA), f, above)
	VMULPD(above, below, above)
	part(above)
	VSUBPD(above, below, below)

	Comment("The points after these, the first after the last.")
	zero, nextY, nextZ := GP64(), GP64(), GP64()
	XORQ(zero, zero)
	for _, axis := range [][2]reg.GPVirtual{{y, nextY}, {z, nextZ}} {
		LEAQ(Mem{Base: axis[0], Disp: 1}, axis[1])
		CMPQ(axis[1], argument("side"))
		CMOVQEQ(zero, axis[1])
	}
	IMULQ(argument("row"), y)
	IMULQ(argument("row"), nextY)

	for half, offset := range []reg.GPVirtual{y, nextY} {
		rows := [2]reg.GPVirtual{GP64(), GP64()}
		LEAQ(Mem{Base: lower, Index: offset, Scale: 8}, rows[0])
		LEAQ(Mem{Base: upper, Index: offset, Scale: 8}, rows[1])
		for level, weights := range []reg.VecVirtual{below, above} {
			point := [2]reg.GPVirtual{z, nextZ}[level]
			pair := weights.AsX()
			if half == 1 {
				pair = XMM()
				VEXTRACTF128(Imm(1), weights, pair)
			}
			sum := XMM()
			first, second := Mem{Base: rows[0], Index: point, Scale: 8}, Mem{Base: rows[1], Index: point, Scale: 8}
			VMOVSD(first, sum)
			VMOVHPD(second, sum, sum)
			VADDPD(pair, sum, sum)
			VMOVSD(sum, first)
			VMOVHPD(sum, second)
		}
	}
	ADDQ(Imm(4), indices)
	CMPQ(indices, last)
	JLS(LabelRef("particle"))
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

// A finder loads the particle at p and returns its cell's y and z, and how far it is
// from the cell's lower point on each axis.
type finder func(p reg.Register) (y, z reg.GPVirtual, f reg.VecVirtual)

// cellsOfPlaces is cell of coordinates.
func cellsOfPlaces() finder {
	inverse, last := YMM(), XMM()
	VBROADCASTSD(argument("inv"), inverse)
	VPBROADCASTD(argument("side"), last)
	return func(p reg.Register) (y, z reg.GPVirtual, f reg.VecVirtual) {
		f, whole, end := YMM(), YMM(), XMM()
		VMOVUPD(Mem{Base: p}, f.AsX())
		VMOVSD(Mem{Base: p, Disp: 16}, end)
		VINSERTF128(Imm(1), end, f, f)
		VMULPD(inverse, f, f)
		cells := XMM()
		VCVTTPD2DQY(f, cells)
		VCVTDQ2PD(cells, whole)
		VSUBPD(whole, f, f)
		VPCMPEQD(last, cells, end)
		VPANDN(cells, end, cells)
		y, z = GP64(), GP64()
		VPEXTRD(Imm(1), cells, y.As32())
		VPEXTRD(Imm(2), cells, z.As32())
		return y, z, f
	}
}

// cellsOfFractions is cellOf.
func cellsOfFractions() finder {
	cellsASide, unit, place := YMM(), YMM(), YMM()
	VPBROADCASTQ(argument("side"), cellsASide)
	VMOVUPD(everywhere("unit", 1<<52), unit) // its last bit is 1
	VMOVUPD(everywhere("place", math.Ldexp(1, -32)), place)
	return func(p reg.Register) (y, z reg.GPVirtual, f reg.VecVirtual) {
		f, cells, upper := YMM(), YMM(), XMM()
		VMOVQ(Mem{Base: p}, upper)
		VPINSRD(Imm(2), Mem{Base: p, Disp: 8}, upper, upper)
		VPMOVZXDQ(upper, cells)
		VPMULUDQ(cellsASide, cells, cells)
		VPBLENDD(Imm(0xAA), unit, cells, f)
		VSUBPD(unit, f, f)
		VMULPD(place, f, f)
		VPSRLQ(Imm(32), cells, cells)
		y, z = GP64(), GP64()
		VPEXTRQ(Imm(1), cells.AsX(), y)
		VEXTRACTI128(Imm(1), cells, upper)
		VMOVQ(upper, z)
		return y, z, f
	}
}
