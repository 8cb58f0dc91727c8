package bindings

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/figure"
	"runlua/bindings/numbers"
	"runlua/bindings/spec"
)

var colourArg = spec.Arg{Name: "colour", Kind: spec.Name, Optional: true, Doc: "blue, vermillion, green, purple, orange, sky, black, grey or #rrggbb; the next one unless given"}

// axesArgs are what panels of lines and of histograms share.
func axesArgs() []spec.Arg {
	text := func(name, doc string) spec.Arg {
		return spec.Arg{Name: name, Kind: spec.String, Optional: true, Doc: doc}
	}
	limits := func(name string) spec.Arg {
		return spec.Arg{Name: name, Kind: spec.Numbers, Optional: true, Doc: "{ lo, hi }; those of the data unless given"}
	}
	return []spec.Arg{
		text("title", "above the frame"), text("xlabel", "with its unit"), text("ylabel", "with its unit"),
		{Name: "logx", Kind: spec.Bool, Default: false, Doc: "logarithmic x axis"},
		{Name: "logy", Kind: spec.Bool, Default: false, Doc: "logarithmic y axis"},
		limits("xlim"), limits("ylim"),
		{Name: "hlines", Kind: spec.Table, Optional: true, Doc: "y of dashed lines across: a list of numbers or { value =, label = }"},
		{Name: "vlines", Kind: spec.Table, Optional: true, Doc: "x of dashed lines across, likewise"},
		{Name: "legend", Kind: spec.Bool, Default: true, Doc: "whether labels are shown: where no data are, beside the frame if need be"},
		{Name: "colours", Kind: spec.OneOf("distinct", "sequence"), Default: "distinct", Doc: "sequence: from dark to light in the order of the series, as for a growing parameter"},
	}
}

func linesArgs() []spec.Arg {
	return append(axesArgs(),
		spec.Arg{Name: "spread", Kind: spec.Bool, Default: false, Doc: "draw series a little side by side, so that error bars at the same x can be told apart"},
		spec.Arg{Name: "series", Kind: spec.Table, Doc: "a list of { x =, y =, yerr =, label =, style =, colour =, dashed = }; styles are line, points, both, step, band (y ± yerr) and dots (small and clear, for thousands)"},
	)
}

func seriesArgs() []spec.Arg {
	return []spec.Arg{
		{Name: "x", Kind: spec.Numbers, Doc: "a list or an array"},
		{Name: "y", Kind: spec.Numbers, Doc: "one for each x"},
		{Name: "yerr", Kind: spec.Numbers, Optional: true, Doc: "one for each y, as error bars to both sides"},
		{Name: "label", Kind: spec.String, Optional: true, Doc: "in the legend"},
		{Name: "style", Kind: spec.OneOf("line", "points", "both", "step", "band", "dots"), Default: "line", Doc: "step: constant around each x; band: y ± yerr as a band about the line; dots: small and clear, for points by the thousand"},
		colourArg,
		{Name: "dashed", Kind: spec.Bool, Default: false, Doc: "a dashed line"},
	}
}

// axesPanel reads axesArgs.
func axesPanel(a arguments) figure.Panel {
	p := figure.Panel{
		Title:    argument[string](a, "title"),
		X:        figure.Axis{Label: argument[string](a, "xlabel"), Log: argument[bool](a, "logx"), Limits: axisLimits(a, "xlim")},
		Y:        figure.Axis{Label: argument[string](a, "ylabel"), Log: argument[bool](a, "logy"), Limits: axisLimits(a, "ylim")},
		NoLegend: !argument[bool](a, "legend"),
		Sequence: argument[string](a, "colours") == "sequence",
	}
	p.Marks = append(marks(a, "hlines", false), marks(a, "vlines", true)...)
	return p
}

func axisLimits(a arguments, name string) *[2]float64 {
	if !a.Has(name) {
		return nil
	}
	lo, hi := limitPair(a, name)
	return &[2]float64{lo, hi}
}

func marks(a arguments, name string, vertical bool) []figure.Mark {
	list := argument[*lua.LTable](a, name)
	if list == nil {
		return nil
	}
	var out []figure.Mark
	for i := 1; i <= list.Len(); i++ {
		at := fmt.Sprintf("%s[%d]", name, i)
		if t, ok := list.RawGetInt(i).(*lua.LTable); ok {
			f := checkFields(callOf(a), at, t, []spec.Arg{
				{Name: "value", Kind: spec.Number, Doc: "where the line is"},
				{Name: "label", Kind: spec.String, Optional: true, Doc: "in the legend"},
			})
			out = append(out, figure.Mark{Value: argument[float64](f, "value"), Label: argument[string](f, "label"), Vertical: vertical})
			continue
		}
		v, err := spec.Number.Check(list.RawGetInt(i))
		if err != nil {
			a.Fail(at, err.Error(), "")
		}
		out = append(out, figure.Mark{Value: v.(float64), Vertical: vertical})
	}
	return out
}

func linesPanel(a arguments) figure.Panel {
	p := axesPanel(a)
	p.Spread = argument[bool](a, "spread")
	for _, f := range checkList(callOf(a), a, "series", seriesArgs()) {
		s := figure.Series{
			Label: argument[string](f, "label"), X: argument[[]float64](f, "x"), Y: argument[[]float64](f, "y"),
			Style: figure.Style(argument[string](f, "style")), Colour: argument[string](f, "colour"), Dashed: argument[bool](f, "dashed"),
		}
		if f.Has("yerr") {
			s.YErr = argument[[]float64](f, "yerr")
		}
		p.Series = append(p.Series, s)
	}
	return p
}

func histogramArgs() []spec.Arg {
	args := append(axesArgs(), binArgs()...)
	return append(args,
		spec.Arg{Name: "values", Kind: spec.Numbers, Optional: true, Doc: "of the only histogram, in place of series"},
		spec.Arg{Name: "series", Kind: spec.Table, Optional: true, Doc: "a list of { values =, label =, colour = }, or { counts =, edges =, label =, colour = } as array:histogram gives them"},
	)
}

func histogramPanel(a arguments) figure.Panel {
	p := axesPanel(a)
	if a.Has("values") == a.Has("series") {
		a.Raise("takes either values or series", "")
	}
	type histogram struct {
		label, colour        string
		values, counts, edge []float64
	}
	var all []histogram
	var pooled []float64
	if a.Has("values") {
		pooled = argument[[]float64](a, "values")
		all = []histogram{{values: pooled}}
	}
	for _, f := range checkList(callOf(a), a, "series", []spec.Arg{
		{Name: "values", Kind: spec.Numbers, Optional: true, Doc: "counted in the common bins"},
		{Name: "counts", Kind: spec.Numbers, Optional: true, Doc: "of bins, with edges"},
		{Name: "edges", Kind: spec.Numbers, Optional: true, Doc: "ascending, one more than counts"},
		{Name: "label", Kind: spec.String, Optional: true, Doc: "in the legend"},
		colourArg,
	}) {
		if f.Has("values") == f.Has("counts") || f.Has("counts") != f.Has("edges") {
			f.Raise("takes either values, or counts and edges", "")
		}
		h := histogram{
			label: argument[string](f, "label"), colour: argument[string](f, "colour"),
			counts: argument[[]float64](f, "counts"), edge: argument[[]float64](f, "edges"),
		}
		if f.Has("values") {
			h.values = argument[[]float64](f, "values")
			if err := numbers.Finite(h.values); err != nil {
				f.Fail("values", err.Error(), "")
			}
			pooled = append(pooled, h.values...)
		}
		all = append(all, h)
	}
	var edges []float64
	for _, h := range all {
		bars := figure.Bars{Label: h.label, Colour: h.colour, Edges: h.edge, Counts: h.counts}
		if h.edge == nil {
			if edges == nil {
				edges = histogramEdges(a, pooled)
			}
			counted, err := numbers.Count(h.values, edges, nil)
			if err != nil {
				a.Fail("values", err.Error(), "")
			}
			bars.Edges, bars.Counts = edges, counted.Counts
		}
		p.Bars = append(p.Bars, bars)
	}
	return p
}

func sliceArgs() []spec.Arg {
	text := func(name, standard, doc string) spec.Arg {
		a := spec.Arg{Name: name, Kind: spec.String, Doc: doc}
		if a.Optional = standard == ""; !a.Optional {
			a.Default = standard
		}
		return a
	}
	return []spec.Arg{
		{Name: "data", Kind: arrayLike, Doc: "n×n values by rows upwards along y, each along x, as sim:slice gives them"},
		{Name: "extent", Kind: spec.Positive, Doc: "side of the field, Mpc/h"},
		text("title", "", "above the frame"),
		text("xlabel", "x [h⁻¹ Mpc]", "with its unit"), text("ylabel", "y [h⁻¹ Mpc]", "with its unit"),
		text("label", "", "of the colour bar"),
		{Name: "log", Kind: spec.Bool, Default: false, Doc: "colours by the logarithm"},
		{Name: "limits", Kind: spec.Numbers, Optional: true, Doc: "{ lo, hi } of the colours; unless given those of the data less one value in 500 at each end. Values beyond get the end's colour, and the colour bar a point"},
		{Name: "colourmap", Kind: spec.OneOf(figure.ColourMaps()...), Default: "inferno", Doc: "blue_red is for values about a middle"},
		{Name: "centred", Kind: spec.Bool, Default: true, Doc: "values stand in the middle of cells; false: at i·extent/n, as the points of a periodic mesh do"},
		{Name: "smooth", Kind: spec.Bool, Default: true, Doc: "interpolate between values; false: a square for each"},
		{Name: "circles", Kind: spec.Table, Optional: true, Doc: "a list of { x, y, r } to draw, such as voids; what leaves one side comes in at the other"},
	}
}

func slicePanel(a arguments) figure.Panel {
	data := argument[*Array](a, "data")
	if len(data.Shape) != 2 || data.Shape[0] != data.Shape[1] {
		a.Fail("data", "must be n×n values, got "+shapeText(data.Shape), "")
	}
	m := &figure.Map{
		Data: data.Data, N: data.Shape[0], Extent: argument[float64](a, "extent"),
		Centred: argument[bool](a, "centred"), Log: argument[bool](a, "log"), Limits: axisLimits(a, "limits"),
		Colours: argument[string](a, "colourmap"), Label: argument[string](a, "label"), Sharp: !argument[bool](a, "smooth"),
	}
	if circles := argument[*lua.LTable](a, "circles"); circles != nil {
		for i := 1; i <= circles.Len(); i++ {
			v, err := spec.Numbers.Check(circles.RawGetInt(i))
			if err != nil {
				a.Fail(fmt.Sprintf("circles[%d]", i), err.Error(), "write { x, y, r }")
			}
			xyr := v.([]float64)
			if len(xyr) != 3 {
				a.Fail(fmt.Sprintf("circles[%d]", i), fmt.Sprintf("must be { x, y, r }, got %d numbers", len(xyr)), "")
			}
			m.Circles = append(m.Circles, figure.Circle{X: xyr[0], Y: xyr[1], R: xyr[2]})
		}
	}
	return figure.Panel{
		Title: argument[string](a, "title"), X: figure.Axis{Label: argument[string](a, "xlabel")},
		Y: figure.Axis{Label: argument[string](a, "ylabel")}, Map: m,
	}
}
