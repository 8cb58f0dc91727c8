// Package golden compares the bits of small computations with digests of what
// they have always been. It is for tests.
//
// Recorded results, and the promise that another machine gives the same ones, hold
// only while each kernel has the same bits with assembly and without it, and on
// every processor. So each kernel has a test whose name begins with TestGolden,
// and CI runs these as they are, with the build tag noasm, and for arm64 in an
// emulator, where the compiler fuses products that are not rounded explicitly.
// That the bits are right is for a kernel's other tests to say.
package golden

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"testing"
)

// Digest is the first 16 bytes of the SHA-256 of numbers, in hexadecimal: of each
// float32, float64, int, int32, uint64 or bool, or slice or array of one, its bits,
// little endian, an int as 64 of them.
func Digest(numbers ...any) string {
	h := sha256.New()
	for _, x := range numbers {
		switch v := x.(type) {
		case int:
			x = int64(v)
		case []int:
			wide := make([]int64, len(v))
			for i := range v {
				wide[i] = int64(v[i])
			}
			x = wide
		}
		if err := binary.Write(h, binary.LittleEndian, x); err != nil {
			panic("golden: " + err.Error())
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Bits fails the test unless the numbers have the digest want. what says which
// computation they come from.
func Bits(t testing.TB, what, want string, numbers ...any) {
	t.Helper()
	if got := Digest(numbers...); got != want {
		t.Errorf("%s: the digest of the bits is\n\t%s, want\n\t%s\n"+
			"Recorded results hold these bits. If this change of them is meant, and the digest is the same on every path\n"+
			"(go test -run Golden ./kernels/..., with -tags noasm, and for arm64 as .ci/run does), put the new one here and\n"+
			"raise the kernel's Version, which names older results as stale.", what, got, want)
	}
}

// Uniform returns n numbers from lo to hi that are the same everywhere: a Weyl
// sequence, mixed (splitmix64), from a seed.
func Uniform(n int, seed uint64, lo, hi float64) []float64 {
	out := make([]float64, n)
	state := seed
	for i := range out {
		state += 0x9e3779b97f4a7c15
		z := state
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		z ^= z >> 31
		out[i] = lo + float64((hi-lo)*(float64(z>>11)*0x1p-53))
	}
	return out
}
