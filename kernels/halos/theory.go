package halos

import (
	"fmt"
	"math"

	"runlua/kernels/cosmology"
	"runlua/kernels/fmath"
)

// DeltaC is δ_c, the linear contrast of a sphere that has collapsed in an
// Einstein–de Sitter universe, (3/20)(12π)^(2/3).
const DeltaC = 1.686470199841145

// A Fit names a multiplicity f(σ).
type Fit string

// The fits of Eqs. (11) to (14).
const (
	PressSchechter Fit = "press-schechter"
	ShethTormen    Fit = "sheth-tormen"
	Jenkins        Fit = "jenkins"
	Warren         Fit = "warren"
)

// Sheth and Tormen's constants. stNorm is 1/(1 + 2^(−p) Γ(1/2 − p)/√π).
const stA, stP, stNorm = 0.707, 0.3, 0.32218363495952934

// Multiplicity is f(σ) of Eqs. (11) to (14), the share of matter in halos per
// unit of ln σ⁻¹. It panics for an unknown fit.
func (f Fit) Multiplicity(sigma float64) float64 {
	nu := DeltaC / sigma
	switch f {
	case PressSchechter:
		return math.Sqrt(2/math.Pi) * nu * fmath.Exp(-0.5*nu*nu)
	case ShethTormen:
		an := stA * nu * nu
		return stNorm * math.Sqrt(2/math.Pi*an) * (1 + fmath.Pow(an, -stP)) * fmath.Exp(-0.5*an)
	case Jenkins:
		return 0.315 * fmath.Exp(-fmath.Pow(math.Abs(0.61-fmath.Log(sigma)), 3.8))
	case Warren:
		return 0.7234 * (fmath.Pow(sigma, -1.625) + 0.2538) * fmath.Exp(-1.1982/(sigma*sigma))
	}
	panic(fmt.Sprintf("halos: no fit %q", string(f)))
}

// A Theory gives mass functions of a linear spectrum. It remembers what it has
// computed and is not for use from several goroutines.
type Theory struct {
	density  float64 // ρ̄, 1e10 Msun/h per (Mpc/h)³
	spectrum cosmology.Spectrum
	growth   float64
	fit      Fit
	nodes    map[int]float64 // ln σ(R) at ln R = node · sigmaStep
}

// sigmaStep is the spacing in ln R of the values of σ between which it is
// interpolated by polynomials of degree 5: for spectra of cold dark matter with
// oscillations good to 1e-8 in σ and 1e-6 in its slope.
const sigmaStep = 0.05

// NewTheory returns the mass function of a fit for the linear spectrum at z = 0
// and the growth D since, in a universe of matter omegaM.
func NewTheory(omegaM float64, spectrum cosmology.Spectrum, growth float64, fit Fit) (*Theory, error) {
	if !(omegaM > 0) || math.IsInf(omegaM, 0) {
		return nil, fmt.Errorf("halos: omega_m must be positive and finite, got %v", omegaM)
	}
	if !(growth > 0) || math.IsInf(growth, 0) {
		return nil, fmt.Errorf("halos: growth must be positive and finite, got %v", growth)
	}
	switch fit {
	case PressSchechter, ShethTormen, Jenkins, Warren:
	default:
		return nil, fmt.Errorf("halos: model must be one of %s, %s, %s, %s, got %q", PressSchechter, ShethTormen, Jenkins, Warren, string(fit))
	}
	return &Theory{omegaM * CriticalDensity, spectrum, growth, fit, map[int]float64{}}, nil
}

// A Point is a mass function at one mass.
type Point struct {
	M      float64 // 1e10 Msun/h
	Sigma  float64 // σ(M, z)
	Nu     float64 // δ_c/σ
	F      float64 // f(σ)
	DnDlnM float64 // Eq. (10), (h/Mpc)³
}

// Range of masses, 1e10 Msun/h, within which theory is offered: spheres of
// 5e-3 to 500 Mpc/h or so.
const minMass, maxMass = 1e-5, 1e10

// At returns Eq. (10) at a mass in 1e10 Msun/h.
func (t *Theory) At(mass float64) (Point, error) {
	if !(mass >= minMass && mass <= maxMass) {
		return Point{}, fmt.Errorf("halos: mass must be from %g to %g (1e10 Msun/h), got %v", float64(minMass), float64(maxMass), mass)
	}
	sigma, slope := t.sigma(mass)
	f := t.fit.Multiplicity(sigma)
	return Point{M: mass, Sigma: sigma, Nu: DeltaC / sigma, F: f, DnDlnM: t.density / mass * f * math.Abs(slope)}, nil
}

// Mean returns the mean of Eq. (10) over each bin of ln M between ascending
// edges, what counts in wide bins are to be compared with. A Point's M is the
// bin's geometric middle, as are its Sigma, Nu and F.
func (t *Theory) Mean(edges []float64) ([]Point, error) {
	if err := checkEdges(edges); err != nil {
		return nil, err
	}
	out := make([]Point, len(edges)-1)
	for i := range out {
		lo, hi := fmath.Log(edges[i]), fmath.Log(edges[i+1])
		middle, err := t.At(math.Sqrt(edges[i] * edges[i+1]))
		if err != nil {
			return nil, err
		}
		// Simpson's rule in steps of at most 0.05: the exponential end of a mass
		// function falls by a factor of two or so in a step of 0.5.
		steps := 2 * max(2, int(math.Ceil((hi-lo)/0.1)))
		var sum float64
		for j := range steps + 1 {
			mass := edges[i] * fmath.Exp((hi-lo)*float64(j)/float64(steps))
			if j == steps {
				mass = edges[i+1]
			}
			p, err := t.At(mass)
			if err != nil {
				return nil, err
			}
			weight := 1.0
			if j > 0 && j < steps {
				weight = float64(2 + 2*(j%2))
			}
			sum += float64(weight * p.DnDlnM)
		}
		middle.DnDlnM = sum / float64(3*steps)
		out[i] = middle
	}
	return out, nil
}

// sigma returns σ(M, z) and dlnσ/dlnM, Eq. (9).
func (t *Theory) sigma(mass float64) (sigma, slope float64) {
	r := radius(mass, t.density)
	s := fmath.Log(r) / sigmaStep
	first := int(math.Floor(s)) - 2
	x := s - float64(first)
	var y [6]float64
	for i := range y {
		y[i] = t.node(first + i)
	}
	l, dl := lagrange(y, x)
	return t.growth * fmath.Exp(l), dl / sigmaStep / 3
}

func radius(mass, density float64) float64 { return fmath.Cbrt(3 * mass / (4 * math.Pi * density)) }

// LagrangeRadius is R of Eq. (9), Mpc/h: that of a sphere which holds a mass,
// 1e10 Msun/h, on average.
func LagrangeRadius(omegaM, mass float64) float64 { return radius(mass, omegaM*CriticalDensity) }

// node is ln σ(R) at ln R = i sigmaStep, at z = 0. That nodes stand at fixed
// radii makes a value independent of what else was asked for.
func (t *Theory) node(i int) float64 {
	if l, ok := t.nodes[i]; ok {
		return l
	}
	l := fmath.Log(cosmology.Sigma(t.spectrum, fmath.Exp(float64(i)*sigmaStep)))
	t.nodes[i] = l
	return l
}

// lagrange evaluates the polynomial through y[i] at i = 0 … 5, and its
// derivative, at x.
func lagrange(y [6]float64, x float64) (value, slope float64) {
	for i := range y {
		// The product over j ≠ i of (x − j)/(i − j), and its derivative.
		v, d := 1.0, 0.0
		for j := range y {
			if j != i {
				u := (x - float64(j)) / float64(i-j)
				d = float64(d*u) + v/float64(i-j)
				v *= u
			}
		}
		value += float64(v * y[i])
		slope += float64(d * y[i])
	}
	return value, slope
}
