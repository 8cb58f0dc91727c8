package eigen

import (
	"context"

	"runlua/kernels/par"
)

// rotations are those of sweeps, in the order in which they were found.
type rotations struct {
	c, s   []float64
	sweeps []span
}

// A span is a sweep over neighbouring columns: the first rotation turns column
// from and the next one, up or down.
type span struct {
	from, count int
	down        bool
}

// begin notes a sweep of count rotations from t's row m towards its row 0.
func (r *rotations) begin(t *tridiagonal, m, count int) {
	if t.reversed {
		r.sweeps = append(r.sweeps, span{t.first + len(t.d) - 1 - m, count, false})
	} else {
		r.sweeps = append(r.sweeps, span{t.first + m, count, true})
	}
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
		if w.down {
			low := w.from - w.count
			z0, z1, z2, z3 := z[low:w.from+1], z[n+low:n+w.from+1], z[2*n+low:2*n+w.from+1], z[3*n+low:3*n+w.from+1]
			turnDown(c, s, z0, z1, z2, z3)
		} else {
			high := w.from + w.count + 1
			z0, z1, z2, z3 := z[w.from:high], z[n+w.from:n+high], z[2*n+w.from:2*n+high], z[3*n+w.from:3*n+high]
			turnUp(c, s, z0, z1, z2, z3)
		}
	}
}

func turnDown(c, s, z0, z1, z2, z3 []float64) {
	i := len(z0) - 1
	s, z1, z2, z3 = s[:len(c)], z1[:i+1], z2[:i+1], z3[:i+1]
	f0, f1, f2, f3 := z0[i], z1[i], z2[i], z3[i]
	for k, cos := range c {
		sin := s[k]
		x0, x1, x2, x3 := z0[i-1], z1[i-1], z2[i-1], z3[i-1]
		z0[i] = float64(sin*x0) + float64(cos*f0)
		f0 = float64(cos*x0) - float64(sin*f0)
		z1[i] = float64(sin*x1) + float64(cos*f1)
		f1 = float64(cos*x1) - float64(sin*f1)
		z2[i] = float64(sin*x2) + float64(cos*f2)
		f2 = float64(cos*x2) - float64(sin*f2)
		z3[i] = float64(sin*x3) + float64(cos*f3)
		f3 = float64(cos*x3) - float64(sin*f3)
		i--
	}
	z0[0], z1[0], z2[0], z3[0] = f0, f1, f2, f3
}

func turnUp(c, s, z0, z1, z2, z3 []float64) {
	n := len(c)
	s, z0, z1, z2, z3 = s[:n], z0[:n+1], z1[:n+1], z2[:n+1], z3[:n+1]
	f0, f1, f2, f3 := z0[0], z1[0], z2[0], z3[0]
	for i, cos := range c {
		sin := s[i]
		x0, x1, x2, x3 := z0[i+1], z1[i+1], z2[i+1], z3[i+1]
		z0[i] = float64(sin*x0) + float64(cos*f0)
		f0 = float64(cos*x0) - float64(sin*f0)
		z1[i] = float64(sin*x1) + float64(cos*f1)
		f1 = float64(cos*x1) - float64(sin*f1)
		z2[i] = float64(sin*x2) + float64(cos*f2)
		f2 = float64(cos*x2) - float64(sin*f2)
		z3[i] = float64(sin*x3) + float64(cos*f3)
		f3 = float64(cos*x3) - float64(sin*f3)
	}
	z0[n], z1[n], z2[n], z3[n] = f0, f1, f2, f3
}

// one is four for one row.
func (r *rotations) one(z []float64) {
	start := 0
	for _, w := range r.sweeps {
		i, step := w.from, 1
		if w.down {
			step = -1
		}
		f := z[i]
		for k := start; k < start+w.count; k++ {
			c, s, x := r.c[k], r.s[k], z[i+step]
			z[i] = float64(s*x) + float64(c*f)
			f = float64(c*x) - float64(s*f)
			i += step
		}
		z[i] = f
		start += w.count
	}
}
