package voidtheory

import (
	"math"
	"strings"
	"testing"

	"runlua/kernels/cosmology"
)

// shellUnder integrates Eq. (1) with μ = 1 + β from aStart in physical terms: r̈ of a
// sphere that holds its mass, in steps of ln a of its own making, by a leapfrog
// in y and y'. It starts by Eq. (3) and returns the contrast at a = 1 in a universe
// of matter alone, where E = a^(-3/2).
func shellUnder(beta, aStart, d, a0 float64) float64 {
	const n = 400000
	h := -math.Log(a0) / n
	y, v := 1-d/3-d*d/21, -d/3-2*d*d/21
	for i := range n {
		// y'' = ½ μ (y − y⁻²) − ½ y', with the middle of the step for μ.
		mu := 1.0
		if a := a0 * math.Exp(h*(float64(i)+0.5)); a > aStart {
			mu += beta
		}
		y += v * h / 2
		v = (v*(1-h/4) + h*mu/2*(y-1/(y*y))) / (1 + h/4)
		y += v * h / 2
	}
	return 1/(y*y*y) - 1
}

// A shell of the barrier's linear contrast arrives at the threshold. In a universe
// of matter alone D = a until a force of μ = 1 + β sets in, and then a sum of the
// powers p = (−1 ± √(25 + 24β))/4, with D and D' continuous.
func TestBarrierUnderAFifthForceIsWhereTheShellArrives(t *testing.T) {
	m := einsteinDeSitter(t)
	const aStart, threshold, a0 = 0.02, -0.7, 1e-4
	for _, beta := range []float64{0.2, -0.2} {
		got, err := BarrierUnder(m, cosmology.Constant(beta), aStart, 1, threshold)
		if err != nil {
			t.Fatal(err)
		}
		root := math.Sqrt(25 + 24*beta)
		up, down := (-1+root)/4, (-1-root)/4
		// c₊ + c₋ = aStart, up c₊ + down c₋ = aStart for aStart-scaled powers.
		cUp := aStart * (1 - down) / (up - down)
		today := cUp*math.Pow(1/aStart, up) + (aStart-cUp)*math.Pow(1/aStart, down)
		// The leapfrog's error is h²: 1e-9; a0's square is left out by Eq. (3).
		if c := shellUnder(beta, aStart, got*a0/today, a0); math.Abs(c-threshold) > 1e-6 {
			t.Errorf("β = %v: δ_v = %v leads to a contrast of %v", beta, got, c)
		}
		gr, err := Barrier(m, 1, threshold)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("β = %v: δ_v = %.5f, %.5f without", beta, got, gr)
		if d := math.Abs(got/gr - 1); d < 1e-4 || d > 0.02 {
			t.Errorf("β = %v moves δ_v from %v to %v", beta, gr, got)
		}
	}
	same, err := BarrierUnder(m, cosmology.GR(), aStart, 1, threshold)
	gr, _ := Barrier(m, 1, threshold)
	if err != nil || math.Abs(same/gr-1) > 1e-9 {
		t.Errorf("general relativity from aStart: %v, %v; want %v", same, err, gr)
	}
}

// More growth, larger voids: with β = .2 the curve is that of a universe of
// larger σ, whatever sets it; a Yukawa force of short range changes small voids'
// scales alone, and one without a coupling nothing.
func TestVdnFollowsTheGravity(t *testing.T) {
	gr := curve(t, Options{Threshold: -0.7})
	strong := curve(t, Options{Threshold: -0.7, Gravity: cosmology.Constant(0.2), ZStart: 49})
	if r := strong.At(10).Sigma / gr.At(10).Sigma; math.Abs(r/1.46129732-1) > 1e-8 || math.Abs(strong.Growth-1.46129732) > 1e-8 {
		t.Errorf("σ grows by %v, D is %v: want 1.46129732 of PHYSICS", r, strong.Growth)
	}
	if r := strong.At(25).DnDlnR / gr.At(25).DnDlnR; r < 3 {
		t.Errorf("large voids are %v times as many", r)
	}
	yukawa := func(beta float64) *Vdn {
		law, err := cosmology.Yukawa(beta, 3)
		if err != nil {
			t.Fatal(err)
		}
		return curve(t, Options{Threshold: -0.7, Gravity: law, ZStart: 49})
	}
	none := yukawa(0)
	for _, r := range []float64{4, 30} {
		// The table of growth is good to 1e-6, and so is its square in σ.
		if a, b := none.At(r), gr.At(r); math.Abs(a.DnDlnR/b.DnDlnR-1) > 1e-5 {
			t.Errorf("R = %v: %v without coupling, %v in general relativity", r, a.DnDlnR, b.DnDlnR)
		}
	}
	some := yukawa(0.4)
	small, large := some.At(4).Sigma/gr.At(4).Sigma, some.At(60).Sigma/gr.At(60).Sigma
	if !(small > 1.05 && large < 1+0.5*(small-1) && large > 1) {
		t.Errorf("σ grows by %v at 4 Mpc/h, %v at 60", small, large)
	}
	if some.Barriers != gr.Barriers {
		t.Errorf("barriers %v of a force with a scale, %v of general relativity", some.Barriers, gr.Barriers)
	}
	_, err := New(model(t, cosmology.Planck2018()), Options{Threshold: -0.7, Z: 60, Gravity: cosmology.Constant(0.1), ZStart: 49})
	if err == nil || !strings.Contains(err.Error(), "z must be below z_start, got 60 and 49") {
		t.Errorf("before the start: %v", err)
	}
}
