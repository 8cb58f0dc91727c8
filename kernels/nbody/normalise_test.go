package nbody

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"runlua/kernels/cosmology"
)

// Of the largest modes at z = 0, what linear theory says of each normalisation.
func TestNormalisationsHoldWhatTheySay(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		plain, radiation := cosmology.Planck2018(), cosmology.Planck2018().WithRadiation()
		end := func(p cosmology.Params, g cosmology.Gravity, normalise string) (start, today []float64) {
			c := linearConfig(t, p, g).in(precision)
			c.Normalise = normalise
			s := newSim(t, c)
			start = modesOf(s)
			evolve(t, s, 0, 25, FastPM, UniformA)
			return start, modesOf(s)
		}
		for _, run := range []struct {
			p         cosmology.Params
			law       cosmology.Gravity
			normalise string
			want      float64 // of the modes today over those under ΛCDM
		}{
			{plain, cosmology.Constant(.2), AtZStart, 1.46129732}, // PHYSICS
			{plain, cosmology.Constant(.2), BySigma8, 1},
			{plain, cosmology.Constant(-.2), BySigma8, 1},
			{radiation, cosmology.EvolvingG(.2, radiation), BySigma8, 1},
			{radiation, cosmology.EvolvingG(.2, radiation), AtZStart, 1 - .00166}, // PHYSICS
			{radiation, cosmology.EvolvingG(.2, radiation), ByAs, primordialRatio},
			{radiation, cosmology.EvolvingG(0, radiation), ByAs, 1},
		} {
			_, lcdm := end(run.p, nil, AtZStart)
			_, today := end(run.p, run.law, run.normalise)
			got := growthOf(lcdm, today)
			t.Logf("%s, %s: %.5f", run.law.Name(), run.normalise, got)
			// The mesh takes the same from both, the steps .05 % where f differs.
			if !(math.Abs(got/run.want-1) < 1e-3) {
				t.Errorf("%s, normalise = %s: the modes today are %.5f of ΛCDM's, want %.5f", run.law.Name(), run.normalise, got, run.want)
			}
		}
		a, _ := end(plain, nil, AtZStart)
		b, _ := end(plain, cosmology.Constant(.2), BySigma8)
		// A stronger growth starts from less: D ∝ a^1.115 in matter.
		if r := growthOf(a, b); !(r > .6 && r < .75) {
			t.Errorf("sigma8 starts μ = 1.2 from %.3f of ΛCDM's modes", r)
		}
	})
}

// primordialRatio is D(1) of evolving_g .2 over ΛCDM's from the same amplitude in
// the radiation era, by an independent program: 40000 Runge-Kutta steps in ln a
// from 1e-6 a_eq.
const primordialRatio = 0.78796046

func TestNormaliseRefusesWhatHasNoMeaning(t *testing.T) {
	for _, c := range []struct {
		law       cosmology.Gravity
		normalise string
	}{{yukawa(t, .1), BySigma8}, {yukawa(t, .1), ByAs}, {nil, ByAs}, {nil, "as"}} {
		cfg := smallBox()
		cfg.Gravity, cfg.Normalise = c.law, c.normalise
		var p *ParamError
		if _, err := New(background, cfg); !errors.As(err, &p) || p.Param != "normalise" {
			t.Errorf("%v, %q: %v", c.law, c.normalise, err)
		}
	}
}

func TestStateOfAnotherNormalisationIsRefused(t *testing.T) {
	c := smallBox()
	c.Gravity = cosmology.Constant(.1)
	saved := stateOf(t, newSim(t, c))
	c.Normalise = AtZStart // the default by its name
	if _, err := Restore(c, bytes.NewReader(saved)); err != nil {
		t.Error(err)
	}
	c.Normalise = BySigma8
	if _, err := Restore(c, bytes.NewReader(saved)); !errors.Is(err, ErrStateMismatch) {
		t.Errorf("a state of z_start restored with sigma8: %v", err)
	}
}
