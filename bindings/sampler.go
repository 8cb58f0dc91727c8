package bindings

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/diffusion"
)

// sampler is diffusion.Settings as a script holds them.
type sampler struct {
	settings diffusion.Settings
	preset   string
}

// FingerprintValue is what a task that captures a sampler is known by.
func (p *sampler) FingerprintValue() (string, error) {
	return canonicalText(p.settings.Plain()), nil
}

// carry makes it for another state.
func (p *sampler) carry(s *Session, _ *lua.LFunction) lua.LValue { return samplerUserData(s.l, p) }

// samplerArgs are the settings that a script may give beside or instead of a
// preset's. What is absent is the preset's.
var samplerArgs = []spec.Arg{
	{Name: "preset", Kind: spec.OneOf(diffusion.PresetNames()...), Default: "exact", Doc: "where the other settings come from: exact samples the denoiser's distribution, af3, af3-mini and pxdesign are what the structure models of these names use and keep less of its spread, edm is Karras et al.'s"},
	{Name: "steps", Kind: spec.Int(1, 1<<20), Optional: true, Doc: "noise levels to walk down"},
	{Name: "sigma_data", Kind: spec.Positive, Optional: true, Doc: "scale of the data, Å"},
	{Name: "s_max", Kind: spec.Positive, Optional: true, Doc: "largest noise, in units of sigma_data"},
	{Name: "s_min", Kind: spec.Positive, Optional: true, Doc: "smallest noise above 0, in units of sigma_data"},
	{Name: "rho", Kind: spec.Positive, Optional: true, Doc: "how much denser the levels lie at small noise"},
	{Name: "gamma0", Kind: spec.NonNegative, Optional: true, Doc: "noise added before a step, as a part of its level (af3 walk)"},
	{Name: "gamma_min", Kind: spec.NonNegative, Optional: true, Doc: "none is added where the next level is not above this, Å (af3 walk)"},
	{Name: "lambda", Kind: spec.NonNegative, Optional: true, Doc: "scale of that noise (af3 walk)"},
	{Name: "eta", Kind: spec.Any, Optional: true, Doc: "step scale: a number, or { kind = \"linear\", from = 1, to = 2.5 }; kinds are const, linear, poly, cos, and piecewise with at = 0.65 (af3 walk)"},
	{Name: "churn", Kind: spec.NonNegative, Optional: true, Doc: "S_churn (edm walk)"},
	{Name: "churn_min", Kind: spec.NonNegative, Optional: true, Doc: "S_min, Å (edm walk)"},
	{Name: "churn_max", Kind: spec.NonNegative, Optional: true, Doc: "S_max, Å (edm walk)"},
	{Name: "churn_noise", Kind: spec.NonNegative, Optional: true, Doc: "S_noise (edm walk)"},
	{Name: "augment", Kind: spec.Bool, Optional: true, Doc: "turn and move every sample at random before each step: for equivariant denoisers"},
	{Name: "center", Kind: spec.Bool, Optional: true, Doc: "centre every sample before each step: for equivariant denoisers"},
	{Name: "translation", Kind: spec.NonNegative, Optional: true, Doc: "standard deviation of augment's moves, Å"},
}

func newSampler(c *spec.Call) *sampler {
	name := c.String("preset")
	p := &sampler{preset: name}
	p.settings, _ = diffusion.Preset(name)
	s := &p.settings
	for field, to := range map[string]*float64{
		"sigma_data": &s.SigmaData, "s_max": &s.Max, "s_min": &s.Min, "rho": &s.Rho,
		"gamma0": &s.Gamma0, "gamma_min": &s.GammaMin, "lambda": &s.Lambda,
		"churn": &s.Churn, "churn_min": &s.ChurnMin, "churn_max": &s.ChurnMax, "churn_noise": &s.ChurnNoise,
		"translation": &s.Translation,
	} {
		if c.Has(field) {
			*to = c.Float(field)
		}
	}
	if c.Has("steps") {
		s.Steps = c.Int("steps")
	}
	if c.Has("augment") {
		s.Augment = c.Bool("augment")
	}
	if c.Has("center") {
		s.Center = c.Bool("center")
	}
	if c.Has("eta") {
		s.Eta = etaOf(c, c.Lua("eta"))
	}
	checkDiffusion(c, s.Check())
	return p
}

// etaOf reads a step scale: a number or { kind, from, to, at }.
func etaOf(c *spec.Call, v lua.LValue) diffusion.Eta {
	if n, ok := v.(lua.LNumber); ok {
		return diffusion.Constant(float64(n))
	}
	t, ok := v.(*lua.LTable)
	if !ok {
		c.Fail("eta", "must be a number or { kind =, from =, to = }, got "+spec.Describe(v), "")
	}
	eta := diffusion.Eta{Kind: diffusion.EtaConst}
	numbers := map[string]*float64{"from": &eta.From, "to": &eta.To, "at": &eta.At}
	for k, v := t.Next(lua.LNil); k != lua.LNil; k, v = t.Next(k) {
		if text, ok := v.(lua.LString); ok && k.String() == "kind" {
			eta.Kind = string(text)
			continue
		}
		to := numbers[k.String()]
		n, ok := v.(lua.LNumber)
		if to == nil || !ok {
			c.Fail("eta", fmt.Sprintf("must hold kind (a string), from, to and at (numbers), got %s = %s", k.String(), spec.Describe(v)), "")
		}
		*to = float64(n)
	}
	return eta
}

// samplerKind is a sampler, or the name of a preset.
var samplerKind = spec.NewKind("a sampler or one of "+strings.Join(diffusion.PresetNames(), ", "), func(v lua.LValue) (any, error) {
	switch v := v.(type) {
	case *lua.LUserData:
		if p, ok := v.Value.(*sampler); ok {
			return p, nil
		}
	case lua.LString:
		name, err := spec.OneOf(diffusion.PresetNames()...).Check(v)
		if err != nil {
			return nil, err
		}
		settings, _ := diffusion.Preset(name.(string))
		return &sampler{settings, name.(string)}, nil
	}
	return nil, fmt.Errorf("must be a sampler or one of %s, got %s", strings.Join(diffusion.PresetNames(), ", "), spec.Describe(v))
})

func samplerType() spec.Type {
	self := func(c *spec.Call) *sampler {
		if u, ok := c.Self.(*lua.LUserData); ok {
			if p, ok := u.Value.(*sampler); ok {
				return p
			}
		}
		c.Raise("must be called on a sampler, got "+spec.Describe(c.Self), "")
		return nil
	}
	return spec.Type{
		Name: "sampler",
		Doc:  "How samples walk from noise to structure, as diffusion.sampler makes it.",
		Methods: []spec.Func{
			{
				Name: "sampler:predicted_variance",
				Doc: "The variance with which a mode of a Gaussian distribution comes out of this walk, exactly. Divided by the mode's own it says how " +
					"much of the spread a preset keeps.",
				Args:    []spec.Arg{{Name: "variance", Kind: spec.Positive, Doc: "the mode's own, Å²"}},
				Returns: "a number, Å²",
				Example: `print(diffusion.sampler { preset = "pxdesign" }:predicted_variance(25) / 25)`,
				Call: func(c *spec.Call) []lua.LValue {
					return []lua.LValue{lua.LNumber(self(c).settings.PredictedVariance(c.Float("variance")))}
				},
			},
			{
				Name: "sampler:sigmas", Doc: "The noise levels from the first to the last, which is 0.", Returns: "an array of steps + 1 numbers, Å",
				Call: func(c *spec.Call) []lua.LValue {
					return []lua.LValue{NewArray(c.L, self(c).settings.Sigmas(), nil)}
				},
			},
			{
				Name: "sampler:describe", Doc: "All settings, as files and fingerprints name them.", Returns: "a table",
				Call: func(c *spec.Call) []lua.LValue { return []lua.LValue{toLua(c.L, self(c).settings.Plain())} },
			},
		},
	}
}

func samplerUserData(l *lua.LState, p *sampler) *lua.LUserData {
	u := l.NewUserData()
	u.Value = p
	u.Metatable = samplerType().Metatable(l)
	return u
}
