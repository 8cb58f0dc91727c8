package diffusion

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"runlua/kernels/rng"
)

// The samples are fixed by their seeds, so these tests can't fail by chance;
// the bounds are those that a correct sampler keeps with probability 1 − 6e-5
// (4 standard errors) or, for Kolmogorov and Smirnov and the occupancy, 1 − 1e-4.
const (
	sigmas  = 4
	ksBound = 2.23 // sqrt(ln(2/1e-4)/2)
)

// checkNormal compares numbers with a normal distribution of mean 0 by χ² and
// by the Kolmogorov-Smirnov distance.
func checkNormal(x []float64, variance float64) error {
	n := float64(len(x))
	var chi2, distance float64
	for _, v := range x {
		chi2 += v * v / variance
	}
	if off := (chi2 - n) / math.Sqrt(2*n); math.Abs(off) > sigmas {
		return fmt.Errorf("χ² is %.0f of %.0f numbers: %.1f standard errors", chi2, n, off)
	}
	sorted := slices.Sorted(slices.Values(x))
	for i, v := range sorted {
		f := math.Erfc(-v/math.Sqrt(2*variance)) / 2
		distance = max(distance, f-float64(i)/n, float64(i+1)/n-f)
	}
	if d := distance * math.Sqrt(n); d > ksBound {
		return fmt.Errorf("the Kolmogorov-Smirnov distance is %.2f", d)
	}
	return nil
}

// gaussian is a denoiser of one normal distribution and how to see its modes.
type gaussian struct {
	Denoiser
	variances []float64
	along     func(x []float64) []float64 // a row to its modes, about the mean
}

func gaussians(t testing.TB) map[string]gaussian {
	t.Helper()
	rouse, err := NewRouse(4, 3.8)
	if err != nil {
		t.Fatal(err)
	}
	network, err := NewANM(background, one, curl(1, 6)[0], NetworkOptions{RMSF: 1.5})
	if err != nil {
		t.Fatal(err)
	}
	same := func(x []float64) []float64 { return x }
	// Variances 25 and 0.25 along axes that are turned by 30°.
	c, s := math.Sqrt(3)/2, 0.5
	mixture, err := NewMixture(background, one, []Component{{1, []float64{3, -4}, []float64{
		25*c*c + 0.25*s*s, (25 - 0.25) * c * s,
		(25 - 0.25) * c * s, 25*s*s + 0.25*c*c,
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]gaussian{
		"rouse": {rouse, rouse.Variances(), same},
		"anm":   {network, network.Variances(), same},
		"mixture of one": {mixture, []float64{25, 0.25}, func(x []float64) []float64 {
			a, b := x[0]-3, x[1]+4
			return []float64{c*a + s*b, c*b - s*a}
		}},
	}
}

// checkModes compares each distinct variance of a finished walk with the
// oracle's.
func checkModes(w *Walk, g gaussian) error {
	pooled := map[float64][]float64{}
	for k := range w.cfg.Samples {
		for j, x := range g.along(w.row(w.x, k)) {
			pooled[g.variances[j]] = append(pooled[g.variances[j]], x)
		}
	}
	for v, x := range pooled {
		if err := checkNormal(x, w.cfg.Settings.PredictedVariance(v)); err != nil {
			return fmt.Errorf("mode of %.3g Å²: %w", v, err)
		}
	}
	return nil
}

// walks is every preset, and both walks with noise that λ makes larger.
func walks(t testing.TB) map[string]Settings {
	out := map[string]Settings{}
	for _, name := range PresetNames() {
		out[name], _ = Preset(name)
	}
	loud := preset(t, "af3", 100)
	loud.Lambda, loud.Eta = 1.25, Eta{Kind: EtaLinear, From: 1, To: 1.5}
	out["af3, λ=1.25, η 1 to 1.5"] = loud
	churned := preset(t, "edm", 64)
	churned.Churn, churned.ChurnNoise, churned.ChurnMin, churned.ChurnMax = 20, 1.25, 0.05, 50
	out["edm, churn 20, noise 1.25"] = churned
	return out
}

func TestModesHaveThePredictedVariance(t *testing.T) {
	for name, g := range gaussians(t) {
		for walk, s := range walks(t) {
			w := run(t, Config{Settings: s, Denoiser: g, Seed: 11, Samples: upTo(1000)})
			if err := checkModes(w, g); err != nil {
				t.Errorf("%s, %s: %v", name, walk, err)
			}
		}
	}
}

// spoil makes the first noise level below a limit wrong: the walk steps to a
// multiple of it and goes on as if it were right.
func spoil(w *Walk, limit, factor float64) {
	for i, l := range w.levels {
		if l.next < limit {
			w.levels[i].next *= factor
			return
		}
	}
}

// The check of the modes sees what it is there for: each wrong sampler is
// rejected for every denoiser.
func TestWrongSamplersAreRejected(t *testing.T) {
	type wrong struct {
		name string
		walk string
		do   func(w *Walk)
	}
	var cases []wrong
	// Where a walk's own noise comes after it, a wrong level is forgotten: af3 has
	// none below γ_min = 1 Å.
	for name, below := range map[string]float64{"exact": 3, "edm": 3, "af3-mini": 3, "af3": 0.9} {
		cases = append(cases, wrong{"one noise level 40 % off", name, func(w *Walk) { spoil(w, below, 1.4) }})
	}
	for name, s := range walks(t) {
		if loud := max(s.Lambda, s.ChurnNoise); loud > 1.1 {
			cases = append(cases, wrong{"λ dropped", name, func(w *Walk) {
				for i := range w.levels {
					w.levels[i].noise /= loud
				}
			}})
		}
		if noisy := s.levels()[0].noise > 0; noisy {
			cases = append(cases, wrong{"the noise left out", name, func(w *Walk) {
				for i := range w.levels {
					w.levels[i].noise = 0
				}
			}})
		}
	}
	for name, g := range gaussians(t) {
		for _, c := range cases {
			w, err := NewWalk(Config{Settings: walks(t)[c.walk], Denoiser: g, Seed: 11, Samples: upTo(1000)})
			if err != nil {
				t.Fatal(err)
			}
			c.do(w)
			finish(t, w)
			if checkModes(w, g) == nil {
				t.Errorf("%s, %s with %s passes for a correct sampler", name, c.walk, c.name)
			}
		}
	}
}

// threeBlobs are separate components, so that a sample is of the nearest one.
func threeBlobs(t testing.TB) (*Mixture, [][]float64, []float64) {
	t.Helper()
	weights, means := []float64{0.2, 0.3, 0.5}, [][]float64{{-12, 0}, {0, 9}, {14, -3}}
	components := make([]Component, len(weights))
	for k, w := range weights {
		components[k] = Component{w, means[k], []float64{float64(k + 1)}}
	}
	m, err := NewMixture(background, one, components)
	if err != nil {
		t.Fatal(err)
	}
	return m, means, weights
}

// checkOccupancy compares how many samples each component has with its weight,
// χ² with two degrees of freedom.
func checkOccupancy(w *Walk, means [][]float64, weights []float64) error {
	counts := make([]float64, len(means))
	n := len(w.cfg.Samples)
	for k := range n {
		best, least := 0, math.Inf(1)
		for c, m := range means {
			x := w.row(w.x, k)
			if d := math.Hypot(x[0]-m[0], x[1]-m[1]); d < least {
				best, least = c, d
			}
		}
		counts[best]++
	}
	var chi2 float64
	for c, p := range weights {
		expected := p * float64(n)
		chi2 += (counts[c] - expected) * (counts[c] - expected) / expected
	}
	if chi2 > -2*math.Log(1e-4) {
		return fmt.Errorf("χ² of the occupancies %v is %.1f", counts, chi2)
	}
	return nil
}

func TestMixtureOccupancies(t *testing.T) {
	m, means, weights := threeBlobs(t)
	cfg := Config{Denoiser: m, Seed: 5, Samples: upTo(3000)}
	gentle := plainAF3(200, 0.8)
	for name, s := range map[string]Settings{"exact": preset(t, "exact", 200), "edm": preset(t, "edm", 64), "af3 with η = λ = 1": gentle} {
		cfg.Settings = s
		if err := checkOccupancy(run(t, cfg), means, weights); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Wrong samplers: σ_0 a fifth of what the schedule says; the noise left out.
	cfg.Settings = preset(t, "exact", 200)
	w, err := NewWalk(cfg)
	if err != nil {
		t.Fatal(err)
	}
	for j := range w.x {
		w.x[j] /= 5
	}
	finish(t, w)
	if checkOccupancy(w, means, weights) == nil {
		t.Error("a walk from a fifth of σ_0 passes")
	}
	cfg.Settings = gentle
	if w, err = NewWalk(cfg); err != nil {
		t.Fatal(err)
	}
	for i := range w.levels {
		w.levels[i].noise = 0
	}
	finish(t, w)
	if checkOccupancy(w, means, weights) == nil {
		t.Error("a walk without its noise passes")
	}
}

// energyTest returns the p-value of the hypothesis that a and b are drawn from
// one distribution: the share of permutations whose energy distance (Székely &
// Rizzo 2004) is at least as large.
func energyTest(a, b [][]float64) float64 {
	all := slices.Concat(a, b)
	n := len(all)
	d := make([]float64, n*n)
	for i := range n {
		for j := range i {
			var sum float64
			for c, x := range all[i] {
				sum += (x - all[j][c]) * (x - all[j][c])
			}
			d[i*n+j] = math.Sqrt(sum)
			d[j*n+i] = d[i*n+j]
		}
	}
	distance := func(order []int) float64 {
		var within [2]float64
		var between float64
		for i, p := range order {
			for j, q := range order[:i] {
				if (i < len(a)) == (j < len(a)) {
					within[min(1, i/len(a))] += d[p*n+q]
				} else {
					between += d[p*n+q]
				}
			}
		}
		na, nb := float64(len(a)), float64(len(b))
		return 2*between/(na*nb) - 2*within[0]/(na*na) - 2*within[1]/(nb*nb)
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	observed := distance(order)
	const permutations = 400
	random := rng.NewStream(1, rng.PurposeScript, 0)
	larger := 1.0
	for range permutations {
		for i := n - 1; i > 0; i-- {
			j := int(random.Float64() * float64(i+1))
			order[i], order[j] = order[j], order[i]
		}
		if distance(order) >= observed {
			larger++
		}
	}
	return larger / (permutations + 1)
}

func TestEnsembleSamplesAreOfTheBlurredConformers(t *testing.T) {
	// By double precision alone; by both, each conformer ten times.
	for _, copies := range []int{1, 10} {
		t.Run(fmt.Sprint(copies), func(t *testing.T) { samplesAreOfTheBlurred(t, slices.Repeat(curl(7, 8), copies)) })
	}
}

func samplesAreOfTheBlurred(t *testing.T, conformers [][]float64) {
	const n, bandwidth = 150, 0.5
	e, err := NewEnsemble(conformers, bandwidth, nil)
	if err != nil {
		t.Fatal(err)
	}
	truth := make([][]float64, n)
	for i := range truth {
		random := rng.NewStream(77, rng.PurposeScript, uint64(i))
		for _, y := range conformers[int(float64(len(conformers))*random.Float64())] {
			truth[i] = append(truth[i], y+bandwidth*random.Normal())
		}
	}
	sample := func(do func(w *Walk)) float64 {
		w, err := NewWalk(Config{Settings: preset(t, "exact", 200), Denoiser: e, Seed: 3, Samples: upTo(n)})
		if err != nil {
			t.Fatal(err)
		}
		do(w)
		finish(t, w)
		out := make([][]float64, n)
		for k := range out {
			out[k] = w.Coordinates(k)
		}
		return energyTest(out, truth)
	}
	if p := sample(func(*Walk) {}); p < 0.01 {
		t.Errorf("the energy distance has p = %.4f", p)
	}
	for name, do := range map[string]func(w *Walk){
		"one noise level twice what it is": func(w *Walk) { spoil(w, 0.7, 2) },
		"σ_0 a hundredth of what it is": func(w *Walk) {
			for j := range w.x {
				w.x[j] /= 100
			}
		},
	} {
		if p := sample(do); p >= 0.01 {
			t.Errorf("with %s the energy distance has p = %.4f", name, p)
		}
	}
}
