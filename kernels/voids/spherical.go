package voids

import (
	"context"
	"fmt"

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
	mesh, lay := plan.NewMesh(), plan.Layout()
	if err := contrast(pool, mesh, lay, positions, opt.Box); err != nil {
		return nil, err
	}
	var (
		field = plan.NewFiltered(mesh)
		by    = newWindows(plan, pool, opt.Box)
		taken = newExclusion(opt.Mesh)
		below = newCandidates(opt.Mesh, opt.Threshold)
		cell  = opt.Box / float64(opt.Mesh)
		limit = limits(radii)
		found []Void
	)
	told := func(done int) {
		if opt.Progress != nil {
			opt.Progress(done, len(radii))
		}
	}
	told(0)
	for i, r := range radii {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		field.Planes(by.topHat(r), 1, func(x int, plane []float64) {
			taken.plane(x, r/cell)
			below.look(x, plane, lay, taken)
		})
		below.deepestFirst(taken, func(c candidate) {
			here := taken.coordinates(c.index)
			here.radius = r / cell
			found = append(found, Void{
				X: float64(here.x) * cell, Y: float64(here.y) * cell, Z: float64(here.z) * cell,
				Radius: r, Depth: c.contrast, Ladder: r, Limit: limit[i],
			})
			taken.add(here, r/cell)
		})
		told(i + 1)
	}
	return found, nil
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
