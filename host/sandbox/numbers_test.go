package sandbox

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"runlua/kernels/fmath"
)

// number evaluates an expression in Lua.
func number(t *testing.T, expr string) float64 {
	t.Helper()
	L := NewState(Options{})
	defer L.Close()
	fn, err := Load(L, "return "+expr, "x")
	if err != nil {
		t.Fatal(err)
	}
	L.Push(fn)
	L.Call(0, 1)
	return float64(L.Get(-1).(lua.LNumber))
}

// What a script computes by ^ and by the library of mathematics has the bits of
// kernels/fmath, constants folded by the compiler included.
func TestElementaryFunctionsHaveTheKernelsBits(t *testing.T) {
	same := func(expr string, want float64) {
		t.Helper()
		if got := number(t, expr); math.Float64bits(got) != math.Float64bits(want) {
			t.Errorf("%s is %x, want %x", expr, got, want)
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		x, y := 0.01+10*rng.Float64(), 8*rng.Float64()-4
		if y == 1 || y == 2 || y == -1 || y == 0.5 {
			continue
		}
		a, b := numeral(x), numeral(y)
		same(fmt.Sprintf("%s^%s", a, strings.Replace(b, "-", "- ", 1)), fmath.Pow(x, y)) // folded
		same(fmt.Sprintf("(function(x, y) return x^y end)(%s, %s)", a, b), fmath.Pow(x, y))
		same(fmt.Sprintf("math.pow(%s, %s)", a, b), fmath.Pow(x, y))
		for name, f := range map[string]func(float64) float64{
			"exp": fmath.Exp, "log": fmath.Log, "log10": fmath.Log10, "sin": fmath.Sin, "cos": fmath.Cos, "tan": fmath.Tan,
			"sinh": fmath.Sinh, "cosh": fmath.Cosh, "tanh": fmath.Tanh, "atan": fmath.Atan,
		} {
			same(fmt.Sprintf("math.%s(%s)", name, a), f(x))
		}
		same(fmt.Sprintf("math.asin(%s / 11)", a), fmath.Asin(x/11))
		same(fmt.Sprintf("math.acos(%s / 11)", a), fmath.Acos(x/11))
		same(fmt.Sprintf("math.atan2(%s, %s)", b, a), fmath.Atan2(y, x))
	}
}

// The powers that scripts use most are the correctly rounded ones.
func TestSimplePowersAreExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 1000 {
		x := math.Ldexp(rng.Float64(), rng.IntN(60)-30)
		for _, c := range []struct{ y, want float64 }{{1, x}, {2, x * x}, {-1, 1 / x}, {0.5, math.Sqrt(x)}, {0, 1}} {
			if got := pow(x, c.y); got != c.want {
				t.Errorf("%g^%g is %g, want %g", x, c.y, got, c.want)
			}
		}
	}
	for n := range 53 {
		if got := pow(2, float64(n)); got != float64(uint64(1)<<n) {
			t.Errorf("2^%d is %g", n, got)
		}
	}
	for _, c := range []struct{ x, y, want float64 }{
		{math.Copysign(0, -1), 0.5, 0}, {math.Inf(-1), 0.5, math.Inf(1)}, {math.Inf(-1), 2, math.Inf(1)}, {0, -1, math.Inf(1)}, {1, math.Inf(1), 1},
	} {
		if got := pow(c.x, c.y); got != c.want || math.Signbit(got) != math.Signbit(c.want) {
			t.Errorf("%g^%g is %g, want %g", c.x, c.y, got, c.want)
		}
	}
	if got := pow(-8, 1.0/3); !math.IsNaN(got) {
		t.Errorf("(-8)^(1/3) is %g, want nan", got)
	}
}

// C's printf gave these.
func TestNumbersPrintAsCPrintsThem(t *testing.T) {
	for _, c := range []struct {
		v    float64
		want string
	}{
		{0.1, "0.1"}, {1.0 / 3, "0.33333333333333"}, {100, "100"}, {1e14, "1e+14"}, {99999999999999, "99999999999999"},
		{123456.789e3, "123456789"}, {1e-5, "1e-05"}, {0.0001, "0.0001"}, {math.MaxFloat64, "1.7976931348623e+308"},
		{5e-324, "4.9406564584125e-324"}, {math.Copysign(0, -1), "-0"}, {-1.5e300, "-1.5e+300"}, {math.Pi, "3.1415926535898"},
	} {
		if got := formatNumber(c.v); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestNumbersReadBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 1000 {
		v := math.Float64frombits(rng.Uint64())
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		if got, ok := parseNumber(strconv.FormatFloat(v, 'g', 17, 64)); !ok || got != v {
			t.Errorf("%x reads back as %x (%v)", v, got, ok)
		}
	}
}

// fixed is a source of given numbers.
type fixed struct {
	numbers []float64
	seeds   []float64
}

func (f *fixed) Float64() float64 {
	v := f.numbers[0]
	f.numbers = append(f.numbers[1:], v)
	return v
}

func (f *fixed) Reseed(seed float64) { f.seeds = append(f.seeds, seed) }

func TestRandomNumbersComeFromTheRunsGenerator(t *testing.T) {
	source := &fixed{numbers: []float64{0, 0.5, 1 - 0x1p-53}}
	var advice []string
	got, err := exec(t, Options{Random: source, Warn: func(s string) { advice = append(advice, s) }}, `
math.randomseed(7) math.randomseed(8)
print(math.random(), math.random(), math.random() < 1)
print(math.random(6), math.random(6), math.random(6))
print(math.random(-3, 3), math.random(-3, 3), math.random(-3, 3))
print(math.random(1, 2^53), math.random(2^53) == 2^52 + 1, math.random(2^53) == 2^53)
for _, f in ipairs { function() math.random(0) end, function() math.random(2.5) end, function() math.random(3, 1) end, function() math.random(-2^53, 2^53) end } do
  print(select(2, pcall(f)))
end`)
	want := strings.Join([]string{
		"0\t0.5\ttrue", "1\t4\t6", "-3\t0\t3", "1\ttrue\ttrue",
		"script.lua:7: bad argument #1 to 'math.random' (interval is empty)",
		"script.lua:7: bad argument #1 to 'math.random' (integer expected, got 2.5)",
		"script.lua:7: bad argument #2 to 'math.random' (interval is empty)",
		"script.lua:7: bad argument #2 to 'math.random' (interval is wider than 2^53)",
	}, "\n")
	if err != nil || got != want {
		t.Errorf("got\n%s (%v)\nwant\n%s", got, err, want)
	}
	if len(source.seeds) != 2 || source.seeds[0] != 7 || len(advice) != 1 {
		t.Errorf("seeds %v, advice %q; want both seeds and one piece of advice", source.seeds, advice)
	}
}
