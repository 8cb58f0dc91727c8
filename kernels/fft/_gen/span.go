package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A butterfly transforms the legs that load fetches and hands the outputs to
// store, each leg fetched before the first output is stored.
type butterfly struct {
	radix     int
	keep      bool // there are registers for the twiddles of a row
	transform func(p *precision, load func(leg int) vec, store func(output int, v vec))
}

var butterflies = []butterfly{
	{2, true, two}, {3, true, three}, {4, true, four}, {5, false, five}, {8, false, eight},
}

func two(p *precision, load func(int) vec, store func(int, vec)) {
	a, b := load(0), load(1)
	store(0, p.add(a, b))
	store(1, p.sub(a, b))
}

func three(p *precision, load func(int) vec, store func(int, vec)) {
	a, b, c := load(0), load(1), load(2)
	t := p.add(b, c)
	u := p.sub(a, p.times(t, 0.5))
	v := p.turn(p.times(p.sub(b, c), sin60))
	store(0, p.add(a, t))
	store(1, p.add(u, v))
	store(2, p.sub(u, v))
}

// quarter is the transform of four numbers.
func quarter(p *precision, a, b, c, d vec) (p0, p1, p2, p3 vec) {
	t0, t1 := p.add(a, c), p.sub(a, c)
	t2, t3 := p.add(b, d), p.turn(p.sub(b, d))
	return p.add(t0, t2), p.add(t1, t3), p.sub(t0, t2), p.sub(t1, t3)
}

func four(p *precision, load func(int) vec, store func(int, vec)) {
	p0, p1, p2, p3 := quarter(p, load(0), load(1), load(2), load(3))
	store(0, p0)
	store(1, p1)
	store(2, p2)
	store(3, p3)
}

func five(p *precision, load func(int) vec, store func(int, vec)) {
	x1, x4 := load(1), load(4)
	b, e := p.add(x1, x4), p.sub(x1, x4)
	x2, x3 := load(2), load(3)
	c, d := p.add(x2, x3), p.sub(x2, x3)
	a := load(0)
	store(0, p.add(a, p.add(b, c)))
	u := p.add(a, p.add(p.times(b, cos72), p.times(c, cos144)))
	v := p.turn(p.add(p.times(e, sin72), p.times(d, sin144)))
	store(1, p.add(u, v))
	store(4, p.sub(u, v))
	u = p.add(a, p.add(p.times(b, cos144), p.times(c, cos72)))
	v = p.turn(p.sub(p.times(e, sin144), p.times(d, sin72)))
	store(2, p.add(u, v))
	store(3, p.sub(u, v))
}

func eight(p *precision, load func(int) vec, store func(int, vec)) {
	e0, e1, e2, e3 := quarter(p, load(0), load(2), load(4), load(6))
	o0, o1, o2, o3 := quarter(p, load(1), load(3), load(5), load(7))
	store(0, p.add(e0, o0))
	store(4, p.sub(e0, o0))
	o1 = p.times(p.add(o1, p.turn(o1)), sqrtHalf) // times (1-i)/√2
	store(1, p.add(e1, o1))
	store(5, p.sub(e1, o1))
	o2 = p.turn(o2)
	store(2, p.add(e2, o2))
	store(6, p.sub(e2, o2))
	o3 = p.times(p.sub(p.turn(o3), o3), sqrtHalf) // times (-1-i)/√2
	store(3, p.add(e3, o3))
	store(7, p.sub(e3, o3))
}

// span writes the three loops of a span: butterflies, columns, legs.
func (p *precision) span(b butterfly, twiddled bool) {
	name := fmt.Sprintf("span%d%s", b.radix, p.name)
	twiddles := ""
	if twiddled {
		name = fmt.Sprintf("span%dTwiddled%s", b.radix, p.name)
		twiddles = fmt.Sprintf(", w *%s", p.float)
	}
	TEXT(name, NOSPLIT, fmt.Sprintf(
		"func(first, rest *%[1]s, dstLeg, dstNext int, src *%[1]s, srcLeg, srcNext int%[2]s, count, width int)", p.float, twiddles))
	Pragma("noescape")
	Doc(fmt.Sprintf("%s runs a span of radix %d: count butterflies of width vectors.", name, b.radix),
		"Legs are in bytes; next is from the end of a row to the next butterfly's.")

	src, dst0, dst1 := p.pointer("src"), p.pointer("first"), p.pointer("rest")
	legs := p.strides(src, "srcLeg", b.radix)
	outputs := append([]Mem{{Base: dst0}}, p.strides(dst1, "dstLeg", b.radix-1)...)
	count, width := Load(Param("count"), GP64()), GP64()
	var w reg.Register
	if twiddled {
		w = p.pointer("w")
	}
	twiddle := func(output int) factor {
		return p.factor(Mem{Base: w, Disp: (output - 1) * 2 * p.size})
	}

	Label("butterfly")
	Load(Param("width"), width)
	factors := make([]factor, b.radix)
	if twiddled && b.keep {
		for k := 1; k < b.radix; k++ {
			factors[k] = twiddle(k)
		}
	}
	Label("column")
	b.transform(p,
		func(leg int) vec { return p.load(legs[leg]) },
		func(output int, v vec) {
			if twiddled && output > 0 {
				f := factors[output]
				if !b.keep {
					f = twiddle(output)
				}
				v = p.by(v, f)
			}
			p.move(v, outputs[output])
		})
	ADDQ(U8(vector), src)
	ADDQ(U8(vector), dst0)
	ADDQ(U8(vector), dst1)
	DECQ(width)
	JNZ(LabelRef("column"))

	if twiddled {
		ADDQ(U8((b.radix-1)*2*p.size), w)
	}
	ADDQ(parameter("srcNext"), src)
	ADDQ(parameter("dstNext"), dst0)
	ADDQ(parameter("dstNext"), dst1)
	DECQ(count)
	JNZ(LabelRef("butterfly"))
	VZEROUPPER()
	RET()
}

// pointer loads a parameter that the kernel moves.
func (p *precision) pointer(name string) reg.Register { return Load(Param(name), GP64()) }

// parameter is where a parameter lies.
func parameter(name string) Mem {
	b, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

// strides are the addresses base + k·leg for k < n ≤ 8.
func (p *precision) strides(base reg.Register, leg string, n int) []Mem {
	at := []Mem{{Base: base}}
	if n == 1 {
		return at
	}
	index := map[int]reg.Register{1: Load(Param(leg), GP64())}
	odd := func(k, a, b int) {
		if n > k {
			index[k] = GP64()
			LEAQ(Mem{Base: index[a], Index: index[1], Scale: uint8(b)}, index[k])
		}
	}
	odd(3, 1, 2)
	odd(5, 1, 4)
	odd(7, 3, 4)
	for k := 1; k < n; k++ {
		scale := k & -k
		at = append(at, Mem{Base: base, Index: index[k/scale], Scale: uint8(scale)})
	}
	return at
}
