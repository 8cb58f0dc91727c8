package voids

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"runlua/kernels/fft"
	"runlua/kernels/fmath"
	"runlua/kernels/par"
)

// A Filter is how Threshold smooths.
type Filter string

const (
	TopHat   Filter = "tophat"   // in spheres of the radius
	Gaussian Filter = "gaussian" // with that standard deviation
)

// ThresholdOptions of Threshold. Box, Mesh and Threshold are required.
type ThresholdOptions struct {
	Box       float64 // comoving side L of the periodic box, Mpc/h
	Mesh      int     // cells a side M: even, a product of 2, 3 and 5
	Threshold float64 // contrast below which a cell is void, -1 < t < 0
	Smoothing float64 // radius of the filter, Mpc/h, at most a quarter of the box; 0 for none
	Filter    Filter  // "" stands for TopHat
	MinCells  int     // components of fewer cells are left out and counted; 0 stands for 1
}

// A Component is a connected region of cells below the threshold.
type Component struct {
	X, Y, Z float64 // mean of its cells' positions, in [0, Box), Mpc/h
	Radius  float64 // of a sphere of its volume, Eq. (6)
	Cells   int
	Depth   float64 // the lowest smoothed contrast of its cells

	// Percolates tells that the component meets itself across the box, so that it
	// has no end and its centre no meaning.
	Percolates bool
	first      int // its cell of lowest index
}

// Components are what Threshold found.
type Components struct {
	List     []Component // by falling volume, then by the first cell's index
	Small    int         // components of fewer cells than MinCells
	Cells    int         // cells below the threshold, of all components
	Warnings []string    // what to tell the reader; often none
}

// Threshold finds the connected components of the cells whose smoothed contrast
// is below the threshold. positions holds x0 y0 z0 x1 …, Mpc/h, in [0, Box), and
// is not changed. Cells are joined through faces, periodically. A box without
// any gives an empty list and no error.
//
// It takes 4 bytes a cell and 20 a cell below the threshold beside a mesh, and
// while it smooths an eighth of a mesh.
func Threshold(ctx context.Context, pool *par.Pool, positions []float64, opt ThresholdOptions) (*Components, error) {
	if err := opt.check(); err != nil {
		return nil, err
	}
	if err := checkPositions(positions, opt.Box); err != nil {
		return nil, err
	}
	plan, err := fft.NewReal3(opt.Mesh, pool)
	if err != nil {
		return nil, fmt.Errorf("voids: %w", err)
	}
	field := plan.NewMesh()
	if err := contrast(pool, field, plan.Layout(), positions, opt.Box); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if opt.Smoothing > 0 {
		window := topHat
		if opt.Filter == Gaussian {
			window = gaussian
		}
		by := newWindows(plan, pool, opt.Box)
		plan.ConvolveWith(field, by.of(func(k float64) float64 { return window(k * opt.Smoothing) }), 1)
	}
	return components(ctx, plan.Layout(), field, opt)
}

func (opt *ThresholdOptions) check() error {
	if err := checkBox(opt.Box); err != nil {
		return err
	}
	if err := checkThreshold(opt.Threshold); err != nil {
		return err
	}
	if !(opt.Smoothing >= 0 && opt.Smoothing <= opt.Box/4) {
		return fmt.Errorf("voids: smoothing must lie from 0 to a quarter of the box (%v Mpc/h), got %v", opt.Box/4, opt.Smoothing)
	}
	if opt.Filter == "" {
		opt.Filter = TopHat
	}
	if opt.Filter != TopHat && opt.Filter != Gaussian {
		return fmt.Errorf("voids: filter must be %q or %q, got %q", TopHat, Gaussian, opt.Filter)
	}
	if opt.MinCells < 0 {
		return fmt.Errorf("voids: the least number of cells must not be negative, got %d", opt.MinCells)
	}
	return nil
}

// components labels the cells of the field and sums over each label.
func components(ctx context.Context, lay fft.Layout, field []float64, opt ThresholdOptions) (*Components, error) {
	m := lay.N
	number := make([]int32, m*m*m) // of a cell below the threshold; else -1
	var cells []int32              // their indices (x·M + y)·M + z
	for i := range number {
		number[i] = -1
		if field[lay.Index(i/(m*m), i/m%m, i%m)] < opt.Threshold {
			number[i] = int32(len(cells))
			cells = append(cells, int32(i))
		}
	}
	sets := newJoined(len(cells))
	for n, cell := range cells {
		if n%(1<<16) == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		i := int(cell)
		at := [3]int{i / (m * m), i / m % m, i % m}
		for axis, stride := range [3]int{m * m, m, 1} {
			next, across := i+stride, winding{}
			if at[axis] == m-1 {
				next, across[axis] = i-(m-1)*stride, 1
			}
			if other := number[next]; other >= 0 {
				sets.join(int32(n), other, across)
			}
		}
	}

	type sum struct {
		cells      int
		x          [3]int // of the unwound coordinates, in cells
		depth      float64
		percolates bool
	}
	sums := map[int32]*sum{} // by root, which is the component's first cell
	var roots []int32
	for n, cell := range cells {
		root, w := sets.find(int32(n))
		s := sums[root]
		if s == nil {
			s = &sum{percolates: sets.loops[root]}
			sums[root] = s
			roots = append(roots, root)
		}
		i := int(cell)
		at := [3]int{i / (m * m), i / m % m, i % m}
		for axis := range at {
			s.x[axis] += at[axis] + m*int(w[axis])
		}
		s.cells++
		s.depth = min(s.depth, field[lay.Index(at[0], at[1], at[2])])
	}
	out := &Components{Cells: len(cells)}
	cell := opt.Box / float64(m)
	for _, root := range roots {
		s := sums[root]
		if s.cells < opt.MinCells {
			out.Small++
			continue
		}
		centre := func(axis int) float64 {
			x := math.Mod(float64(s.x[axis])/float64(s.cells), float64(m))
			if x < 0 {
				x += float64(m)
			}
			if x *= cell; x >= opt.Box {
				x = 0
			}
			return x
		}
		volume := float64(s.cells) * (cell * cell * cell)
		out.List = append(out.List, Component{
			X: centre(0), Y: centre(1), Z: centre(2), Radius: fmath.Cbrt(3 * volume / (4 * math.Pi)),
			Cells: s.cells, Depth: s.depth, Percolates: s.percolates, first: int(cells[root]),
		})
	}
	slices.SortFunc(out.List, func(a, b Component) int {
		if c := cmp.Compare(b.Cells, a.Cells); c != 0 {
			return c
		}
		return cmp.Compare(a.first, b.first)
	})
	for _, c := range out.List {
		if c.Percolates {
			out.Warnings = append(out.Warnings, fmt.Sprintf(
				"a component of %.3g %% of the box spans it from side to side: its radius is no void's; lower the threshold or change the smoothing",
				100*float64(c.Cells)/float64(m*m*m)))
		}
	}
	return out, nil
}
