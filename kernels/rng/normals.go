package rng

import "runlua/kernels/fmath"

// chunk is the number of blocks that Normals takes at a time.
const chunk = 16 * group

// Normals fills dst with the normals of successive counters: dst[2j] and
// dst[2j+1] are Normal2 of ctr with j added to its word 0 or 2, modulo 2^32. It
// panics for another word.
func Normals(dst []float64, ctr [4]uint32, word int, key [2]uint32) {
	if word != 0 && word != 2 {
		panic("rng: Normals: word must be 0 or 2")
	}
	var u, v [chunk]float64
	s := newSeries(ctr, word, key)
	for len(dst) >= 2*chunk {
		s.uniforms(u[:], v[:])
		fmath.BoxMuller(dst[:2*chunk], u[:], v[:])
		dst = dst[2*chunk:]
	}
	if len(dst) == 0 {
		return
	}
	n := (len(dst) + 1) / 2
	n = (n + group - 1) / group * group
	s.uniforms(u[:n], v[:n])
	whole := len(dst) / 8 * 4 // pairs
	fmath.BoxMuller(dst[:2*whole], u[:whole], v[:whole])
	if rest := dst[2*whole:]; len(rest) > 0 {
		var last [8]float64
		fmath.BoxMuller(last[:], u[whole:whole+4], v[whole:whole+4])
		copy(rest, last[:])
	}
}
