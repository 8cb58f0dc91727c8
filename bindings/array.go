package bindings

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/numbers"
	"runlua/bindings/spec"
)

// An Array is a block of numbers with a shape, row-major, that Lua holds as
// userdata: bulk numbers without a Lua value for each. The product of Shape is
// len(Data).
type Array struct {
	Data  []float64
	Shape []int
}

// maxArray is the largest number of values that a script can ask for at once:
// a mesh of 512³, 1 GiB.
const maxArray = 1 << 27

// NewArray returns data as an array for Lua. It keeps data; shape nil stands
// for one dimension. It panics if the shape is not that of the data.
func NewArray(l *lua.LState, data []float64, shape []int) *lua.LUserData {
	if shape == nil {
		shape = []int{len(data)}
	}
	if product(shape) != len(data) {
		panic(fmt.Sprintf("bindings: an array of %d values can't have the shape %s", len(data), shapeText(shape)))
	}
	u := l.NewUserData()
	u.Value = &Array{Data: data, Shape: slices.Clone(shape)}
	u.Metatable = arrayMetatable(l)
	return u
}

// AsArray returns the array that a Lua value holds.
func AsArray(v lua.LValue) (*Array, bool) {
	if u, ok := v.(*lua.LUserData); ok {
		a, ok := u.Value.(*Array)
		return a, ok
	}
	return nil, false
}

// Floats returns the values, row-major: the array's own, not a copy.
func (a *Array) Floats() []float64 { return a.Data }

// Describe says what the array is, as an error quotes it: an array of 3×4 numbers.
func (a *Array) Describe() string { return "an array of " + shapeText(a.Shape) + " numbers" }

// FingerprintValue returns a digest of the shape and the values. −0 counts as 0
// and any NaN as any other.
func (a *Array) FingerprintValue() (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "array %s\n", shapeText(a.Shape))
	var word [8]byte
	for _, x := range a.Data {
		bits := math.Float64bits(x + 0)
		if math.IsNaN(x) {
			bits = math.Float64bits(math.NaN())
		}
		binary.LittleEndian.PutUint64(word[:], bits)
		h.Write(word[:])
	}
	return "array:sha256:" + hex.EncodeToString(h.Sum(nil)), nil
}

// String is the array in one short line: array(5): 1 2 3 4 5.
func (a *Array) String() string {
	const ends = 3
	var b strings.Builder
	fmt.Fprintf(&b, "array(%s):", shapeText(a.Shape))
	for i := 0; i < len(a.Data); i++ {
		if i == ends && len(a.Data) > 2*ends+1 {
			b.WriteString(" …")
			i = len(a.Data) - ends
		}
		b.WriteString(" " + strconv.FormatFloat(a.Data[i], 'g', 6, 64))
	}
	return b.String()
}

func (a *Array) clone() *Array { return &Array{slices.Clone(a.Data), slices.Clone(a.Shape)} }

// carry makes a copy for another state.
func (a *Array) carry(s *Session, _ *lua.LFunction) lua.LValue {
	return NewArray(s.l, slices.Clone(a.Data), a.Shape)
}

func (a *Array) sameBits(b *Array) bool {
	return a.sameShape(b) && slices.EqualFunc(a.Data, b.Data, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

func (a *Array) sameShape(b *Array) bool { return slices.Equal(a.Shape, b.Shape) }

// rowLength is the number of values that one index of the first dimension holds.
func (a *Array) rowLength() int { return product(a.Shape[1:]) }

func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

func shapeText(shape []int) string {
	dims := make([]string, len(shape))
	for i, d := range shape {
		dims[i] = strconv.Itoa(d)
	}
	return strings.Join(dims, "×")
}

// arrayKind is an array, *Array in Go.
var arrayKind = spec.UserData[*Array]("an array")

// arrayLike is an array or a list of numbers, nested for more dimensions,
// *Array in Go. The values of an array are its own: don't write them.
var arrayLike = spec.NewKind("an array or a list of numbers", func(v lua.LValue) (any, error) {
	if a, ok := AsArray(v); ok {
		return a, nil
	}
	t, ok := v.(*lua.LTable)
	if !ok {
		return nil, fmt.Errorf("must be an array or a list of numbers, got %s", spec.Describe(v))
	}
	a := &Array{Data: []float64{}}
	if err := a.read(t, nil, 0); err != nil {
		return nil, err
	}
	if a.Shape == nil {
		a.Shape = []int{0}
	}
	return a, nil
})

// read appends the numbers of a nested list; at is where the list stands in
// the whole one.
func (a *Array) read(t *lua.LTable, at []int, depth int) error {
	if depth == 8 {
		return fmt.Errorf("must not be nested deeper than 8 levels")
	}
	n := t.Len()
	if depth == len(a.Shape) {
		a.Shape = append(a.Shape, n)
	} else if a.Shape[depth] != n {
		return fmt.Errorf("must have lists of the same length at each level, got %d after %d%s", n, a.Shape[depth], indexText(at))
	}
	for i := 1; i <= n; i++ {
		here := append(slices.Clone(at), i)
		switch v := t.RawGetInt(i).(type) {
		case *lua.LTable:
			if depth+1 == len(a.Shape) && len(a.Data) > 0 {
				return fmt.Errorf("must have a number%s, got a table", indexText(here))
			}
			if err := a.read(v, here, depth+1); err != nil {
				return err
			}
		case lua.LNumber:
			if depth+1 < len(a.Shape) {
				return fmt.Errorf("must have a list%s, got %s", indexText(here), spec.Describe(v))
			}
			if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				return fmt.Errorf("must hold finite numbers, got %s%s", spec.Describe(v), indexText(here))
			}
			a.Data = append(a.Data, float64(v))
		default:
			return fmt.Errorf("must hold numbers, got %s%s", spec.Describe(v), indexText(here))
		}
	}
	return nil
}

func indexText(at []int) string {
	if len(at) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(" at ")
	for _, i := range at {
		fmt.Fprintf(&b, "[%d]", i)
	}
	return b.String()
}

// arrayModule makes arrays; arrayType describes what they can do.
func (s *Session) arrayModule() spec.Module {
	start := spec.Arg{Name: "a", Kind: spec.Number, Doc: "first value"}
	end := spec.Arg{Name: "b", Kind: spec.Number, Doc: "last value"}
	return spec.Module{
		Name:  "array",
		Doc:   "Bulk numbers: arithmetic, reductions, slices and histograms without a Lua loop for each value.",
		Types: []spec.Type{arrayType()},
		Funcs: []spec.Func{
			{
				Name: "array.new", Doc: "An array of the numbers in a list, or in nested lists for more dimensions.",
				Args:    []spec.Arg{{Name: "values", Kind: arrayLike, Doc: "a list of numbers, or an array to copy"}},
				Returns: "an array", Example: `array.new { { 1, 2 }, { 3, 4 } }`,
				Call: func(c *spec.Call) []lua.LValue {
					a := c.Value("values").(*Array)
					return newArrayResult(c, slices.Clone(a.Data), a.Shape)
				},
			},
			filledArray("array.zeros", 0),
			filledArray("array.ones", 1),
			{
				Name: "array.linspace", Doc: "n values from a to b at equal distances, as linspace.",
				Args:    []spec.Arg{start, end, {Name: "n", Kind: spec.Int(1, maxArray), Doc: "how many"}},
				Returns: "an array",
				Call: func(c *spec.Call) []lua.LValue {
					return newArrayResult(c, linspace(c, maxArray), nil)
				},
			},
			{
				Name: "array.values", Doc: "a, a + step, … to b, as values.",
				Args:    []spec.Arg{start, end, {Name: "step", Kind: spec.Number, Doc: "distance between neighbours"}},
				Returns: "an array",
				Call: func(c *spec.Call) []lua.LValue {
					out, err := numbers.Values(c.Float("a"), c.Float("b"), c.Float("step"), maxArray)
					c.Check(err)
					return newArrayResult(c, out, nil)
				},
			},
			{
				Name: "array.concat", Doc: "One array of the values of several, joined along the first dimension.",
				Args:    []spec.Arg{{Name: "arrays", Kind: spec.Table, Doc: "a list of arrays or lists of numbers"}},
				Returns: "an array", Call: concatArrays,
			},
			{
				Name: "array.from_columns", Doc: "A two-dimensional array of columns of one length, what array:column takes apart.",
				Args:    []spec.Arg{{Name: "columns", Kind: spec.Table, Doc: "a list of one-dimensional arrays or lists of numbers"}},
				Returns: "an array of shape n × columns", Example: `array.from_columns { x, y, z }`, Call: arrayOfColumns,
			},
			{
				Name: "array.where", Doc: "The values of yes where mask is not 0 and those of no where it is.",
				Args: []spec.Arg{
					{Name: "mask", Kind: arrayLike, Doc: "as a:gt(x) gives it"},
					{Name: "yes", Kind: operandKind, Doc: "an array of the same shape, or a number"},
					{Name: "no", Kind: operandKind, Doc: "an array of the same shape, or a number"},
				},
				Returns: "an array", Call: chooseWhere,
			},
		},
	}
}

func newArrayResult(c *spec.Call, data []float64, shape []int) []lua.LValue {
	return []lua.LValue{NewArray(c.L, data, shape)}
}

func filledArray(name string, value float64) spec.Func {
	return spec.Func{
		Name: name, Doc: fmt.Sprintf("An array of the given shape that holds %g everywhere.", value),
		Args: []spec.Arg{{Name: "size", Kind: spec.Int(0, maxArray), Doc: "values along the first dimension"}},
		Rest: true, Returns: "an array", Example: name + "(3, 4)",
		Call: func(c *spec.Call) []lua.LValue {
			shape := append([]int{c.Int("size")}, extraSizes(c)...)
			n := checkedProduct(c, shape)
			data := make([]float64, n)
			if value != 0 {
				for i := range data {
					data[i] = value
				}
			}
			return newArrayResult(c, data, shape)
		},
	}
}

// extraSizes reads the sizes of the dimensions after the first.
func extraSizes(c *spec.Call) []int {
	var sizes []int
	for i, v := range c.Extra {
		d, err := spec.Int(0, maxArray).Check(v)
		if err != nil {
			c.Fail(fmt.Sprintf("size %d", i+2), err.Error(), "")
		}
		sizes = append(sizes, d.(int))
	}
	return sizes
}

func checkedProduct(c *spec.Call, shape []int) int {
	n := 1
	for _, d := range shape {
		if n *= d; n > maxArray {
			c.Raise(fmt.Sprintf("%s is more than %d numbers (1 GiB)", shapeText(shape), maxArray), "")
		}
	}
	return n
}

func concatArrays(c *spec.Call) []lua.LValue {
	t := c.LuaTable("arrays")
	if t.Len() == 0 {
		c.Fail("arrays", "must be a list of at least one array", "")
	}
	var data []float64
	var shape []int
	for i := 1; i <= t.Len(); i++ {
		v, err := arrayLike.Check(t.RawGetInt(i))
		if err != nil {
			c.Fail(fmt.Sprintf("arrays[%d]", i), err.Error(), "")
		}
		a := v.(*Array)
		switch {
		case shape == nil:
			shape = slices.Clone(a.Shape)
		case len(a.Shape) != len(shape) || !slices.Equal(a.Shape[1:], shape[1:]):
			c.Fail(fmt.Sprintf("arrays[%d]", i), fmt.Sprintf("must agree in all dimensions but the first, got %s after %s", shapeText(a.Shape), shapeText(shape)), "")
		default:
			shape[0] += a.Shape[0]
		}
		checkedProduct(c, shape)
		data = append(data, a.Data...)
	}
	return newArrayResult(c, data, shape)
}

func arrayOfColumns(c *spec.Call) []lua.LValue {
	t := c.LuaTable("columns")
	if t.Len() == 0 {
		c.Fail("columns", "must be a list of at least one array", "")
	}
	var data []float64
	n := 0
	for j := range t.Len() {
		at := fmt.Sprintf("columns[%d]", j+1)
		v, err := arrayLike.Check(t.RawGetInt(j + 1))
		if err != nil {
			c.Fail(at, err.Error(), "")
		}
		a := v.(*Array)
		if len(a.Shape) != 1 {
			c.Fail(at, "must be one-dimensional, got "+a.Describe(), "")
		}
		if j == 0 {
			n = len(a.Data)
			data = make([]float64, checkedProduct(c, []int{n, t.Len()}))
		}
		if len(a.Data) != n {
			c.Fail(at, fmt.Sprintf("must be as long as the first column, got %d numbers and %d", len(a.Data), n), "")
		}
		for i, x := range a.Data {
			data[i*t.Len()+j] = x
		}
	}
	return newArrayResult(c, data, []int{n, t.Len()})
}
