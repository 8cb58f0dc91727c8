package nbody

import (
	"context"

	"runlua/kernels/fft"
	"runlua/kernels/par"
)

// lpt turns the modes of the linear density into displacements and momenta.
type lpt struct {
	plan *fft.Real3 // of the particle lattice
	pool *par.Pool
	n    int
	box  float64
}

// growthTerms are the factors of Eqs. (3) and (4) with the density's own
// growth taken out: x = q − ∇φ1 + second ∇φ2,
// p = −rate1 ∇φ1 + rate2 ∇φ2.
type growthTerms struct {
	second       float64 // D2/D²
	rate1, rate2 float64 // a²E D'/D and a²E D2'/D²
}

// lptMeshes is the number of meshes that displace holds at a time.
const lptMeshes = 4

// displace calls put for each axis with −∂φ1/∂x and −∂φ2/∂x on the lattice. delta
// holds the modes of δ, as plan.Forward leaves them, and is kept; spare are three
// more meshes. Order 1 leaves out φ2: second is nil. It looks at ctx between
// transforms and returns its error.
func (l *lpt) displace(ctx context.Context, delta []float64, spare [lptMeshes - 1][]float64, order int, put func(axis int, first, second []float64)) error {
	source, first := spare[0], spare[1]
	var second []float64
	if order > 1 {
		if err := l.secondSource(ctx, delta, source, spare[1], spare[2]); err != nil {
			return err
		}
		l.plan.Forward(source)
		second = spare[2]
	}
	for axis := range 3 {
		if err := ctx.Err(); err != nil {
			return err
		}
		l.minusGradient(first, delta, axis)
		l.plan.Inverse(first)
		if second != nil {
			if err := ctx.Err(); err != nil {
				return err
			}
			l.minusGradient(second, source, axis)
			l.plan.Inverse(second)
		}
		put(axis, first, second)
	}
	return nil
}

// secondSource sets source to Σ_{i<j} (φ1,ii φ1,jj − φ1,ij²) of Eq. (2) on the
// lattice. It uses two more meshes, sum and work.
func (l *lpt) secondSource(ctx context.Context, delta, source, sum, work []float64) error {
	// φxx φyy + (φxx + φyy) φzz − φxy² − φxz² − φyz², term by term.
	terms := []struct {
		i, j int
		add  func(p int)
	}{
		{0, 0, func(p int) { sum[p] = work[p] }},
		{1, 1, func(p int) { source[p] = sum[p] * work[p]; sum[p] += work[p] }},
		{2, 2, func(p int) { source[p] += float64(sum[p] * work[p]) }},
		{0, 1, func(p int) { source[p] -= float64(work[p] * work[p]) }},
		{0, 2, func(p int) { source[p] -= float64(work[p] * work[p]) }},
		{1, 2, func(p int) { source[p] -= float64(work[p] * work[p]) }},
	}
	for _, t := range terms {
		if err := ctx.Err(); err != nil {
			return err
		}
		l.tidal(work, delta, t.i, t.j)
		l.plan.Inverse(work)
		l.points(func(p, _ int) { t.add(p) })
	}
	return nil
}

// minusGradient writes the modes of −∂φ/∂x_axis = i k_axis δ_k/k², where
// ∇²φ = δ, with the Nyquist planes zeroed.
func (l *lpt) minusGradient(dst, delta []float64, axis int) {
	kf := waveUnit(l.box)
	l.multiply(dst, delta, func(n [3]int, n2 int, re, im float64) (float64, float64) {
		f := float64(n[axis]) / (kf * float64(n2))
		return -f * im, f * re
	})
}

// tidal writes the modes of ∂²φ/∂x_i∂x_j = (k_i k_j/k²) δ_k, with the Nyquist
// planes zeroed.
func (l *lpt) tidal(dst, delta []float64, i, j int) {
	l.multiply(dst, delta, func(n [3]int, n2 int, re, im float64) (float64, float64) {
		f := float64(n[i]*n[j]) / float64(n2)
		return f * re, f * im
	})
}

// multiply writes f of each mode of src to dst; f gets the wave numbers, their
// squares' sum and the mode. The mode k = 0 and the Nyquist planes become 0.
func (l *lpt) multiply(dst, src []float64, f func(n [3]int, n2 int, re, im float64) (float64, float64)) {
	layout := l.plan.Layout()
	half := l.n / 2
	l.plan.Apply(dst, func(ix, iy int, row []float64) {
		from := src[layout.Index(ix, iy, 0):]
		n := [3]int{fft.Wave(ix, l.n), fft.Wave(iy, l.n), 0}
		nyquist := ix == half || iy == half
		for k := 0; k <= half; k++ {
			n[2] = k
			n2 := n[0]*n[0] + n[1]*n[1] + k*k
			var re, im float64
			if n2 > 0 && !nyquist && k < half {
				re, im = f(n, n2, from[2*k], from[2*k+1])
			}
			row[2*k], row[2*k+1] = re, im
		}
	})
}

// placed returns position and momentum of Eqs. (3) and (4) along an axis, for a
// particle from q whose −∂φ1/∂x and −∂φ2/∂x stand at a point of two meshes, the
// second of which may be nil.
func (g *growthTerms) placed(q float64, first, second []float64, point int) (x, p float64) {
	x, p = q+first[point], float64(g.rate1*first[point])
	if second != nil {
		x += float64(-g.second * second[point])
		p += float64(-g.rate2 * second[point])
	}
	return x, p
}

// points calls f for each lattice point with its index in a mesh and the
// number of its particle, plane by plane.
func (l *lpt) points(f func(point, particle int)) {
	layout := l.plan.Layout()
	l.pool.For(l.n, func(i int) {
		for j := range l.n {
			point, particle := layout.Index(i, j, 0), (i*l.n+j)*l.n
			for k := range l.n {
				f(point+k, particle+k)
			}
		}
	})
}
