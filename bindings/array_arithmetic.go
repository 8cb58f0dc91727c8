package bindings

import (
	"fmt"
	"math"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/fmath"
)

// arrayMetatable is the arrays' metatable, one for each Lua state: the methods
// of arrayType, and the operators, which are plain Lua functions because they
// run for every element access.
func arrayMetatable(l *lua.LState) *lua.LTable {
	if mt, ok := l.GetTypeMetatable("runlua.array").(*lua.LTable); ok && mt.RawGetString("__len") != lua.LNil {
		return mt
	}
	mt := arrayType().Metatable(l)
	methods := mt.RawGetString("__index").(*lua.LTable)
	for name, fn := range map[string]lua.LGFunction{
		"__index":    func(l *lua.LState) int { return indexArray(l, methods) },
		"__newindex": assignArray,
		"__len":      lengthOfArray,
		"__tostring": func(l *lua.LState) int { return pushString(l, l.CheckUserData(1).Value.(*Array).String()) },
		"__eq":       equalArrays,
		"__unm":      negateArray,
		"__add":      arithmetic("+", func(x, y float64) float64 { return x + y }),
		"__sub":      arithmetic("-", func(x, y float64) float64 { return x - y }),
		"__mul":      arithmetic("*", func(x, y float64) float64 { return x * y }),
		"__div":      arithmetic("/", func(x, y float64) float64 { return x / y }),
		"__mod":      arithmetic("%", floorMod),
		"__pow":      arithmetic("^", fmath.Pow),
	} {
		mt.RawSetString(name, l.NewFunction(fn))
	}
	return mt
}

// floorMod is x modulo y with the sign of y, as Lua's %.
func floorMod(x, y float64) float64 {
	r := math.Mod(x, y)
	if r != 0 && (r < 0) != (y < 0) {
		r += y
	}
	return r
}

// element checks an index as a script counts and returns it as Go counts.
func element(l *lua.LState, a *Array, key lua.LValue) int {
	x, ok := key.(lua.LNumber)
	i := int(x)
	if !ok || lua.LNumber(i) != x || i < 1 || i > a.Shape[0] {
		what := fmt.Sprintf("an index must be a whole number from 1 to %d, got %s", a.Shape[0], spec.Describe(key))
		if a.Shape[0] == 0 {
			what = "the array is empty, got the index " + spec.Describe(key)
		}
		spec.Raise(l, "array", what, "")
	}
	return i - 1
}

// indexArray is a[i], a value or a row that shares the array's numbers, and
// a.name, a method.
func indexArray(l *lua.LState, methods *lua.LTable) int {
	a := l.CheckUserData(1).Value.(*Array)
	key := l.Get(2)
	if name, ok := key.(lua.LString); ok {
		m := methods.RawGetString(string(name))
		if m == lua.LNil {
			hint := ""
			var names []string
			methods.ForEach(func(k, _ lua.LValue) { names = append(names, k.String()) })
			slices.Sort(names)
			if near := spec.Suggest(string(name), names); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			spec.Raise(l, "array", fmt.Sprintf("an array has no method %q", string(name)), hint)
		}
		l.Push(m)
		return 1
	}
	i := element(l, a, key)
	if len(a.Shape) == 1 {
		l.Push(lua.LNumber(a.Data[i]))
		return 1
	}
	n := a.rowLength()
	l.Push(NewArray(l, a.Data[i*n:(i+1)*n:(i+1)*n], a.Shape[1:]))
	return 1
}

func assignArray(l *lua.LState) int {
	a := l.CheckUserData(1).Value.(*Array)
	if name, ok := l.Get(2).(lua.LString); ok {
		spec.Raise(l, "array", fmt.Sprintf("an array has no field %q to assign to", string(name)), "")
	}
	i := element(l, a, l.Get(2))
	if len(a.Shape) > 1 {
		spec.Raise(l, "array", fmt.Sprintf("only single values can be assigned, and this array is %s", shapeText(a.Shape)), "write a[i][j] = x")
	}
	x, ok := l.Get(3).(lua.LNumber)
	if !ok {
		spec.Raise(l, "array", "a value must be a number, got "+spec.Describe(l.Get(3)), "")
	}
	a.Data[i] = float64(x)
	return 0
}

func lengthOfArray(l *lua.LState) int {
	l.Push(lua.LNumber(l.CheckUserData(1).Value.(*Array).Shape[0]))
	return 1
}

func pushString(l *lua.LState, text string) int {
	l.Push(lua.LString(text))
	return 1
}

// equalArrays is a == b: the same shape and the same values.
func equalArrays(l *lua.LState) int {
	a, okA := AsArray(l.Get(1))
	b, okB := AsArray(l.Get(2))
	l.Push(lua.LBool(okA && okB && a.sameShape(b) && slices.Equal(a.Data, b.Data)))
	return 1
}

func negateArray(l *lua.LState) int {
	a := l.CheckUserData(1).Value.(*Array)
	out := make([]float64, len(a.Data))
	for i, x := range a.Data {
		out[i] = -x
	}
	l.Push(NewArray(l, out, a.Shape))
	return 1
}

// arithmetic is an operator between arrays of one shape or an array and a number.
func arithmetic(sign string, op func(x, y float64) float64) lua.LGFunction {
	return func(l *lua.LState) int {
		x, okX := asOperand(l.Get(1))
		y, okY := asOperand(l.Get(2))
		if !okX || !okY {
			bad := l.Get(1)
			if okX {
				bad = l.Get(2)
			}
			spec.Raise(l, "array", fmt.Sprintf("%s needs arrays or numbers, got %s", sign, spec.Describe(bad)), "")
		}
		out, err := elementwise(x, y, op)
		if err != nil {
			spec.Raise(l, "array", sign+" "+err.Error(), "")
		}
		l.Push(NewArray(l, out.Data, out.Shape))
		return 1
	}
}

// An operand is an array, or a number that stands for one of any shape.
type operand struct {
	array  *Array
	number float64
}

func asOperand(v lua.LValue) (operand, bool) {
	if a, ok := AsArray(v); ok {
		return operand{array: a}, true
	}
	x, ok := v.(lua.LNumber)
	return operand{number: float64(x)}, ok
}

// operandKind is an array or a number, operand in Go.
var operandKind = spec.NewKind("a number or an array", func(v lua.LValue) (any, error) {
	o, ok := asOperand(v)
	if !ok {
		return nil, fmt.Errorf("must be a number or an array, got %s", spec.Describe(v))
	}
	return o, nil
})

func (o operand) at(i int) float64 {
	if o.array == nil {
		return o.number
	}
	return o.array.Data[i]
}

// elementwise applies op to each pair of values; one of x and y is an array.
func elementwise(x, y operand, op func(x, y float64) float64) (*Array, error) {
	like := x.array
	if like == nil {
		like = y.array
	}
	if x.array != nil && y.array != nil && !x.array.sameShape(y.array) {
		return nil, fmt.Errorf("needs arrays of the same shape, got %s and %s", shapeText(x.array.Shape), shapeText(y.array.Shape))
	}
	out := make([]float64, len(like.Data))
	for i := range out {
		out[i] = op(x.at(i), y.at(i))
	}
	return &Array{out, like.Shape}, nil
}

// chooseWhere is array.where.
func chooseWhere(c *spec.Call) []lua.LValue {
	mask := c.Value("mask").(*Array)
	yes, no := c.Value("yes").(operand), c.Value("no").(operand)
	for _, side := range []struct {
		name string
		operand
	}{{"yes", yes}, {"no", no}} {
		if side.array != nil && !side.array.sameShape(mask) {
			c.Fail(side.name, fmt.Sprintf("must have the shape of mask, got %s and %s", shapeText(side.array.Shape), shapeText(mask.Shape)), "")
		}
	}
	out := make([]float64, len(mask.Data))
	for i, m := range mask.Data {
		if m != 0 {
			out[i] = yes.at(i)
		} else {
			out[i] = no.at(i)
		}
	}
	return newArrayResult(c, out, mask.Shape)
}
