package cosmology

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestBadParametersAreNamedWithRuleAndValue(t *testing.T) {
	for _, c := range []struct {
		change func(p *Params)
		want   string
	}{
		{func(p *Params) { p.OmegaM = -.3 }, "cosmology: OmegaM must be above 0 and at most 1, got -0.3"},
		{func(p *Params) { p.OmegaM = math.NaN() }, "cosmology: OmegaM must be above 0 and at most 1, got NaN"},
		{func(p *Params) { p.OmegaB = .4 }, "cosmology: OmegaB must be at least 0 and below OmegaM, got 0.4"},
		{func(p *Params) { p.H = 67.36 }, "cosmology: H must be above 0 and below 10 (it is H0 in 100 km/s/Mpc), got 67.36"},
		{func(p *Params) { p.Ns = 7 }, "cosmology: Ns must be above -3 and below 4, got 7"},
		{func(p *Params) { p.Sigma8 = 0 }, "cosmology: Sigma8 must be above 0, got 0"},
		{func(p *Params) { p.Tcmb = math.Inf(1) }, "cosmology: Tcmb must be above 0, got +Inf"},
		{func(p *Params) { p.OmegaR = -1e-5 }, "cosmology: OmegaR must be at least 0 and below OmegaM, got -1e-05"},
		{func(p *Params) { p.OmegaM, p.OmegaR = .9, .2 }, "cosmology: OmegaM + OmegaR must be at most 1, got 1.1"},
	} {
		p := Planck2018()
		c.change(&p)
		_, err := New(p)
		var bad *ParamError
		if !errors.As(err, &bad) || err.Error() != c.want {
			t.Errorf("error is %v, want %s", err, c.want)
		}
	}
	p := Planck2018()
	p.OmegaB = 0
	_, err := mustModel(t, p).EisensteinHu(true)
	if want := "cosmology: OmegaB must be above 0 for the Eisenstein-Hu spectrum, got 0"; err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
}

// pulling is a law that turns repulsive, or wild, late.
type pulling struct{ late float64 }

func (g pulling) Name() string { return "pulling" }

func (g pulling) Mu(a float64) float64 {
	if a > .8 {
		return g.late
	}
	return 1
}

func TestBadGravityIsNamedWithRuleAndValue(t *testing.T) {
	plain, radiation := Planck2018(), Planck2018().WithRadiation()
	other := radiation
	other.OmegaM = .3
	for _, c := range []struct {
		p    Params
		g    Gravity
		want string // a part
	}{
		{plain, Constant(-1), "mu of constant(-1) at a = 1e-05 must be above 0 and finite, got 0"},
		{plain, Constant(math.NaN()), "must be above 0 and finite, got NaN"},
		{plain, pulling{-.1}, "mu of pulling at a = 0.8"},
		{plain, pulling{math.Inf(1)}, "must be above 0 and finite, got +Inf"},
		{plain, pulling{1e300}, "growth of pulling at step"},
		{radiation, EvolvingG(2, radiation), "mu of evolving_g(2) at a = 2.93333e-09 must be above 0 and finite, got -0.99998"},
		{plain, EvolvingG(.1, plain), "OmegaR must be above 0 with evolving_g, got 0"},
		{radiation, EvolvingG(.1, other), "OmegaM of evolving_g(0.1) must be the model's 0.315, got 0.3"},
		{radiation, EvolvingG(.1, plain), "OmegaR of evolving_g(0.1) must be the model's 9.24e-05, got 0"},
	} {
		_, err := mustModel(t, c.p).Growth(c.g)
		var bad *ParamError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error is %v, want %s", err, c.want)
		}
	}
	m := mustModel(t, plain)
	for _, c := range []struct {
		a0, d, d1 float64
		want      string
	}{
		{0, 1, 1, "cosmology: a0 must be above 0 and below 1, got 0"},
		{1, 1, 1, "cosmology: a0 must be above 0 and below 1, got 1"},
		{.02, 0, 1, "cosmology: D at a0 must be above 0 and finite, got 0"},
		{.02, 1, -1, "cosmology: dD/dlna at a0 must be above 0 and finite, got -1"},
	} {
		if _, err := m.GrowthFrom(GR(), c.a0, c.d, c.d1); err == nil || err.Error() != c.want {
			t.Errorf("error is %v, want %s", err, c.want)
		}
	}
}

func TestRadiationFollowsTemperatureAndHubble(t *testing.T) {
	p := Planck2018()
	if r := p.WithRadiation().OmegaR; r != 9.24e-5 {
		t.Errorf("Omega_r is %v, want 9.24e-5", r)
	}
	p.H *= 2
	relative(t, "Omega_r at twice h", p.WithRadiation().OmegaR, 9.24e-5/4, 1e-15) // rounding
	p.Tcmb *= 2
	relative(t, "Omega_r at twice h and T", p.WithRadiation().OmegaR, 9.24e-5*4, 1e-15) // rounding
}
