package cosmology

import "math"

// A Model is a universe whose parameters have been checked. It is immutable
// and may be used from several goroutines.
type Model struct {
	p      Params
	lambda float64 // Omega_Lambda = 1 - Omega_m - Omega_r
}

// New checks the parameters and returns their model; the error is a
// *ParamError.
func New(p Params) (*Model, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	return &Model{p: p, lambda: 1 - p.OmegaM - p.OmegaR}, nil
}

// Params returns the parameters that the model was made from.
func (m *Model) Params() Params { return m.p }

// e2 is E², Eq. (1).
func (m *Model) e2(a float64) float64 {
	return float64((m.p.OmegaM+m.p.OmegaR/a)/float64(float64(a*a)*a)) + m.lambda
}

// E returns the expansion rate H(a)/H0, Eq. (1), for a > 0.
func (m *Model) E(a float64) float64 { return math.Sqrt(m.e2(a)) }

// DlnE returns dlnE/dlna, Eq. (2): -3/2 under matter, -2 under radiation, 0
// under the cosmological constant.
func (m *Model) DlnE(a float64) float64 {
	r := m.p.OmegaR / a
	rho := (float64(3*m.p.OmegaM) + float64(4*r)) / float64(float64(a*a)*a)
	return -0.5 * rho / m.e2(a)
}

// OmegaMAt returns the share of matter in the density at a, Eq. (3).
func (m *Model) OmegaMAt(a float64) float64 {
	return m.p.OmegaM / float64(float64(float64(a*a)*a)*m.e2(a))
}
