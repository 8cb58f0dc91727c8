package bindings

import (
	"context"
	"fmt"
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/checkpointdb"
	"runlua/progress"
)

// sweepModule runs a task at each point of a grid of parameters.
func (s *Session) sweepModule() spec.Module {
	return spec.Module{
		Name: "sweep",
		Doc:  "Tasks over a grid of parameters.",
		Funcs: []spec.Func{
			{
				Name: "sweep.grid",
				Doc:  "All combinations of the given lists. The field written first changes slowest.",
				Args: []spec.Arg{{Name: "axes", Kind: spec.Table, Doc: "name = { values }"}}, Returns: "a list of parameter tables",
				Example: `sweep.grid { beta = { 0, 0.1 }, seed = sweep.range(3) }`,
				Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{gridPoints(c, c.LuaTable("axes"))} },
			},
			{
				Name: "sweep.range", Doc: "Whole numbers: range(n) is 1 to n, range(a, b) is a to b.",
				Args: []spec.Arg{
					{Name: "a", Kind: spec.Int(-1<<53, 1<<53), Doc: "the last number, or the first of two"},
					{Name: "b", Kind: spec.Int(-1<<53, 1<<53), Optional: true, Doc: "the last number"},
				},
				Returns: "a list of numbers",
				Call: func(c *spec.Call) []lua.LValue {
					a, b := 1, c.Int("a")
					if c.Has("b") {
						a, b = c.Int("a"), c.Int("b")
					}
					if b-a >= 1<<20 {
						c.Raise(fmt.Sprintf("a range holds at most %d numbers, got %d", 1<<20, b-a+1), "")
					}
					t := c.L.NewTable()
					for i := a; i <= b; i++ {
						t.Append(lua.LNumber(i))
					}
					return []lua.LValue{t}
				},
			},
			{
				Name: "sweep.run", Named: true,
				Doc: "Runs the task `each` at every point of `over`, or takes its recorded result. Results are returned in the order of the points. " +
					"Several points are computed at once: as many as -j says, else one for each core while simulations are small (a point has a thread for each 128³ cells of the mesh of the sweep's first simulation). " +
					"Each begins with a copy of `each` and of all that it captures, as it was before the sweep, so that neither the results nor what is printed depend on how many there are; what `each` changes of that is lost. " +
					"on_done, on_group_start and on_group are for what a script prints and plots: they run in the same order and are no part of a task. " +
					"Their info says whether the point or the whole group was recorded before the sweep (recorded), its number and how many there are (index, count); " +
					"of a group also how many of its points were recorded (done, total), of a point its place in the group (index_in_group, group_total).",
				Args: []spec.Arg{
					{Name: "name", Kind: taskName, Doc: "of the tasks; with a point it is a task's key"},
					{Name: "over", Kind: spec.Table, Doc: "a list of parameter tables, as sweep.grid makes it"},
					{Name: "each", Kind: spec.Function, Doc: "function(point, task) that returns the result"},
					{Name: "fixed", Kind: spec.Any, Optional: true, Doc: "further values that the results depend on"},
					{Name: "group", Kind: spec.Name, Optional: true, Doc: "a parameter: neighbouring points that share its value form a group with a bar of its own"},
					{Name: "label", Kind: spec.Any, Optional: true, Doc: "of the bar: a format for the group's value, or function(value)"},
					{Name: "unit", Kind: spec.Name, Default: "sim", Doc: "what the bar counts"},
					{Name: "on_done", Kind: spec.Function, Optional: true, Doc: "function(point, result, info)"},
					{Name: "on_group_start", Kind: spec.Function, Optional: true, Doc: "function(value, info), before the first point of a group"},
					{Name: "on_group", Kind: spec.Function, Optional: true, Doc: "function(value, results, info), after the last point of a group"},
				},
				Returns: "a list of the results",
				Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{s.sweep(c)} },
			},
		},
	}
}

const gridHint = "sweep.grid { name = { values } } makes one"

// gridPoints is the product of the lists in the order in which the script wrote them.
func gridPoints(c *spec.Call, axes *lua.LTable) *lua.LTable {
	type axis struct {
		name   lua.LString
		values *lua.LTable
	}
	var list []axis
	size := 1
	for k, v := axes.Next(lua.LNil); k != lua.LNil; k, v = axes.Next(k) {
		name, ok := k.(lua.LString)
		if !ok {
			c.Raise("each axis is written name = { values }, got "+k.String()+" = "+spec.Describe(v), "")
		}
		values, isTable := v.(*lua.LTable)
		if !isTable || values.Len() == 0 {
			got, hint := spec.Describe(v), ""
			if _, isArray := AsArray(v); isArray {
				hint = "a:list() is the list of an array's values"
			} else if isTable {
				got = "a table without any"
			}
			c.Fail(string(name), "must be a list with at least one value, got "+got, hint)
		}
		for i := 1; i <= values.Len(); i++ {
			if values.RawGetInt(i) == lua.LNil {
				c.Fail(string(name), fmt.Sprintf("must be a list without gaps, got nil at [%d]", i), "")
			}
		}
		list = append(list, axis{name, values})
		if size *= values.Len(); size > 1<<20 {
			c.Raise(fmt.Sprintf("a grid holds at most %d points", 1<<20), "")
		}
	}
	out := c.L.NewTable()
	if len(list) == 0 {
		return out
	}
	for i := range size {
		point := c.L.NewTable()
		rest := i
		for j := len(list) - 1; j >= 0; j-- {
			n := list[j].values.Len()
			point.RawSetString(string(list[j].name), list[j].values.RawGetInt(rest%n+1))
			rest /= n
		}
		out.Append(point)
	}
	return out
}

// group is a run of neighbouring points that share the value of one parameter.
type group struct {
	value    any
	first    int
	params   []any
	points   []*point // by params; nil for what was recorded before the sweep
	recorded int      // how many were
	label    string
	bar      *progress.Bar // nil until one of its points begins
}

func (s *Session) sweep(c *spec.Call) lua.LValue {
	r := request{caller: "sweep.run", name: c.String("name"), fn: c.Function("each")}
	s.refuseInDenoiser(c.L, r.caller) // the points run in other states, which don't know
	if r.fn.IsG {
		c.Fail("each", "must be a Lua function", "")
	}
	if c.Has("fixed") {
		fixed, err := toGo(c.Lua("fixed"), "fixed")
		c.Check(err)
		r.fixed = fixed
	}
	groups := s.groups(c)
	r.static = s.static(c.L, r)
	total := 0
	var missing []*point
	for _, g := range groups {
		total += len(g.params)
		missing = append(missing, s.missing(c, r, g)...)
	}
	var p *parcel
	if len(missing) > 0 {
		var err error
		p, err = s.pack(r.fn, "each")
		c.Check(err)
	}
	crew := s.newCrew(r, p, missing, c.String("unit"))
	defer crew.stop()
	results := c.L.CreateTable(total, 0)
	for i, g := range groups {
		s.runGroup(c, r, g, i, len(groups), total, crew, results)
	}
	return results
}

// missing returns the points of a group that are not recorded.
func (s *Session) missing(c *spec.Call, r request, g *group) []*point {
	store := s.store(c.L, r.caller)
	g.points = make([]*point, len(g.params))
	var missing []*point
	for i, params := range g.params {
		r.params = params
		key := s.key(c.L, r)
		record, err := store.Task(key)
		c.Check(err)
		if record != nil && s.judge(c.L, r, key, r.static, record) == taken {
			g.recorded++
			continue
		}
		g.points[i] = &point{key: key, params: params, group: g, name: pointName(params, c.String("group"))}
		missing = append(missing, g.points[i])
	}
	if len(missing) > 0 {
		g.label = s.label(c, s.groupValue(c.L, g))
	}
	return missing
}

// pointName tells a point from others of its group: by its parameters but the
// group's, "seed=2"; "" if that is long.
func pointName(params any, group string) string {
	own := map[string]any{}
	for name, value := range params.(map[string]any) {
		if name != group {
			own[name] = value
		}
	}
	key, err := checkpointdb.NewKey("point", own)
	if err != nil {
		return ""
	}
	name := strings.TrimSuffix(strings.TrimPrefix(key.String(), "point{"), "}")
	if len(name) > 24 {
		return ""
	}
	return name
}

func (s *Session) groupValue(l *lua.LState, g *group) lua.LValue {
	if g.value == nil {
		return lua.LNil
	}
	return toLua(l, g.value)
}

// groups reads the points; without `group` all of them are one group.
func (s *Session) groups(c *spec.Call) []*group {
	over := c.LuaTable("over")
	by := c.String("group")
	if key, v := over.Next(lua.LNil); over.Len() == 0 && key != lua.LNil {
		c.Fail("over", fmt.Sprintf("must be a list of tables with named parameters, got %s = %s", key.String(), spec.Describe(v)), gridHint)
	}
	if over.Len() == 0 {
		c.Fail("over", "must hold at least one point, got none", "")
	}
	var groups []*group
	seen := map[string]int{}
	for i := 1; i <= over.Len(); i++ {
		plain, err := toGo(over.RawGetInt(i), fmt.Sprintf("over[%d]", i))
		c.Check(err)
		point, ok := plain.(map[string]any)
		if !ok {
			c.Fail("over", fmt.Sprintf("must be a list of tables with named parameters, got %s at [%d]", canonicalText(plain), i), gridHint)
		}
		text := canonicalText(point)
		if j, twice := seen[text]; twice {
			c.Fail("over", fmt.Sprintf("must not hold a point twice, got %s at [%d] and [%d]", text, j, i), "")
		}
		seen[text] = i
		var value any
		if by != "" {
			if value, ok = point[by]; !ok {
				c.Fail("group", fmt.Sprintf("must be a parameter of every point, got %q, which over[%d] lacks", by, i), "")
			}
		}
		if n := len(groups); n == 0 || by != "" && canonicalText(groups[n-1].value) != canonicalText(value) {
			groups = append(groups, &group{value: value, first: i})
		}
		g := groups[len(groups)-1]
		g.params = append(g.params, point)
	}
	return groups
}

// runGroup hands out the results of a group in order, as they come.
func (s *Session) runGroup(c *spec.Call, r request, g *group, index, count, total int, crew *crew, results *lua.LTable) {
	l := c.L
	value := s.groupValue(l, g)
	info := func() *lua.LTable {
		t := l.NewTable()
		t.RawSetString("recorded", lua.LBool(g.recorded == len(g.params)))
		t.RawSetString("index", lua.LNumber(index+1))
		t.RawSetString("count", lua.LNumber(count))
		t.RawSetString("done", lua.LNumber(g.recorded))
		t.RawSetString("total", lua.LNumber(len(g.params)))
		return t
	}
	if f := c.Function("on_group_start"); f != nil {
		call(l, f, value, info())
	}
	group := l.NewTable()
	for i, params := range g.params {
		r.params = params
		out := s.result(c, r, g.points[i], crew)
		results.Append(out.value)
		group.Append(out.value)
		if f := c.Function("on_done"); f != nil {
			t := l.NewTable()
			t.RawSetString("recorded", lua.LBool(out.recorded))
			t.RawSetString("index", lua.LNumber(g.first+i))
			t.RawSetString("count", lua.LNumber(total))
			t.RawSetString("index_in_group", lua.LNumber(i+1))
			t.RawSetString("group_total", lua.LNumber(len(g.params)))
			call(l, f, toLua(l, params), out.value, t)
		}
	}
	g.bar.Close()
	if f := c.Function("on_group"); f != nil {
		call(l, f, value, group, info())
	}
}

// result is that of one point: what is recorded of it, or what the crew computes.
func (s *Session) result(c *spec.Call, r request, p *point, crew *crew) outcome {
	key := s.key(c.L, r)
	if p == nil {
		record, err := s.store(c.L, r.caller).Task(key)
		c.Check(err)
		if record == nil {
			c.Raise(fmt.Sprintf("%s is no longer recorded", key), "")
		}
		return s.finish(c.L, r, key, record.Result, true)
	}
	crew.wait(p)
	if p.result == nil {
		crew.stop()
		if ctx := s.host.Context(); ctx.Err() != nil {
			c.L.RaiseError("%v", context.Cause(ctx))
		}
		s.host.Message("%s failed.", key)
		raiseFrom(c.L, r.caller, p.err)
	}
	result := p.result
	p.result = nil // it may be large, and the list of results has it now
	return s.finish(c.L, r, key, result, false)
}

// call calls a display function; what it returns is ignored.
func call(l *lua.LState, f *lua.LFunction, args ...lua.LValue) {
	l.Push(f)
	for _, a := range args {
		l.Push(a)
	}
	l.Call(len(args), 0)
}

// label is what the bar of a group is called.
func (s *Session) label(c *spec.Call, value lua.LValue) string {
	switch label := c.Lua("label").(type) {
	case *lua.LFunction:
		c.L.Push(label)
		c.L.Push(value)
		c.L.Call(1, 1)
		text := c.L.Get(-1).String()
		c.L.Pop(1)
		return text
	case lua.LString:
		if value == lua.LNil {
			return string(label)
		}
		format := c.L.GetField(c.L.GetGlobal("string"), "format")
		if err := c.L.CallByParam(lua.P{Fn: format, NRet: 1, Protect: true}, label, value); err != nil {
			c.Fail("label", fmt.Sprintf("must be a format for the value of %s, got %q for %s", c.String("group"), string(label), spec.Describe(value)), "")
		}
		text := c.L.Get(-1).String()
		c.L.Pop(1)
		return text
	}
	if value == lua.LNil {
		return c.String("name")
	}
	if n, ok := value.(lua.LNumber); ok && !math.IsNaN(float64(n)) {
		return fmt.Sprintf("%s=%g", c.String("group"), float64(n))
	}
	return fmt.Sprintf("%s=%s", c.String("group"), value.String())
}
