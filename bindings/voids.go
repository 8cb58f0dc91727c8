package bindings

import (
	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/voids"
	"runlua/progress"
)

// voidsModule finds voids and measures their sizes.
func (s *Session) voidsModule() spec.Module {
	sim := spec.Arg{Name: "sim", Kind: spec.UserData[*simulation]("a simulation"), Doc: "as nbody.new makes it"}
	threshold := spec.Arg{Name: "threshold", Kind: spec.Inside(-1, 0), Default: -0.7, Doc: "density contrast within a void"}
	return spec.Module{
		Name: "voids",
		Doc:  "Voids in a simulation's particles: finders, sizes, profiles, and the size function of theory.",
		Funcs: []spec.Func{
			{
				Name: "voids.spherical", Named: true, First: []spec.Arg{sim},
				Doc: "Finds voids: spheres that do not overlap, deepest first for each radius from large to small, refined to where the particles' enclosed density is the threshold.",
				Args: []spec.Arg{
					threshold,
					{Name: "mesh", Kind: spec.EvenSize, Optional: true, Doc: "points per side; default the force mesh"},
					{Name: "radii", Kind: spec.Numbers, Optional: true, Doc: "the ladder of radii, Mpc/h; default from three cells in steps of 8 %"},
					{Name: "refine", Kind: spec.OneOf("particles", "none"), Default: "particles", Doc: "how radii are refined"},
				},
				Returns: "a table of arrays x, y, z, radius, limit (Mpc/h) and depth, and the numbers count and dropped",
				Example: `local found = voids.spherical(sim, { threshold = -0.7 })`,
				Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{s.findVoids(c)} },
			},
			{
				Name: "voids.refine", Named: true,
				Doc:   "The radii around the centres of a catalogue in another simulation: what resolves effects far under a percent.",
				First: []spec.Arg{sim, {Name: "catalogue", Kind: spec.Table, Doc: "as voids.spherical returns it"}},
				Args: []spec.Arg{
					threshold,
				},
				Returns: "a table: radius (0 where there is none), found (1 or 0), and the number missed",
				Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{s.refineVoids(c)} },
			},
			s.thresholdFunc(sim),
			s.profileFunc(sim),
			meanProfileFunc(),
			s.sizeFunctionFunc(),
			s.cumulativeFunc(),
			s.theoryFunc(),
		},
	}
}

func (s *Session) findVoids(c *spec.Call) lua.LValue {
	m := c.Value("sim").(*simulation)
	mesh := m.cfg.Mesh
	if c.Has("mesh") {
		mesh = c.Int("mesh")
	}
	s.useKernel("voids")
	// A search takes seconds: it has a bar, and no lines where there are no bars.
	var bar *progress.Bar
	defer func() { bar.Close() }()
	found, err := voids.Spherical(s.host.Context(), s.host.Pool(), s.ready(c, m).Positions(), voids.Options{
		Box: m.cfg.Box, Mesh: mesh, Threshold: c.Float("threshold"), Radii: c.Floats("radii"), Unrefined: c.String("refine") == "none",
		Progress: func(done, total int) {
			if bar == nil {
				bar = s.host.Board().Open(progress.Spec{Label: "voids", Total: int64(total), Unit: "radius", Spoken: true})
			}
			bar.Set(int64(done), "")
		},
	})
	s.checkStopped(c, err)
	for _, w := range found.Warnings {
		s.host.Warn("voids.spherical: %s", w)
	}
	n := len(found.Voids)
	x, y, z, radius, limit, depth := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for i, v := range found.Voids {
		x[i], y[i], z[i], radius[i], limit[i], depth[i] = v.X, v.Y, v.Z, v.Radius, v.Limit, v.Depth
	}
	t := columns(c.L, column{"x", x}, column{"y", y}, column{"z", z}, column{"radius", radius}, column{"limit", limit}, column{"depth", depth})
	t.RawSetString("count", lua.LNumber(n))
	t.RawSetString("dropped", lua.LNumber(found.Dropped))
	return t
}

func (s *Session) refineVoids(c *spec.Call) lua.LValue {
	m := c.Value("sim").(*simulation)
	list := readCatalogue(c, "catalogue", c.LuaTable("catalogue"), "x", "y", "z", "limit")
	s.useKernel("voids")
	got, err := voids.RefineAt(s.host.Context(), s.host.Pool(), s.ready(c, m).Positions(), list,
		voids.RefineOptions{Box: m.cfg.Box, Threshold: c.Float("threshold")})
	s.checkStopped(c, err)
	found := make([]float64, len(list))
	for i, ok := range got.Found {
		if ok {
			found[i] = 1
		}
	}
	t := columns(c.L, column{"radius", got.Radii}, column{"found", found})
	t.RawSetString("missed", lua.LNumber(got.Missed))
	return t
}

// readCatalogue reads the named fields of a catalogue, as voids.spherical and
// voids.threshold return it, into voids.
func readCatalogue(c *spec.Call, at string, t *lua.LTable, fields ...string) []voids.Void {
	var list []voids.Void
	for i, values := range readColumns(c, at, t, fields...) {
		if i == 0 {
			list = make([]voids.Void, len(values))
		}
		for j, x := range values {
			switch fields[i] {
			case "x":
				list[j].X = x
			case "y":
				list[j].Y = x
			case "z":
				list[j].Z = x
			case "radius":
				list[j].Radius = x
			case "limit":
				list[j].Limit = x
			}
		}
	}
	return list
}

// column is a named array of a table that a module returns.
type column struct {
	name string
	data []float64
}

func columns(l *lua.LState, list ...column) *lua.LTable {
	t := l.NewTable()
	for _, col := range list {
		t.RawSetString(col.name, NewArray(l, col.data, []int{len(col.data)}))
	}
	return t
}
