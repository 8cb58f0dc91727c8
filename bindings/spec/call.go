package spec

import (
	"fmt"
	"regexp"

	lua "github.com/yuin/gopher-lua"
)

// A Call is one call of a Func with its arguments checked.
type Call struct {
	L      *lua.LState
	Self   lua.LValue   // the receiver of a method
	Table  *lua.LTable  // the table of a Named function
	Extra  []lua.LValue // arguments past Args, where Rest allows them
	fn     *Func
	values map[string]any
}

// take checks one argument and stores it under its name.
func (c *Call) take(a Arg, v lua.LValue) {
	if v == lua.LNil {
		switch {
		case a.Default != nil:
			c.values[a.Name] = a.Default
		case !a.Optional:
			c.Raise(a.Name+" is required: "+a.Doc, "")
		}
		return
	}
	got, err := a.Kind.Check(v)
	if err != nil {
		c.Fail(a.Name, err.Error(), "")
	}
	c.values[a.Name] = got
}

// Has tells whether the argument was given or has a default.
func (c *Call) Has(name string) bool { _, ok := c.values[name]; return ok }

// Given tells whether the script itself gave a Named function's argument.
func (c *Call) Given(name string) bool {
	return c.Table != nil && c.Table.RawGetString(name) != lua.LNil
}

// Value returns the argument as its Kind converted it, or nil.
func (c *Call) Value(name string) any { return c.values[name] }

// Float returns a number argument; 0 if it is absent.
func (c *Call) Float(name string) float64 { v, _ := c.values[name].(float64); return v }

// Int returns a whole-number argument; 0 if it is absent.
func (c *Call) Int(name string) int { v, _ := c.values[name].(int); return v }

// String returns a string argument; "" if it is absent.
func (c *Call) String(name string) string { v, _ := c.values[name].(string); return v }

// Bool returns a boolean argument; false if it is absent.
func (c *Call) Bool(name string) bool { v, _ := c.values[name].(bool); return v }

// Floats returns a list-of-numbers argument; nil if it is absent.
func (c *Call) Floats(name string) []float64 { v, _ := c.values[name].([]float64); return v }

// Function returns a function argument; nil if it is absent.
func (c *Call) Function(name string) *lua.LFunction {
	v, _ := c.values[name].(*lua.LFunction)
	return v
}

// LuaTable returns a table argument; nil if it is absent.
func (c *Call) LuaTable(name string) *lua.LTable { v, _ := c.values[name].(*lua.LTable); return v }

// Lua returns an argument of kind Any; LNil if it is absent.
func (c *Call) Lua(name string) lua.LValue {
	if v, ok := c.values[name].(lua.LValue); ok {
		return v
	}
	return lua.LNil
}

// Raise stops the script at the calling line: "FUNCTION: MESSAGE" and, where
// there is one, a line with a hint. It does not return.
func (c *Call) Raise(message, hint string) {
	Raise(c.L, c.fn.Name, message, hint)
}

// Fail is Raise for an argument that breaks its rule: "NAME must be …, got …".
func (c *Call) Fail(name, rule, hint string) { c.Raise(name+" "+rule, hint) }

// Check raises err, if there is one, as the function's own failure.
func (c *Call) Check(err error) {
	if err != nil {
		c.Raise(err.Error(), "")
	}
}

// packagePrefix is what Go errors begin with by custom, and what says nothing to
// who wrote a script.
var packagePrefix = regexp.MustCompile(`(^|: )(?:abundance|checkpointdb|cosmology|denoiserpipe|diffusion|direct|fft|figure|fingerprint|gadget|grid|halos|nbody|numbers|power|sandbox|structure|voids|voidtheory): `)

// Plain is the text of an error without the names of Go packages in it.
func Plain(text string) string {
	for {
		short := packagePrefix.ReplaceAllString(text, "$1")
		if short == text {
			return text
		}
		text = short
	}
}

// Raise stops the script at the line that called the Go function of the given
// name. It does not return.
func Raise(l *lua.LState, function, message, hint string) {
	message = Plain(message)
	if hint != "" {
		message += "\n  hint: " + hint
	}
	if message = function + ": " + message; l.Where(1) == "" {
		l.Error(lua.LString(message), 0) // no line of a script is being run
	}
	l.RaiseError("%s", message)
	panic(fmt.Sprintf("spec: RaiseError returned for %s", function))
}
