package diffusion

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
)

func TestScheduleFollowsKarras(t *testing.T) {
	for _, n := range []int{1, 5, 200} {
		levels := standard(n).Sigmas()
		if len(levels) != n+1 || levels[n] != 0 || math.Signbit(levels[n]) {
			t.Fatalf("%d steps have %d levels, the last %v", n, len(levels), levels[n])
		}
		for i, got := range levels[:n] {
			root := math.Pow(160, 1./7) + float64(i)/float64(n)*(math.Pow(4e-4, 1./7)-math.Pow(160, 1./7))
			if want := 16 * math.Pow(root, 7); !near(got, want, 1e-14) { // seven roundings of a power
				t.Errorf("level %d of %d is %v, want %v", i, n, got, want)
			}
		}
	}
}

func TestEtaSchedules(t *testing.T) {
	for _, c := range []struct {
		eta  Eta
		u    float64
		want float64
	}{
		{Constant(1.5), 0.7, 1.5},
		{Eta{EtaLinear, 1, 2.5, 0}, 0, 1},
		{Eta{EtaLinear, 1, 2.5, 0}, 0.5, 1.75},
		{Eta{EtaPoly, 1, 2.5, 0}, 0.5, 1.375},
		{Eta{EtaCos, 1, 2.5, 0}, 0.5, 1.75},
		{Eta{EtaCos, 1, 2.5, 0}, 0.25, 1 + 1.5*(1-math.Sqrt2/2)/2},
		{Eta{EtaCos, 1, 2.5, 0}, 1, 2.5},
		{Eta{EtaPiecewise, 1, 2.5, 0.65}, 0.645, 1},
		{Eta{EtaPiecewise, 1, 2.5, 0.65}, 0.65, 2.5},
	} {
		if got := c.eta.Value(c.u); !near(got, c.want, 1e-15) {
			t.Errorf("%+v at %v is %v, want %v", c.eta, c.u, got, c.want)
		}
	}
}

func TestSettingsAreRefusedByName(t *testing.T) {
	for want, change := range map[string]func(s *Settings){
		`walk must be "af3" or "edm", got "ddim"`:                  func(s *Settings) { s.Walk = "ddim" },
		"sigma_data must be positive, got 0":                       func(s *Settings) { s.SigmaData = 0 },
		"s_max must be positive, got NaN":                          func(s *Settings) { s.Max = math.NaN() },
		"s_min must be below s_max, got 200 and 160":               func(s *Settings) { s.Min = 200 },
		"rho must be positive, got -7":                             func(s *Settings) { s.Rho = -7 },
		"rho must let the noise fall from step to step":            func(s *Settings) { s.Rho = 1e300 },
		"steps must be from 1 to 1048576, got 0":                   func(s *Settings) { s.Steps = 0 },
		"gamma0 must be at least 0 and finite, got -1":             func(s *Settings) { s.Gamma0 = -1 },
		"lambda must be at least 0 and finite, got +Inf":           func(s *Settings) { s.Lambda = math.Inf(1) },
		`eta must be one of ["const"`:                              func(s *Settings) { s.Eta.Kind = "sigmoid" },
		"eta must be positive, got 0":                              func(s *Settings) { s.Eta = Constant(0) },
		"eta must change at a part of the walk between 0 and 1":    func(s *Settings) { s.Eta = Eta{EtaPiecewise, 1, 2, 1} },
		"translation must be at least 0 and finite, got -1":        func(s *Settings) { s.Translation = -1 },
		`walk must be "edm" for churn, churn_min`:                  func(s *Settings) { s.Churn = 1 },
		`walk must be "af3" for gamma0, gamma_min, lambda and eta`: func(s *Settings) { s.Walk = EDM },
		"churn_min must be at most churn_max, got 2":               func(s *Settings) { *s = edm(9); s.ChurnMin, s.ChurnMax = 2, 1 },
	} {
		s, _ := Preset("af3")
		change(&s)
		var p *ParamError
		if err := s.Check(); !errors.As(err, &p) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	for _, name := range PresetNames() {
		if s, ok := Preset(name); !ok || s.Check() != nil {
			t.Errorf("preset %s: %v", name, s.Check())
		}
	}
	if _, ok := Preset("af4"); ok {
		t.Error("there is a preset af4")
	}
}

// Each number that changes a sample changes Plain.
func TestPlainNamesWhatChangesASample(t *testing.T) {
	text := func(s Settings) string { return fmt.Sprint(s.Plain()) } // maps print in order
	base := map[string]Settings{}
	for _, name := range []string{"af3", "edm"} {
		base[name], _ = Preset(name)
	}
	for _, c := range []struct {
		preset  string
		changes bool
		do      func(s *Settings)
	}{
		{"af3", true, func(s *Settings) { s.SigmaData++ }},
		{"af3", true, func(s *Settings) { s.Max++ }},
		{"af3", true, func(s *Settings) { s.Min *= 2 }},
		{"af3", true, func(s *Settings) { s.Rho++ }},
		{"af3", true, func(s *Settings) { s.Steps++ }},
		{"af3", true, func(s *Settings) { s.Gamma0++ }},
		{"af3", true, func(s *Settings) { s.GammaMin++ }},
		{"af3", true, func(s *Settings) { s.Lambda++ }},
		{"af3", true, func(s *Settings) { s.Eta.From++ }},
		{"af3", true, func(s *Settings) { s.Augment = true }},
		{"af3", true, func(s *Settings) { s.Center = true }},
		{"af3", false, func(s *Settings) { s.Translation++ }}, // without Augment
		{"af3", false, func(s *Settings) { s.Eta.To++ }},      // of a constant
		{"edm", true, func(s *Settings) { s.Churn++ }},
		{"edm", true, func(s *Settings) { s.ChurnMin++ }},
		{"edm", true, func(s *Settings) { s.ChurnMax++ }},
		{"edm", true, func(s *Settings) { s.ChurnNoise++ }},
	} {
		s := base[c.preset]
		c.do(&s)
		if got := text(s) != text(base[c.preset]); got != c.changes {
			t.Errorf("%s: %s, changed: %v", c.preset, text(s), got)
		}
	}
}

func TestSamplesAreRefusedByName(t *testing.T) {
	d := denoisers(t)["ensemble"]
	s, _ := Preset("af3")
	augmented := s
	augmented.Augment = true
	for want, cfg := range map[string]Config{
		"samples must be at least one, got none":       {Settings: s, Denoiser: d},
		"samples must each be there once, got 3 twice": {Settings: s, Denoiser: d, Samples: []int64{3, 1, 3}},
		"samples must be from 0 to 2^31 - 1, got -1":   {Settings: s, Denoiser: d, Samples: []int64{-1}},
		"got 2147483648":                   {Settings: s, Denoiser: d, Samples: []int64{1 << 31}},
		"denoiser must be given, got none": {Settings: s, Samples: upTo(1)},
		"augment must be false for a denoiser that is not equivariant, got true":          {Settings: augmented, Denoiser: d, Samples: upTo(1)},
		"center must be false for a denoiser that is not equivariant, got true (its samp": {Settings: func() Settings { c := s; c.Center = true; return c }(), Denoiser: d, Samples: upTo(1)},
	} {
		if _, err := NewWalk(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
