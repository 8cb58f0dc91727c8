package bindings

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/abundance"
	"runlua/kernels/cosmology"
	"runlua/kernels/halos"
)

// halosModule finds groups of particles and compares their numbers with theory.
func (s *Session) halosModule() spec.Module {
	bins := []spec.Arg{
		{Name: "edges", Kind: spec.Numbers, Optional: true, Doc: "of the bins, ascending, 1e10 Msun/h; or from, to and bins"},
		{Name: "from", Kind: spec.Positive, Optional: true, Doc: "lowest edge, 1e10 Msun/h"},
		{Name: "to", Kind: spec.Positive, Optional: true, Doc: "highest edge, 1e10 Msun/h"},
		{Name: "bins", Kind: spec.Int(1, 1000), Optional: true, Doc: "bins from from to to, even in ln M; default 12"},
	}
	return spec.Module{
		Name: "halos",
		Doc:  "Friends-of-friends groups of a simulation's particles, their mass function and that of theory. Masses are in 1e10 Msun/h.",
		Funcs: []spec.Func{
			{
				Name: "halos.fof", Named: true,
				Doc:   "Finds groups: particles linked by steps of at most b mean separations. The largest come first.",
				First: []spec.Arg{{Name: "sim", Kind: spec.UserData[*simulation]("a simulation"), Doc: "as nbody.new makes it"}},
				Args: []spec.Arg{
					{Name: "b", Kind: spec.Between(0.01, 1), Default: 0.2, Doc: "linking length in mean separations"},
					{Name: "min", Kind: spec.AtLeast(2), Default: 20, Doc: "fewest particles of a group"},
					{Name: "correct", Kind: spec.OneOf("none", "warren"), Default: "none", Doc: "warren: masses of N (1 − N^−0.6) particles, to go with the model warren"},
					{Name: "velocities", Kind: spec.Bool, Default: false, Doc: "adds the arrays vx, vy, vz and dispersion (along one dimension), km/s"},
				},
				Returns: "a table of arrays x, y, z (centre of mass, Mpc/h), mass, count and radius (rms, Mpc/h), and the numbers groups, particle_mass and linking_length",
				Example: `local found = halos.fof(sim, { b = 0.2, min = 20 })`,
				Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{s.findHalos(c)} },
			},
			{
				Name: "halos.mass_function", Named: true,
				Doc:     "The number density of groups by mass, dn/dlnM.",
				Args:    append(sizesArgs("mass", "1e10 Msun/h", "halos.fof"), bins...),
				Returns: "a table of arrays mass (the middle of each bin), counts, density, err ((h/Mpc)³) and edges; of catalogues also jackknife, for stats.ratio",
				Example: `local f = halos.mass_function { catalogues = { found }, box = 256, from = 100, to = 10000 }`,
				Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{s.massFunction(c)} },
			},
			{
				Name: "halos.theory", Named: true,
				Doc: "The mass function dn/dlnM of theory or of a fit to simulations, of a linear spectrum and its growth under a gravity: at masses, or as means over bins, which counts in wide bins are to be compared with.",
				Args: append(append(linearArgs(), []spec.Arg{
					{Name: "z", Kind: spec.Between(0, 1000), Default: 0.0, Doc: "redshift"},
					{Name: "model", Kind: spec.OneOf(string(halos.PressSchechter), string(halos.ShethTormen), string(halos.Jenkins), string(halos.Warren)),
						Default: string(halos.Warren), Doc: "jenkins and warren are fits to groups of b = 0.2"},
					{Name: "mass", Kind: spec.Numbers, Optional: true, Doc: "1e10 Msun/h; or bins, as for halos.mass_function"},
				}...), bins...),
				Returns: "a table of arrays mass, density ((h/Mpc)³), sigma (rms of the linear density), nu (1.686/sigma) and f (share of the matter per unit of ln 1/sigma)",
				Example: `local curve = halos.theory { cosmology = cosmology.planck2018(), z = 0, model = "warren", edges = counted.edges }`,
				Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{s.halosOfTheory(c)} },
			},
		},
	}
}

func (s *Session) findHalos(c *spec.Call) lua.LValue {
	m := c.Value("sim").(*simulation)
	s.useKernel("halos")
	sim := s.ready(c, m)
	box, n := sim.Config().Box, sim.N()
	opt := halos.Options{Box: box, B: c.Float("b"), Min: c.Int("min")}
	if c.Bool("velocities") {
		now, err := sim.Synchronised()
		c.Check(err)
		opt.Velocities = append([]float64(nil), now.Momenta()...)
		for i := range opt.Velocities {
			opt.Velocities[i] = opt.Velocities[i] / now.A() * 100
		}
	}
	found, err := halos.Find(s.host.Context(), s.host.Pool(), sim.Positions(), opt)
	s.checkStopped(c, err)
	if found.Wide > 0 {
		s.host.Warn("halos.fof: %d of %d groups reach half a box from one of their particles, so their centres and radii mean nothing: take a smaller b or a larger box",
			found.Wide, len(found.Groups))
	}
	particle := halos.ParticleMass(sim.Config().Cosmology.OmegaM, box, n)
	field := func(name string, f func(g halos.Group) float64) column {
		data := make([]float64, len(found.Groups))
		for i, g := range found.Groups {
			data[i] = f(g)
		}
		return column{name, data}
	}
	list := []column{
		field("x", func(g halos.Group) float64 { return g.X }),
		field("y", func(g halos.Group) float64 { return g.Y }),
		field("z", func(g halos.Group) float64 { return g.Z }),
		field("mass", func(g halos.Group) float64 {
			if c.String("correct") == "warren" {
				return particle * halos.Corrected(g.Count)
			}
			return particle * float64(g.Count)
		}),
		field("count", func(g halos.Group) float64 { return float64(g.Count) }),
		field("radius", func(g halos.Group) float64 { return g.Radius }),
	}
	if opt.Velocities != nil {
		for axis, name := range [3]string{"vx", "vy", "vz"} {
			list = append(list, field(name, func(g halos.Group) float64 { return g.Velocity[axis] }))
		}
		list = append(list, field("dispersion", func(g halos.Group) float64 { return g.Dispersion }))
	}
	t := columns(c.L, list...)
	t.RawSetString("groups", lua.LNumber(len(found.Groups)))
	t.RawSetString("particle_mass", lua.LNumber(particle))
	t.RawSetString("linking_length", lua.LNumber(found.Length))
	return t
}

// massEdges reads edges, or from, to and bins; nil if there is neither.
func massEdges(c *spec.Call) []float64 {
	even := c.Has("from") || c.Has("to") || c.Has("bins")
	switch {
	case c.Has("edges") && even:
		c.Raise("takes either edges or from, to and bins", "")
	case c.Has("edges"):
		return c.Floats("edges")
	case !even:
		return nil
	case !c.Has("from") || !c.Has("to"):
		c.Raise("takes from and to together", "bins may be left out")
	}
	bins := 12
	if c.Has("bins") {
		bins = c.Int("bins")
	}
	edges, err := abundance.LogEdges(c.Float("from"), c.Float("to"), bins)
	c.Check(err)
	return edges
}

func (s *Session) massFunction(c *spec.Call) lua.LValue {
	edges := massEdges(c)
	if edges == nil {
		c.Raise("takes edges, or from and to", "")
	}
	s.useKernel("halos")
	var f *halos.MassFunction
	var without [][]float64
	var err error
	from := readSizes(c, "mass")
	if from.samples != nil {
		f, without, err = halos.CountJackknife(from.samples, edges)
	} else {
		f, err = halos.Count(from.all, edges, from.volume)
	}
	c.Check(err)
	return withCounts(c, "mass", f.M, f.Counts, f.DnDlnM, f.Err, f.Edges, from, without)
}

func (s *Session) halosOfTheory(c *spec.Call) lua.LValue {
	edges := massEdges(c)
	if c.Has("mass") == (edges != nil) {
		c.Raise("takes either mass, or edges, or from and to", "")
	}
	s.useKernel("cosmology")
	s.useKernel("halos")
	linear := readLinearTheory(c)
	a := 1 / (1 + c.Float("z"))
	spectrum, growth := linear.spectrum, 1.0
	var err error
	if linear.gravity != nil {
		spectrum, err = linear.model.Evolved(spectrum, linear.gravity, 1/(1+linear.zStart), a)
		checkCosmology(c, err)
	} else {
		gr, err := linear.model.Growth(cosmology.GR())
		c.Check(err)
		growth = gr.D(a)
	}
	theory, err := halos.NewTheory(linear.params.OmegaM, spectrum, growth, halos.Fit(c.String("model")))
	c.Check(err)
	for _, mass := range append(append([]float64(nil), edges...), c.Floats("mass")...) {
		if mass > 0 {
			linear.checkCovers(c, halos.LagrangeRadius(linear.params.OmegaM, mass), fmt.Sprintf("a mass of %g", mass))
		}
	}
	var points []halos.Point
	if edges != nil {
		points, err = theory.Mean(edges)
		c.Check(err)
	}
	for _, mass := range c.Floats("mass") {
		p, err := theory.At(mass)
		if err != nil {
			// The kernel's message begins with the argument's name, as Fail wants.
			c.Raise(strings.TrimPrefix(err.Error(), "halos: "), "masses are in 1e10 Msun/h")
		}
		points = append(points, p)
	}
	field := func(name string, f func(p halos.Point) float64) column {
		data := make([]float64, len(points))
		for i, p := range points {
			data[i] = f(p)
		}
		return column{name, data}
	}
	return columns(c.L,
		field("mass", func(p halos.Point) float64 { return p.M }),
		field("density", func(p halos.Point) float64 { return p.DnDlnM }),
		field("sigma", func(p halos.Point) float64 { return p.Sigma }),
		field("nu", func(p halos.Point) float64 { return p.Nu }),
		field("f", func(p halos.Point) float64 { return p.F }),
	)
}
