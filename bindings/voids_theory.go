package bindings

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/voidtheory"
)

func (s *Session) theoryFunc() spec.Func {
	return spec.Func{
		Name: "voids.theory", Named: true,
		Doc: "The Vdn size function of Jennings, Li & Hu 2013: the excursion set of two barriers with the volume fraction of voids conserved. " +
			"The void barrier and R/R_L follow from the threshold by spherical expansion, under a gravity without scale by its own; of yukawa only the growth of each mode is. It is a curve to put beside a measurement, whose finder it does not describe: factors of a few between them are usual.",
		Args: append([]spec.Arg{
			{Name: "radius", Kind: spec.Numbers, Doc: "Mpc/h, a list or an array"},
			{Name: "threshold", Kind: spec.Between(-0.99, -0.01), Default: -0.7, Doc: "density contrast within a void"},
			{Name: "z", Kind: spec.Between(0, 900), Default: 0.0, Doc: "redshift"},
			{Name: "delta_c", Kind: spec.Positive, Default: voidtheory.DeltaC, Doc: "the barrier of collapse; 1.06 is that of turnaround"},
			{Name: "multiplicity", Kind: spec.OneOf("series", "approximation"), Default: "series", Doc: "the whole series or the paper's approximation to it"},
		}, linearArgs()...),
		Returns: "a table of arrays r, density (dn/dlnR, (h/Mpc)³), filled (share of volume in voids of dlnR) and sigma (linear, at R_L and z), and the numbers delta_v, delta_c and ratio (R/R_L)",
		Example: `local vdn = voids.theory { threshold = -0.7, radius = linspace(6, 30, 25) }`,
		Call: func(c *spec.Call) []lua.LValue {
			s.useKernel("cosmology")
			s.useKernel("voidtheory")
			linear := readLinearTheory(c)
			vdn, err := voidtheory.New(linear.model, voidtheory.Options{
				Spectrum: linear.spectrum, Gravity: linear.gravity, ZStart: linear.zStart,
				Threshold: c.Float("threshold"), Z: c.Float("z"), DeltaC: c.Float("delta_c"), Approximate: c.String("multiplicity") == "approximation",
			})
			checkCosmology(c, err)
			radius := append([]float64(nil), c.Floats("radius")...)
			density, filled, sigma := make([]float64, len(radius)), make([]float64, len(radius)), make([]float64, len(radius))
			for i, r := range radius {
				if !(r >= 0.1 && r <= 1000) {
					c.Fail("radius", fmt.Sprintf("must hold radii from 0.1 to 1000 Mpc/h, got %g at [%d]", r, i+1), "")
				}
				linear.checkCovers(c, r/vdn.Ratio, fmt.Sprintf("a void of %g Mpc/h", r))
				p := vdn.At(r)
				density[i], filled[i], sigma[i] = p.DnDlnR, p.Filled, p.Sigma
			}
			t := columns(c.L, column{"r", radius}, column{"density", density}, column{"filled", filled}, column{"sigma", sigma})
			t.RawSetString("delta_v", lua.LNumber(vdn.Barriers.Void))
			t.RawSetString("delta_c", lua.LNumber(vdn.Barriers.Collapse))
			t.RawSetString("ratio", lua.LNumber(vdn.Ratio))
			return []lua.LValue{t}
		},
	}
}
