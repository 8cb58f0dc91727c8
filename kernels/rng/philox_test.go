package rng

import "testing"

// The known answers of the authors' Random123 distribution (kat_vectors,
// philox4x32 with 10 rounds): zeros, ones, and digits of π.
func TestPhiloxGivesThePublishedBlocks(t *testing.T) {
	const ones = 0xffffffff
	for _, c := range []struct {
		ctr  [4]uint32
		key  [2]uint32
		want [4]uint32
	}{
		{
			[4]uint32{}, [2]uint32{},
			[4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
		}, {
			[4]uint32{ones, ones, ones, ones}, [2]uint32{ones, ones},
			[4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
		}, {
			[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, [2]uint32{0xa4093822, 0x299f31d0},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
		},
	} {
		if got := Philox4x32(c.ctr, c.key); got != c.want {
			t.Errorf("Philox4x32(%08x, %08x) = %08x, want %08x", c.ctr, c.key, got, c.want)
		}
	}
}

// sink keeps the compiler from dropping a benchmark's work.
var sink float64

func BenchmarkNormal2(b *testing.B) {
	for i := range b.N {
		x, y := Normal2([4]uint32{uint32(i), 1, 2, PurposeModes}, Key(7))
		sink += x + y
	}
}

func BenchmarkStreamFloat64(b *testing.B) {
	s := NewStream(1, PurposeScript, 0)
	for range b.N {
		sink += s.Float64()
	}
}
