package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// tile writes the inner loop of the products: twelve sums stay in registers, two
// halves of a row of the panel are loaded once for six numbers of the matrix. Each
// step has one line fetched, into the second-level cache, that a tile to come needs.
func tile() {
	TEXT("tileFused", 0, "func(c, x, y *float32, across, along, count int, next *float32, ahead int)")
	Pragma("noescape")
	Doc("tileFused is tile for count > 0 terms. Strides are in bytes.")
	c, x, y := base("c"), base("x"), base("y")
	across := Load(Param("across"), GP64())
	along := Load(Param("along"), GP64())
	count := Load(Param("count"), GP64())
	next := base("next")
	ahead := Load(Param("ahead"), GP64())

	// Rows 0 to 2 stand at y, 3 to 5 at far.
	far := Mem{Base: GP64()}
	LEAQ(y.Idx(across, 2), far.Base)
	ADDQ(across, far.Base)
	at := func(i int) Mem {
		from := y
		if i >= 3 {
			from, i = far, i-3
		}
		if i > 0 {
			return from.Idx(across, uint8(i))
		}
		return from
	}
	var sums [group][halves]vec
	for i := range sums {
		sums[i] = row(c.Offset(i * lanes * 4))
	}
	step := func(t int) {
		v := row(x.Offset(t * lanes * 4))
		PREFETCHT1(next)
		ADDQ(ahead, next.Base)
		for i := range sums {
			b := YMM()
			VBROADCASTSS(at(i), b)
			for h := range v {
				VFMADD231PS(v[h], b, sums[i][h])
			}
		}
		ADDQ(along, y.Base)
		ADDQ(along, far.Base)
	}
	const unrolled = 4
	loop := func(name string, steps int) {
		Label(name)
		for t := range steps {
			step(t)
		}
		ADDQ(U32(steps*lanes*4), x.Base)
		SUBQ(U8(steps), count)
	}
	SUBQ(U8(unrolled), count)
	JL(LabelRef("rest"))
	loop("four", unrolled)
	JGE(LabelRef("four"))
	Label("rest")
	ADDQ(U8(unrolled), count)
	JZ(LabelRef("end"))
	loop("one", 1)
	JNZ(LabelRef("one"))
	Label("end")
	for i := range sums {
		keep(sums[i], c.Offset(i*lanes*4))
	}
	VZEROUPPER()
	RET()
}

// fusedProducts writes the loop of nothing but independent fused products.
func fusedProducts() {
	const chains = 12
	TEXT("fusedProducts", 0, "func(count int) float32")
	Doc("fusedProducts does count > 0 times " + fmt.Sprint(chains*8) + " fused products and sums, " + fmt.Sprint(chains) + " independent chains of 8 lanes.")
	count := Load(Param("count"), GP64())
	a := YMM()
	VXORPS(a, a, a)
	b := YMM()
	VXORPS(b, b, b)
	var sums [chains]vec
	for i := range sums {
		sums[i] = YMM()
		VXORPS(sums[i], sums[i], sums[i])
	}
	Label("loop")
	for i := range sums {
		VFMADD231PS(a, b, sums[i])
	}
	DECQ(count)
	JNZ(LabelRef("loop"))
	for i := 1; i < chains; i++ {
		VADDPS(sums[i], sums[0], sums[0])
	}
	VZEROUPPER()
	Store(sums[0].AsX(), ReturnIndex(0))
	RET()
}
