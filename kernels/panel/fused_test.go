package panel

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// exactFused is the product and sum rounded once, by arbitrary precision.
func exactFused(a, b, c float32) float32 {
	x := new(big.Float).SetPrec(700).SetFloat64(float64(a))
	x.Mul(x, new(big.Float).SetFloat64(float64(b)))
	x.Add(x, new(big.Float).SetFloat64(float64(c)))
	f, _ := x.Float32()
	return f
}

func checkFused(t *testing.T, a, b, c float32) {
	t.Helper()
	for _, v := range []float32{a, b, c} {
		if v-v != 0 {
			return // big.Float knows no NaN; infinities are those of double precision
		}
	}
	got, want := float32(fused(float64(a)*float64(b), float64(c))), exactFused(a, b, c)
	if got != want {
		t.Fatalf("%b × %b + %b is %b, want %b", a, b, c, got, want)
	}
}

// Random bits, numbers with few of them, and sums that lie a little above, on or
// below the middle of two numbers, subnormal ones too.
func TestFusedRoundsOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	few := func() float32 {
		return float32(math.Ldexp(float64(r.IntN(1<<(1+r.IntN(24))))*float64(1-2*r.IntN(2)), r.IntN(60)-50))
	}
	twice := 0 // sums in double precision that come out wrong
	for range 200_000 {
		a, b, c := math.Float32frombits(r.Uint32()), math.Float32frombits(r.Uint32()), math.Float32frombits(r.Uint32())
		checkFused(t, a, b, c)
		checkFused(t, few(), few(), few())
		// c + half of its last bit + something that double precision loses.
		c = float32(math.Ldexp(float64(1<<23+r.IntN(1<<23)), r.IntN(100)-120))
		tie := math.Float32frombits(math.Float32bits(c)+1) - c
		a = float32(r.IntN(1<<12) + 1)
		tiny := float32(math.Ldexp(1, -16-r.IntN(8)))
		checkFused(t, tie/2, 1, c)
		checkFused(t, tie*(0.5+tiny/2), 1-tiny, c) // tie/2 less tie/2·tiny²
		checkFused(t, tie*(0.5+tiny/2), tiny-1, c)
		if p, s := float64(tie*(0.5+tiny/2))*float64(1-tiny), float64(c); float32(p+s) != float32(fused(p, s)) {
			twice++
		}
		// The same among subnormal numbers, of which the middle is elsewhere.
		c = float32(math.Ldexp(float64(r.IntN(1<<23)), -149))
		checkFused(t, 0x1p-75*(1+tiny), 0x1p-75*(1-tiny), c)
		checkFused(t, 0x1p-75*(1+tiny), 0x1p-75*(tiny-1), c)
		// Results around the least normal number.
		small := float32(math.Ldexp(float64(r.IntN(1<<24)), -149-r.IntN(3)))
		checkFused(t, float32(math.Ldexp(float64(1<<23+r.IntN(1<<23)), -90)), float32(math.Ldexp(float64(r.IntN(1<<24)), -84)), -small)
		checkFused(t, a, small, -small)
	}
	if twice < 50_000 {
		t.Errorf("%d of the sums next to the middle would have been wrong if rounded twice, want a half of 200000", twice)
	}
}
