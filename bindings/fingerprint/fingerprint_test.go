package fingerprint

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// run executes a script with Lua's own libraries, which stand for the host's,
// and a global task(fn) that describes fn.
func run(t *testing.T, name, script string) []Field {
	t.Helper()
	fields, err := describe(name, script)
	if err != nil {
		t.Fatalf("%v in:\n%s", err, script)
	}
	return fields
}

func describe(name, script string) (fields []Field, err error) {
	L := lua.NewState()
	defer L.Close()
	host := map[lua.LValue]string{}
	L.GetGlobal("string").(*lua.LTable).RawSetString("gfind", lua.LNil) // a second name of gmatch
	L.G.Global.ForEach(func(name, v lua.LValue) {
		t, ok := v.(*lua.LTable)
		if !ok || t == L.G.Global {
			return
		}
		lib := name.String()
		host[t] = lib
		t.ForEach(func(k, f lua.LValue) {
			if f.Type() == lua.LTFunction {
				host[f] = lib + "." + k.String()
			}
		})
	})
	L.G.Global.ForEach(func(k, f lua.LValue) {
		if f.Type() == lua.LTFunction {
			host[f] = k.String()
		}
	})
	options := L.NewUserData()
	L.SetGlobal("opt", options)
	host[options] = "options"
	hostName := func(v lua.LValue) (string, bool) {
		switch v.(type) {
		case *lua.LFunction, *lua.LTable, *lua.LUserData:
			name, ok := host[v]
			return name, ok
		}
		return "", false
	}
	var described error
	L.SetGlobal("task", L.NewFunction(func(L *lua.LState) int {
		fields, described = Of(L.CheckFunction(1), Options{HostName: hostName})
		return 0
	}))
	L.SetGlobal("array", L.NewFunction(func(L *lua.LState) int {
		ud := L.NewUserData()
		ud.Value = testArray(L.CheckString(1))
		L.Push(ud)
		return 1
	}))
	host[L.GetGlobal("array")], host[L.GetGlobal("task")] = "array", "task"
	fn, err := L.Load(strings.NewReader(script), name)
	if err != nil {
		return nil, err
	}
	L.Push(fn)
	if err := L.PCall(0, 0, nil); err != nil {
		return nil, err
	}
	return fields, described
}

type testArray string

func (a testArray) FingerprintValue() (string, error) { return "array " + string(a), nil }

// changed names the fields that differ.
func changed(a, b []Field) []string {
	var names []string
	in := func(fields []Field, f Field) bool { return slices.Contains(fields, f) }
	for _, f := range a {
		if !in(b, f) {
			names = append(names, f.Name)
		}
	}
	for _, f := range b {
		if !in(a, f) && !slices.Contains(names, f.Name) {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	return names
}

const voids = `
local settings = { box = 256, label = "quick", nested = { depth = 2, width = 3 } }
local calibration = {}
local function radius(x) return x * 3 end
function calibration.mean(x) return radius(x) + 1 end
function calibration.message() return "done" end
task(function(p)
  local m = calibration.mean(p.beta)
  return m * settings.box * settings.nested.depth
end)
`

// manyConstants fills a function's table of constants until no operand of an
// instruction reaches further ones.
var manyConstants = func() string {
	var list strings.Builder
	for i := range 300 {
		fmt.Fprintf(&list, "%d.5, ", i)
	}
	return "local list = {" + list.String() + "}"
}()

// Each case edits a script and names the fields that must differ.
var edits = []struct {
	claim, script, old, new string
	want                    string // names, separated by spaces; "" for none
}{
	{"a comment changes nothing", voids, "local m =", "-- the mean\n  local m =", ""},
	{"blank lines change nothing", voids, "\ntask(", "\n\n\n\ntask(", ""},
	{"a renamed parameter or local changes nothing", voids, "local m = calibration.mean(p.beta)\n  return m ", "local mean = calibration.mean(p.beta)\n  return mean ", ""},
	{"a message outside changes nothing", voids, `"done"`, `"finished"`, ""},
	{"a field that code doesn't name changes nothing", voids, `"quick"`, `"slow"`, ""},
	{"a nested field that code doesn't name changes nothing", voids, "width = 3", "width = 4", ""},
	{"a new field changes nothing", voids, "box = 256,", "box = 256, mesh = 512,", ""},
	{"a constant in the task", voids, "(p.beta)", "(p.beta + 1)", "task function"},
	{"a helper in a module", voids, "+ 1 end", "+ 2 end", "calibration.mean"},
	{"a helper of a helper", voids, "x * 3", "x * 4", "radius"},
	{"a captured setting", voids, "box = 256", "box = 512", "settings.box"},
	{"a nested captured setting", voids, "depth = 2", "depth = 3", "settings.nested.depth"},
	{"a setting that is gone", voids, "box = 256, ", "", "settings.box"},
	{"a number's type", voids, "box = 256", `box = "256"`, "settings.box"},

	{"a captured number", `local n = 3 task(function() return n end)`, "3", "4", "n"},
	{"a number one bit apart", `local n = 0.3 task(function() return n end)`, "0.3", "0.1 + 0.2", "n"},
	{"a captured string", `local s = "a" task(function() return s .. "x" end)`, `"a"`, `"b"`, "s"},
	{"a long string, at its end", `local s = ("x"):rep(1000) .. "a" task(function() return s end)`, `"a"`, `"b"`, "s"},
	{"a captured boolean", `local s = true task(function() return s end)`, `true`, `false`, "s"},
	{"a nil that becomes a value", `local s task(function() return s end)`, `local s `, `local s = 1 `, "s"},
	{"minus zero", `local n = 0 task(function() return 1/n end)`, "n = 0", "n = -0", "n"},
	{"a value assigned after the function was made", `local n = 1 local function f() return n end n = 2 task(f)`, "n = 2", "n = 3", "n"},
	{"an upvalue of a nested function", `local n = 3 task(function() return function() return n end end)`, "3", "4", "n"},
	{"an upvalue two functions deep", `local s = {a=1,b=2} task(function() return function() return function() return s.a end end end)`, "a=1", "a=3", "s.a"},
	{"the other field two functions deep", `local s = {a=1,b=2} task(function() return function() return function() return s.a end end end)`, "b=2", "b=3", ""},
	{"code of a nested function", `task(function() return function() return 1 end end)`, "return 1", "return 2", "task function"},
	{"a recursive function", `local function f(n) if n < 2 then return 1 end return n * f(n-1) end task(function() return f(5) end)`, "n < 2", "n < 1", "f"},
	{"the task itself, recursive", `local function f(n) if n < 2 then return 1 end return n * f(n-1) end task(f)`, "n < 2", "n < 1", "task function"},
	{"functions that call each other", `local a, b function a(n) return n < 1 or b(n-1) end function b(n) return n < 2 or a(n-1) end task(function() return a(9) end)`, "n < 2", "n < 3", "b"},

	{"a global function", `function g() return 1 end task(function() return g() end)`, "return 1", "return 2", "g"},
	{"a global number", `n = 1 task(function() return n end)`, "n = 1", "n = 2", "n"},
	{"a field of a global table", `c = {x = 1, y = 2} task(function() return c.x end)`, "x = 1", "x = 3", "c.x"},
	{"the other field of a global table", `c = {x = 1, y = 2} task(function() return c.x end)`, "y = 2", "y = 3", ""},
	{"a global through _G", `n = 1 task(function() return _G.n end)`, "n = 1", "n = 2", "_G.n"},
	{"a function of the host put in another's place", `task(function() return math.sqrt(2) end)`, "task(", "math.sqrt = math.abs task(", "math.sqrt"},
	{"a Lua function put in a function of the host's place", `task(function() return math.sqrt(2) end)`, "task(", "math.sqrt = function(x) return x end task(", "math.sqrt"},
	{"a captured function of the host", `local f = math.sqrt task(function() return f(2) end)`, "math.sqrt", "math.abs", "f"},
	{"a constant of the host overwritten", `task(function() return math.pi end)`, "task(", "math.pi = 3 task(", "math.pi"},

	{"a Lua function put in a library that is handed on", `function math.twice(x) return 2 * x end task(function() return pairs(math) end)`, "2 * x", "3 * x", "math.twice"},
	{"a variable that is sometimes one table, sometimes another", `local a, b = {n = 1}, {n = 2} task(function(c) local v if c then v = a else v = b end return v.n end)`, "n = 2", "n = 3", "b.n"},

	{"two captured variables that change places", `local a, b = 1, 2 task(function() return a - b end)`, "a - b", "b - a", "task function"},
	{"two captured functions that change places", `local function f(x) return x + 1 end local function g(x) return x * 2 end task(function() return f(g(5)) end)`, "f(g(5))", "g(f(5))", "task function"},
	{"two variables that change places in a nested function", `local a, b = 1, 2 task(function() return function() return a - b end end)`, "a - b", "b - a", "task function"},
	{"two variables that change places in a helper", `local a, b = 1, 2 local function f() return a - b end task(function() return f() end)`, "a - b", "b - a", "f"},
	{"two locals that change places in a nested function", `task(function(a, b) return function() return a - b end end)`, "a - b", "b - a", "task function"},
	{"a renamed local that a nested function captures changes nothing", `task(function(a) return function() return a end end)`, "(a) return function() return a ", "(x) return function() return x ", ""},

	{"a method that a script gave to strings", `function string.twice(s) return s .. s end task(function(s) return s:twice() end)`, "s .. s", "s .. s .. s", "string.twice"},
	{"a method of strings, called in a nested function", `function string.twice(s) return s .. s end task(function() return function(s) return s:twice() end end)`, "s .. s", "s .. s .. s", "string.twice"},
	{"a method of strings, called by a helper", `function string.twice(s) return s .. s end local function f(s) return s:twice() end task(function() return f("a") end)`, "s .. s", "s .. s .. s", "string.twice"},
	{"what a method of strings captures", `local n = 1 function string.more(s) return s .. n end task(function(s) return s:more() end)`, "n = 1", "n = 2", "n"},
	{"another method of strings changes nothing", `function string.twice(s) return s .. s end task(function(s) return s:upper() end)`, "s .. s", "s .. s .. s", ""},
	{"a method of strings put in another's place", `task(function(s) return s:upper() end)`, "task(", "string.upper = string.lower task(", "string.upper"},
	{"a method that is taken of a string by name", `function string.twice(s) return s .. s end task(function(s) local f = s.twice return f(s) end)`, "s .. s", "s .. s .. s", "string.twice"},
	{"a method that is taken of a string by a computed name", `function string.twice(s) return s .. s end task(function(s, k) return s[k](s) end)`, "s .. s", "s .. s .. s", "string.twice"},
	{"a method whose name is beyond the 256th constant", `function string.twice(s) return s .. s end task(function(s) ` + manyConstants + ` return s:twice() end)`, "s .. s", "s .. s .. s", "string.twice"},
	{"a method of strings where string is a local variable's name", `function string.twice(s) return s .. s end local string = 1 task(function(s) return string, s:twice() end)`, "s .. s", "s .. s .. s", "string (in task function).twice"},

	{"the order of keys, which pairs follows", `local o = {a = 1, b = 2} task(function() for k in pairs(o) do return k end end)`, "a = 1, b = 2", "b = 2, a = 1", "o.(key order)"},
	{"the order of keys in a table within", `local o = {t = {a = 1, b = 2}} task(function() return o end)`, "a = 1, b = 2", "b = 2, a = 1", "o.t.(key order)"},
	{"the order of keys beside a list", `local o = {1, 2, a = 1, b = 2} task(function() return o end)`, "1, 2, a = 1, b = 2", "b = 2, 1, a = 1, 2", "o.(key order)"},
	{"a list beside keys in order changes nothing", `local o = {1, 2, a = 1, b = 2} task(function() return o end)`, "1, 2, a = 1, b = 2", "a = 1, 1, b = 2, 2", ""},
	{"the order of keys that are no strings", `local o = {[-1] = 1, [true] = 2} task(function() return o end)`, "[-1] = 1, [true] = 2", "[true] = 2, [-1] = 1", "o.(key order)"},
	{"the order of keys of a large table", `local o = {} for i = 1, 500 do o["k" .. i] = 0 end task(function() return o end)`, "i = 1, 500", "i = 500, 1, -1", "o"},
	{"the order of long keys", `local k = ("x"):rep(200) local o = {a = 1} o[k .. 1] = 1 o[k .. 2] = 2 task(function() return o end)`, "o[k .. 1] = 1 o[k .. 2] = 2", "o[k .. 2] = 2 o[k .. 1] = 1", "o.(key order)"},
	{"a key assigned again stays in its place", `local o = {a = 1, b = 2} task(function() return o end)`, "task(", "o.a = 1 task(", ""},
	{"the order of keys changes nothing where code names fields", `local o = {a = 1, b = 2} task(function() return o.a + o.b end)`, "a = 1, b = 2", "b = 2, a = 1", ""},
	{"the order of globals, of which the host made some", `a = 1 b = 2 task(function() return _G end)`, "a = 1 b = 2", "b = 2 a = 1", "_G.(key order)"},

	{"a method call hands over all of the table", `local o = {n = 1} function o:get() return self.n end task(function() return o:get() end)`, "n = 1", "n = 2", "o.n"},
	{"an index that is no constant takes all", `local o = {a = 1, b = 2} task(function(k) return o[k] end)`, "b = 2", "b = 3", "o.b"},
	{"a table handed on takes all", `local o = {a = 1, b = 2} task(function() return next(o) end)`, "b = 2", "b = 3", "o.b"},
	{"a table returned takes all", `local o = {a = 1, b = 2} task(function() return o end)`, "b = 2", "b = 3", "o.b"},
	{"a table stored takes all", `local o = {a = 1, b = 2} task(function() local t = {o} return t end)`, "b = 2", "b = 3", "o.b"},
	{"the length takes all", `local o = {1, 2} task(function() return #o end)`, "1, 2", "1, 2, 3", "o"},
	{"a loop over it takes all", `local o = {a = 1, b = 2} task(function() for k, v in pairs(o) do print(v) end end)`, "b = 2", "b = 3", "o.b"},
	{"an item by its number", `local o = {5, 6} task(function() return o[1] end)`, "5", "7", "o[1]"},
	{"another item", `local o = {5, 6} task(function() return o[1] end)`, "6", "7", ""},
	{"an alias used by field", `local o = {a = 1, b = 2} task(function() local v = o return v.a end)`, "a = 1", "a = 3", "o.a"},
	{"an alias used by field leaves the others", `local o = {a = 1, b = 2} task(function() local v = o return v.a end)`, "b = 2", "b = 3", ""},
	{"an alias later handed on takes all", `local o = {a = 1, b = 2} task(function() local v = o local x = v.a return x, v end)`, "b = 2", "b = 3", "o.b"},
	{"an alias captured by an inner function takes all", `local o = {a = 1, b = 2} task(function() local v = o return function() return v.a end end)`, "b = 2", "b = 3", "o.b"},
	{"an alias assigned after it was captured", `local o = {a = 1, b = 2} task(function() local v local f = function() return v.b end v = o local x = v.a return f() end)`, "b = 2", "b = 3", "o.b"},
	{"an alias in one branch", `local o = {a = 1, b = 2} task(function(c) local v = {} if c then v = o end return v.b end)`, "b = 2", "b = 3", "o.b"},
	{"an alias by or", `local o = {a = 1, b = 2} task(function(c) return (c or o).b end)`, "b = 2", "b = 3", "o.b"},
	{"a list walked in a loop", `local o = {v = 1, next = {v = 2, next = {v = 3}}} task(function() local n, s = o, 0 while n do s = s + n.v n = n.next end return s end)`, "v = 3", "v = 4", "o.next.next.v"},
	{"an assigned field", `local o = {a = 1} task(function(v) o.a = v end)`, "a = 1", "a = 2", ""},
	{"a field assigned under a key of its own", `local o = {a = 1} task(function(k, v) o[k] = v end)`, "a = 1", "a = 2", ""},
	{"a field assigned and read", `local o = {a = 1} task(function() o.a = o.a + 1 end)`, "a = 1", "a = 2", "o.a"},
	{"a variable only assigned", `local n = 1 task(function(v) n = v end)`, "n = 1", "n = 2", ""},
	{"a variable number of arguments", `local n = 1 task(function(...) return select("#", ...) + n end)`, "n = 1", "n = 2", "n"},
	{"all arguments handed on", `local o = {a = 1} task(function(...) return print(o, ...) end)`, "a = 1", "a = 2", "o.a"},

	{"a metatable's field", `local o = setmetatable({}, {__index = {a = 1, b = 2}}) task(function() return o.a end)`, "a = 1", "a = 3", "o.a"},
	{"a metatable's other field", `local o = setmetatable({}, {__index = {a = 1, b = 2}}) task(function() return o.a end)`, "b = 2", "b = 3", ""},
	{"a metatable's function", `local o = setmetatable({}, {__index = function(t, k) return 1 end}) task(function() return o.a end)`, "return 1", "return 2", "o.(metatable).__index"},
	{"an operator of a metatable", `local o = setmetatable({}, {__add = function() return 1 end}) task(function() return o + 1 end)`, "return 1", "return 2", "o.(metatable).__add"},
	{"an array", `local a = array "1 2 3" task(function() return a end)`, "1 2 3", "1 2 4", "a"},
	{"an option, which the host records", `local o = opt task(function() return o end)`, "task(", "\ntask(", ""},
	{"a large table", `local o = {} for i = 1, 500 do o["k" .. i] = i end task(function() return o end)`, "500", "501", "o"},
	{"a large list", `local o = {} for i = 1, 500 do o[i] = i end task(function() return o end)`, "o[i] = i", "o[i] = i * 2", "o"},
	{"two variables of one name", `local n = 1 local function f() return n end do local n = 2 task(function() return n + f() end) end`, "local n = 1", "local n = 3", "n (in f)"},
}

func TestEditsChangeTheFieldsTheyShould(t *testing.T) {
	for _, c := range edits {
		t.Run(c.claim, func(t *testing.T) {
			if strings.Count(c.script, c.old) < 1 {
				t.Fatalf("%q isn't in the script", c.old)
			}
			edited := strings.Replace(c.script, c.old, c.new, 1)
			before, after := run(t, "a.lua", c.script), run(t, "b.lua", edited)
			if got := strings.Join(changed(before, after), " "); got != c.want {
				t.Errorf("%q for %q changes %q, want %q\nbefore %v\nafter  %v", c.new, c.old, got, c.want, before, after)
			}
		})
	}
}

func TestFieldsReadAsAResearcherExpects(t *testing.T) {
	got := run(t, "a.lua", voids)
	for i := range got {
		if got[i].Kind == Code {
			got[i].Value = ""
		}
	}
	want := []Field{
		{Code, "calibration.mean", ""}, {Code, "radius", ""}, {Code, Root, ""},
		{Captured, "settings.box", "256"}, {Captured, "settings.nested.depth", "2"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// The host's compiler puts functions of its own among the constants.
func TestOperatorsOfTheHostArePartOfTheCode(t *testing.T) {
	L := lua.NewState()
	defer L.Close()
	digests := map[string]bool{}
	for _, operator := range []string{"operator ^", "operator ..", "operator ^"} {
		fn, err := L.LoadString(`return 1`)
		if err != nil {
			t.Fatal(err)
		}
		fn.Proto.Constants = append(fn.Proto.Constants, L.NewFunction(func(*lua.LState) int { return 0 }))
		fields, err := Of(fn, Options{HostName: func(v lua.LValue) (string, bool) { return operator, v.Type() == lua.LTFunction }})
		if err != nil || len(fields) != 1 {
			t.Fatalf("fields %v (%v), want the code alone", fields, err)
		}
		digests[fields[0].Value] = true
	}
	if len(digests) != 2 {
		t.Errorf("%d different digests of two operators", len(digests))
	}
}

func TestSharedAndCyclicTablesEnd(t *testing.T) {
	got := run(t, "a.lua", `local a = {n = 1} a.self = a local b = {a} task(function() return a, b end)`)
	got = slices.DeleteFunc(got, func(f Field) bool { return f.Kind == Code })
	want := []Field{{Captured, "a.(key order)", `"n", "self"`}, {Captured, "a.n", "1"}, {Captured, "a.self", "the table a"}, {Captured, "b[1]", "the table a"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestWhatHasNoTextIsRefusedByName(t *testing.T) {
	for script, want := range map[string]string{
		`local co = coroutine.create(function() end) task(function() return co end)`:                                 `task function captures "co", a coroutine`,
		`local s = {walk = ("a b"):gmatch("%a")} task(function() return s end)`:                                      `captures "s.walk", `,
		`local w = coroutine.wrap(function() end) local function f() return w() end task(function() return f() end)`: `f captures "w", a function of the host with a state`,
		`local t = {[{}] = 1} task(function() return t end)`:                                                         `a table with a table as a key`,
		`local p = newproxy() task(function() return p end)`:                                                         `captures "p", a userdata`,
		`task(print)`: "the host's own",
	} {
		_, err := describe("a.lua", script)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q, of:\n%s", err, want, script)
		}
	}
}

// A script that gives the global string another value leaves the methods of
// strings as they are; only the host knows where they are then.
func TestMethodsOfStringsAreFollowedWhereTheHostSaysTheyAre(t *testing.T) {
	L := lua.NewState()
	defer L.Close()
	methods := L.GetGlobal("string").(*lua.LTable)
	options := Options{HostName: func(v lua.LValue) (string, bool) { return "string", v == methods }}
	digests := map[bool]map[string]bool{true: {}, false: {}}
	for _, body := range []string{"return s", "return s .. s"} {
		if err := L.DoString(`function string.twice(s) ` + body + ` end
			task, library, string = function(s) return s:twice() end, string, {}`); err != nil {
			t.Fatal(err)
		}
		for known := range digests {
			options.StringMethods = nil
			if known {
				options.StringMethods = methods
			}
			fields, err := Of(L.GetGlobal("task").(*lua.LFunction), options)
			if err != nil {
				t.Fatal(err)
			}
			digests[known][fmt.Sprint(fields)] = true
		}
		L.SetGlobal("string", L.GetGlobal("library"))
	}
	if len(digests[true]) != 2 || len(digests[false]) != 1 {
		t.Errorf("%d fingerprints of two methods where the host tells of them, want 2; %d where it doesn't, want 1", len(digests[true]), len(digests[false]))
	}
}

// Two states give the same fields however Go orders its maps.
func TestFieldsAreTheSameInEveryState(t *testing.T) {
	for _, c := range edits {
		first := run(t, "a.lua", c.script)
		for range 5 {
			if again := run(t, "other.lua", c.script); !slices.Equal(again, first) {
				t.Fatalf("got %v, then %v, of:\n%s", first, again, c.script)
			}
		}
	}
	var script strings.Builder
	script.WriteString("local s = {} function s.f() return s end\n")
	for i := range 40 {
		fmt.Fprintf(&script, "s.k%d = {n = %d, up = s} g%d = s.k%d\n", i*7%40, i, i, i*7%40)
	}
	script.WriteString("task(function() return s.f(), g3, g1, g2, g30 end)")
	first := run(t, "a.lua", script.String())
	for range 20 {
		if again := run(t, "a.lua", script.String()); !slices.Equal(again, first) {
			t.Fatalf("got %v, then %v", first, again)
		}
	}
}

func TestTablesThatAreOnlyAssignedAreNamed(t *testing.T) {
	L := lua.NewState()
	defer L.Close()
	if err := L.DoString(`
		local only, counted, read, guarded, inner = {}, {}, {n = 1}, setmetatable({}, {}), {}
		everywhere = {}
		local function deeper(x) inner.x = x end
		function task(p)
			local own = {}
			own[1], only[p] = p, p
			counted.n = (counted.n or 0) + 1
			read.m = read.n
			guarded.x, everywhere.x = 1, 2
			deeper(own[1])
		end`); err != nil {
		t.Fatal(err)
	}
	_, got, err := Describe(L.GetGlobal("task").(*lua.LFunction), Options{})
	if want := []string{"everywhere", "inner", "only"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("only assigned are %q (%v), want %q", got, err, want)
	}
}
