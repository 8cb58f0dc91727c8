package spec

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// A Kind is a rule for one argument. Check converts a Lua value to Go; its
// error continues a sentence that begins with the argument's name, as in "must
// be positive, got -3".
type Kind interface {
	Name() string // for help: "a positive number"
	Check(v lua.LValue) (any, error)
}

type kind struct {
	name  string
	check func(v lua.LValue) (any, error)
}

func (k kind) Name() string                    { return k.name }
func (k kind) Check(v lua.LValue) (any, error) { return k.check(v) }

// NewKind returns a Kind of the given name whose Check is the given function.
func NewKind(name string, check func(v lua.LValue) (any, error)) Kind { return kind{name, check} }

func must(name string, v lua.LValue) error {
	return fmt.Errorf("must be %s, got %s", name, Describe(v))
}

func numberKind(name string, ok func(x float64) bool) Kind {
	return kind{name, func(v lua.LValue) (any, error) {
		n, isNumber := v.(lua.LNumber)
		x := float64(n)
		if !isNumber || math.IsNaN(x) || math.IsInf(x, 0) || !ok(x) {
			return nil, must(name, v)
		}
		return x, nil
	}}
}

// Number, Positive, NonNegative and Fraction are finite numbers, float64 in Go.
var (
	Number      = numberKind("a finite number", func(float64) bool { return true })
	Positive    = numberKind("a positive number", func(x float64) bool { return x > 0 })
	NonNegative = numberKind("a number of at least 0", func(x float64) bool { return x >= 0 })
)

// Between is a finite number in [lo, hi], float64 in Go.
func Between(lo, hi float64) Kind {
	return numberKind(fmt.Sprintf("a number from %g to %g", lo, hi), func(x float64) bool { return x >= lo && x <= hi })
}

// Inside is a finite number in (lo, hi), float64 in Go.
func Inside(lo, hi float64) Kind {
	return numberKind(fmt.Sprintf("a number above %g and below %g", lo, hi), func(x float64) bool { return x > lo && x < hi })
}

const exactLimit = 1 << 53

// Int is a whole number in [lo, hi], int in Go. 64.5 is refused, never cut.
func Int(lo, hi int) Kind {
	name := fmt.Sprintf("a whole number from %d to %d", lo, hi)
	if hi == math.MaxInt {
		name = fmt.Sprintf("a whole number of at least %d", lo)
	}
	return intKind(name, func(x int) bool { return x >= lo && x <= hi })
}

// AtLeast is a whole number of at least lo, int in Go.
func AtLeast(lo int) Kind { return Int(lo, math.MaxInt) }

// EvenSize is an even whole number of at least 4, int in Go.
var EvenSize = intKind("an even whole number of at least 4", func(x int) bool { return x >= 4 && x%2 == 0 })

func intKind(name string, ok func(x int) bool) Kind {
	return kind{name, func(v lua.LValue) (any, error) {
		n, isNumber := v.(lua.LNumber)
		x := float64(n)
		if !isNumber || x != math.Trunc(x) || math.Abs(x) > exactLimit || !ok(int(x)) {
			return nil, must(name, v)
		}
		return int(x), nil
	}}
}

// Seed is a whole number from 0 to 2^53 or a string, for larger ones; in Go a
// uint64 or a string.
var Seed Kind = kind{"a whole number from 0 to 2^53, or a string", func(v lua.LValue) (any, error) {
	switch v := v.(type) {
	case lua.LNumber:
		if x := float64(v); x == math.Trunc(x) && x >= 0 && x <= exactLimit {
			return uint64(x), nil
		}
	case lua.LString:
		if v != "" {
			return string(v), nil
		}
	}
	return nil, must("a whole number from 0 to 2^53, or a string", v)
}}

// String is a string, string in Go.
var String Kind = kind{"a string", func(v lua.LValue) (any, error) {
	if s, ok := v.(lua.LString); ok {
		return string(s), nil
	}
	return nil, must("a string", v)
}}

// Name is a string that is not empty.
var Name Kind = kind{"a string that is not empty", func(v lua.LValue) (any, error) {
	if s, ok := v.(lua.LString); ok && s != "" {
		return string(s), nil
	}
	return nil, must("a string that is not empty", v)
}}

// Bool is true or false, bool in Go.
var Bool Kind = kind{"true or false", func(v lua.LValue) (any, error) {
	if b, ok := v.(lua.LBool); ok {
		return bool(b), nil
	}
	return nil, must("true or false", v)
}}

// Function is a Lua function, *lua.LFunction in Go.
var Function Kind = kind{"a function", func(v lua.LValue) (any, error) {
	if f, ok := v.(*lua.LFunction); ok {
		return f, nil
	}
	return nil, must("a function", v)
}}

// Table is a Lua table, *lua.LTable in Go.
var Table Kind = kind{"a table", func(v lua.LValue) (any, error) {
	if t, ok := v.(*lua.LTable); ok {
		return t, nil
	}
	return nil, must("a table", v)
}}

// Any is any value but nil, lua.LValue in Go.
var Any Kind = kind{"any value", func(v lua.LValue) (any, error) { return v, nil }}

// OneOf is one of the given strings, string in Go.
func OneOf(names ...string) Kind {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = strconv.Quote(n)
	}
	name := "one of " + strings.Join(quoted, ", ")
	return kind{name, func(v lua.LValue) (any, error) {
		s, _ := v.(lua.LString)
		for _, n := range names {
			if string(s) == n {
				return n, nil
			}
		}
		err := must(name, v)
		if near := nearest(string(s), names); near != "" {
			err = fmt.Errorf("%w (did you mean %q?)", err, near)
		}
		return nil, err
	}}
}

// Floater is userdata that can be read as a list of numbers, as an array is.
type Floater interface{ Floats() []float64 }

// Numbers is a list of finite numbers or an array, []float64 in Go. The slice
// of an array is the array's own: read it, don't write it.
var Numbers Kind = kind{"a list of finite numbers", func(v lua.LValue) (any, error) {
	switch v := v.(type) {
	case *lua.LUserData:
		if f, ok := v.Value.(Floater); ok {
			return f.Floats(), nil
		}
	case *lua.LTable:
		out := make([]float64, 0, v.Len())
		for i := 1; i <= v.Len(); i++ {
			x, err := Number.Check(v.RawGetInt(i))
			if err != nil {
				return nil, fmt.Errorf("must be a list of finite numbers, got %s at [%d]", Describe(v.RawGetInt(i)), i)
			}
			out = append(out, x.(float64))
		}
		return out, nil
	}
	return nil, must("a list of finite numbers", v)
}}

// UserData is userdata whose Go value has the type T, a T in Go.
func UserData[T any](name string) Kind {
	return kind{name, func(v lua.LValue) (any, error) {
		if u, ok := v.(*lua.LUserData); ok {
			if t, ok := u.Value.(T); ok {
				return t, nil
			}
		}
		return nil, must(name, v)
	}}
}

// Describe says what a value is, as an error quotes it: 32, "abc", a table.
func Describe(v lua.LValue) string {
	switch v := v.(type) {
	case lua.LNumber:
		if x := float64(v); x == math.Trunc(x) && math.Abs(x) < 1e21 {
			return strconv.FormatFloat(x, 'f', -1, 64)
		}
		return strconv.FormatFloat(float64(v), 'g', -1, 64)
	case lua.LString:
		if len(v) > 60 {
			return strconv.Quote(string(v[:60])) + "…"
		}
		return strconv.Quote(string(v))
	case lua.LBool:
		return v.String()
	case *lua.LNilType:
		return "nil"
	case *lua.LUserData:
		if d, ok := v.Value.(interface{ Describe() string }); ok {
			return d.Describe()
		}
		return "userdata"
	default:
		return "a " + v.Type().String()
	}
}
