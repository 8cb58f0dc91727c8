package fmath

import (
	"math"
	"testing"
	"time"
)

// guard stands around a test's output.
const guard = -12345.678

// checkBoxMuller compares BoxMuller with Log and SincosTurns, bit by bit.
func checkBoxMuller(t testing.TB, u, v []float64) {
	t.Helper()
	buffer := make([]float64, 2*len(u)+2)
	buffer[0], buffer[len(buffer)-1] = guard, guard
	got := buffer[1 : len(buffer)-1]
	BoxMuller(got, u, v)
	if buffer[0] != guard || buffer[len(buffer)-1] != guard {
		t.Fatalf("BoxMuller of %d pairs writes beside dst", len(u))
	}
	for j := range u {
		r := math.Sqrt(-2 * Log(u[j]))
		s, c := SincosTurns(v[j])
		for i, want := range [2]float64{r * c, r * s} {
			if g := got[2*j+i]; math.Float64bits(g) != math.Float64bits(want) {
				t.Fatalf("pair %d of %d, u = %x, v = %x: number %d is %x, want %x", j, len(u), u[j], v[j], i, g, want)
			}
		}
	}
}

// unitPairs are n pairs as a generator of 53 bits gives them.
func unitPairs(n int) (u, v []float64) {
	arguments(n, 0, 1, func(x float64) { u = append(u, x+0x1p-53) })
	arguments(2*n, 0, 1, func(x float64) { v = append(v, x) })
	return u, v[n:]
}

func TestBoxMullerHasTheBitsOfLogAndSincosTurns(t *testing.T) {
	pairs := 1 << 21
	if testing.Short() {
		pairs = 1 << 17
	}
	u, v := unitPairs(pairs)
	checkBoxMuller(t, u, v)
	for j, x := range u { // small u, and v close to quarter turns
		u[j] = max(math.Ldexp(math.Ceil(x*0x1p53), -53-j%53), 0x1p-1022)
		v[j] = float64(j%5)/4 + float64(v[j]-0.5)*math.Ldexp(1, -j%47)
		v[j] = math.Floor(max(0, min(v[j], 1-0x1p-53))*0x1p53) * 0x1p-53
	}
	checkBoxMuller(t, u, v)
}

// Each cell of the logarithm's table and each eighth of a turn, at its ends and
// their neighbours.
func TestBoxMullerAtTheEdges(t *testing.T) {
	var us, vs []float64
	for exponent := 0; exponent <= 53; exponent++ {
		for cell := range 2 * logCells {
			x := math.Ldexp(1+float64(cell)/(2*logCells), -exponent)
			us = append(us, x, math.Nextafter(x, 2), math.Nextafter(x, 0))
		}
	}
	for eighth := range 9 {
		for _, step := range []float64{-2, -1, 0, 1, 2} {
			vs = append(vs, float64(eighth)/8+step*0x1p-53, float64(eighth)/8+step*0x1p-30)
		}
	}
	in := func(xs []float64, ok func(float64) bool) (kept []float64) {
		for _, x := range xs {
			if ok(x) {
				kept = append(kept, x)
			}
		}
		return kept
	}
	us = in(us, func(x float64) bool { return x > 0 && x <= 1 })
	vs = in(vs, func(x float64) bool { return x >= 0 && x < 1 })
	var u, v []float64
	for _, x := range us {
		for _, y := range vs {
			u, v = append(u, x), append(v, y)
		}
	}
	checkBoxMuller(t, u, v)
}

func TestBoxMullerOfEveryShortLength(t *testing.T) {
	u, v := unitPairs(64)
	for n := range 41 {
		for from := range 4 {
			checkBoxMuller(t, u[from:from+n], v[from:from+n])
		}
	}
}

func TestBoxMullerRefusesOtherLengths(t *testing.T) {
	for _, n := range [][3]int{{8, 4, 3}, {7, 4, 4}, {10, 4, 4}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("dst, u, v of lengths %v are taken", n)
				}
			}()
			BoxMuller(make([]float64, n[0]), make([]float64, n[1]), make([]float64, n[2]))
		}()
	}
}

// The time a normal takes, and in the fastest of the calls: the one to look at
// where other programs run.
func BenchmarkBoxMuller(b *testing.B) {
	u, v := unitPairs(512)
	dst := make([]float64, 1024)
	for _, c := range []struct {
		name string
		f    func(dst, u, v []float64)
	}{{"vector", BoxMuller}, {"portable", boxMuller}} {
		if c.name == "vector" && !vectorised {
			continue
		}
		b.Run(c.name, func(b *testing.B) {
			best := time.Hour
			for b.Loop() {
				start := time.Now()
				c.f(dst, u, v)
				best = min(best, time.Since(start))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(dst)), "ns/normal")
			b.ReportMetric(float64(best.Nanoseconds())/float64(len(dst)), "best-ns/normal")
		})
	}
}
