package rng

import "math/bits"

// group is the number of blocks that the vector kernel takes at a time.
const group = 12

// A series is the blocks of successive counters, of which word 0 or 2 varies.
//
// Philox's round treats the halves of a counter, words 0 and 1 and words 2 and
// 3, alike: with multipliers and keys of their own, each half (a0, a1) becomes
//
//	a0' = high(mb·b0) ^ a1 ^ ka,  a1' = low(mb·b0),
//
// where b is the other half. Here a is the half that varies. As a1 and b don't,
// the first two rounds leave to each block only
//
//	b0 = high(ma·a0) ^ second           after the first,
//	a0 = high(mb·b0) ^ third[0],
//	a1 = low(mb·b0), b0 = low(ma·a0) ^ third[1]
//
// after the second; b1 is the same for all then, and part of the third's key.
//
// The assembly knows the fields' offsets up to shifts.
type series struct {
	a0          uint32 // of the next block
	multipliers [2]uint32
	second      uint32
	third       [2]uint32
	keys        [rounds - 2][2]uint32
	// What each half's number falls below its words by: 0.5, and a unit in
	// the last place less for u, which is in (0, 1].
	shifts  [2]float64
	swapped bool // a is words 2 and 3
}

// newSeries returns the series from ctr on, along word 0 or 2.
func newSeries(ctr [4]uint32, word int, key [2]uint32) *series {
	s := &series{
		multipliers: [2]uint32{multiplier0, multiplier1},
		shifts:      [2]float64{0.5 - 0x1p-53, 0.5},
		swapped:     word == 2,
	}
	weyl := [2]uint32{weyl0, weyl1}
	a, b := [2]uint32{ctr[0], ctr[1]}, [2]uint32{ctr[2], ctr[3]}
	if s.swapped {
		a, b = b, a
		for _, pair := range []*[2]uint32{&s.multipliers, &key, &weyl} {
			pair[0], pair[1] = pair[1], pair[0]
		}
		s.shifts[0], s.shifts[1] = s.shifts[1], s.shifts[0]
	}
	step := func() {
		key[0] += weyl[0]
		key[1] += weyl[1]
	}
	s.a0 = a[0]
	s.second = b[1] ^ key[1]
	high, low := bits.Mul32(s.multipliers[1], b[0])
	a[0] = high ^ a[1] ^ key[0]
	step()
	s.third[0] = low ^ key[0]
	high, low = bits.Mul32(s.multipliers[0], a[0])
	s.third[1] = high ^ key[1]
	for r := range s.keys {
		step()
		s.keys[r] = key
	}
	s.keys[0][1] ^= low
	return s
}

// uniforms fills u and v, of one length, with Uniform2 of the next blocks.
func (s *series) uniforms(u, v []float64) {
	if len(u) != len(v) {
		panic("rng: uniforms: u and v must have one length")
	}
	done := s.uniformVectors(u, v)
	s.uniformsFrom(u[done:], v[done:])
}

// uniformsFrom is uniforms in Go.
func (s *series) uniformsFrom(u, v []float64) {
	v = v[:len(u)]
	ma, mb := uint64(s.multipliers[0]), uint64(s.multipliers[1])
	for j := range u {
		pa := ma * uint64(s.a0)
		s.a0++
		pb := mb * uint64(uint32(pa>>32)^s.second)
		a0, a1, b0, b1 := uint32(pb>>32)^s.third[0], uint32(pb), uint32(pa)^s.third[1], uint32(0)
		for _, k := range &s.keys {
			pa, pb := ma*uint64(a0), mb*uint64(b0)
			a0, a1, b0, b1 = uint32(pb>>32)^a1^k[0], uint32(pb), uint32(pa>>32)^b1^k[1], uint32(pa)
		}
		if s.swapped {
			a0, a1, b0, b1 = b0, b1, a0, a1
		}
		u[j], v[j] = positiveUnit(joined(a0, a1)), unit(joined(b0, b1))
	}
}
