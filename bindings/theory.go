package bindings

import (
	"fmt"

	"runlua/bindings/spec"
	"runlua/kernels/cosmology"
)

// linearArgs are what curves of theory take of linear theory.
func linearArgs() []spec.Arg {
	return []spec.Arg{
		{Name: "cosmology", Kind: spec.UserData[*cosmologyValue]("a cosmology"), Optional: true, Doc: "default cosmology.planck2018()"},
		{Name: "gravity", Kind: spec.UserData[*gravityValue]("a gravity"), Optional: true, Doc: "whose growth changes the linear spectrum; default general relativity"},
		{Name: "z_start", Kind: spec.Positive, Default: 49.0, Doc: "where the gravity's growth is matched to ΛCDM's, as simulations normalise by default"},
		{Name: "spectrum", Kind: spectrumKind, Optional: true, Doc: "as cosmology.spectrum reads it; default Eisenstein & Hu 1998 with wiggles"},
	}
}

// linearTheory is what linearArgs say.
type linearTheory struct {
	params   cosmology.Params
	model    *cosmology.Model
	spectrum cosmology.Spectrum       // at z = 0 in ΛCDM, nothing where a table ends
	table    *cosmology.SpectrumTable // nil without one
	gravity  cosmology.Gravity        // nil for general relativity
	zStart   float64
}

func readLinearTheory(c *spec.Call) linearTheory {
	t := linearTheory{params: cosmology.Planck2018(), zStart: c.Float("z_start")}
	if v, ok := c.Value("cosmology").(*cosmologyValue); ok {
		t.params = v.params
	}
	g, modified := c.Value("gravity").(*gravityValue)
	if modified {
		t.params = g.cosmology(t.params)
		t.gravity = g.of(t.params)
		if c.Float("z") >= t.zStart {
			c.Fail("z", fmt.Sprintf("must be below z_start, got %g >= %g", c.Float("z"), t.zStart), "")
		}
	}
	var err error
	t.model, err = cosmology.New(t.params)
	checkCosmology(c, err)
	if v, ok := c.Value("spectrum").(*spectrumValue); ok {
		v.fits(c, t.params)
		t.table, t.spectrum = v.table, v.table.Covered()
		return t
	}
	t.spectrum, err = t.model.EisensteinHu(true)
	checkCosmology(c, err)
	return t
}

// checkCovers raises an error if a table does not hold what matters in spheres of
// a radius, Mpc/h, which is told as what.
func (t linearTheory) checkCovers(c *spec.Call, radius float64, what string) {
	if t.table == nil || t.table.CoversSigma(radius) {
		return
	}
	first, last := t.table.Range()
	c.Fail("spectrum", fmt.Sprintf("must cover the scales of %s, k up to %.3g h/Mpc and from %.3g, got a table from %.4g to %.4g",
		what, 8/radius, max(0.005, 0.04/radius), first, last), "it is not extrapolated")
}
