package rng

import (
	"math"
	"testing"
)

// draw calls Uint64, Float64 or Normal and returns the bits.
func draw(s *Stream, kind int) uint64 {
	switch kind {
	case 0:
		return s.Uint64()
	case 1:
		return math.Float64bits(s.Float64())
	}
	return math.Float64bits(s.Normal())
}

func TestPositionIsTheWholeStateOfAStream(t *testing.T) {
	const n = 500
	kinds := make([]int, n) // a mixture with no period of two
	pick := NewStream(1, PurposeScript, 1)
	for i := range kinds {
		kinds[i] = int(pick.Uint64() % 3)
	}
	s := NewStream(42, PurposeScript, 7)
	want := make([]uint64, n)
	for i, k := range kinds {
		if s.Position() != uint64(i) {
			t.Fatalf("position %d after %d draws", s.Position(), i)
		}
		want[i] = draw(s, k)
	}
	for start := range n {
		fresh := NewStream(42, PurposeScript, 7)
		fresh.SetPosition(uint64(start))
		s.SetPosition(uint64(start)) // the used one holds other blocks
		for i := start; i < min(start+5, n); i++ {
			if a, b := draw(fresh, kinds[i]), draw(s, kinds[i]); a != want[i] || b != want[i] {
				t.Fatalf("draw %d after SetPosition(%d): %x fresh, %x used, want %x", i, start, a, b, want[i])
			}
		}
	}
}

func TestStreamReachesPositionsBeyond32Bits(t *testing.T) {
	s := NewStream(1, PurposeScript, 0)
	first := s.Uint64()
	for _, p := range []uint64{1 << 32, 1 << 33, 1 << 34, 1 << 63} {
		s.SetPosition(p)
		if got := s.Uint64(); got == first {
			t.Errorf("position %d repeats position 0", p)
		}
	}
	s.SetPosition(math.MaxUint64)
	s.Uint64()
	if s.Position() != 0 {
		t.Errorf("position after the last is %d, want 0", s.Position())
	}
}

// What is recorded in runs depends on these bits. The numbers are worked out
// from doc.go's words by Philox4x32 alone, so that Stream can't drift from them.
func TestStreamFollowsItsDescription(t *testing.T) {
	const seed, purpose, id, position = 0x0123456789abcdef, PurposeScript, 0xfedcba9876543210, 5
	s := NewStream(seed, purpose, id)
	k := Philox4x32([4]uint32{0x76543210, 0xfedcba98, 0, 2}, [2]uint32{0x89abcdef, 0x01234567})
	key := [2]uint32{k[0], k[1]}

	w := Philox4x32([4]uint32{2, 0, k[2], k[3]}, key)
	s.SetPosition(position)
	if got, want := s.Uint64(), uint64(w[2])<<32|uint64(w[3]); got != want {
		t.Errorf("Uint64 at position 5 is %x, want %x", got, want)
	}
	s.SetPosition(position)
	if got, want := s.Float64(), float64((uint64(w[2])<<32|uint64(w[3]))>>11)/(1<<53); got != want {
		t.Errorf("Float64 at position 5 is %v, want %v", got, want)
	}

	w = Philox4x32([4]uint32{2, 0, k[2], k[3] ^ 1}, key)
	u := (float64((uint64(w[0])<<32|uint64(w[1]))>>11) + 1) / (1 << 53)
	v := float64((uint64(w[2])<<32|uint64(w[3]))>>11) / (1 << 53)
	s.SetPosition(position)
	// A few ulp: package math's logarithm and sine are not this project's.
	if got, want := s.Normal(), math.Sqrt(-2*math.Log(u))*math.Sin(2*math.Pi*v); math.Abs(got-want) > 1e-14 {
		t.Errorf("Normal at position 5 is %v, want %v", got, want)
	}
}

func TestSeedFromString(t *testing.T) {
	for _, c := range []struct {
		text string
		want uint64
	}{
		{"0", 0},
		{"12345", 12345},
		{"9007199254740993", 1<<53 + 1},
		{"18446744073709551615", math.MaxUint64},
		// SHA-256 of the text, from FIPS 180-4's examples ("abc") and of the
		// empty text.
		{"abc", 0xba7816bf8f01cfea},
		{"", 0xe3b0c44298fc1c14},
	} {
		if got := SeedFromString(c.text); got != c.want {
			t.Errorf("SeedFromString(%q) = %d, want %d", c.text, got, c.want)
		}
	}
	// Not numbers in their one form, so texts, each another.
	seen := map[uint64]string{7: "7"}
	for _, text := range []string{"7", "07", "+7", " 7", "7.0", "-7", "18446744073709551616"} {
		seed := SeedFromString(text)
		if other, ok := seen[seed]; ok && other != text {
			t.Errorf("%q and %q give the same seed %d", text, other, seed)
		}
		seen[seed] = text
	}
}
