package nbody

import (
	"fmt"

	"runlua/kernels/cosmology"
)

// initialGrowth is the growth that the initial conditions take: ΛCDM's, whatever
// the gravity.
func (c *Config) initialGrowth(m *cosmology.Model) (*cosmology.Growth, error) {
	g, err := m.Growth(cosmology.GR())
	if err != nil {
		return nil, fmt.Errorf("nbody: %w", err)
	}
	return g, nil
}
