package sandbox

import (
	"io"
	"math"

	lua "github.com/yuin/gopher-lua"
)

// MaxString is the longest string, in bytes, that one call of "..", string.rep,
// string.format, string.gsub or table.concat makes.
const MaxString = 64 << 20

// MaxListIndex is the largest index that a table holds in its array. gopher-lua
// allocates everything below an assigned index, so this also bounds what
// t[i] = v takes in one instruction: 256 MiB.
const MaxListIndex = 1<<24 - 1

// Sizes of the stacks. A thread starts small and grows; a script that recurses
// deeper gets the Lua error "stack overflow".
const (
	callStackSize    = 5000
	registrySize     = 1024
	registryGrowStep = 4096
	registryMaxSize  = 1 << 20
	// maxNesting bounds coroutines that resume coroutines, which nest on the
	// Go stack; Lua's own limit of C calls (LUAI_MAXCCALLS) is the same.
	maxNesting = 200
)

// DefaultMemoryLimit is the heap growth allowed where Options gives none.
const DefaultMemoryLimit = 2 << 30

// DefaultPatternSteps is the budget of one pattern match where Options gives
// none: about a second.
const DefaultPatternSteps = 200_000_000

// A RandomSource supplies math.random.
type RandomSource interface {
	// Float64 returns the next number, uniform in [0, 1).
	Float64() float64
}

// A Reseeder is a RandomSource that math.randomseed can key anew. The seed is
// the number that the script gave.
type Reseeder interface{ Reseed(seed float64) }

// A Seeded source is a Reseeder that tells whether it wants to be keyed anew now: no
// advice against it is given then.
type Seeded interface{ WantsSeeds() bool }

// Options of a new state. The zero value is usable: print writes nothing, and
// math.random and require raise an error.
type Options struct {
	// MemoryLimit bounds the growth of the process's heap, in bytes, while
	// Watch watches this state. 0 means DefaultMemoryLimit; negative, no limit.
	MemoryLimit int64
	// Exempt, if set, tells how many bytes kernels hold or are about to
	// allocate; they don't count against MemoryLimit. It is called from
	// another goroutine.
	Exempt func() int64
	// InstructionLimit bounds the Lua instructions executed under one Watch.
	// 0 means no limit.
	InstructionLimit int64
	// PatternSteps bounds one call of string.find, match or gsub, or one step
	// of gmatch, in compared characters. 0 means DefaultPatternSteps.
	PatternSteps int64
	// Print receives what print writes, one Write a call.
	Print io.Writer
	// Random supplies math.random.
	Random RandomSource
	// Require is the global require.
	Require lua.LGFunction
	// Loaded, if set, is told of each chunk that load or loadstring compiles,
	// before the script has it: code that no function of the script holds.
	Loaded func(fn *lua.LFunction)
	// Warn receives advice for the person at the terminal.
	Warn func(string)
	// Panics receives Go panics that happen under this state; nil makes a log
	// of the state's own, which PanicsOf returns.
	Panics *PanicLog
}

// state is what a Lua state and all its coroutines share.
type state struct {
	Options
	names  map[lua.LValue]string
	warned map[string]bool
}

const stateKey = "runlua.sandbox"

func init() {
	// Both are variables of gopher-lua that no option of a state reaches.
	lua.MaxArrayIndex = MaxListIndex + 1
	lua.LuaPath = "" // an environment variable without a name is never set
}

// NewState makes a sandboxed Lua state. The caller closes it.
func NewState(opt Options) *lua.LState {
	if opt.MemoryLimit == 0 {
		opt.MemoryLimit = DefaultMemoryLimit
	}
	if opt.MemoryLimit < 0 {
		opt.MemoryLimit = math.MaxInt64 / 4
	}
	if opt.PatternSteps <= 0 {
		opt.PatternSteps = DefaultPatternSteps
	}
	if opt.Panics == nil {
		opt.Panics = new(PanicLog)
	}
	L := lua.NewState(lua.Options{
		SkipOpenLibs:        true,
		CallStackSize:       callStackSize,
		MinimizeStackMemory: true,
		RegistrySize:        registrySize,
		RegistryGrowStep:    registryGrowStep,
		RegistryMaxSize:     registryMaxSize,
		IncludeGoStackTrace: true,
	})
	s := &state{Options: opt, names: map[lua.LValue]string{}, warned: map[string]bool{}}
	ud := L.NewUserData()
	ud.Value = s
	L.G.Registry.RawSetString(stateKey, ud)

	open(L, lua.OpenBase)
	open(L, lua.OpenCoroutine)
	open(L, lua.OpenDebug)
	G := L.G.Global
	stock := pick(G, "ipairs", "next", "pairs", "rawequal", "rawget", "rawset", "select", "type", "_G", "_VERSION")
	stock["pairs"] = L.NewClosure(pairsThrough(stock["pairs"].(*lua.LFunction).GFunction), stock["next"])
	stock["ipairs"] = L.NewClosure(ipairsOfTables(stock["ipairs"].(*lua.LFunction).GFunction), stock["ipairs"].(*lua.LFunction).Upvalues[0].Value())
	coroutine := G.RawGetString("coroutine").(*lua.LTable)
	traceback := G.RawGetString("debug").(*lua.LTable).RawGetString("traceback")
	// A table of its own: OpenBase filled the other from a Go map, and a cleared
	// table keeps the order of its keys, which pairs(_G) would show.
	G = L.NewTable()
	L.G.Global, L.Env = G, G
	G.RawSetString("_G", G)
	for _, name := range sortedKeys(stock) {
		if name != "_G" {
			G.RawSetString(name, stock[name])
			s.name(stock[name], name)
		}
	}
	delete(s.names, G)

	s.register(L, G, "", baseFuncs)
	if opt.Require != nil {
		s.register(L, G, "", map[string]lua.LGFunction{"require": opt.Require})
	}
	s.library(L, "string", stringFuncs)
	s.library(L, "table", tableFuncs)
	s.library(L, "math", mathFuncs)
	s.library(L, "os", osFuncs)
	s.library(L, "io", ioFuncs)
	s.library(L, "coroutine", coroutineFuncs(coroutine))
	debug := s.library(L, "debug", nil)
	debug.RawSetString("traceback", traceback)
	s.name(traceback, "debug.traceback")
	G.RawGetString("math").(*lua.LTable).RawSetString("pi", lua.LNumber(math.Pi))
	G.RawGetString("math").(*lua.LTable).RawSetString("huge", lua.LNumber(math.Inf(1)))

	// Strings take methods from a metatable of their own, closed to scripts:
	// in gopher-lua it would be the library table itself.
	methods := L.NewTable()
	methods.RawSetString("__index", G.RawGetString("string"))
	methods.RawSetString("__metatable", lua.LString("string"))
	L.SetMetatable(lua.LString(""), methods)
	return L
}

func open(L *lua.LState, lib lua.LGFunction) {
	L.Push(L.NewFunction(lib))
	L.Call(0, 0)
}

func pick(t *lua.LTable, names ...string) map[string]lua.LValue {
	found := map[string]lua.LValue{}
	for _, name := range names {
		found[name] = t.RawGetString(name)
	}
	return found
}

// library makes the global table of one library.
func (s *state) library(L *lua.LState, name string, funcs map[string]lua.LGFunction) *lua.LTable {
	t := L.NewTable()
	s.register(L, t, name+".", funcs)
	L.G.Global.RawSetString(name, t)
	s.name(t, name)
	return t
}

// register puts guarded functions in t, in the order of their names so that
// pairs visits them in the same order in every state.
func (s *state) register(L *lua.LState, t *lua.LTable, prefix string, funcs map[string]lua.LGFunction) {
	for _, name := range sortedKeys(funcs) {
		fn := L.NewFunction(s.Panics.Guard(prefix+name, funcs[name]))
		t.RawSetString(name, fn)
		s.name(fn, prefix+name)
	}
}

func (s *state) name(v lua.LValue, name string) { s.names[v] = name }

// stateOf returns what NewState stored for L or for the state that L is a
// coroutine of.
func stateOf(L *lua.LState) *state {
	if ud, ok := L.G.Registry.RawGetString(stateKey).(*lua.LUserData); ok {
		if s, ok := ud.Value.(*state); ok {
			return s
		}
	}
	panic("sandbox: the Lua state was not made by sandbox.NewState")
}

// warnOnce passes advice on, the first time that it is given.
func (s *state) warnOnce(advice string) {
	if s.Warn != nil && !s.warned[advice] {
		s.warned[advice] = true
		s.Warn(advice)
	}
}

// HostName tells whether v, a function or table, is part of the program rather
// than of a script, and what it is called: "print", "math.sqrt", "string", or
// "operator ^" for the functions that Compile puts in place of operators.
func HostName(L *lua.LState, v lua.LValue) (name string, ok bool) {
	switch v {
	case lua.LValue(powFunction):
		return "operator ^", true
	case lua.LValue(concatFunction):
		return "operator ..", true
	}
	switch v.(type) {
	case *lua.LFunction, *lua.LTable, *lua.LUserData:
		name, ok = stateOf(L).names[v]
	}
	return name, ok
}

// SetHostName makes v, a function, table or userdata of the host, known to
// HostName.
func SetHostName(L *lua.LState, v lua.LValue, name string) { stateOf(L).name(v, name) }

// PanicsOf returns the log of Go panics that happened under L.
func PanicsOf(L *lua.LState) *PanicLog { return stateOf(L).Panics }
