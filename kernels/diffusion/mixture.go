package diffusion

import (
	"context"
	"fmt"
	"strconv"

	"runlua/kernels/eigen"
	"runlua/kernels/fmath"
	"runlua/kernels/par"
)

// A Component is one normal distribution of a Mixture.
type Component struct {
	Weight float64   // relative, positive
	Mean   []float64 // of dim numbers
	// Covariance is one variance for all directions, dim variances, one for
	// each, or a symmetric matrix of dim × dim, row-major; none negative.
	Covariance []float64
}

// A Mixture is the denoiser of a mixture of normal distributions, Eq. (9).
type Mixture struct {
	dim        int
	components []normal
	constant   []float64 // log π_k
	plain      map[string]any
}

// normal is a component along the axes of its covariance.
type normal struct {
	mean     []float64
	axes     []float64 // [dim][dim], one axis a row; nil: those of space
	variance []float64
}

// maxFull bounds the coordinates of a mixture with full covariances: a step
// costs their square.
const maxFull = 2048

// NewMixture returns the denoiser of a mixture whose components have means of
// one length, the number of coordinates. Full covariances take the cube of it in
// time; NewMixture stops soon after ctx ends and returns its error.
func NewMixture(ctx context.Context, pool *par.Pool, components []Component) (*Mixture, error) {
	if len(components) == 0 {
		return nil, &ParamError{"components", "must be at least one", "none", ""}
	}
	m := &Mixture{dim: len(components[0].Mean), constant: make([]float64, len(components))}
	if m.dim == 0 {
		return nil, &ParamError{"mean", "must be at least one number", "none", ""}
	}
	weights, bulk := make([]float64, len(components)), [][]float64{}
	for k, c := range components {
		n, err := newNormal(ctx, pool, c, m.dim)
		if p, ok := err.(*ParamError); ok {
			p.Param = fmt.Sprintf("%s of component %d", p.Param, k+1)
		}
		if err != nil {
			return nil, err
		}
		m.components = append(m.components, n)
		weights[k] = c.Weight
		bulk = append(bulk, c.Mean, c.Covariance)
	}
	constant, err := logWeights(weights, len(weights))
	if err != nil {
		return nil, err
	}
	m.constant = constant
	m.plain = map[string]any{
		"kind": "mixture", "dim": float64(m.dim), "count": float64(len(components)),
		"components": digestOf(bulk...), "weights": digestOf(constant),
	}
	return m, nil
}

func newNormal(ctx context.Context, pool *par.Pool, c Component, dim int) (normal, error) {
	n := normal{mean: append([]float64(nil), c.Mean...), variance: make([]float64, dim)}
	if len(c.Mean) != dim {
		return n, &ParamError{"mean", fmt.Sprintf("must have the %d numbers of the first component's", dim), strconv.Itoa(len(c.Mean)), ""}
	}
	if err := checkFinite("mean", c.Mean); err != nil {
		return n, err
	}
	if err := checkFinite("covariance", c.Covariance); err != nil {
		return n, err
	}
	switch len(c.Covariance) {
	case 1:
		for j := range n.variance {
			n.variance[j] = c.Covariance[0]
		}
	case dim:
		copy(n.variance, c.Covariance)
	case dim * dim:
		return n, n.rotate(ctx, pool, c.Covariance)
	default:
		return n, &ParamError{"covariance", fmt.Sprintf("must be one variance, %d of them, or a matrix of %d × %d", dim, dim, dim), fmt.Sprintf("%d numbers", len(c.Covariance)), ""}
	}
	for j, v := range n.variance {
		if v < 0 {
			return n, &ParamError{"covariance", "must not be negative", fmt.Sprintf("%v at [%d]", v, j+1), ""}
		}
	}
	return n, nil
}

// rotate finds the axes of a full covariance.
func (n *normal) rotate(ctx context.Context, pool *par.Pool, c []float64) error {
	dim := len(n.mean)
	if dim > maxFull {
		return &ParamError{"covariance", fmt.Sprintf("must be a full matrix for at most %d coordinates", maxFull), strconv.Itoa(dim), "give variances alone"}
	}
	var largest float64
	for _, v := range c {
		largest = max(largest, v, -v)
	}
	n.axes = make([]float64, dim*dim)
	for i := range dim {
		for j := range i + 1 {
			a, b := c[i*dim+j], c[j*dim+i]
			// A matrix computed elsewhere is symmetric up to roundings.
			if d := a - b; d > 1e-12*largest || -d > 1e-12*largest {
				return &ParamError{"covariance", "must be symmetric", fmt.Sprintf("%v at [%d][%d] and %v at [%d][%d]", a, i+1, j+1, b, j+1, i+1), ""}
			}
			n.axes[i*dim+j] = (a + b) / 2 // the lower triangle
		}
	}
	values, err := eigen.Symmetric(ctx, pool, n.axes, dim)
	if err != nil {
		return fmt.Errorf("diffusion: the axes of a covariance of %d coordinates: %w", dim, err)
	}
	for k, v := range values {
		// A variance of 0 comes out of the eigenvalues as a rounding of either sign.
		if v < -1e-10*largest {
			return &ParamError{"covariance", "must have no negative eigenvalue", formatFloat(v), ""}
		}
		n.variance[k] = max(v, 0)
	}
	return nil
}

// Dim returns the number of coordinates.
func (m *Mixture) Dim() int { return m.dim }

// Width is Dim.
func (m *Mixture) Width() int { return m.dim }

// Atoms is 0: the coordinates are no points in space.
func (m *Mixture) Atoms() int { return 0 }

// Equivariant is false.
func (m *Mixture) Equivariant() bool { return false }

// Decode copies.
func (m *Mixture) Decode(dst, x []float64) { copy(dst, x) }

// Concurrent marks Denoise as safe to be called at once.
func (m *Mixture) Concurrent() {}

// Plain describes m.
func (m *Mixture) Plain() map[string]any { return m.plain }

// Denoise is Eq. (9), each component along its own axes.
func (m *Mixture) Denoise(ctx context.Context, dst, x []float64, batch int, sigma float64) error {
	s2 := float64(sigma * sigma)
	w := make([]float64, len(m.components))
	along, from, back := make([]float64, m.dim), make([]float64, m.dim), make([]float64, m.dim)
	estimates := make([]float64, len(m.components)*m.dim)
	logs := make([]float64, len(m.components)) // log det (C_k + σ²I)
	for k, c := range m.components {
		for _, v := range c.variance {
			logs[k] += fmath.Log(v + s2)
		}
	}
	for r := range batch {
		if err := ctx.Err(); err != nil {
			return err
		}
		row := x[r*m.dim : (r+1)*m.dim]
		for k, c := range m.components {
			for j, v := range row {
				from[j] = v - c.mean[j]
			}
			if c.axes == nil {
				copy(along, from)
			} else {
				dots(along, from, c.axes, 1, m.dim, m.dim)
			}
			var square float64
			for j, v := range along {
				total := c.variance[j] + s2
				square += v * v / total
				along[j] = c.variance[j] / total * v
			}
			w[k] = m.constant[k] - float64((logs[k]+square)/2)
			if c.axes == nil {
				copy(back, along)
			} else {
				means(back, along, c.axes, 1, m.dim, m.dim)
			}
			for j, v := range back {
				estimates[k*m.dim+j] = c.mean[j] + v
			}
		}
		softmax(w)
		means(dst[r*m.dim:(r+1)*m.dim], w, estimates, 1, len(w), m.dim)
	}
	return nil
}
