package sandbox

import (
	"math"

	lua "github.com/yuin/gopher-lua"

	"runlua/kernels/fmath"
)

var mathFuncs = map[string]lua.LGFunction{
	"abs":        unary(math.Abs),
	"acos":       unary(fmath.Acos),
	"asin":       unary(fmath.Asin),
	"atan":       unary(fmath.Atan),
	"atan2":      binary(fmath.Atan2),
	"ceil":       unary(math.Ceil),
	"cos":        unary(fmath.Cos),
	"cosh":       unary(fmath.Cosh),
	"deg":        unary(func(x float64) float64 { return x / (math.Pi / 180) }),
	"exp":        unary(fmath.Exp),
	"floor":      unary(math.Floor),
	"fmod":       binary(math.Mod),
	"frexp":      mathFrexp,
	"ldexp":      mathLdexp,
	"log":        unary(fmath.Log),
	"log10":      unary(fmath.Log10),
	"max":        mathMax,
	"min":        mathMin,
	"modf":       mathModf,
	"pow":        binary(pow),
	"rad":        unary(func(x float64) float64 { return x * (math.Pi / 180) }),
	"random":     mathRandom,
	"randomseed": mathRandomSeed,
	"sin":        unary(fmath.Sin),
	"sinh":       unary(fmath.Sinh),
	"sqrt":       unary(math.Sqrt),
	"tan":        unary(fmath.Tan),
	"tanh":       unary(fmath.Tanh),
}

func unary(f func(float64) float64) lua.LGFunction {
	return func(L *lua.LState) int {
		L.Push(lua.LNumber(f(checkNumber(L, 1))))
		return 1
	}
}

func binary(f func(x, y float64) float64) lua.LGFunction {
	return func(L *lua.LState) int {
		L.Push(lua.LNumber(f(checkNumber(L, 1), checkNumber(L, 2))))
		return 1
	}
}

func mathMax(L *lua.LState) int {
	v := checkNumber(L, 1)
	for i := 2; i <= L.GetTop(); i++ {
		if x := checkNumber(L, i); x > v {
			v = x
		}
	}
	L.Push(lua.LNumber(v))
	return 1
}

func mathMin(L *lua.LState) int {
	v := checkNumber(L, 1)
	for i := 2; i <= L.GetTop(); i++ {
		if x := checkNumber(L, i); x < v {
			v = x
		}
	}
	L.Push(lua.LNumber(v))
	return 1
}

func mathFrexp(L *lua.LState) int {
	frac, exp := math.Frexp(checkNumber(L, 1))
	L.Push(lua.LNumber(frac))
	L.Push(lua.LNumber(exp))
	return 2
}

func mathLdexp(L *lua.LState) int {
	L.Push(lua.LNumber(math.Ldexp(checkNumber(L, 1), checkInt(L, 2))))
	return 1
}

func mathModf(L *lua.LState) int {
	x := checkNumber(L, 1)
	whole, frac := math.Modf(x)
	if math.IsInf(x, 0) {
		frac = math.Copysign(0, x)
	}
	L.Push(lua.LNumber(whole))
	L.Push(lua.LNumber(frac))
	return 2
}

// mathRandom is math.random(), math.random(m) and math.random(m, n).
func mathRandom(L *lua.LState) int {
	source := stateOf(L).Random
	if source == nil {
		L.RaiseError("math.random: this state has no generator of random numbers")
	}
	low, high := 1.0, 0.0
	switch L.GetTop() {
	case 0:
		L.Push(lua.LNumber(source.Float64()))
		return 1
	case 1:
		high = checkWhole(L, 1)
	case 2:
		low, high = checkWhole(L, 1), checkWhole(L, 2)
	default:
		L.RaiseError("wrong number of arguments")
	}
	if low > high {
		argError(L, L.GetTop(), "interval is empty")
	}
	width := high - low + 1
	if width > 1<<53 {
		argError(L, L.GetTop(), "interval is wider than 2^53")
	}
	L.Push(lua.LNumber(math.Floor(float64(source.Float64()*width)) + low))
	return 1
}

// checkWhole returns argument n, an integer within ±2^53.
func checkWhole(L *lua.LState, n int) float64 {
	v := checkNumber(L, n)
	if v != math.Trunc(v) || math.Abs(v) > 1<<53 {
		argError(L, n, "integer expected, got "+formatNumber(v))
	}
	return v
}

// mathRandomSeed keys the run's generator anew, where the host lets it.
func mathRandomSeed(L *lua.LState) int {
	seed := checkNumber(L, 1)
	s := stateOf(L)
	source, ok := s.Random.(Reseeder)
	if !ok {
		L.RaiseError("math.randomseed is not available: the script's option seed and the task key the random numbers, so that they repeat")
	}
	if seeded, ok := s.Random.(Seeded); !ok || !seeded.WantsSeeds() {
		s.warnOnce("math.randomseed: the random numbers that follow depend on the number given; after math.randomseed(os.time()) no run repeats another. Prefer the option seed.")
	}
	source.Reseed(seed)
	return 0
}
