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

// displace adds the displacements of Eq. (3) to pos and the momenta of Eq. (4)
// to mom, both of length 3n³, in lattice order. delta holds the modes of δ, as
// plan.Forward leaves them, and is kept. Order 1 leaves out φ2. It looks at
// ctx between transforms and returns its error.
func (l *lpt) displace(ctx context.Context, delta []float64, order int, g growthTerms, pos, mom []float64) error {
	work := l.plan.NewMesh()
	for axis := range 3 {
		if err := ctx.Err(); err != nil {
			return err
		}
		l.minusGradient(work, delta, axis)
		l.plan.Inverse(work)
		l.add(work, axis, 1, g.rate1, pos, mom)
	}
	if order == 1 {
		return nil
	}
	source, err := l.secondSource(ctx, delta)
	if err != nil {
		return err
	}
	l.plan.Forward(source)
	for axis := range 3 {
		if err := ctx.Err(); err != nil {
			return err
		}
		l.minusGradient(work, source, axis)
		l.plan.Inverse(work)
		l.add(work, axis, -g.second, -g.rate2, pos, mom)
	}
	return nil
}

// secondSource returns Σ_{i<j} (φ1,ii φ1,jj − φ1,ij²) of Eq. (2) on the
// lattice. It holds four meshes, delta among them.
func (l *lpt) secondSource(ctx context.Context, delta []float64) ([]float64, error) {
	sum, work := l.plan.NewMesh(), l.plan.NewMesh()
	source := l.plan.NewMesh()
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
			return nil, err
		}
		l.tidal(work, delta, t.i, t.j)
		l.plan.Inverse(work)
		l.points(func(p, _ int) { t.add(p) })
	}
	return source, nil
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

// add adds x·mesh to component axis of pos and p·mesh to that of mom.
func (l *lpt) add(mesh []float64, axis int, x, p float64, pos, mom []float64) {
	l.points(func(point, particle int) {
		pos[3*particle+axis] += float64(x * mesh[point])
		mom[3*particle+axis] += float64(p * mesh[point])
	})
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
