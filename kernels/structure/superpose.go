package structure

import (
	"context"
	"fmt"
	"math"

	"runlua/kernels/eigen"
	"runlua/kernels/par"
)

// Superpose returns the proper rotation, row by row, and the translation, Å, that
// take the points mobile to the points target with the least weighted distance,
// Eq. (3), and their RMSD then, Eq. (4).
//
// mobile and target hold x0 y0 z0 x1 …; weights one number for each point, not
// negative and not all 0, or nil for equal ones. Superpose panics if lengths
// differ or there are no points. Coordinates must be finite.
func Superpose(mobile, target, weights []float64) (rot [9]float64, trans [3]float64, rmsd float64) {
	checkPair(mobile, target, weights)
	x, y := Centre(mobile, weights), Centre(target, weights)
	var c [9]float64 // Eq. (2)
	for i := 0; i < len(mobile); i += 3 {
		w := weight(weights, i/3)
		for a := range 3 {
			ya := w * (target[i+a] - y[a])
			for b := range 3 {
				c[3*a+b] += float64(ya * (mobile[i+b] - x[b]))
			}
		}
	}
	rot = properRotation(c)
	for a := range 3 {
		r := rot[3*a : 3*a+3]
		trans[a] = y[a] - (float64(r[0]*x[0]) + float64(r[1]*x[1]) + float64(r[2]*x[2]))
	}
	moved := make([]float64, len(mobile))
	Transform(moved, mobile, rot, trans)
	return rot, trans, RMSD(moved, target, weights)
}

// properRotation is R of Eq. (3).
func properRotation(c [9]float64) (rot [9]float64) {
	identity := [9]float64{0: 1, 4: 1, 8: 1}
	largest := 0.0
	for _, v := range c {
		largest = math.Max(largest, math.Abs(v))
	}
	if largest == 0 {
		return identity // all points in one place
	}
	for i := range c {
		c[i] /= largest
	}
	xx, yy, zz := c[0], c[4], c[8]
	n := [16]float64{ // Eq. (8), whose upper triangle nobody reads
		xx + yy + zz, 0, 0, 0,
		c[7] - c[5], xx - yy - zz, 0, 0,
		c[2] - c[6], c[1] + c[3], yy - xx - zz, 0,
		c[3] - c[1], c[2] + c[6], c[5] + c[7], zz - xx - yy,
	}
	if _, err := eigen.Symmetric(context.Background(), oneThread, n[:], 4); err != nil {
		return identity // of what is not finite
	}
	return rotationOf([4]float64(n[12:]))
}

var oneThread = par.New(1)

// rotationOf is the rotation of a quaternion w, x, y, z, of whatever length.
func rotationOf(q [4]float64) [9]float64 {
	var p [4][4]float64 // products, twice and over |q|²
	s := 2 / (float64(q[0]*q[0]) + float64(q[1]*q[1]) + float64(q[2]*q[2]) + float64(q[3]*q[3]))
	for i := range q {
		for j := range q {
			p[i][j] = float64(s * float64(q[i]*q[j]))
		}
	}
	return [9]float64{
		1 - (p[2][2] + p[3][3]), p[1][2] - p[0][3], p[1][3] + p[0][2],
		p[1][2] + p[0][3], 1 - (p[1][1] + p[3][3]), p[2][3] - p[0][1],
		p[1][3] - p[0][2], p[2][3] + p[0][1], 1 - (p[1][1] + p[2][2]),
	}
}

// Transform sets dst to R x + t for the points x. dst may be x.
func Transform(dst, x []float64, rot [9]float64, trans [3]float64) {
	for i := 0; i < len(x); i += 3 {
		p, q, r := x[i], x[i+1], x[i+2]
		for a := range 3 {
			dst[i+a] = float64(rot[3*a]*p) + float64(rot[3*a+1]*q) + float64(rot[3*a+2]*r) + trans[a]
		}
	}
}

// RMSD is the root of the mean squared distance of two sets of points as they
// lie, Eq. (4), Å. Arguments are those of Superpose.
func RMSD(x, y, weights []float64) float64 {
	checkPair(x, y, weights)
	var sum, total float64
	for i := 0; i < len(x); i += 3 {
		w := weight(weights, i/3)
		dx, dy, dz := x[i]-y[i], x[i+1]-y[i+1], x[i+2]-y[i+2]
		sum += float64(w * (float64(dx*dx) + float64(dy*dy) + float64(dz*dz)))
		total += w
	}
	return math.Sqrt(sum / total)
}

// Centre is the weighted mean of points; weights nil are equal ones.
func Centre(x, weights []float64) (centre [3]float64) {
	total := 0.0
	for i := 0; i < len(x); i += 3 {
		w := weight(weights, i/3)
		total += w
		for a := range 3 {
			centre[a] += float64(w * x[i+a])
		}
	}
	for a := range 3 {
		centre[a] /= total
	}
	return centre
}

func weight(weights []float64, i int) float64 {
	if weights == nil {
		return 1
	}
	return weights[i]
}

func checkPair(x, y, weights []float64) {
	if len(x) != len(y) {
		panic(fmt.Sprintf("structure: sets of %d and %d coordinates", len(x), len(y)))
	}
	checkPoints(x, weights)
}

func checkPoints(x, weights []float64) {
	if len(x) == 0 || len(x)%3 != 0 || weights != nil && 3*len(weights) != len(x) {
		panic(fmt.Sprintf("structure: %d coordinates with %d weights", len(x), len(weights)))
	}
	if err := CheckWeights(weights); err != nil {
		panic(err.Error())
	}
}

// CheckWeights tells whether weights or masses are usable: finite, none below 0,
// and a sum above it. nil is.
func CheckWeights(weights []float64) error {
	if weights == nil {
		return nil
	}
	sum := 0.0
	for i, w := range weights {
		if !(w >= 0) || math.IsInf(w, 0) {
			return fmt.Errorf("structure: weights must be finite and not negative, got %g for point %d", w, i+1)
		}
		sum += w
	}
	if !(sum > 0) || math.IsInf(sum, 0) {
		return fmt.Errorf("structure: weights must have a positive finite sum, got %g", sum)
	}
	return nil
}
