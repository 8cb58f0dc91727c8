// Package fmath holds the elementary functions whose values enter results:
// the same bits on every processor and for every compiler setting.
//
// Package math gives other bits where the processor has a fused multiply-add
// or an assembly version (Exp and what is built on it, Log). Here each
// function is Go: an exact reduction of the argument, a table where that
// helps, and a Taylor series short enough to write down. Every product that
// meets a sum is converted, float64(x*y) + z, which forbids fusing; products
// whose rounding error matters are formed exactly by Dekker's splitting.
//
// BoxMuller works on slices, where the processor has AVX2 by assembly: in the
// same bits, as it rounds where Log and SincosTurns do.
//
// Arguments and angles are plain float64, angles in radians unless a name says
// turns. Special cases are those of package math, function by function; where
// package math is sloppy the value here is better (Log10(1000) is 3).
//
// Largest errors, which the tests check against 240-bit references, in units of
// the last place (ulp; rounding alone is 0.5):
//
//	Exp, Expm1, Log, Log1p, Log2, Log10, Pow, Sinh, Cosh, Tanh,
//	Atan, Atan2, Asin, Acos, Cbrt                               0.53
//	Sin, Cos, Sincos, SincosTurns, Tan                          0.8
//
// Sources: T. J. Dekker, Numer. Math. 18 (1971) 224, for exact products and
// double-double sums; W. J. Cody & W. Waite, Software Manual for the
// Elementary Functions (1980), for reductions in parts; M. Payne & R. Hanek,
// SIGNUM Newsl. 18 (1983) 19, for large angles; P. T. P. Tang, ACM TOMS 15
// (1989) 144 and 16 (1990) 378, for exp and log by table.
package fmath
