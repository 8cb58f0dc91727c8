// Package panel computes with the rows of a batch side by side: products of
// matrices in single precision, and the passes of a softmax between them.
//
// # Panels
//
// A panel holds [Lanes] rows: number j of row l stands at [j][l], so that a row is
// a lane of the vectors of a processor. No operation joins two lanes. A row's
// results are the same, to the bit, whatever stands in the other lanes, however
// many panels there are, and on any number of threads.
//
// # Products
//
// A [Matrix] m of numbers m_kd has two products with a panel:
//
//	out[k][l] = Σ_d x[d][l] m[k][d]                                   (1)
//	out[d][l] = Σ_k w[k][l] m[k][d]                                   (2)
//
// Each element is one sum, from the first term to the last, of products that are
// rounded together with the sum, once (a fused product, IEEE 754 section 5.4.1).
// The order of the terms is fixed by their number, so blocks may follow the
// caches: a tile of 6 × 16 sums stays in registers for some hundred terms (Goto and van
// de Geijn 2008, ACM Trans. Math. Softw. 34, 12), and both products read the matrix
// as it stands: its numbers are the ones that go to all lanes. So nothing is
// packed, and what Eq. (1) writes is what Eq. (2) reads.
//
// # Same bits
//
// A tile is one of three codes with the same bits: AVX2 and FMA in assembly;
// portable Go where the compiler makes a fused instruction of it, as for arm64,
// which is tried at the start of the program; else portable Go with products
// and sums in double precision, of which a rounding to single precision gives the
// fused result but for cases that are seen and put right. The other loops have no
// fused products. The tag noasm leaves the assembly out.
//
// Libraries were looked at: gonum's Sgemm, portable on amd64, reaches 6 to
// 10 % of the peak, and the sums of BLAS libraries in C depend on processor, threads
// and sizes.
package panel
