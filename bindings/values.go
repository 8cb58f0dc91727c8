package bindings

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/checkpointdb"
)

// toGo converts plain Lua data to what checkpointdb records: numbers, strings,
// booleans, lists, string-keyed tables, arrays. path names the value in errors,
// as "result.rows[3].z". An empty table is an empty list.
func toGo(v lua.LValue, path string) (any, error) {
	return converter{}.convert(v, path)
}

// converter holds the tables that are being converted, to find cycles.
type converter map[*lua.LTable]bool

func (c converter) convert(v lua.LValue, path string) (any, error) {
	switch v := v.(type) {
	case lua.LNumber:
		if x := float64(v); math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("%s is %v: only finite numbers can be recorded", path, x)
		}
		return float64(v), nil
	case lua.LString:
		return string(v), nil
	case lua.LBool:
		return bool(v), nil
	case *lua.LTable:
		return c.table(v, path)
	case *lua.LUserData:
		if a, ok := v.Value.(*Array); ok {
			return &checkpointdb.Array{Shape: append([]int(nil), a.Shape...), Data: append([]float64(nil), a.Data...)}, nil
		}
	}
	return nil, fmt.Errorf("%s is %s: only numbers, strings, booleans, tables and arrays can be recorded", path, spec.Describe(v))
}

func (c converter) table(t *lua.LTable, path string) (any, error) {
	if isOptions(t) {
		return nil, fmt.Errorf("%s is what options{…} returned, whose values are read one by one: name those that matter, as { particles = opt.particles }", path)
	}
	if c[t] {
		return nil, fmt.Errorf("%s contains itself: a table that is recorded must be a tree", path)
	}
	c[t] = true
	defer delete(c, t)

	fields := map[string]lua.LValue{}
	var others []string
	n := t.Len()
	for k, v := t.Next(lua.LNil); k != lua.LNil; k, v = t.Next(k) {
		switch k := k.(type) {
		case lua.LString:
			fields[string(k)] = v
		case lua.LNumber:
			if i := float64(k); i < 1 || i > float64(n) || i != math.Trunc(i) {
				others = append(others, "["+spec.Describe(k)+"]")
			}
		default:
			others = append(others, "["+spec.Describe(k)+"]")
		}
	}
	if len(others) > 0 || n > 0 && len(fields) > 0 {
		for k := range fields {
			others = append(others, k)
		}
		sort.Strings(others)
		return nil, fmt.Errorf("%s has the field %s: a table that is recorded must be a list without gaps or have names for all its fields", path, others[0])
	}
	if len(fields) == 0 {
		list := make([]any, n)
		for i := range list {
			v, err := c.convert(t.RawGetInt(i+1), path+"["+strconv.Itoa(i+1)+"]")
			if err != nil {
				return nil, err
			}
			list[i] = v
		}
		return list, nil
	}
	names := make([]string, 0, len(fields))
	for k := range fields {
		names = append(names, k)
	}
	sort.Strings(names)
	out := make(map[string]any, len(fields))
	for _, k := range names {
		v, err := c.convert(fields[k], path+"."+k)
		if err != nil {
			return nil, err
		}
		out[k] = v
	}
	return out, nil
}

// toLua converts recorded data back. Tables get their fields in sorted order,
// so that pairs walks a fresh and a recorded result alike.
func toLua(l *lua.LState, v any) lua.LValue {
	switch v := v.(type) {
	case nil:
		return lua.LNil
	case bool:
		return lua.LBool(v)
	case float64:
		return lua.LNumber(v)
	case string:
		return lua.LString(v)
	case []any:
		t := l.CreateTable(len(v), 0)
		for _, e := range v {
			t.Append(toLua(l, e))
		}
		return t
	case map[string]any:
		names := make([]string, 0, len(v))
		for k := range v {
			names = append(names, k)
		}
		sort.Strings(names)
		t := l.CreateTable(0, len(v))
		for _, k := range names {
			t.RawSetString(k, toLua(l, v[k]))
		}
		return t
	case *checkpointdb.Array:
		return NewArray(l, v.Data, v.Shape)
	}
	panic(fmt.Sprintf("bindings: a recorded result holds a %T", v))
}

// canonicalText is the canonical form of plain data, as keys and fingerprints
// hold it.
func canonicalText(v any) string {
	text, err := checkpointdb.CanonicalJSON(v)
	if err != nil {
		panic("bindings: " + err.Error()) // the values were checked when they came from Lua
	}
	return string(text)
}

// indented joins lines into the body of a message.
func indented(lines []string) string { return "  " + strings.Join(lines, "\n  ") }
