package bindings

import (
	"archive/zip"
	"fmt"
	"io"
	"path"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/checkpointdb"
)

// exportModule writes results as files that other programs read. A file's
// bytes follow from its data alone: no time, no order of a hash table.
func (s *Session) exportModule() spec.Module {
	file := func(ending string) spec.Arg {
		return spec.Arg{Name: "file", Kind: fileKind(ending), Doc: "below results/, such as \"voids" + ending + "\""}
	}
	return spec.Module{
		Name: "export",
		Doc:  "Results as files below results/. Values that are not finite are refused by their place; the same data give the same bytes. Each function returns the path.",
		Funcs: []spec.Func{
			{
				Name: "export.csv",
				Doc:  "A table with a header line (RFC 4180; numbers by their shortest exact text). Columns are in the order of the option columns, else of their names.",
				Args: []spec.Arg{
					file(".csv"),
					{Name: "data", Kind: spec.Table, Doc: "columns { name = list or array, … }, or rows { { name = value, … }, … }, or rows of lists with the option columns"},
					{Name: "options", Kind: spec.Table, Optional: true, Doc: "{ columns = { names in order } }"},
				},
				Returns: "the path", Example: `export.csv("ratios.csv", { beta = betas, ratio = ratios }, { columns = { "beta", "ratio" } })`,
				Call: func(c *spec.Call) []lua.LValue { return s.exportFile(c, c.String("file"), csvText(c)) },
			},
			{
				Name: "export.json", Doc: "Any plain data: fields in the order of their names, arrays as lists, an empty table as a list.",
				Args:    []spec.Arg{file(".json"), {Name: "value", Kind: spec.Any, Doc: "numbers, strings, booleans, tables, arrays"}},
				Returns: "the path",
				Call: func(c *spec.Call) []lua.LValue {
					v, err := toGo(c.Lua("value"), "value")
					if err != nil {
						c.Raise(strings.ReplaceAll(err.Error(), "recorded", "exported"), "")
					}
					text, err := prettyJSON(v)
					c.Check(err)
					return s.exportFile(c, c.String("file"), text)
				},
			},
			{
				Name: "export.npz", Doc: "Arrays by name in one file, for numpy.load.",
				Args:    []spec.Arg{file(".npz"), {Name: "arrays", Kind: spec.Table, Doc: "{ name = array or list of numbers, … }"}},
				Returns: "the path", Example: `export.npz("slice.npz", { density = density, x = x })`,
				Call: s.exportNPZ,
			},
			{
				Name: "export.text", Doc: "A string as it is.",
				Args:    []spec.Arg{{Name: "file", Kind: spec.Name, Doc: "below results/"}, {Name: "text", Kind: spec.String, Doc: "the whole content"}},
				Returns: "the path",
				Call:    func(c *spec.Call) []lua.LValue { return s.exportFile(c, c.String("file"), []byte(c.String("text"))) },
			},
		},
	}
}

// fileKind is a file's name with one of the given endings, string in Go.
func fileKind(endings ...string) spec.Kind {
	name := "a file's name that ends in " + strings.Join(endings, " or ")
	return spec.NewKind(name, func(v lua.LValue) (any, error) {
		if s, ok := v.(lua.LString); ok {
			for _, e := range endings {
				if path.Ext(string(s)) == e && path.Base(string(s)) != e {
					return string(s), nil
				}
			}
		}
		return nil, fmt.Errorf("must be %s, got %s", name, spec.Describe(v))
	})
}

// exportFile writes a result file and returns its path to the script.
func (s *Session) exportFile(c *spec.Call, name string, content []byte) []lua.LValue {
	return s.exportWith(c, name, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

func (s *Session) exportWith(c *spec.Call, name string, write func(io.Writer) error) []lua.LValue {
	path, err := s.writeResult(name, write)
	c.Check(err)
	return []lua.LValue{lua.LString(path)}
}

// exportNPZ writes a zip archive of NumPy files, uncompressed as numpy.savez
// writes it, in the order of the names and without times.
func (s *Session) exportNPZ(c *spec.Call) []lua.LValue {
	t := c.LuaTable("arrays")
	fields := map[string]any{}
	for k, v := t.Next(lua.LNil); k != lua.LNil; k, v = t.Next(k) {
		name, ok := k.(lua.LString)
		if !ok || !plainName(string(name)) {
			c.Fail("arrays", fmt.Sprintf("must have names of letters, digits, _ and - for all arrays, got %s", spec.Describe(k)), "")
		}
		got, err := arrayLike.Check(v)
		if err != nil {
			c.Fail("arrays."+string(name), err.Error(), "")
		}
		a := got.(*Array)
		fields[string(name)] = &checkpointdb.Array{Shape: a.Shape, Data: a.Data}
	}
	if len(fields) == 0 {
		c.Fail("arrays", "must hold at least one array", "")
	}
	encoded := make([]checkpointdb.NamedArray, 0, len(fields))
	for _, name := range sortedKeys(fields) {
		r, err := checkpointdb.EncodeResult(fields[name])
		if err != nil {
			c.Raise("arrays."+name+strings.TrimPrefix(err.Error(), "checkpointdb: result"), "")
		}
		encoded = append(encoded, checkpointdb.NamedArray{Name: name, NPY: r.Arrays[0].NPY})
	}
	return s.exportWith(c, c.String("file"), func(w io.Writer) error {
		archive := zip.NewWriter(w)
		for _, a := range encoded {
			// numpy.savez, too, stores; 1980 is where zip's dates begin.
			f, err := archive.CreateHeader(&zip.FileHeader{
				Name: a.Name + ".npy", Method: zip.Store, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
			})
			if err != nil {
				return err
			}
			if _, err := f.Write(a.NPY); err != nil {
				return err
			}
		}
		return archive.Close()
	})
}

func plainName(s string) bool {
	if s == "" {
		return false
	}
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-' {
			return false
		}
	}
	return true
}

func sortedKeys[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for k := range m {
		names = append(names, k)
	}
	sort.Strings(names)
	return names
}

// validText reports text that is not UTF-8.
func validText(s string) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("is not valid UTF-8 text")
	}
	return nil
}
