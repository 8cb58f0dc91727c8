package voids

import (
	"fmt"
	"math"
)

// SubBoxes is into how many cubes, three a side, SubBox divides a box.
const SubBoxes = 27

// SubBox returns which of the cubes of a third of the box a side holds a point,
// each coordinate in [0, box).
func SubBox(x, y, z, box float64) int {
	third := func(x float64) int { return min(int(3*(x/box)), 2) }
	return (third(x)*3+third(y))*3 + third(z)
}

// A Sample is the voids of one box, or of one part of a box, for a jackknife.
type Sample struct {
	Radii  []float64 // Mpc/h
	Volume float64   // (Mpc/h)³
}

// Divide makes the samples of the 27 sub-boxes from the voids of one box.
func Divide(voids []Void, box float64) []Sample {
	out := make([]Sample, SubBoxes)
	for i := range out {
		out[i].Volume = box * box * box / SubBoxes
	}
	for _, v := range voids {
		s := &out[SubBox(v.X, v.Y, v.Z, box)]
		s.Radii = append(s.Radii, v.Radius)
	}
	return out
}

// SizeJackknife is Size of all samples together, with Err from leaving out one
// of them at a time, Eq. (8).
func SizeJackknife(samples []Sample, edges []float64) (*SizeFunction, error) {
	if err := checkSamples(samples); err != nil {
		return nil, err
	}
	s, err := leaveOut(samples, -1, edges)
	if err != nil {
		return nil, err
	}
	without := make([][]float64, len(s.R)) // by bin
	for i := range samples {
		w, err := leaveOut(samples, i, edges)
		if err != nil {
			return nil, err
		}
		for b, v := range w.DnDlnR {
			without[b] = append(without[b], v)
		}
	}
	for b := range s.Err {
		s.Err[b] = deleteOneError(without[b])
	}
	return s, nil
}

// CumulativeJackknife is Cumulative likewise.
func CumulativeJackknife(samples []Sample, cuts []float64) (n, err []float64, _ error) {
	if e := checkSamples(samples); e != nil {
		return nil, nil, e
	}
	radii, volume := pooled(samples, -1)
	n, err, e := Cumulative(radii, cuts, volume)
	if e != nil {
		return nil, nil, e
	}
	without := make([][]float64, len(cuts))
	for i := range samples {
		radii, volume := pooled(samples, i)
		w, _, e := Cumulative(radii, cuts, volume)
		if e != nil {
			return nil, nil, e
		}
		for c, v := range w {
			without[c] = append(without[c], v)
		}
	}
	for c := range err {
		err[c] = deleteOneError(without[c])
	}
	return n, err, nil
}

func leaveOut(samples []Sample, skip int, edges []float64) (*SizeFunction, error) {
	radii, volume := pooled(samples, skip)
	return Size(radii, edges, volume)
}

func pooled(samples []Sample, skip int) (radii []float64, volume float64) {
	for i, s := range samples {
		if i != skip {
			radii = append(radii, s.Radii...)
			volume += s.Volume
		}
	}
	return radii, volume
}

func checkSamples(samples []Sample) error {
	if len(samples) < 2 {
		return fmt.Errorf("voids: a jackknife needs at least two samples, got %d", len(samples))
	}
	for i, s := range samples {
		if !(s.Volume > 0) || math.IsInf(s.Volume, 0) {
			return fmt.Errorf("voids: volume must be positive and finite, got %v of sample %d", s.Volume, i)
		}
	}
	return nil
}

// deleteOneError is Eq. (8) of the estimates without each group.
func deleteOneError(without []float64) float64 {
	g := float64(len(without))
	m := mean(without)
	var sum float64
	for _, x := range without {
		sum += float64((x - m) * (x - m))
	}
	return math.Sqrt((g - 1) / g * sum)
}

// groupedError is Eq. (8) of the mean of x, group[i] that of x[i]; groups
// without a value are none.
func groupedError(x []float64, group []int) float64 {
	var sums [SubBoxes]float64
	var sizes [SubBoxes]int
	var all float64
	for i, v := range x {
		sums[group[i]] += v
		sizes[group[i]]++
		all += v
	}
	var without []float64
	for g, n := range sizes {
		if n > 0 {
			without = append(without, (all-sums[g])/float64(len(x)-n))
		}
	}
	return deleteOneError(without)
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
