package diffusion

import (
	"fmt"
	"math"
	"strconv"
)

// Walks.
const (
	AF3 = "af3" // Eqs. (2) to (4): noise up, one step of length η down
	EDM = "edm" // Eqs. (2), (3) and (5): churn, Heun's step
)

// Settings are all of a walk that does not belong to the denoiser.
type Settings struct {
	Walk string // AF3 or EDM
	Schedule

	// The AF3 walk.
	Gamma0   float64 // γ0 of Eq. (2)
	GammaMin float64 // Å: γ is 0 where the next noise level is not above it
	Lambda   float64 // λ of Eq. (3)
	Eta      Eta     // η of Eq. (4)

	// The EDM walk.
	Churn              float64 // S_churn of Eq. (2)
	ChurnMin, ChurnMax float64 // Å: γ is 0 where the noise level lies outside
	ChurnNoise         float64 // S_noise: λ of Eq. (3)

	// For equivariant denoisers: each step begins with the coordinates of a
	// sample centred, turned at random and moved by a normal of Translation Å
	// on each axis (Augment), or only centred (Center).
	Augment, Center bool
	Translation     float64
}

// standard is the schedule of the structure models (Abramson et al. 2024).
func standard(steps int) Schedule {
	return Schedule{SigmaData: 16, Max: 160, Min: 4e-4, Rho: 7, Steps: steps}
}

func af3(steps int, gamma0, gammaMin, lambda, eta float64) Settings {
	return Settings{Walk: AF3, Schedule: standard(steps), Gamma0: gamma0, GammaMin: gammaMin, Lambda: lambda, Eta: Constant(eta), Translation: 1}
}

func edm(steps int) Settings {
	return Settings{Walk: EDM, Schedule: standard(steps), ChurnMax: 1e6, ChurnNoise: 1, Translation: 1}
}

// PresetNames lists the presets, the default first.
func PresetNames() []string { return []string{"exact", "af3", "af3-mini", "pxdesign", "edm"} }

// Preset returns the settings of a name in PresetNames.
func Preset(name string) (Settings, bool) {
	switch name {
	case "exact":
		return edm(200), true
	case "af3":
		return af3(200, 0.8, 1, 1.003, 1.5), true
	case "af3-mini":
		return af3(5, 0, 1, 1.003, 1), true
	case "pxdesign":
		return af3(400, 1, 0.01, 1.003, 2.5), true
	case "edm":
		return edm(64), true
	}
	return Settings{}, false
}

// Check verifies every rule. Its error is a *ParamError.
func (s Settings) Check() error {
	if s.Walk != AF3 && s.Walk != EDM {
		return &ParamError{"walk", fmt.Sprintf("must be %q or %q", AF3, EDM), strconv.Quote(s.Walk), ""}
	}
	if err := s.Schedule.check(); err != nil {
		return err
	}
	type number struct {
		name  string
		value float64
	}
	of := map[string][]number{
		AF3: {{"gamma0", s.Gamma0}, {"gamma_min", s.GammaMin}, {"lambda", s.Lambda}},
		EDM: {{"churn", s.Churn}, {"churn_min", s.ChurnMin}, {"churn_max", s.ChurnMax}, {"churn_noise", s.ChurnNoise}},
	}
	for _, p := range append(of[s.Walk], number{"translation", s.Translation}) {
		if !(p.value >= 0) || !isFinite(p.value) {
			return &ParamError{p.name, "must be at least 0 and finite", formatFloat(p.value), ""}
		}
	}
	switch {
	case s.Walk == EDM:
		if s.Gamma0 != 0 || s.GammaMin != 0 || s.Lambda != 0 || s.Eta != (Eta{}) {
			return &ParamError{"walk", "must be \"af3\" for gamma0, gamma_min, lambda and eta", strconv.Quote(s.Walk), "the edm walk has churn, churn_min, churn_max and churn_noise"}
		}
		if s.ChurnMin > s.ChurnMax {
			return &ParamError{"churn_min", "must be at most churn_max", formatFloat(s.ChurnMin), ""}
		}
		return nil
	case s.Churn != 0 || s.ChurnMin != 0 || s.ChurnMax != 0 || s.ChurnNoise != 0:
		return &ParamError{"walk", "must be \"edm\" for churn, churn_min, churn_max and churn_noise", strconv.Quote(s.Walk), "the af3 walk has gamma0, gamma_min, lambda and eta"}
	}
	return s.Eta.check()
}

// Plain returns what of s changes a sample, as numbers, strings, booleans and
// maps of them, under the names that scripts use.
func (s Settings) Plain() map[string]any {
	p := map[string]any{
		"walk": s.Walk, "sigma_data": s.SigmaData, "s_max": s.Max, "s_min": s.Min, "rho": s.Rho,
		"steps": float64(s.Steps), "augment": s.Augment, "center": s.Center || s.Augment,
	}
	if s.Augment {
		p["translation"] = s.Translation
	}
	if s.Walk == EDM {
		p["churn"], p["churn_min"], p["churn_max"], p["churn_noise"] = s.Churn, s.ChurnMin, s.ChurnMax, s.ChurnNoise
		return p
	}
	p["gamma0"], p["gamma_min"], p["lambda"], p["eta"] = s.Gamma0, s.GammaMin, s.Lambda, s.Eta.plain()
	return p
}

// A level is one step of a walk as its settings fix it.
type level struct {
	sigma float64 // σ, before the step
	hat   float64 // t̂ of Eq. (2)
	next  float64 // σ', after the step
	noise float64 // λ √(t̂² − σ²) of Eq. (3)
	eta   float64 // η; 1 in the EDM walk
	heun  bool    // the step ends with Heun's average
}

// levels works the steps of a walk out.
func (s Settings) levels() []level {
	sigmas := s.Sigmas()
	out := make([]level, s.Steps)
	for i := range out {
		l := level{sigma: sigmas[i], next: sigmas[i+1], eta: 1}
		gamma, lambda := 0.0, s.Lambda
		if s.Walk == EDM {
			lambda = s.ChurnNoise
			if s.ChurnMin <= l.sigma && l.sigma <= s.ChurnMax {
				gamma = min(s.Churn/float64(s.Steps), math.Sqrt2-1)
			}
			l.heun = l.next > 0
		} else {
			if l.next > s.GammaMin {
				gamma = s.Gamma0
			}
			l.eta = s.Eta.Value(float64(i) / float64(s.Steps))
		}
		l.hat = l.sigma * (1 + gamma)
		l.noise = lambda * math.Sqrt(float64(l.hat*l.hat)-float64(l.sigma*l.sigma))
		out[i] = l
	}
	return out
}
