package direct

import (
	"context"
	"fmt"
	"math"

	"runlua/kernels/par"
)

// block is how many particles' sums one block of work holds.
const block = 32

// accelerate fills acc with Eq. (1) at pos. It looks at ctx before each block
// and returns its error, acc then being incomplete. A force that is not finite
// is an error that names the first such particle.
func accelerate(ctx context.Context, pool *par.Pool, pos, mass []float64, g, softening float64, acc []float64) error {
	n := len(mass)
	eps2 := float64(softening * softening)
	pool.For((n+block-1)/block, func(b int) {
		if ctx.Err() != nil {
			return
		}
		for i := b * block; i < min(n, (b+1)*block); i++ {
			at := [3]float64{pos[3*i], pos[3*i+1], pos[3*i+2]}
			// The particle itself is left out: without softening it is 0/0.
			sum := pull(pos[:3*i], mass[:i], at, eps2, [3]float64{})
			sum = pull(pos[3*i+3:], mass[i+1:], at, eps2, sum)
			for k, s := range sum {
				acc[3*i+k] = float64(g * s)
			}
		}
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	for i, a := range acc {
		if !isFinite(a) {
			return fmt.Errorf("the force on particle %d is not finite: it may stand where another does (a softening above 0 keeps forces finite)", i/3+1)
		}
	}
	return nil
}

// pull adds the pull of the given particles at a point, without G, to sum.
func pull(pos, mass []float64, at [3]float64, eps2 float64, sum [3]float64) [3]float64 {
	ax, ay, az := sum[0], sum[1], sum[2]
	for j, m := range mass {
		p := pos[3*j : 3*j+3 : 3*j+3]
		dx, dy, dz := p[0]-at[0], p[1]-at[1], p[2]-at[2]
		r2 := float64(dx*dx) + float64(dy*dy) + float64(dz*dz) + eps2
		w := m / (r2 * math.Sqrt(r2))
		ax += float64(w * dx)
		ay += float64(w * dy)
		az += float64(w * dz)
	}
	return [3]float64{ax, ay, az}
}
