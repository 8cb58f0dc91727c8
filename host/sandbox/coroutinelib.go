package sandbox

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// coroutineFuncs returns gopher-lua's coroutine library with three repairs:
// coroutines that resume coroutines without end get an error instead of
// exhausting the Go stack; a yield across a call from Go (pcall, table.sort)
// gets Lua's error instead of a nil pointer; and all threads share the context
// of the state, so that one counter and one cancellation serve them all.
func coroutineFuncs(stock *lua.LTable) map[string]lua.LGFunction {
	original := func(name string) lua.LGFunction {
		return stock.RawGetString(name).(*lua.LFunction).GFunction
	}
	create, resume, wrap, yield := original("create"), original("resume"), original("wrap"), original("yield")
	return map[string]lua.LGFunction{
		"create": func(L *lua.LState) int {
			n := create(L)
			adopt(L, L.Get(-1).(*lua.LState))
			return n
		},
		"resume": func(L *lua.LState) int {
			checkNesting(L)
			n := resume(L)
			noteLostPanic(L, n)
			return n
		},
		"wrap": func(L *lua.LState) int {
			n := wrap(L)
			fn := L.Get(-1).(*lua.LFunction)
			adopt(L, fn.Upvalues[0].Value().(*lua.LState))
			inner := fn.GFunction
			fn.GFunction = func(L *lua.LState) int {
				checkNesting(L)
				return inner(L)
			}
			return n
		},
		"yield": func(L *lua.LState) int {
			for level := 1; ; level++ {
				dbg, ok := L.GetStack(level)
				if !ok {
					break
				}
				if _, err := L.GetInfo("S", dbg, lua.LNil); err == nil && dbg.What == "G" {
					L.RaiseError("attempt to yield across a call of pcall, table.sort or another host function")
				}
			}
			return yield(L)
		},
		"running": original("running"),
		"status":  original("status"),
	}
}

func adopt(L, thread *lua.LState) {
	if ctx := L.Context(); ctx != nil {
		thread.SetContext(ctx)
	}
}

func checkNesting(L *lua.LState) {
	depth := 0
	for p := L.Parent; p != nil; p = p.Parent {
		if depth++; depth >= maxNesting {
			L.RaiseError("stack overflow (coroutines nest deeper than %d)", maxNesting)
		}
	}
}

// noteLostPanic looks at the n results of a resume: a Go panic outside guarded
// functions arrives there as a plain message.
func noteLostPanic(L *lua.LState, n int) {
	if n != 2 || L.Get(-2) != lua.LFalse {
		return
	}
	message, ok := L.Get(-1).(lua.LString)
	if !ok {
		return
	}
	e := &lua.ApiError{Type: lua.ApiErrorRun, Object: message}
	if isPanicText(string(message)) {
		e.Type = lua.ApiErrorPanic
	}
	stateOf(L).Panics.standardError(e)
	L.Pop(1)
	L.Push(e.Object)
}

// isPanicText recognises the text of a Go run-time panic, or of the overflow of
// gopher-lua's call stack, once both have become strings.
func isPanicText(s string) bool {
	return s == stackOverflow || strings.HasPrefix(s, "runtime error: ") || strings.HasPrefix(s, "interface conversion: ")
}
