package cosmology

import (
	"fmt"
	"math"

	"runlua/kernels/fmath"
)

const (
	// growthSteps is the number of steps per unit of ln a. It leaves a
	// Runge-Kutta error below 1e-10 in D over a whole history.
	growthSteps = 256

	// Where Growth starts: deep in the matter era (the cosmological constant
	// changes D by a³ there) or, with radiation, at that part of equality (the
	// starting value's error is of second order in it).
	growthMatterStart    = 1e-5
	growthRadiationStart = 1e-5

	// growthSlack is how far, relatively, a may miss the ends of the table.
	growthSlack = 1e-9
)

// A Growth is the linear growth D(a) of Eq. (7) under one law of gravity, from
// AMin to a = 1. It holds g = D/a, which varies slowly, with two derivatives
// at equal steps of ln a; between them g is the quintic polynomial that joins
// values and derivatives, so D has two continuous derivatives.
//
// A Growth is immutable and may be used from several goroutines. Its methods
// panic for a outside [AMin, 1].
type Growth struct {
	m     *Model
	g     Gravity
	x0    float64 // ln AMin
	h     float64 // step in ln a; the last node is ln a = 0
	nodes []growthNode
}

// growthNode is g = D/a, dg/dlna, d²g/dlna².
type growthNode struct{ g, g1, g2 float64 }

// Growth returns the growing mode, D(1) = 1, followed from the deep matter era
// (D ∝ a^p, p(p + 1/2) = 3μ/2) or, with radiation, from the radiation era
// (D = 1 + (3/2) μ a/a_eq). The error is a *ParamError if μ is not positive
// and finite or the growth is not.
func (m *Model) Growth(g Gravity) (*Growth, error) {
	gr, err := m.primordial(g)
	if err != nil {
		return nil, err
	}
	gr.scale(1 / gr.nodes[len(gr.nodes)-1].g)
	gr.nodes[len(gr.nodes)-1].g = 1
	return gr, nil
}

// PrimordialGrowth returns the growing mode from the same primordial amplitude
// as that of general relativity whose D(1) is 1: both are D = 1 + (3/2) μ a/a_eq
// in the radiation era, times one factor. The error is a *ParamError if the
// model has no radiation, as the growth of two laws then differs from the
// beginning of time, or that of Growth.
func (m *Model) PrimordialGrowth(g Gravity) (*Growth, error) {
	if m.p.OmegaR == 0 {
		return nil, &ParamError{"OmegaR", "above 0 for growth from a primordial amplitude", m.p.OmegaR}
	}
	gr, err := m.primordial(g)
	if err != nil {
		return nil, err
	}
	today := &gr.nodes[len(gr.nodes)-1]
	gr0, err := m.primordial(GR())
	if err != nil {
		return nil, err
	}
	today0 := gr0.nodes[len(gr0.nodes)-1]
	same := *today == today0
	gr.scale(1 / today0.g)
	if same {
		today.g = 1
	}
	return gr, nil
}

// scale multiplies the solution.
func (gr *Growth) scale(by float64) {
	for i := range gr.nodes {
		n := &gr.nodes[i]
		n.g *= by
		n.g1 *= by
		n.g2 *= by
	}
}

// primordial is the growing mode from its first amplitude: D = a where there is
// no radiation, D = 1 in the radiation era.
func (m *Model) primordial(g Gravity) (*Growth, error) {
	var a0, d, d1 float64
	if m.p.OmegaR > 0 {
		aEq := m.p.OmegaR / m.p.OmegaM
		a0 = growthRadiationStart * aEq
		if err := m.CheckGravity(g, a0); err != nil {
			return nil, err
		}
		d1 = float64(1.5 * g.Mu(a0) * growthRadiationStart)
		d = 1 + d1
	} else {
		a0 = growthMatterStart
		if err := m.CheckGravity(g, a0); err != nil {
			return nil, err
		}
		p := (math.Sqrt(1+float64(24*g.Mu(a0))) - 1) / 4
		d, d1 = a0, float64(p*a0)
	}
	return m.GrowthFrom(g, a0, d, d1)
}

// GrowthFrom returns the solution with D = d and dD/dlna = dPrime at a0, not
// normalised: with ΛCDM's values there, D(a)/D_ΛCDM(a) is the change that the
// law makes after a0. d and dPrime must be positive, as D and D' then stay
// for any positive μ. Errors are as for Growth.
func (m *Model) GrowthFrom(g Gravity, a0, d, dPrime float64) (*Growth, error) {
	switch {
	case !(a0 > 0 && a0 < 1):
		return nil, &ParamError{"a0", "above 0 and below 1", a0}
	case !(d > 0 && finite(d)):
		return nil, &ParamError{"D at a0", "above 0 and finite", d}
	case !(dPrime > 0 && finite(dPrime)):
		return nil, &ParamError{"dD/dlna at a0", "above 0 and finite", dPrime}
	}
	if err := m.CheckGravity(g, a0); err != nil {
		return nil, err
	}
	x0 := fmath.Log(a0)
	n := int(math.Ceil(-x0 * growthSteps))
	gr := &Growth{m: m, g: g, x0: x0, h: -x0 / float64(n), nodes: make([]growthNode, n+1)}
	y := growthNode{g: d / a0, g1: (dPrime - d) / a0}
	left := m.growthTerms(g, a0)
	for i := range n + 1 {
		y.g2 = left.second(y.g, y.g1)
		gr.nodes[i] = y
		if !(y.g > 0 && finite(y.g) && finite(y.g1) && finite(y.g2)) {
			return nil, &ParamError{fmt.Sprintf("growth of %s at step %d of %d", g.Name(), i, n), "above 0 and finite", y.g}
		}
		if i == n {
			break
		}
		x := float64(x0 * (float64(n-i) - 0.5) / float64(n))
		middle := m.growthTerms(g, fmath.Exp(x))
		a := fmath.Exp(float64(x0 * float64(n-i-1) / float64(n)))
		if err := checkMu(g, a); err != nil {
			return nil, err
		}
		right := m.growthTerms(g, a)
		y = rungeKutta(y, gr.h, left, middle, right)
		left = right
	}
	return gr, nil
}

// growthTerms are the coefficients of Eq. (7) written for g = D/a:
// g” = -friction g' - pull g.
type growthTerms struct{ friction, pull float64 }

func (m *Model) growthTerms(g Gravity, a float64) growthTerms {
	q := m.DlnE(a)
	return growthTerms{friction: 4 + q, pull: 3 + q - float64(1.5*m.OmegaMAt(a)*g.Mu(a))}
}

func (t growthTerms) second(g, g1 float64) float64 {
	return -float64(t.friction*g1) - float64(t.pull*g)
}

// rungeKutta advances g and g' by one classical fourth-order step of length h;
// the terms are those at its start, middle and end.
func rungeKutta(y growthNode, h float64, left, middle, right growthTerms) growthNode {
	half := 0.5 * h
	k1 := left.second(y.g, y.g1)
	v2 := y.g1 + float64(half*k1)
	k2 := middle.second(y.g+float64(half*y.g1), v2)
	v3 := y.g1 + float64(half*k2)
	k3 := middle.second(y.g+float64(half*v2), v3)
	v4 := y.g1 + float64(h*k3)
	k4 := right.second(y.g+float64(h*v3), v4)
	sixth := h / 6
	return growthNode{
		g:  y.g + float64(sixth*(y.g1+2*(v2+v3)+v4)),
		g1: y.g1 + float64(sixth*(k1+2*(k2+k3)+k4)),
	}
}

// AMin returns the first scale factor that the solution covers.
func (gr *Growth) AMin() float64 { return fmath.Exp(gr.x0) }

// Gravity returns the law that the solution belongs to.
func (gr *Growth) Gravity() Gravity { return gr.g }

// D returns the growth.
func (gr *Growth) D(a float64) float64 {
	g, _ := gr.at(a)
	return float64(a * g)
}

// DPrime returns dD/dlna.
func (gr *Growth) DPrime(a float64) float64 {
	g, g1 := gr.at(a)
	return float64(a * (g + g1))
}

// DSecond returns d²D/dlna², from D and D' by Eq. (7) itself.
func (gr *Growth) DSecond(a float64) float64 {
	g, g1 := gr.at(a)
	drag := float64((2 + gr.m.DlnE(a)) * (g + g1))
	return float64(a * (float64(1.5*gr.m.OmegaMAt(a)*gr.g.Mu(a)*g) - drag))
}

// Rate returns the growth rate f = dlnD/dlna.
func (gr *Growth) Rate(a float64) float64 {
	g, g1 := gr.at(a)
	return 1 + g1/g
}

// D2 returns the second-order growth, Eq. (10).
func (gr *Growth) D2(a float64) float64 {
	d := gr.D(a)
	return -3.0 / 7 * d * d * fmath.Pow(gr.m.OmegaMAt(a), -1.0/143)
}

// D2Prime returns dD2/dlna, the exact derivative of Eq. (10), Eq. (11).
func (gr *Growth) D2Prime(a float64) float64 {
	f2 := float64(2*gr.Rate(a)) + (3+float64(2*gr.m.DlnE(a)))/143
	return float64(gr.D2(a) * f2)
}

// at returns g and dg/dlna at a.
func (gr *Growth) at(a float64) (g, g1 float64) {
	last := len(gr.nodes) - 1
	s := (fmath.Log(a) - gr.x0) / gr.h
	if !(s >= -growthSlack*float64(last) && s <= (1+growthSlack)*float64(last)) {
		panic(fmt.Sprintf("cosmology: growth is known for a from %v to 1, asked at %v", gr.AMin(), a))
	}
	i := min(max(int(s), 0), last-1)
	t := s - float64(i)
	return joinQuintic(gr.nodes[i], gr.nodes[i+1], gr.h, t)
}

// joinQuintic evaluates the polynomial of degree 5 that joins value, first and
// second derivative of two nodes h apart, at t (0 … 1) of the way, and its
// derivative.
func joinQuintic(p, q growthNode, h, t float64) (g, g1 float64) {
	c1 := float64(h * p.g1)
	c2 := float64(0.5 * h * h * p.g2)
	u := (q.g - p.g) - c1 - c2
	v := float64(h*q.g1) - c1 - float64(2*c2)
	w := float64(h*h*q.g2) - float64(2*c2)
	c3 := float64(10*u) - float64(4*v) + float64(0.5*w)
	c4 := float64(7*v) - float64(15*u) - w
	c5 := float64(6*u) - float64(3*v) + float64(0.5*w)
	g = c4 + float64(t*c5)
	g = c3 + float64(t*g)
	g = c2 + float64(t*g)
	g = c1 + float64(t*g)
	g = p.g + float64(t*g)
	g1 = float64(4*c4) + float64(t*float64(5*c5))
	g1 = float64(3*c3) + float64(t*g1)
	g1 = float64(2*c2) + float64(t*g1)
	g1 = c1 + float64(t*g1)
	return g, g1 / h
}
