// Command _gen writes the vector kernels of runlua/kernels/panel for AVX2 and
// FMA: the tile of a matrix product, the passes of a softmax over a panel, a
// squared distance, and a loop that measures the processor's peak.
//
// Every operation is that of the portable kernel of the same name, in its
// order; only the tile's products are fused, as they are there. So both give
// the same bits.
package main

import (
	"flag"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const (
	vector = 32 // bytes of a vector
	lanes  = 16 // of a panel
	group  = 6  // rows of a tile
	halves = lanes * 4 / vector
)

type vec = reg.VecVirtual

func main() {
	flag.Parse()
	ConstraintExpr("amd64,!noasm")
	tile()
	scores()
	weights()
	marks()
	distance()
	fusedProducts()
	Generate()
}

func base(name string) Mem { return Mem{Base: Load(Param(name), GP64())} }

// broadcast fills a vector with a parameter.
func broadcast(name string) vec {
	c, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	v := YMM()
	VBROADCASTSS(c.Addr, v)
	return v
}

// row returns the halves of a row of a panel.
func row(m Mem) (v [halves]vec) {
	for h := range v {
		v[h] = YMM()
		VMOVUPS(m.Offset(h*vector), v[h])
	}
	return v
}

func keep(v [halves]vec, m Mem) {
	for h := range v {
		VMOVUPS(v[h], m.Offset(h*vector))
	}
}
