// Command _gen writes the vector kernels of runlua/kernels/fft: butterflies on
// whole rows, transpositions, the recombination of the real axis and products
// with real factors, for AVX2 in single and double precision.
//
// Complex numbers are interleaved, four of them a vector in single precision,
// two in double. Every sum and product is that of the portable kernel of the
// same name, in its order, and none is fused, so that both give the same bits.
package main

import (
	"flag"

	. "github.com/mmcloughlin/avo/build"
)

func main() {
	flag.Parse()
	ConstraintExpr("amd64,!noasm")
	for _, p := range []*precision{single, double} {
		p.declareConstants()
		for _, b := range butterflies {
			p.span(b, false)
			p.span(b, true)
		}
		p.combine()
		p.transposeIn()
		p.transposeOut()
		p.multiply()
	}
	Generate()
}
