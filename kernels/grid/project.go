package grid

import (
	"fmt"
	"math"
)

// Project deposits the particles of a slab on a pixels × pixels mesh across the
// box and returns their density in units of the mean: 1 where the slab is as
// dense as the box. The slab holds the particles whose coordinate along axis
// (0, 1, 2 for x, y, z) lies in [from, from+thickness), periodically.
//
// positions holds x0 y0 z0 x1 …, Mpc/h, in [0, box). Pixel (i, j), at
// out[i*pixels+j], is centred at ((j+½)h, (i+½)h) in the other two axes in
// their order, h = box/pixels, and its weights are those of CIC. The particles
// are added in their order, so the bits do not depend on threads.
func Project(positions []float64, box float64, axis int, from, thickness float64, pixels int) ([]float64, error) {
	if !(box > 0) || axis < 0 || axis > 2 || pixels < 1 {
		panic(fmt.Sprintf("grid: Project: box %v, axis %d, pixels %d", box, axis, pixels))
	}
	if !(from >= 0 && from < box) {
		return nil, fmt.Errorf("grid: from must lie in [0, %v), got %v", box, from)
	}
	if !(thickness > 0 && thickness <= box) {
		return nil, fmt.Errorf("grid: thickness must be positive and at most the box %v, got %v", box, thickness)
	}
	if len(positions) == 0 || len(positions)%3 != 0 {
		return nil, fmt.Errorf("grid: positions must hold three coordinates of at least one particle, got a length of %d", len(positions))
	}
	for i, x := range positions {
		if !(x >= 0 && x < box) {
			return nil, fmt.Errorf("grid: positions must lie in [0, %v), got %c = %v of particle %d", box, 'x'+rune(i%3), x, i/3)
		}
	}
	across, up := (axis+1)%3, (axis+2)%3
	if across > up {
		across, up = up, across
	}
	out := make([]float64, pixels*pixels)
	perLength := float64(pixels) / box
	for p := 0; p < len(positions); p += 3 {
		d := positions[p+axis] - from
		if d < 0 {
			d += box
		}
		if d >= thickness {
			continue
		}
		j, wj := cell2(float64(positions[p+across]*perLength), pixels)
		i, wi := cell2(float64(positions[p+up]*perLength), pixels)
		i1, j1 := (i+1)%pixels, (j+1)%pixels
		out[i*pixels+j] += float64((1 - wi) * (1 - wj))
		out[i*pixels+j1] += float64((1 - wi) * wj)
		out[i1*pixels+j] += float64(wi * (1 - wj))
		out[i1*pixels+j1] += float64(wi * wj)
	}
	mean := float64(len(positions)/3) * thickness / box / float64(pixels*pixels)
	for i := range out {
		out[i] /= mean
	}
	return out, nil
}

// cell2 is the lower of the two pixels whose centres are next to x, in units of
// a pixel, and the weight of the upper one.
func cell2(x float64, pixels int) (lower int, weight float64) {
	low := math.Floor(x - 0.5)
	lower = int(low)
	if lower < 0 {
		lower += pixels
	}
	return min(lower, pixels-1), x - 0.5 - low
}
