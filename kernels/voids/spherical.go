package voids

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"runlua/kernels/fft"
	"runlua/kernels/grid"
	"runlua/kernels/par"
)

// A Void is a sphere of low density. Lengths are in Mpc/h.
type Void struct {
	X, Y, Z float64 // centre, a point of the mesh
	Radius  float64 // where the enclosed contrast is the threshold, Eq. (5)
	Depth   float64 // mesh contrast at the centre, smoothed over Ladder
	Ladder  float64 // radius of the ladder at which it was found
	Limit   float64 // next larger radius of the ladder, where its refinement starts
	Inside  int     // particles within Radius; 0 where not refined
}

// A Catalogue holds the voids of one box and what they were found with.
type Catalogue struct {
	Voids     []Void // in the order found: by falling Ladder, then by depth
	Dropped   int    // candidates of the mesh without a radius by Eq. (5)
	Box       float64
	Mesh      int
	Threshold float64
	Particles int
	Radii     []float64 // the ladder, descending
	Warnings  []string  // what to tell the reader of the catalogue; often none
}

// VoidRadii returns the voids' radii in the catalogue's order.
func (c *Catalogue) VoidRadii() []float64 {
	out := make([]float64, len(c.Voids))
	for i, v := range c.Voids {
		out[i] = v.Radius
	}
	return out
}

// Spherical finds the voids among particles by the two stages of the package
// comment. positions holds x0 y0 z0 x1 …, Mpc/h, in [0, Box), and is not
// changed. A box without voids gives an empty catalogue and no error.
//
// It looks at ctx before each radius of the ladder and while refining, and
// returns its error if it is done.
func Spherical(ctx context.Context, pool *par.Pool, positions []float64, opt Options) (*Catalogue, error) {
	radii, err := opt.ladder()
	if err != nil {
		return nil, err
	}
	if err := checkPositions(positions, opt.Box); err != nil {
		return nil, err
	}
	n := len(positions) / 3
	found, err := onMesh(ctx, pool, positions, radii, opt)
	if err != nil {
		return nil, err
	}
	cat := &Catalogue{
		Box: opt.Box, Mesh: opt.Mesh, Threshold: opt.Threshold,
		Particles: n, Radii: radii, Warnings: opt.warnings(radii, n),
	}
	if opt.Unrefined {
		cat.Voids = found
		return cat, nil
	}
	refined, err := refine(ctx, pool, positions, found, opt.Box, opt.Threshold)
	if err != nil {
		return nil, err
	}
	cat.Dropped = refined.Missed
	for i, v := range found {
		if refined.Found[i] {
			v.Radius, v.Inside = refined.Radii[i], refined.Inside[i]
			cat.Voids = append(cat.Voids, v)
		}
	}
	return cat, nil
}

// onMesh is the first stage: the voids at their ladder radii.
func onMesh(ctx context.Context, pool *par.Pool, positions, radii []float64, opt Options) ([]Void, error) {
	plan, err := fft.NewReal3(opt.Mesh, pool)
	if err != nil {
		return nil, fmt.Errorf("voids: mesh: %w", err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	modes := plan.NewMesh()
	if err := contrast(pool, modes, plan.Layout(), positions, opt.Box); err != nil {
		return nil, err
	}
	plan.Forward(modes)

	var (
		smoothed = plan.NewMesh()
		taken    = newExclusion(opt.Mesh)
		cell     = opt.Box / float64(opt.Mesh)
		limit    = limits(radii)
		found    []Void
		centres  []centre
	)
	for i, r := range radii {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		smooth(plan, smoothed, modes, opt.Box, r)
		candidates := selectCells(pool, plan.Layout(), smoothed, opt.Threshold, taken, centres, r/cell)
		for _, c := range candidates {
			if taken.at(c.index) {
				continue
			}
			here := taken.coordinates(c.index)
			here.radius = r / cell
			centres = append(centres, here)
			found = append(found, Void{
				X: float64(here.x) * cell, Y: float64(here.y) * cell, Z: float64(here.z) * cell,
				Radius: r, Depth: c.contrast, Ladder: r, Limit: limit[i],
			})
			taken.mark(here, r/cell, 0, opt.Mesh)
		}
	}
	return found, nil
}

// A candidate is a cell below the threshold; index = (x·M + y)·M + z.
type candidate struct {
	contrast float64
	index    int
}

// selectCells returns the cells below the threshold whose distance to each of
// the centres obeys Eq. (3) for a void of the given radius (in cells), deepest
// first, and leaves in taken the cells that do not.
func selectCells(pool *par.Pool, lay fft.Layout, mesh []float64, threshold float64, taken *exclusion, centres []centre, radius float64) []candidate {
	m := lay.N
	planes := make([][]candidate, m)
	pool.For(m, func(x int) {
		taken.clear(x)
		for _, c := range centres {
			taken.mark(c, radius, x, x+1)
		}
		var list []candidate
		for y := range m {
			row := mesh[lay.Index(x, y, 0):][:m]
			first := (x*m + y) * m
			for z, d := range row {
				if d < threshold && !taken.at(first+z) {
					list = append(list, candidate{d, first + z})
				}
			}
		}
		planes[x] = list
	})
	all := slices.Concat(planes...)
	slices.SortFunc(all, func(a, b candidate) int {
		if c := cmp.Compare(a.contrast, b.contrast); c != 0 {
			return c
		}
		return cmp.Compare(a.index, b.index)
	})
	return all
}

// contrast deposits the particles on the mesh as δ = ρ/ρ̄ − 1.
func contrast(pool *par.Pool, mesh []float64, lay fft.Layout, positions []float64, box float64) error {
	g, err := grid.New(lay, box, pool)
	if err != nil {
		return fmt.Errorf("voids: %w", err)
	}
	if err := g.Contrast(mesh, positions); err != nil {
		return fmt.Errorf("voids: %w", err)
	}
	return nil
}
