package cosmology

import (
	"fmt"
	"math"
)

// Params describes a flat universe of matter, a cosmological constant and, if
// OmegaR is positive, radiation.
type Params struct {
	OmegaM float64 // matter today, in units of the critical density
	OmegaB float64 // baryons today, part of OmegaM
	H      float64 // H0 in 100 km/s/Mpc
	Ns     float64 // slope of the primordial spectrum
	Sigma8 float64 // linear rms in spheres of 8 Mpc/h today
	Tcmb   float64 // temperature of the microwave background today, K
	OmegaR float64 // photons and massless neutrinos today; 0 leaves them out
}

// Planck2018 returns the rounded Planck 2018 parameters (A&A 641, A6), without
// radiation.
func Planck2018() Params {
	return Params{OmegaM: .315, OmegaB: .049, H: .6736, Ns: .9649, Sigma8: .811, Tcmb: 2.7255}
}

// WithRadiation returns p with the radiation that belongs to its H and Tcmb,
// photons and three massless neutrinos:
//
//	Omega_r = 9.24e-5 (Tcmb/2.7255)^4 (0.6736/h)²
//
// 9.24e-5 is what the reference numbers of this package's tests are computed
// with; photons of 2.473e-5/h² times 1 + 0.2271·3.046 would give .2 % less.
func (p Params) WithRadiation() Params {
	t := p.Tcmb / 2.7255
	h := .6736 / p.H
	p.OmegaR = 9.24e-5 * t * t * t * t * h * h
	return p
}

// A ParamError reports a parameter that breaks a rule.
type ParamError struct {
	Param string // as the field of Params or the argument is called
	Rule  string // such as "above 0"
	Value float64
}

func (e *ParamError) Error() string {
	return fmt.Sprintf("cosmology: %s must be %s, got %v", e.Param, e.Rule, e.Value)
}

// check returns a *ParamError for the first parameter that breaks its rule.
func (p Params) check() error {
	rules := []struct {
		param string
		value float64
		ok    bool
		rule  string
	}{
		{"OmegaM", p.OmegaM, p.OmegaM > 0 && p.OmegaM <= 1, "above 0 and at most 1"},
		{"OmegaB", p.OmegaB, p.OmegaB >= 0 && p.OmegaB < p.OmegaM, "at least 0 and below OmegaM"},
		{"H", p.H, p.H > 0 && p.H < 10, "above 0 and below 10 (it is H0 in 100 km/s/Mpc)"},
		{"Ns", p.Ns, p.Ns > -3 && p.Ns < 4, "above -3 and below 4"},
		{"Sigma8", p.Sigma8, p.Sigma8 > 0 && finite(p.Sigma8), "above 0"},
		{"Tcmb", p.Tcmb, p.Tcmb > 0 && finite(p.Tcmb), "above 0"},
		{"OmegaR", p.OmegaR, p.OmegaR >= 0 && p.OmegaR < p.OmegaM, "at least 0 and below OmegaM"},
		{"OmegaM + OmegaR", p.OmegaM + p.OmegaR, p.OmegaM+p.OmegaR <= 1, "at most 1"},
	}
	for _, r := range rules {
		if !r.ok {
			return &ParamError{r.param, r.rule, r.value}
		}
	}
	return nil
}

func finite(x float64) bool { return math.Abs(x) <= math.MaxFloat64 }
