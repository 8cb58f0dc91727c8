package bindings

import (
	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/numbers"
	"runlua/bindings/spec"
)

// maxRange is the most values that linspace and values put into a Lua list;
// longer ones are arrays.
const maxRange = 1_000_000

// rangeFuncs are the global functions that take the place of a numeric for
// with a fractional step.
func (s *Session) rangeFuncs() []spec.Func {
	start := spec.Arg{Name: "a", Kind: spec.Number, Doc: "first value"}
	end := spec.Arg{Name: "b", Kind: spec.Number, Doc: "last value"}
	const exact = " Both ends and zero are hit exactly, and short decimals are those that a script would type."
	return []spec.Func{
		{
			Name: "linspace", Doc: "n values from a to b at equal distances." + exact,
			Args:    []spec.Arg{start, end, {Name: "n", Kind: spec.Int(1, maxRange), Doc: "how many"}},
			Returns: "a list", Example: "linspace(-0.2, 0.2, 5)",
			Call: func(c *spec.Call) []lua.LValue { return listOf(c, linspace(c, maxRange)) },
		},
		{
			Name: "values", Doc: "a, a + step, … to b." + exact + " The step must lead from a to b.",
			Args:    []spec.Arg{start, end, {Name: "step", Kind: spec.Number, Doc: "distance between neighbours; negative to go down"}},
			Returns: "a list", Example: "values(-0.2, 0.3, 0.1)",
			Call: func(c *spec.Call) []lua.LValue {
				out, err := numbers.Values(c.Float("a"), c.Float("b"), c.Float("step"), maxRange)
				if err != nil {
					c.Raise(err.Error(), "linspace(a, b, n) takes the number of values")
				}
				return listOf(c, out)
			},
		},
	}
}

// linspace makes the values that the arguments a, b and n ask for.
func linspace(c *spec.Call, most int) []float64 {
	a, b, n := c.Float("a"), c.Float("b"), c.Int("n")
	if n == 1 && a != b {
		c.Fail("n", "must be at least 2 to reach from a to b, got 1", "")
	}
	return numbers.Linspace(a, b, min(n, most))
}

func listOf(c *spec.Call, values []float64) []lua.LValue {
	t := c.L.CreateTable(len(values), 0)
	for _, x := range values {
		t.Append(lua.LNumber(x))
	}
	return []lua.LValue{t}
}
