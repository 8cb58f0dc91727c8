package structure

import (
	"math"
)

// An Ensemble is a set of models superposed on their common mean.
type Ensemble struct {
	Models     [][]float64 // moved, each x0 y0 z0 x1 …, Å
	Mean       []float64   // of the moved models
	RMSD       []float64   // of each model from the mean, Eq. (4)
	Iterations int
}

// SuperposeAll superposes models on their mean: each on the first, then in turns
// on the mean of all, until the mean stays within 1e-9 Å or for 100 turns. The
// result lies as the first model does. weights are those of Superpose; it panics
// if there are no models or their lengths differ.
func SuperposeAll(models [][]float64, weights []float64) *Ensemble {
	const (
		still = 1e-9
		turns = 100
	)
	if len(models) == 0 {
		panic("structure: no models")
	}
	e := &Ensemble{Models: make([][]float64, len(models)), RMSD: make([]float64, len(models))}
	for m, x := range models {
		checkPair(x, models[0], weights)
		e.Models[m] = make([]float64, len(x))
	}
	e.Mean = append([]float64(nil), models[0]...)
	for e.Iterations < turns {
		e.Iterations++
		for m, x := range models {
			rot, trans, rmsd := Superpose(x, e.Mean, weights)
			Transform(e.Models[m], x, rot, trans)
			e.RMSD[m] = rmsd
		}
		mean := MeanOf(e.Models)
		// Turned back on the first model, so that the mean does not wander off.
		rot, trans, _ := Superpose(mean, models[0], weights)
		Transform(mean, mean, rot, trans)
		moved := 0.0
		for i := range mean {
			moved = math.Max(moved, math.Abs(mean[i]-e.Mean[i]))
		}
		e.Mean = mean
		if moved <= still {
			break
		}
	}
	for m, x := range models {
		rot, trans, rmsd := Superpose(x, e.Mean, weights)
		Transform(e.Models[m], x, rot, trans)
		e.RMSD[m] = rmsd
	}
	e.Mean = MeanOf(e.Models)
	return e
}

// MeanOf is the mean of models as they lie.
func MeanOf(models [][]float64) []float64 {
	mean := make([]float64, len(models[0]))
	for _, x := range models {
		for i, v := range x {
			mean[i] += v
		}
	}
	for i := range mean {
		mean[i] /= float64(len(models))
	}
	return mean
}

// RMSF is the root mean squared fluctuation of each atom about its mean, Eq. (5),
// Å, of models as they lie: superpose them first.
func RMSF(models [][]float64) []float64 {
	if len(models) == 0 {
		panic("structure: no models")
	}
	mean := MeanOf(models)
	out := make([]float64, len(mean)/3)
	for _, x := range models {
		checkPair(x, mean, nil)
		for i := range out {
			dx, dy, dz := x[3*i]-mean[3*i], x[3*i+1]-mean[3*i+1], x[3*i+2]-mean[3*i+2]
			out[i] += float64(dx*dx) + float64(dy*dy) + float64(dz*dz)
		}
	}
	for i := range out {
		out[i] = math.Sqrt(out[i] / float64(len(models)))
	}
	return out
}

// BFactors turns fluctuations, Å, into B-factors, Å², by Eq. (6).
func BFactors(rmsf []float64) []float64 {
	out := make([]float64, len(rmsf))
	for i, u := range rmsf {
		out[i] = 8 * math.Pi * math.Pi / 3 * float64(u*u)
	}
	return out
}
