package bindings

import (
	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/power"
)

// powerModule measures power spectra.
func (s *Session) powerModule() spec.Module {
	return spec.Module{
		Name: "power",
		Doc:  "Power spectra of simulations.",
		Funcs: []spec.Func{{
			Name: "power.spectrum", Named: true,
			Doc:   "The power spectrum of a simulation's particles, the mesh's window divided out, in shells as wide as the fundamental wave number.",
			First: []spec.Arg{{Name: "sim", Kind: spec.UserData[*simulation]("a simulation"), Doc: "as nbody.new makes it"}},
			Args: []spec.Arg{
				{Name: "mesh", Kind: spec.EvenSize, Optional: true, Doc: "points per side; default the force mesh"},
				{Name: "log_bins", Kind: spec.AtLeast(0), Default: 0, Doc: "shells a decade of k; 0: linear shells"},
				{Name: "k_max", Kind: spec.Positive, Optional: true, Doc: "h/Mpc; default the mesh's Nyquist wave number"},
				{Name: "subtract_noise", Kind: spec.Bool, Default: false, Doc: "take the shot noise from p"},
			},
			Returns: "a table of arrays k (h/Mpc), p, err, noise ((Mpc/h)³), modes, and the number shot_noise",
			Example: `local pk = power.spectrum(sim)`,
			Call: func(c *spec.Call) []lua.LValue {
				m := c.Value("sim").(*simulation)
				mesh := m.cfg.Mesh
				if c.Has("mesh") {
					mesh = c.Int("mesh")
				}
				s.useKernel("power")
				got, err := power.Measure(s.host.Context(), s.host.Pool(), s.ready(c, m).Positions(), power.Options{
					Box: m.cfg.Box, Mesh: mesh, LogBins: c.Int("log_bins"), KMax: c.Float("k_max"), SubtractNoise: c.Bool("subtract_noise"),
				})
				s.checkStopped(c, err)
				modes := make([]float64, len(got.Modes))
				for i, n := range got.Modes {
					modes[i] = float64(n)
				}
				t := columns(c.L, column{"k", got.K}, column{"p", got.P}, column{"err", got.Err}, column{"noise", got.Noise}, column{"modes", modes})
				t.RawSetString("shot_noise", lua.LNumber(got.ShotNoise))
				return []lua.LValue{t}
			},
		}},
	}
}
