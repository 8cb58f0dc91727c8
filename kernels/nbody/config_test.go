package nbody

import (
	"errors"
	"math"
	"testing"

	"runlua/kernels/cosmology"
)

func TestConfigErrorsNameParameterRuleValueAndHint(t *testing.T) {
	for _, c := range []struct {
		change func(*Config)
		want   string
	}{
		{func(c *Config) { c.Mesh = 32 },
			"nbody: mesh must be at least the number of particles per side, got 32 < 64 (mesh = 2 * particles is the usual choice)"},
		{func(c *Config) { c.Box = 0 }, "nbody: box must be a positive length in Mpc/h, got 0"},
		{func(c *Config) { c.Box = math.NaN() }, "nbody: box must be a positive length in Mpc/h, got NaN"},
		{func(c *Config) { c.Particles = 63 },
			"nbody: particles must be even and a product of 2, 3 and 5, got 63 (the next such number is 64)"},
		{func(c *Config) { c.Particles = 2 }, "nbody: particles must be from 4 to 8192 per side, got 2"},
		{func(c *Config) { c.Mesh = 134 },
			"nbody: mesh must be even and a product of 2, 3 and 5, got 134 (the next such number is 144)"},
		{func(c *Config) { c.ZStart = 0 },
			"nbody: z_start must be a redshift above 0 and at most 10000, got 0 (49 is the usual choice)"},
		{func(c *Config) { c.Order = 3 }, "nbody: order must be 1 (Zel'dovich) or 2 (2LPT), got 3"},
		{func(c *Config) { c.Gradient = "diff" }, `nbody: gradient must be "difference" or "spectral", got "diff"`},
		{func(c *Config) { c.Phase = math.Inf(1) },
			"nbody: phase must be a finite angle in radians, got +Inf (0, or math.pi for the paired box)"},
	} {
		cfg := testConfig(100, 64, 128)
		c.change(&cfg)
		_, err := New(background, cfg)
		var param *ParamError
		if !errors.As(err, &param) || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

func TestUnfitGravityIsRefused(t *testing.T) {
	for _, g := range []cosmology.Gravity{
		cosmology.Constant(-1),
		cosmology.EvolvingG(0.1, cosmology.Planck2018()), // without radiation
	} {
		c := testConfig(100, 8, 16)
		c.Gravity = g
		var param *cosmology.ParamError
		if _, err := New(background, c); !errors.As(err, &param) {
			t.Errorf("%s: got %v, want the cosmology's error", g.Name(), err)
		}
	}
}

func TestScheduleErrorsNameParameterRuleAndValue(t *testing.T) {
	s := newSim(t, testConfig(100, 8, 16))
	for _, c := range []struct {
		to      float64
		steps   int
		stepper Stepper
		spacing Spacing
		want    string
	}{
		{60, 10, FastPM, UniformA, "nbody: to must be below the current redshift, got 60 >= 49 (steps run forward in time only)"},
		{49, 10, FastPM, UniformA, "nbody: to must be below the current redshift, got 49 >= 49 (steps run forward in time only)"},
		{-0.5, 10, FastPM, UniformA, "nbody: to must be a redshift of 0 or more, got -0.5"},
		{math.NaN(), 10, FastPM, UniformA, "nbody: to must be a redshift of 0 or more, got NaN"},
		{0, 0, FastPM, UniformA, "nbody: steps must be from 1 to 1048576, got 0 (20 to 40 with fastpm, 100 or more with quinn)"},
		{0, 10, "leapfrog", UniformA, `nbody: stepper must be "fastpm" or "quinn", got "leapfrog"`},
		{0, 10, Quinn, "log", `nbody: spacing must be "a" or "lna", got "log"`},
	} {
		_, err := s.Schedule(c.to, c.steps, c.stepper, c.spacing)
		var param *ParamError
		if !errors.As(err, &param) || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}
