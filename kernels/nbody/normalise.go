package nbody

import (
	"fmt"
	"strconv"

	"runlua/kernels/cosmology"
)

// What is the same for every gravity, as Config.Normalise says.
const (
	AtZStart = "z_start" // the particles at z_start, from ΛCDM's growth; the default
	BySigma8 = "sigma8"  // linear P(k) at z = 0, by each gravity's own growing mode
	ByAs     = "As"      // the primordial amplitude, before the radiation era ends
)

// validateNormalise refuses a normalisation that has no meaning for the rest of
// a Config with its defaults.
func (c *Config) validateNormalise() error {
	switch c.Normalise {
	case AtZStart:
		return nil
	case BySigma8, ByAs:
	default:
		return &ParamError{"normalise", `must be "z_start", "sigma8" or "As"`, strconv.Quote(c.Normalise), ""}
	}
	if _, ok := c.Gravity.(cosmology.ScaleDependent); ok {
		return &ParamError{"normalise", `must be "z_start" for a gravity that depends on scale, whose growing mode differs at each k`, strconv.Quote(c.Normalise), ""}
	}
	if c.Normalise == ByAs && c.Cosmology.OmegaR == 0 {
		return &ParamError{"normalise", `must be "z_start" or "sigma8" in a cosmology without radiation`, strconv.Quote(c.Normalise),
			"growth in matter alone has no beginning at which amplitudes could be the same; radiation = true gives it one"}
	}
	return nil
}

// initialGrowth is the D of Eqs. (1), (3) and (4).
func (c *Config) initialGrowth(m *cosmology.Model) (g *cosmology.Growth, err error) {
	switch c.Normalise {
	case BySigma8:
		g, err = m.Growth(c.Gravity)
	case ByAs:
		g, err = m.PrimordialGrowth(c.Gravity)
	default:
		g, err = m.Growth(cosmology.GR())
	}
	if err != nil {
		return nil, fmt.Errorf("nbody: %w", err)
	}
	return g, nil
}

// ownGrowth is the D of Eqs. (9) and (10): that of the simulation's gravity,
// going on from the initial conditions.
func (s *Sim) ownGrowth() (*cosmology.Growth, error) {
	initial, err := s.cfg.initialGrowth(s.model)
	if err != nil || s.cfg.Normalise != AtZStart {
		return initial, err
	}
	a := 1 / (1 + s.cfg.ZStart)
	g, err := s.model.GrowthFrom(s.cfg.Gravity, a, initial.D(a), initial.DPrime(a))
	if err != nil {
		return nil, fmt.Errorf("nbody: fastpm: %w", err)
	}
	return g, nil
}
