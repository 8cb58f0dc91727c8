package direct

import "math"

// loadDouble takes positions and masses as they are. Those of no mass stand
// apart on the x axis, farther out than any particle, and are found by no one.
func loadDouble(f *forces[float64], pos []float64) (eps2, scale float64) {
	far := 0x1p-300
	for _, x := range pos {
		far = max(far, math.Abs(x))
	}
	for i := range lanes * len(f.blocks) {
		b, l := &f.blocks[i/lanes], i%lanes
		if i >= len(f.mass) {
			b.X[l], b.Y[l], b.Z[l], b.M[l] = far*float64(2+l), 0, 0, 0
			continue
		}
		b.X[l], b.Y[l], b.Z[l], b.M[l] = pos[3*i], pos[3*i+1], pos[3*i+2], f.mass[i]
	}
	return float64(f.softening * f.softening), f.g
}

// loadSingle turns positions into sums of two float32, from the centre of the
// cube that holds them all, in a unit of which half its side is some 2²⁰: to 48
// bits, and the same wherever the system stands. Masses are in units of a power
// of two near the largest.
func loadSingle(f *forces[float32], pos []float64) (eps2 float32, scale float64) {
	centre, half := cube(pos)
	unit := unitOfLength(half, f.softening)
	unitMass := unitOfMass(f.mass)
	split := func(x, centre float64) (high, low float32) {
		x = (x - centre) / unit
		high = float32(x)
		return high, float32(x - float64(high))
	}
	for i := range lanes * len(f.blocks) {
		b, l := &f.blocks[i/lanes], i%lanes
		if i >= len(f.mass) {
			b.X[l], b.Y[l], b.Z[l], b.M[l] = farthest*float32(1+l), 0, 0, 0
			continue
		}
		b.X[l], b.XLow[l] = split(pos[3*i], centre[0])
		b.Y[l], b.YLow[l] = split(pos[3*i+1], centre[1])
		b.Z[l], b.ZLow[l] = split(pos[3*i+2], centre[2])
		b.M[l] = float32(f.mass[i] / unitMass)
	}
	eps := f.softening / unit
	return float32(eps * eps), f.g * unitMass / unit / unit
}

// farthest is what no coordinate exceeds in single precision, and no softening:
// with the cubes of distances from 2⁻⁴² to 2⁴², float32 knows what 1/r³ is.
const farthest = 1 << 20

// cube is the centre and half the side of the smallest cube that holds all
// positions, its sides along the axes.
func cube(pos []float64) (centre [3]float64, half float64) {
	for k := range centre {
		low, high := pos[k], pos[k]
		for i := k; i < len(pos); i += 3 {
			low, high = min(low, pos[i]), max(high, pos[i])
		}
		centre[k] = float64(low/2) + float64(high/2)
		half = max(half, float64(high/2)-float64(low/2))
	}
	return centre, half
}

// unitOfLength is the smallest power of two of which half the side of the cube
// and the softening are at most farthest, or 1.
func unitOfLength(half, softening float64) float64 {
	size := max(half, softening)
	if size == 0 {
		return 1
	}
	_, e := math.Frexp(size / farthest)
	return math.Ldexp(1, max(e, -1000))
}

// unitOfMass is the smallest power of two above all masses, or 1.
func unitOfMass(mass []float64) float64 {
	largest := 0.0
	for _, m := range mass {
		largest = max(largest, m)
	}
	if largest == 0 {
		return 1
	}
	_, e := math.Frexp(largest)
	return math.Ldexp(1, min(e, 1023))
}
