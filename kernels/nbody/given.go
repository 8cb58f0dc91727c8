package nbody

import (
	"fmt"
	"strconv"

	"runlua/kernels/grid"
)

// NewGiven makes a Sim of the particles that cfg.Given names, at cfg.ZStart.
// Positions in Mpc/h and momenta p = a² dx/dt in Mpc/h·H0 are x0 y0 z0 x1 …, of
// length 3·cfg.Count; both slices become the Sim's own. Positions are wrapped
// into the box.
//
// Growth factors of another gravity than general relativity are matched to
// ΛCDM's at cfg.ZStart, as if the particles had moved by ΛCDM until then.
func NewGiven(cfg Config, positions, momenta []float64) (*Sim, error) {
	if cfg.Given == "" {
		return nil, &ParamError{"given", "must name the particles", `""`, ""}
	}
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if len(positions) != 3*cfg.Count || len(momenta) != 3*cfg.Count {
		return nil, &ParamError{"count", "must be the number of particles given",
			fmt.Sprintf("%d with %d coordinates and %d momenta", cfg.Count, len(positions), len(momenta)), ""}
	}
	for i := range positions {
		positions[i] = grid.Wrap(positions[i], cfg.Box)
		if !isFinite(positions[i]) || !isFinite(momenta[i]) {
			return nil, fmt.Errorf("nbody: particle %d of %s is not finite", i/3, cfg.Given)
		}
	}
	return newEmpty(cfg, positions, momenta)
}

// count is the number of particles.
func (c *Config) count() int {
	if c.Given != "" {
		return c.Count
	}
	return c.Particles * c.Particles * c.Particles
}

// validateGiven checks what Validate checks where particles are drawn.
func (c *Config) validateGiven() error {
	if c.Count < 1 || c.Count > maxSide*maxSide*maxSide {
		return &ParamError{"count", fmt.Sprintf("must be from 1 to %d³ particles", maxSide), strconv.Itoa(c.Count), ""}
	}
	if err := checkSide("mesh", c.Mesh); err != nil {
		return err
	}
	if m := c.Mesh; m*m*m < c.Count {
		return &ParamError{"mesh", "must have at least as many cells as there are particles",
			fmt.Sprintf("%d³ < %d", c.Mesh, c.Count), "twice the number per side is the usual choice"}
	}
	if !(c.ZStart >= 0 && c.ZStart <= maxZStart) {
		return &ParamError{"z_start", fmt.Sprintf("must be a redshift from 0 to %d", maxZStart), formatFloat(c.ZStart), ""}
	}
	return nil
}

// givenSettings is what stands in a state in place of the settings that draw
// particles.
func (c *Config) givenSettings() []setting {
	return []setting{{"initial particles", c.Given}, {"count", strconv.Itoa(c.Count)}}
}
