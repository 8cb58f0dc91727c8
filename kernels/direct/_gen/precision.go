package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const (
	vector = 32 // bytes of a vector
	lanes  = 8  // of a block
)

// precision is what the kernels of one precision are made of.
type precision struct {
	name, float string // in function names; Go type
	size        int    // bytes of a number

	move, broadcast, plus, minus, product, quotient, root func(...Op)

	split bool // coordinates are sums of two numbers

	one Mem
}

type vec = reg.VecVirtual

var single = &precision{
	name: "Single", float: "float32", size: 4, split: true,
	move: VMOVUPS, broadcast: VBROADCASTSS,
	plus: VADDPS, minus: VSUBPS, product: VMULPS, quotient: VDIVPS, root: VSQRTPS,
}

var double = &precision{
	name: "Double", float: "float64", size: 8,
	move: VMOVUPD, broadcast: VBROADCASTSD,
	plus: VADDPD, minus: VSUBPD, product: VMULPD, quotient: VDIVPD, root: VSQRTPD,
}

// declareConstants writes the data section of a precision. Floats go in by
// their bits.
func (p *precision) declareConstants() {
	p.one = GLOBL("one"+p.name, RODATA|NOPTR)
	for at := 0; at < vector; at += p.size {
		if p.size == 4 {
			DATA(at, U32(math.Float32bits(1)))
		} else {
			DATA(at, U64(math.Float64bits(1)))
		}
	}
}

// width is the number of lanes of a vector, parts the number of vectors that
// hold an axis of a block.
func (p *precision) width() int { return vector / p.size }
func (p *precision) parts() int { return lanes / p.width() }

// The fields of a block: three axes, the masses, and the low parts of the axes.
const (
	axes   = 3
	mass   = 3
	low    = 4 // of the first axis
	fields = 7
)

// used is the number of fields that the kernels read.
func (p *precision) used() int {
	if p.split {
		return fields
	}
	return mass + 1
}

// at is a part of a field of the block or of an axis of the sums from base on.
func (p *precision) at(base Mem, field, part int) Mem {
	return base.Offset(field*lanes*p.size + part*vector)
}

func (p *precision) load(m Op) vec {
	d := YMM()
	p.move(m, d)
	return d
}

func (p *precision) mul(a vec, b Op) vec {
	d := YMM()
	p.product(b, a, d)
	return d
}

// exchange takes lane l of v to lane l^by, in place.
func (p *precision) exchange(v vec, by int) {
	if p.size == 8 {
		by *= 2 // in units of half a number
	}
	switch low := by & 3; {
	case p.size == 8 && low == 2:
		VPERMILPD(U8(0b0101), v, v)
	case p.size == 4 && low != 0:
		VPERMILPS(U8(0^low|(1^low)<<2|(2^low)<<4|(3^low)<<6), v, v)
	}
	if by&4 != 0 {
		VPERM2F128(U8(1), v, v, v)
	}
}

// difference is a-b on an axis; a and b give the fields.
func (p *precision) difference(axis int, a, b func(field int) Op) vec {
	d := p.load(a(axis))
	p.minus(b(axis), d, d)
	if p.split {
		l := p.load(a(low + axis))
		p.minus(b(low+axis), l, l)
		p.plus(l, d, d)
	}
	return d
}

// softened is d² + ε².
func (p *precision) softened(d [3]vec, eps2 Op) vec {
	sum := p.mul(d[0], d[0])
	p.plus(p.mul(d[1], d[1]), sum, sum)
	p.plus(p.mul(d[2], d[2]), sum, sum)
	p.plus(eps2, sum, sum)
	return sum
}

// invert is 1/r³, of r².
func (p *precision) invert(r2, one vec) vec {
	s := YMM()
	p.root(r2, s)
	p.product(r2, s, s)
	p.quotient(s, one, s)
	return s
}
