package bindings

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/voids"
)

// sizesArgs are what the functions of void sizes share: radii and a volume, or
// catalogues and a box.
func sizesArgs() []spec.Arg {
	return []spec.Arg{
		{Name: "radius", Kind: spec.Numbers, Optional: true, Doc: "Mpc/h, of all boxes together; with volume"},
		{Name: "volume", Kind: spec.Positive, Optional: true, Doc: "of all boxes together, (Mpc/h)³"},
		{Name: "catalogues", Kind: spec.Table, Optional: true, Doc: "in place of radius: a list of what voids.spherical or voids.threshold returned for each realization; with box"},
		{Name: "box", Kind: spec.Positive, Optional: true, Doc: "side of each realization, Mpc/h"},
		{Name: "errors", Kind: spec.OneOf("poisson", "realizations", "boxes"), Optional: true,
			Doc: "poisson: √count; realizations: the jackknife that leaves out one catalogue at a time; boxes: one of 27 sub-boxes, the same of all catalogues. Default poisson for radius, realizations for catalogues, boxes for a single one"},
	}
}

func (s *Session) sizeFunctionFunc() spec.Func {
	return spec.Func{
		Name: "voids.size_function", Named: true,
		Doc: "The number density of voids by radius, dn/dlnR.",
		Args: append(sizesArgs(),
			spec.Arg{Name: "from", Kind: spec.Positive, Doc: "lowest edge, Mpc/h"},
			spec.Arg{Name: "to", Kind: spec.Positive, Doc: "highest edge, Mpc/h"},
			spec.Arg{Name: "bins", Kind: spec.Int(1, 1000), Default: 12, Doc: "bins, even in ln R"},
		),
		Returns: "a table of arrays r, counts, density, err ((h/Mpc)³) and edges",
		Example: `local f = voids.size_function { catalogues = { found }, box = 256, from = 6, to = 30 }`,
		Call: func(c *spec.Call) []lua.LValue {
			edges, err := voids.LogEdges(c.Float("from"), c.Float("to"), c.Int("bins"))
			c.Check(err)
			s.useKernel("voids")
			var f *voids.SizeFunction
			if samples, radii, volume := sizeSamples(c); samples != nil {
				f, err = voids.SizeJackknife(samples, edges)
			} else {
				f, err = voids.Size(radii, edges, volume)
			}
			c.Check(err)
			counts := make([]float64, len(f.Counts))
			for i, n := range f.Counts {
				counts[i] = float64(n)
			}
			return []lua.LValue{columns(c.L, column{"r", f.R}, column{"counts", counts}, column{"density", f.DnDlnR}, column{"err", f.Err}, column{"edges", f.Edges})}
		},
	}
}

func (s *Session) cumulativeFunc() spec.Func {
	return spec.Func{
		Name: "voids.cumulative", Named: true,
		Doc: "The number density n(>R) of voids above each radius.",
		Args: append(sizesArgs(),
			spec.Arg{Name: "cuts", Kind: spec.Numbers, Doc: "ascending radii, Mpc/h"},
		),
		Returns: "a table of arrays r, density, err ((h/Mpc)³)",
		Call: func(c *spec.Call) []lua.LValue {
			cuts := c.Floats("cuts")
			s.useKernel("voids")
			var n, e []float64
			var err error
			if samples, radii, volume := sizeSamples(c); samples != nil {
				n, e, err = voids.CumulativeJackknife(samples, cuts)
			} else {
				n, e, err = voids.Cumulative(radii, cuts, volume)
			}
			c.Check(err)
			return []lua.LValue{columns(c.L, column{"r", cuts}, column{"density", n}, column{"err", e})}
		},
	}
}

// sizeSamples reads sizesArgs: the samples of a jackknife, or radii and a volume
// for Poisson's errors.
func sizeSamples(c *spec.Call) (samples []voids.Sample, radii []float64, volume float64) {
	errors := c.String("errors")
	if !c.Has("catalogues") {
		switch {
		case c.Has("box"):
			c.Fail("box", "belongs to catalogues", "give radius and volume, or catalogues and box")
		case !c.Has("radius") || !c.Has("volume"):
			c.Raise("needs radius and volume, or catalogues and box", "")
		case errors != "" && errors != "poisson":
			c.Fail("errors", fmt.Sprintf("must be \"poisson\" for radius, got %q", errors), "a jackknife needs catalogues and box")
		}
		return nil, c.Floats("radius"), c.Float("volume")
	}
	list, box := c.LuaTable("catalogues"), c.Float("box")
	switch {
	case c.Has("radius") || c.Has("volume"):
		c.Raise("takes either radius and volume, or catalogues and box", "")
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
	if errors == "boxes" {
		samples = voids.Divide(nil, box)
		for i := range samples {
			samples[i].Volume *= float64(list.Len())
		}
	}
	for i := 1; i <= list.Len(); i++ {
		at := fmt.Sprintf("catalogues[%d]", i)
		t, ok := list.RawGetInt(i).(*lua.LTable)
		if !ok {
			c.Fail(at, "must be a catalogue, got "+spec.Describe(list.RawGetInt(i)), "voids.spherical returns one")
		}
		switch errors {
		case "boxes":
			voidsOf := readCatalogue(c, at, t, "x", "y", "z", "radius")
			for j, v := range voidsOf {
				if !(min(v.X, v.Y, v.Z) >= 0 && max(v.X, v.Y, v.Z) < box) {
					c.Fail(at, fmt.Sprintf("must have its centres in the box, got (%g, %g, %g) at [%d]", v.X, v.Y, v.Z, j+1), "")
				}
			}
			for k, part := range voids.Divide(voidsOf, box) {
				samples[k].Radii = append(samples[k].Radii, part.Radii...)
			}
		default:
			one := voids.Sample{Volume: box * box * box}
			for _, v := range readCatalogue(c, at, t, "radius") {
				one.Radii = append(one.Radii, v.Radius)
			}
			samples = append(samples, one)
		}
	}
	if errors == "poisson" {
		for _, one := range samples {
			radii, volume = append(radii, one.Radii...), volume+one.Volume
		}
		return nil, radii, volume
	}
	return samples, nil, 0
}
