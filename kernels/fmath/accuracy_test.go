package fmath

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// sweep is n arguments from a few ranges, half of each uniform, half uniform
// in the logarithm, both signs where the range has them.
func sweep(n int, ranges ...[2]float64) []float64 {
	r := rand.New(rand.NewPCG(1, 2))
	var xs []float64
	for _, span := range ranges {
		lo, hi := span[0], span[1]
		for i := range n {
			x := lo + (hi-lo)*r.Float64()
			if size := max(math.Abs(lo), math.Abs(hi)); i%2 == 0 {
				small := min(math.Abs(lo), math.Abs(hi))
				if lo < 0 && hi > 0 || small == 0 {
					small = size * 1e-20
				}
				x = math.Copysign(small*math.Pow(size/small, r.Float64()), x)
			}
			if x >= lo && x <= hi {
				xs = append(xs, x)
			}
		}
	}
	return xs
}

// The limits are those that doc.go states: 0.5 is rounding itself, the rest
// what the error analysis beside each function leaves.
func TestErrorsStayWithinTheStatedUlps(t *testing.T) {
	const n = 300
	tiny := [2]float64{-1e-3, 1e-3}
	huge := [2]float64{-math.MaxFloat64, math.MaxFloat64}
	angles := append(sweep(n, [2]float64{-1, 1}, [2]float64{-100, 100}, [2]float64{-1e7, 1e7}, huge), nearQuarterTurns()...)
	wide := sweep(n, [2]float64{-20, 20}, [2]float64{-710, 710}, [2]float64{709.7, 710.4}, tiny)
	half := num(0.5)
	for _, c := range []struct {
		name  string
		f     func(float64) float64
		ref   func(x *big.Float) *big.Float
		xs    []float64
		limit float64
	}{
		{"Exp", Exp, refExp, sweep(n, [2]float64{-708, 709.7}, [2]float64{-2, 2}, tiny, [2]float64{-745.1, -708}), 0.53},
		{"Expm1", Expm1, refExpm1, sweep(n, [2]float64{-40, 709.7}, [2]float64{-1, 1}, tiny), 0.53},
		{"Log", Log, refLog, sweep(n, [2]float64{0, math.MaxFloat64}, [2]float64{0.5, 2}, [2]float64{0.98, 1.02}, [2]float64{5e-324, 1e-307}), 0.53},
		{"Log2", Log2, func(x *big.Float) *big.Float { return quo(refLog(x), refLn2) },
			sweep(n, [2]float64{0, math.MaxFloat64}, [2]float64{0.5, 2}, [2]float64{0.98, 1.02}), 0.53},
		{"Log10", Log10, func(x *big.Float) *big.Float { return quo(refLog(x), refLog(num(10))) },
			sweep(n, [2]float64{0, math.MaxFloat64}, [2]float64{0.5, 2}, [2]float64{0.98, 1.02}), 0.53},
		{"Log1p", Log1p, func(x *big.Float) *big.Float { return refLog(add(one, x)) },
			sweep(n, [2]float64{-1, 1e10}, [2]float64{-0.02, 0.02}, [2]float64{-0.9999, 1}), 0.53},
		{"Sin", Sin, func(x *big.Float) *big.Float { s, _ := refSincos(x); return s }, angles, 0.8},
		{"Cos", Cos, func(x *big.Float) *big.Float { _, c := refSincos(x); return c }, angles, 0.8},
		{"Tan", Tan, func(x *big.Float) *big.Float { s, c := refSincos(x); return quo(s, c) }, angles, 0.8},
		{"SincosTurns sine", func(x float64) float64 { s, _ := SincosTurns(x); return s },
			func(x *big.Float) *big.Float { s, _ := refSincos(mul(x, mul(num(2), pi240))); return s }, sweep(2*n, [2]float64{-2, 2}), 0.8},
		{"SincosTurns cosine", func(x float64) float64 { _, c := SincosTurns(x); return c },
			func(x *big.Float) *big.Float { _, c := refSincos(mul(x, mul(num(2), pi240))); return c }, sweep(2*n, [2]float64{-2, 2}), 0.8},
		{"Atan", Atan, func(x *big.Float) *big.Float { return refAtan2(x, one) }, sweep(n, [2]float64{-3, 3}, [2]float64{-1e20, 1e20}), 0.53},
		{"Asin", Asin, func(x *big.Float) *big.Float { return refAtan2(x, refSqrt(sub(one, mul(x, x)))) }, sweep(n, [2]float64{-1, 1}, [2]float64{0.99, 1}), 0.53},
		{"Acos", Acos, func(x *big.Float) *big.Float { return refAtan2(refSqrt(sub(one, mul(x, x))), x) }, sweep(n, [2]float64{-1, 1}, [2]float64{0.99, 1}), 0.53},
		{"Sinh", Sinh, func(x *big.Float) *big.Float { return mul(half, sub(refExpm1(x), refExpm1(newNum().Neg(x)))) }, wide, 0.53},
		{"Cosh", Cosh, func(x *big.Float) *big.Float { return mul(half, add(refExp(x), refExp(newNum().Neg(x)))) }, wide, 0.53},
		{"Tanh", Tanh, func(x *big.Float) *big.Float {
			m := refExpm1(mul(num(2), x))
			return quo(m, add(m, num(2)))
		}, wide, 0.53},
		{"Cbrt", Cbrt, refCbrt, sweep(n, huge, [2]float64{-8, 8}, [2]float64{1e-320, 1e-300}), 0.53},
	} {
		worst, at := 0.0, 0.0
		for _, x := range c.xs {
			if x == 0 {
				continue
			}
			if u := ulps(c.f(x), c.ref(num(x))); !(u <= worst) {
				worst, at = u, x
			}
		}
		if worst > c.limit {
			t.Errorf("%s(%v) = %v: %.3f ulp, want at most %v", c.name, at, c.f(at), worst, c.limit)
		}
		t.Logf("%-20s %.3f ulp at %v, over %d arguments", c.name, worst, at, len(c.xs))
	}
}

// nearQuarterTurns returns float64 next to multiples of π/2, where nothing but
// a long reduction keeps a digit: the nearest to each of a few, those of the
// first 2^20 that are nearer than 2^-51, and two that J.-M. Muller, Elementary
// Functions, gives as the nearest of all.
func nearQuarterTurns() []float64 {
	var xs []float64
	halfPi := refPi(referenceBits)
	halfPi.SetMantExp(halfPi, -1)
	for k := 1.0; k < 1e19; k = math.Ceil(k * 1.7) {
		x, _ := mul(num(k), halfPi).Float64()
		xs = append(xs, x, -x, math.Nextafter(x, 0))
	}
	for k := 1.0; k < 1<<20; k++ {
		x, e := twoProduct(k, halfPiHi)
		if e += k * halfPiLo; math.Abs(e) < 0x1p-51 {
			xs = append(xs, x)
		}
	}
	return append(xs, math.Ldexp(6381956970095103, 797), math.Ldexp(5319372648326541, 255))
}

func TestPowErrorStaysWithinTheStatedUlps(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	worst, atX, atY := 0.0, 0.0, 0.0
	for i := range 4000 {
		x := math.Exp(200 * (r.Float64() - 0.5))
		switch i % 4 {
		case 0:
			x = 1 + 3e-2*(r.Float64()-0.5)
		case 1:
			x = 1 + 1e-3*(r.Float64()-0.5)
		case 2:
			x = 5e-324 * (1 + 1e10*r.Float64())
		}
		y := 1500 * (r.Float64() - 0.5) / math.Log(x) // results from e^-750 to e^750
		switch i % 3 {
		case 1:
			y = math.Round(y)
		case 2:
			y = 20 * (r.Float64() - 0.5)
		}
		want := refExp(mul(num(y), refLog(num(x))))
		got := Pow(x, y)
		if f, _ := want.Float64(); math.IsInf(f, 0) {
			if !math.IsInf(got, 1) {
				t.Errorf("Pow(%v, %v) = %v, want +Inf", x, y, got)
			}
			continue
		}
		if u := ulps(got, want); !(u <= worst) {
			worst, atX, atY = u, x, y
		}
	}
	if worst > 0.53 {
		t.Errorf("Pow(%v, %v) = %v: %.3f ulp, want at most 0.53", atX, atY, Pow(atX, atY), worst)
	}
	t.Logf("%.3f ulp", worst)
}

func TestIntegerPowersAreRoundedOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 20000 {
		x := (r.Float64() - 0.5) * math.Exp2(float64(r.IntN(20)-10))
		n := r.IntN(129) - 64
		exact := new(big.Float).SetPrec(8000).SetInt64(1)
		for range max(n, -n) {
			exact.Mul(exact, big.NewFloat(x))
		}
		if n < 0 {
			exact.SetPrec(400).Quo(big.NewFloat(1), exact)
		}
		want, _ := exact.Float64()
		if got := Pow(x, float64(n)); got != want && math.Abs(want) > 1e-290 && math.Abs(want) < 1e300 {
			t.Errorf("Pow(%v, %d) = %v, want %v", x, n, got, want)
		}
	}
}

func TestPowersAUserKnowsAreExact(t *testing.T) {
	for _, c := range [][3]float64{
		{2, 10, 1024}, {10, 2, 100}, {10, 22, 1e22}, {10, -3, 1e-3}, {2, -1074, 5e-324}, {2, 1023, 0x1p1023},
		{-3, 3, -27}, {9, 0.5, 3}, {9, 1.5, 27}, {8, -1, 0.125}, {0.25, -1.5, 8}, {1e5, 3, 1e15},
	} {
		if got := Pow(c[0], c[1]); got != c[2] {
			t.Errorf("Pow(%v, %v) = %v, want %v", c[0], c[1], got, c[2])
		}
	}
	r := rand.New(rand.NewPCG(7, 8))
	for range 10000 {
		x := math.Exp(1400 * (r.Float64() - 0.5))
		if got := Pow(x, 2); got != x*x {
			t.Fatalf("Pow(%v, 2) = %v, want x*x = %v", x, got, x*x)
		}
		if got := Pow(x, -1); got != 1/x {
			t.Fatalf("Pow(%v, -1) = %v, want 1/x = %v", x, got, 1/x)
		}
		if got := Pow(x, 0.5); got != math.Sqrt(x) {
			t.Fatalf("Pow(%v, 0.5) = %v, want %v", x, got, math.Sqrt(x))
		}
	}
}

func TestLogarithmsOfPowersAreExact(t *testing.T) {
	for n := -300; n <= 300; n++ {
		x := math.Pow10(n)
		if got := Log10(x); got != float64(n) {
			t.Errorf("Log10(1e%d) = %v", n, got)
		}
	}
	for n := -1074; n <= 1023; n++ {
		if got := Log2(math.Ldexp(1, n)); got != float64(n) {
			t.Errorf("Log2(2^%d) = %v", n, got)
		}
	}
}
