package voids

import (
	"math"
	"testing"

	"runlua/kernels/fft"
	"runlua/kernels/par"
)

// W is the mean of sin(xu)/(xu) over a unit sphere, 3 ∫ u² sin(xu)/(xu) du from
// 0 to 1: here by Simpson's rule, whose error with 2000 intervals is below
// 1e-12 for x up to 40.
func TestTopHatIsTheTransformOfASphere(t *testing.T) {
	for _, x := range []float64{0, 1e-9, 1e-3, 0.1, 0.4999999, 0.5, 0.7, 2, 4.493409457909064, 11, 40} {
		const n = 2000
		sum := 0.0
		for i := 0; i <= n; i++ {
			u := float64(i) / n
			weight := 2.0
			if i%2 == 1 {
				weight = 4
			}
			if i == 0 || i == n {
				weight = 1
			}
			f := u * u
			if x*u > 0 {
				f *= math.Sin(x*u) / (x * u)
			}
			sum += weight * f
		}
		want := sum / n // 3 · (1/3n) · Σ
		if got := topHat(x); math.Abs(got-want) > 1e-11 {
			t.Errorf("topHat(%v) = %v, want %v", x, got, want)
		}
	}
	// At ½ the formula's two terms cancel to a twelfth of themselves: 50 roundings.
	if below, above := topHat(math.Nextafter(0.5, 0)), topHat(0.5); math.Abs(below-above) > 1e-14 {
		t.Errorf("the series meets the formula with a step of %v", below-above)
	}
}

func TestSmoothingMultipliesAWaveByTheTopHat(t *testing.T) {
	const m, box, r = 16, 32.0, 5.0
	pool := par.New(2)
	plan, err := fft.NewReal3(m, pool)
	if err != nil {
		t.Fatal(err)
	}
	lay := plan.Layout()
	for _, k := range [][3]int{{0, 0, 0}, {0, 0, 1}, {3, 0, 0}, {-2, 5, 1}, {1, -7, 6}, {8, 0, 0}, {0, 0, 8}} {
		field := plan.NewMesh()
		wave := func(x, y, z int) float64 {
			return math.Cos(2 * math.Pi * float64(k[0]*x+k[1]*y+k[2]*z) / m)
		}
		for i := range m * m * m {
			x, y, z := i/m/m, i/m%m, i%m
			field[lay.Index(x, y, z)] = wave(x, y, z)
		}
		plan.ConvolveWith(field, newWindows(plan, pool, box).topHat(r), 1)
		q := 2 * math.Pi / box * math.Sqrt(float64(k[0]*k[0]+k[1]*k[1]+k[2]*k[2]))
		w := 1.0
		if q > 0 {
			w = 3 * (math.Sin(q*r) - q*r*math.Cos(q*r)) / math.Pow(q*r, 3)
		}
		for i := range m * m * m {
			x, y, z := i/m/m, i/m%m, i%m
			if got, want := field[lay.Index(x, y, z)], w*wave(x, y, z); math.Abs(got-want) > 1e-13 { // rounding of two transforms
				t.Fatalf("k = %v at (%d,%d,%d): %v, want %v", k, x, y, z, got, want)
			}
		}
	}
}
