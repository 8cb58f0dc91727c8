package diffusion

import (
	"fmt"
	"math"
	"strconv"

	"runlua/kernels/fmath"
)

// A Schedule is the noise levels of a walk, Eq. (1).
type Schedule struct {
	SigmaData float64 // σ_d, the scale of the data, Å
	Max, Min  float64 // s_max and s_min, in units of SigmaData
	Rho       float64 // ρ: how much denser the levels lie at small noise
	Steps     int     // N
}

// Sigmas returns the Steps+1 noise levels, Å, from the largest down; the last
// is exactly 0.
func (s Schedule) Sigmas() []float64 {
	levels := make([]float64, s.Steps+1)
	from, to := fmath.Pow(s.Max, 1/s.Rho), fmath.Pow(s.Min, 1/s.Rho)
	for i := range s.Steps {
		u := float64(i) / float64(s.Steps)
		levels[i] = s.SigmaData * fmath.Pow(from+float64(u*(to-from)), s.Rho)
	}
	return levels
}

func (s Schedule) check() error {
	for _, p := range []struct {
		name  string
		value float64
	}{{"sigma_data", s.SigmaData}, {"s_max", s.Max}, {"s_min", s.Min}, {"rho", s.Rho}} {
		if !(p.value > 0) || !isFinite(p.value) {
			return &ParamError{p.name, "must be positive", formatFloat(p.value), ""}
		}
	}
	if !(s.Min < s.Max) {
		return &ParamError{"s_min", "must be below s_max", fmt.Sprintf("%s and %s", formatFloat(s.Min), formatFloat(s.Max)), ""}
	}
	if s.Steps < 1 || s.Steps > maxSteps {
		return &ParamError{"steps", fmt.Sprintf("must be from 1 to %d", maxSteps), strconv.Itoa(s.Steps), ""}
	}
	levels := s.Sigmas()
	for i, x := range levels[:s.Steps] {
		if !(x > levels[i+1]) || !isFinite(x*x) {
			return &ParamError{"rho", "must let the noise fall from step to step", fmt.Sprintf("%s with noise %v at step %d and %v after it", formatFloat(s.Rho), x, i, levels[i+1]), ""}
		}
	}
	return nil
}

// maxSteps keeps a step's number a counter word of its own, with room.
const maxSteps = 1 << 20

// Kinds of an Eta.
const (
	EtaConst     = "const"
	EtaLinear    = "linear"
	EtaPoly      = "poly"
	EtaCos       = "cos"
	EtaPiecewise = "piecewise"
)

// EtaKinds lists the kinds of an Eta.
func EtaKinds() []string { return []string{EtaConst, EtaLinear, EtaPoly, EtaCos, EtaPiecewise} }

// An Eta is η, the length of a step in units of the plain one, as it changes
// from From at u = 0 towards To at u = 1, u being step over steps, Eq. (6).
type Eta struct {
	Kind     string
	From, To float64 // EtaConst is From
	At       float64 // u at which EtaPiecewise changes from From to To
}

// Constant is the Eta that does not change.
func Constant(eta float64) Eta { return Eta{Kind: EtaConst, From: eta} }

// Value returns η at u from 0 to 1.
func (e Eta) Value(u float64) float64 {
	var part float64
	switch e.Kind {
	case EtaLinear:
		part = u
	case EtaPoly:
		part = u * u
	case EtaCos:
		part = (1 - fmath.Cos(math.Pi*u)) / 2
	case EtaPiecewise:
		if u >= e.At {
			return e.To
		}
	}
	return e.From + float64(part*(e.To-e.From))
}

func (e Eta) check() error {
	known := false
	for _, kind := range EtaKinds() {
		known = known || kind == e.Kind
	}
	if !known {
		return &ParamError{"eta", fmt.Sprintf("must be one of %q", EtaKinds()), strconv.Quote(e.Kind), ""}
	}
	ends := []float64{e.From, e.To}
	if e.Kind == EtaConst {
		ends = ends[:1]
	}
	for _, x := range ends {
		if !(x > 0) || !isFinite(x) {
			return &ParamError{"eta", "must be positive", formatFloat(x), "1 is the plain step, more lowers the spread"}
		}
	}
	if e.Kind == EtaPiecewise && !(e.At > 0 && e.At < 1) {
		return &ParamError{"eta", "must change at a part of the walk between 0 and 1", formatFloat(e.At), "0.65 changes after 65 % of the steps"}
	}
	return nil
}

// plain holds what of e decides.
func (e Eta) plain() map[string]any {
	p := map[string]any{"kind": e.Kind, "from": e.From}
	if e.Kind != EtaConst {
		p["to"] = e.To
	}
	if e.Kind == EtaPiecewise {
		p["at"] = e.At
	}
	return p
}
