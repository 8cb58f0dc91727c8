package diffusion

import (
	"fmt"
	"math"
	"strconv"
	"sync"

	"runlua/kernels/fmath"
	"runlua/kernels/panel"
)

// An Ensemble is the denoiser of a finite set of conformers, each blurred by a
// normal of the bandwidth: the closed-form optimum, Eq. (10).
type Ensemble struct {
	dim, n    int
	bandwidth float64
	centre    []float64 // mean of the conformers, which keeps products small
	y         []float64 // [n][dim], less the centre
	constant  []float64 // log π_k
	plain     map[string]any

	// nil where the products are in double precision alone.
	single  *panel.Matrix // y
	half    []float64     // |y_k|²/2
	longest float64       // |y_k|
	spread  float64       // the largest |log π_k|
	spare   sync.Pool     // of *slab
}

// NewEnsemble returns the denoiser of conformers of equal length, 3·atoms
// coordinates each, Å, superposed beforehand. bandwidth s ≥ 0 is in Å; with 0
// every sample ends on a conformer. weights are relative; nil: all the same.
// The slices are copied.
func NewEnsemble(conformers [][]float64, bandwidth float64, weights []float64) (*Ensemble, error) {
	if len(conformers) == 0 {
		return nil, &ParamError{"conformers", "must be at least one", "none", ""}
	}
	dim := len(conformers[0])
	if dim == 0 || dim%3 != 0 {
		return nil, &ParamError{"conformers", "must have three coordinates for each atom", strconv.Itoa(dim), ""}
	}
	for k, y := range conformers {
		if len(y) != dim {
			return nil, &ParamError{"conformers", fmt.Sprintf("must all have the %d coordinates of the first", dim), fmt.Sprintf("%d in number %d", len(y), k+1), "select the atoms that all of them have"}
		}
		if err := checkFinite(fmt.Sprintf("conformer %d", k+1), y); err != nil {
			return nil, err
		}
	}
	if !(bandwidth >= 0) || !isFinite(bandwidth) {
		return nil, &ParamError{"bandwidth", "must be a length of at least 0", formatFloat(bandwidth), "some tenths of an Å"}
	}
	constant, err := logWeights(weights, len(conformers))
	if err != nil {
		return nil, err
	}
	e := &Ensemble{dim: dim, n: len(conformers), bandwidth: bandwidth, centre: make([]float64, dim), constant: constant}
	for _, y := range conformers {
		for j, v := range y {
			e.centre[j] += v
		}
	}
	for j := range e.centre {
		e.centre[j] /= float64(e.n)
	}
	e.y = make([]float64, e.n*dim)
	for k, y := range conformers {
		row := e.y[k*dim : (k+1)*dim]
		for j, v := range y {
			row[j] = v - e.centre[j]
		}
	}
	e.prepareSingle()
	e.plain = map[string]any{
		"kind": "ensemble", "atoms": float64(dim / 3), "count": float64(e.n), "bandwidth": bandwidth,
		"conformers": digestOf(conformers...), "weights": digestOf(constant),
	}
	return e, nil
}

// logWeights returns the logarithms of relative weights, n of them.
func logWeights(weights []float64, n int) ([]float64, error) {
	out := make([]float64, n)
	if weights == nil {
		return out, nil
	}
	if len(weights) != n {
		return nil, &ParamError{"weights", fmt.Sprintf("must be %d numbers", n), strconv.Itoa(len(weights)), ""}
	}
	for k, w := range weights {
		if !(w > 0) || !isFinite(w) {
			return nil, &ParamError{"weights", "must be positive", fmt.Sprintf("%v at [%d]", w, k+1), ""}
		}
		out[k] = fmath.Log(w)
	}
	return out, nil
}

// softmax turns logarithms into weights that add to 1.
func softmax(w []float64) {
	largest := math.Inf(-1)
	for _, v := range w {
		largest = max(largest, v)
	}
	var sum float64
	for k, v := range w {
		w[k] = fmath.Exp(v - largest)
		sum += w[k]
	}
	for k := range w {
		w[k] /= sum
	}
}

// Dim is three coordinates for each atom.
func (e *Ensemble) Dim() int { return e.dim }

// Width is Dim.
func (e *Ensemble) Width() int { return e.dim }

// Atoms returns the number of atoms.
func (e *Ensemble) Atoms() int { return e.dim / 3 }

// Equivariant is false: the conformers stand where they stand.
func (e *Ensemble) Equivariant() bool { return false }

// Decode copies.
func (e *Ensemble) Decode(dst, x []float64) { copy(dst, x) }

// Plain describes e.
func (e *Ensemble) Plain() map[string]any { return e.plain }
