package power

import (
	"context"
	"fmt"
	"math"

	"runlua/kernels/abundance"
	"runlua/kernels/fft"
	"runlua/kernels/grid"
	"runlua/kernels/par"
)

// Jackknife is Measure with Err from leaving out one of 27 sub-boxes at a time,
// Eq. (7), and the spectra without each, of the same shells by sub-box. It takes
// 28 transforms and a second mesh.
func Jackknife(ctx context.Context, pool *par.Pool, positions []float64, opt Options) (*Result, [][]float64, error) {
	res, err := Measure(ctx, pool, positions, opt)
	if err != nil {
		return nil, nil, err
	}
	if opt.Mesh < 6 {
		return nil, nil, fmt.Errorf("power: mesh must be at least 6 to have points in each of 27 sub-boxes, got %d", opt.Mesh)
	}
	plan, err := fft.NewReal3(opt.Mesh, pool)
	if err != nil {
		return nil, nil, fmt.Errorf("power: mesh: %w", err)
	}
	g, err := grid.New(plan.Layout(), opt.Box, pool)
	if err != nil {
		return nil, nil, fmt.Errorf("power: %w", err)
	}
	contrast := plan.NewMesh()
	if err := g.Contrast(contrast, positions); err != nil {
		return nil, nil, fmt.Errorf("power: %w", err)
	}
	lay, sh := plan.Layout(), newShells(bound(opt), opt.LogBins)
	whole := append([]float64(nil), contrast...)
	plan.Forward(whole)
	points := float64(opt.Mesh) * float64(opt.Mesh) * float64(opt.Mesh)
	scale := opt.Box * opt.Box * opt.Box / (points * points)
	part := plan.NewMesh()
	without := make([][]float64, abundance.SubBoxes)
	for box := range without {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		share := cutOut(pool, lay, part, contrast, box)
		plan.Forward(part)
		own := sumShells(pool, lay, part, part, sh, CIC)
		cross := sumShells(pool, lay, part, whole, sh, CIC)
		row := 0
		for i, s := range own {
			if s.vectors == 0 {
				continue
			}
			n := float64(s.vectors)
			pairs, noise := float64(s.power/n*scale), 0.0
			others := float64(cross[i].power/n*scale) - pairs
			if opt.SubtractNoise {
				noise = res.Noise[row]
			}
			all := res.P[row] + noise
			without[box] = append(without[box], (all-pairs-float64(math.Sqrt2*others))/(1-share)-noise)
			row++
		}
	}
	res.Err = abundance.Errors(without)
	return res, without, nil
}

// cutOut copies the points of a sub-box from contrast to part, 0 elsewhere, and
// returns their share of the mesh.
func cutOut(pool *par.Pool, lay fft.Layout, part, contrast []float64, box int) (share float64) {
	m := lay.N
	third := func(i int) int { return 3 * i / m }
	pool.For(m, func(x int) {
		for y := range m {
			row, to := contrast[lay.Index(x, y, 0):][:m], part[lay.Index(x, y, 0):][:m]
			for z, v := range row {
				to[z] = 0
				if (third(x)*3+third(y))*3+third(z) == box {
					to[z] = v
				}
			}
		}
	})
	share = 1
	for _, wanted := range [3]int{box / 9, box / 3 % 3, box % 3} {
		n := 0
		for i := range m {
			if third(i) == wanted {
				n++
			}
		}
		share *= float64(n) / float64(m)
	}
	return share
}
