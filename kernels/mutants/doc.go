// Package mutants breaks the kernels on purpose, one mistake at a time, and
// checks that the tests which claim to exclude the mistake fail. It has tests
// only:
//
//	go test ./kernels/mutants            each mutant still fits the code it changes
//	go test ./kernels/mutants -mutants   each mutant is killed by the tests it names
//
// The second takes minutes. Nothing in the tree is touched: the changed file is
// compiled in place of the true one (go test -overlay). One mutant alone:
//
//	go test ./kernels/mutants -mutants -run 'Killed/kick_1_%'
//
// A mutant is an entry of a table in this folder: a sentence about what is wrong,
// the point of the list below that it breaks (0 for none of them), the tests
// that must fail, as package.TestName, and the change, an old text that occurs
// exactly once in its file and the new one. The tests run with -short and without
// assembly, whose bits other tests compare with the portable ones. All that
// an entry names must fail, and they must pass on the true kernels. A mutant that
// survives shows a test that is too weak: strengthen that.
//
// What a correct kernel shows:
//
//  1. the constants of independent programs: growth, transfer functions, σ8,
//     kick and drift integrals, Philox
//  2. the closed growth of Einstein-de Sitter with μ = 1.1; evolving_g's 1/6 %
//  3. CIC keeps mass and constants, a lattice feels no force, forces do not
//     depend on where in the box a cell is
//  4. one mode's force by the kernel's formula, a point mass against an Ewald
//     sum, forces that add up to nothing
//  5. the Zel'dovich pancake to 0.9 of collapse
//  6. linear growth of the largest modes, and its change with β
//  7. second order in the step, reversibility, momentum, Layzer-Irvine
//  8. P(k) of initial conditions with fixed amplitudes is the input
//  9. resume and any number of threads, bit for bit
//  10. planted spheres: centre and radius
//  11. a second opinion, the numpy program
package mutants
