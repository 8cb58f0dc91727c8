package power

import (
	"context"
	"fmt"
	"math"

	"runlua/kernels/abundance"
	"runlua/kernels/fft"
	"runlua/kernels/par"
)

// Jackknife is Measure with Err from leaving out one of 27 sub-boxes at a time,
// Eq. (7), and the spectra without each, of the same shells by sub-box. It takes
// 29 transforms, a second mesh and the modes of the whole box.
func Jackknife(ctx context.Context, pool *par.Pool, positions []float64, opt Options) (*Result, [][]float64, error) {
	p, err := newParticles(pool, positions, &opt)
	if err != nil {
		return nil, nil, err
	}
	contrast := p.plan.NewMesh()
	if err := p.contrast(contrast, nil); err != nil {
		return nil, nil, err
	}
	return JackknifeMesh(ctx, p.plan, contrast, opt, len(positions)/3)
}

// JackknifeMesh is Jackknife of the contrast of so many particles on a real mesh of
// plan's layout, for opt.Mesh points a side, which is not changed. P is that of
// MeasurePlanes, which the options are for, too, and the panics.
func JackknifeMesh[T fft.Float](ctx context.Context, plan *fft.Plan[T], contrast []T, opt Options, particles int) (*Result, [][]float64, error) {
	part, pool, lay := make([]T, len(contrast)), plan.Pool(), plan.Layout()
	fill := func(done func(worker, x int)) error {
		pool.Workers(lay.N, func(worker, x int) {
			first := lay.Index(x, 0, 0)
			copy(part[first:][:lay.Plane], contrast[first:])
			done(worker, x)
		})
		return nil
	}
	res, err := MeasurePlanes(ctx, plan, part, opt, particles, fill)
	if err != nil {
		return nil, nil, err
	}
	if opt.Mesh < 6 {
		return nil, nil, fmt.Errorf("power: mesh must be at least 6 to have points in each of 27 sub-boxes, got %d", opt.Mesh)
	}
	sh := newShells(bound(opt), opt.LogBins)
	points := float64(opt.Mesh) * float64(opt.Mesh) * float64(opt.Mesh)
	scale := opt.Box * opt.Box * opt.Box / (points * points)
	window := newWindowTable(lay.N, opt.Window)
	waves := sumWaves(pool, sh, window)
	if err := fill(func(worker, x int) { plan.ForwardPlane(worker, part, x) }); err != nil {
		return nil, nil, err
	}
	end, whole := newShellSums(lay.N, sh, window).end, make([][]T, lay.N) // by iy, block after block
	plan.SeeModes(part, end, func(_, iy, _, _ int, modes []T) { whole[iy] = append(whole[iy], modes...) })
	without := make([][]float64, abundance.SubBoxes)
	for box := range without {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		pool.Workers(lay.N, func(worker, x int) {
			cutOut(lay, part, contrast, box, x)
			plan.ForwardPlane(worker, part, x)
		})
		own, cross := newShellSums(lay.N, sh, window), newShellSums(lay.N, sh, window)
		plan.SeeModes(part, end, func(_, iy, kz, width int, modes []T) {
			addSquares(own, iy, kz, width, modes)
			addProducts(cross, iy, kz, width, modes, whole[iy][2*lay.N*kz:])
		})
		pairs, all := own.total(), cross.total()
		share, row := shareOf(lay.N, box), 0
		for i, w := range waves {
			if i == 0 || w.vectors == 0 { // the mean, or no mode
				continue
			}
			n := float64(w.vectors)
			within, noise := float64(pairs[i]/n*scale), 0.0
			others := float64(all[i]/n*scale) - within
			if opt.SubtractNoise {
				noise = res.Noise[row]
			}
			p := res.P[row] + noise
			without[box] = append(without[box], (p-within-float64(math.Sqrt2*others))/(1-share)-noise)
			row++
		}
	}
	res.Err = abundance.Errors(without)
	return res, without, nil
}

// third is the third of a side of m points in which the point i is.
func third(i, m int) int { return 3 * i / m }

// cutOut copies the points of a sub-box in the plane x from contrast to part, 0
// elsewhere.
func cutOut[T fft.Float](lay fft.Layout, part, contrast []T, box, x int) {
	m := lay.N
	for y := range m {
		row, to := contrast[lay.Index(x, y, 0):][:m], part[lay.Index(x, y, 0):][:m]
		for z, v := range row {
			to[z] = 0
			if (third(x, m)*3+third(y, m))*3+third(z, m) == box {
				to[z] = v
			}
		}
	}
}

// shareOf is the share of a sub-box in the points of a mesh of m a side.
func shareOf(m, box int) float64 {
	share := 1.0
	for _, wanted := range [3]int{box / 9, box / 3 % 3, box % 3} {
		n := 0
		for i := range m {
			if third(i, m) == wanted {
				n++
			}
		}
		share *= float64(n) / float64(m)
	}
	return share
}
