package cosmology

import "fmt"

// ScaleDependent is a Gravity whose μ depends on the wave number too. Its Mu is
// the limit of MuK for k → 0, at which Growth and GrowthFrom solve Eq. (7); the
// growth of one mode is that of AtK.
type ScaleDependent interface {
	Gravity
	// MuK returns μ at comoving wave number k > 0, in h/Mpc, and scale factor a;
	// it must be positive and finite.
	MuK(k, a float64) float64
}

// AtK returns the law that a mode of wave number k (above 0, h/Mpc) follows,
// which is g itself if g has no scale. Linear modes do not mix, so Growth of
// AtK(g, k) is D(k, a).
func AtK(g Gravity, k float64) Gravity {
	if s, ok := g.(ScaleDependent); ok {
		return oneMode{s, k}
	}
	return g
}

type oneMode struct {
	law ScaleDependent
	k   float64
}

func (m oneMode) Name() string         { return fmt.Sprintf("%s at k = %v h/Mpc", m.law.Name(), m.k) }
func (m oneMode) Mu(a float64) float64 { return m.law.MuK(m.k, a) }

// Yukawa returns the fifth force of range 1/mass, Eq. (15), mass in h/Mpc and
// above 0. On scales far below its range it is Constant(2 beta²), on scales
// far above there is none: Mu, the limit k → 0, is 1.
func Yukawa(beta, mass float64) (ScaleDependent, error) {
	switch {
	case !finite(beta):
		return nil, &ParamError{"beta of yukawa", "finite", beta}
	case !(mass > 0 && finite(mass)):
		return nil, &ParamError{"mass of yukawa", "above 0 and finite", mass}
	}
	return yukawa{beta, mass}, nil
}

type yukawa struct{ beta, mass float64 }

func (y yukawa) Name() string       { return fmt.Sprintf("yukawa(%v, %v)", y.beta, y.mass) }
func (y yukawa) Mu(float64) float64 { return 1 }

func (y yukawa) MuK(k, a float64) float64 {
	q := float64(a*y.mass) / k
	return 1 + float64(2*float64(y.beta*y.beta))/(1+float64(q*q))
}
