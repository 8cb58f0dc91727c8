package fmath

import (
	"math"
	"math/rand/v2"
	"testing"
)

// functions pairs each function with package math's.
var functions = []struct {
	name      string
	own, math func(float64) float64
}{
	{"Exp", Exp, math.Exp}, {"Expm1", Expm1, math.Expm1},
	{"Log", Log, math.Log}, {"Log1p", Log1p, math.Log1p}, {"Log10", Log10, math.Log10}, {"Log2", Log2, math.Log2},
	{"Sin", Sin, math.Sin}, {"Cos", Cos, math.Cos}, {"Tan", Tan, math.Tan},
	{"Asin", Asin, math.Asin}, {"Acos", Acos, math.Acos}, {"Atan", Atan, math.Atan},
	{"Sinh", Sinh, math.Sinh}, {"Cosh", Cosh, math.Cosh}, {"Tanh", Tanh, math.Tanh},
	{"Cbrt", Cbrt, math.Cbrt},
}

// specials are the values that special cases are about and some common ones.
// Subnormal and barely representable ones are left to the accuracy tests:
// package math is wrong at some (Log(5e-324) and Exp(709.7) on amd64, the sign
// of Atan2(-5e-324, -2), Pow next to 1).
var specials = func() []float64 {
	xs := []float64{math.NaN(), math.Copysign(0, -1)}
	for _, x := range []float64{0, 0.25, 0.5, 1, 1.5, 2, 3, 64, 65, 711, 746, 0x1p52 + 1, 0x1p53, math.MaxFloat64, math.Inf(1)} {
		xs = append(xs, x, -x)
	}
	return xs
}()

// same reports whether got is want: to the bit where want is NaN, infinite or
// zero, else within a relative error.
func same(got, want, tolerance float64) bool {
	switch {
	case want != want:
		return got != got
	case want == 0 || math.IsInf(want, 0):
		return math.Float64bits(got) == math.Float64bits(want)
	}
	return math.Abs(got-want) <= tolerance*math.Abs(want)
}

// The tolerances are package math's errors: an ulp or two, more for Pow, and
// nothing at large angles.
func TestSpecialCasesAreThoseOfPackageMath(t *testing.T) {
	for _, f := range functions {
		for _, x := range specials {
			if angle := f.name == "Sin" || f.name == "Cos" || f.name == "Tan"; angle && math.Abs(x) > 1e6 && !math.IsInf(x, 0) {
				continue
			}
			if got, want := f.own(x), f.math(x); !same(got, want, 1e-15) {
				t.Errorf("%s(%v) = %v, package math has %v", f.name, x, got, want)
			}
		}
	}
	for _, x := range specials {
		for _, y := range specials {
			if got, want := Pow(x, y), math.Pow(x, y); !same(got, want, 1e-13) {
				t.Errorf("Pow(%v, %v) = %v, package math has %v", x, y, got, want)
			}
			if got, want := Atan2(y, x), math.Atan2(y, x); !same(got, want, 1e-15) {
				t.Errorf("Atan2(%v, %v) = %v, package math has %v", y, x, got, want)
			}
		}
	}
}

func TestValuesAreThoseOfPackageMathWithinItsErrors(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, f := range functions {
		for range 30000 {
			x := 40 * (r.Float64() - 0.5)
			switch f.name {
			case "Asin", "Acos":
				x /= 20
			case "Log", "Log2", "Log10":
				x = math.Abs(x)
			case "Log1p":
				x = math.Abs(x) - 1
			}
			// Package math's own errors set the limit: 5e-15 in Asin near 1,
			// lost digits near the zeros of Log2 and the sine, where the
			// error is measured against 0.2.
			got, want := f.own(x), f.math(x)
			if math.Abs(got-want) > 1e-14*max(math.Abs(want), 0.2) {
				t.Fatalf("%s(%v) = %v, package math has %v", f.name, x, got, want)
			}
		}
	}
}

func TestAtan2ErrorStaysWithinTheStatedUlps(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	worst, atY, atX := 0.0, 0.0, 0.0
	for range 1500 {
		y := (r.Float64() - 0.5) * math.Exp2(float64(r.IntN(120)-60))
		x := (r.Float64() - 0.5) * math.Exp2(float64(r.IntN(40)-20))
		if u := ulps(Atan2(y, x), refAtan2(num(y), num(x))); !(u <= worst) {
			worst, atY, atX = u, y, x
		}
	}
	if worst > 0.53 {
		t.Errorf("Atan2(%v, %v): %.3f ulp, want at most 0.53", atY, atX, worst)
	}
}

func TestSincosIsSinAndCos(t *testing.T) {
	for _, x := range append(sweep(3000, [2]float64{-10, 10}, [2]float64{-1e300, 1e300}), specials...) {
		s, c := Sincos(x)
		if math.Float64bits(s) != math.Float64bits(Sin(x)) || math.Float64bits(c) != math.Float64bits(Cos(x)) {
			t.Errorf("Sincos(%v) = %v, %v, Sin %v, Cos %v", x, s, c, Sin(x), Cos(x))
		}
	}
}

func TestQuarterTurnsAreExact(t *testing.T) {
	want := [4][2]float64{{0, 1}, {1, 0}, {0, -1}, {-1, 0}}
	for k := -40; k <= 40; k++ {
		s, c := SincosTurns(float64(k) / 4)
		if w := want[k&3]; s != w[0] || c != w[1] {
			t.Errorf("SincosTurns(%d/4) = %v, %v, want %v", k, s, c, w)
		}
	}
	for _, bad := range []float64{math.NaN(), math.Inf(1), 0x1p50} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("SincosTurns(%v) returned", bad)
				}
			}()
			SincosTurns(bad)
		}()
	}
}
