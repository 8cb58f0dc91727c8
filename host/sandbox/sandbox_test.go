package sandbox

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// exec runs a script in a fresh state and returns what it printed.
func exec(t *testing.T, opt Options, script string) (printed string, err error) {
	t.Helper()
	var out bytes.Buffer
	opt.Print = &out
	L := NewState(opt)
	defer L.Close()
	fn, err := Load(L, script, "script.lua")
	if err != nil {
		return "", err
	}
	L.Push(fn)
	err = L.PCall(0, 0, nil)
	return strings.TrimSuffix(out.String(), "\n"), err
}

// Each script prints one line, or fails with a message that begins with
// "error:" here.
var programs = []struct{ claim, script, want string }{
	{"numbers print as in standard Lua", `print(0.1 + 0.2, 1e15, 123456789012345, 2^53, -0.5, 1e100, 1/0, -1/0, 0/0)`, "0.3\t1e+15\t1.2345678901234e+14\t9.007199254741e+15\t-0.5\t1e+100\tinf\t-inf\tnan"},
	{"so they do after ..", `print("x=" .. 0.1 + 0.2 .. "," .. 1e15 .. 3)`, "x=0.3,1e+153"},
	{"and in table.concat", `print(table.concat({0.1 + 0.2, 1e15}, " "))`, "0.3 1e+15"},
	{"a numeral beyond the range is infinite", `print(1e999, -1e999, 0xffffffffffffffff == 2^64)`, "inf\t-inf\ttrue"},
	{"math.huge is infinite", `print(math.huge, -math.huge)`, "inf\t-inf"},
	{"tonumber reads what Lua reads", `print(tonumber("1e5"), tonumber(" 0x10 "), tonumber("10", 2), tonumber("-z", 36), tonumber("1e"), tonumber("nan"), tonumber("inf"), tonumber("0b1"), tonumber("1_0"), tonumber("010"), tonumber("5 5"))`, "100000\t16\t2\t-35\tnil\tnil\tnil\tnil\tnil\t10\tnil"},

	{"powers bind as in Lua", `print(2^3^2, -2^2, 2^-1, "4"^0.5, (2)^("3"))`, "512\t-4\t0.5\t2\t8"},
	{"a power of a parameter, assigned to it", `local function f(x) x = x^2 return x end print(f(3))`, "9"},
	{"a string added to a parameter", `local function f(s) s = s .. "!" return s end print(f("a"))`, "a!"},
	{"a call assigned to a parameter among others", `local function g(x) return x * 2 end local function f(a) local b a, b = g(a), 5 return a, b end print(f(3))`, "6\t5"},
	{"a call in parentheses assigned to a parameter", `local function g(x) return x * 2, 9 end local function f(a) a = (g(a)) return a end print(f(3))`, "6"},
	{"assignments see the values before them", `local i, t = 1, {} i, t[i] = i + 1, (tostring(20)) print(i, t[1], t[2])`, "2\t20\tnil"},
	{"swaps of calls", `local function id(x) return x end local function f(a, b) a, b = id(b), id(a) return a, b end print(f(1, 2))`, "2\t1"},
	{"calls of several results fill the rest", `local function two() return 1, 2 end local a, b, c a, b, c = 0, two() print(a, b, c) a, b = (two()) print(a, b)`, "0\t1\t2\n1\tnil"},
	{"a power takes one value of a call", `local function two() return 3, 4 end print(2^two(), two()^2, "x" .. two())`, "8\t9\tx3"},
	{"a power takes one value of ...", `local function f(...) return 2^..., "a" .. ... end print(f(3, 4))`, "8\ta3"},
	{"a power returned is one value", `local function f(x) return x^2 end print(f(3))`, "9"},
	{"constant powers fold to what is computed", `local a, b = 3.7, 2.2 print(3.7^2.2 == a^b, 10^-2 == 0.01, 2^0.5 == math.sqrt(2), (-8)^(1/3) ~= (-8)^(1/3))`, "true\ttrue\ttrue\ttrue"},
	{"minus zero stays", `local z = 0 print(1/(-1e-300)^3, z)`, "-inf\t0"},
	{"__pow", `local m = setmetatable({}, {__pow = function(a, b) return "pow" end}) print(m^2, 2^m, m^m)`, "pow\tpow\tpow"},
	{"__concat goes from the right", `local m = {__concat = function(a, b) return (type(a) == "table" and a.n or a) .. "(" .. (type(b) == "table" and b.n or b) .. ")" end} local t = setmetatable({n = "t"}, m) print(t .. "x", "a" .. "b" .. t .. "c" .. 1)`, "t(x)\tabt(c1)"},
	{"the name of the operator can't be taken by a script", `_G["(operator ^)"] = function() return 0 end local t = setmetatable(_G, {__index = function() return function() return 0 end end}) print(2^t.pow2 == nil)`, "error:script.lua:1: attempt to perform arithmetic on a function value"},
	{"nil ^", "\n\nlocal x\nlocal y = 1 +\n  x^2", "error:script.lua:5: attempt to perform arithmetic on a nil value"},
	{"^ nil", `return 2^{}`, "error:script.lua:1: attempt to perform arithmetic on a table value"},
	{".. nil", "\nlocal x\nprint('a' .. x)", "error:script.lua:3: attempt to concatenate a nil value"},
	{"a string that is no number", `return "a"^2`, "error:script.lua:1: attempt to perform arithmetic on a string value"},
	{"+ nil", `local x print(pcall(function() return 1 + x end))`, "false\tscript.lua:1: attempt to perform arithmetic (add) on a nil value"},
	{"nil.x", `local t print(pcall(function() return t.x end))`, "false\tscript.lua:1: attempt to index a nil value (to get its field 'x')"},

	{"error blames the caller at level 2", "local function check()\n  error('bad', 2)\nend\nlocal function use()\n  check()\nend\nprint(pcall(use))", "false\tscript.lua:5: bad"},
	{"error at level 1 and 0", "print(pcall(function()\n error('a') end))\nprint(pcall(error, 'b', 0))", "false\tscript.lua:2: a\nfalse\tb"},
	{"errors are values", `print(select(2, pcall(error, {code = 7})).code, select("#", pcall(error)), pcall(error, nil))`, "7\t2\tfalse\tnil"},
	{"assert returns all, raises what it got", `print(assert(1, 2, 3)) print(pcall(assert, false, "m")) print(pcall(assert, nil)) print(select(2, pcall(assert, false, {1}))[1])`, "1\t2\t3\nfalse\tm\nfalse\tassertion failed!\n1"},
	{"xpcall hands on arguments and the message", `print(xpcall(function(a, b) return a + b end, print, 1, 2)) print(xpcall(function() local t = nil; t.x = 1 end, function(m) return "H " .. m end))`, "3" /* replaced below */},

	{"remove after t[#t] = nil", `local t = {1, 2, 3} t[3] = nil print(#t, table.remove(t), #t, table.remove(t), table.remove(t), #t)`, "2\t2\t1\t1"}, /* replaced below */
	{"sort after t[#t] = nil", `local t = {3, 1, 2} t[3] = nil table.sort(t) print(t[1], t[2], #t)`, "1\t3\t2"},
	{"sort is stable", `local t = {} for i = 1, 100 do t[i] = {i % 3, i} end table.sort(t, function(a, b) return a[1] < b[1] end) for i = 2, 100 do assert(t[i-1][1] < t[i][1] or t[i-1][2] < t[i][2]) end print(t[1][2], t[100][2])`, "3\t98"},
	{"sort bears a contradictory order", `local t = {3, 1, 2, 5, 4, 9, 8, 7, 6} table.sort(t, function() return true end) print(#t)`, "9"},
	{"insert and remove within", `local t = {} table.insert(t, "a") table.insert(t, 1, "b") table.insert(t, 2, "c") print(table.concat(t), table.remove(t, 1), table.concat(t), table.remove(t, 5))`, "bca\tb\tca"},
	{"unpack within bounds", `print(unpack({1, 2, 3}, 2), unpack({1, nil, 3}, 1, 3))`, "2\t1\tnil\t3"},

	{"format", `print(("%5.2f|%-6s|%06d|%+d|%x|%X|%o|%c|%e|%g|%%|%5s|%.2s|%i"):format(3.14159, "ab", -42, 7, 255, 255, 8, 65, 12345.678, 1e20, "x", "xyz", 3))`, " 3.14|ab    |-00042|+7|ff|FF|10|A|1.234568e+04|1e+20|%|    x|xy|3"},
	{"format of numbers as strings and of strings as numbers", `print(("%s %d %.14g %s %s"):format(0.1 + 0.2, "10", 0.1, nil, true))`, "0.3 10 0.1 nil true"},
	{"format of what isn't finite", `print(("%5.1f|%g|%d5"):format(1/0, -1/0, 2), pcall(string.format, "%d", 0/0))`, "  inf|-inf|25\tfalse\tscript.lua:1: bad argument #2 to 'string.format' (number has no integer representation: nan)"},
	{"format %q reads back", `local s = 'a"b\\c\nd\0e\r' print(loadstring("return " .. ("%q"):format(s))() == s)`, "true"},
	{"format counts its arguments", `print(pcall(string.format, "%d %d", 1))`, "false\tscript.lua:1: bad argument #3 to 'string.format' (no value)"},
	{"lower and upper leave what isn't ASCII", `print(("ΒETA"):lower(), ("βeta"):upper(), #"β")`, "Βeta\tβETA\t2"},
	{"sub and byte", `print(("hello"):sub(2, -2), ("hello"):sub(-3), ("hello"):sub(0), ("hello"):sub(4, 2), ("abc"):byte(-1), ("abc"):byte(10))`, "ell\tllo\thello\t\t99"},

	{"load compiles like a file", `print(loadstring("return 2^10 .. '/' .. 0.1 + 0.2")()) local parts = {"return ", "1", "^2"} local i = 0 print(load(function() i = i + 1 return parts[i] end)())`, "1024/0.3\n1"},
	{"load tells what is wrong", `print(load("x ="))`, "nil\t[string \"x =\"]:1: syntax error at the end of the source: is an 'end' or a closing bracket missing?"},
	{"coroutines", `local function gen(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i^2) end end) end local s = 0 for x in gen(4) do s = s + x end print(s, coroutine.resume(coroutine.create(error), "e"))`, "30\tfalse\te"},
	{"a yield across pcall is an error", `local co = coroutine.create(function() pcall(function() coroutine.yield(1) end) return "end" end) print(coroutine.resume(co))`, "true\tend"},
	{"the first line may be #!", "#!/usr/bin/env runlua\nerror('x')", "error:script.lua:2: x"},
	{"the mark of UTF-8 is skipped", "\ufeffprint(1)", "1"},
	{"a date", `print(os.date("!%Y-%m-%d %H:%M:%S %a %j", 86400), os.date("!*t", 0).yday, os.time{year = 2000, month = 1, day = 2} - os.time{year = 2000, month = 1, day = 1})`, "1970-01-02 00:00:00 Fri 002\t1\t86400"},
	{"goto of Lua 5.2", `for i = 1, 3 do if i == 2 then goto continue end print(i) ::continue:: end`, "1\n3"},
	{"math", `print(math.fmod(-7, 3), math.modf(-3.5), math.frexp(8), math.ldexp(0.5, 4), math.max(1, "3", 2), math.floor(-0.5), math.deg(math.pi), math.modf(1/0))`, ""}, /* replaced below */
}

func init() {
	set := func(claim, want string) {
		for i := range programs {
			if programs[i].claim == claim {
				programs[i].want = want
			}
		}
	}
	set("xpcall hands on arguments and the message", "true\t3\nfalse\tH script.lua:1: attempt to index a nil value (to get its field 'x')")
	set("remove after t[#t] = nil", "2\t2\t1\t1\tnil\t0")
	set("math", "-1\t-3\t0.5\t8\t3\t-1\t180\tinf\t0")
}

func TestProgramsDoWhatLuaSays(t *testing.T) {
	for _, c := range programs {
		t.Run(c.claim, func(t *testing.T) {
			got, err := exec(t, Options{}, c.script)
			if err != nil {
				got = "error:" + Explain(err).String()
			}
			if got != c.want {
				t.Errorf("got  %q\nwant %q of\n%s", got, c.want, c.script)
			}
		})
	}
}

func TestScriptsCannotReachOut(t *testing.T) {
	for _, gone := range []string{
		"package", "io.stdout", "io.input", "channel", "module", "newproxy", "getfenv", "setfenv", "_printregs", "_GOPHER_LUA_VERSION",
		"debug.getinfo", "debug.setmetatable", "debug.getupvalue", "debug.setlocal", "debug.getregistry", "debug.setfenv",
		"os.setenv", "os.setlocale", "string.gfind",
	} {
		if got, err := exec(t, Options{}, "print("+gone+")"); err != nil || got != "nil" {
			t.Errorf("%s is %q (%v), want nil", gone, got, err)
		}
	}
	for _, call := range []string{
		`dofile("/etc/passwd")`, `loadfile("/etc/passwd")`, `os.execute("true")`, `os.exit(3)`, `os.getenv("HOME")`,
		`os.remove("x")`, `os.rename("x", "y")`, `os.tmpname()`, `string.dump(print)`, `require "io"`, `io.open("x")`, `io.lines("x")`, `io.popen("ls")`, `io.read()`, `io.write("x")`, `math.random()`, `math.randomseed(1)`,
	} {
		_, err := exec(t, Options{}, call)
		if err == nil || !strings.Contains(err.Error(), "script.lua:1: ") {
			t.Errorf("%s: error %v, want one with the script's line", call, err)
		}
	}
	for script, want := range map[string]string{
		`print(load("\27Lua\81\0"))`:              "nil\t[string \"\\x1bLuaQ\\x00\"]:1: this is byte code; only source can be loaded",
		`print(getmetatable("").__index)`:         "nil",
		`print(getmetatable(""))`:                 "string",
		`print(pcall(setmetatable, "", {}))`:      "false\tscript.lua:1: bad argument #1 to 'setmetatable' (table expected, got string)",
		`print(pcall(setmetatable, print, {}))`:   "false\tscript.lua:1: bad argument #1 to 'setmetatable' (table expected, got function)",
		`string.format = nil print(("x"):rep(2))`: "xx",
	} {
		if got, err := exec(t, Options{}, script); err != nil || got != want {
			t.Errorf("%s prints %q (%v), want %q", script, got, err, want)
		}
	}
}

func TestLuaPathMeansNothing(t *testing.T) {
	t.Setenv("LUA_PATH", t.TempDir()+"/?.lua")
	if _, err := exec(t, Options{}, `require "x"`); err == nil || strings.Contains(err.Error(), "x.lua") {
		t.Errorf("error %v, want require refused without a search", err)
	}
}

func TestHostUserdataHidesItsMetatable(t *testing.T) {
	L := NewState(Options{})
	defer L.Close()
	mt := L.NewTable()
	ud := L.NewUserData()
	L.SetMetatable(ud, mt)
	L.SetGlobal("sim", ud)
	fn, err := Load(L, `return getmetatable(sim), pcall(setmetatable, sim, {})`, "script.lua")
	if err != nil {
		t.Fatal(err)
	}
	L.Push(fn)
	L.Call(0, 2)
	if L.Get(-2) != lua.LFalse || L.Get(-1) != lua.LFalse {
		t.Errorf("getmetatable gives %v, pcall(setmetatable) %v; want false, false", L.Get(-2), L.Get(-1))
	}
}

func TestSyntaxErrorsNameTheLine(t *testing.T) {
	for source, want := range map[string]string{
		"x = = 1":               "c.lua:1: syntax error near '='",
		"if x then\n y()\n\n":   "c.lua:2: syntax error at the end of the source: is an 'end' or a closing bracket missing?",
		"\nlocal x = 1\nx = 0x": "c.lua:3: illegal hexadecimal number near '0x'",
		"\nbreak":               "c.lua:2: no loop to break",
		"local s = 'abc\n'":     "c.lua:1: unterminated string near 'abc'",
		"return " + strings.Repeat("{", 5000) + strings.Repeat("}", 5000): "c.lua:1: chunk has too many syntax levels",
		"return {" + strings.Repeat("1,", 25551) + "}":                    "c.lua:1: a table constructor holds at most 25550 list items, got 25551",
	} {
		_, err := CompileString(source, "c.lua")
		if err == nil || err.Error() != want {
			t.Errorf("error %v, want %s, of %.40q", err, want, source)
		}
	}
}

func TestTheLargestConstructorIsWhole(t *testing.T) {
	got, err := exec(t, Options{}, "local t = {"+strings.Repeat("7,", maxListItems-1)+"8} print(#t, t[1], t[#t])")
	if want := "25550\t7\t8"; err != nil || got != want {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
}

// The host sees what a script compiles before the script can run it.
func TestEachLoadedChunkIsShownBeforeItRuns(t *testing.T) {
	var chunks []string
	opt := Options{Loaded: func(fn *lua.LFunction) {
		chunks = append(chunks, fmt.Sprint(fn.Proto.SourceName, " ", fn.Proto.Constants))
	}}
	script := `
loadstring("a = 1", "=first")()
coroutine.wrap(function() pcall(load("b = 1", "=second")) end)()
local rest = {"c", " = 1"}
load(function() return table.remove(rest, 1) end, "=pieces")
load("= no Lua", "=broken")
print(a, b, c)`
	printed, err := exec(t, opt, script)
	if want := "1\t1\tnil"; err != nil || printed != want {
		t.Errorf("the script printed %q (%v), want %q", printed, err, want)
	}
	if want := []string{"first [a 1]", "second [b 1]", "pieces [c 1]"}; !slices.Equal(chunks, want) {
		t.Errorf("the host was shown %q, want %q", chunks, want)
	}
}

func TestAChunkThatTheHostRefusesDoesNotRun(t *testing.T) {
	var L *lua.LState
	var printed bytes.Buffer
	L = NewState(Options{Print: &printed, Loaded: func(*lua.LFunction) { L.RaiseError("not this one") }})
	defer L.Close()
	fn, err := Load(L, `load("print(1)")()`, "script.lua")
	if err != nil {
		t.Fatal(err)
	}
	L.Push(fn)
	err = L.PCall(0, 0, nil)
	if want := "script.lua:1: not this one"; err == nil || Explain(err).String() != want || printed.Len() > 0 {
		t.Errorf("error %v after it printed %q, want %s and nothing", err, &printed, want)
	}
}

func TestHostNames(t *testing.T) {
	L := NewState(Options{})
	defer L.Close()
	for expr, want := range map[string]string{"print": "print", "math.sqrt": "math.sqrt", "string": "string", "ipairs": "ipairs", "debug.traceback": "debug.traceback"} {
		fn, err := Load(L, "return "+expr, "x")
		if err != nil {
			t.Fatal(err)
		}
		L.Push(fn)
		L.Call(0, 1)
		if got, ok := HostName(L, L.Get(-1)); !ok || got != want {
			t.Errorf("HostName of %s is %q, %v", expr, got, ok)
		}
		L.Pop(1)
	}
	if name, ok := HostName(L, L.G.Global); ok {
		t.Errorf("the table of globals is the host's %q, want a script's", name)
	}
	proto, err := CompileString("local a = ... return a^2", "x")
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, k := range proto.Constants {
		if name, _ := HostName(L, k); name == "operator ^" {
			found = true
		}
	}
	if !found {
		t.Errorf("no constant of %v is the operator ^", proto.Constants)
	}
}
