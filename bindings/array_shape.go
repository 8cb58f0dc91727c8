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

// shapes are the methods that pick, copy or arrange values.
func shapes() []spec.Func {
	index := spec.Arg{Name: "i", Kind: spec.AtLeast(1), Doc: "counted from 1"}
	return []spec.Func{
		{
			Name: "array:slice", Doc: "A copy of the values (rows, of more dimensions) from i to j, both included.",
			Args:    []spec.Arg{index, {Name: "j", Kind: spec.AtLeast(0), Optional: true, Doc: "the last one unless given; i - 1 gives none"}},
			Returns: "an array",
			Call: func(c *spec.Call) []lua.LValue {
				a := receiver(c)
				i, j := c.Int("i"), a.Shape[0]
				if c.Has("j") {
					j = c.Int("j")
				}
				if j > a.Shape[0] || i > j+1 {
					c.Raise(fmt.Sprintf("from %d to %d is outside of the array, which has 1 to %d", i, j, a.Shape[0]), "")
				}
				n := a.rowLength()
				return newArrayResult(c, slices.Clone(a.Data[(i-1)*n:j*n]), append([]int{j - i + 1}, a.Shape[1:]...))
			},
		},
		{
			Name: "array:row", Doc: "A copy of row i of a two-dimensional array; of more dimensions, of what stands at i along the first.",
			Args: []spec.Arg{index}, Returns: "an array with one dimension less",
			Call: func(c *spec.Call) []lua.LValue {
				a := receiver(c)
				if len(a.Shape) < 2 {
					c.Raise("works on an array of two or more dimensions, got one of "+shapeText(a.Shape), "")
				}
				i, n := bounded(c, "i", a.Shape[0], "rows"), a.rowLength()
				return newArrayResult(c, slices.Clone(a.Data[(i-1)*n:i*n]), a.Shape[1:])
			},
		},
		{
			Name: "array:column", Doc: "A copy of column j of a two-dimensional array.",
			Args: []spec.Arg{{Name: "j", Kind: spec.AtLeast(1), Doc: "counted from 1"}}, Returns: "an array",
			Call: func(c *spec.Call) []lua.LValue {
				a := twoDimensional(c)
				j, n := bounded(c, "j", a.Shape[1], "columns"), a.Shape[1]
				out := make([]float64, a.Shape[0])
				for i := range out {
					out[i] = a.Data[i*n+j-1]
				}
				return newArrayResult(c, out, nil)
			},
		},
		{
			Name: "array:reshape", Doc: "A copy of the same values with another shape.",
			Args: []spec.Arg{{Name: "size", Kind: spec.Int(0, maxArray), Doc: "values along the first dimension"}},
			Rest: true, Returns: "an array", Example: "a:reshape(8, 8)",
			Call: func(c *spec.Call) []lua.LValue {
				a := receiver(c)
				shape := append([]int{c.Int("size")}, extraSizes(c)...)
				if checkedProduct(c, shape) != len(a.Data) {
					c.Raise(fmt.Sprintf("%s does not hold the %d values of an array of %s", shapeText(shape), len(a.Data), shapeText(a.Shape)), "")
				}
				return newArrayResult(c, slices.Clone(a.Data), shape)
			},
		},
		{
			Name: "array:copy", Doc: "A copy.", Returns: "an array",
			Call: func(c *spec.Call) []lua.LValue {
				a := receiver(c)
				return newArrayResult(c, slices.Clone(a.Data), a.Shape)
			},
		},
		{
			Name: "array:list", Doc: "The values as a Lua list, nested for more dimensions.", Returns: "a list",
			Call: func(c *spec.Call) []lua.LValue {
				a := receiver(c)
				return []lua.LValue{nestedList(c.L, a.Data, a.Shape)}
			},
		},
		{
			Name: "array:shape", Doc: "The size of each dimension.", Returns: "a list of numbers",
			Call: func(c *spec.Call) []lua.LValue {
				t := c.L.NewTable()
				for _, d := range receiver(c).Shape {
					t.Append(lua.LNumber(d))
				}
				return []lua.LValue{t}
			},
		},
		{
			Name: "array:size", Doc: "How many values there are in all.", Returns: "a number",
			Call: func(c *spec.Call) []lua.LValue { return number(float64(len(receiver(c).Data))) },
		},
	}
}

func twoDimensional(c *spec.Call) *Array {
	a := receiver(c)
	if len(a.Shape) != 2 {
		c.Raise("works on a two-dimensional array, got one of "+shapeText(a.Shape), "")
	}
	return a
}

func bounded(c *spec.Call, name string, n int, what string) int {
	i := c.Int(name)
	if i > n {
		c.Fail(name, fmt.Sprintf("must be at most %d, the number of %s, got %d", n, what, i), "")
	}
	return i
}

func nestedList(l *lua.LState, data []float64, shape []int) *lua.LTable {
	t := l.CreateTable(shape[0], 0)
	if len(shape) == 1 {
		for _, x := range data {
			t.Append(lua.LNumber(x))
		}
		return t
	}
	n := product(shape[1:])
	for i := range shape[0] {
		t.Append(nestedList(l, data[i*n:(i+1)*n], shape[1:]))
	}
	return t
}

// binArgs say how a histogram is binned; array:histogram and plot.histogram
// share them.
func binArgs() []spec.Arg {
	return []spec.Arg{
		{Name: "bins", Kind: spec.Int(1, 1_000_000), Optional: true, Doc: "how many bins of equal width; 10 unless given"},
		{Name: "edges", Kind: spec.Numbers, Optional: true, Doc: "the ascending edges themselves, one more than bins"},
		{Name: "range", Kind: spec.Numbers, Optional: true, Doc: "{ lo, hi } of the bins; those of the values unless given"},
		{Name: "log", Kind: spec.Bool, Default: false, Doc: "bins of equal width in the logarithm"},
	}
}

func histogramMethod() spec.Func {
	return spec.Func{
		Name: "array:histogram", Named: true,
		Doc:     "Counts of the values in bins [edge, next edge), the last one closed. Values outside are counted in below and above.",
		Args:    append(binArgs(), spec.Arg{Name: "weights", Kind: spec.Numbers, Optional: true, Doc: "counted instead of 1, one for each value"}),
		Returns: "{ counts, edges, centres (arrays), below, above (numbers) }",
		Example: "h = radii:histogram { bins = 20, range = { 8, 28 } }",
		Call: func(c *spec.Call) []lua.LValue {
			a := receiver(c)
			var weights []float64
			if c.Has("weights") {
				weights = c.Floats("weights")
			}
			h, err := numbers.Count(a.Data, histogramEdges(c, a.Data), weights)
			checkData(c, err)
			centres := make([]float64, len(h.Counts))
			for i := range centres {
				centres[i] = (h.Edges[i] + h.Edges[i+1]) / 2
				if c.Bool("log") {
					centres[i] = math.Sqrt(h.Edges[i]) * math.Sqrt(h.Edges[i+1])
				}
			}
			t := c.L.NewTable()
			t.RawSetString("counts", NewArray(c.L, h.Counts, nil))
			t.RawSetString("edges", NewArray(c.L, h.Edges, nil))
			t.RawSetString("centres", NewArray(c.L, centres, nil))
			t.RawSetString("below", lua.LNumber(h.Below))
			t.RawSetString("above", lua.LNumber(h.Above))
			return []lua.LValue{t}
		},
	}
}

// arguments are checked arguments by name: a spec.Call, or a table within one.
type arguments interface {
	Has(name string) bool
	Value(name string) any
	Fail(name, rule, hint string)
	Raise(message, hint string)
}

// argument returns an argument as the Go type of its kind; the zero value if
// it is absent.
func argument[T any](a arguments, name string) T {
	v, _ := a.Value(name).(T)
	return v
}

// histogramEdges makes the edges that binArgs ask for.
func histogramEdges(a arguments, values []float64) []float64 {
	if a.Has("edges") {
		for _, other := range []string{"bins", "range"} {
			if a.Has(other) {
				a.Raise("takes either edges or "+other+", got both", "")
			}
		}
		edges := slices.Clone(argument[[]float64](a, "edges"))
		if err := numbers.Edges(edges); err != nil {
			a.Fail("edges", err.Error(), "")
		}
		return edges
	}
	bins := 10
	if a.Has("bins") {
		bins = argument[int](a, "bins")
	}
	var lo, hi float64
	if a.Has("range") {
		lo, hi = limitPair(a, "range")
	} else {
		var err error
		if lo, hi, err = numbers.Range(values); err != nil {
			a.Fail("values", err.Error(), "")
		}
	}
	if !argument[bool](a, "log") {
		return numbers.Linspace(lo, hi, bins+1)
	}
	if lo <= 0 {
		a.Fail("log", fmt.Sprintf("needs bins above 0, got %v as their lower end", lo), "give range = { lo, hi }")
	}
	return numbers.Logspace(lo, hi, bins+1, fmath.Log, fmath.Exp)
}

// limitPair reads { lo, hi }.
func limitPair(a arguments, name string) (lo, hi float64) {
	r := argument[[]float64](a, name)
	if len(r) != 2 || numbers.Edges(r) != nil {
		a.Fail(name, fmt.Sprintf("must be { lo, hi } with lo below hi, got %v", r), "")
	}
	return r[0], r[1]
}
