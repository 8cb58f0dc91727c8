package bindings

import (
	"bytes"
	"fmt"
	"path"
	"sort"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/figure"
	"runlua/bindings/spec"
)

// plotModule draws pictures of results. Package figure does the drawing; here
// tables become its figures.
func (s *Session) plotModule() spec.Module {
	return spec.Module{
		Name: "plot",
		Doc: "Pictures below results/, PNG or SVG by the file's ending. Labels may hold Greek letters and raised or lowered ones as Unicode has them: h⁻¹ Mpc, E₀. " +
			"Values that can't be drawn are errors that name the series and the place; the same data give the same bytes. Each function returns the path.",
		Funcs: []spec.Func{
			{
				Name: "plot.lines", Named: true, Doc: "Lines, points with error bars, steps and bands over common axes.",
				Args: append(fileArgs(), linesArgs()...), Returns: "the path",
				Example: `plot.lines { file = "ratio.png", xlabel = "β", ylabel = "ratio", hlines = { 1 },
  series = { { x = betas, y = ratios, yerr = errors, label = "mean radius", style = "both" } } }`,
				Call: func(c *spec.Call) []lua.LValue { return s.drawFigure(c, []figure.Panel{linesPanel(c)}) },
			},
			{
				Name: "plot.histogram", Named: true, Doc: "Histograms of values in common bins, or of counts.",
				Args: append(fileArgs(), histogramArgs()...), Returns: "the path",
				Example: `plot.histogram { file = "radii.png", xlabel = "R [h⁻¹ Mpc]", bins = 20, series = { { values = radii, label = "ΛCDM" } } }`,
				Call:    func(c *spec.Call) []lua.LValue { return s.drawFigure(c, []figure.Panel{histogramPanel(c)}) },
			},
			{
				Name: "plot.slice", Named: true, Doc: "A square field as colours with a colour bar, such as the projected density of a slab.",
				Args: append(fileArgs(), sliceArgs()...), Returns: "the path",
				Example: `plot.slice { file = "slice.png", data = density, extent = 256, log = true, label = "1 + δ" }`,
				Call:    func(c *spec.Call) []lua.LValue { return s.drawFigure(c, []figure.Panel{slicePanel(c)}) },
			},
			{
				Name: "plot.panels", Named: true,
				Doc: "Several pictures in one, row by row. Each panel is a table as plot.lines, plot.histogram or plot.slice takes it, without file, width and height: one with data is a slice, one whose series have values or counts a histogram.",
				Args: append(fileArgs(),
					spec.Arg{Name: "title", Kind: spec.String, Optional: true, Doc: "above all panels"},
					spec.Arg{Name: "columns", Kind: spec.Int(1, 12), Default: 2, Doc: "panels side by side"},
					spec.Arg{Name: "panels", Kind: spec.Table, Doc: "a list of panels"},
				),
				Returns: "the path",
				Call:    func(c *spec.Call) []lua.LValue { return s.drawFigure(c, panelList(c)) },
			},
		},
	}
}

func fileArgs() []spec.Arg {
	return []spec.Arg{
		{Name: "file", Kind: fileKind(".png", ".svg"), Doc: "below results/"},
		{Name: "width", Kind: spec.Between(1, 40), Optional: true, Doc: "of the picture, inches"},
		{Name: "height", Kind: spec.Between(1, 40), Optional: true, Doc: "of the picture, inches"},
		{Name: "dpi", Kind: spec.Int(30, 600), Default: 200, Doc: "pixels an inch of a PNG file"},
	}
}

// drawFigure draws panels into the file that the call names.
func (s *Session) drawFigure(c *spec.Call, panels []figure.Panel) []lua.LValue {
	f := figure.Figure{Panels: panels, Columns: c.Int("columns"), Width: c.Float("width"), Height: c.Float("height"), DPI: c.Int("dpi")}
	if c.Has("panels") {
		f.Title = c.String("title")
	}
	var b bytes.Buffer
	c.Check(f.Write(&b, strings.TrimPrefix(path.Ext(c.String("file")), ".")))
	return s.exportFile(c, c.String("file"), b.Bytes())
}

// panelList reads the panels of plot.panels.
func panelList(c *spec.Call) []figure.Panel {
	list := c.LuaTable("panels")
	if list.Len() == 0 {
		c.Fail("panels", "must be a list of at least one panel", "")
	}
	var panels []figure.Panel
	for i := 1; i <= list.Len(); i++ {
		at := fmt.Sprintf("panels[%d]", i)
		t, ok := list.RawGetInt(i).(*lua.LTable)
		if !ok {
			c.Fail(at, "must be a table, got "+spec.Describe(list.RawGetInt(i)), "")
		}
		switch {
		case t.RawGetString("data") != lua.LNil:
			panels = append(panels, slicePanel(checkFields(c, at, t, sliceArgs())))
		case isHistogram(t):
			panels = append(panels, histogramPanel(checkFields(c, at, t, histogramArgs())))
		default:
			panels = append(panels, linesPanel(checkFields(c, at, t, linesArgs())))
		}
	}
	return panels
}

func isHistogram(panel *lua.LTable) bool {
	if panel.RawGetString("values") != lua.LNil {
		return true
	}
	series, _ := panel.RawGetString("series").(*lua.LTable)
	if series == nil {
		return false
	}
	first, _ := series.RawGetInt(1).(*lua.LTable)
	return first != nil && (first.RawGetString("values") != lua.LNil || first.RawGetString("counts") != lua.LNil)
}

// fields are the checked fields of a table within a call.
type fields struct {
	c      *spec.Call
	at     string // where the table stands: "series[2]"
	values map[string]any
}

func (f *fields) Has(name string) bool  { _, ok := f.values[name]; return ok }
func (f *fields) Value(name string) any { return f.values[name] }
func (f *fields) Fail(name, rule, hint string) {
	f.c.Fail(f.at+"."+name, rule, hint)
}
func (f *fields) Raise(message, hint string) { f.c.Raise(f.at+" "+message, hint) }

// checkFields checks the fields of a table within a call by the same specs as
// the call's own arguments.
func checkFields(c *spec.Call, at string, t *lua.LTable, args []spec.Arg) *fields {
	f := &fields{c: c, at: at, values: map[string]any{}}
	names := make([]string, len(args))
	known := map[string]bool{}
	for i, a := range args {
		names[i], known[a.Name] = a.Name, true
	}
	var unknown []string
	for k, _ := t.Next(lua.LNil); k != lua.LNil; k, _ = t.Next(k) {
		if name, ok := k.(lua.LString); !ok {
			unknown = append(unknown, "["+spec.Describe(k)+"]")
		} else if !known[string(name)] {
			unknown = append(unknown, string(name))
		}
	}
	if len(unknown) > 0 {
		sort.Strings(unknown)
		hint := ""
		if near := spec.Suggest(unknown[0], names); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		f.Raise(fmt.Sprintf("has no field %q", unknown[0]), hint)
	}
	for _, a := range args {
		v := t.RawGetString(a.Name)
		if v == lua.LNil {
			if a.Default != nil {
				f.values[a.Name] = a.Default
			} else if !a.Optional {
				f.Raise("needs "+a.Name+": "+a.Doc, "")
			}
			continue
		}
		got, err := a.Kind.Check(v)
		if err != nil {
			f.Fail(a.Name, err.Error(), "")
		}
		f.values[a.Name] = got
	}
	return f
}

// checkList checks each table of a list argument; a missing one is empty.
func checkList(c *spec.Call, a arguments, name string, args []spec.Arg) []*fields {
	list := argument[*lua.LTable](a, name)
	if list == nil {
		return nil
	}
	at := name
	if f, ok := a.(*fields); ok {
		at = f.at + "." + name
	}
	var out []*fields
	for i := 1; i <= list.Len(); i++ {
		here := fmt.Sprintf("%s[%d]", at, i)
		t, ok := list.RawGetInt(i).(*lua.LTable)
		if !ok {
			c.Raise(here+" must be a table, got "+spec.Describe(list.RawGetInt(i)), "")
		}
		out = append(out, checkFields(c, here, t, args))
	}
	if len(out) == 0 {
		a.Fail(name, "must hold at least one table", "")
	}
	return out
}

// callOf is the call that arguments belong to.
func callOf(a arguments) *spec.Call {
	if f, ok := a.(*fields); ok {
		return f.c
	}
	return a.(*spec.Call)
}
