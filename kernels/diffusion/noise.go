package diffusion

import (
	"math"

	"runlua/kernels/rng"
)

// maxSample is above every sample's number: a counter word of its own.
const maxSample = 1 << 31

// normals fills x with the standard normals of a sample at a step: numbers 2j
// and 2j+1 are those of block j.
func normals(x []float64, key [2]uint32, sample int64, step int, purpose uint32) {
	rng.Normals(x, [4]uint32{0, uint32(sample), uint32(step), purpose}, 0, key)
}

// centre moves the mean of the points x0 y0 z0 x1 … to the origin.
func centre(x []float64) {
	var sum [3]float64
	for i, v := range x {
		sum[i%3] += v
	}
	n := float64(len(x) / 3)
	for axis := range sum {
		sum[axis] /= n
	}
	for i := range x {
		x[i] -= sum[i%3]
	}
}

// turn rotates the points x0 y0 z0 x1 … by the unit quaternion q about the
// origin and then moves them.
func turn(x []float64, q [4]float64, move [3]float64) {
	w, a, b, c := q[0], q[1], q[2], q[3]
	r := [9]float64{
		1 - 2*(float64(b*b)+float64(c*c)), 2 * (float64(a*b) - float64(w*c)), 2 * (float64(a*c) + float64(w*b)),
		2 * (float64(a*b) + float64(w*c)), 1 - 2*(float64(a*a)+float64(c*c)), 2 * (float64(b*c) - float64(w*a)),
		2 * (float64(a*c) - float64(w*b)), 2 * (float64(b*c) + float64(w*a)), 1 - 2*(float64(a*a)+float64(b*b)),
	}
	for i := 0; i+2 < len(x); i += 3 {
		p := [3]float64(x[i:])
		for axis := range 3 {
			x[i+axis] = float64(r[3*axis]*p[0]) + float64(r[3*axis+1]*p[1]) + float64(r[3*axis+2]*p[2]) + move[axis]
		}
	}
}

// randomTurn draws the rotation of a sample's step, uniform over all (four
// normals on the unit sphere, Marsaglia 1972), and its translation, one
// standard normal an axis.
func randomTurn(key [2]uint32, sample int64, step int) (q [4]float64, move [3]float64) {
	var n [7]float64
	normals(n[:], key, sample, step, rng.PurposeDiffusionFrame)
	copy(q[:], n[:4])
	copy(move[:], n[4:])
	var norm float64
	for _, v := range q {
		norm += float64(v * v)
	}
	norm = math.Sqrt(norm)
	if norm == 0 { // four normals that are all 0
		return [4]float64{1}, move
	}
	for i := range q {
		q[i] /= norm
	}
	return q, move
}
