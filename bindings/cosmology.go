package bindings

import (
	"errors"
	"fmt"
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/cosmology"
)

// cosmologyValue is the value behind a Lua cosmology.
type cosmologyValue struct {
	params cosmology.Params
	model  *cosmology.Model // nil until a method needs it
	growth map[gravityValue]*cosmology.Growth
	linear cosmology.Spectrum
}

// Describe is how errors name it.
func (v *cosmologyValue) Describe() string { return "a cosmology" }

// FingerprintValue is what a task that captures it depends on.
func (v *cosmologyValue) FingerprintValue() (string, error) {
	return canonicalText(paramsTable(v.params)), nil
}

// paramsTable is a cosmology as plain data, by the names that scripts use.
func paramsTable(p cosmology.Params) map[string]any {
	return map[string]any{"omega_m": p.OmegaM, "omega_b": p.OmegaB, "h": p.H, "n_s": p.Ns, "sigma8": p.Sigma8, "t_cmb": p.Tcmb, "omega_r": p.OmegaR}
}

func (s *Session) cosmologyModule() spec.Module {
	planck := cosmology.Planck2018()
	radiation := spec.Arg{Name: "radiation", Kind: spec.Bool, Default: false, Doc: "whether radiation slows the expansion's growth of structure"}
	return spec.Module{
		Name: "cosmology",
		Doc:  "Flat ΛCDM backgrounds, growth of structure and linear power spectra.",
		Funcs: []spec.Func{
			{
				Name: "cosmology.planck2018", Named: true, Doc: "The parameters of Planck 2018 (TT,TE,EE+lowE+lensing, rounded).",
				Args: []spec.Arg{radiation}, Returns: "a cosmology",
				Call: func(c *spec.Call) []lua.LValue { return []lua.LValue{s.newCosmology(c, planck)} },
			},
			{
				Name: "cosmology.new", Named: true, Doc: "A flat cosmology of one's own; what is absent is that of Planck 2018.",
				Args: []spec.Arg{
					{Name: "omega_m", Kind: spec.Positive, Default: planck.OmegaM, Doc: "matter today"},
					{Name: "omega_b", Kind: spec.Positive, Default: planck.OmegaB, Doc: "baryons today"},
					{Name: "h", Kind: spec.Positive, Default: planck.H, Doc: "H0 / (100 km/s/Mpc)"},
					{Name: "n_s", Kind: spec.Number, Default: planck.Ns, Doc: "primordial slope"},
					{Name: "sigma8", Kind: spec.Positive, Default: planck.Sigma8, Doc: "rms of the linear density in 8 Mpc/h today"},
					{Name: "t_cmb", Kind: spec.Positive, Default: planck.Tcmb, Doc: "K"},
					radiation,
				},
				Returns: "a cosmology",
				Call: func(c *spec.Call) []lua.LValue {
					return []lua.LValue{s.newCosmology(c, cosmology.Params{OmegaM: c.Float("omega_m"), OmegaB: c.Float("omega_b"), H: c.Float("h"),
						Ns: c.Float("n_s"), Sigma8: c.Float("sigma8"), Tcmb: c.Float("t_cmb")})}
				},
			},
			s.spectrumFunc(),
		},
		Types: []spec.Type{s.cosmologyType(), s.spectrumType()},
	}
}

func (s *Session) newCosmology(c *spec.Call, p cosmology.Params) lua.LValue {
	if c.Bool("radiation") {
		p = p.WithRadiation()
	}
	model, err := cosmology.New(p)
	checkCosmology(c, err)
	return s.cosmologyOf(p, model)
}

// cosmologyOf makes the Lua value.
func (s *Session) cosmologyOf(p cosmology.Params, model *cosmology.Model) lua.LValue {
	u := s.l.NewUserData()
	u.Value = &cosmologyValue{params: p, model: model, growth: map[gravityValue]*cosmology.Growth{}}
	u.Metatable = s.cosmologyType().Metatable(s.l)
	return u
}

// carry makes it for another state.
func (v *cosmologyValue) carry(s *Session, _ *lua.LFunction) lua.LValue {
	model, err := cosmology.New(v.params)
	if err != nil {
		panic("bindings: " + err.Error()) // the parameters made the first one
	}
	return s.cosmologyOf(v.params, model)
}

// parameterNames are the kernel's names of parameters and those of scripts.
var parameterNames = strings.NewReplacer("OmegaM", "omega_m", "OmegaB", "omega_b", "OmegaR", "omega_r", "Ns", "n_s", "Sigma8", "sigma8", "Tcmb", "t_cmb", "H", "h")

// checkCosmology raises the kernel's error about a parameter by the name that
// the script knows.
func checkCosmology(c *spec.Call, err error) {
	var p *cosmology.ParamError
	if errors.As(err, &p) {
		rule := strings.ReplaceAll(strings.ReplaceAll(p.Rule, "OmegaM", "omega_m"), "OmegaR", "omega_r")
		c.Fail(parameterNames.Replace(p.Param), fmt.Sprintf("must be %s, got %v", rule, p.Value), "")
	}
	c.Check(err)
}

func (s *Session) selfCosmology(c *spec.Call) *cosmologyValue {
	s.useKernel("cosmology")
	if u, ok := c.Self.(*lua.LUserData); ok {
		if v, ok := u.Value.(*cosmologyValue); ok {
			return v
		}
	}
	c.Raise("must be called on a cosmology, got "+spec.Describe(c.Self), "")
	return nil
}

// growthOf is the growth under a gravity, matched to ΛCDM's at z = 49 as
// simulations are by default; for general relativity it is ΛCDM's own.
// Of a gravity that depends on scale it is that of wave number k, or with k = 0
// the limit of the largest scales.
func (v *cosmologyValue) growthOf(c *spec.Call, g gravityValue, zStart, k float64) *cosmology.Growth {
	if found := v.growth[g]; found != nil && zStart == 0 {
		return found
	}
	growth, err := v.model.Growth(cosmology.GR())
	c.Check(err)
	if zStart > 0 {
		a := 1 / (1 + zStart)
		law := g.of(v.params)
		if k > 0 {
			law = cosmology.AtK(law, k)
		}
		growth, err = v.model.GrowthFrom(law, a, growth.D(a), growth.DPrime(a))
		checkCosmology(c, err)
		return growth
	}
	v.growth[g] = growth
	return growth
}

func (s *Session) cosmologyType() spec.Type {
	z := spec.Arg{Name: "z", Kind: spec.NonNegative, Default: 0.0, Doc: "redshift"}
	g := spec.Arg{Name: "gravity", Kind: spec.UserData[*gravityValue]("a gravity"), Optional: true, Doc: "default general relativity"}
	start := spec.Arg{Name: "z_start", Kind: spec.Positive, Default: 49.0, Doc: "where a gravity's growth is matched to ΛCDM's"}
	wave := spec.Arg{Name: "k", Kind: spec.NonNegative, Default: 0.0, Doc: "wave number, h/Mpc, for a gravity that depends on scale; 0 is the limit of the largest"}
	growthAt := func(c *spec.Call, k float64) (*cosmology.Growth, float64) {
		v := s.selfCosmology(c)
		gravity, given := c.Value("gravity").(*gravityValue)
		a := 1 / (1 + c.Float("z"))
		if !given {
			return v.growthOf(c, gravityValue{kind: "constant"}, 0, 0), a
		}
		if c.Float("z") > c.Float("z_start") {
			c.Fail("z", fmt.Sprintf("must be at most z_start, got %g > %g", c.Float("z"), c.Float("z_start")), "")
		}
		return v.growthOf(c, *gravity, c.Float("z_start"), k), a
	}
	growth := func(c *spec.Call) (*cosmology.Growth, float64) { return growthAt(c, c.Float("k")) }
	return spec.Type{
		Name: "cosmology",
		Doc:  "A cosmology, as cosmology.new makes it.",
		Methods: []spec.Func{
			{
				Name: "cosmo:growth", Doc: "The linear growth factor D(z), 1 today in ΛCDM.", Args: []spec.Arg{z, g, start, wave}, Returns: "a number",
				Call: func(c *spec.Call) []lua.LValue { d, a := growth(c); return []lua.LValue{lua.LNumber(d.D(a))} },
			},
			{
				Name: "cosmo:growth_rate", Doc: "The growth rate f = dlnD/dlna.", Args: []spec.Arg{z, g, start, wave}, Returns: "a number",
				Call: func(c *spec.Call) []lua.LValue { d, a := growth(c); return []lua.LValue{lua.LNumber(d.Rate(a))} },
			},
			{
				Name: "cosmo:hubble", Doc: "The expansion rate, km/s/Mpc.", Args: []spec.Arg{z}, Returns: "a number",
				Call: func(c *spec.Call) []lua.LValue {
					v := s.selfCosmology(c)
					return []lua.LValue{lua.LNumber(100 * v.params.H * v.model.E(1/(1+c.Float("z"))))}
				},
			},
			{
				Name: "cosmo:linear_power", Doc: "The linear power spectrum of Eisenstein & Hu 1998 with wiggles, or of a table, (Mpc/h)³.",
				Args: []spec.Arg{{Name: "k", Kind: spec.Any, Doc: "h/Mpc: a number, a list or an array"}, z, g, start,
					{Name: "spectrum", Kind: spectrumKind, Optional: true, Doc: "as cosmology.spectrum reads it"}},
				Returns: "a number, or an array for a list or an array",
				Call: func(c *spec.Call) []lua.LValue {
					v := s.selfCosmology(c)
					linear := v.linear
					if given, ok := c.Value("spectrum").(*spectrumValue); ok {
						given.fits(c, v.params)
						linear = given.table
					} else if v.linear == nil {
						eh, err := v.model.EisensteinHu(true)
						c.Check(err)
						v.linear, linear = eh, eh
					}
					d, a := growthAt(c, 0)
					g, _ := c.Value("gravity").(*gravityValue)
					at := func(k float64) float64 {
						if g != nil && g.scale != nil {
							d, _ = growthAt(c, k)
						}
						p := linear.P(k)
						if t, ok := linear.(*cosmology.SpectrumTable); ok && math.IsNaN(p) {
							first, last := t.Range()
							c.Fail("k", fmt.Sprintf("must be within the spectrum's table, %.4g to %.4g h/Mpc, got %g", first, last, k), "it is not extrapolated")
						}
						return p * d.D(a) * d.D(a)
					}
					if k, err := spec.Positive.Check(c.Lua("k")); err == nil {
						return []lua.LValue{lua.LNumber(at(k.(float64)))}
					}
					list, err := spec.Numbers.Check(c.Lua("k"))
					if err != nil {
						c.Fail("k", "must be a positive number, or a list or an array of them, got "+spec.Describe(c.Lua("k")), "")
					}
					out := make([]float64, len(list.([]float64)))
					for i, k := range list.([]float64) {
						if k <= 0 {
							c.Fail("k", fmt.Sprintf("must be positive, got %g at [%d]", k, i+1), "")
						}
						out[i] = at(k)
					}
					return []lua.LValue{NewArray(c.L, out, []int{len(out)})}
				},
			},
			{
				Name: "cosmo:parameters", Doc: "Its parameters by name.", Returns: "a table",
				Call: func(c *spec.Call) []lua.LValue {
					return []lua.LValue{toLua(c.L, paramsTable(s.selfCosmology(c).params))}
				},
			},
		},
	}
}
