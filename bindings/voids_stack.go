package bindings

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/voids"
)

func (s *Session) thresholdFunc(sim spec.Arg) spec.Func {
	return spec.Func{
		Name: "voids.threshold", Named: true, First: []spec.Arg{sim},
		Doc: "Voids by the older method, for comparison: connected regions of mesh cells whose smoothed density contrast is below a threshold, periodic, joined through faces. " +
			"It bounds the density of cells where voids.spherical bounds the mean of a sphere, so that the two differ at the same threshold. A region that spans the box is no void and is warned about.",
		Args: []spec.Arg{
			{Name: "threshold", Kind: spec.Inside(-1, 0), Default: -0.7, Doc: "density contrast below which a cell is void"},
			{Name: "smoothing", Kind: spec.NonNegative, Optional: true, Doc: "radius of the filter, Mpc/h, 0 for none; default the mean distance of particles"},
			{Name: "filter", Kind: spec.OneOf(string(voids.TopHat), string(voids.Gaussian)), Default: string(voids.TopHat), Doc: "tophat: a sphere of that radius; gaussian: that standard deviation"},
			{Name: "mesh", Kind: spec.EvenSize, Optional: true, Doc: "points per side; default the force mesh"},
			{Name: "min_cells", Kind: spec.AtLeast(1), Default: 1, Doc: "smaller regions are left out and counted"},
		},
		Returns: "a table of arrays x, y, z (means of the cells), radius (of a sphere of the volume, Mpc/h), cells, depth and percolates (1 or 0), by falling volume, and the numbers count, small and filled (share of the box below the threshold)",
		Example: `local found = voids.threshold(sim, { threshold = -0.7, smoothing = 4 })`,
		Call: func(c *spec.Call) []lua.LValue {
			m := c.Value("sim").(*simulation)
			opt := voids.ThresholdOptions{
				Box: m.cfg.Box, Mesh: m.cfg.Mesh, Threshold: c.Float("threshold"), Smoothing: m.spacing(),
				Filter: voids.Filter(c.String("filter")), MinCells: c.Int("min_cells"),
			}
			if c.Has("mesh") {
				opt.Mesh = c.Int("mesh")
			}
			if c.Has("smoothing") {
				opt.Smoothing = c.Float("smoothing")
			}
			s.useKernel("voids")
			found, err := voids.Threshold(s.host.Context(), s.host.Pool(), s.ready(c, m).Positions(), opt)
			s.checkStopped(c, err)
			for _, w := range found.Warnings {
				s.host.Warn("voids.threshold: %s", w)
			}
			n := len(found.List)
			x, y, z, radius, depth := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
			cells, percolates := make([]float64, n), make([]float64, n)
			for i, v := range found.List {
				x[i], y[i], z[i], radius[i], depth[i], cells[i] = v.X, v.Y, v.Z, v.Radius, v.Depth, float64(v.Cells)
				if v.Percolates {
					percolates[i] = 1
				}
			}
			t := columns(c.L, column{"x", x}, column{"y", y}, column{"z", z}, column{"radius", radius}, column{"depth", depth},
				column{"cells", cells}, column{"percolates", percolates})
			all := float64(opt.Mesh)
			t.RawSetString("count", lua.LNumber(n))
			t.RawSetString("small", lua.LNumber(found.Small))
			t.RawSetString("filled", lua.LNumber(float64(found.Cells)/(all*all*all)))
			return []lua.LValue{t}
		},
	}
}

func (s *Session) profileFunc(sim spec.Arg) spec.Func {
	return spec.Func{
		Name: "voids.profile", Named: true,
		First: []spec.Arg{sim, {Name: "catalogue", Kind: spec.Table, Doc: "as voids.spherical or voids.threshold returns it"}},
		Doc:   "The mean density contrast around voids by distance, from the particles: each void counts the same.",
		Args: []spec.Arg{
			{Name: "from", Kind: spec.NonNegative, Default: 0.0, Doc: "first edge, in radii of each void or Mpc/h"},
			{Name: "to", Kind: spec.Positive, Default: 3.0, Doc: "last edge, at most half the box for the largest void"},
			{Name: "bins", Kind: spec.Int(1, 1000), Default: 30, Doc: "of equal width"},
			{Name: "scaled", Kind: spec.Bool, Default: true, Doc: "whether distances are in units of each void's radius; false: Mpc/h"},
			{Name: "errors", Kind: spec.OneOf("voids", "boxes"), Default: "boxes", Doc: "voids: the standard error, as if they were independent; boxes: the jackknife over 27 sub-boxes"},
			{Name: "min_radius", Kind: spec.Positive, Optional: true, Doc: "voids of at least this radius only, Mpc/h"},
			{Name: "max_radius", Kind: spec.Positive, Optional: true, Doc: "voids below this radius only, Mpc/h"},
		},
		Returns: "a table of arrays r (middles), contrast, err (of shells), outer (outer edges), enclosed, enclosed_err (within outer) and counts, and the number count of voids; with errors = boxes also jackknife, for stats.difference",
		Example: `local p = voids.profile(sim, found, { to = 3, bins = 30 })`,
		Call: func(c *spec.Call) []lua.LValue {
			m := c.Value("sim").(*simulation)
			var list []voids.Void
			for i, v := range readCatalogue(c, "catalogue", c.LuaTable("catalogue"), "x", "y", "z", "radius") {
				if !(v.Radius > 0) {
					c.Fail("catalogue.radius", fmt.Sprintf("must be positive, got %g at [%d]", v.Radius, i+1), "")
				}
				if v.Radius >= c.Float("min_radius") && !(c.Has("max_radius") && v.Radius >= c.Float("max_radius")) {
					if last := c.Float("to") * v.Radius; c.Bool("scaled") && last > m.cfg.Box/2 {
						c.Fail("to", fmt.Sprintf("must keep the profile within half the box, got %g * %.4g Mpc/h > %g Mpc/h", c.Float("to"), v.Radius, m.cfg.Box/2),
							"max_radius leaves the largest voids out")
					}
					list = append(list, v)
				}
			}
			s.useKernel("voids")
			p, err := voids.Stack(s.host.Context(), s.host.Pool(), s.ready(c, m).Positions(), list, voids.StackOptions{
				Box: m.cfg.Box, From: c.Float("from"), To: c.Float("to"), Bins: c.Int("bins"), Scaled: c.Bool("scaled"), Jackknife: c.String("errors") == "boxes",
			})
			s.checkStopped(c, err)
			counts := make([]float64, len(p.Counts))
			for i, n := range p.Counts {
				counts[i] = float64(n)
			}
			t := columns(c.L, column{"r", p.R}, column{"contrast", p.Contrast}, column{"err", p.Err}, column{"outer", append([]float64(nil), p.Edges[1:]...)},
				column{"enclosed", p.Enclosed}, column{"enclosed_err", p.EnclosedErr}, column{"counts", counts})
			if p.Without != nil {
				leftOut{over: "r", what: "boxes", used: p.Occupied,
					curves: []curveRows{{"contrast", p.Without}, {"enclosed", p.WithoutEnclosed}}}.add(c.L, t)
			}
			t.RawSetString("count", lua.LNumber(p.Voids))
			return []lua.LValue{t}
		},
	}
}

// meanProfileFunc pools the profiles of several realizations.
func meanProfileFunc() spec.Func {
	return spec.Func{
		Name: "voids.mean_profile",
		Doc: "The mean of the profiles of several realizations, each void counted the same, with the jackknife error that leaves out one realization at a time. " +
			"Of a single profile it is that profile, with its own errors.",
		Args:    []spec.Arg{{Name: "list", Kind: spec.Table, Doc: "of what voids.profile returned, in the same bins"}},
		Returns: "a table of arrays r, contrast, err, outer, enclosed, enclosed_err and jackknife, and the numbers count (of all voids) and n (of realizations)",
		Example: `local p = voids.mean_profile { voids.profile(one, voids_of_one), voids.profile(two, voids_of_two) }`,
		Call: func(c *spec.Call) []lua.LValue {
			t := meanCurves(c, "r", "count", [][2]string{{"contrast", "err"}, {"enclosed", "enclosed_err"}}, "outer")
			if list := c.LuaTable("list"); list.Len() > 1 {
				var count lua.LNumber
				for i := 1; i <= list.Len(); i++ {
					count += list.RawGetInt(i).(*lua.LTable).RawGetString("count").(lua.LNumber) // checked as the weight
				}
				t.RawSetString("count", count)
			}
			return []lua.LValue{t}
		},
	}
}
