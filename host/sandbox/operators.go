package sandbox

import (
	"math"

	lua "github.com/yuin/gopher-lua"

	"runlua/kernels/fmath"
)

// The functions that stand in compiled code where the source has ^ and "..".
// They hold no state, so one of each serves all Lua states.
var (
	powFunction    = &lua.LFunction{IsG: true, GFunction: powOperator}
	concatFunction = &lua.LFunction{IsG: true, GFunction: concatOperator}
)

// pow is x^y with the same bits on every processor. The powers 1, 2, -1 and ½
// are the correctly rounded ones.
func pow(x, y float64) float64 {
	switch y {
	case 1:
		return x
	case 2:
		return x * x
	case -1:
		return 1 / x
	case 0.5:
		if !math.IsInf(x, -1) {
			return math.Sqrt(x) + 0 // + 0: (-0)^½ is 0
		}
	}
	return fmath.Pow(x, y)
}

// powOperator is a^b: of numbers and numeric strings, else by the metamethod
// __pow of either operand.
func powOperator(L *lua.LState) int {
	a, b := L.Get(1), L.Get(2)
	x, okX := toNumber(a)
	y, okY := toNumber(b)
	switch {
	case okX && okY:
		L.Push(lua.LNumber(pow(x, y)))
	case callMeta(L, "__pow", a, b):
	default:
		bad := a
		if okX {
			bad = b
		}
		L.RaiseError("attempt to perform arithmetic on a %s value", bad.Type())
	}
	return 1
}

// concatOperator is a..b..c, from the right as Lua does it: runs of strings and
// numbers are joined, other pairs go to the metamethod __concat.
func concatOperator(L *lua.LState) int {
	n := L.GetTop()
	right := L.Get(n)
	for i := n - 1; i >= 1; {
		left := L.Get(i)
		_, okL := plainString(left)
		_, okR := plainString(right)
		if !okL || !okR {
			if !callMeta(L, "__concat", left, right) {
				bad := left
				if okL {
					bad = right
				}
				L.RaiseError("attempt to concatenate a %s value", bad.Type())
			}
			right = L.Get(-1)
			L.Pop(1)
			i--
			continue
		}
		first := i
		for first > 1 && lua.LVCanConvToString(L.Get(first-1)) {
			first--
		}
		right = lua.LString(joinOperands(L, first, i, right))
		i = first - 1
	}
	L.Push(right)
	return 1
}

// joinOperands returns the operands first to last and the one to their right as
// one string.
func joinOperands(L *lua.LState, first, last int, right lua.LValue) string {
	var buf [8]string
	parts := buf[:0]
	size := 0
	for i := first; i <= last+1; i++ {
		v := right
		if i <= last {
			v = L.Get(i)
		}
		s, _ := plainString(v)
		parts = append(parts, s)
		size += len(s)
	}
	checkSize(L, size)
	joined := make([]byte, 0, size)
	for _, s := range parts {
		joined = append(joined, s...)
	}
	return string(joined)
}

// callMeta pushes the result of the metamethod of a or else of b, if there is
// one.
func callMeta(L *lua.LState, event string, a, b lua.LValue) bool {
	fn := L.GetMetaField(a, event)
	if fn == lua.LNil {
		fn = L.GetMetaField(b, event)
	}
	if fn == lua.LNil {
		return false
	}
	L.Push(fn)
	L.Push(a)
	L.Push(b)
	L.Call(2, 1)
	return true
}

// checkSize raises a Lua error if a string of the given length may not be made.
func checkSize(L *lua.LState, size int) {
	if size > MaxString {
		L.RaiseError("the string would be %d bytes long; at most %d (64 MiB) are possible", size, MaxString)
	}
}
