package abundance

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

// A Sample is the objects of one box, or of one part of a box.
type Sample struct {
	Sizes  []float64 // radii or masses
	Volume float64   // (Mpc/h)³
}

// Divided returns the 27 sub-boxes of a box, without objects yet.
func Divided(box float64) []Sample {
	out := make([]Sample, SubBoxes)
	for i := range out {
		out[i].Volume = box * box * box / SubBoxes
	}
	return out
}

// An Estimate is a curve from the sizes of objects in a volume, of the same
// length whatever the sizes.
type Estimate func(sizes []float64, volume float64) ([]float64, error)

// Jackknife returns the estimate from all samples, its error by Eq. (1), and the
// estimates without each sample.
func Jackknife(samples []Sample, estimate Estimate) (value, err []float64, without [][]float64, _ error) {
	if e := checkSamples(samples); e != nil {
		return nil, nil, nil, e
	}
	sizes, volume := pooled(samples, -1)
	value, e := estimate(sizes, volume)
	if e != nil {
		return nil, nil, nil, e
	}
	for i := range samples {
		sizes, volume := pooled(samples, i)
		w, e := estimate(sizes, volume)
		if e != nil {
			return nil, nil, nil, e
		}
		without = append(without, w)
	}
	return value, Errors(without), without, nil
}

// Errors is Eq. (1) of each point of a curve; without holds the curves that
// leave one sample out.
func Errors(without [][]float64) []float64 {
	err := make([]float64, len(without[0]))
	column := make([]float64, len(without))
	for b := range err {
		for i, w := range without {
			column[i] = w[b]
		}
		err[b] = DeleteOne(column)
	}
	return err
}

// DeleteOne is Eq. (1). It panics without an estimate.
func DeleteOne(without []float64) float64 {
	g := float64(len(without))
	m := mean(without)
	var sum float64
	for _, x := range without {
		sum += float64((x - m) * (x - m))
	}
	return math.Sqrt((g - 1) / g * sum)
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

func pooled(samples []Sample, skip int) (sizes []float64, volume float64) {
	for i, s := range samples {
		if i != skip {
			sizes = append(sizes, s.Sizes...)
			volume += s.Volume
		}
	}
	return sizes, volume
}

func checkSamples(samples []Sample) error {
	if len(samples) < 2 {
		return fmt.Errorf("abundance: a jackknife needs at least two samples, got %d", len(samples))
	}
	for i, s := range samples {
		if !(s.Volume > 0) || math.IsInf(s.Volume, 0) {
			return fmt.Errorf("abundance: volume must be positive and finite, got %v of sample %d", s.Volume, i)
		}
	}
	return nil
}
