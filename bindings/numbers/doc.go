// Package numbers is arithmetic over []float64 for the Lua modules array and
// stats: sums, moments, order statistics, histograms, the jackknife and the
// straight-line fit. It knows no Lua.
//
// Same bits. What these functions return enters recorded results, so it must
// not depend on the processor or on where a slice lies in memory. gonum/stat is
// therefore the oracle of the tests and not the implementation: stat.Mean,
// MeanVariance and LinearRegression without weights end in the assembly of
// gonum/internal/asm/f64, whose Sum adds in an order that depends on the
// slice's alignment to 16 bytes, and their weighted forms write w*x + s, which
// compilers fuse on some processors. Every sum here runs in index order with
// Neumaier's compensation (ZAMM 54, 39, 1974), which also makes it exact to a
// rounding or two.
//
// Bad data. Functions return an error for data that has no answer: too few
// values, a value that is not finite (by its index, counted from 1 as a script
// counts), unequal lengths. Messages continue a sentence begun by the caller.
package numbers
