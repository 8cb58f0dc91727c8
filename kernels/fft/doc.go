// Package fft transforms real fields on a periodic mesh of n³ points to their
// Fourier modes and back, in place, in double precision ([Real3]) and in single
// ([Single3]).
//
// The forward transform is
//
//	F(k) = Σ_r f(r) exp(-2πi k·r/n),    k, r in {0, …, n-1}³     (1)
//
// and the inverse carries the factor 1/n³, so that one undoes the other. Of a
// real field only kz = 0, …, n/2 are kept, since F(-k) = conj F(k). The x and
// y indices run through 0, …, n-1, where an index above n/2 stands for the
// wave number index-n; see [Wave].
//
// # How it works
//
// Each axis is a one-dimensional transform of many columns at once. Columns
// are taken in blocks, so that every butterfly acts on whole contiguous rows
// of a block with one set of twiddle factors, and a vector of the processor
// holds neighbouring columns. The radices are 2, 3, 4, 5 and 8, by the
// self-sorting scheme of Stockham (C. Van Loan, Computational Frameworks for
// the Fast Fourier Transform, SIAM 1992, §1.7): a pass of radix r over a
// remaining length r·m with s finished rows a group is
//
//	y[q + s(rp+j)] = w^(pj) Σ_k x[q + s(p+mk)] exp(-2πi jk/r)     (2)
//
// with w = exp(-2πi/(rm)), 0 ≤ q < s, 0 ≤ p < m. The first pass reads the
// mesh, the last writes it, those between stay in two buffers of cache size.
//
// The inverse of one axis is the same transform with its output row j stored
// at n-j, so that there is one set of butterflies.
//
// The contiguous axis z is transposed, a batch of rows at a time, and packs n
// reals as n/2 complex numbers z_j = f_2j + i f_(2j+1), whose transform Z
// gives, with E and O the halves (Z_k ± conj Z_(n/2-k))/2,
//
//	F_k = E - i exp(-2πi k/n) O,   F_(n/2-k) = conj(E + i exp(-2πi k/n) O)   (3)
//
// The z and y axes are done together for each plane while it is in cache, x in a
// second pass over memory; [Plan.Convolve] does x, the user's factor and x back in
// one pass, so that the whole takes three, and [Plan.ConvolveWith] the same with a
// stored factor. [Plan.ForwardPlane] is the first pass for one plane, for fields that
// are made plane by plane; the passes after it are FinishForward, FinishConvolve and
// FinishConvolveWith, or [Plan.SeeModes] where modes are looked at once and need not
// be written. [Filtered] keeps the modes of one field for one factor after the other,
// in two passes each.
//
// # Same bits
//
// A result depends on the mesh, on n and on the precision only: not on the
// pool, its threads or the processor. Products that enter a sum are rounded
// explicitly, so that no compiler fuses them. The vector kernels for AVX2, which
// _gen writes by way of avo, have every sum and product of the portable Go in
// its order; they leave fused products alone, which would save a tenth of the
// arithmetic and make the bits depend on the processor. [Path] tells which run;
// the build tag noasm leaves them out.
//
// # Accuracy
//
// Errors of a transform are about u·√(log2 n³) of the rms mode, with u = 2^-53
// in double precision and 2^-24 in single: at 256³ some 5e-16 and 3e-7.
package fft
