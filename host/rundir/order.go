package rundir

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"runlua/checkpointdb"
)

// compareKeys orders tasks as a reader expects them: by name, then by each
// parameter in the order of their names, numbers by value.
func compareKeys(a, b checkpointdb.Key) int {
	if c := strings.Compare(a.Name, b.Name); c != 0 {
		return c
	}
	x, y := params(a), params(b)
	names := slices.Sorted(maps.Keys(x))
	for name := range y {
		if _, ok := x[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if c := compareValues(x[name], y[name]); c != 0 {
			return c
		}
	}
	return cmp.Compare(string(a.Params), string(b.Params))
}

// compareValues puts what is absent first, then booleans, numbers, text, and
// the rest by its canonical text.
func compareValues(a, b any) int {
	if c := cmp.Compare(rank(a), rank(b)); c != 0 {
		return c
	}
	switch a := a.(type) {
	case nil:
		return 0
	case float64:
		return cmp.Compare(a, b.(float64))
	case string:
		return cmp.Compare(a, b.(string))
	}
	return cmp.Compare(cellText(a), cellText(b))
}

func rank(v any) int {
	switch v.(type) {
	case nil:
		return 0
	case bool:
		return 1
	case float64:
		return 2
	case string:
		return 3
	}
	return 4
}

// params are the parameters of a task by name, those of nested tables by their
// names joined with dots. Parameters that are no table have the name "params".
func params(k checkpointdb.Key) map[string]any {
	v, err := checkpointdb.DecodeJSON(k.Params)
	if err != nil {
		return map[string]any{"params": string(k.Params)}
	}
	out := map[string]any{}
	if _, ok := v.(map[string]any); !ok {
		out["params"] = v
		return out
	}
	flattenParams("", v, out)
	return out
}

func flattenParams(prefix string, v any, out map[string]any) {
	table, ok := v.(map[string]any)
	if !ok {
		out[prefix] = v
		return
	}
	for name, element := range table {
		flattenParams(joinName(prefix, name), element, out)
	}
}

func joinName(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return prefix + "." + name
}

// cellText is a value as the cell of a table: text as it is, the rest by its
// canonical JSON. Nothing is the empty text.
func cellText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	text, err := checkpointdb.CanonicalJSON(v)
	if err != nil {
		return "?" // not a recorded value
	}
	return string(text)
}
