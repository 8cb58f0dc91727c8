package cosmology

import "fmt"

// Gravity is the factor μ on the right of the Poisson equation, Eq. (4). A law
// with a scale of its own is a ScaleDependent besides.
type Gravity interface {
	// Name is how scripts call the law, with its strength: "constant(0.1)".
	Name() string
	// Mu returns μ at scale factor a; it must be positive and finite.
	Mu(a float64) float64
}

// GR returns general relativity, μ = 1.
func GR() Gravity { return constant(0) }

// Constant returns the fifth force without a scale, Eq. (5): μ = 1 + beta.
func Constant(beta float64) Gravity { return constant(beta) }

type constant float64

func (c constant) Name() string {
	if c == 0 {
		return "gr"
	}
	return fmt.Sprintf("constant(%v)", float64(c))
}

func (c constant) Mu(float64) float64 { return 1 + float64(c) }

// EvolvingG returns the law of Eq. (6), μ = 1 - beta f(a), f the share of
// radiation in radiation and matter. It needs radiation: a model without
// refuses it, and so does a model with other densities than p.
func EvolvingG(beta float64, p Params) Gravity { return evolvingG{beta, p.OmegaM, p.OmegaR} }

type evolvingG struct{ beta, omegaM, omegaR float64 }

func (g evolvingG) Name() string { return fmt.Sprintf("evolving_g(%v)", g.beta) }

func (g evolvingG) Mu(a float64) float64 {
	f := g.omegaR / (g.omegaR + float64(g.omegaM*a))
	return 1 - float64(g.beta*f)
}

// CheckGravity returns a *ParamError if the law does not fit the model, or if
// its μ is not finite and positive somewhere between a0 and 1.
func (m *Model) CheckGravity(g Gravity, a0 float64) error {
	if e, ok := g.(evolvingG); ok {
		switch {
		case m.p.OmegaR == 0:
			return &ParamError{"OmegaR", "above 0 with evolving_g", m.p.OmegaR}
		case e.omegaR != m.p.OmegaR:
			return &ParamError{"OmegaR of " + g.Name(), fmt.Sprintf("the model's %v", m.p.OmegaR), e.omegaR}
		case e.omegaM != m.p.OmegaM:
			return &ParamError{"OmegaM of " + g.Name(), fmt.Sprintf("the model's %v", m.p.OmegaM), e.omegaM}
		}
	}
	if t, ok := g.(*Table); ok {
		if first, last := t.Range(); !(first <= a0*(1+tableSlack)) {
			return &ParamError{"the first scale factor of gravity's " + t.Name(), fmt.Sprintf("at most %.6g, where it is first needed", a0), first}
		} else if !(last >= 1-tableSlack) {
			return &ParamError{"the last scale factor of gravity's " + t.Name(), "at least 1, today", last}
		}
	}
	const samples = 64
	for i := range samples + 1 {
		a := a0 + float64((1-a0)*float64(i)/samples)
		if err := checkMu(g, a); err != nil {
			return err
		}
	}
	return nil
}

// checkMu returns a *ParamError unless μ at a is positive and finite.
func checkMu(g Gravity, a float64) error {
	if mu := g.Mu(a); !(mu > 0 && finite(mu)) {
		return &ParamError{fmt.Sprintf("mu of %s at a = %.6g", g.Name(), a), "above 0 and finite", mu}
	}
	return nil
}
