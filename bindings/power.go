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
		Funcs: []spec.Func{meanSpectrumFunc(), {
			Name: "power.spectrum", Named: true,
			Doc:   "The power spectrum of a simulation's particles, the mesh's window divided out, in shells as wide as the fundamental wave number. It is computed in the simulation's precision and, on the force mesh, in its memory.",
			First: []spec.Arg{{Name: "sim", Kind: spec.UserData[*simulation]("a simulation"), Doc: "as nbody.new makes it"}},
			Args: []spec.Arg{
				{Name: "mesh", Kind: spec.EvenSize, Optional: true, Doc: "points per side; default the force mesh, any other is allocated"},
				{Name: "log_bins", Kind: spec.AtLeast(0), Default: 0, Doc: "shells a decade of k; 0: linear shells"},
				{Name: "k_max", Kind: spec.Positive, Optional: true, Doc: "h/Mpc; default the mesh's Nyquist wave number"},
				{Name: "subtract_noise", Kind: spec.Bool, Default: false, Doc: "take the shot noise from p"},
				{Name: "errors", Kind: spec.OneOf("modes", "boxes"), Default: "modes", Doc: "modes: those of as many independent Gaussian modes; boxes: the jackknife over 27 sub-boxes"},
			},
			Returns: "a table of arrays k (h/Mpc), p, err, noise ((Mpc/h)³), modes, and the number shot_noise; with errors = boxes also jackknife, for stats.ratio",
			Example: `local pk = power.spectrum(sim)`,
			Call: func(c *spec.Call) []lua.LValue {
				m := c.Value("sim").(*simulation)
				mesh := m.cfg.Mesh
				if c.Has("mesh") {
					mesh = c.Int("mesh")
				}
				s.useKernel("power")
				opt := power.Options{Box: m.cfg.Box, Mesh: mesh, LogBins: c.Int("log_bins"), KMax: c.Float("k_max"), SubtractNoise: c.Bool("subtract_noise")}
				sim := s.ready(c, m)
				var got *power.Result
				var without [][]float64
				var err error
				if c.String("errors") == "boxes" {
					got, without, err = sim.PowerJackknife(s.host.Context(), opt)
				} else {
					got, err = sim.Power(s.host.Context(), opt)
				}
				s.checkStopped(c, err)
				modes := make([]float64, len(got.Modes))
				for i, n := range got.Modes {
					modes[i] = float64(n)
				}
				t := columns(c.L, column{"k", got.K}, column{"p", got.P}, column{"err", got.Err}, column{"noise", got.Noise}, column{"modes", modes})
				t.RawSetString("shot_noise", lua.LNumber(got.ShotNoise))
				if without != nil {
					leftOut{over: "k", what: "boxes", curves: []curveRows{{"p", without}}}.add(c.L, t)
				}
				return []lua.LValue{t}
			},
		}},
	}
}

// meanSpectrumFunc pools the spectra of several realizations.
func meanSpectrumFunc() spec.Func {
	return spec.Func{
		Name: "power.mean",
		Doc: "The mean of the spectra of several realizations of one box, with the jackknife error that leaves out one realization at a time, which is the standard error of the mean. " +
			"Means of fixed and paired boxes are realizations of their own: power.mean { power.mean { box, its_pair }, … }. Of a single spectrum it is that spectrum, with its own errors.",
		Args:    []spec.Arg{{Name: "list", Kind: spec.Table, Doc: "of what power.spectrum or power.mean returned, in the same shells"}},
		Returns: "a table of arrays k, p, err, noise and modes (of one realization) and jackknife, for stats.ratio, and the number n of realizations",
		Example: `local mean = power.mean { power.spectrum(one), power.spectrum(two) }`,
		Call: func(c *spec.Call) []lua.LValue {
			return []lua.LValue{meanCurves(c, "k", "", [][2]string{{"p", "err"}, {"noise", ""}}, "modes", "shot_noise")}
		},
	}
}
