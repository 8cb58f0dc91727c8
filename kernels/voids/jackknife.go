package voids

import (
	"math"

	"runlua/kernels/abundance"
)

// Divide makes the samples of the 27 sub-boxes from the voids of one box.
func Divide(voids []Void, box float64) []abundance.Sample {
	out := abundance.Divided(box)
	for _, v := range voids {
		s := &out[abundance.SubBox(v.X, v.Y, v.Z, box)]
		s.Sizes = append(s.Sizes, v.Radius)
	}
	return out
}

// SizeJackknife is Size of all samples together, with Err from leaving out one
// of them at a time, Eq. (8), and the densities without each.
func SizeJackknife(samples []abundance.Sample, edges []float64) (*SizeFunction, [][]float64, error) {
	var all *SizeFunction // the estimate from all samples comes first
	_, errs, without, err := abundance.Jackknife(samples, func(radii []float64, volume float64) ([]float64, error) {
		s, err := Size(radii, edges, volume)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = s
		}
		return s.DnDlnR, nil
	})
	if err != nil {
		return nil, nil, err
	}
	all.Err = errs
	return all, without, nil
}

// CumulativeJackknife is Cumulative likewise.
func CumulativeJackknife(samples []abundance.Sample, cuts []float64) (n, errs []float64, without [][]float64, _ error) {
	return abundance.Jackknife(samples, func(radii []float64, volume float64) ([]float64, error) {
		n, _, err := Cumulative(radii, cuts, volume)
		return n, err
	})
}

// groupMeans returns Eq. (8) of the mean of x, group[i] that of x[i], and the
// means without each of the 27 groups. Groups without a value do not count in the
// error; without them the mean is that of all.
func groupMeans(x []float64, group []int) (err float64, without []float64) {
	var sums [abundance.SubBoxes]float64
	var sizes [abundance.SubBoxes]int
	var all float64
	for i, v := range x {
		sums[group[i]] += v
		sizes[group[i]]++
		all += v
	}
	var counted []float64
	without = make([]float64, abundance.SubBoxes)
	for g, n := range sizes {
		without[g] = mean(x)
		if n > 0 {
			without[g] = (all - sums[g]) / float64(len(x)-n)
			counted = append(counted, without[g])
		}
	}
	return abundance.DeleteOne(counted), without
}

// mean adds the differences from the first value, so that equal values have
// exactly that mean.
func mean(x []float64) float64 {
	var sum float64
	for _, v := range x {
		sum += v - x[0]
	}
	return x[0] + sum/float64(len(x))
}

// standardError is that of the mean of at least two values.
func standardError(x []float64) float64 {
	m := mean(x)
	var sum float64
	for _, v := range x {
		sum += float64((v - m) * (v - m))
	}
	n := float64(len(x))
	return math.Sqrt(sum / (n * (n - 1)))
}
