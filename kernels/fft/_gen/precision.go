package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// vector is the size of a vector in bytes.
const vector = 32

// precision is what the kernels of one precision are made of.
type precision struct {
	name, float string // in function names; the Go type
	size        int    // bytes of a float

	move, xor, broadcast, plus, minus, product func(...Op)
	minusPlus                                  func(Op, Op, Op) // even minus, odd plus
	exchange                                   func(...Op)      // by an immediate
	exchanged                                  Constant         // real and imaginary parts

	constants map[float64]Mem // in each element of a vector
	imaginary Mem             // the sign bits of the imaginary parts
}

var single = &precision{
	name: "Single", float: "float32", size: 4,
	move: VMOVUPS, xor: VXORPS, broadcast: VBROADCASTSS,
	plus: VADDPS, minus: VSUBPS, product: VMULPS, minusPlus: VADDSUBPS,
	exchange: VPERMILPS, exchanged: U8(0xb1),
}

var double = &precision{
	name: "Double", float: "float64", size: 8,
	move: VMOVUPD, xor: VXORPD, broadcast: VBROADCASTSD,
	plus: VADDPD, minus: VSUBPD, product: VMULPD, minusPlus: VADDSUBPD,
	exchange: VPERMILPD, exchanged: U8(0x5),
}

// What the butterflies multiply by.
const (
	sin60    = 0.86602540378443864676372317075294
	cos72    = 0.30901699437494742410229341718282
	sin72    = 0.95105651629515357211643933337938
	cos144   = -0.80901699437494742410229341718282
	sin144   = 0.58778525229247312916870595463907
	sqrtHalf = 0.70710678118654752440084436210485
)

// declareConstants writes the data section of a precision. Floats go in by
// their bits.
func (p *precision) declareConstants() {
	p.constants = map[float64]Mem{}
	for _, c := range []struct {
		name  string
		value float64
	}{
		{"half", 0.5}, {"sin60", sin60}, {"cos72", cos72}, {"sin72", sin72},
		{"cos144", cos144}, {"sin144", sin144}, {"sqrtHalf", sqrtHalf},
	} {
		p.constants[c.value] = GLOBL(c.name+p.name, RODATA|NOPTR)
		for at := 0; at < vector; at += p.size {
			DATA(at, p.bits(c.value))
		}
	}
	p.imaginary = GLOBL("imaginary"+p.name, RODATA|NOPTR)
	for at := 0; at < vector; at += 2 * p.size {
		DATA(at, p.bits(0))
		DATA(at+p.size, p.bits(math.Copysign(0, -1)))
	}
}

func (p *precision) bits(x float64) Constant {
	if p.size == 4 {
		return U32(math.Float32bits(float32(x)))
	}
	return U64(math.Float64bits(x))
}

// The arithmetic of vectors of complex numbers, as in the portable butterflies.
// Operands are in Go's order here, a-b is sub(a, b).

type vec = reg.VecVirtual

func (p *precision) load(m Op) vec {
	d := YMM()
	p.move(m, d)
	return d
}

func (p *precision) add(a vec, b Op) vec {
	d := YMM()
	p.plus(b, a, d)
	return d
}

func (p *precision) sub(a vec, b Op) vec {
	d := YMM()
	p.minus(b, a, d)
	return d
}

// mul is the product of elements.
func (p *precision) mul(a vec, b Op) vec {
	d := YMM()
	p.product(b, a, d)
	return d
}

// times is the product of elements with a constant.
func (p *precision) times(a vec, c float64) vec { return p.mul(a, p.constants[c]) }

func (p *precision) conj(a vec) vec {
	d := YMM()
	p.xor(p.imaginary, a, d)
	return d
}

// turn is -i·a.
func (p *precision) turn(a vec) vec {
	d := YMM()
	p.exchange(p.exchanged, a, d)
	p.xor(p.imaginary, d, d)
	return d
}

// A factor is a complex number in every place of two vectors, its real and its
// imaginary parts.
type factor struct{ re, im vec }

func (p *precision) factor(m Mem) factor {
	f := factor{YMM(), YMM()}
	p.broadcast(m, f.re)
	p.broadcast(m.Offset(p.size), f.im)
	return f
}

// by is the complex product a·f.
func (p *precision) by(a vec, f factor) vec {
	d := YMM()
	p.exchange(p.exchanged, a, d)
	p.product(f.im, d, d)
	e := p.mul(a, f.re)
	p.minusPlus(d, e, d)
	return d
}
