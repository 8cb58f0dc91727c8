package bindings

import (
	"context"
	"errors"
	"fmt"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/diffusion"
	"runlua/kernels/par"
	"runlua/kernels/structure"
)

// model is what stands behind every Lua denoiser.
type model interface {
	diffusion.Denoiser
	diffusion.Shape
	diffusion.Described
}

// denoiserValue is the value behind a Lua denoiser.
type denoiserValue struct {
	model
	structure *structure.Structure // whose atoms they are; nil where no one said
}

// on returns the denoiser as a walk that is started from l uses it.
func (d *denoiserValue) on(l *lua.LState) diffusion.Denoiser {
	if f, ok := d.model.(*luaDenoiser); ok {
		return f.on(l)
	}
	return d.model
}

// kind is the function of the module that made it.
func (d *denoiserValue) kind() string { kind, _ := d.Plain()["kind"].(string); return kind }

// Describe is how errors name it.
func (d *denoiserValue) Describe() string {
	if n := d.Atoms(); n > 0 {
		return fmt.Sprintf("denoiser.%s of %d atoms", d.kind(), n)
	}
	return fmt.Sprintf("denoiser.%s of %d coordinates", d.kind(), d.Dim())
}

// FingerprintValue is what a task that captures it depends on.
func (d *denoiserValue) FingerprintValue() (string, error) {
	return "denoiser:" + canonicalText(d.Plain()), nil
}

// denoiserKind is a denoiser, *denoiserValue in Go.
var denoiserKind = spec.UserData[*denoiserValue]("a denoiser")

// places is where atoms stand: a list of coordinates for each conformer, all of
// the same length, three for each atom, Å.
type places struct {
	conformers [][]float64
	of         *structure.Structure // that they are of; nil for an array
}

// placesKind is where atoms stand, places in Go.
var placesKind = spec.NewKind("a structure or an array of shape atoms × 3 or conformers × atoms × 3", func(v lua.LValue) (any, error) {
	if of, ok := structureOf(v); ok {
		return places{of.Models, of}, nil
	}
	got, err := arrayLike.Check(v)
	if err != nil {
		return nil, fmt.Errorf("must be a structure or an array of shape atoms × 3 or conformers × atoms × 3, got %s", spec.Describe(v))
	}
	a := got.(*Array)
	n := len(a.Shape)
	if n != 2 && n != 3 || a.Shape[n-1] != 3 || len(a.Data) == 0 {
		return nil, fmt.Errorf("must have the shape atoms × 3 or conformers × atoms × 3, got %s", a.Describe())
	}
	return places{slices.Collect(slices.Chunk(a.Data, 3*a.Shape[n-2])), nil}, nil
})

// checkDiffusion raises the kernel's error; one about a parameter in the form
// of the bindings' own.
func checkDiffusion(c *spec.Call, err error) {
	var p *diffusion.ParamError
	if errors.As(err, &p) {
		c.Fail(p.Param, p.Rule+", got "+p.Got, p.Hint)
	}
	c.Check(err)
}

// pushDenoiser makes the Lua value of a new denoiser of the atoms of a structure;
// nil where there is none.
func (s *Session) pushDenoiser(c *spec.Call, m model, of *structure.Structure, err error) []lua.LValue {
	if s.host.Context().Err() != nil {
		s.checkStopped(c, err)
	}
	checkDiffusion(c, err)
	s.useKernel("diffusion")
	return []lua.LValue{s.newDenoiser(&denoiserValue{model: m, structure: of})}
}

func (s *Session) newDenoiser(d *denoiserValue) lua.LValue {
	u := s.l.NewUserData()
	u.Value = d
	u.Metatable = s.denoiserType().Metatable(s.l)
	return u
}

// captured is the function of a denoiser.lua, else nil.
func (d *denoiserValue) captured() *lua.LFunction {
	if f, ok := d.model.(*luaDenoiser); ok {
		return f.fn
	}
	return nil
}

// carry makes it for another state, in which fn is what it captures. The kernels'
// denoisers do not change; a process is the same one, which answers the workers
// one after the other.
func (d *denoiserValue) carry(s *Session, fn *lua.LFunction) lua.LValue {
	m := d.model
	switch f := m.(type) {
	case *luaDenoiser:
		bound := *f
		bound.s, bound.l, bound.fn = s, s.l, fn
		m = &bound
	case *childDenoiser:
		m = &sharedChild{f, runContext(s.host)}
	}
	return s.newDenoiser(&denoiserValue{model: m, structure: d.structure})
}

// denoiserModule makes what a sampler asks for clean coordinates.
func (s *Session) denoiserModule() spec.Module {
	return spec.Module{
		Name: "denoiser",
		Doc: "Denoisers: what diffusion sampling asks, at each noise level, for the mean of the clean coordinates given the noisy ones. " +
			"Most of this module know the distribution that they stand for, so that samples can be checked against it; lua and process are models of your own. Lengths in Å.",
		Funcs: []spec.Func{
			s.mixtureFunc(), s.ensembleFunc(),
			s.networkFunc("anm", "An anisotropic elastic network around a structure (Atilgan et al. 2001): a normal distribution with the covariance scale · H⁺, H the Hessian of springs of unit stiffness between atoms nearer than cutoff. "+
				"To 1500 atoms: memory grows as the square of them and the time to find the modes as the cube.", 15, diffusion.NewANM),
			s.networkFunc("gnm", "A Gaussian network around a structure (Bahar et al. 1997): each atom fluctuates alike in all directions, with the covariance scale · Γ⁺ on each axis, Γ the Kirchhoff matrix of links between atoms nearer than cutoff.", 10, diffusion.NewGNM),
			s.rouseFunc(), s.luaFunc(), s.processFunc(),
		},
		Types: []spec.Type{s.denoiserType()},
	}
}

func (s *Session) mixtureFunc() spec.Func {
	return spec.Func{
		Name: "denoiser.mixture", Named: true,
		Doc: "A mixture of normal distributions, of any number of coordinates.",
		Args: []spec.Arg{
			{Name: "means", Kind: arrayLike, Doc: "an array of shape components × coordinates"},
			{Name: "covariances", Kind: arrayLike, Doc: "one variance a component, Å²; or an array of shape components × coordinates; or, with full matrices, components × coordinates × coordinates"},
			{Name: "weights", Kind: spec.Numbers, Optional: true, Doc: "one a component, relative; all the same unless given"},
		},
		Returns: "a denoiser",
		Example: `local two = denoiser.mixture { means = { { -5, 0 }, { 5, 0 } }, covariances = { 1, 2 }, weights = { 0.3, 0.7 } }`,
		Call: func(c *spec.Call) []lua.LValue {
			means, cov := c.Value("means").(*Array), c.Value("covariances").(*Array)
			if len(means.Shape) != 2 || len(means.Data) == 0 {
				c.Fail("means", "must have the shape components × coordinates, got "+means.Describe(), "")
			}
			k, dim := means.Shape[0], means.Shape[1]
			switch {
			case slices.Equal(cov.Shape, []int{k}), slices.Equal(cov.Shape, []int{k, dim}), slices.Equal(cov.Shape, []int{k, dim, dim}):
			default:
				c.Fail("covariances", fmt.Sprintf("must have the shape %d, %s or %s, got %s", k, shapeText([]int{k, dim}), shapeText([]int{k, dim, dim}), cov.Describe()), "")
			}
			weights := c.Floats("weights")
			if weights != nil && len(weights) != k {
				c.Fail("weights", fmt.Sprintf("must be %d numbers, got %d", k, len(weights)), "")
			}
			components := make([]diffusion.Component, k)
			for i := range components {
				components[i] = diffusion.Component{Weight: 1, Mean: means.Data[i*dim : (i+1)*dim], Covariance: cov.Data[i*cov.rowLength() : (i+1)*cov.rowLength()]}
				if weights != nil {
					components[i].Weight = weights[i]
				}
			}
			m, err := diffusion.NewMixture(s.host.Context(), s.host.Pool(), components)
			return s.pushDenoiser(c, m, nil, err)
		},
	}
}

func (s *Session) ensembleFunc() spec.Func {
	return spec.Func{
		Name: "denoiser.ensemble", Named: true,
		Doc: "The conformers of an ensemble, superposed beforehand, each blurred by a normal of the bandwidth: what a model learns at best from this data. With the bandwidth 0 every sample ends on a conformer.",
		Args: []spec.Arg{
			{Name: "conformers", Kind: placesKind, Doc: "a structure of several models, or an array of shape conformers × atoms × 3"},
			{Name: "bandwidth", Kind: spec.NonNegative, Default: 0.5, Doc: "standard deviation of the blur on each axis, Å"},
			{Name: "weights", Kind: spec.Numbers, Optional: true, Doc: "one a conformer, relative; all the same unless given"},
		},
		Returns: "a denoiser",
		Example: `local ensemble = denoiser.ensemble { conformers = coordinates, bandwidth = 0.4 }`,
		Call: func(c *spec.Call) []lua.LValue {
			x := c.Value("conformers").(places)
			e, err := diffusion.NewEnsemble(x.conformers, c.Float("bandwidth"), c.Floats("weights"))
			return s.pushDenoiser(c, e, x.of, err)
		},
	}
}

// longNetwork is the number of atoms from which an anisotropic network takes
// long enough to say so: seconds, where processors are not busy.
const longNetwork = 500

func (s *Session) networkFunc(kind, doc string, cutoff float64, make func(context.Context, *par.Pool, []float64, diffusion.NetworkOptions) (*diffusion.Network, error)) spec.Func {
	return spec.Func{
		Name: "denoiser." + kind, Named: true, Doc: doc,
		Args: []spec.Arg{
			{Name: "coordinates", Kind: placesKind, Doc: "a structure of one model, or an array of shape atoms × 3: CA atoms as a rule"},
			{Name: "cutoff", Kind: spec.Positive, Default: cutoff, Doc: "Å"},
			{Name: "scale", Kind: spec.Positive, Optional: true, Doc: "kT over the stiffness of a link, Å²; 1 unless given"},
			{Name: "rmsf", Kind: spec.Positive, Optional: true, Doc: "root mean square fluctuation over all atoms, Å, instead of a scale"},
		},
		Returns: "a denoiser",
		Example: fmt.Sprintf(`local network = denoiser.%s { coordinates = coordinates, rmsf = 1 }`, kind),
		Call: func(c *spec.Call) []lua.LValue {
			x := c.Value("coordinates").(places)
			if n := len(x.conformers); n != 1 {
				c.Fail("coordinates", fmt.Sprintf("must be those of one conformer, got %d", n), "select a model")
			}
			if atoms := len(x.conformers[0]) / 3; kind == "anm" && atoms >= longNetwork {
				s.host.Message("Finding the modes of an elastic network of %d atoms", atoms)
			}
			n, err := make(s.host.Context(), s.host.Pool(), x.conformers[0], diffusion.NetworkOptions{Cutoff: c.Float("cutoff"), Scale: c.Float("scale"), RMSF: c.Float("rmsf")})
			return s.pushDenoiser(c, n, x.of, err)
		},
	}
}

func (s *Session) rouseFunc() spec.Func {
	return spec.Func{
		Name: "denoiser.rouse", Named: true,
		Doc: "An ideal chain of beads (Rouse 1953), its centre of mass in the origin. It is equivariant, so that a sampler may turn its samples at random.",
		Args: []spec.Arg{
			{Name: "beads", Kind: spec.AtLeast(2), Doc: "how many"},
			{Name: "bond", Kind: spec.Positive, Default: 3.8, Doc: "root mean square length of a bond, Å"},
		},
		Returns: "a denoiser",
		Example: `local chain = denoiser.rouse { beads = 50 }`,
		Call: func(c *spec.Call) []lua.LValue {
			r, err := diffusion.NewRouse(c.Int("beads"), c.Float("bond"))
			return s.pushDenoiser(c, r, nil, err)
		},
	}
}

func selfDenoiser(c *spec.Call) *denoiserValue {
	if u, ok := c.Self.(*lua.LUserData); ok {
		if d, ok := u.Value.(*denoiserValue); ok {
			return d
		}
	}
	c.Raise("must be called on a denoiser, got "+spec.Describe(c.Self), "write d:method(…)")
	return nil
}

func (s *Session) denoiserType() spec.Type {
	method := func(name, doc, returns string, f func(c *spec.Call, d *denoiserValue) lua.LValue) spec.Func {
		return spec.Func{Name: "denoiser:" + name, Doc: doc, Returns: returns,
			Call: func(c *spec.Call) []lua.LValue { return []lua.LValue{f(c, selfDenoiser(c))} }}
	}
	network := func(c *spec.Call, d *denoiserValue) *diffusion.Network {
		n, ok := d.model.(*diffusion.Network)
		if !ok {
			c.Raise("needs an elastic network, got "+d.Describe(), "denoiser.anm and denoiser.gnm make one")
		}
		return n
	}
	return spec.Type{
		Name: "denoiser",
		Doc:  "A denoiser, as the functions of module denoiser make it.",
		Methods: []spec.Func{
			s.denoiseMethod(),
			method("atoms", "Number of atoms; 0 where the coordinates are no points in space.", "a number",
				func(_ *spec.Call, d *denoiserValue) lua.LValue { return lua.LNumber(d.Atoms()) }),
			method("describe", "What it is: all that decides its answers, bulk data by SHA-256.", "a table",
				func(c *spec.Call, d *denoiserValue) lua.LValue { return toLua(c.L, d.Plain()) }),
			method("modes", "The eigenvalues of an elastic network, ascending, without the modes that move or turn the whole. A mode's variance is scale over its eigenvalue.", "an array",
				func(c *spec.Call, d *denoiserValue) lua.LValue {
					return NewArray(c.L, network(c, d).Eigenvalues(), nil)
				}),
			method("bfactors", "The B-factors of an elastic network's atoms, 8π²⟨u²⟩/3, Å².", "an array",
				func(c *spec.Call, d *denoiserValue) lua.LValue {
					return NewArray(c.L, network(c, d).BFactors(), nil)
				}),
		},
	}
}
