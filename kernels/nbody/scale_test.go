package nbody

import (
	"bytes"
	"math"
	"testing"

	"runlua/kernels/cosmology"
	"runlua/kernels/par"
)

func yukawa(t testing.TB, mass float64) cosmology.ScaleDependent {
	t.Helper()
	g, err := cosmology.Yukawa(math.Sqrt(1.0/6), mass)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// The largest modes of boxes inside, at and outside the range of a Yukawa force
// grow by the equation of linear growth with μ at their k.
func TestModesGrowLinearlyByTheirOwnMu(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		p := cosmology.Planck2018()
		g := yukawa(t, 0.05)
		for _, run := range []struct {
			box     float64
			stepper Stepper
			spacing Spacing
			steps   int
		}{
			{4000, FastPM, UniformLnA, 40}, {1500, FastPM, UniformLnA, 40}, {300, FastPM, UniformA, 40}, {20, FastPM, UniformA, 40},
			{300, FastPM, UniformLnA, 40}, {300, Quinn, UniformLnA, 100},
		} {
			grow := func(law cosmology.Gravity) float64 {
				c := linearConfig(t, p, law).in(precision)
				c.Box = run.box
				s := newSim(t, c)
				before := modesOf(s)
				evolve(t, s, 0, run.steps, run.stepper, run.spacing)
				return growthOf(before, modesOf(s))
			}
			s := newSim(t, linearConfig(t, p, nil).in(precision))
			k := waveUnit(run.box)
			lcdm, err := s.model.Growth(cosmology.GR())
			if err != nil {
				t.Fatal(err)
			}
			own, err := s.model.GrowthFrom(cosmology.AtK(g, k), s.a, lcdm.D(s.a), lcdm.DPrime(s.a))
			if err != nil {
				t.Fatal(err)
			}
			want := own.D(1) / own.D(s.a)
			got := grow(g)
			e := got/want - 1
			// Against ΛCDM in the same box, which has the same mesh.
			ratio := got/grow(nil)/(own.D(1)/lcdm.D(1)) - 1
			t.Logf("k = %.4f, %s in %s: growth %.4f of ΛCDM's, off by %+.2g, the ratio by %+.2g",
				k, run.stepper, run.spacing, own.D(1)/lcdm.D(1), e, ratio)
			if !(math.Abs(e) < 0.01) { // what is asked for; the mesh takes .5 %
				t.Errorf("k = %.4f, %s in %s: growth is off by %+.3g, limit 1 %%", k, run.stepper, run.spacing, e)
			}
			if !(math.Abs(ratio) < 0.004) { // the steps alone, as doc.go says
				t.Errorf("k = %.4f, %s in %s: the ratio to ΛCDM's is off by %+.3g, limit .4 %%", k, run.stepper, run.spacing, ratio)
			}
		}
	})
}

// atScale is a law that is the same at each k, told as one that depends on it.
type atScale struct{ cosmology.Gravity }

func (g atScale) MuK(_, a float64) float64 { return g.Mu(a) }

func TestScaleDependentLawWithoutAScaleChangesNoBit(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		for _, gradient := range []string{Difference, Spectral} {
			var ends [2][]float64
			for i, g := range []cosmology.Gravity{cosmology.Constant(.2), atScale{cosmology.Constant(.2)}} {
				c := smallBox().in(precision)
				c.Gravity, c.Gradient = g, gradient
				s := newSim(t, c)
				evolve(t, s, 3, 5, FastPM, UniformA)
				ends[i] = s.Positions()
			}
			for i := range ends[0] {
				if ends[0][i] != ends[1][i] {
					t.Fatalf("%s: coordinate %d is %v and %v", gradient, i, ends[0][i], ends[1][i])
				}
			}
		}
	})
}

// A mode's force has μ of its own k, in both gradients.
func TestForceOfAModeHasMuOfItsK(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		for _, gradient := range []string{Difference, Spectral} {
			c := testConfig(300, 32, 32).in(precision) // with fewer particles than cells their lattice would give the mode aliases on the mesh
			c.Gravity, c.Gradient = yukawa(t, 0.05), gradient
			s := latticeSim(t, c)
			for _, n := range []int{1, 3} {
				k := waveUnit(c.Box) * float64(n)
				force := func(a float64) []float64 {
					s.matter.forceAt(a)
					s.matter.placeLattice(&s.cfg)
					place(s, func(i int, x, p float64) (float64, float64) {
						if i%3 == 0 {
							x += 0.01 * math.Sin(k*x)
						}
						return x, p
					})
					return accelerations(t, s, 1)
				}
				for _, a := range []float64{.1, 1} {
					far := force(1e6) // range 0: μ = 1
					got := growthOf(far, force(a))
					want := s.cfg.Gravity.(cosmology.ScaleDependent).MuK(k, a)
					// The displaced lattice holds harmonics of k as well, 1e-3 of it.
					if !(math.Abs(got/want-1) < 2e-3) {
						t.Errorf("%s, k = %.4f, a = %v: μ is %v, want %v", gradient, k, a, got, want)
					}
				}
			}
		}
	})
}

func TestScaleDependentRunResumesBitForBit(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		config := func(threads int) Config {
			c := smallBox().in(precision)
			c.Gravity, c.Pool = yukawa(t, .1), par.New(threads)
			return c
		}
		whole := newSim(t, config(2))
		evolve(t, whole, 1, 6, FastPM, UniformA)
		s := newSim(t, config(1))
		e, err := s.Schedule(1, 6, FastPM, UniformA)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if err := e.Step(background); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Synchronised(); err != nil { // uses the same solver
				t.Fatal(err)
			}
		}
		saved := stateOf(t, s)
		s, err = Restore(config(1), bytes.NewReader(saved))
		if err != nil {
			t.Fatal(err)
		}
		evolve(t, s, 1, 6, FastPM, UniformA)
		if !bytes.Equal(stateOf(t, s), stateOf(t, whole)) {
			t.Error("a resumed run under a Yukawa force ends in other bits")
		}
		c := config(1)
		c.Gravity = yukawa(t, .11)
		if _, err := Restore(c, bytes.NewReader(saved)); err == nil {
			t.Error("a state was restored under another mass")
		}
	})
}

// Where the range of a Yukawa force lies at the start, k near a m there, the first
// of 40 steps uniform in a, which doubles a, leaves nearly 2 %; steps uniform in
// ln a do not. Both are measured against ΛCDM on the same mesh.
func TestAYukawaRangeWantsStepsUniformInLnA(t *testing.T) {
	p := cosmology.Planck2018()
	g := yukawa(t, 0.05)
	for _, box := range []float64{6000, 4000} { // k = 1.0 and 1.6 times a m at z = 49, the worst there is
		off := map[Spacing]float64{}
		for _, spacing := range []Spacing{UniformA, UniformLnA} {
			var end [2][]float64
			for i, law := range []cosmology.Gravity{nil, g} {
				c := linearConfig(t, p, law)
				c.Box = box
				s := newSim(t, c)
				evolve(t, s, 0, 40, FastPM, spacing)
				end[i] = modesOf(s)
			}
			s := newSim(t, linearConfig(t, p, nil))
			lcdm, err := s.model.Growth(cosmology.GR())
			if err != nil {
				t.Fatal(err)
			}
			own, err := s.model.GrowthFrom(cosmology.AtK(g, waveUnit(box)), s.a, lcdm.D(s.a), lcdm.DPrime(s.a))
			if err != nil {
				t.Fatal(err)
			}
			off[spacing] = growthOf(end[0], end[1])/(own.D(1)/lcdm.D(1)) - 1
		}
		t.Logf("k = %.4f: off by %+.2f %% in a, %+.2f %% in ln a", waveUnit(box), 100*off[UniformA], 100*off[UniformLnA])
		if a := math.Abs(off[UniformA]); !(a > 0.015 && a < 0.02) {
			t.Errorf("k = %.4f: steps uniform in a are off by %.3g, doc.go says nearly 2 %%", waveUnit(box), off[UniformA])
		}
		if a := math.Abs(off[UniformLnA]); !(a < 0.004) {
			t.Errorf("k = %.4f: steps uniform in ln a are off by %.3g, doc.go says .4 %%", waveUnit(box), off[UniformLnA])
		}
	}
}
