package rng

import (
	"math"
	"math/bits"

	"runlua/kernels/fmath"
)

// The constants of Philox4x32: two multipliers and the Weyl increments of the
// key.
const (
	multiplier0 = 0xD2511F53
	multiplier1 = 0xCD9E8D57
	weyl0       = 0x9E3779B9 // golden ratio
	weyl1       = 0xBB67AE85 // sqrt(3) - 1

	rounds = 10
)

// Philox4x32 returns the ten-round Philox block of the counter under the key.
func Philox4x32(ctr [4]uint32, key [2]uint32) [4]uint32 {
	c0, c1, c2, c3 := ctr[0], ctr[1], ctr[2], ctr[3]
	k0, k1 := key[0], key[1]
	for range rounds {
		hi0, lo0 := bits.Mul32(multiplier0, c0)
		hi1, lo1 := bits.Mul32(multiplier1, c2)
		c0, c1, c2, c3 = hi1^c1^k0, lo1, hi0^c3^k1, lo0
		k0 += weyl0
		k1 += weyl1
	}
	return [4]uint32{c0, c1, c2, c3}
}

// Key returns a seed as a Philox key, low word first.
func Key(seed uint64) [2]uint32 { return [2]uint32{uint32(seed), uint32(seed >> 32)} }

// Uniform2 returns two independent uniform numbers of 53 bits from one block:
// u in (0, 1], so that its logarithm is finite, and v in [0, 1).
func Uniform2(ctr [4]uint32, key [2]uint32) (u, v float64) {
	w := Philox4x32(ctr, key)
	return positiveUnit(joined(w[0], w[1])), unit(joined(w[2], w[3]))
}

// Normal2 returns two independent standard normals, Box and Muller's
// sqrt(-2 ln u)(cos 2πv, sin 2πv) of the block's Uniform2: none exceeds
// sqrt(106 ln 2) = 8.57 in size.
func Normal2(ctr [4]uint32, key [2]uint32) (a, b float64) {
	u, v := Uniform2(ctr, key)
	r := math.Sqrt(-2 * fmath.Log(u))
	s, c := fmath.SincosTurns(v)
	return float64(r * c), float64(r * s)
}

// joined returns the 64-bit word with the given high and low half.
func joined(high, low uint32) uint64 { return uint64(high)<<32 | uint64(low) }

// positiveUnit returns the 53 leading bits of w as a number in (0, 1].
func positiveUnit(w uint64) float64 { return float64(w>>11+1) * 0x1p-53 }

// unit returns the 53 leading bits of w as a number in [0, 1).
func unit(w uint64) float64 { return float64(w>>11) * 0x1p-53 }
