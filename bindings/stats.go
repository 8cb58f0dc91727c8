package bindings

import (
	"errors"
	"fmt"
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/numbers"
	"runlua/bindings/spec"
)

// statsModule is the statistics of a methods section. Every function refuses
// empty data and values that are not finite.
func (s *Session) statsModule() spec.Module {
	x := spec.Arg{Name: "x", Kind: spec.Numbers, Doc: "the values: a list or an array"}
	weights := spec.Arg{Name: "weights", Kind: spec.Numbers, Doc: "one for each value, not negative; 1/σ² for values with errors σ"}
	samples := func(name string) spec.Arg {
		return spec.Arg{Name: name, Kind: spec.Table, Doc: "a list with the values of each realization, itself a list or an array"}
	}
	return spec.Module{
		Name: "stats",
		Doc:  "Means, errors, the jackknife and straight lines. Empty data and values that are not finite are errors.",
		Funcs: []spec.Func{
			{
				Name: "stats.mean", Doc: "The mean.", Args: []spec.Arg{x}, Returns: "a number",
				Call: func(c *spec.Call) []lua.LValue { return estimate(c, numbers.Mean) },
			},
			{
				Name: "stats.std", Doc: "The standard deviation.", Args: []spec.Arg{x, ddofArg}, Returns: "a number",
				Call: func(c *spec.Call) []lua.LValue {
					return estimate(c, func(x []float64) (float64, error) { return numbers.StdDev(x, c.Int("ddof")) })
				},
			},
			{
				Name: "stats.stderr", Doc: "The standard error of the mean: the sample's standard deviation over the root of the number of values.",
				Args: []spec.Arg{x}, Returns: "a number",
				Call: func(c *spec.Call) []lua.LValue { return estimate(c, numbers.StdErr) },
			},
			{
				Name: "stats.weighted_mean", Doc: "The mean by weights, and its error 1/√Σw, which holds where the weights are 1/σ².",
				Args: []spec.Arg{x, weights}, Returns: "the mean, its error",
				Call: func(c *spec.Call) []lua.LValue {
					data, w := c.Floats("x"), c.Floats("weights")
					if len(data) > 0 {
						if err := numbers.Weights(w, len(data)); err != nil {
							c.Fail("weights", err.Error(), "")
						}
					}
					mean, stderr, err := numbers.WeightedMean(data, w)
					aboutX(c, err)
					return []lua.LValue{lua.LNumber(mean), lua.LNumber(stderr)}
				},
			},
			{
				Name: "stats.jackknife", Doc: "An estimate from a list of samples, with its error and bias from leaving out one sample at a time.",
				Args: []spec.Arg{
					{Name: "samples", Kind: spec.Any, Doc: "a list of anything, or an array: at least two"},
					{Name: "estimate", Kind: spec.Function, Optional: true, Doc: "takes a list of samples, returns a number; the mean unless given"},
				},
				Returns: "{ value, error, bias, n }",
				Example: "stats.jackknife(radii_of_each_run, function(runs) return stats.mean(array.concat(runs)) end)",
				Call:    jackknife,
			},
			{
				Name: "stats.jackknife_ratio", Doc: "The ratio of the mean of all numerators to that of all denominators, with its error from leaving out one realization of both at a time. The same values in both give exactly 1 and 0.",
				Args: []spec.Arg{samples("numerators"), samples("denominators")}, Returns: "{ value, error, bias, n }",
				Call: func(c *spec.Call) []lua.LValue {
					j, err := numbers.JackknifeRatio(sampleLists(c, "numerators"), sampleLists(c, "denominators"))
					return jackknifeResult(c, j, err)
				},
			},
			subBoxesFunc(),
			compareFunc("stats.ratio", "ratio",
				"The ratio of two measured curves, such as P(k) or void counts of two gravities, with the jackknife error that leaves the same realization, or the same of 27 sub-boxes, out of both. "+
					"A curve over itself is exactly 1 and 0. Points where b is 0 are left out.",
				func(a, b float64) float64 { return a / b }),
			compareFunc("stats.difference", "difference",
				"The difference of two measured curves, for profiles, which pass through 0, with an error as for stats.ratio.",
				func(a, b float64) float64 { return a - b }),
			{
				Name: "stats.linear_fit", Doc: "The straight line through points by least squares. Without errors every point counts the same and the errors follow from the scatter about the line.",
				Args: []spec.Arg{
					x,
					{Name: "y", Kind: spec.Numbers, Doc: "one for each x"},
					{Name: "errors", Kind: spec.Numbers, Optional: true, Doc: "standard errors of y, positive"},
				},
				Returns: "{ intercept, slope, intercept_error, slope_error, covariance, chi2, dof, r2 }",
				Call:    linearFit,
			},
			{
				Name: "stats.chi2", Doc: "Σ((observed - expected)/σ)².",
				Args: []spec.Arg{
					{Name: "observed", Kind: spec.Numbers, Doc: "measured values"},
					{Name: "expected", Kind: spec.Numbers, Doc: "what a model says, one for each"},
					{Name: "errors", Kind: spec.Numbers, Doc: "standard errors σ, positive"},
				},
				Returns: "a number",
				Call: func(c *spec.Call) []lua.LValue {
					v, err := numbers.ChiSquare(c.Floats("observed"), c.Floats("expected"), c.Floats("errors"))
					c.Check(err)
					return number(v)
				},
			},
		},
	}
}

func aboutX(c *spec.Call, err error) {
	if err != nil {
		c.Fail("x", err.Error(), "")
	}
}

func estimate(c *spec.Call, f func(x []float64) (float64, error)) []lua.LValue {
	v, err := f(c.Floats("x"))
	aboutX(c, err)
	return number(v)
}

// sampleLists reads a list of lists of numbers.
func sampleLists(c *spec.Call, name string) [][]float64 {
	t := c.LuaTable(name)
	out := make([][]float64, t.Len())
	for i := range out {
		v, err := spec.Numbers.Check(t.RawGetInt(i + 1))
		if err != nil {
			c.Fail(fmt.Sprintf("%s[%d]", name, i+1), err.Error(), "give a list with the values of each realization")
		}
		out[i] = v.([]float64)
	}
	return out
}

func jackknifeResult(c *spec.Call, j numbers.Jackknife, err error) []lua.LValue {
	if errors.Is(err, numbers.ErrFewSamples) {
		c.Raise(strings.TrimPrefix(err.Error(), "a jackknife "), "run at least two realizations")
	}
	c.Check(err)
	return []lua.LValue{record(c, []field{{"value", j.Value}, {"error", j.Error}, {"bias", j.Bias}, {"n", float64(j.N)}})}
}

type field struct {
	name  string
	value float64
}

func record(c *spec.Call, fields []field) *lua.LTable {
	t := c.L.NewTable()
	for _, f := range fields {
		t.RawSetString(f.name, lua.LNumber(f.value))
	}
	return t
}

// jackknife calls the estimate n + 1 times: with all samples, and without each.
func jackknife(c *spec.Call) []lua.LValue {
	samples := sampleValues(c)
	n := len(samples)
	if n < 2 {
		return jackknifeResult(c, numbers.Jackknife{}, fmt.Errorf("%w, got %d", numbers.ErrFewSamples, n))
	}
	value := estimateWithout(c, samples, -1)
	without := make([]float64, n)
	for i := range without {
		without[i] = estimateWithout(c, samples, i)
	}
	j, err := numbers.JackknifeOf(value, without)
	return jackknifeResult(c, j, err)
}

func sampleValues(c *spec.Call) []lua.LValue {
	var out []lua.LValue
	switch v := c.Lua("samples").(type) {
	case *lua.LTable:
		for i := 1; i <= v.Len(); i++ {
			out = append(out, v.RawGetInt(i))
		}
	default:
		a, ok := AsArray(v)
		if !ok || len(a.Shape) != 1 {
			c.Fail("samples", "must be a list or a one-dimensional array, got "+spec.Describe(v), "")
		}
		for _, x := range a.Data {
			out = append(out, lua.LNumber(x))
		}
	}
	return out
}

// estimateWithout applies the script's estimate, or the mean, to all samples
// but one; skip is -1 for all.
func estimateWithout(c *spec.Call, samples []lua.LValue, skip int) float64 {
	t := c.L.NewTable()
	for i, v := range samples {
		if i != skip {
			t.Append(v)
		}
	}
	fn := c.Function("estimate")
	if fn == nil {
		x, err := spec.Numbers.Check(t)
		if err != nil {
			c.Fail("samples", err.Error(), "give a function that makes a number of a list of samples")
		}
		mean, err := numbers.Mean(x.([]float64))
		c.Check(err)
		return mean
	}
	c.L.Push(fn)
	c.L.Push(t)
	c.L.Call(1, 1)
	v := c.L.Get(-1)
	c.L.Pop(1)
	x, ok := v.(lua.LNumber)
	if !ok || math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
		of := "all samples"
		if skip >= 0 {
			of = fmt.Sprintf("all samples but number %d", skip+1)
		}
		c.Fail("estimate", fmt.Sprintf("must return a finite number, got %s for %s", spec.Describe(v), of), "")
	}
	return float64(x)
}

func linearFit(c *spec.Call) []lua.LValue {
	var sigma []float64
	if c.Has("errors") {
		sigma = c.Floats("errors")
	}
	l, err := numbers.FitLine(c.Floats("x"), c.Floats("y"), sigma)
	c.Check(err)
	return []lua.LValue{record(c, []field{
		{"intercept", l.Intercept}, {"slope", l.Slope},
		{"intercept_error", l.InterceptError}, {"slope_error", l.SlopeError}, {"covariance", l.Covariance},
		{"chi2", l.Chi2}, {"dof", float64(l.DegreesOfFreedom)}, {"r2", l.R2},
	})}
}
