package fmath

import (
	"math"
	"testing"
)

var sink float64

func BenchmarkFunctions(b *testing.B) {
	xs := make([]float64, 1024)
	for _, c := range []struct {
		name string
		f    func(float64) float64
		lo   float64
		hi   float64
	}{
		{"Exp", Exp, -20, 20}, {"Exp/math", math.Exp, -20, 20},
		{"Log", Log, 0, 1}, {"Log/math", math.Log, 0, 1},
		{"Sincos", func(x float64) float64 { s, c := Sincos(x); return s + c }, 0, 6.28},
		{"Sincos/math", func(x float64) float64 { s, c := math.Sincos(x); return s + c }, 0, 6.28},
		{"SincosTurns", func(x float64) float64 { s, c := SincosTurns(x); return s + c }, 0, 1},
		{"Pow", func(x float64) float64 { return Pow(x, 1.4) }, 0, 20},
		{"Pow/math", func(x float64) float64 { return math.Pow(x, 1.4) }, 0, 20},
		{"PowInteger", func(x float64) float64 { return Pow(x, 3) }, 0, 20},
		{"Atan", Atan, -5, 5}, {"Cbrt", Cbrt, 0, 20},
	} {
		i := 0
		arguments(len(xs), c.lo, c.hi, func(x float64) { xs[i] = x; i++ })
		b.Run(c.name, func(b *testing.B) {
			for i := range b.N {
				sink += c.f(xs[i&1023])
			}
		})
	}
}
