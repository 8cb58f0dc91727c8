package rundir

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"runlua/checkpointdb"
)

// A table is recorded results, one row a task.
//
// A column is the task's name, a parameter, or a field of the result; the
// names of nested tables are joined with dots. A field that has a parameter's
// name is result.NAME. Cells are
//
//	nil                 the task has no such field
//	float64 string bool a plain value
//	*Array              an array
//	[]any               a list of plain values, or whatever else was recorded
//
// A list of tables of the same plain fields is columns itself: rows = {{z=1},
// {z=2}} is the list rows.z.
type table struct {
	keys   []string // columns that say which task it is, in their order
	fields []string // columns of results, sorted
	rows   []row

	exploded bool // rows are elements of arrays
}

type row struct {
	rec   *checkpointdb.Record
	cells map[string]any
}

const (
	taskColumn       = "task"
	generationColumn = "generation"
	paramPrefix      = "params"
	resultPrefix     = "result"
	valueColumn      = "value" // of a result that is no table
)

// newTable makes the table of records, in the order of their keys. withTask
// and withGeneration add those columns.
func newTable(records []*checkpointdb.Record, withTask, withGeneration bool) (*table, error) {
	slices.SortStableFunc(records, func(a, b *checkpointdb.Record) int {
		return cmp.Or(compareKeys(a.Key, b.Key), cmp.Compare(a.Generation, b.Generation))
	})
	t := &table{}
	taken := map[string]bool{}
	if withTask {
		t.keys, taken[taskColumn] = append(t.keys, taskColumn), true
	}
	if withGeneration {
		t.keys, taken[generationColumn] = append(t.keys, generationColumn), true
	}
	keys, values := make([]map[string]any, len(records)), make([]map[string]any, len(records))
	for i, rec := range records {
		v, err := rec.Result.Decode()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", rec.Key, err)
		}
		keys[i], values[i] = params(rec.Key), map[string]any{}
		flattenResult("", v, values[i])
	}
	byParam := nameColumns(keys, taken, paramPrefix)
	t.keys = append(t.keys, sortedValues(byParam)...)
	byField := nameColumns(values, taken, resultPrefix)
	t.fields = sortedValues(byField)
	for i, rec := range records {
		cells := map[string]any{}
		if withTask {
			cells[taskColumn] = rec.Key.Name
		}
		if withGeneration {
			cells[generationColumn] = float64(rec.Generation)
		}
		for name, v := range keys[i] {
			cells[byParam[name]] = v
		}
		for name, v := range values[i] {
			cells[byField[name]] = v
		}
		t.rows = append(t.rows, row{rec, cells})
	}
	return t, nil
}

// nameColumns gives each field that any row has a column's name that is not
// taken: its own, or with the prefix.
func nameColumns(rows []map[string]any, taken map[string]bool, prefix string) map[string]string {
	names := map[string]bool{}
	for _, fields := range rows {
		for name := range fields {
			names[name] = true
		}
	}
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		column := name
		for taken[column] || column != name && names[column] {
			column = joinName(prefix, column)
		}
		out[name], taken[column] = column, true
	}
	return out
}

func sortedValues(m map[string]string) []string { return slices.Sorted(maps.Values(m)) }

// flattenResult takes a result apart into columns.
func flattenResult(prefix string, v any, out map[string]any) {
	name := prefix
	if name == "" {
		name = valueColumn
	}
	switch v := v.(type) {
	case nil:
	case map[string]any:
		for field, element := range v {
			flattenResult(joinName(prefix, field), element, out)
		}
	case []any:
		columns, ok := columnsOf(v)
		if !ok {
			out[name] = v
			return
		}
		for field, list := range columns {
			out[joinName(prefix, field)] = list
		}
	default:
		out[name] = v
	}
}

// columnsOf turns a list of tables into lists, where all have the same fields
// and these are plain.
func columnsOf(list []any) (map[string]any, bool) {
	columns := map[string]any{}
	for i, v := range list {
		fields, ok := v.(map[string]any)
		if !ok || i > 0 && len(fields) != len(columns) || len(fields) == 0 {
			return nil, false
		}
		for name, element := range fields {
			if isContainer(element) {
				return nil, false
			}
			column, known := columns[name].([]any)
			if i > 0 && !known {
				return nil, false
			}
			columns[name] = append(column, element)
		}
	}
	return columns, len(columns) > 0
}

// isList reports whether a cell is one-dimensional and of plain values, and
// how long it is.
func isList(cell any) (n int, ok bool) {
	switch v := cell.(type) {
	case *checkpointdb.Array:
		return len(v.Data), len(v.Shape) == 1
	case []any:
		return len(v), !slices.ContainsFunc(v, isContainer)
	}
	return 0, false
}

// element is one element of a list.
func element(cell any, i int) any {
	if a, ok := cell.(*checkpointdb.Array); ok {
		return a.Data[i]
	}
	return cell.([]any)[i]
}

// explode makes one row of each element of a task's lists, which must be of
// the same length; the rest of the row is repeated. only says which lists,
// empty means all. A task without any of them keeps its row.
func (t *table) explode(only []string) error {
	var lists []string
	for _, name := range t.fields {
		if slices.ContainsFunc(t.rows, func(r row) bool { _, ok := isList(r.cells[name]); return ok }) {
			lists = append(lists, name)
		}
	}
	for _, name := range only {
		if !slices.Contains(lists, name) {
			return usage(suggest(name, lists, "there are "), "--explode: no result has an array or list %q of one dimension", name)
		}
	}
	if len(only) > 0 {
		lists = only
	}
	var out []row
	for _, r := range t.rows {
		n, any, err := r.listLength(lists)
		if err != nil {
			return err
		}
		if !any {
			out = append(out, r)
			continue
		}
		for i := range n {
			cells := maps.Clone(r.cells)
			for _, name := range lists {
				if _, ok := isList(cells[name]); ok {
					cells[name] = element(cells[name], i)
				}
			}
			out = append(out, row{r.rec, cells})
		}
	}
	t.rows, t.exploded = out, true
	return nil
}

// listLength is the length that a row's lists share.
func (r row) listLength(lists []string) (n int, any bool, err error) {
	byLength := map[int][]string{}
	for _, name := range lists {
		if length, ok := isList(r.cells[name]); ok {
			byLength[length] = append(byLength[length], name)
			n, any = length, true
		}
	}
	if len(byLength) < 2 {
		return n, any, nil
	}
	var groups, hints []string
	for _, length := range slices.Sorted(maps.Keys(byLength)) {
		names := strings.Join(byLength[length], ",")
		groups = append(groups, fmt.Sprintf("%s %d", names, length))
		hints = append(hints, "--explode="+names)
	}
	return 0, false, usage("name those that belong together: "+strings.Join(hints, " or "),
		"the arrays of %s are not equally long: %s", r.rec.Key, strings.Join(groups, "; "))
}

// columns are the columns of plain values, and those left out because some
// task has an array or list there.
func (t *table) columns() (plain, left []string) {
	plain = slices.Clone(t.keys)
	for _, name := range t.fields {
		if slices.ContainsFunc(t.rows, func(r row) bool { return isContainer(r.cells[name]) }) {
			left = append(left, name)
		} else {
			plain = append(plain, name)
		}
	}
	return plain, left
}
