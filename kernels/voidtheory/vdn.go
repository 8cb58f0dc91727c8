package voidtheory

import (
	"fmt"
	"math"

	"runlua/kernels/cosmology"
)

// Options of New. Threshold is required.
type Options struct {
	Threshold   float64            // enclosed contrast of a void, from -0.99 to -0.01
	Z           float64            // redshift, from 0 to 900
	DeltaC      float64            // δ_c; 0 stands for DeltaC
	Approximate bool               // the published approximation in place of the series
	Spectrum    cosmology.Spectrum // linear, at z = 0; nil stands for Eisenstein & Hu's

	// Gravity acts from ZStart on, before which all is general relativity; nil
	// stands for general relativity throughout. A law without scale moves the
	// barrier and the growth; of one with a scale only the growth of each mode is
	// its own, and the barrier that of general relativity.
	Gravity cosmology.Gravity
	ZStart  float64
}

// A Vdn is the size function of one cosmology, redshift and threshold. It is
// immutable and may be used from several goroutines.
type Vdn struct {
	Barriers Barriers
	Ratio    float64 // R/R_L
	Growth   float64 // D(z), 1 today in ΛCDM; with a Gravity that of k → 0

	spectrum cosmology.Spectrum
	growth   float64 // that the spectrum still lacks
	approx   bool
}

// New derives the barriers from the threshold. Errors name what breaks a rule;
// one about the cosmology is a *cosmology.ParamError.
func New(m *cosmology.Model, opt Options) (*Vdn, error) {
	if !(opt.Z >= 0 && opt.Z <= 900) {
		return nil, fmt.Errorf("voidtheory: z must lie from 0 to 900, got %v", opt.Z)
	}
	if opt.DeltaC == 0 {
		opt.DeltaC = DeltaC
	}
	if !(opt.DeltaC > 0) || math.IsInf(opt.DeltaC, 0) {
		return nil, fmt.Errorf("voidtheory: delta_c must be positive and finite, got %v", opt.DeltaC)
	}
	a := 1 / (1 + opt.Z)
	aStart := 1 / (1 + opt.ZStart)
	if opt.Gravity != nil && !(opt.ZStart > opt.Z) {
		return nil, fmt.Errorf("voidtheory: z must be below z_start, got %v and %v", opt.Z, opt.ZStart)
	}
	law := opt.Gravity
	if _, ok := law.(cosmology.ScaleDependent); ok {
		law = nil
	}
	deltaV, err := BarrierUnder(m, law, aStart, a, opt.Threshold)
	if err != nil {
		return nil, err
	}
	growth, err := m.Growth(cosmology.GR())
	if err != nil {
		return nil, err
	}
	if opt.Spectrum == nil {
		if opt.Spectrum, err = m.EisensteinHu(true); err != nil {
			return nil, err
		}
	}
	v := &Vdn{
		Barriers: Barriers{Void: deltaV, Collapse: opt.DeltaC}, Ratio: Ratio(opt.Threshold),
		Growth: growth.D(a), growth: growth.D(a), spectrum: opt.Spectrum, approx: opt.Approximate,
	}
	if opt.Gravity != nil {
		own, err := m.GrowthFrom(opt.Gravity, aStart, growth.D(aStart), growth.DPrime(aStart))
		if err != nil {
			return nil, err
		}
		if v.spectrum, err = m.Evolved(opt.Spectrum, opt.Gravity, aStart, a); err != nil {
			return nil, err
		}
		v.Growth, v.growth = own.D(a), 1
	}
	return v, nil
}

// A Point of the curve.
type Point struct {
	DnDlnR float64 // (h/Mpc)³, Eq. (9)
	Filled float64 // share of volume in voids of dlnR: DnDlnR · 4πR³/3
	Sigma  float64 // rms of the linear contrast at R_L and z
}

// At returns the curve at the radius r, Mpc/h. It panics unless r is positive
// and finite.
func (v *Vdn) At(r float64) Point {
	sigma, slope := cosmology.SigmaSlope(v.spectrum, r/v.Ratio)
	sigma *= v.growth
	f := v.Barriers.Multiplicity
	if v.approx {
		f = v.Barriers.Approximation
	}
	p := Point{Filled: -float64(f(sigma) * slope), Sigma: sigma}
	p.DnDlnR = p.Filled / (4 * math.Pi / 3 * float64(float64(r*r)*r))
	return p
}
