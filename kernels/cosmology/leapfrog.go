package cosmology

import (
	"math"

	"runlua/kernels/fmath"
)

// DriftIntegral returns Eq. (8), ∫da/(a³E) from a0 to a1, in 1/H0: what a
// displacement is per momentum p = a² dx/dt. The limits are positive and may
// come in any order; exchanged they give exactly the negative.
func (m *Model) DriftIntegral(a0, a1 float64) float64 { return m.expansionIntegral(a0, a1, 2) }

// KickIntegral returns Eq. (9), ∫da/(a²E) from a0 to a1, in 1/H0: what a
// momentum is per potential gradient. Limits as for DriftIntegral.
func (m *Model) KickIntegral(a0, a1 float64) float64 { return m.expansionIntegral(a0, a1, 1) }

// expansionIntegral returns ∫ a^-power/E dlna. Panels of half an e-fold leave
// a relative error of 1e-14. It panics unless both limits are positive.
func (m *Model) expansionIntegral(a0, a1 float64, power int) float64 {
	if !(a0 > 0 && finite(a0)) {
		panic(&ParamError{"a0", "above 0", a0})
	}
	if !(a1 > 0 && finite(a1)) {
		panic(&ParamError{"a1", "above 0", a1})
	}
	switch {
	case a0 == a1:
		return 0
	case a0 > a1:
		return -m.expansionIntegral(a1, a0, power)
	}
	efolds := fmath.Log1p((a1 - a0) / a0)
	panels := int(math.Ceil(2 * efolds))
	return integrate(func(x float64) float64 {
		a := float64(a0 * fmath.Exp(x))
		w := a
		if power == 2 {
			w = float64(a * a)
		}
		return 1 / float64(w*m.E(a))
	}, 0, efolds, panels)
}
