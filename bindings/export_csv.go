package bindings

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/checkpointdb"
)

// csvText is the content of a CSV file for the arguments data and options of
// export.csv.
func csvText(c *spec.Call) []byte {
	order := csvOrder(c)
	data := c.LuaTable("data")
	if isOptions(data) {
		c.Fail("data", "must be columns or rows, got what options{…} returned", "")
	}
	var table csvTable
	if data.Len() > 0 {
		table = csvRows(c, data, order)
	} else {
		table = csvColumns(c, data, order)
	}
	var b bytes.Buffer
	header := make([]string, len(table.names))
	for j, name := range table.names {
		header[j] = quoteCSV(name)
	}
	writeCSVLine(&b, header)
	for i, row := range table.rows {
		cells := make([]string, len(row))
		for j, v := range row {
			text, err := csvCell(v)
			if err != nil {
				c.Raise(fmt.Sprintf("column %q, row %d %v", table.names[j], i+1, err), "")
			}
			cells[j] = text
		}
		writeCSVLine(&b, cells)
	}
	return b.Bytes()
}

type csvTable struct {
	names []string
	rows  [][]lua.LValue
}

// csvOrder is the option columns; nil if it is absent.
func csvOrder(c *spec.Call) []string {
	options := c.LuaTable("options")
	if options == nil {
		return nil
	}
	for k, _ := options.Next(lua.LNil); k != lua.LNil; k, _ = options.Next(k) {
		if k != lua.LString("columns") {
			c.Fail("options", fmt.Sprintf("has the field columns only, got %s", spec.Describe(k)), "")
		}
	}
	list, ok := options.RawGetString("columns").(*lua.LTable)
	if !ok {
		if options.RawGetString("columns") == lua.LNil {
			return nil
		}
		c.Fail("columns", "must be a list of names, got "+spec.Describe(options.RawGetString("columns")), "")
	}
	var names []string
	for i := 1; i <= list.Len(); i++ {
		name, ok := list.RawGetInt(i).(lua.LString)
		if !ok || name == "" {
			c.Fail(fmt.Sprintf("columns[%d]", i), "must be a name, got "+spec.Describe(list.RawGetInt(i)), "")
		}
		if slices.Contains(names, string(name)) {
			c.Fail("columns", fmt.Sprintf("must name each column once, got %q twice", string(name)), "")
		}
		names = append(names, string(name))
	}
	if names == nil {
		c.Fail("columns", "must name at least one column", "")
	}
	return names
}

// csvColumns reads { name = list or array, … }.
func csvColumns(c *spec.Call, data *lua.LTable, order []string) csvTable {
	columns := map[string][]lua.LValue{}
	for k, v := data.Next(lua.LNil); k != lua.LNil; k, v = data.Next(k) {
		name, ok := k.(lua.LString)
		if !ok {
			c.Fail("data", "must be columns by name or a list of rows, got the field "+spec.Describe(k), "")
		}
		columns[string(name)] = columnValues(c, string(name), v)
	}
	known := sortedKeys(columns)
	if len(known) == 0 {
		c.Fail("data", "holds no columns and no rows", "a file of no rows needs columns of no values: { x = {} }")
	}
	if order == nil {
		order = known
	}
	for _, name := range order {
		requireColumn(c, name, known)
	}
	n := len(columns[order[0]])
	for _, name := range order {
		if len(columns[name]) != n {
			c.Fail("data", fmt.Sprintf("must have columns of the same length, got %d values in %q and %d in %q", n, order[0], len(columns[name]), name), "")
		}
	}
	table := csvTable{names: order}
	for i := range n {
		row := make([]lua.LValue, len(order))
		for j, name := range order {
			row[j] = columns[name][i]
		}
		table.rows = append(table.rows, row)
	}
	return table
}

func requireColumn(c *spec.Call, name string, known []string) {
	if slices.Contains(known, name) {
		return
	}
	hint := "there are " + strings.Join(known, ", ")
	if near := spec.Suggest(name, known); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	c.Fail("columns", fmt.Sprintf("names %q, which the data do not have", name), hint)
}

func columnValues(c *spec.Call, name string, v lua.LValue) []lua.LValue {
	var out []lua.LValue
	switch v := v.(type) {
	case *lua.LTable:
		for i := 1; i <= v.Len(); i++ {
			out = append(out, v.RawGetInt(i))
		}
		return out
	case *lua.LUserData:
		if a, ok := AsArray(v); ok && len(a.Shape) == 1 {
			for _, x := range a.Data {
				out = append(out, lua.LNumber(x))
			}
			return out
		}
	}
	c.Raise(fmt.Sprintf("column %q must be a list or a one-dimensional array, got %s", name, spec.Describe(v)), "")
	return nil
}

// csvRows reads { { name = value, … }, … } or, with an order, { { value, … }, … }.
func csvRows(c *spec.Call, data *lua.LTable, order []string) csvTable {
	records, ok := data.RawGetInt(1).(*lua.LTable)
	if !ok {
		c.Fail("data", "must be columns by name or a list of rows, got "+spec.Describe(data.RawGetInt(1))+" at [1]", "")
	}
	lists := records.Len() > 0
	if lists && order == nil {
		c.Raise("rows of lists need names for their columns", "add { columns = { … } }")
	}
	if order == nil {
		order = fieldNames(c, data)
	}
	table := csvTable{names: order}
	for i := 1; i <= data.Len(); i++ {
		row, ok := data.RawGetInt(i).(*lua.LTable)
		if !ok {
			c.Raise(fmt.Sprintf("row %d must be a table, got %s", i, spec.Describe(data.RawGetInt(i))), "")
		}
		cells := make([]lua.LValue, len(order))
		if lists {
			if row.Len() != len(order) {
				c.Raise(fmt.Sprintf("row %d must have %d values, one for each column, got %d", i, len(order), row.Len()), "")
			}
			for j := range cells {
				cells[j] = row.RawGetInt(j + 1)
			}
		} else {
			for j, name := range order {
				if cells[j] = row.RawGetString(name); cells[j] == lua.LNil {
					c.Raise(fmt.Sprintf("row %d has no value for the column %q", i, name), "")
				}
			}
		}
		table.rows = append(table.rows, cells)
	}
	return table
}

// fieldNames are the names that any of the rows has, sorted: a row that lacks
// one is an error of its own.
func fieldNames(c *spec.Call, data *lua.LTable) []string {
	names := map[string]bool{}
	for i := 1; i <= data.Len(); i++ {
		row, ok := data.RawGetInt(i).(*lua.LTable)
		if !ok {
			continue
		}
		for k, _ := row.Next(lua.LNil); k != lua.LNil; k, _ = row.Next(k) {
			name, ok := k.(lua.LString)
			if !ok {
				c.Raise(fmt.Sprintf("row %d must have names for all its fields, got %s", i, spec.Describe(k)), "")
			}
			names[string(name)] = true
		}
	}
	return sortedKeys(names)
}

// csvCell is one value as text. Its error continues "column …, row …".
func csvCell(v lua.LValue) (string, error) {
	switch v := v.(type) {
	case lua.LNumber:
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return "", fmt.Errorf("is %v: only finite numbers can be exported", float64(v))
		}
		text, err := checkpointdb.CanonicalJSON(float64(v))
		return string(text), err
	case lua.LString:
		if err := validText(string(v)); err != nil {
			return "", err
		}
		return quoteCSV(string(v)), nil
	case lua.LBool:
		return v.String(), nil
	}
	return "", fmt.Errorf("must be a number, a string, true or false, got %s", spec.Describe(v))
}

// quoteCSV quotes text as RFC 4180 has it, where it must.
func quoteCSV(s string) string {
	if !strings.ContainsAny(s, "\",\r\n") && strings.TrimSpace(s) == s && s != "" {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// writeCSVLine writes cells that are quoted already. Lines end in a line
// feed, as most programs of the field write them.
func writeCSVLine(b *bytes.Buffer, cells []string) {
	b.WriteString(strings.Join(cells, ",") + "\n")
}
