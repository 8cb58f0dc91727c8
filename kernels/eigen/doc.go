// Package eigen finds all eigenvalues and eigenvectors of a dense real
// symmetric matrix A of n × n:
//
//	A = Qᵀ diag(λ) Q, one eigenvector a row of Q, λ ascending          (1)
//
// by way of a tridiagonal matrix T, as EISPACK's tred2 and imtql2 (Smith et al.
// 1976) and LAPACK's dsytrd, dorgtr and dsteqr (Anderson et al. 1999) do; Golub
// & Van Loan, Matrix Computations, 4th ed., 8.3. [Symmetric] goes in three steps.
//
// Reduction (reduce.go). A reflector clears column c below the subdiagonal:
//
//	H_c = I − τ v vᵀ, v_(c+1) = 1, H_c x = β e_(c+1)                    (2)
//	H_c A H_c = A − v wᵀ − w vᵀ, w = p − (τ/2)(pᵀv) v, p = τ A v        (3)
//
// The reflectors come in panels. Within one, A stays as it was and products
// with it are corrected by the v and w so far; at its end all of them update
// what is left of A in one pass (Dongarra, Sorensen & Hammarling 1989). So A is
// read from memory once a column and written once a panel.
//
// Accumulation (accumulate.go). The product of a panel's reflectors is
//
//	H_c … H_(c+k−1) = I − V S Vᵀ                                       (4)
//
// with S upper triangular (Schreiber & Van Loan 1989); from the last panel to
// the first they make Q₀ with A = Q₀ T Q₀ᵀ.
//
// Implicit QL (sweep.go, rotate.go). A sweep with Wilkinson's shift takes plane
// rotations down T, from the end that the smaller diagonal elements are at,
//
//	(z_i, z_(i+1)) ← (c z_i − s z_(i+1), s z_i + c z_(i+1))             (5)
//
// until an off-diagonal element is a rounding of its neighbours; what is left of
// two rows takes a rotation of Jacobi's. T alone decides
// the rotations; they are written down, and each row of Q₀ then goes through
// many sweeps of them while it is in cache.
//
// # Accuracy
//
// The errors are those of a matrix that differs from A by some roundings of
// its norm: |λ − λ_exact| and |A q − λ q| are of the order of n ε |A| at worst,
// in practice of √n ε |A|, and so is |Q Qᵀ − I| with |A| = 1. Small eigenvalues
// of a matrix with large ones have large relative errors. The error of a vector
// is that over the distance to the next eigenvalue: vectors of equal or nearly
// equal eigenvalues are orthogonal and span the right space, but which ones of
// the space they are is a matter of roundings.
//
// # Same bits
//
// Each element of each intermediate is a sum in an order that n fixes; threads
// only share out rows. There is no assembly, and no fused product. [Version] is
// raised when the bits change.
//
// # Cost
//
// About 9 n³ operations, half of them rotations. Memory beyond A is some 400 n
// numbers: 180 MB in all with n = 4500.
package eigen

// Version is raised whenever the bits that come out change.
const Version = 1
