package diffusion

import (
	"math"
	"strconv"

	"runlua/kernels/fmath"
)

// A Rouse is the denoiser of an ideal chain of beads, Eqs. (16) and (17). The
// walk goes along the chain's modes, three coordinates each. It is equivariant:
// a rotation of the chain rotates the amplitude of each mode. The centre of
// mass is no mode, and stays in the origin.
type Rouse struct {
	modes
	beads int
	bond  float64
	cos   []float64 // cos(πk/2n), k < 4n
}

// NewRouse returns the denoiser of a chain of beads ≥ 2 whose bonds have the
// root mean square length bond, Å.
func NewRouse(beads int, bond float64) (*Rouse, error) {
	if beads < 2 || beads > maxBeads {
		return nil, &ParamError{"beads", "must be from 2 to " + strconv.Itoa(maxBeads), strconv.Itoa(beads), ""}
	}
	if !(bond > 0) || !isFinite(bond*bond) || bond*bond == 0 {
		return nil, &ParamError{"bond", "must be a positive length", formatFloat(bond), "3.8 Å between neighbouring CA atoms"}
	}
	r := &Rouse{beads: beads, bond: bond, cos: make([]float64, 4*beads)}
	for k := range r.cos {
		_, r.cos[k] = fmath.SincosTurns(float64(k) / float64(4*beads))
	}
	r.repeat = 3
	for p := 1; p < beads; p++ {
		sin, _ := fmath.SincosTurns(float64(p) / float64(4*beads))
		r.variance = append(r.variance, bond*bond/(12*sin*sin))
	}
	return r, nil
}

const maxBeads = 1 << 20

func (r *Rouse) unmoved() {}

// Atoms returns the number of beads.
func (r *Rouse) Atoms() int { return r.beads }

// Width is three coordinates for each bead.
func (r *Rouse) Width() int { return 3 * r.beads }

// Equivariant is true.
func (r *Rouse) Equivariant() bool { return true }

// Plain describes r.
func (r *Rouse) Plain() map[string]any {
	return map[string]any{"kind": "rouse", "atoms": float64(r.beads), "bond": r.bond}
}

// Decode turns the modes of a row into the beads' coordinates, Eq. (16).
func (r *Rouse) Decode(dst, x []float64) {
	n := r.beads
	norm := math.Sqrt(2 / float64(n))
	for i := range n {
		var sum [3]float64
		at, by := 2*i+1, 2*i+1 // p(2i+1) mod 4n for mode p = 1
		for p := range n - 1 {
			c := r.cos[at]
			for axis := range sum {
				sum[axis] += float64(c * x[3*p+axis])
			}
			if at += by; at >= 4*n {
				at -= 4 * n
			}
		}
		for axis, v := range sum {
			dst[3*i+axis] = float64(norm * v)
		}
	}
}
