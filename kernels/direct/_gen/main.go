// Command _gen writes the vector kernels of runlua/kernels/direct: the pulls
// between blocks of particles and within one, for AVX2 in single and double
// precision.
//
// Every sum, product, root and quotient is that of the portable kernel of the
// same name, in its order, and none is fused or approximate, so that both give
// the same bits.
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
		p.between()
		p.within()
	}
	Generate()
}
