package cosmology

import (
	"math"

	"runlua/kernels/fmath"
)

// EH is the transfer function of Eisenstein & Hu 1998 with the power spectrum
// P = A k^ns T², A such that Sigma(·, 8) is the model's Sigma8. It implements
// Spectrum, is immutable and may be used from several goroutines.
//
// Names follow the paper; the numbers behind them are its equations.
type EH struct {
	wiggles   bool
	amplitude float64 // (Mpc/h)^(3+ns)
	h, ns     float64

	fb, fc       float64 // shares of baryons and dark matter in matter
	kEq          float64 // 1/Mpc (3)
	s            float64 // sound horizon at the drag epoch, Mpc (6)
	kSilk        float64 // 1/Mpc (7)
	alphaC       float64 // (11)
	betaC        float64 // (12)
	alphaB       float64 // (14)
	betaNode     float64 // (23)
	betaB        float64 // (24)
	theta2       float64 // (Tcmb/2.7 K)²
	gamma        float64 // Omega_m h
	sNoWiggle    float64 // Mpc (26)
	alphaNoGamma float64 // alpha_Gamma (31)
}

// EisensteinHu returns the spectrum with the acoustic oscillations or, without
// wiggles, with only their mean suppression. The error is a *ParamError if
// there are no baryons
// or the parameters are so far off that the spectrum can't be normalised.
func (m *Model) EisensteinHu(wiggles bool) (*EH, error) {
	p := m.p
	if p.OmegaB == 0 {
		return nil, &ParamError{"OmegaB", "above 0 for the Eisenstein-Hu spectrum", p.OmegaB}
	}
	e := newEH(p)
	e.wiggles = wiggles
	e.amplitude = 1
	sigma := Sigma(e, 8)
	if !(sigma > 0 && finite(sigma)) {
		return nil, &ParamError{"sigma(8 Mpc/h) of k^ns T²", "above 0 and finite", sigma}
	}
	norm := p.Sigma8 / sigma
	e.amplitude = float64(norm * norm)
	return e, nil
}

// newEH computes what does not depend on k.
func newEH(p Params) *EH {
	pow, sqrt := fmath.Pow, math.Sqrt
	om := float64(p.OmegaM * float64(p.H*p.H))
	ob := float64(p.OmegaB * float64(p.H*p.H))
	t := p.Tcmb / 2.7
	t2 := float64(t * t)
	t4 := float64(t2 * t2)
	fb := p.OmegaB / p.OmegaM
	fc := 1 - fb

	zEq := 25000 * om / t4  // (2); it is 1 + z, the authors note
	kEq := 0.0746 * om / t2 // (3)
	b1 := 0.313 * pow(om, -0.419) * (1 + float64(0.607*pow(om, 0.674)))
	b2 := 0.238 * pow(om, 0.223)
	zd := float64(1291 * pow(om, 0.251) / (1 + float64(0.659*pow(om, 0.828))) * (1 + float64(b1*pow(ob, b2)))) // (4)
	rd := 31.5 * ob / t4 * 1000 / (1 + zd)                                                                     // (5), with 1 + z as in the authors' program
	req := 31.5 * ob / t4 * 1000 / zEq
	s := 2 / (3 * kEq) * sqrt(6/req) * fmath.Log((sqrt(1+rd)+sqrt(rd+req))/(1+sqrt(req))) // (6)
	kSilk := 1.6 * pow(ob, 0.52) * pow(om, 0.73) * (1 + pow(float64(10.4*om), -0.95))     // (7)

	a1 := pow(float64(46.9*om), 0.670) * (1 + pow(float64(32.1*om), -0.532))
	a2 := pow(float64(12.0*om), 0.424) * (1 + pow(float64(45.0*om), -0.582))
	alphaC := pow(a1, -fb) * pow(a2, -float64(float64(fb*fb)*fb)) // (11)
	c1 := 0.944 / (1 + pow(float64(458*om), -0.708))
	c2 := pow(float64(0.395*om), -0.0266)
	betaC := 1 / (1 + float64(c1*(pow(fc, c2)-1))) // (12)

	y := zEq / (1 + zd)
	y1 := sqrt(1 + y)
	gy := y * (float64(-6*y1) + float64((2+float64(3*y))*fmath.Log((y1+1)/(y1-1))))          // (15)
	alphaB := 2.07 * kEq * s * pow(1+rd, -0.75) * gy                                         // (14)
	betaNode := 8.41 * pow(om, 0.435)                                                        // (23)
	betaB := 0.5 + fb + float64((3-float64(2*fb))*sqrt(float64(pow(float64(17.2*om), 2))+1)) // (24)

	return &EH{
		h: p.H, ns: p.Ns, fb: fb, fc: fc, kEq: kEq, s: s, kSilk: kSilk,
		alphaC: alphaC, betaC: betaC, alphaB: alphaB, betaNode: betaNode, betaB: betaB,
		theta2: t2, gamma: float64(p.OmegaM * p.H),
		sNoWiggle: 44.5 * fmath.Log(9.83/om) / sqrt(1+float64(10*pow(ob, 0.75))), // (26)
		alphaNoGamma: 1 - float64(0.328*fmath.Log(float64(431*om))*fb) +
			float64(0.38*fmath.Log(float64(22.3*om))*float64(fb*fb)), // (31)
	}
}

// SoundHorizon returns the comoving sound horizon at the drag epoch, the
// paper's Eq. 6, in Mpc (not Mpc/h).
func (e *EH) SoundHorizon() float64 { return e.s }

// P implements Spectrum, Eq. (14).
func (e *EH) P(k float64) float64 {
	if !(k > 0) {
		return 0
	}
	t := e.T(k)
	return e.amplitude * fmath.Pow(k, e.ns) * float64(t*t)
}

// T returns the transfer function at k in h/Mpc, 1 for k <= 0.
func (e *EH) T(k float64) float64 {
	switch {
	case !(k > 0):
		return 1
	case e.wiggles:
		return e.full(float64(k * e.h))
	}
	return e.noWiggle(k)
}

// full is the paper's Eq. 16, k in 1/Mpc.
func (e *EH) full(k float64) float64 {
	q := k / (13.41 * e.kEq) // (10)
	ks := float64(k * e.s)
	c := 386 / (1 + float64(69.9*fmath.Pow(q, 1.08)))

	f := 1 / (1 + quartic(ks/5.4))                                                           // (18)
	tc := float64(f*t0(q, 14.2+c, e.betaC)) + float64((1-f)*t0(q, 14.2/e.alphaC+c, e.betaC)) // (17)

	// Baryons, (21): the shifted nodes, (22), and Silk damping.
	node := e.betaNode / ks
	sTilde := e.s / fmath.Cbrt(1+float64(float64(node*node)*node))
	x := float64(k * sTilde)
	j0 := fmath.Sin(x) / x
	b := e.betaB / ks
	damp := fmath.Exp(-fmath.Pow(k/e.kSilk, 1.4))
	ks52 := ks / 5.2
	tb := t0(q, 14.2+c, 1)/(1+float64(ks52*ks52)) + float64(e.alphaB/(1+float64(float64(b*b)*b))*damp)
	return float64(e.fb*float64(tb*j0)) + float64(e.fc*tc)
}

// t0 is the paper's Eqs. 19 and 20, the pressureless transfer function with
// c = C and its shift betaC.
func t0(q, c, betaC float64) float64 {
	l := fmath.Log(math.E + float64(1.8*betaC*q))
	return l / (l + float64(c*float64(q*q)))
}

// noWiggle is the paper's Eqs. 28 to 30, k in h/Mpc.
func (e *EH) noWiggle(k float64) float64 {
	ks := float64(float64(0.43*k) * float64(e.h*e.sNoWiggle))
	gamma := e.gamma * (e.alphaNoGamma + (1-e.alphaNoGamma)/(1+quartic(ks))) // (30)
	q := k * e.theta2 / gamma                                                // (28)
	l := fmath.Log(2*math.E + float64(1.8*q))
	c := 14.2 + 731/(1+float64(62.5*q))
	return l / (l + float64(c*float64(q*q))) // (29)
}

func quartic(x float64) float64 {
	x2 := float64(x * x)
	return float64(x2 * x2)
}
