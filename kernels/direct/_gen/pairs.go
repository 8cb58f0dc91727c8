package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// order is that of the portable kernels: lane l of a block meets lane l^r of
// the other.
var order = [lanes]int{0, 1, 3, 2, 6, 7, 5, 4}

// passes are the runs of r in the order that join the same vectors of two
// blocks: in double precision the upper bit tells whether a half meets the
// other one.
func (p *precision) passes() [][]int {
	w := p.width()
	var all [][]int
	for at := 0; at < lanes; at += w {
		all = append(all, order[at:at+w])
	}
	return all
}

func base(name string) Mem { return Mem{Base: Load(Param(name), GP64())} }

func parameter(name string) Mem {
	c, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return c.Addr
}

// A scratch is memory of the function's own, aligned to vectors: ε² in every
// lane, a block with its lanes exchanged in every way, and the separations of a
// block's steps.
type scratch struct {
	p    *precision
	base Mem
}

func (p *precision) scratch() scratch {
	s := scratch{p, Mem{Base: GP64()}}
	frame := AllocLocal(vector*(1+s.copies()+lanes*axes) + vector - 8) // the stack is aligned to 8 bytes
	LEAQ(frame.Offset(vector-8), s.base.Base)
	ANDQ(I8(-vector), s.base.Base)
	return s
}

func (s scratch) eps2() Mem { return s.base }

// copies is the number of vectors of the block.
func (s scratch) copies() int { return s.p.width() * s.p.parts() * s.p.used() }

// exchanged is a part of a field, lane l in the place l^by; by is below the width
// of a vector.
func (s scratch) exchanged(field, part, by int) Mem {
	return s.base.Offset(vector * (1 + (by*s.p.parts()+part)*s.p.used() + field))
}

// separation is an axis of what separate kept at a step.
func (s scratch) separation(step, axis int) Mem {
	return s.base.Offset(vector * (1 + s.copies() + step*axes + axis))
}

// copy fills a scratch with ε² and the block a.
func (p *precision) copy(a Mem) scratch {
	s := p.scratch()
	eps2 := YMM()
	p.broadcast(parameter("eps2"), eps2)
	p.move(eps2, s.eps2())
	for field := range p.used() {
		for part := range p.parts() {
			v, at := p.load(p.at(a, field, part)), 0
			for _, by := range p.passes()[0] {
				p.exchange(v, by^at)
				p.move(v, s.exchanged(field, part, by))
				at = by
			}
		}
	}
	return s
}

// between writes the kernel of that name. The lanes of a are exchanged, in
// copies of its coordinates and masses and in its sums on the way; those of b
// stay where they are.
func (p *precision) between() {
	name := "between" + p.name
	TEXT(name, 0, fmt.Sprintf("func(a, sa, b, sb *%[1]s, count int, eps2 %[1]s)", p.float))
	Pragma("noescape")
	Doc(name+" is between for count blocks from b on, at least one. Pointers are to the",
		"first numbers of blocks and sums.")
	a := base("a")
	s := p.copy(a)
	one := p.load(p.one)
	sa, b, sb := base("sa"), base("b"), base("sb")
	count := Load(Param("count"), GP64())
	loadSums := func(m Mem, part int) (v [axes]vec) {
		for axis := range v {
			v[axis] = p.load(p.at(m, axis, part))
		}
		return v
	}
	storeSums := func(v [axes]vec, m Mem, part int) {
		for axis := range v {
			p.move(v[axis], p.at(m, axis, part))
		}
	}
	// In single precision the sums of a are one vector an axis, and stay in
	// registers; in double precision there is no room for that.
	stay := p.parts() == 1
	var onA [axes]vec
	if stay {
		onA = loadSums(sa, 0)
	}
	Label("block")
	for upper, pass := range p.passes() {
		for part := range p.parts() {
			other := part ^ upper
			at := 0
			to := func(by int) {
				for axis := range axes {
					p.exchange(onA[axis], by^at)
				}
				at = by
			}
			if !stay {
				onA = loadSums(sa, other)
			}
			onB := loadSums(sb, part)
			steps := make([]step, len(pass))
			for i, r := range pass {
				r %= p.width()
				var r2, inv vec
				steps[i] = step{
					func() { r2 = p.separate(s, i, other, r, b, part) },
					func() { inv = p.invert(r2, one) },
					func() {
						to(r)
						p.pull(s, i, inv, s.exchanged(mass, other, r), p.at(b, mass, part), onA, onB)
					},
				}
			}
			overlap(steps)
			to(0)
			storeSums(onB, sb, part)
			if !stay {
				storeSums(onA, sa, other)
			}
		}
	}
	ADDQ(U32(fields*lanes*p.size), b.Base)
	ADDQ(U8(axes*lanes*p.size), sb.Base)
	DECQ(count)
	JNZ(LabelRef("block"))
	if stay {
		storeSums(onA, sa, 0)
	}
	VZEROUPPER()
	RET()
}

// A step is the meeting of two vectors of particles, in three stages.
type step struct{ separate, invert, pull func() }

// overlap writes steps so that a stage stands some steps behind the one before
// it: a processor looks ahead by less than the latency of a root and a quotient.
func overlap(steps []step) {
	const invert, pull = 1, 3 // behind separate, in steps
	for t := range len(steps) + pull {
		if t < len(steps) {
			steps[t].separate()
		}
		if i := t - invert; i >= 0 && i < len(steps) {
			steps[i].invert()
		}
		if i := t - pull; i >= 0 {
			steps[i].pull()
		}
	}
}

// separate keeps d of a step, from the lanes of a part of a, exchanged, to those
// of a part of b, and returns d² + ε².
func (p *precision) separate(s scratch, step, partA, by int, b Mem, partB int) vec {
	var d [axes]vec
	for axis := range d {
		d[axis] = p.difference(axis,
			func(field int) Op { return p.at(b, field, partB) },
			func(field int) Op { return s.exchanged(field, partA, by) })
		p.move(d[axis], s.separation(step, axis))
	}
	return p.softened(d, s.eps2())
}

// pull adds the pulls of two vectors of particles on each other. It spends inv.
func (p *precision) pull(s scratch, step int, inv vec, massA, massB Mem, onA, onB [axes]vec) {
	w := p.mul(inv, massB)
	for axis := range axes {
		p.plus(p.mul(w, s.separation(step, axis)), onA[axis], onA[axis])
	}
	p.product(massA, inv, inv)
	for axis := range axes {
		p.minus(p.mul(inv, s.separation(step, axis)), onB[axis], onB[axis])
	}
}

// within writes the kernel of that name.
func (p *precision) within() {
	name := "within" + p.name
	TEXT(name, 0, fmt.Sprintf("func(a, s *%[1]s, eps2 %[1]s)", p.float))
	Pragma("noescape")
	Doc(name + " is within. Pointers are to the first numbers of a block and sums.")
	a, sums := base("a"), base("s")
	s := p.copy(a)
	one := p.load(p.one)
	for part := range p.parts() {
		var on [axes]vec
		for axis := range on {
			on[axis] = p.load(p.at(sums, axis, part))
		}
		for upper, pass := range p.passes() {
			for _, r := range pass {
				if r == 0 {
					continue
				}
				other := func(field int) Op { return s.exchanged(field, part^upper, r%p.width()) }
				var d [axes]vec
				for axis := range d {
					d[axis] = p.difference(axis, other, func(field int) Op { return p.at(a, field, part) })
				}
				w := p.invert(p.softened(d, s.eps2()), one)
				p.product(other(mass), w, w)
				for axis := range d {
					p.product(w, d[axis], d[axis])
					p.plus(d[axis], on[axis], on[axis])
				}
			}
		}
		for axis := range on {
			p.move(on[axis], p.at(sums, axis, part))
		}
	}
	VZEROUPPER()
	RET()
}
