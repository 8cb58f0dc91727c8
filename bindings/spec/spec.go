// Package spec describes what a Lua module offers as data: its functions, their
// arguments, the rule each argument must obey. One description drives the
// checks, the error messages, the help and the API page, so that none of them
// can disagree.
//
// A function takes either positional arguments or, when Named is set, one table
// of named ones:
//
//	spec.Func{
//		Name: "nbody.new", Named: true,
//		Doc:  "Initial conditions of a simulation.",
//		Args: []spec.Arg{
//			{Name: "box", Kind: spec.Positive, Doc: "comoving side, Mpc/h"},
//			{Name: "mesh", Kind: spec.EvenSize, Doc: "cells per side"},
//			{Name: "order", Kind: spec.Int(1, 2), Default: 2, Doc: "1 Zel'dovich, 2 2LPT"},
//		},
//		Call: func(c *spec.Call) []lua.LValue { … c.Float("box") … },
//	}
//
// An argument without Default and without Optional is required. A field that no
// Arg names is an error with a suggestion. Errors blame the line of the script
// that called, as
//
//	calibrate.lua:14: nbody.new: mesh must be an even whole number, got 63
//	  hint: 64 is the next good size
package spec

import (
	"fmt"
	"sort"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// An Arg is one argument of a function: its name, the rule it obeys, what it
// is when absent, and a line of help with its unit.
type Arg struct {
	Name     string
	Kind     Kind
	Default  any  // a Go value as Kind.Check returns it; nil means none
	Optional bool // may be absent without having a default
	Doc      string
}

// A Func is one function of a module or one method of a type.
type Func struct {
	Name    string // as a script writes it: "nbody.new", "sim:evolve"
	Doc     string
	First   []Arg // positional arguments before the table of a Named function
	Named   bool  // takes one table of named arguments, after the receiver and First
	Args    []Arg
	Rest    bool   // further positional arguments are allowed, see Call.Extra
	Returns string // what it returns, in words
	Example string
	Call    func(c *Call) []lua.LValue
}

// A Type is a kind of userdata with methods.
type Type struct {
	Name    string // as errors and help name it: "sim", "array"
	Doc     string
	Methods []Func
}

// A Module is a table of functions that `require` returns.
type Module struct {
	Name  string
	Doc   string
	Funcs []Func
	Types []Type
}

// Table returns the module as a Lua table. field is the part of a function's
// name after the last dot.
func (m Module) Table(l *lua.LState) *lua.LTable {
	t := l.NewTable()
	for _, f := range m.Funcs {
		t.RawSetString(shortName(f.Name), f.Function(l))
	}
	return t
}

// Metatable returns the metatable that gives userdata the type's methods, one
// for each Lua state.
func (t Type) Metatable(l *lua.LState) *lua.LTable {
	name := "runlua." + t.Name
	if mt, ok := l.GetTypeMetatable(name).(*lua.LTable); ok {
		return mt
	}
	mt := l.NewTypeMetatable(name)
	index := l.NewTable()
	for _, f := range t.Methods {
		short := shortName(f.Name)
		if strings.HasPrefix(short, "__") {
			mt.RawSetString(short, f.Function(l))
			continue
		}
		index.RawSetString(short, f.Function(l))
	}
	if mt.RawGetString("__index") == lua.LNil {
		mt.RawSetString("__index", index) // a table: a function would be called for each method
		missing := l.NewTable()
		missing.RawSetString("__index", l.NewFunction(func(l *lua.LState) int {
			t.noMethod(l, index, l.Get(2))
			return 0
		}))
		l.SetMetatable(index, missing)
	}
	mt.RawSetString("__newindex", l.NewFunction(func(l *lua.LState) int {
		Raise(l, t.Name, fmt.Sprintf("a script can't set its field %s", Describe(l.Get(2))), "")
		return 0
	}))
	mt.RawSetString("__tostring", l.NewFunction(func(l *lua.LState) int {
		text := Describe(l.Get(1)) // not where it lies in memory, which differs from run to run
		if text == "userdata" {
			text = "a " + t.Name
		}
		l.Push(lua.LString(text))
		return 1
	}))
	mt.RawSetString("__metatable", lua.LString(t.Name))
	return mt
}

// noMethod raises that there is none of that name, and suggests one.
func (t Type) noMethod(l *lua.LState, methods *lua.LTable, key lua.LValue) {
	var names []string
	methods.ForEach(func(k, _ lua.LValue) { names = append(names, k.String()) })
	sort.Strings(names)
	hint := ""
	if near := Suggest(key.String(), names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	} else if len(names) > 0 {
		hint = "its methods are " + strings.Join(names, ", ")
	}
	Raise(l, t.Name, fmt.Sprintf("there is no method %s", Describe(key)), hint)
}

// Function returns f as a Lua function that checks its arguments first.
func (f Func) Function(l *lua.LState) *lua.LFunction {
	return l.NewFunction(guarded(l, f.Name, func(l *lua.LState) int {
		c := f.check(l)
		out := f.Call(c)
		for _, v := range out {
			l.Push(v)
		}
		return len(out)
	}))
}

// A Guard wraps a function of the given name, to note a Go panic in it before
// a script's pcall can hide it.
type Guard func(name string, fn lua.LGFunction) lua.LGFunction

const guardKey = "runlua.guard"

// SetGuard makes every function that is added to the state from now on go
// through guard.
func SetGuard(l *lua.LState, guard Guard) {
	u := l.NewUserData()
	u.Value = guard
	l.G.Registry.RawSetString(guardKey, u)
}

func guarded(l *lua.LState, name string, fn lua.LGFunction) lua.LGFunction {
	if u, ok := l.G.Registry.RawGetString(guardKey).(*lua.LUserData); ok {
		return u.Value.(Guard)(name, fn)
	}
	return fn
}

func shortName(name string) string {
	if i := strings.LastIndexAny(name, ".:"); i >= 0 {
		return name[i+1:]
	}
	return name
}

// isMethod tells whether the first argument is a receiver, which Args leaves out.
func (f Func) isMethod() bool { return strings.Contains(f.Name, ":") }

// check reads the arguments of one call; it raises a Lua error at the first
// that breaks its rule.
func (f Func) check(l *lua.LState) *Call {
	c := &Call{L: l, fn: &f, values: make(map[string]any, len(f.Args))}
	first := 1
	if f.isMethod() {
		c.Self = l.Get(1)
		if _, ok := c.Self.(*lua.LUserData); !ok {
			c.Raise("call it with a colon, as "+f.Name+"(…)", "")
		}
		first = 2
	}
	for _, a := range f.First {
		c.take(a, l.Get(first))
		first++
	}
	if f.Named {
		f.checkNamed(c, l.Get(first))
		if l.GetTop() > first {
			c.Raise("takes nothing after its table of named arguments, got "+Describe(l.Get(first+1)), "")
		}
		return c
	}
	for i, a := range f.Args {
		c.take(a, l.Get(first+i))
	}
	if extra := l.GetTop() - first + 1 - len(f.Args); extra > 0 {
		if !f.Rest {
			c.Raise(fmt.Sprintf("takes at most %d arguments, got %d", len(f.Args), len(f.Args)+extra), "")
		}
		for i := range extra {
			c.Extra = append(c.Extra, l.Get(first+len(f.Args)+i))
		}
	}
	return c
}

func (f Func) checkNamed(c *Call, v lua.LValue) {
	t, ok := v.(*lua.LTable)
	if !ok {
		if v != lua.LNil {
			c.Raise("takes one table of named arguments, got "+Describe(v), "write "+f.Name+"{ "+f.firstArg()+" = … }")
		}
		t = c.L.NewTable()
	}
	c.Table = t
	known := make(map[string]bool, len(f.Args))
	for _, a := range f.Args {
		known[a.Name] = true
	}
	var unknown []string
	t.ForEach(func(k, _ lua.LValue) {
		if s, isName := k.(lua.LString); !isName {
			unknown = append(unknown, "["+Describe(k)+"]")
		} else if !known[string(s)] {
			unknown = append(unknown, string(s))
		}
	})
	if len(unknown) > 0 {
		sort.Strings(unknown)
		names := make([]string, 0, len(f.Args))
		for _, a := range f.Args {
			names = append(names, a.Name)
		}
		c.Raise(fmt.Sprintf("there is no argument %q", unknown[0]), suggestion(unknown[0], names))
	}
	for _, a := range f.Args {
		c.take(a, t.RawGetString(a.Name))
	}
}

func (f Func) firstArg() string {
	if len(f.Args) == 0 {
		return "name"
	}
	return f.Args[0].Name
}
