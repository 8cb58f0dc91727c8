package mutants

// Eigenvalues and eigenvectors.
var eigenMutants = []mutant{
	{"products with the panel's earlier reflectors half corrected", 0, "eigen.TestVectorsAndValuesBelongToTheMatrix",
		in("eigen/reduce.go", `add(wj[c+1:], -alongV, wk)`, `add(wj[c+1:], -alongV*0, wk)`)},
	{"reflectors that do not meet the upper triangle", 0, "eigen.TestVectorsAndValuesBelongToTheMatrix",
		in("eigen/reduce.go", `a[(i0+i)*n+j0+j], a[(j0+j)*n+i0+i] = x, x`, `a[(i0+i)*n+j0+j] = x`)},
	{"rows in groups by the number of threads", 9, "eigen.TestSameBitsForAnyNumberOfThreads",
		in("eigen/reduce.go", `pool.For((n-first+group-1)/group, func(b int) {`, "group := 5 + pool.Threads()\n\tpool.For((n-first+group-1)/group, func(b int) {")},
	{"reduction that does not stop within a panel", 0, "eigen.TestEachStageLooksAtTheContext",
		in("eigen/reduce.go", "if err := ctx.Err(); err != nil {\n\t\t\t\treturn err\n\t\t\t}\n\t\t\tc := start + j", `c := start + j`)},
	{"S of a panel's reflectors with the other sign", 0, "eigen.TestVectorsAndValuesBelongToTheMatrix",
		in("eigen/accumulate.go", `= -t * dot(`, `= t * dot(`)},
	{"off-diagonal elements of 1e-9 taken for roundings", 0, "eigen.TestVectorsAndValuesBelongToTheMatrix",
		in("eigen/sweep.go", `const epsilon = 0x1p-53`, `const epsilon = 0x1p-30`)},
	{"sweeps without the end that they start from", 0, "eigen.TestVectorsAndValuesBelongToTheMatrix",
		in("eigen/rotate.go", `w = span{t.first + len(t.d) - 1 - m, m - l, false}`, `w = span{t.first + l, m - l, false}`)},
	{"rows beyond the last four turned as one", 0, "eigen.TestVectorsAndValuesBelongToTheMatrix",
		in("eigen/rotate.go", `r.one(z[i*n : (i+1)*n])`, `r.one(z[4*b*n : (4*b+1)*n])`)},
	{"eigenvalues sorted without their vectors", 0, "eigen.TestVectorsAndValuesBelongToTheMatrix",
		in("eigen/symmetric.go", `copy(row(k), row(next))`, `copy(row(k), row(k))`)},
	{"the last of equal components positive", 0, "eigen.TestSignTakesTheFirstOfTheLargest",
		in("eigen/symmetric.go", `math.Abs(x) > math.Abs(largest)`, `math.Abs(x) >= math.Abs(largest)`)},
	{"power of two put back by its half", 0, "eigen.TestPowersOfTwoPassThrough eigen.TestKnownSpectra",
		in("eigen/symmetric.go", `math.Ldexp(v, exponent)`, `math.Ldexp(v, exponent/2)`)},
}
