package bindings

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/cosmology"
)

// gravityValue is the value behind a Lua gravity: a kind and its β. The factor μ
// itself may depend on the cosmology it is used with.
type gravityValue struct {
	kind string // "constant" or "evolving_g"
	beta float64
}

// Describe is how errors name it.
func (g *gravityValue) Describe() string { return fmt.Sprintf("gravity.%s(%g)", g.kind, g.beta) }

// FingerprintValue is what a task that captures it depends on.
func (g *gravityValue) FingerprintValue() (string, error) { return g.Describe(), nil }

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
	if g.kind == "evolving_g" {
		return cosmology.EvolvingG(g.beta, p)
	}
	return cosmology.Constant(g.beta)
}

// gravityModule names the conventions for β.
func (s *Session) gravityModule() spec.Module {
	beta := []spec.Arg{{Name: "beta", Kind: spec.Number, Doc: "strength β; 0 is general relativity"}}
	make := func(kind string) func(c *spec.Call) []lua.LValue {
		return func(c *spec.Call) []lua.LValue {
			if kind == "constant" && c.Float("beta") <= -1 {
				c.Fail("beta", fmt.Sprintf("must be above -1, where gravity ends, got %g", c.Float("beta")), "")
			}
			u := c.L.NewUserData()
			u.Value = &gravityValue{kind, c.Float("beta")}
			u.Metatable = spec.Type{Name: "gravity"}.Metatable(c.L)
			return []lua.LValue{u}
		}
	}
	return spec.Module{
		Name: "gravity",
		Doc:  "Modified gravity: the right side of the Poisson equation is multiplied by μ(a).",
		Funcs: []spec.Func{
			{Name: "gravity.constant", Doc: "A scale-free fifth force, μ = 1 + β.", Args: beta, Returns: "a gravity", Call: make("constant")},
			{Name: "gravity.evolving_g",
				Doc:  "μ = 1 − β f(z) with f = Ω_r(z) / (Ω_r(z) + Ω_m(z)): gravity that evolved with the radiation. It turns the cosmology's radiation on.",
				Args: beta, Returns: "a gravity", Call: make("evolving_g")},
		},
	}
}
