package sandbox

import (
	"fmt"
	"io"
	"runtime/metrics"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

var baseFuncs = map[string]lua.LGFunction{
	"assert":         baseAssert,
	"collectgarbage": baseCollectGarbage,
	"dofile":         withheld("dofile", `use require "name", which finds modules beside the script`),
	"error":          baseError,
	"getmetatable":   baseGetMetatable,
	"load":           baseLoad,
	"loadfile":       withheld("loadfile", `use require "name", which finds modules beside the script`),
	"loadstring":     baseLoad,
	"pcall":          basePCall,
	"print":          basePrint,
	"require":        withheld("require", "this state was made without modules"),
	"setmetatable":   baseSetMetatable,
	"tonumber":       baseToNumber,
	"tostring":       baseToString,
	"unpack":         baseUnpack,
	"xpcall":         baseXPCall,
}

// pairsThrough is pairs, which asks the metamethod __pairs first, as Lua 5.2 does: the
// values of options{…} come from a function. gopher-lua's has next as its upvalue.
func pairsThrough(pairs lua.LGFunction) lua.LGFunction {
	return func(L *lua.LState) int {
		refuseUserData(L, "pairs")
		t, ok := L.Get(1).(*lua.LTable)
		if !ok || t.Metatable == lua.LNil {
			return pairs(L)
		}
		through := L.GetMetaField(t, "__pairs")
		if through == lua.LNil {
			return pairs(L)
		}
		L.Push(through)
		L.Push(t)
		L.Call(1, 3)
		return 3
	}
}

// ipairsOfTables is ipairs, which says what it was given in place of a table.
func ipairsOfTables(ipairs lua.LGFunction) lua.LGFunction {
	return func(L *lua.LState) int {
		refuseUserData(L, "ipairs")
		return ipairs(L)
	}
}

func refuseUserData(L *lua.LState, name string) {
	if u, ok := L.Get(1).(*lua.LUserData); ok {
		hint := ""
		if strings.HasPrefix(typeName(u), "an array") {
			hint = "\n  hint: for i = 1, #a do … a[i] … walks an array, a:list() makes a table of it"
		}
		L.RaiseError("%s walks a table, got %s%s", name, typeName(u), hint)
	}
}

// withheld stands in for a function of standard Lua that scripts may not call.
func withheld(name, hint string) lua.LGFunction {
	return func(L *lua.LState) int {
		L.RaiseError("%s is not available in runlua: %s", name, hint)
		return 0
	}
}

// baseAssert raises its second argument as it is, without a position, as
// standard Lua does.
func baseAssert(L *lua.LState) int {
	if lua.LVIsFalse(checkAny(L, 1)) {
		var message lua.LValue = lua.LString("assertion failed!")
		if L.GetTop() >= 2 {
			message = L.Get(2)
		}
		L.Error(message, 0)
	}
	return L.GetTop()
}

// baseError raises a value; before a string it puts the position at the given
// level: 1 where error was called, 2 where the function that called it was.
func baseError(L *lua.LState) int {
	v, level := L.Get(1), optInt(L, 2, 1)
	if s, ok := plainString(v); ok && level > 0 {
		if where := L.Where(level); where != "" && !strings.HasPrefix(where, "[G]") {
			s = where + " " + s
		}
		v = lua.LString(s)
	}
	L.Error(v, 0)
	return 0
}

func basePCall(L *lua.LState) int {
	if fn := checkAny(L, 1); !callable(L, fn) {
		L.Push(lua.LFalse)
		L.Push(lua.LString(fmt.Sprintf("attempt to call a %s value", fn.Type())))
		return 2
	}
	if err := L.PCall(L.GetTop()-1, lua.MultRet, nil); err != nil {
		return pushFailure(L, err)
	}
	L.Insert(lua.LTrue, 1)
	return L.GetTop()
}

func callable(L *lua.LState, v lua.LValue) bool {
	return v.Type() == lua.LTFunction || L.GetMetaField(v, "__call").Type() == lua.LTFunction
}

func pushFailure(L *lua.LState, err error) int {
	L.Push(lua.LFalse)
	if e, ok := asAPIError(err); ok {
		stateOf(L).Panics.standardError(e)
		L.Push(e.Object)
	} else {
		L.Push(lua.LString(err.Error()))
	}
	return 2
}

// baseXPCall calls f(...) with a handler. The handler sees the message reworded,
// and a Go panic is noted before it can hide it.
func baseXPCall(L *lua.LState) int {
	fn := checkFunction(L, 1)
	handler := checkFunction(L, 2)
	log := stateOf(L).Panics
	reword := L.NewFunction(func(L *lua.LState) int {
		e := &lua.ApiError{Type: lua.ApiErrorRun, Object: L.Get(1)}
		if s, ok := e.Object.(lua.LString); ok && isPanicText(string(s)) {
			e.Type = lua.ApiErrorPanic
		}
		log.standardError(e)
		L.SetTop(0)
		L.Push(handler)
		L.Push(e.Object)
		L.Call(1, 1)
		return 1
	})
	top := L.GetTop()
	L.Push(fn)
	for i := 3; i <= top; i++ {
		L.Push(L.Get(i))
	}
	if err := L.PCall(top-2, lua.MultRet, reword); err != nil {
		return pushFailure(L, err)
	}
	L.Insert(lua.LTrue, top+1)
	return L.GetTop() - top
}

// basePrint writes its arguments, separated by tabs, and a newline.
func basePrint(L *lua.LState) int {
	var line strings.Builder
	for i := 1; i <= L.GetTop(); i++ {
		if i > 1 {
			line.WriteByte('\t')
		}
		line.WriteString(toString(L, L.Get(i)))
	}
	line.WriteByte('\n')
	if out := stateOf(L).Print; out != nil {
		if _, err := io.WriteString(out, line.String()); err != nil {
			L.RaiseError("print: %v", err)
		}
	}
	return 0
}

func baseToString(L *lua.LState) int {
	L.Push(lua.LString(toString(L, checkAny(L, 1))))
	return 1
}

// toString is tostring: by __tostring, else as standard Lua prints the value.
func toString(L *lua.LState, v lua.LValue) string {
	if s, ok := plainString(v); ok {
		return s
	}
	if L.GetMetaField(v, "__tostring") == lua.LNil {
		return v.String()
	}
	callMeta(L, "__tostring", v, lua.LNil)
	s, ok := plainString(L.Get(-1))
	L.Pop(1)
	if !ok {
		L.RaiseError("'__tostring' must return a string")
	}
	return s
}

// baseToNumber reads decimal and 0x numerals, or digits in a base from 2 to 36.
func baseToNumber(L *lua.LState) int {
	v := checkAny(L, 1)
	base := optInt(L, 2, 10)
	if base < 2 || base > 36 {
		argError(L, 2, "base out of range")
	}
	var x float64
	var ok bool
	if base == 10 {
		x, ok = toNumber(v)
	} else {
		digits, negative := strings.CutPrefix(strings.Trim(checkString(L, 1), " \t\n\v\f\r"), "-")
		if base == 16 {
			digits = strings.TrimPrefix(strings.TrimPrefix(digits, "0x"), "0X")
		}
		if x, ok = parseBase(digits, base); negative {
			x = -x
		}
	}
	if ok {
		L.Push(lua.LNumber(x))
	} else {
		L.Push(lua.LNil)
	}
	return 1
}

// baseSetMetatable changes tables only: metatables of strings, functions and
// the host's userdata are not a script's to change.
func baseSetMetatable(L *lua.LState) int {
	t := checkTable(L, 1)
	mt := checkAny(L, 2)
	if mt != lua.LNil && mt.Type() != lua.LTTable {
		argError(L, 2, "nil or table expected")
	}
	if L.GetMetaField(t, "__metatable") != lua.LNil {
		L.RaiseError("cannot change a protected metatable")
	}
	L.SetMetatable(t, mt)
	L.SetTop(1)
	return 1
}

// baseGetMetatable hides the metatables of the host's userdata.
func baseGetMetatable(L *lua.LState) int {
	v := checkAny(L, 1)
	mt := L.GetMetatable(v)
	if v.Type() == lua.LTUserData && L.GetMetaField(v, "__metatable") == lua.LNil {
		mt = lua.LFalse
	}
	L.Push(mt)
	return 1
}

func baseUnpack(L *lua.LState) int {
	t := checkTable(L, 1)
	first := optInt(L, 2, 1)
	last := optInt(L, 3, t.Len())
	if first > last {
		return 0
	}
	if last-first >= registryMaxSize/4 {
		L.RaiseError("too many results to unpack")
	}
	for i := first; i <= last; i++ {
		L.Push(t.RawGet(lua.LNumber(i)))
	}
	return last - first + 1
}

// baseLoad is load and loadstring: source as a string, or as a function that
// returns it piece by piece. It returns nil and a message for what is no Lua.
func baseLoad(L *lua.LState) int {
	if L.GetTop() > 3 {
		L.RaiseError("load: a chunk can't be given an environment of its own")
	}
	source, name := "", ""
	if fn, ok := L.Get(1).(*lua.LFunction); ok {
		source, name = readPieces(L, fn), "=(load)"
	} else {
		source = checkString(L, 1)
		name = source
	}
	fn, err := Load(L, source, chunkName(optString(L, 2, name)))
	if err != nil {
		L.Push(lua.LNil)
		L.Push(lua.LString(err.Error()))
		return 2
	}
	if loaded := stateOf(L).Loaded; loaded != nil {
		loaded(fn)
	}
	L.Push(fn)
	return 1
}

func readPieces(L *lua.LState, reader *lua.LFunction) string {
	var source strings.Builder
	for {
		L.Push(reader)
		L.Call(0, 1)
		v := L.Get(-1)
		L.Pop(1)
		if v == lua.LNil {
			break
		}
		piece, ok := plainString(v)
		if !ok {
			L.RaiseError("reader function must return a string")
		}
		if piece == "" {
			break
		}
		checkSize(L, source.Len()+len(piece))
		source.WriteString(piece)
	}
	return source.String()
}

// chunkName is luaO_chunkid: a name after = or @ as it is, else the first line
// of the source itself.
func chunkName(name string) string {
	if strings.HasPrefix(name, "=") || strings.HasPrefix(name, "@") {
		return name[1:]
	}
	line, rest, more := strings.Cut(name, "\n")
	if len(line) > 40 {
		line, more, rest = line[:40], true, "…"
	}
	if more && rest != "" {
		line += "..."
	}
	return fmt.Sprintf("[string %q]", line)
}

// baseCollectGarbage answers "count" with the KiB in use by the whole program,
// and is otherwise without effect: Go's collector needs no telling.
func baseCollectGarbage(L *lua.LState) int {
	if optString(L, 1, "collect") == "count" {
		L.Push(lua.LNumber(float64(heapBytes()) / 1024))
	} else {
		L.Push(lua.LNumber(0))
	}
	return 1
}

// heapBytes is the size of the heap's objects, the dead ones not yet swept
// included.
func heapBytes() int64 { return metric("/memory/classes/heap/objects:bytes") }

// liveBytes is the size of the objects that the last collection found alive, those
// made while it ran included.
func liveBytes() int64 { return metric("/gc/heap/live:bytes") }

func metric(name string) int64 {
	sample := [1]metrics.Sample{{Name: name}}
	metrics.Read(sample[:])
	return int64(sample[0].Value.Uint64())
}
