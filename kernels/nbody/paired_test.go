package nbody

import (
	"math"
	"testing"
)

// largeScalePower is Σ |δ_k|² of the particles over the modes with n² ≤ 3.
func largeScalePower(s *Sim) float64 {
	var sum float64
	eachMode(1, func(i, j, k int) {
		if i*i+j*j+k*k > 0 {
			re, im := particleMode(s, i, j, k)
			sum += re*re + im*im
		}
	})
	return sum
}

// relativeScatter is the standard deviation of x over its mean.
func relativeScatter(x []float64) float64 {
	var mean, square float64
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		square += (v - mean) * (v - mean) / float64(len(x)-1)
	}
	return math.Sqrt(square) / mean
}

// Angulo & Pontzen 2016: fixed amplitudes remove the scatter of linear power,
// the pair what is left of it at the next order.
func TestFixedPairsScatterFarLess(t *testing.T) {
	const seeds = 6
	run := func(seed uint64, fixed bool, phase float64) float64 {
		c := testConfig(250, 16, 32)
		c.Seed, c.FixedAmplitude, c.Phase = seed, fixed, phase
		s := newSim(t, c)
		evolve(t, s, 0, 8, FastPM, UniformA)
		return largeScalePower(s)
	}
	var random, single, pair []float64
	for seed := uint64(1); seed <= seeds; seed++ {
		random = append(random, run(seed, false, 0))
		a, b := run(seed, true, 0), run(seed, true, math.Pi)
		single, pair = append(single, a), append(pair, (a+b)/2)
	}
	r, f, p := relativeScatter(random), relativeScatter(single), relativeScatter(pair)
	t.Logf("scatter of P over %d seeds: %.3f random, %.3f fixed, %.4f fixed and paired", seeds, r, f, p)
	// 13 independent modes: 1/√13 = .28, of which six seeds tell within a factor 2.
	if !(r > 0.14 && r < 0.56) {
		t.Errorf("random amplitudes scatter by %.3f, want about .28", r)
	}
	if !(p < r/8 && p < f) {
		t.Errorf("a fixed pair scatters by %.4f, want an eighth of the %.3f of random amplitudes and less than the %.4f of fixed ones", p, r, f)
	}
}

func TestLinearModesAreSharedBetweenNAnd2N(t *testing.T) {
	coarse, err := LinearModes(testConfig(100, 16, 32), 7)
	if err != nil {
		t.Fatal(err)
	}
	fine, err := LinearModes(testConfig(100, 32, 64), 7)
	if err != nil {
		t.Fatal(err)
	}
	if len(coarse) != 5*(15*15*15-1)/2 || len(fine) != len(coarse) {
		t.Fatalf("%d and %d numbers", len(coarse), len(fine))
	}
	for i := range coarse {
		if coarse[i] != fine[i] {
			t.Fatalf("number %d is %v with 16 particles a side, %v with 32", i, coarse[i], fine[i])
		}
	}
	// They are those the particles hold: at z_start −ik·ψ to first order.
	s := newSim(t, testConfig(100, 32, 64))
	for _, row := range [][]float64{fine[:5], fine[500:505]} {
		i, j, k := int(row[0]), int(row[1]), int(row[2])
		re, im := particleMode(s, i, j, k)
		// Second order in displacements: a few percent of δ at z = 49.
		if d := math.Hypot(re-row[3], im-row[4]) / math.Hypot(row[3], row[4]); !(d < 0.1) {
			t.Errorf("mode (%d,%d,%d) of the particles is %v%+vi, that of LinearModes %v%+vi", i, j, k, re, im, row[3], row[4])
		}
	}
	for _, limit := range []int{0, 8} {
		if _, err := LinearModes(testConfig(100, 16, 32), limit); err == nil {
			t.Errorf("limit %d of 16 particles is no error", limit)
		}
	}
}
