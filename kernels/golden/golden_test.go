package golden

import (
	"math"
	"testing"
)

func TestOneBitChangesTheDigest(t *testing.T) {
	x := Uniform(100, 1, -1, 1)
	want := Digest(x, 3, float32(0.1))
	if Digest(x, 3, float32(0.1)) != want {
		t.Fatal("the same numbers have two digests")
	}
	for i := range x {
		keep := x[i]
		x[i] = math.Nextafter(x[i], 2)
		if Digest(x, 3, float32(0.1)) == want {
			t.Fatalf("the digest is blind to the last bit of number %d", i)
		}
		x[i] = keep
	}
	if Digest(x, 4, float32(0.1)) == want || Digest(x, 3, float32(0.2)) == want {
		t.Error("the digest is blind to numbers after the first")
	}
}

func TestUniformStaysBetweenItsEnds(t *testing.T) {
	var sum float64
	const n = 10000
	for _, x := range Uniform(n, 7, -2, 6) {
		if !(x >= -2 && x < 6) {
			t.Fatalf("%v is not in [-2, 6)", x)
		}
		sum += x
	}
	// The mean of n numbers of width 8 has a standard error of 8/√(12 n) = 0.023.
	if mean := sum / n; math.Abs(mean-2) > 5*0.023 {
		t.Errorf("the mean is %v, want about 2", mean)
	}
}
