package fmath

import "math"

// BoxMuller writes two normals for each pair of uniform numbers, u in (0, 1]
// and v in [0, 1): sqrt(-2 ln u) times cos 2πv, then times sin 2πv (Box & Muller,
// Ann. Math. Statist. 29 (1958) 610), in the bits of Log and SincosTurns. u and v
// have one length, dst twice that; dst overlaps neither. It panics if the lengths
// differ; numbers out of range give any value.
func BoxMuller(dst, u, v []float64) {
	if len(v) != len(u) || len(dst) != 2*len(u) {
		panic("fmath: BoxMuller: dst must be twice as long as u and v")
	}
	done := boxMullerVectors(dst, u, v)
	boxMuller(dst[2*done:], u[done:], v[done:])
}

func boxMuller(dst, u, v []float64) {
	for j, x := range u {
		r := math.Sqrt(-2 * Log(x))
		s, c := SincosTurns(v[j])
		dst[2*j] = float64(r * c)
		dst[2*j+1] = float64(r * s)
	}
}
