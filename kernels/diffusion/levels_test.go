package diffusion

import (
	"context"
	"math"
	"testing"
)

// Eqs. (2), (3) and (6), step by step: γ where the rules say, never more churn
// than √2 − 1, η at u = i/N, Heun's average but in the last step.
func TestLevelsFollowTheEquations(t *testing.T) {
	growing := af3(8, 0.8, 20, 1.25, 1)
	growing.Eta = Eta{Kind: EtaLinear, From: 1, To: 3}
	little, much := edm(8), edm(8)
	little.Churn, little.ChurnMin, little.ChurnMax, little.ChurnNoise = 2, 5, 500, 1.25
	much.Churn, much.ChurnNoise = 1000, 0.5
	for name, c := range map[string]struct {
		s      Settings
		lambda float64
		gamma  func(sigma, next float64) float64
		eta    func(i int) float64
	}{
		"af3": {growing, 1.25, func(_, next float64) float64 {
			if next > 20 {
				return 0.8
			}
			return 0
		}, func(i int) float64 { return 1 + 2*float64(i)/8 }},
		"edm with a little churn": {little, 1.25, func(sigma, _ float64) float64 {
			if sigma >= 5 && sigma <= 500 {
				return 2. / 8
			}
			return 0
		}, func(int) float64 { return 1 }},
		"edm with much churn": {much, 0.5, func(float64, float64) float64 { return math.Sqrt2 - 1 }, func(int) float64 { return 1 }},
	} {
		sigmas := c.s.Sigmas()
		raised := 0
		for i, l := range c.s.levels() {
			gamma := c.gamma(sigmas[i], sigmas[i+1])
			if gamma > 0 {
				raised++
			}
			hat := sigmas[i] * (1 + gamma)
			want := level{sigma: sigmas[i], hat: hat, next: sigmas[i+1], eta: c.eta(i), heun: c.s.Walk == EDM && i < 7,
				noise: c.lambda * math.Sqrt(hat*hat-sigmas[i]*sigmas[i])}
			if l.sigma != want.sigma || l.next != want.next || l.heun != want.heun ||
				!near(l.hat, want.hat, 1e-15) || !near(l.noise, want.noise, 1e-14) || !near(l.eta, want.eta, 1e-15) { // a rounding or two
				t.Errorf("%s: step %d is %+v, want %+v", name, i, l, want)
			}
		}
		if name != "edm with much churn" && (raised < 2 || raised > 6) {
			t.Errorf("%s: the noise is raised in %d of 8 steps: no test of where it is", name, raised)
		}
	}
}

// still is a denoiser that finds everything clean: a step then adds noise alone.
type still struct{ points }

func (s still) Dim() int { return s.dim }
func (s still) Denoise(_ context.Context, dst, x []float64, _ int, _ float64) error {
	copy(dst, x)
	return nil
}

// The noise of every step of every sample is of its own, and none is that of
// the start: no two are correlated by more than chance, 4.5/√n.
func TestNoiseIsFreshInEachStepOfEachSample(t *testing.T) {
	const n = 600
	s := af3(5, 0.8, 0, 1, 1)
	w, err := NewWalk(Config{Settings: s, Denoiser: still{points{n}}, Seed: 8, Samples: upTo(4)})
	if err != nil {
		t.Fatal(err)
	}
	var noise [][]float64
	before := make([][]float64, 4)
	take := func(scale float64) {
		for k := range before {
			now := w.Coordinates(k)
			one := make([]float64, n)
			for j, v := range now {
				one[j] = v / scale
				if before[k] != nil {
					one[j] = (v - before[k][j]) / scale
				}
			}
			before[k], noise = now, append(noise, one)
		}
	}
	levels := s.levels()
	take(levels[0].sigma)
	for _, l := range levels[:4] { // the last one has none
		if err := w.Step(context.Background()); err != nil {
			t.Fatal(err)
		}
		take(l.noise)
	}
	bound := 4.5 / math.Sqrt(n)
	for i, a := range noise {
		for j, b := range noise[:i+1] {
			r := dot(a, b) / n
			if i == j {
				r = (r - 1) / math.Sqrt2 // of a variance
			}
			if math.Abs(r) > bound {
				t.Errorf("noise %d of sample %d and noise %d of sample %d: %.3f", i/4, i%4, j/4, j%4, r)
			}
		}
	}
}
