package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	lua "github.com/yuin/gopher-lua"
)

// A Panic is a Go panic under a Lua state: a bug of the program, not of the
// script.
type Panic struct {
	Where string // the host function in which it happened, or ""
	Value string
	Stack string // of Go, where known
}

// A PanicLog collects the Go panics of a run, so that the run can fail at its
// end even if a script's pcall swallowed them. The zero value is ready; a log
// may be shared by several states and goroutines.
type PanicLog struct {
	mu     sync.Mutex
	panics []Panic
}

// Note adds a panic.
func (p *PanicLog) Note(where string, value any, stack string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.panics = append(p.panics, Panic{where, fmt.Sprint(value), stack})
}

// Panics returns what has been noted, oldest first.
func (p *PanicLog) Panics() []Panic {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.panics)
}

// Err is nil if no panic was noted, otherwise an error that names the first.
func (p *PanicLog) Err() error {
	all := p.Panics()
	if len(all) == 0 {
		return nil
	}
	where := ""
	if all[0].Where != "" {
		where = " in " + all[0].Where
	}
	return fmt.Errorf("a bug of runlua%s, not of the script: %s", where, all[0].Value)
}

// Guard returns fn, made to note a Go panic that happens in it. The script then
// sees a Lua error that says so; pcall may catch that, the log keeps it.
func (p *PanicLog) Guard(name string, fn lua.LGFunction) lua.LGFunction {
	return func(L *lua.LState) int {
		defer func() {
			switch r := recover().(type) {
			case nil:
			case *lua.ApiError:
				panic(r) // a Lua error on its way to pcall
			default:
				if r == stackOverflow {
					panic(r)
				}
				p.Note(name, r, string(debug.Stack()))
				panic(&lua.ApiError{
					Type:   lua.ApiErrorRun,
					Object: lua.LString(fmt.Sprintf("a bug of runlua in %s: %v", name, r)),
				})
			}
		}()
		return fn(L)
	}
}

// stackOverflow is what gopher-lua panics with when the call stack is full.
const stackOverflow = "lua callstack overflow"

// standardError rewords an error as Lua's own, where gopher-lua's text differs,
// and notes an unguarded Go panic. It changes err.
func (p *PanicLog) standardError(err *lua.ApiError) {
	message, ok := err.Object.(lua.LString)
	if !ok {
		return
	}
	if err.Type == lua.ApiErrorPanic {
		if string(message) == stackOverflow {
			err.Type = lua.ApiErrorRun
			err.Object = lua.LString(innermost(err.StackTrace) + "stack overflow")
			return
		}
		p.Note("", string(message), err.StackTrace)
		err.Type = lua.ApiErrorRun
		err.Object = lua.LString(innermost(err.StackTrace) + "a bug of runlua: " + string(message))
		return
	}
	err.Object = lua.LString(standardMessage(string(message)))
}

// innermost returns "script.lua:12: " for the innermost line of a script in a
// traceback of gopher-lua, or "".
func innermost(traceback string) string {
	if t := parseTraceback(traceback); len(t) > 0 {
		return fmt.Sprintf("%s:%d: ", t[0].File, t[0].Line)
	}
	return ""
}

// standardMessage rewords what gopher-lua's virtual machine says into the words
// of Lua's manual.
func standardMessage(m string) string {
	where, text := splitPosition(m)
	switch {
	case strings.HasPrefix(text, "attempt to index a non-table object("):
		typ, rest, _ := strings.Cut(strings.TrimPrefix(text, "attempt to index a non-table object("), ")")
		key := strings.TrimPrefix(rest, " with key ")
		text = fmt.Sprintf("attempt to index a %s value (to get its field %s)", typ, key)
	case strings.HasPrefix(text, "cannot perform concat operation between "):
		text = "attempt to concatenate " + strings.TrimPrefix(text, "cannot perform concat operation between ")
	case strings.HasPrefix(text, "cannot perform "):
		var op, a, b string
		if n, _ := fmt.Sscanf(text, "cannot perform %s operation between %s and %s", &op, &a, &b); n == 3 {
			bad := a
			if a == "number" {
				bad = b
			}
			text = fmt.Sprintf("attempt to perform arithmetic (%s) on a %s value", op, bad)
		}
	case text == "__unm undefined":
		text = "attempt to perform arithmetic (unary minus) on a value that is no number"
	case text == "__len undefined":
		text = "attempt to get the length of a value that has none"
	case text == "attempt to call a non-function object":
		text = "attempt to call a value that is no function"
	case text == "registry overflow":
		text = "stack overflow (too many values)"
	default:
		return m
	}
	return where + text
}

// asAPIError finds the Lua error in err.
func asAPIError(err error) (*lua.ApiError, bool) {
	var e *lua.ApiError
	ok := errors.As(err, &e)
	return e, ok
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
