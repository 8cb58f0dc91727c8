package bindings

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
)

// denoiseMethod asks a denoiser as a sampler does.
func (s *Session) denoiseMethod() spec.Func {
	return spec.Func{
		Name: "denoiser:denoise", Doc: "What a sampler asks: the estimate of the clean coordinates, D(x, σ).",
		Args: []spec.Arg{
			{Name: "x", Kind: arrayLike, Doc: "noisy coordinates, one row or an array of shape rows × coordinates; of an elastic network or a chain the amplitudes of its modes"},
			{Name: "sigma", Kind: spec.Positive, Doc: "noise level, Å"},
		},
		Returns: "an array of x's shape",
		Example: `local clean = model:denoise(x, 16)`,
		Call: func(c *spec.Call) []lua.LValue {
			d := selfDenoiser(c).on(c.L)
			x := c.Value("x").(*Array)
			if n := len(x.Shape); len(x.Data) == 0 || x.Shape[n-1] != d.Dim() {
				c.Fail("x", fmt.Sprintf("must have rows of %d numbers, got %s", d.Dim(), x.Describe()), "")
			}
			clean := make([]float64, len(x.Data))
			s.useKernel("diffusion")
			s.checkStopped(c, d.Denoise(s.host.Context(), clean, x.Data, len(x.Data)/d.Dim(), c.Float("sigma")))
			return []lua.LValue{NewArray(c.L, clean, x.Shape)}
		},
	}
}
