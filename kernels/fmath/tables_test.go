package fmath

import (
	"math"
	"math/big"
	"testing"
)

// rounded returns a 240-bit value as a sum of two float64.
func rounded(v *big.Float) (hi, lo float64) {
	hi, _ = v.Float64()
	lo, _ = sub(v, num(hi)).Float64()
	return hi, lo
}

// cutAt returns v rounded to a multiple of 2^-places and the rest, rounded.
func cutAt(v *big.Float, places int) (hi, lo float64) {
	f, _ := v.Float64()
	hi = math.RoundToEven(math.Ldexp(f, places)) / math.Ldexp(1, places)
	lo, _ = sub(v, num(hi)).Float64()
	return hi, lo
}

func check(t *testing.T, what string, got, want float64) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %x, want %x", what, got, want)
	}
}

func TestExpTableIsRounded(t *testing.T) {
	for i, cell := range expTable {
		v := refExp(mul(refLn2, num(float64(i)/expCells)))
		s, lo := rounded(v)
		if i == 0 {
			s, lo = 1, 0
		}
		check(t, "s", cell.s, s)
		if math.Abs(cell.tail-lo/s) > 1e-15*math.Abs(lo) {
			t.Errorf("tail %d is %v, want %v", i, cell.tail, lo/s)
		}
	}
}

func TestLogTableIsRounded(t *testing.T) {
	for i, cell := range logTable {
		// The cell's ends, from the bits that choose it.
		lo := math.Float64frombits(logOffset + uint64(i)<<45)
		hi := math.Float64frombits(logOffset + uint64(i+1)<<45)
		if lo >= 1.375 {
			t.Fatalf("cell %d begins at %v", i, lo)
		}
		want := math.Round(1<<14*2/(lo+hi)) / (1 << 14)
		if lo == 1 || hi == 1 {
			want = 1
		}
		check(t, "invc", cell.invc, want)
		v := refLog(num(cell.invc))
		h, l := cutAt(v.Neg(v), 42)
		check(t, "hi", cell.hi, h)
		check(t, "lo", cell.lo, l)
		// What fastTwoSum in Log needs.
		for _, z := range []float64{lo, hi} {
			if r := math.Abs(z*cell.invc - 1); cell.hi != 0 && r > math.Abs(cell.hi) || r > 0x1p-7 {
				t.Errorf("cell %d: reduced argument %v beside %v", i, r, cell.hi)
			}
		}
	}
}

func TestAtanTableIsRounded(t *testing.T) {
	for i, cell := range atanTable {
		hi, lo := 0.0, 0.0
		if i > 0 {
			hi, lo = rounded(refAtan2(num(float64(i)/16), one))
		}
		check(t, "hi", cell.hi, hi)
		check(t, "lo", cell.lo, lo)
	}
}

func TestConstantsAreRounded(t *testing.T) {
	hi, lo := cutAt(quo(refLn2, num(expCells)), 42)
	check(t, "expLn2Hi", expLn2Hi, hi)
	check(t, "expLn2Lo", expLn2Lo, lo)
	hi, lo = cutAt(refLn2, 42)
	check(t, "ln2Hi", ln2Hi, hi)
	check(t, "ln2Lo", ln2Lo, lo)
	hi, _ = rounded(quo(num(expCells), refLn2))
	check(t, "expPerLn2", expPerLn2, hi)
	hi, lo = rounded(quo(one, refLn2))
	check(t, "log2eHi", log2eHi, hi)
	check(t, "log2eLo", log2eLo, lo)
	hi, lo = rounded(quo(one, refLog(num(10))))
	check(t, "log10eHi", log10eHi, hi)
	check(t, "log10eLo", log10eLo, lo)
	halfPi := mul(pi240, num(0.5))
	hi, lo = rounded(halfPi)
	check(t, "halfPiHi", halfPiHi, hi)
	check(t, "halfPiLo", halfPiLo, lo)
	hi, _ = rounded(quo(one, halfPi))
	check(t, "twoOverPiHi", twoOverPiHi, hi)
	rest := sub(sub(halfPi, num(halfPi1)), num(halfPi2))
	hi, _ = rounded(rest)
	check(t, "halfPi3", halfPi3, hi)
	for _, part := range []float64{halfPi1, halfPi2} {
		if b := math.Float64bits(part); b&(1<<20-1) != 0 {
			t.Errorf("%x has more than 33 bits", part)
		}
	}
}

func TestTwoOverPiHoldsItsBits(t *testing.T) {
	const words = len(twoOverPi) - 1
	v := refPi(64*uint(words) + 100)
	v.Quo(big.NewFloat(2).SetPrec(v.Prec()), v)
	v.SetMantExp(v, 64*words)
	n, _ := v.Int(nil)
	for i := words; i > 0; i-- {
		word := new(big.Int).And(n, new(big.Int).SetUint64(math.MaxUint64)).Uint64()
		if twoOverPi[i] != word {
			t.Errorf("word %d is %#x, want %#x", i, twoOverPi[i], word)
		}
		n.Rsh(n, 64)
	}
	// The largest exponent, 2^(1023-52), reads the last three words needed.
	if at := 1023 - 52 - 2 + 64; at/64+3 >= len(twoOverPi) {
		t.Errorf("%d words are too few for the largest argument", len(twoOverPi))
	}
}
