package state

import (
	"bytes"
	"errors"
	"math"
	"testing"
)

func TestPartsOfEveryKindComeBackBitForBit(t *testing.T) {
	doubles := numbers()
	var singles []float32
	var integers []uint32
	for i, x := range doubles {
		singles = append(singles, float32(x))
		integers = append(integers, math.MaxUint32-uint32(i)*uint32(i))
	}
	var b bytes.Buffer
	payload := []Part{Numbers(integers), Numbers(singles), Numbers(doubles)}
	if err := frame.WriteParts(&b, head{1}, payload...); err != nil {
		t.Fatal(err)
	}
	if got := frame.SizeParts(head{1}, payload...); got != int64(b.Len()) {
		t.Errorf("SizeParts says %d bytes, WriteParts wrote %d", got, b.Len())
	}
	for cut := range 3 { // the third is whole
		r, err := frame.Open(bytes.NewReader(b.Bytes()[:b.Len()-8+4*cut]), new(head))
		if err != nil {
			t.Fatal(err)
		}
		u, f, d := make([]uint32, len(integers)), make([]float32, len(singles)), make([]float64, len(doubles))
		err = errors.Join(ReadNumbers(r, u, "integers"), ReadNumbers(r, f, "singles"), ReadNumbers(r, d, "doubles"), r.Close())
		if cut < 2 {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("a state that is cut short: %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range doubles {
			if u[i] != integers[i] || math.Float32bits(f[i]) != math.Float32bits(singles[i]) || math.Float64bits(d[i]) != math.Float64bits(doubles[i]) {
				t.Fatalf("number %d comes back as %d, %v, %v", i, u[i], f[i], d[i])
			}
		}
	}
}
