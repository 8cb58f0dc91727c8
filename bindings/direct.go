package bindings

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/direct"
)

// directFuncs are the part of module nbody for isolated systems, by direct
// summation.
func (s *Session) directFuncs() []spec.Func {
	g := spec.Arg{Name: "G", Kind: spec.Positive, Default: 1.0, Doc: "of the units in use, as nbody.units gives it; 1 in N-body units"}
	return []spec.Func{
		{
			Name: "nbody.direct", Named: true,
			Doc: "An isolated system of point masses at time 0, for direct summation: every particle feels every other one, so that a step takes a time that grows as n². " +
				"Units are the script's own: those of G.",
			Args: []spec.Arg{
				{Name: "positions", Kind: arrayLike, Doc: "of n particles, an array of shape n × 3"},
				{Name: "velocities", Kind: arrayLike, Doc: "an array of shape n × 3"},
				{Name: "masses", Kind: arrayLike, Doc: "n numbers"},
				{Name: "softening", Kind: spec.NonNegative, Default: 0.0, Doc: "Plummer's: the potential of a pair is -G m1 m2 / sqrt(r² + softening²)"},
				g,
				{Name: "precision", Kind: spec.OneOf(direct.Precisions...), Default: string(direct.Double), Doc: "of the forces; single takes less than half the time and errs by some 1e-7 of a force: for many particles with a softening"},
			},
			Returns: "a system",
			Example: `local system = nbody.direct(nbody.plummer { n = 1000, seed = 1 })`,
			Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{s.newSystem(c)} },
		},
		{
			Name: "nbody.plummer", Named: true,
			Doc: "The particles of a random Plummer sphere in equilibrium (Aarseth, Hénon & Wielen 1974), its centre of mass at rest in the origin, as nbody.direct takes them. " +
				"By default in standard N-body units: G = 1, mass 1, energy -1/4.",
			Args: []spec.Arg{
				{Name: "n", Kind: spec.Int(2, maxArray/3), Doc: "particles, of equal mass"},
				{Name: "seed", Kind: spec.Seed, Doc: "below 2^53, or a string"},
				{Name: "mass", Kind: spec.Positive, Default: 1.0, Doc: "of all particles together"},
				{Name: "scale", Kind: spec.Positive, Default: direct.StandardScale, Doc: "Plummer's radius; default 3 pi / 16"},
				g,
			},
			Returns: "a table { positions, velocities, masses, G }; softening may be added to it",
			Example: `local sphere = nbody.plummer { n = 1000, seed = 1 }`,
			Call: func(c *spec.Call) []lua.LValue {
				p := direct.Plummer{N: c.Int("n"), Seed: seedOf(c.Value("seed")), Mass: c.Float("mass"), Scale: c.Float("scale"), G: c.Float("G")}
				checkDirect(c, p.Validate())
				s.useKernel("direct")
				pos, vel, mass := p.Draw()
				return []lua.LValue{particleTable(c, pos, vel, mass, p.G)}
			},
		},
		{
			Name: "nbody.two_body", Named: true,
			Doc: "Two bodies on an ellipse in the x-y plane, their centre of mass at rest in the origin, as nbody.direct takes them. " +
				"At pericentre the second body stands on the x axis and goes in positive y.",
			Args: []spec.Arg{
				{Name: "masses", Kind: arrayLike, Doc: "of the two bodies"},
				{Name: "semi_major", Kind: spec.Positive, Default: 1.0, Doc: "semi-major axis of the relative orbit"},
				{Name: "eccentricity", Kind: spec.Number, Default: 0.0, Doc: "at least 0 and below 1"},
				{Name: "mean_anomaly", Kind: spec.Number, Default: 0.0, Doc: "where they stand: 2 pi times the part of a period since pericentre"},
				g,
			},
			Returns: "a table { positions, velocities, masses, G }, and the period",
			Example: `local bodies, period = nbody.two_body { masses = { 1, 0.5 }, eccentricity = 0.3 }`,
			Call: func(c *spec.Call) []lua.LValue {
				mass := c.Value("masses").(*Array)
				if len(mass.Shape) != 1 || len(mass.Data) != 2 {
					c.Fail("masses", "must be two numbers, got "+mass.Describe(), "")
				}
				o := direct.Orbit{Masses: [2]float64(mass.Data), SemiMajor: c.Float("semi_major"), Eccentricity: c.Float("eccentricity"), G: c.Float("G")}
				checkDirect(c, o.Validate())
				s.useKernel("direct")
				pos, vel := o.At(c.Float("mean_anomaly"))
				return []lua.LValue{particleTable(c, pos, vel, slices.Clone(mass.Data), o.G), lua.LNumber(o.Period())}
			},
		},
		unitsFunc(),
	}
}

func unitsFunc() spec.Func {
	return spec.Func{
		Name: "nbody.units", Named: true,
		Doc: "A consistent system of units: of a length, a mass, and either a velocity or a time. " +
			"From the nominal solar mass parameter, 1.3271244e20 m³/s², the parsec and the Julian year.",
		Args: []spec.Arg{
			{Name: "length", Kind: spec.OneOf(direct.Lengths...), Default: "kpc", Doc: "unit of length"},
			{Name: "mass", Kind: spec.OneOf(direct.Masses...), Default: "1e10 Msun", Doc: "unit of mass"},
			{Name: "velocity", Kind: spec.OneOf(direct.Velocities...), Optional: true, Doc: "unit of velocity; the default if there is no time"},
			{Name: "time", Kind: spec.OneOf(direct.Times...), Optional: true, Doc: "unit of time, instead of a velocity"},
		},
		Returns: "a table { G, time_in_myr, velocity_in_km_s }: G in these units, and what one unit of time and of velocity is",
		Example: `local G = nbody.units { length = "kpc", mass = "1e10 Msun", velocity = "km/s" }.G`,
		Call: func(c *spec.Call) []lua.LValue {
			if c.Has("velocity") && c.Has("time") {
				c.Fail("time", "must not be given beside a velocity", "one of them follows from the other and the length")
			}
			var u direct.Units
			if c.Has("time") {
				u = direct.UnitsByTime(c.String("length"), c.String("mass"), c.String("time"))
			} else {
				u = direct.UnitsByVelocity(c.String("length"), c.String("mass"), direct.Velocities[0])
			}
			t := c.L.NewTable()
			t.RawSetString("G", lua.LNumber(u.G))
			t.RawSetString("time_in_myr", lua.LNumber(u.Myr))
			t.RawSetString("velocity_in_km_s", lua.LNumber(u.KmPS))
			return []lua.LValue{t}
		},
	}
}

// particleTable is what nbody.direct takes.
func particleTable(c *spec.Call, pos, vel, mass []float64, g float64) lua.LValue {
	t := c.L.NewTable()
	t.RawSetString("positions", NewArray(c.L, pos, []int{len(mass), 3}))
	t.RawSetString("velocities", NewArray(c.L, vel, []int{len(mass), 3}))
	t.RawSetString("masses", NewArray(c.L, mass, nil))
	t.RawSetString("G", lua.LNumber(g))
	return t
}

// isolated is the value behind a Lua system.
type isolated struct {
	cfg direct.Config // where it began
	sys *direct.System
}

// Describe is how errors name it.
func (m *isolated) Describe() string {
	return fmt.Sprintf("a system of %d particles", m.sys.N())
}

// checkDirect raises the kernel's error; one about a parameter in the form of
// the bindings' own.
func checkDirect(c *spec.Call, err error) {
	var p *direct.ParamError
	if errors.As(err, &p) {
		c.Fail(p.Param, p.Rule+", got "+p.Got, p.Hint)
	}
	c.Check(err)
}

func (s *Session) newSystem(c *spec.Call) lua.LValue {
	mass := c.Value("masses").(*Array)
	if len(mass.Shape) != 1 {
		c.Fail("masses", "must be a list of numbers, got "+mass.Describe(), "")
	}
	n := len(mass.Data)
	cfg := direct.Config{Masses: mass.Data, Softening: c.Float("softening"), G: c.Float("G"), Precision: direct.Precision(c.String("precision")), Pool: s.host.Pool()}
	rows := func(name string) []float64 {
		a := c.Value(name).(*Array)
		if !slices.Equal(a.Shape, []int{n, 3}) {
			c.Fail(name, fmt.Sprintf("must have the shape %s, three numbers for each of the masses, got %s", shapeText([]int{n, 3}), a.Describe()), "")
		}
		return a.Data
	}
	cfg.Positions, cfg.Velocities = rows("positions"), rows("velocities")
	sys, err := direct.New(cfg)
	checkDirect(c, err)
	s.useKernel("direct")
	return s.systemValue(c.L, &isolated{cfg: sys.Config(), sys: sys})
}

func (s *Session) systemValue(l *lua.LState, m *isolated) lua.LValue {
	u := l.NewUserData()
	u.Value = m
	u.Metatable = s.systemType().Metatable(l)
	return u
}

func selfSystem(c *spec.Call) *isolated {
	if u, ok := c.Self.(*lua.LUserData); ok {
		if m, ok := u.Value.(*isolated); ok {
			return m
		}
	}
	c.Raise("must be called on a system, got "+spec.Describe(c.Self), "write system:method(…)")
	return nil
}

func (s *Session) systemType() spec.Type {
	method := func(name, doc, returns string, f func(c *spec.Call, sys *direct.System) lua.LValue) spec.Func {
		return spec.Func{Name: "system:" + name, Doc: doc, Returns: returns,
			Call: func(c *spec.Call) []lua.LValue { return []lua.LValue{f(c, selfSystem(c).sys)} }}
	}
	particles := func(c *spec.Call, x []float64) lua.LValue {
		return NewArray(c.L, slices.Clone(x), []int{len(x) / 3, 3})
	}
	vector := func(c *spec.Call, v [3]float64) lua.LValue { return NewArray(c.L, v[:], nil) }
	return spec.Type{
		Name: "system",
		Doc:  "An isolated system, as nbody.direct makes it.",
		Methods: []spec.Func{
			{
				Name: "system:evolve", Named: true,
				Doc: "Takes the system to another time, later or earlier, by a leapfrog with a constant step. Inside a task it is saved as it goes and taken up where it was interrupted.",
				Args: []spec.Arg{
					{Name: "to", Kind: spec.Number, Optional: true, Doc: "final time"},
					{Name: "time", Kind: spec.Number, Optional: true, Doc: "how long to go on, instead of to; below 0 goes back"},
					{Name: "dt", Kind: spec.Positive, Optional: true, Doc: "length of a step: a whole number of them must fill the time"},
					{Name: "steps", Kind: spec.AtLeast(1), Optional: true, Doc: "number of steps, instead of dt"},
					{Name: "label", Kind: spec.String, Default: "evolution", Doc: "of the progress bar"},
					{Name: "record", Kind: spec.Function, Optional: true, Doc: "function(system) that returns a row; the rows are saved with the snapshots and returned"},
					{Name: "every", Kind: spec.AtLeast(1), Default: 1, Doc: "steps between rows; the last step has one always"},
					{Name: "on_step", Kind: spec.Function, Optional: true, Doc: "function(system, step), for display only"},
					{Name: "checkpoint_every", Kind: spec.AtLeast(1), Optional: true, Doc: "steps between snapshots; default --checkpoint-every"},
				},
				Returns: "the list of rows that record returned",
				Example: `system:evolve { time = 10, dt = 0.01 }`,
				Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{s.evolveSystem(c, selfSystem(c))} },
			},
			method("time", "Current time; a new system's is 0.", "a number", func(_ *spec.Call, sys *direct.System) lua.LValue { return lua.LNumber(sys.Time()) }),
			method("count", "Number of particles.", "a number", func(_ *spec.Call, sys *direct.System) lua.LValue { return lua.LNumber(sys.N()) }),
			method("positions", "A copy of the positions.", "an array of shape n × 3", func(c *spec.Call, sys *direct.System) lua.LValue { return particles(c, sys.Positions()) }),
			method("velocities", "A copy of the velocities, at the time of the positions.", "an array of shape n × 3", func(c *spec.Call, sys *direct.System) lua.LValue { return particles(c, sys.Velocities()) }),
			method("masses", "A copy of the masses.", "an array", func(c *spec.Call, sys *direct.System) lua.LValue {
				return NewArray(c.L, slices.Clone(sys.Masses()), nil)
			}),
			method("energy", "Kinetic, potential and total energy.", "a table { kinetic, potential, total }", func(c *spec.Call, sys *direct.System) lua.LValue {
				e := s.systemEnergy(c, sys)
				t := c.L.NewTable()
				t.RawSetString("kinetic", lua.LNumber(e.Kinetic))
				t.RawSetString("potential", lua.LNumber(e.Potential))
				t.RawSetString("total", lua.LNumber(e.Total()))
				return t
			}),
			method("virial_ratio", "2 T / |W| with W the sum of m x·a over the particles, which without softening is the potential energy: 1 in equilibrium.", "a number",
				func(c *spec.Call, sys *direct.System) lua.LValue {
					r := s.systemEnergy(c, sys).VirialRatio()
					if math.IsNaN(r) || math.IsInf(r, 0) {
						c.Raise("has no value where no particle is pulled by another", "")
					}
					return lua.LNumber(r)
				}),
			method("momentum", "The sum of m v.", "an array of 3 numbers", func(c *spec.Call, sys *direct.System) lua.LValue { return vector(c, sys.Momentum()) }),
			method("angular_momentum", "The sum of m x × v, about the origin.", "an array of 3 numbers", func(c *spec.Call, sys *direct.System) lua.LValue { return vector(c, sys.AngularMomentum()) }),
			{
				Name:    "system:lagrangian_radii",
				Doc:     "The radii about the centre of mass that hold the given fractions of the mass: each that of the particle with which the fraction is reached.",
				Args:    []spec.Arg{{Name: "fractions", Kind: spec.Numbers, Doc: "from 0 to 1"}},
				Returns: "an array", Example: "local half = system:lagrangian_radii({ 0.5 })[1]",
				Call: func(c *spec.Call) []lua.LValue {
					fractions := c.Floats("fractions")
					for i, f := range fractions {
						if !(f >= 0 && f <= 1) {
							c.Fail("fractions", fmt.Sprintf("must be from 0 to 1, got %v at [%d]", f, i+1), "")
						}
					}
					radii := selfSystem(c).sys.LagrangianRadii(fractions)
					if len(radii) > 0 && math.IsNaN(radii[0]) {
						c.Raise("needs particles with mass", "")
					}
					return newArrayResult(c, radii, nil)
				},
			},
		},
	}
}

// systemEnergy sums over all pairs; it raises why the run stops, if it does.
func (s *Session) systemEnergy(c *spec.Call, sys *direct.System) direct.Energy {
	e, err := sys.Energy(s.host.Context())
	s.checkStopped(c, err)
	return e
}

// span reads the end of an evolution and its number of steps.
func span(c *spec.Call, now float64) (end float64, steps int) {
	switch {
	case c.Has("to") && c.Has("time"):
		c.Fail("time", "must not be given beside to", "")
	case c.Has("to"):
		end = c.Float("to")
	case c.Has("time"):
		end = now + c.Float("time")
	default:
		c.Raise("to or time is required: final time, or how long to go on", "")
	}
	switch {
	case c.Has("dt") && c.Has("steps"):
		c.Fail("steps", "must not be given beside dt", "")
	case c.Has("steps"):
		return end, c.Int("steps")
	case !c.Has("dt"):
		c.Raise("dt or steps is required: length of a step, or their number", "")
	}
	span, dt := math.Abs(end-now), c.Float("dt")
	n := math.Round(span / dt)
	// A decimal dt is itself off by a rounding, and so is the time it fills: a
	// millionth of a step is left for that.
	if n < 1 || n > 1<<53 || math.Abs(float64(n*dt)-span) > 1e-6*dt {
		hint := ""
		if more := math.Ceil(span / dt); more >= 1 && more < 1<<53 {
			hint = fmt.Sprintf("steps = %.0f makes steps of %s", more, strconv.FormatFloat(span/more, 'g', 6, 64))
		}
		c.Fail("dt", fmt.Sprintf("must fill the time %s with a whole number of steps, got %s",
			strconv.FormatFloat(span, 'g', 10, 64), strconv.FormatFloat(dt, 'g', -1, 64)), hint)
	}
	return end, int(n)
}

// evolveSystem runs the steps of one evolution of a system.
func (s *Session) evolveSystem(c *spec.Call, m *isolated) lua.LValue {
	end, steps := span(c, m.sys.Time())
	run, err := m.sys.Schedule(end, int64(steps)) // refuses what can't be
	checkDirect(c, err)
	now := m.cfg
	now.Positions, now.Velocities = m.sys.Positions(), m.sys.Velocities()
	w := &stepping{
		caller: "system:evolve", label: c.String("label"), total: int64(steps),
		settings: map[string]any{
			"system": m.cfg.Digest(), "now": now.Digest(), "from": m.sys.Time(), "to": end, "steps": float64(steps), "every": float64(c.Int("every")),
		},
		size:  m.sys.StateSize() + 256,
		every: c.Int("checkpoint_every"),
		step: func(ctx context.Context) error {
			if run == nil || m.sys.Evolution() != run {
				return errors.New("record or on_step evolved the system itself")
			}
			return run.Step(ctx)
		},
		save: func(w io.Writer) error { return m.sys.MarshalState(w) },
		restore: func(r io.Reader) error {
			sys, err := direct.Restore(m.cfg, r)
			if err == nil {
				m.sys, run = sys, sys.Evolution()
			}
			return err
		},
		detail: func() string { return fmt.Sprintf("t=%.4g", m.sys.Time()) },
		record: c.Function("record"), recordEvery: int64(c.Int("every")),
		onStep: c.Function("on_step"),
		view: func() (lua.LValue, func()) {
			return s.systemValue(c.L, &isolated{cfg: m.cfg, sys: m.sys.Copy()}), func() {}
		},
	}
	return s.advance(c.L, w)
}
