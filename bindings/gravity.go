package bindings

import (
	"fmt"
	"math"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/cosmology"
)

// gravityValue is the value behind a Lua gravity: a kind and what decides it. The
// factor μ itself may depend on the cosmology it is used with.
type gravityValue struct {
	kind  string // the function of the module that made it
	beta  float64
	mass  float64                  // of yukawa, h/Mpc
	scale cosmology.ScaleDependent // yukawa's law, else nil
	table *cosmology.Table         // of table and from, else nil
}

// Describe is how errors name it.
func (g *gravityValue) Describe() string {
	switch {
	case g.table != nil:
		return fmt.Sprintf("gravity.%s: %s", g.kind, g.table.Name())
	case g.scale != nil:
		return fmt.Sprintf("gravity.yukawa{ beta = %g, mass = %g }", g.beta, g.mass)
	}
	return fmt.Sprintf("gravity.%s(%g)", g.kind, g.beta)
}

// FingerprintValue is what a task that captures it depends on.
func (g *gravityValue) FingerprintValue() (string, error) { return g.Describe(), nil }

// carry makes it for another state.
func (g *gravityValue) carry(s *Session, _ *lua.LFunction) lua.LValue { return newGravity(s.l, g) }

// settings adds what decides it to those of a simulation. A table is one however
// it was made.
func (g *gravityValue) settings(of map[string]any) {
	switch {
	case g.table != nil:
		of["gravity"] = g.table.Name()
	case g.scale != nil:
		of["gravity"], of["beta"], of["mass"] = g.kind, g.beta, g.mass
	default:
		of["gravity"], of["beta"] = g.kind, g.beta
	}
}

// cosmology is the one that the gravity is used in: evolving_g acts through the
// radiation, so it turns that on, for its baseline too.
func (g *gravityValue) cosmology(p cosmology.Params) cosmology.Params {
	if g.kind == "evolving_g" && p.OmegaR == 0 {
		return p.WithRadiation()
	}
	return p
}

// of is μ in a cosmology.
func (g *gravityValue) of(p cosmology.Params) cosmology.Gravity {
	switch {
	case g.table != nil:
		return g.table
	case g.scale != nil:
		return g.scale
	case g.kind == "evolving_g":
		return cosmology.EvolvingG(g.beta, p)
	}
	return cosmology.Constant(g.beta)
}

// newGravity makes the Lua value.
func newGravity(l *lua.LState, g *gravityValue) lua.LValue {
	u := l.NewUserData()
	u.Value = g
	u.Metatable = spec.Type{Name: "gravity"}.Metatable(l)
	return u
}

func pushGravity(c *spec.Call, g *gravityValue) []lua.LValue { return []lua.LValue{newGravity(c.L, g)} }

// gravityModule names the conventions for β.
func (s *Session) gravityModule() spec.Module {
	beta := []spec.Arg{{Name: "beta", Kind: spec.Number, Doc: "strength β; 0 is general relativity"}}
	return spec.Module{
		Name: "gravity",
		Doc:  "Modified gravity: the right side of the Poisson equation is multiplied by μ(k, a).",
		Funcs: []spec.Func{
			{
				Name: "gravity.constant", Doc: "A scale-free fifth force, μ = 1 + β.", Args: beta, Returns: "a gravity",
				Call: func(c *spec.Call) []lua.LValue {
					if c.Float("beta") <= -1 {
						c.Fail("beta", fmt.Sprintf("must be above -1, where gravity ends, got %g", c.Float("beta")), "")
					}
					return pushGravity(c, &gravityValue{kind: "constant", beta: c.Float("beta")})
				},
			},
			{
				Name: "gravity.evolving_g",
				Doc:  "μ = 1 − β f(z) with f = Ω_r(z) / (Ω_r(z) + Ω_m(z)): gravity that evolved with the radiation. It turns the cosmology's radiation on.",
				Args: beta, Returns: "a gravity",
				Call: func(c *spec.Call) []lua.LValue {
					return pushGravity(c, &gravityValue{kind: "evolving_g", beta: c.Float("beta")})
				},
			},
			{
				Name: "gravity.yukawa", Named: true,
				Doc: "A fifth force of range 1/mass: μ = 1 + 2β² k² / (k² + a² mass²), k comoving. β² = 1/6 is the strength of f(R) gravity. " +
					"FastPM's factors take the growth of k → 0, where there is no fifth force; steps uniform in ln a follow the crossing of the range best.",
				Args: []spec.Arg{
					{Name: "beta", Kind: spec.Number, Doc: "coupling β; its sign does not matter"},
					{Name: "mass", Kind: spec.Positive, Doc: "h/Mpc; a massless field is gravity.constant(2 * beta^2)"},
				},
				Returns: "a gravity", Example: `local fr = gravity.yukawa { beta = math.sqrt(1 / 6), mass = 0.1 }`,
				Call: func(c *spec.Call) []lua.LValue {
					law, err := cosmology.Yukawa(c.Float("beta"), c.Float("mass"))
					c.Check(err)
					return pushGravity(c, &gravityValue{kind: "yukawa", beta: c.Float("beta"), mass: c.Float("mass"), scale: law})
				},
			},
			{
				Name: "gravity.table",
				Doc: "μ(a) through given points: between them a monotone cubic in ln a (Fritsch & Butland 1984), which stays between two neighbours. " +
					"The points must reach from z_start (a = 1/(1 + z_start)) to today (a = 1).",
				Args:    []spec.Arg{{Name: "points", Kind: spec.Table, Doc: "a list of { a, mu }, a rising, at least two"}},
				Returns: "a gravity", Example: `local late = gravity.table { { 0.02, 1 }, { 0.5, 1 }, { 1, 1.1 } }`,
				Call: func(c *spec.Call) []lua.LValue {
					a, mu := gravityPoints(c)
					table, err := cosmology.NewTable(a, mu)
					checkCosmology(c, err)
					return pushGravity(c, &gravityValue{kind: "table", table: table})
				},
			},
			{
				Name: "gravity.from",
				Doc: "μ(a) by a Lua function. It is called once for each half percent of a, from a = 1/(1 + z_max) to 1 in rising order, and never again: " +
					"simulations take the table of these values, as gravity.table does.",
				First: []spec.Arg{{Name: "mu", Kind: spec.Function, Doc: "function(a) that returns μ, positive"}},
				Named: true,
				Args:  []spec.Arg{{Name: "z_max", Kind: spec.Positive, Default: 199.0, Doc: "the largest z_start that the gravity can be used with"}},

				Returns: "a gravity", Example: `local late = gravity.from(function(a) return 1 + 0.1 * a ^ 3 end)`,
				Call: func(c *spec.Call) []lua.LValue {
					fn := c.Function("mu")
					table, err := cosmology.SampleTable(1/(1+c.Float("z_max")), func(a float64) (float64, error) {
						return sampleMu(c, fn, a), nil
					})
					checkCosmology(c, err)
					return pushGravity(c, &gravityValue{kind: "from", table: table})
				},
			},
		},
	}
}

// gravityPoints reads the rows of gravity.table.
func gravityPoints(c *spec.Call) (a, mu []float64) {
	rows := c.LuaTable("points")
	for i := 1; i <= rows.Len(); i++ {
		row, ok := rows.RawGetInt(i).(*lua.LTable)
		if !ok || row.Len() != 2 {
			c.Fail(fmt.Sprintf("points[%d]", i), "must be { a, mu }, got "+spec.Describe(rows.RawGetInt(i)), "")
		}
		for j, to := range []*[]float64{&a, &mu} {
			x, err := spec.Number.Check(row.RawGetInt(j + 1))
			if err != nil {
				c.Fail(fmt.Sprintf("points[%d][%d]", i, j+1), err.Error(), "")
			}
			*to = append(*to, x.(float64))
		}
	}
	return a, mu
}

// sampleMu calls a script's μ(a). It raises an error that names the sample unless
// the result is a positive number.
func sampleMu(c *spec.Call, fn *lua.LFunction, a float64) float64 {
	c.L.Push(fn)
	c.L.Push(lua.LNumber(a))
	c.L.Call(1, 1)
	v := c.L.Get(-1)
	c.L.Pop(1)
	mu, ok := v.(lua.LNumber)
	if x := float64(mu); !ok || !(x > 0) || math.IsInf(x, 0) {
		c.Fail("mu", fmt.Sprintf("must return a positive number, got %s at a = %.6g (z = %.4g)", spec.Describe(v), a, 1/a-1),
			"where it is not defined so early, lower z_max; it need not exceed z_start")
	}
	return float64(mu)
}
