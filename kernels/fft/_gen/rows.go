package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// combine writes Eq. (3) on pairs of rows: lo goes up, hi goes down.
func (p *precision) combine() {
	name := "combine" + p.name
	TEXT(name, NOSPLIT, fmt.Sprintf("func(lo, hi *%[1]s, hiNext int, w *%[1]s, scale %[1]s, count, width int)", p.float))
	Pragma("noescape")
	Doc(name+" combines count pairs of rows of width vectors. Rows from lo on follow each other;",
		"hiNext is from the end of a row to the one before it, in bytes.")
	lo, hi, w := p.pointer("lo"), p.pointer("hi"), p.pointer("w")
	count, width := Load(Param("count"), GP64()), GP64()
	scale := YMM()
	p.broadcast(parameter("scale"), scale)
	Label("pair")
	Load(Param("width"), width)
	f := p.factor(Mem{Base: w})
	Label("column")
	a, b := p.load(Mem{Base: lo}), p.conj(p.load(Mem{Base: hi}))
	e, t := p.mul(p.add(a, b), scale), p.by(p.sub(a, b), f)
	p.move(p.add(e, t), Mem{Base: lo})
	p.move(p.conj(p.sub(e, t)), Mem{Base: hi})
	ADDQ(U8(vector), lo)
	ADDQ(U8(vector), hi)
	DECQ(width)
	JNZ(LabelRef("column"))
	ADDQ(U8(2*p.size), w)
	ADDQ(parameter("hiNext"), hi)
	DECQ(count)
	JNZ(LabelRef("pair"))
	VZEROUPPER()
	RET()
}

// transposeIn and transposeOut write the copies of 4·count rows to columns of
// a block and back.
func (p *precision) transposeIn() {
	p.transpose("transposeIn", "block, at", func(rows, columns []Mem) {
		if p.size == 8 {
			pairs(columns, rows)
		} else {
			quads(columns, rows)
		}
	})
}

func (p *precision) transposeOut() {
	p.transpose("transposeOut", "at, block", func(rows, columns []Mem) {
		if p.size == 8 {
			across := func(m []Mem) []Mem { return []Mem{m[0], m[2], m[1], m[3]} }
			pairs(across(rows), across(columns))
		} else {
			quads(rows, columns)
		}
	})
}

// halves loads 16 bytes each from a and b to the halves of a vector, which
// takes no shuffle.
func halves(a, b Mem) vec {
	v := YMM()
	VMOVUPD(a, v.AsX())
	VINSERTF128(U8(1), b, v, v)
	return v
}

// pairs stores the 2×2 transposes of numbers of 16 bytes: the first halves of
// the first two vectors and of the others, then their second halves.
func pairs(to, from []Mem) {
	for half := range 2 {
		for i := range 2 {
			at := 16 * half
			VMOVUPD(halves(from[2*i].Offset(at), from[2*i+1].Offset(at)), to[2*half+i])
		}
	}
}

// quads stores the 4×4 transpose of numbers of 8 bytes.
func quads(to, from []Mem) {
	for half := range 2 {
		at := 16 * half
		even := halves(from[0].Offset(at), from[2].Offset(at))
		odd := halves(from[1].Offset(at), from[3].Offset(at))
		first, second := YMM(), YMM()
		VUNPCKLPD(odd, even, first)
		VUNPCKHPD(odd, even, second)
		VMOVUPD(first, to[2*half])
		VMOVUPD(second, to[2*half+1])
	}
}

// transpose writes the loops: groups of four rows, which are four columns of
// the block, and along them squares: as many rows of the block as a vector has
// numbers. It hands to copy the four vectors of the rows and of the block.
func (p *precision) transpose(name, params string, copy func(rows, columns []Mem)) {
	name += p.name
	TEXT(name, NOSPLIT, fmt.Sprintf("func(%s *%s, atStride, blockStride, count, width int)", params, p.float))
	Pragma("noescape")
	Doc(name + " copies width vectors of each of 4·count rows. Strides are in bytes.")
	group, block := p.pointer("at"), p.pointer("block")
	at, down := GP64(), GP64()
	rows := p.strides(at, "atStride", 4)
	columns := p.strides(down, "blockStride", 4)
	rowStride, columnStride := rows[1].Index, columns[1].Index
	numbers := vector / (2 * p.size)
	if numbers == 2 {
		columns = []Mem{columns[0], columns[0].Offset(vector), columns[1], columns[1].Offset(vector)}
	}
	count, width := Load(Param("count"), GP64()), GP64()
	Label("group")
	Load(Param("width"), width)
	MOVQ(group, at)
	MOVQ(block, down)
	Label("square")
	copy(rows, columns)
	ADDQ(U8(vector), at)
	LEAQ(Mem{Base: down, Index: columnStride, Scale: uint8(numbers)}, down)
	DECQ(width)
	JNZ(LabelRef("square"))
	LEAQ(Mem{Base: group, Index: rowStride, Scale: 4}, group)
	ADDQ(U8(4*2*p.size), block)
	DECQ(count)
	JNZ(LabelRef("group"))
	VZEROUPPER()
	RET()
}

// multiply writes products of numbers with real factors, each of which goes to
// two elements of a vector.
func (p *precision) multiply() {
	twice := GLOBL("twice"+p.name, RODATA|NOPTR)
	for i := range vector / p.size {
		if p.size == 4 {
			DATA(4*i, U32(i/2)) // places in each half
		} else {
			DATA(8*i, U64(i&2)) // bit 1 is the place
		}
	}
	name := "multiply" + p.name
	TEXT(name, NOSPLIT, fmt.Sprintf("func(row, factors *%[1]s, scale %[1]s, factorsNext, count, width int)", p.float))
	Pragma("noescape")
	Doc(name+" multiplies count rows of width vectors by scale and factors.",
		"factorsNext is from the end of a row's factors to the next row's, in bytes.")
	row, factors := p.pointer("row"), p.pointer("factors")
	count, width := Load(Param("count"), GP64()), GP64()
	places, scale := p.load(twice), YMM()
	p.broadcast(parameter("scale"), scale)
	Label("row")
	Load(Param("width"), width)
	Label("column")
	f := YMM()
	VBROADCASTF128(Mem{Base: factors}, f)
	p.exchange(places, f, f)
	p.move(p.mul(p.mul(f, scale), Mem{Base: row}), Mem{Base: row})
	ADDQ(U8(vector/2), factors)
	ADDQ(U8(vector), row)
	DECQ(width)
	JNZ(LabelRef("column"))
	ADDQ(parameter("factorsNext"), factors)
	DECQ(count)
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}
