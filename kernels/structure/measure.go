package structure

import "math"

// RadiusOfGyration is R_g of Eq. (7), Å. masses are one number for each point, not
// negative and not all 0, or nil for equal ones.
func RadiusOfGyration(coords, masses []float64) float64 {
	checkPoints(coords, masses)
	c := Centre(coords, masses)
	var sum, total float64
	for i := 0; i < len(coords); i += 3 {
		m := weight(masses, i/3)
		dx, dy, dz := coords[i]-c[0], coords[i+1]-c[1], coords[i+2]-c[2]
		sum += float64(m * (float64(dx*dx) + float64(dy*dy) + float64(dz*dz)))
		total += m
	}
	return math.Sqrt(sum / total)
}

// PairDistances returns the n(n−1)/2 distances between points, Å: of 0 to 1, 2, …,
// n−1, then of 1 to 2, and so on.
func PairDistances(coords []float64) []float64 {
	n := len(coords) / 3
	out := make([]float64, 0, n*max(n-1, 0)/2)
	for i := 0; i < n; i++ {
		for j := i + 1; j < n; j++ {
			dx, dy, dz := coords[3*i]-coords[3*j], coords[3*i+1]-coords[3*j+1], coords[3*i+2]-coords[3*j+2]
			out = append(out, math.Sqrt(float64(dx*dx)+float64(dy*dy)+float64(dz*dz)))
		}
	}
	return out
}
