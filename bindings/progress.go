package bindings

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/progress"
)

// progressModule shows a script's own work.
func (s *Session) progressModule() spec.Module {
	return spec.Module{
		Name: "progress",
		Doc:  "Progress bars of a script's own. A bar made while another is open is nested in it.",
		Funcs: []spec.Func{
			{
				Name: "progress.bar", Named: true, Doc: "Opens a bar.",
				Args: []spec.Arg{
					{Name: "label", Kind: spec.String, Doc: "what stands before it"},
					{Name: "total", Kind: spec.AtLeast(0), Doc: "units in all"},
					{Name: "unit", Kind: spec.Name, Default: "step", Doc: "what it counts"},
					{Name: "done", Kind: spec.AtLeast(0), Default: 0, Doc: "units done before this process"},
				},
				Returns: "a bar",
				Call: func(c *spec.Call) []lua.LValue {
					u := c.L.NewUserData()
					u.Value = s.host.Board().Open(progress.Spec{Label: c.String("label"), Total: int64(c.Int("total")), Start: int64(c.Int("done")), Unit: c.String("unit")})
					u.Metatable = barType().Metatable(c.L)
					return []lua.LValue{u}
				},
			},
			{
				Name: "progress.plain", Doc: "Prints a line where there are no bars: when standard error is no terminal.",
				Args: []spec.Arg{{Name: "text", Kind: spec.String, Doc: "the line"}},
				Call: func(c *spec.Call) []lua.LValue { s.host.Board().Plain(c.String("text")); return nil },
			},
		},
		Types: []spec.Type{barType()},
	}
}

// warnFunc is Lua 5.4's warn, for one string.
func (s *Session) warnFunc() spec.Func {
	return spec.Func{
		Name: "warn", Doc: "Prints a warning on standard error, above the bars; the same text again is not repeated.",
		Args: []spec.Arg{{Name: "text", Kind: spec.Name, Doc: "what whoever runs the script should know"}},
		Call: func(c *spec.Call) []lua.LValue { s.host.Warn("%s", c.String("text")); return nil },
	}
}

func barType() spec.Type {
	self := func(c *spec.Call) *progress.Bar {
		if u, ok := c.Self.(*lua.LUserData); ok {
			if b, ok := u.Value.(*progress.Bar); ok {
				return b
			}
		}
		c.Raise(fmt.Sprintf("must be called on a bar, got %s", spec.Describe(c.Self)), "")
		return nil
	}
	detail := spec.Arg{Name: "detail", Kind: spec.String, Default: "", Doc: "shown beside the count"}
	return spec.Type{
		Name: "bar",
		Doc:  "A progress bar, as progress.bar makes it.",
		Methods: []spec.Func{
			{
				Name: "bar:set", Doc: "Sets how many units are done.", Args: []spec.Arg{{Name: "done", Kind: spec.AtLeast(0), Doc: "units"}, detail},
				Call: func(c *spec.Call) []lua.LValue { self(c).Set(int64(c.Int("done")), c.String("detail")); return nil },
			},
			{
				Name: "bar:add", Doc: "Counts units as done.", Args: []spec.Arg{{Name: "n", Kind: spec.AtLeast(0), Default: 1, Doc: "units"}},
				Call: func(c *spec.Call) []lua.LValue { self(c).Add(int64(c.Int("n"))); return nil },
			},
			{
				Name: "bar:close", Doc: "Closes the bar.",
				Call: func(c *spec.Call) []lua.LValue { self(c).Close(); return nil },
			},
		},
	}
}
