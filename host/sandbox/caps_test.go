package sandbox

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// Each takes all memory, or hours, where nothing bounds it.
func TestOneCallCannotTakeAllMemory(t *testing.T) {
	for script, want := range map[string]string{
		`return ("x"):rep(1e10)`:                     "string.rep: the string would be 10000000000 bytes long; at most 67108864 (64 MiB) are possible",
		`return ("x"):rep(2^53)`:                     "string.rep: the string would be 9.007199254741e+15 bytes long; at most 67108864 (64 MiB) are possible",
		`local s = "x" while true do s = s .. s end`: "the string would be 134217728 bytes long; at most 67108864 (64 MiB) are possible",
		`return ("%s"):rep(9):format(("x"):rep(2^23), ("x"):rep(2^23), ("x"):rep(2^23), ("x"):rep(2^23), ("x"):rep(2^23), ("x"):rep(2^23), ("x"):rep(2^23), ("x"):rep(2^23), ("x"):rep(2^23))`: "the string would be 75497472 bytes long",
		`return ("%999d"):format(1)`:                                                                                "invalid format (width or precision too long)",
		`return ("x"):rep(1e4):gsub("x", ("y"):rep(1e4))`:                                                           "the string would be ",
		`local t = {} for i = 1, 1e4 do t[i] = ("x"):rep(1e4) end return table.concat(t)`:                           "the string would be 67110000 bytes long",
		`return unpack({}, 1, 1e8)`:                                                                                 "too many results to unpack",
		`return ("x"):rep(1e6):byte(1, -1)`:                                                                         "string slice too long",
		`local function f() return 1 + f() end f()`:                                                                 "stack overflow",
		`local function f() return pcall(f) end return f(f())`:                                                      "",
		`local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k + 1] end return t[1]`:   "stack overflow",
		`local function f() return coroutine.wrap(f)() end f()`:                                                     "stack overflow (coroutines nest deeper than 200)",
		`local t = {} for i = 1, 3e5 do t[i] = i end return (function(...) return select("#", ...) end)(unpack(t))`: "too many results to unpack",
	} {
		_, err := exec(t, Options{}, script)
		got := ""
		if err != nil {
			got = Explain(err).Message
		}
		if !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("error %q, want %q, of\n%s", got, want, script)
		}
	}
}

func TestAssigningFarIntoAListTakesLittle(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got, err := exec(t, Options{}, `local t = {} t[2^26 - 1] = 1 t[2^40] = 2 print(t[2^26 - 1], t[2^40])`)
	runtime.ReadMemStats(&after)
	if err != nil || got != "1\t2" {
		t.Errorf("got %q (%v)", got, err)
	}
	// Without the cap of MaxListIndex it is over 1 GiB.
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 64<<20 {
		t.Errorf("%d MiB were allocated, want next to nothing", grown>>20)
	}
}

func TestPatternsHaveABudget(t *testing.T) {
	for _, script := range []string{
		`return ("a"):rep(5000):find(".-.-.-.-b")`,
		`return ("a"):rep(5000):match("a*a*a*a*b")`,
		`return ("a"):rep(5000):gsub("a-a-a-a-b", "")`,
		`for x in ("a"):rep(5000):gmatch("a-a-a-a-b") do end`,
		`return ("("):rep(5e5):find("%b()%b()")`,
	} {
		_, err := exec(t, Options{PatternSteps: 1e6}, script)
		if err == nil || !strings.Contains(err.Error(), "script.lua:1: pattern too complex: no answer after 1000000 steps on a string of") {
			t.Errorf("error %v, want the budget's, of %s", err, script)
		}
	}
	if got, err := exec(t, Options{PatternSteps: 4e6}, `print(select(2, ("ab "):rep(1e5):gsub("%w+", "x")))`); err != nil || got != "100000" {
		t.Errorf("a plain gsub over 300 kB prints %q (%v)", got, err)
	}
}

func TestAPatternMatchCanBeCancelled(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	L := NewState(Options{PatternSteps: 1 << 60})
	defer L.Close()
	L.SetContext(ctx)
	err := callIn(t, L, `return ("a"):rep(1e5):find(".-.-.-.-b")`)
	if cause, ok := Cancelled(ctx, err); !ok || cause != context.DeadlineExceeded {
		t.Errorf("error %v is not the cancellation (%v)", err, cause)
	}
}

func callIn(t *testing.T, L *lua.LState, script string) error {
	t.Helper()
	fn, err := Load(L, script, "script.lua")
	if err != nil {
		t.Fatal(err)
	}
	L.Push(fn)
	return L.PCall(0, 0, nil)
}

// No handler of a script survives a cancellation.
func TestPcallCannotCatchACancellation(t *testing.T) {
	for _, script := range []string{
		`while true do pcall(function() while true do end end) end`,
		`while true do xpcall(function() while true do end end, function(m) while true do end end) end`,
		`while true do coroutine.resume(coroutine.create(function() while true do end end)) end`,
		`local f = coroutine.wrap(function() while true do pcall(function() while true do end end) end end) while true do pcall(f) end`,
		`while true do pcall(table.sort, {3, 2, 1}, function() while true do end end) end`,
		`while true do pcall(string.gsub, "abc", "%w", function() while true do end end) end`,
		`while true do pcall(tostring, setmetatable({}, {__tostring = function() while true do end end})) end`,
		`local t = setmetatable({}, {__index = function() while true do end end}) while true do pcall(function() return t.x end) end`,
		`while true do pcall(load, function() while true do end end) end`,
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		why := errors.New("Ctrl+C")
		L := NewState(Options{})
		L.SetContext(ctx)
		timer := time.AfterFunc(20*time.Millisecond, func() { cancel(why) })
		err := callIn(t, L, script)
		if cause, ok := Cancelled(ctx, err); !ok || cause != why {
			t.Errorf("error %v (cause %v), want the cancellation, of %s", err, cause, script)
		}
		timer.Stop()
		L.Close()
	}
}

func TestAnErrorOfTheScriptIsNoCancellation(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	L := NewState(Options{})
	defer L.Close()
	L.SetContext(ctx)
	err := callIn(t, L, `error("context canceled")`)
	if _, ok := Cancelled(ctx, err); ok {
		t.Error("an error with the words of a cancellation counts as one while the context is live")
	}
	err = callIn(t, L, `error("no voids")`)
	cancel()
	if _, ok := Cancelled(ctx, err); ok {
		t.Error("an error of the script counts as a cancellation because one came afterwards")
	}
}

func TestTheWatchdogStopsAMemoryBomb(t *testing.T) {
	for _, script := range []string{
		`local t = {} while true do t[#t + 1] = ("x"):rep(1e6) end`,
		`local t = {} while true do pcall(function() while true do t[#t + 1] = ("x"):rep(1e5) .. #t end end) end`,
		`local t = {} while true do t = {t, {}, {}} end`,
	} {
		L := NewState(Options{MemoryLimit: 64 << 20})
		stop := Watch(t.Context(), L)
		ctx := L.Context()
		err := callIn(t, L, script)
		cause, ok := Cancelled(ctx, err)
		stop()
		L.Close()
		if !ok || !errors.Is(cause, ErrMemory) {
			t.Errorf("error %v (cause %v), want ErrMemory, of %s", err, cause, script)
		}
	}
}

func TestTheWatchdogLeavesGarbageAndKernelsAlone(t *testing.T) {
	var held atomic.Int64
	L := NewState(Options{MemoryLimit: 64 << 20, Exempt: held.Load})
	defer L.Close()
	stop := Watch(t.Context(), L)
	defer stop()
	held.Store(200 << 20)
	kernel := make([]byte, 200<<20)
	// A collection takes for alive what is made while it runs: on a single processor
	// up to 10 ms of garbage, which in strings of this size is less than the limit.
	err := callIn(t, L, `local t0 = os.clock() while os.clock() - t0 < 0.3 do local s = ("x"):rep(1e4) end`)
	if err != nil {
		t.Errorf("error %v, want none", err)
	}
	runtime.KeepAlive(kernel)
}

func TestInstructionsAreCounted(t *testing.T) {
	L := NewState(Options{InstructionLimit: 1e5})
	defer L.Close()
	stop := Watch(t.Context(), L)
	defer stop()
	if err := callIn(t, L, `for i = 1, 1e4 do end`); err != nil {
		t.Errorf("10⁴ turns: error %v, want none", err)
	}
	err := callIn(t, L, `while true do pcall(coroutine.wrap(function() while true do end end)) end`)
	if cause, ok := Cancelled(L.Context(), err); !ok || !errors.Is(cause, ErrInstructions) {
		t.Errorf("error %v (cause %v), want ErrInstructions", err, cause)
	}
}

func TestAGoPanicIsNotedUnderPcall(t *testing.T) {
	for _, script := range []string{
		`return pcall(kernel)`, `return xpcall(kernel, print)`, `return coroutine.resume(coroutine.create(kernel))`,
		`return pcall(bare)`, `return xpcall(bare, print)`, `return coroutine.resume(coroutine.create(function() bare() end))`,
		`return pcall(table.sort, {2, 1}, function(a, b) return bare() end)`,
	} {
		log := new(PanicLog)
		L := NewState(Options{Panics: log})
		bug := func(L *lua.LState) int { var mesh []float64; mesh[L.GetTop()+3] = 1; return 0 }
		L.SetGlobal("kernel", L.NewFunction(log.Guard("nbody.evolve", bug)))
		L.SetGlobal("bare", L.NewFunction(bug))
		if err := callIn(t, L, script); err != nil {
			t.Errorf("error %v, want the panic caught, of %s", err, script)
		}
		L.Close()
		err := log.Err()
		if err == nil || !strings.Contains(err.Error(), "a bug of runlua") || !strings.Contains(err.Error(), "index out of range [3]") {
			t.Errorf("the log says %v of %s", err, script)
		}
		if p := log.Panics(); strings.Contains(script, "kernel") && (p[0].Where != "nbody.evolve" || !strings.Contains(p[0].Stack, "caps_test.go")) {
			t.Errorf("the log has %+v, want the function and the Go stack, of %s", p[0], script)
		}
	}
}

func TestErrorsOfScriptsAreNoPanics(t *testing.T) {
	log := new(PanicLog)
	for _, script := range []string{
		`error("x")`, `error({})`, `local t t.x = 1`, `pcall(error)`, `local function f() return 1 + f() end pcall(f)`,
		`local function f() return 1 + f() end pcall(string.gsub, "a", "a", f)`, `("x"):rep(1e12)`, `("x"):find("[")`,
		`local function f() return 1 + f() end coroutine.resume(coroutine.create(f))`, `table.concat({{}})`, `string.format("%y", 1)`,
	} {
		exec(t, Options{Panics: log}, script)
	}
	if err := log.Err(); err != nil {
		t.Errorf("the log says %v, want nothing", err)
	}
}
