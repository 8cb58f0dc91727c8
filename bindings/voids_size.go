package bindings

import (
	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/abundance"
	"runlua/kernels/voids"
)

func (s *Session) sizeFunctionFunc() spec.Func {
	return spec.Func{
		Name: "voids.size_function", Named: true,
		Doc: "The number density of voids by radius, dn/dlnR.",
		Args: append(sizesArgs("radius", "Mpc/h", "voids.spherical or voids.threshold"),
			spec.Arg{Name: "from", Kind: spec.Positive, Doc: "lowest edge, Mpc/h"},
			spec.Arg{Name: "to", Kind: spec.Positive, Doc: "highest edge, Mpc/h"},
			spec.Arg{Name: "bins", Kind: spec.Int(1, 1000), Default: 12, Doc: "bins, even in ln R"},
		),
		Returns: "a table of arrays r, counts, density, err ((h/Mpc)³) and edges; of catalogues also jackknife, for stats.ratio",
		Example: `local f = voids.size_function { catalogues = { found }, box = 256, from = 6, to = 30 }`,
		Call: func(c *spec.Call) []lua.LValue {
			edges, err := abundance.LogEdges(c.Float("from"), c.Float("to"), c.Int("bins"))
			c.Check(err)
			s.useKernel("voids")
			var f *voids.SizeFunction
			var without [][]float64
			from := readSizes(c, "radius")
			if from.samples != nil {
				f, without, err = voids.SizeJackknife(from.samples, edges)
			} else {
				f, err = voids.Size(from.all, edges, from.volume)
			}
			c.Check(err)
			return []lua.LValue{withCounts(c, "r", f.R, f.Counts, f.DnDlnR, f.Err, f.Edges, from, without)}
		},
	}
}

func (s *Session) cumulativeFunc() spec.Func {
	return spec.Func{
		Name: "voids.cumulative", Named: true,
		Doc: "The number density n(>R) of voids above each radius.",
		Args: append(sizesArgs("radius", "Mpc/h", "voids.spherical or voids.threshold"),
			spec.Arg{Name: "cuts", Kind: spec.Numbers, Doc: "ascending radii, Mpc/h"},
		),
		Returns: "a table of arrays r, density, err ((h/Mpc)³); of catalogues also jackknife, for stats.ratio",
		Call: func(c *spec.Call) []lua.LValue {
			cuts := c.Floats("cuts")
			s.useKernel("voids")
			var n, e []float64
			var without [][]float64
			var err error
			from := readSizes(c, "radius")
			if from.samples != nil {
				n, e, without, err = voids.CumulativeJackknife(from.samples, cuts)
			} else {
				n, e, err = voids.Cumulative(from.all, cuts, from.volume)
			}
			c.Check(err)
			t := columns(c.L, column{"r", cuts}, column{"density", n}, column{"err", e})
			if without != nil {
				leftOut{over: "r", what: from.leftOut, curves: []curveRows{{"density", without}}}.add(c.L, t)
			}
			return []lua.LValue{t}
		},
	}
}
