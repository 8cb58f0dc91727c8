package eigen

import (
	"context"
	"slices"

	"runlua/kernels/par"
)

// rotations are those of sweeps, in the order in which they were found.
type rotations struct {
	c, s   []float64 // of a sweep, by column, ascending
	sweeps []span
}

// A span is a sweep over the columns from first to first + count: up from the
// first, or down from the last.
type span struct {
	first, count int
	down         bool
}

// sweep makes room for a sweep over rows l to m of t.
func (r *rotations) sweep(t *tridiagonal, l, m int) (c, s []float64) {
	w := span{t.first + l, m - l, true}
	if t.reversed {
		w = span{t.first + len(t.d) - 1 - m, m - l, false}
	}
	r.sweeps = append(r.sweeps, w)
	start := len(r.c)
	r.c = slices.Grow(r.c, w.count)[:start+w.count]
	r.s = slices.Grow(r.s, w.count)[:start+w.count]
	return r.c[start:], r.s[start:]
}

func (r *rotations) reset() { r.c, r.s, r.sweeps = r.c[:0], r.s[:0], r.sweeps[:0] }

// apply takes each row of z, n × n, through all rotations.
func (r *rotations) apply(ctx context.Context, pool *par.Pool, z []float64, n int) error {
	pool.For((n+3)/4, func(b int) {
		if ctx.Err() != nil {
			return
		}
		if 4*b+4 <= n {
			r.four(z[4*b*n:(4*b+4)*n], n)
			return
		}
		for i := 4 * b; i < n; i++ {
			r.one(z[i*n : (i+1)*n])
		}
	})
	return ctx.Err()
}

// four is Eq. (5) for four rows at once, since in a row each rotation waits for
// the last.
func (r *rotations) four(z []float64, n int) {
	start := 0
	for _, w := range r.sweeps {
		c, s := r.c[start:start+w.count], r.s[start:start+w.count]
		start += w.count
		z0 := z[w.first : w.first+w.count+1]
		z1 := z[n+w.first : n+w.first+w.count+1]
		z2 := z[2*n+w.first : 2*n+w.first+w.count+1]
		z3 := z[3*n+w.first : 3*n+w.first+w.count+1]
		if w.down {
			turnDown(c, s, z0, z1, z2, z3)
		} else {
			turnUp(c, s, z0, z1, z2, z3)
		}
	}
}

func turnDown(c, s, z0, z1, z2, z3 []float64) {
	n := len(c)
	f0, f1, f2, f3 := z0[n], z1[n], z2[n], z3[n]
	s = s[:n]
	next0, next1, next2, next3 := z0[1:][:n], z1[1:][:n], z2[1:][:n], z3[1:][:n]
	z0, z1, z2, z3 = z0[:n], z1[:n], z2[:n], z3[:n]
	for i := n - 1; i >= 0; i-- {
		cos, sin := c[i], s[i]
		x0, x1, x2, x3 := z0[i], z1[i], z2[i], z3[i]
		next0[i] = float64(sin*x0) + float64(cos*f0)
		f0 = float64(cos*x0) - float64(sin*f0)
		next1[i] = float64(sin*x1) + float64(cos*f1)
		f1 = float64(cos*x1) - float64(sin*f1)
		next2[i] = float64(sin*x2) + float64(cos*f2)
		f2 = float64(cos*x2) - float64(sin*f2)
		next3[i] = float64(sin*x3) + float64(cos*f3)
		f3 = float64(cos*x3) - float64(sin*f3)
	}
	z0[0], z1[0], z2[0], z3[0] = f0, f1, f2, f3
}

func turnUp(c, s, z0, z1, z2, z3 []float64) {
	n := len(c)
	f0, f1, f2, f3 := z0[0], z1[0], z2[0], z3[0]
	last := [4]*float64{&z0[n], &z1[n], &z2[n], &z3[n]}
	s = s[:n]
	next0, next1, next2, next3 := z0[1:][:n], z1[1:][:n], z2[1:][:n], z3[1:][:n]
	z0, z1, z2, z3 = z0[:n], z1[:n], z2[:n], z3[:n]
	for i, cos := range c {
		sin := s[i]
		x0, x1, x2, x3 := next0[i], next1[i], next2[i], next3[i]
		z0[i] = float64(sin*x0) + float64(cos*f0)
		f0 = float64(cos*x0) - float64(sin*f0)
		z1[i] = float64(sin*x1) + float64(cos*f1)
		f1 = float64(cos*x1) - float64(sin*f1)
		z2[i] = float64(sin*x2) + float64(cos*f2)
		f2 = float64(cos*x2) - float64(sin*f2)
		z3[i] = float64(sin*x3) + float64(cos*f3)
		f3 = float64(cos*x3) - float64(sin*f3)
	}
	*last[0], *last[1], *last[2], *last[3] = f0, f1, f2, f3
}

// one is four for one row.
func (r *rotations) one(z []float64) {
	start := 0
	for _, w := range r.sweeps {
		c, s := r.c[start:start+w.count], r.s[start:start+w.count]
		start += w.count
		z := z[w.first : w.first+w.count+1]
		if w.down {
			f := z[w.count]
			for i := w.count - 1; i >= 0; i-- {
				x := z[i]
				z[i+1] = float64(s[i]*x) + float64(c[i]*f)
				f = float64(c[i]*x) - float64(s[i]*f)
			}
			z[0] = f
			continue
		}
		f := z[0]
		for i := range c {
			x := z[i+1]
			z[i] = float64(s[i]*x) + float64(c[i]*f)
			f = float64(c[i]*x) - float64(s[i]*f)
		}
		z[w.count] = f
	}
}
