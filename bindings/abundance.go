package bindings

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/abundance"
)

// sizesArgs are what the functions of number densities share: sizes (radius or
// mass) and a volume, or catalogues and a box.
func sizesArgs(size, unit, finders string) []spec.Arg {
	return []spec.Arg{
		{Name: size, Kind: spec.Numbers, Optional: true, Doc: unit + ", of all boxes together; with volume"},
		{Name: "volume", Kind: spec.Positive, Optional: true, Doc: "of all boxes together, (Mpc/h)³"},
		{Name: "catalogues", Kind: spec.Table, Optional: true, Doc: "in place of " + size + ": a list of what " + finders + " returned for each realization; with box"},
		{Name: "box", Kind: spec.Positive, Optional: true, Doc: "side of each realization, Mpc/h"},
		{Name: "errors", Kind: spec.OneOf("poisson", "realizations", "boxes"), Optional: true,
			Doc: "poisson: √count; realizations: the jackknife that leaves out one catalogue at a time; boxes: one of 27 sub-boxes, the same of all catalogues. Default poisson for " + size + ", realizations for catalogues, boxes for a single one"},
	}
}

// sizes is what sizesArgs say: samples for a jackknife, or, for Poisson's errors,
// the sizes in a volume.
type sizes struct {
	samples []abundance.Sample
	leftOut string // of the samples: "realizations" or "boxes"
	all     []float64
	volume  float64
}

// readSizes reads sizesArgs for radius or mass.
func readSizes(c *spec.Call, size string) sizes {
	errors := c.String("errors")
	if !c.Has("catalogues") {
		switch {
		case c.Has("box"):
			c.Fail("box", "belongs to catalogues", "give "+size+" and volume, or catalogues and box")
		case !c.Has(size) || !c.Has("volume"):
			c.Raise("needs "+size+" and volume, or catalogues and box", "")
		case errors != "" && errors != "poisson":
			c.Fail("errors", fmt.Sprintf("must be \"poisson\" for %s, got %q", size, errors), "a jackknife needs catalogues and box")
		}
		return sizes{all: c.Floats(size), volume: c.Float("volume")}
	}
	list, box := c.LuaTable("catalogues"), c.Float("box")
	switch {
	case c.Has(size) || c.Has("volume"):
		c.Raise("takes either "+size+" and volume, or catalogues and box", "")
	case !c.Has("box"):
		c.Raise("box is required with catalogues: side of each realization, Mpc/h", "")
	case list.Len() == 0:
		c.Fail("catalogues", "must be a list of at least one catalogue", "write catalogues = { found }")
	case errors == "realizations" && list.Len() == 1:
		c.Fail("errors", "must be \"boxes\" or \"poisson\" for a single catalogue, got \"realizations\"", "")
	case errors == "" && list.Len() == 1:
		errors = "boxes"
	case errors == "":
		errors = "realizations"
	}
	out := sizes{leftOut: errors}
	if errors == "boxes" {
		out.samples = abundance.Divided(box)
		for i := range out.samples {
			out.samples[i].Volume *= float64(list.Len())
		}
	}
	for i := 1; i <= list.Len(); i++ {
		at := fmt.Sprintf("catalogues[%d]", i)
		t, ok := list.RawGetInt(i).(*lua.LTable)
		if !ok {
			c.Fail(at, "must be a catalogue, got "+spec.Describe(list.RawGetInt(i)), "a finder such as voids.spherical or halos.fof returns one")
		}
		if errors != "boxes" {
			found := readColumns(c, at, t, size)[0]
			out.samples = append(out.samples, abundance.Sample{Sizes: found, Volume: box * box * box})
			out.all, out.volume = append(out.all, found...), out.volume+float64(box*box*box)
			continue
		}
		columns := readColumns(c, at, t, "x", "y", "z", size)
		for j, k := range subBoxes(c, at, columns[0], columns[1], columns[2], box) {
			out.samples[k].Sizes = append(out.samples[k].Sizes, columns[3][j])
		}
	}
	if errors == "poisson" {
		out.samples, out.leftOut = nil, ""
	}
	return out
}

// subBoxes tells of each point in which of the 27 sub-boxes it is.
func subBoxes(c *spec.Call, at string, x, y, z []float64, box float64) []int {
	out := make([]int, len(x))
	for i := range x {
		if !(min(x[i], y[i], z[i]) >= 0 && max(x[i], y[i], z[i]) < box) {
			c.Fail(at, fmt.Sprintf("must have its centres in the box, got (%g, %g, %g) at [%d]", x[i], y[i], z[i], i+1), "")
		}
		out[i] = abundance.SubBox(x[i], y[i], z[i], box)
	}
	return out
}

// readColumns reads the named fields of a catalogue, arrays of one length.
func readColumns(c *spec.Call, at string, t *lua.LTable, fields ...string) [][]float64 {
	out := make([][]float64, len(fields))
	for i, name := range fields {
		v, err := spec.Numbers.Check(t.RawGetString(name))
		if err != nil {
			c.Fail(at+"."+name, err.Error(), "a finder such as voids.spherical or halos.fof returns such a catalogue")
		}
		out[i] = v.([]float64)
		if len(out[i]) != len(out[0]) {
			c.Fail(at, "must hold arrays of one length", "")
		}
	}
	return out
}

// withCounts makes the table of a number density in bins.
func withCounts(c *spec.Call, size string, middle []float64, counts []int, density, err, edges []float64, from sizes, without [][]float64) *lua.LTable {
	n := make([]float64, len(counts))
	for i, k := range counts {
		n[i] = float64(k)
	}
	t := columns(c.L, column{size, middle}, column{"counts", n}, column{"density", density}, column{"err", err}, column{"edges", edges})
	if without != nil {
		leftOut{over: size, what: from.leftOut, curves: []curveRows{{"density", without}}}.add(c.L, t)
	}
	return t
}

// subBoxesFunc deals the objects of one box out to its 27 sub-boxes.
func subBoxesFunc() spec.Func {
	return spec.Func{
		Name: "stats.sub_boxes", Named: true,
		Doc: "The values of the objects of one box by the 27 sub-boxes, of a third of the box a side, that hold their centres: samples for stats.jackknife and stats.jackknife_ratio " +
			"where there is a single realization. Of two boxes with the same seeds the same sub-box is then left out of both.",
		First: []spec.Arg{{Name: "catalogue", Kind: spec.Table, Doc: "with arrays x, y and z, as a finder returns it"}},
		Args: []spec.Arg{
			{Name: "box", Kind: spec.Positive, Doc: "side of the box, Mpc/h"},
			{Name: "of", Kind: spec.Name, Default: "radius", Doc: "the field of the catalogue with the values, such as radius, mass or depth"},
		},
		Returns: "a list of 27 arrays, some of them perhaps empty",
		Example: `local j = stats.jackknife_ratio(stats.sub_boxes(strong, { box = 256 }), stats.sub_boxes(standard, { box = 256 }))`,
		Call: func(c *spec.Call) []lua.LValue {
			columns := readColumns(c, "catalogue", c.LuaTable("catalogue"), "x", "y", "z", c.String("of"))
			parts := make([][]float64, abundance.SubBoxes)
			for i, k := range subBoxes(c, "catalogue", columns[0], columns[1], columns[2], c.Float("box")) {
				parts[k] = append(parts[k], columns[3][i])
			}
			t := c.L.NewTable()
			for _, part := range parts {
				t.Append(NewArray(c.L, append([]float64{}, part...), []int{len(part)}))
			}
			return []lua.LValue{t}
		},
	}
}
