package bindings

import (
	"fmt"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/cosmology"
	"runlua/kernels/fft"
	"runlua/kernels/nbody"
)

// kms is the unit of velocity inside the kernel, Mpc/h·H0, in km/s.
const kms = 100

// fromParticlesFunc starts a simulation from arrays.
func (s *Session) fromParticlesFunc() spec.Func {
	return spec.Func{
		Name: "nbody.from_particles", Named: true,
		Doc: "A simulation that starts from particles of the script's own, all of the same mass: initial conditions from any program, a plane wave, a single point mass. " +
			"A digest of their numbers is among the settings that a snapshot must have to be taken up. " +
			"Growth under another gravity is matched to general relativity's at z.",
		Args: []spec.Arg{
			{Name: "positions", Kind: arrayLike, Doc: "comoving, Mpc/h, an array of shape n × 3; wrapped into the box"},
			{Name: "velocities", Kind: arrayLike, Optional: true, Doc: "peculiar velocities a dx/dt, km/s, an array of shape n × 3; default at rest"},
			{Name: "box", Kind: spec.Positive, Doc: "comoving side, Mpc/h"},
			{Name: "z", Kind: spec.NonNegative, Doc: "redshift of the particles"},
			{Name: "mesh", Kind: spec.EvenSize, Optional: true, Doc: "cells of the force mesh per side; default twice the particles per side"},
			{Name: "cosmology", Kind: spec.UserData[*cosmologyValue]("a cosmology"), Optional: true, Doc: "default cosmology.planck2018()"},
			{Name: "gravity", Kind: spec.UserData[*gravityValue]("a gravity"), Optional: true, Doc: "as gravity.constant(beta) makes it; default general relativity"},
			{Name: "gradient", Kind: spec.OneOf(nbody.Difference, nbody.Spectral), Default: nbody.Difference, Doc: "of the potential; spectral is for smooth fields"},
			precisionArg,
		},
		Returns: "a simulation",
		Example: `local sim = nbody.from_particles { positions = x, velocities = v, box = 256, z = 49 }`,
		Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{s.fromParticles(c)} },
	}
}

// fromParticles checks the arrays and returns their simulation.
func (s *Session) fromParticles(c *spec.Call) lua.LValue {
	positions := c.Value("positions").(*Array)
	if len(positions.Shape) != 2 || positions.Shape[1] != 3 {
		c.Fail("positions", "must have the shape n×3, got "+positions.Describe(), "array.from_columns { x, y, z } makes it of three columns")
	}
	count := positions.Shape[0]
	velocities := &Array{Data: make([]float64, 3*count), Shape: []int{count, 3}}
	if c.Has("velocities") {
		velocities = c.Value("velocities").(*Array)
	}
	if !slices.Equal(velocities.Shape, positions.Shape) {
		c.Fail("velocities", fmt.Sprintf("must have the shape of the positions, %s, got %s", shapeText(positions.Shape), velocities.Describe()), "")
	}
	checkFinite(c, "positions", positions.Data)
	checkFinite(c, "velocities", velocities.Data)
	cosmo, ok := c.Value("cosmology").(*cosmologyValue)
	if !ok {
		cosmo = &cosmologyValue{params: cosmology.Planck2018()}
	}
	g, ok := c.Value("gravity").(*gravityValue)
	if !ok {
		g = &gravityValue{kind: "constant"}
	}
	params := g.cosmology(cosmo.params)
	mesh := c.Int("mesh")
	if mesh == 0 {
		mesh = fft.NextGoodSize(2 * max(2, perSide(count)))
	}
	digests := []any{digestOfArray(c, positions), digestOfArray(c, velocities)}
	m := &simulation{
		cfg: nbody.Config{
			Cosmology: params, Gravity: g.of(params), Box: c.Float("box"), Mesh: mesh,
			ZStart: c.Float("z"), Gradient: c.String("gradient"), Precision: c.String("precision"), Pool: s.simulationPool(perSide(count), mesh),
			Given: "the arrays " + settingsDigest(digests), Count: count,
		},
		settings: map[string]any{
			"arrays": digests, "count": float64(count), "cosmology": paramsTable(params), "box": c.Float("box"),
			"mesh": float64(mesh), "z_start": c.Float("z"), "gradient": c.String("gradient"),
		},
	}
	g.settings(m.settings)
	precisionSetting(c, m.settings)
	checkParam(c, m.cfg.Validate())
	model, err := cosmology.New(params)
	checkCosmology(c, err)
	checkCosmology(c, model.CheckGravity(m.cfg.Gravity, 1/(1+m.cfg.ZStart)))
	x := slices.Clone(positions.Data)
	momenta := make([]float64, len(x))
	for i, v := range velocities.Data {
		momenta[i] = v / kms / (1 + m.cfg.ZStart)
	}
	m.load = func(c *spec.Call) *nbody.Sim {
		sim, err := nbody.NewGiven(m.cfg, x, momenta)
		x, momenta = nil, nil // they are the simulation's, or rounded by it
		checkParam(c, err)
		if count >= smallestLattice && onMesh(sim.Positions(), m.cfg.Box/float64(mesh)) {
			s.host.Warn("nbody.from_particles: the particles start on the points of the mesh of %d³, on the kinks of its weights: long waves grow too fast so, and voids come out a tenth too many; positions + %g moves them off",
				mesh, m.cfg.Box/float64(2*mesh))
		}
		return sim
	}
	s.useKernel("nbody")
	u := c.L.NewUserData()
	u.Value = m
	u.Metatable = s.simulationType().Metatable(c.L)
	return u
}

// smallestLattice is the number of particles from which standing on mesh points
// is more than chance or purpose.
const smallestLattice = 64

// checkFinite refuses rows of three numbers that hold NaN or an infinity.
func checkFinite(c *spec.Call, name string, x []float64) {
	for i, v := range x {
		if isFinite(v) == 0 {
			c.Fail(name, fmt.Sprintf("must be finite, got %v in row %d, column %d", v, i/3+1, i%3+1), "")
		}
	}
}

// digestOfArray identifies an array's shape and values.
func digestOfArray(c *spec.Call, a *Array) string {
	text, err := a.FingerprintValue()
	c.Check(err)
	return text
}

// accelerationsFunc shows the forces of a simulation.
func (s *Session) accelerationsFunc() spec.Func {
	return spec.Func{
		Name: "sim:accelerations", Named: true,
		Doc: "The force per unit mass that moves the particles, −∇φ in comoving coordinates with ∇²φ = (3/2) Ω_m H0² μ δ, as the mesh gives it: dp/dt = −∇φ/a for p = a² dx/dt. " +
			"At the particles themselves or at other places, which do not pull.",
		Args: []spec.Arg{
			{Name: "at", Kind: arrayLike, Optional: true, Doc: "places, Mpc/h, an array of shape n × 3; default the particles"},
		},
		Returns: "an array of shape n × 3, (km/s)² per Mpc/h",
		Example: `local f = sim:accelerations { at = { { 10, 20, 30 } } }`,
		Call: func(c *spec.Call) []lua.LValue {
			m := selfSimulation(c)
			var at []float64
			if c.Has("at") {
				places := c.Value("at").(*Array)
				if len(places.Shape) != 2 || places.Shape[1] != 3 {
					c.Fail("at", "must have the shape n×3, got "+places.Describe(), "")
				}
				checkFinite(c, "at", places.Data)
				at = places.Data
			}
			f, err := s.ready(c, m).Accelerations(at)
			c.Check(err)
			for i := range f {
				f[i] *= kms * kms
			}
			return []lua.LValue{NewArray(c.L, f, []int{len(f) / 3, 3})}
		},
	}
}
