package bindings

import (
	"fmt"
	"math"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/structure"
)

// coordinates are the points of one or several models of the same atoms.
type coordinates struct {
	models [][]float64
	single bool // an array of atoms × 3, without a dimension of models
}

func (x *coordinates) atoms() int { return len(x.models[0]) / 3 }

// pointsKind is a structure or an array of points, *coordinates in Go. The
// values are those of the array: don't write them.
var pointsKind = spec.NewKind("a structure or an array of [models ×] atoms × 3", func(v lua.LValue) (any, error) {
	if found, ok := structureOf(v); ok {
		return &coordinates{models: found.Models}, nil
	}
	got, err := arrayLike.Check(v)
	if err != nil {
		return nil, fmt.Errorf("must be a structure or an array of [models ×] atoms × 3, got %s", spec.Describe(v))
	}
	a := got.(*Array)
	n := len(a.Shape)
	if n < 2 || n > 3 || a.Shape[n-1] != 3 || len(a.Data) == 0 {
		return nil, fmt.Errorf("must be a structure or an array of [models ×] atoms × 3, got %s", a.Describe())
	}
	for i, v := range a.Data {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("must hold finite coordinates, got %g for %c of atom %d", v, 'x'+i%3, i/3%a.Shape[n-2]+1)
		}
	}
	x := &coordinates{single: n == 2}
	size := 3 * a.Shape[n-2]
	for i := 0; i < len(a.Data); i += size {
		x.models = append(x.models, a.Data[i:i+size])
	}
	return x, nil
})

// weightsOf reads weights or masses, one for each atom; nil if there are none.
func weightsOf(c *spec.Call, name string, atoms int) []float64 {
	if !c.Has(name) {
		return nil
	}
	w := c.Floats(name)
	if len(w) != atoms {
		c.Fail(name, fmt.Sprintf("must be one number for each of %d atoms, got %d", atoms, len(w)), "")
	}
	if err := structure.CheckWeights(w); err != nil {
		c.Raise(name+": "+err.Error(), "")
	}
	return w
}

// pointsOf is an argument of pointsKind, with the atoms of x.
func pointsOf(c *spec.Call, name string, x *coordinates) *coordinates {
	y := c.Value(name).(*coordinates)
	if y.atoms() != x.atoms() {
		c.Fail(name, fmt.Sprintf("must have the same atoms, got %d and not %d", y.atoms(), x.atoms()), "")
	}
	return y
}

func superposeArgs() []spec.Arg {
	return []spec.Arg{
		{Name: "target", Kind: pointsKind, Optional: true, Doc: "one model to lie on; default the mean of all, found by turns"},
		{Name: "weights", Kind: spec.Numbers, Optional: true, Doc: "of the atoms; default equal"},
	}
}

// superposed moves models onto the call's target, or their mean.
func superposed(c *spec.Call, x *coordinates) (moved [][]float64, rmsd []float64) {
	weights := weightsOf(c, "weights", x.atoms())
	if !c.Has("target") {
		e := structure.SuperposeAll(x.models, weights)
		return e.Models, e.RMSD
	}
	target := pointsOf(c, "target", x)
	if len(target.models) != 1 {
		c.Fail("target", fmt.Sprintf("must be one model, got %d", len(target.models)), "s:select { models = 1 } is the first")
	}
	for _, from := range x.models {
		rot, trans, r := structure.Superpose(from, target.models[0], weights)
		to := make([]float64, len(from))
		structure.Transform(to, from, rot, trans)
		moved, rmsd = append(moved, to), append(rmsd, r)
	}
	return moved, rmsd
}

func fluctuationArgs() []spec.Arg {
	return []spec.Arg{{Name: "superpose", Kind: spec.Bool, Default: true, Doc: "on the mean, before; false: as the models lie"}}
}

func fluctuations(c *spec.Call, x *coordinates) []float64 {
	if c.Bool("superpose") {
		return structure.RMSF(structure.SuperposeAll(x.models, nil).Models)
	}
	return structure.RMSF(x.models)
}

// result returns one number, or an array of one for each model.
func (x *coordinates) result(c *spec.Call, values []float64) lua.LValue {
	if x.single {
		return lua.LNumber(values[0])
	}
	return NewArray(c.L, values, nil)
}

// coordinateFuncs work on places alone.
func (s *Session) coordinateFuncs() []spec.Func {
	points := spec.Arg{Name: "x", Kind: pointsKind, Doc: "coordinates, Å"}
	self := func(c *spec.Call) *coordinates {
		s.useKernel("structure")
		return c.Value("x").(*coordinates)
	}
	return []spec.Func{
		{
			Name: "structure.superpose", Named: true, First: []spec.Arg{points}, Args: superposeArgs(),
			Doc:     "Moves models by rotation and translation, without mirroring, to lie on their common mean or on a target (Kabsch's method).",
			Returns: "an array of the shape of x, and the RMSD from the mean or the target, Å: a number for atoms × 3, else an array",
			Example: `local moved, rmsd = structure.superpose(x, { target = y })`,
			Call: func(c *spec.Call) []lua.LValue {
				x := self(c)
				if x.single && !c.Has("target") {
					c.Raise("target is required where x is one model: the model to lie on", "")
				}
				moved, rmsd := superposed(c, x)
				shape := []int{len(moved), x.atoms(), 3}
				if x.single {
					shape = shape[1:]
				}
				return []lua.LValue{NewArray(c.L, flattened(moved), shape), x.result(c, rmsd)}
			},
		},
		{
			Name: "structure.rmsd", Named: true, First: []spec.Arg{points, {Name: "y", Kind: pointsKind, Doc: "one model, or as many as x has"}},
			Doc: "The root mean squared distance of two models, Å, after superposition.",
			Args: []spec.Arg{
				{Name: "superpose", Kind: spec.Bool, Default: true, Doc: "x on y, before; false: as they lie"},
				{Name: "weights", Kind: spec.Numbers, Optional: true, Doc: "of the atoms; default equal"},
			},
			Returns: "a number for atoms × 3, else an array, one number for each model of x",
			Call: func(c *spec.Call) []lua.LValue {
				x := self(c)
				y := pointsOf(c, "y", x)
				weights := weightsOf(c, "weights", x.atoms())
				if n := len(y.models); n != 1 && n != len(x.models) {
					c.Fail("y", fmt.Sprintf("must have 1 model or as many as x, got %d and not %d", n, len(x.models)), "")
				}
				out := make([]float64, len(x.models))
				for m := range out {
					to := y.models[min(m, len(y.models)-1)]
					if c.Bool("superpose") {
						_, _, out[m] = structure.Superpose(x.models[m], to, weights)
					} else {
						out[m] = structure.RMSD(x.models[m], to, weights)
					}
				}
				return []lua.LValue{x.result(c, out)}
			},
		},
		{
			Name: "structure.rmsf", Named: true, First: []spec.Arg{points}, Args: fluctuationArgs(),
			Doc:     "The root mean squared fluctuation of each atom about its mean over the models, Å, after superposition on the mean. The mean square is that of the models, divided by their number.",
			Returns: "an array, one number for each atom",
			Call: func(c *spec.Call) []lua.LValue {
				return newArrayResult(c, fluctuations(c, self(c)), nil)
			},
		},
		{
			Name: "structure.bfactors", Doc: "B-factors, Å², of isotropic fluctuations: 8π²/3 RMSF².",
			Args:    []spec.Arg{{Name: "rmsf", Kind: spec.Numbers, Doc: "Å"}},
			Returns: "an array",
			Call: func(c *spec.Call) []lua.LValue {
				s.useKernel("structure")
				return newArrayResult(c, structure.BFactors(c.Floats("rmsf")), nil)
			},
		},
		{
			Name: "structure.radius_of_gyration", Named: true, First: []spec.Arg{points},
			Args:    []spec.Arg{{Name: "masses", Kind: spec.Numbers, Optional: true, Doc: "of the atoms; default equal"}},
			Doc:     "The radius of gyration, Å: the root mean squared distance from the centre of mass.",
			Returns: "a number for atoms × 3, else an array, one number for each model",
			Call: func(c *spec.Call) []lua.LValue {
				x := self(c)
				masses := weightsOf(c, "masses", x.atoms())
				out := make([]float64, len(x.models))
				for m := range out {
					out[m] = structure.RadiusOfGyration(x.models[m], masses)
				}
				return []lua.LValue{x.result(c, out)}
			},
		},
		{
			Name: "structure.distances", Args: []spec.Arg{points},
			Doc:     "The distances of all pairs of atoms, Å: of the first to the second, the third and so on, then of the second to the third and so on.",
			Returns: "an array of n(n−1)/2 numbers, or of models × n(n−1)/2",
			Call: func(c *spec.Call) []lua.LValue {
				x := self(c)
				pairs := x.atoms() * (x.atoms() - 1) / 2
				checkedProduct(c, []int{len(x.models), pairs})
				if x.single {
					return newArrayResult(c, structure.PairDistances(x.models[0]), nil)
				}
				out := make([]float64, 0, len(x.models)*pairs)
				for _, m := range x.models {
					out = append(out, structure.PairDistances(m)...)
				}
				return newArrayResult(c, out, []int{len(x.models), pairs})
			},
		},
	}
}
