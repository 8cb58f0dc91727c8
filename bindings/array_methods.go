package bindings

import (
	"fmt"
	"math"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/numbers"
	"runlua/bindings/spec"
	"runlua/kernels/fmath"
)

// arrayType describes an array's methods. Those that return an array return a
// new one; none changes its receiver. Operations on each value follow IEEE
// arithmetic (log(0) is -inf); reductions refuse NaN by its place.
func arrayType() spec.Type {
	methods := slices.Concat(reductions(), transforms(), comparisons(), shapes(), []spec.Func{histogramMethod()})
	return spec.Type{
		Name: "array",
		Doc: "Numbers with a shape. + - * / % ^ work value by value between arrays of one shape or with a number; " +
			"a[i] reads and writes a value (of a two-dimensional array: gives row i, sharing its numbers), #a counts the first dimension, a == b compares all values.",
		Methods: methods,
	}
}

// receiver is the array that a method was called on.
func receiver(c *spec.Call) *Array {
	a, ok := AsArray(c.Self)
	if !ok {
		c.Raise("must be called on an array, got "+spec.Describe(c.Self), "")
	}
	return a
}

func number(x float64) []lua.LValue { return []lua.LValue{lua.LNumber(x)} }

// checkData raises an error about the receiver's values: "the array is empty".
func checkData(c *spec.Call, err error) {
	if err != nil {
		c.Raise("the array "+err.Error(), "")
	}
}

func reduction(name, doc string, f func(x []float64) (float64, error)) spec.Func {
	return spec.Func{Name: "array:" + name, Doc: doc, Returns: "a number", Call: func(c *spec.Call) []lua.LValue {
		v, err := f(receiver(c).Data)
		checkData(c, err)
		return number(v)
	}}
}

// ddofArg is shared by all that estimate a spread.
var ddofArg = spec.Arg{
	Name: "ddof", Kind: spec.Int(0, 1), Default: 1,
	Doc: "1: of the population that the values sample; 0: of the values themselves (numpy's default)",
}

func spread(name, doc string, f func(x []float64, ddof int) (float64, error)) spec.Func {
	return spec.Func{Name: "array:" + name, Doc: doc, Args: []spec.Arg{ddofArg}, Returns: "a number", Call: func(c *spec.Call) []lua.LValue {
		v, err := f(receiver(c).Data, c.Int("ddof"))
		checkData(c, err)
		return number(v)
	}}
}

func reductions() []spec.Func {
	at := func(find func([]float64) (int, error)) func([]float64) (float64, error) {
		return func(x []float64) (float64, error) {
			i, err := find(x)
			return float64(i + 1), err
		}
	}
	value := func(find func([]float64) (int, error)) func([]float64) (float64, error) {
		return func(x []float64) (float64, error) {
			i, err := find(x)
			if err != nil {
				return 0, err
			}
			return x[i], nil
		}
	}
	return []spec.Func{
		reduction("sum", "The sum of all values in their order, with Neumaier's compensation; 0 of an empty array.", func(x []float64) (float64, error) {
			return numbers.Sum(x), numbers.NoNaN(x)
		}),
		reduction("mean", "The mean of all values.", numbers.Mean),
		spread("std", "The standard deviation of all values.", numbers.StdDev),
		spread("var", "The variance of all values.", numbers.Variance),
		reduction("min", "The smallest value.", value(numbers.ArgMin)),
		reduction("max", "The largest value.", value(numbers.ArgMax)),
		reduction("argmin", "Where the smallest value stands first, counted from 1 through all values.", at(numbers.ArgMin)),
		reduction("argmax", "Where the largest value stands first, counted from 1 through all values.", at(numbers.ArgMax)),
		reduction("median", "The middle value, or the mean of the two in the middle.", func(x []float64) (float64, error) { return numbers.Quantile(x, 0.5) }),
		{
			Name: "array:quantile", Doc: "The value below which a fraction q of the values lies, between neighbours by linear interpolation.",
			Args: []spec.Arg{{Name: "q", Kind: spec.Between(0, 1), Doc: "0.5 is the median"}}, Returns: "a number",
			Call: func(c *spec.Call) []lua.LValue {
				v, err := numbers.Quantile(receiver(c).Data, c.Float("q"))
				checkData(c, err)
				return number(v)
			},
		},
		reduction("count", "How many values are not 0: with a mask, how many pass.", func(x []float64) (float64, error) {
			n := 0
			for _, v := range x {
				if v != 0 {
					n++
				}
			}
			return float64(n), numbers.NoNaN(x)
		}),
	}
}

func transform(name, doc string, f func(x float64) float64) spec.Func {
	return spec.Func{Name: "array:" + name, Doc: doc, Returns: "an array", Call: func(c *spec.Call) []lua.LValue {
		a := receiver(c)
		out := make([]float64, len(a.Data))
		for i, x := range a.Data {
			out[i] = f(x)
		}
		return newArrayResult(c, out, a.Shape)
	}}
}

func isFinite(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return 1
}

func transforms() []spec.Func {
	return []spec.Func{
		transform("exp", "e to the power of each value.", fmath.Exp),
		transform("log", "The natural logarithm of each value.", fmath.Log),
		transform("log10", "The logarithm to base 10 of each value.", fmath.Log10),
		transform("sqrt", "The square root of each value.", math.Sqrt),
		transform("abs", "The absolute value of each value.", math.Abs),
		transform("is_finite", "1 where a value is finite, 0 where it is NaN or infinite.", isFinite),
		{
			Name: "array:cumsum", Doc: "The sums of the values up to each one, of a one-dimensional array.", Returns: "an array",
			Call: func(c *spec.Call) []lua.LValue {
				return newArrayResult(c, numbers.Cumulative(oneDimensional(c).Data), nil)
			},
		},
		{
			Name: "array:sort", Doc: "A copy in ascending order, of a one-dimensional array.", Returns: "an array",
			Call: func(c *spec.Call) []lua.LValue {
				out, err := numbers.Sorted(oneDimensional(c).Data)
				checkData(c, err)
				return newArrayResult(c, out, nil)
			},
		},
		{
			Name: "array:reverse", Doc: "A copy from the last value to the first, of a one-dimensional array.", Returns: "an array",
			Call: func(c *spec.Call) []lua.LValue {
				out := slices.Clone(oneDimensional(c).Data)
				slices.Reverse(out)
				return newArrayResult(c, out, nil)
			},
		},
	}
}

func oneDimensional(c *spec.Call) *Array {
	a := receiver(c)
	if len(a.Shape) != 1 {
		c.Raise("works on a one-dimensional array, got one of "+shapeText(a.Shape), "a:reshape(a:size()) makes one")
	}
	return a
}

func comparison(name, sign string, holds func(x, y float64) bool) spec.Func {
	return spec.Func{
		Name: "array:" + name, Doc: "1 where a value " + sign + " x, 0 elsewhere.",
		Args:    []spec.Arg{{Name: "x", Kind: operandKind, Doc: "a number, or an array of the same shape"}},
		Returns: "an array of 0 and 1",
		Call: func(c *spec.Call) []lua.LValue {
			out, err := elementwise(operand{array: receiver(c)}, c.Value("x").(operand), func(x, y float64) float64 {
				if holds(x, y) {
					return 1
				}
				return 0
			})
			c.Check(err)
			return newArrayResult(c, out.Data, out.Shape)
		},
	}
}

func comparisons() []spec.Func {
	return []spec.Func{
		comparison("gt", ">", func(x, y float64) bool { return x > y }),
		comparison("ge", "≥", func(x, y float64) bool { return x >= y }),
		comparison("lt", "<", func(x, y float64) bool { return x < y }),
		comparison("le", "≤", func(x, y float64) bool { return x <= y }),
		{
			Name: "array:filter", Doc: "The values where mask is not 0, in their order.",
			Args:    []spec.Arg{{Name: "mask", Kind: arrayKind, Doc: "of the same shape, as a:gt(x) gives it"}},
			Returns: "a one-dimensional array", Example: "radii:filter(radii:gt(8))",
			Call: func(c *spec.Call) []lua.LValue {
				a, mask := receiver(c), c.Value("mask").(*Array)
				if !a.sameShape(mask) {
					c.Fail("mask", fmt.Sprintf("must have the shape of the array, got %s and %s", shapeText(mask.Shape), shapeText(a.Shape)), "")
				}
				out := []float64{}
				for i, m := range mask.Data {
					if m != 0 {
						out = append(out, a.Data[i])
					}
				}
				return newArrayResult(c, out, nil)
			},
		},
	}
}
