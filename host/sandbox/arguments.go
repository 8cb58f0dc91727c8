package sandbox

import (
	"math"

	lua "github.com/yuin/gopher-lua"
)

// checkNumber returns argument n, converted, or raises a Lua error.
func checkNumber(L *lua.LState, n int) float64 {
	v, ok := toNumber(L.Get(n))
	if !ok {
		typeError(L, n, "number")
	}
	return v
}

// checkInt returns argument n cut to an integer as Lua 5.1 does, and held
// within ±2^53.
func checkInt(L *lua.LState, n int) int {
	v := checkNumber(L, n)
	if math.IsNaN(v) {
		argError(L, n, "number expected, got nan")
	}
	return int(max(-1<<53, min(1<<53, v)))
}

func optInt(L *lua.LState, n, otherwise int) int {
	if L.Get(n) == lua.LNil {
		return otherwise
	}
	return checkInt(L, n)
}

// checkString returns argument n, a string or number, or raises a Lua error.
func checkString(L *lua.LState, n int) string {
	s, ok := plainString(L.Get(n))
	if !ok {
		typeError(L, n, "string")
	}
	return s
}

func optString(L *lua.LState, n int, otherwise string) string {
	if L.Get(n) == lua.LNil {
		return otherwise
	}
	return checkString(L, n)
}

// typeName is the type of a value; of the host's own what it says that it is.
func typeName(v lua.LValue) string {
	if u, ok := v.(*lua.LUserData); ok {
		if d, ok := u.Value.(interface{ Describe() string }); ok {
			return d.Describe()
		}
	}
	return v.Type().String()
}

func typeError(L *lua.LState, n int, want string) {
	got := "no value"
	if n <= L.GetTop() {
		got = typeName(L.Get(n))
	}
	argError(L, n, want+" expected, got "+got)
}

// argError blames argument n of the function under way, by the name that the
// function has in its library.
func argError(L *lua.LState, n int, message string) {
	name := "?"
	if dbg, ok := L.GetStack(0); ok {
		if fn, err := L.GetInfo("f", dbg, lua.LNil); err == nil {
			if known, ok := HostName(L, fn); ok {
				name = known
			}
		}
	}
	L.RaiseError("bad argument #%d to '%s' (%s)", n, name, message)
}

// checkTable returns argument n, a table, or raises a Lua error.
func checkTable(L *lua.LState, n int) *lua.LTable {
	t, ok := L.Get(n).(*lua.LTable)
	if !ok {
		typeError(L, n, "table")
	}
	return t
}

// checkFunction returns argument n, a function, or raises a Lua error.
func checkFunction(L *lua.LState, n int) *lua.LFunction {
	f, ok := L.Get(n).(*lua.LFunction)
	if !ok {
		typeError(L, n, "function")
	}
	return f
}

func checkAny(L *lua.LState, n int) lua.LValue {
	if n > L.GetTop() {
		argError(L, n, "value expected")
	}
	return L.Get(n)
}
