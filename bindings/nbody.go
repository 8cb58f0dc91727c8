package bindings

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime/debug"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/cosmology"
	"runlua/kernels/fmath"
	"runlua/kernels/grid"
	"runlua/kernels/nbody"
)

// nbodyModule is the particle-mesh simulation, and direct summation (direct.go).
func (s *Session) nbodyModule() spec.Module {
	return spec.Module{
		Name: "nbody",
		Doc:  "Particle-mesh simulations of dark matter in a periodic box, and isolated systems by direct summation.",
		Funcs: append([]spec.Func{{
			Name: "nbody.new", Named: true,
			Doc: "A simulation at z_start. Initial conditions are made when they are first needed, so that a resumed one skips them. " +
				"By default they are normalised at z_start by the growth of general relativity: every gravity starts from the same particles.",
			Args: []spec.Arg{
				{Name: "cosmology", Kind: spec.UserData[*cosmologyValue]("a cosmology"), Optional: true, Doc: "as cosmology.planck2018() makes it, the default"},
				{Name: "gravity", Kind: spec.UserData[*gravityValue]("a gravity"), Optional: true, Doc: "as gravity.constant(beta) makes it; default general relativity"},
				{Name: "spectrum", Kind: spectrumKind, Optional: true, Doc: "as cosmology.spectrum reads it; default Eisenstein & Hu 1998 with wiggles"},
				{Name: "box", Kind: spec.Positive, Doc: "comoving side, Mpc/h"},
				{Name: "particles", Kind: spec.EvenSize, Doc: "particles per side"},
				{Name: "mesh", Kind: spec.EvenSize, Optional: true, Doc: "cells of the force mesh per side; default 2 * particles"},
				{Name: "seed", Kind: spec.Seed, Doc: "of the random phases: below 2^53, or a string"},
				{Name: "z_start", Kind: spec.Positive, Default: 49.0, Doc: "redshift of the initial conditions"},
				{Name: "order", Kind: spec.OneOf("2lpt", "zeldovich"), Default: "2lpt", Doc: "of the initial displacements"},
				{Name: "normalise", Kind: spec.OneOf(nbody.AtZStart, nbody.BySigma8, nbody.ByAs), Default: nbody.AtZStart,
					Doc: "what is the same for every gravity: the particles at z_start, by the growth of general relativity; the linear P(k) today, by each gravity's own growth; or the primordial amplitude, by its growth from the radiation era (the cosmology needs radiation)"},
				{Name: "fixed", Kind: spec.Bool, Default: false, Doc: "whether each mode has exactly the amplitude of the spectrum, its phase alone being random (Angulo & Pontzen 2016)"},
				{Name: "phase", Kind: spec.Number, Default: 0.0, Doc: "radians added to the phase of each mode; math.pi is the paired box, −δ exactly"},
				{Name: "gradient", Kind: spec.OneOf(nbody.Difference, nbody.Spectral), Default: nbody.Difference, Doc: "of the potential; spectral is for smooth fields"},
				precisionArg,
			},
			Returns: "a simulation",
			Example: `local sim = nbody.new { box = 256, particles = 64, seed = 1 }`,
			Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{s.newSimulation(c)} },
		}, s.fromParticlesFunc(), s.readGadgetFunc()}, s.directFuncs()...),
		Types: []spec.Type{s.simulationType(), s.systemType()},
	}
}

// simulation is the value behind a Lua simulation.
type simulation struct {
	cfg      nbody.Config
	settings map[string]any                // what decides it, as plain data
	sim      *nbody.Sim                    // nil until the initial conditions are needed
	history  string                        // digest of its evolves so far
	load     func(c *spec.Call) *nbody.Sim // brings given particles; nil: they are drawn

	// A view, which record and on_step get, shares sim with the simulation that
	// evolves, until they return or it is evolved on its own.
	view, over bool
}

// spacing is the mean distance of particles, Mpc/h.
func (m *simulation) spacing() float64 {
	if m.load != nil {
		return m.cfg.Box / fmath.Cbrt(float64(m.cfg.Count))
	}
	return m.cfg.Box / float64(m.cfg.Particles)
}

// Describe is how errors name it.
func (m *simulation) Describe() string {
	if m.load != nil {
		return fmt.Sprintf("a simulation of %d given particles", m.cfg.Count)
	}
	return fmt.Sprintf("a simulation of %d³ particles", m.cfg.Particles)
}

func (s *Session) newSimulation(c *spec.Call) lua.LValue {
	cosmo, ok := c.Value("cosmology").(*cosmologyValue)
	if !ok {
		cosmo = &cosmologyValue{params: cosmology.Planck2018()}
	}
	g, ok := c.Value("gravity").(*gravityValue)
	if !ok {
		g = &gravityValue{kind: "constant"}
	}
	params := g.cosmology(cosmo.params)
	particles, mesh := c.Int("particles"), c.Int("mesh")
	if mesh == 0 {
		mesh = 2 * particles
	}
	order := map[string]int{"zeldovich": 1, "2lpt": 2}[c.String("order")]
	m := &simulation{
		cfg: nbody.Config{
			Cosmology: params, Gravity: g.of(params), Box: c.Float("box"), Particles: particles, Mesh: mesh,
			Seed: seedOf(c.Value("seed")), ZStart: c.Float("z_start"), Order: order, Gradient: c.String("gradient"), Precision: c.String("precision"),
			FixedAmplitude: c.Bool("fixed"), Phase: c.Float("phase"), Normalise: c.String("normalise"), Pool: s.simulationPool(particles, mesh),
		},
		settings: map[string]any{
			"cosmology": paramsTable(params), "box": c.Float("box"),
			"particles": float64(particles), "mesh": float64(mesh), "seed": fmt.Sprint(c.Value("seed")),
			"z_start": c.Float("z_start"), "order": c.String("order"), "gradient": c.String("gradient"),
		},
	}
	g.settings(m.settings)
	precisionSetting(c, m.settings)
	if c.Bool("fixed") { // absent is the default, as it was before there was a choice
		m.settings["fixed"] = true
	}
	if c.Float("phase") != 0 {
		m.settings["phase"] = c.Float("phase")
	}
	if c.String("normalise") != nbody.AtZStart {
		m.settings["normalise"] = c.String("normalise")
	}
	if linear, ok := c.Value("spectrum").(*spectrumValue); ok {
		linear.fits(c, params)
		m.cfg.Spectrum = linear.table
		m.settings["spectrum"] = linear.table.Digest()
	}
	checkParam(c, m.cfg.Validate())
	model, err := cosmology.New(params)
	checkCosmology(c, err)
	checkCosmology(c, model.CheckGravity(m.cfg.Gravity, 1/(1+m.cfg.ZStart)))
	s.useKernel("nbody")
	u := c.L.NewUserData()
	u.Value = m
	u.Metatable = s.simulationType().Metatable(c.L)
	return u
}

// checkParam raises a kernel's error; one about a parameter in the form of the
// bindings' own.
func checkParam(c *spec.Call, err error) {
	var p *nbody.ParamError
	if errors.As(err, &p) {
		c.Fail(p.Param, p.Rule+", got "+p.Got, p.Hint)
	}
	c.Check(err)
}

// ready returns the kernel's simulation, with its initial conditions made. That
// of a view must not be changed; its momenta may stand half a step before its
// positions.
func (s *Session) ready(c *spec.Call, m *simulation) *nbody.Sim {
	if m.over {
		c.Raise("the simulation that record and on_step are called with is theirs until they return", "return what is needed of it as the row, or keep arrays such as sim:positions()")
	}
	if m.sim == nil && m.load != nil {
		m.sim = m.load(c)
		releaseMemory(m.cfg)
	}
	if m.sim == nil {
		sim, err := nbody.New(s.host.Context(), m.cfg)
		if err != nil && s.host.Context().Err() != nil {
			s.checkStopped(c, err)
		}
		checkParam(c, err)
		m.sim = sim
		releaseMemory(m.cfg)
	}
	return m.sim
}

// precisionArg is the same wherever a simulation is made.
var precisionArg = spec.Arg{Name: "precision", Kind: spec.OneOf(nbody.Single, nbody.Double), Default: nbody.Single,
	Doc: "of particles and mesh; double takes twice the memory and half as long again, and its P(k) differs by some 1e-6"}

// precisionSetting is part of what decides a simulation; absent is double, as it was
// before there was a choice.
func precisionSetting(c *spec.Call, settings map[string]any) {
	if p := c.String("precision"); p != nbody.Double {
		settings["precision"] = p
	}
}

// releaseMemory gives back what making the particles of a large simulation took and
// nothing needs any more: the next collection could wait for as much again.
func releaseMemory(cfg nbody.Config) {
	const large = 32 << 20
	if snapshotSize(cfg) >= large {
		debug.FreeOSMemory()
	}
}

func selfSimulation(c *spec.Call) *simulation {
	if u, ok := c.Self.(*lua.LUserData); ok {
		if m, ok := u.Value.(*simulation); ok {
			return m
		}
	}
	c.Raise("must be called on a simulation, got "+spec.Describe(c.Self), "write sim:method(…)")
	return nil
}

func (s *Session) simulationType() spec.Type {
	number := func(name, doc string, f func(sim *nbody.Sim) float64) spec.Func {
		return spec.Func{Name: "sim:" + name, Doc: doc, Returns: "a number",
			Call: func(c *spec.Call) []lua.LValue { return []lua.LValue{lua.LNumber(f(s.ready(c, selfSimulation(c))))} }}
	}
	return spec.Type{
		Name: "sim",
		Doc:  "A simulation, as nbody.new makes it.",
		Methods: []spec.Func{
			{
				Name: "sim:evolve", Named: true,
				Doc: "Takes the simulation to another redshift. Inside a task it is saved as it goes and taken up where it was interrupted.",
				Args: []spec.Arg{
					{Name: "to", Kind: spec.Number, Default: 0.0, Doc: "final redshift"},
					{Name: "steps", Kind: spec.AtLeast(1), Doc: "number of steps: 20 to 40 with fastpm, 100 or more with quinn"},
					{Name: "stepper", Kind: spec.OneOf(string(nbody.FastPM), string(nbody.Quinn)), Default: string(nbody.FastPM), Doc: "factors of kick and drift"},
					{Name: "spacing", Kind: spec.OneOf(string(nbody.UniformA), string(nbody.UniformLnA)), Default: string(nbody.UniformA), Doc: "steps uniform in a or in ln a"},
					{Name: "label", Kind: spec.String, Default: "evolution", Doc: "of the progress bar"},
					{Name: "record", Kind: spec.Function, Optional: true, Doc: "function(sim) that returns a row; the rows are saved with the snapshots and returned. sim is for the time of the call"},
					{Name: "every", Kind: spec.AtLeast(1), Default: 1, Doc: "steps between rows; the last step has one always"},
					{Name: "on_step", Kind: spec.Function, Optional: true, Doc: "function(sim, step), for display only"},
					{Name: "checkpoint_every", Kind: spec.AtLeast(1), Optional: true, Doc: "steps between snapshots; default --checkpoint-every"},
				},
				Returns: "the list of rows that record returned",
				Example: `sim:evolve { to = 0, steps = 40 }`,
				Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{s.evolve(c, selfSimulation(c))} },
			},
			number("z", "Current redshift.", (*nbody.Sim).Z),
			number("a", "Current scale factor.", (*nbody.Sim).A),
			number("count", "Number of particles.", func(sim *nbody.Sim) float64 { return float64(sim.N()) }),
			number("box", "Comoving side, Mpc/h.", func(sim *nbody.Sim) float64 { return sim.Config().Box }),
			{
				Name: "sim:linear_modes",
				Doc: "The modes of the linear density contrast from which the simulation starts, at z_start: of the wave vector 2π/box (i, j, k), δ = re + i im. " +
					"Boxes of the same side, seed and spectrum share them whatever their number of particles, bit for bit. Of k and −k, conjugates, one is listed.",
				Args:    []spec.Arg{{Name: "limit", Kind: spec.AtLeast(1), Default: 1, Doc: "the largest |i|, |j|, |k|; below particles/2"}},
				Returns: "an array of shape n × 5, rows i, j, k, re, im",
				Call: func(c *spec.Call) []lua.LValue {
					m := selfSimulation(c)
					if m.load != nil {
						c.Raise("must be called on a simulation that nbody.new made, got "+m.Describe(),
							"its modes were drawn by the program that made the particles; power.spectrum measures what it holds")
					}
					modes, err := nbody.LinearModes(m.cfg, c.Int("limit"))
					checkParam(c, err)
					return []lua.LValue{NewArray(c.L, modes, []int{len(modes) / 5, 5})}
				},
			},
			{
				Name: "sim:positions", Doc: "A copy of the comoving positions, Mpc/h.", Returns: "an array of shape n × 3",
				Call: func(c *spec.Call) []lua.LValue {
					sim := s.ready(c, selfSimulation(c))
					return []lua.LValue{NewArray(c.L, append([]float64(nil), sim.Positions()...), []int{sim.N(), 3})}
				},
			},
			{
				Name: "sim:velocities", Doc: "The peculiar velocities a dx/dt, km/s, at the time of the positions.", Returns: "an array of shape n × 3",
				Call: func(c *spec.Call) []lua.LValue {
					sim, err := s.ready(c, selfSimulation(c)).Synchronised()
					c.Check(err)
					v := append([]float64(nil), sim.Momenta()...)
					for i := range v {
						v[i] = v[i] / sim.A() * 100
					}
					return []lua.LValue{NewArray(c.L, v, []int{sim.N(), 3})}
				},
			},
			{
				Name: "sim:energy", Doc: "Kinetic and potential energy a particle of unit mass, (km/s)².", Returns: "a table { kinetic, potential }",
				Call: func(c *spec.Call) []lua.LValue {
					e, err := s.ready(c, selfSimulation(c)).Energies()
					c.Check(err)
					t := c.L.NewTable()
					t.RawSetString("kinetic", lua.LNumber(e.Kinetic*1e4))
					t.RawSetString("potential", lua.LNumber(e.Potential*1e4))
					return []lua.LValue{t}
				},
			},
			{
				Name: "sim:slice", Named: true,
				Doc: "The density of a slab across the box, projected along an axis, in units of the mean.",
				Args: []spec.Arg{
					{Name: "axis", Kind: spec.OneOf("x", "y", "z"), Default: "z", Doc: "to project along"},
					{Name: "from", Kind: spec.NonNegative, Default: 0.0, Doc: "where the slab begins, Mpc/h"},
					{Name: "thickness", Kind: spec.Positive, Optional: true, Doc: "of the slab, Mpc/h; default a sixteenth of the box"},
					{Name: "pixels", Kind: spec.Int(4, 4096), Optional: true, Doc: "per side; default the force mesh"},
				},
				Returns: "an array of shape pixels × pixels; rows are the second of the other two axes",
				Call: func(c *spec.Call) []lua.LValue {
					m := selfSimulation(c)
					sim := s.ready(c, m)
					thickness, pixels := m.cfg.Box/16, m.cfg.Mesh
					if c.Has("thickness") {
						thickness = c.Float("thickness")
					}
					if c.Has("pixels") {
						pixels = c.Int("pixels")
					}
					axis := map[string]int{"x": 0, "y": 1, "z": 2}[c.String("axis")]
					data, err := grid.Project(sim.Positions(), m.cfg.Box, axis, c.Float("from"), thickness, pixels)
					c.Check(err)
					return []lua.LValue{NewArray(c.L, data, []int{pixels, pixels})}
				},
			},
			s.accelerationsFunc(),
			s.writeGadgetFunc(),
		},
	}
}

// viewOf is m as record and on_step see it. No force is computed for it: the
// momenta are brought to the time of the positions when they are asked for.
func viewOf(c *spec.Call, m *simulation) (v lua.LValue, end func()) {
	view := &simulation{cfg: m.cfg, settings: m.settings, sim: m.sim, load: m.load, history: m.history + " in a callback", view: true}
	u := c.L.NewUserData()
	u.Value = view
	u.Metatable = c.Self.(*lua.LUserData).Metatable
	return u, func() { view.over = view.view }
}

// evolve runs the steps of one evolution of a simulation.
func (s *Session) evolve(c *spec.Call, m *simulation) lua.LValue {
	if m.view {
		own, err := s.ready(c, m).Synchronised()
		c.Check(err)
		m.sim, m.view = own, false
	}
	stepper, spacing := nbody.Stepper(c.String("stepper")), nbody.Spacing(c.String("spacing"))
	schedule := func() *nbody.Evolution {
		e, err := s.ready(c, m).Schedule(c.Float("to"), c.Int("steps"), stepper, spacing)
		checkParam(c, err)
		return e
	}
	var run *nbody.Evolution
	w := &stepping{
		caller: "sim:evolve", label: c.String("label"), total: int64(c.Int("steps")),
		settings: map[string]any{
			"simulation": m.settings, "history": m.history, "to": c.Float("to"), "steps": float64(c.Int("steps")), "stepper": string(stepper),
			"spacing": string(spacing), "every": float64(c.Int("every")),
		},
		size:  snapshotSize(m.cfg),
		every: c.Int("checkpoint_every"),
		step: func(ctx context.Context) error {
			if run == nil {
				run = schedule()
			}
			return run.Step(ctx)
		},
		save: func(w io.Writer) error { return s.ready(c, m).MarshalState(w) },
		restore: func(r io.Reader) error {
			sim, err := nbody.Restore(m.cfg, r)
			if err == nil {
				m.sim, run = sim, nil
			}
			return err
		},
		detail: func() string {
			z := m.cfg.ZStart
			if m.sim != nil {
				z = m.sim.Z()
			}
			return fmt.Sprintf("z=%.2f", math.Abs(z))
		},
		record: c.Function("record"), recordEvery: int64(c.Int("every")),
		onStep: c.Function("on_step"),
		view:   func() (lua.LValue, func()) { return viewOf(c, m) },
	}
	rows := s.advance(c.L, w)
	m.history = settingsDigest(w.settings)
	return rows
}

// snapshotSize is about what a snapshot of a simulation takes, bytes.
func snapshotSize(cfg nbody.Config) int64 {
	n := int64(cfg.Particles)
	count, each := n*n*n, int64(48)
	if cfg.Given != "" {
		count = int64(cfg.Count)
	}
	if cfg.Precision == nbody.Single {
		each = 24
	}
	return each*count + 4096
}
