package nbody

import (
	"fmt"

	"runlua/kernels/grid"
)

// Accelerations returns −∇φ, Eqs. (5) and (6), that the particles of s exert at
// places of length 3n in Mpc/h, wrapped into the box, or on themselves where
// places is nil: x0 y0 z0 x1 …, in Mpc/h·H0², at the scale factor of the positions.
// It is the force of the steps, mesh and all; dp/dt = −∇φ/a. Places that are not
// finite are an error. It uses the scratch memory of s, as a step does.
func (s *Sim) Accelerations(places []float64) ([]float64, error) {
	if s.broken != nil {
		return nil, s.broken
	}
	var at []float64
	if places != nil {
		if len(places)%3 != 0 {
			return nil, fmt.Errorf("nbody: places must have three coordinates each, got %d numbers", len(places))
		}
		at = make([]float64, len(places))
		for i, x := range places {
			if at[i] = grid.Wrap(x, s.cfg.Box); !isFinite(at[i]) {
				return nil, fmt.Errorf("nbody: place %d at %v Mpc/h is not finite", i/3, places[i/3*3:i/3*3+3])
			}
		}
	}
	s.matter.forceAt(s.a)
	out, err := s.matter.accelerations(at, 1.5*s.cfg.Cosmology.OmegaM*s.cfg.Gravity.Mu(s.a))
	if err != nil {
		return nil, fmt.Errorf("nbody: %w", err)
	}
	return out, nil
}
