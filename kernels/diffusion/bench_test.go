package diffusion

import (
	"context"
	"fmt"
	"testing"
	"time"

	"runlua/kernels/rng"
)

// timed adds up what its Denoiser takes.
type timed struct {
	Denoiser
	spent time.Duration
}

func (d *timed) Denoise(ctx context.Context, dst, x []float64, batch int, sigma float64) error {
	start := time.Now()
	err := d.Denoiser.Denoise(ctx, dst, x, batch, sigma)
	d.spent += time.Since(start)
	return err
}

// BenchmarkWalk takes 32 samples of 100 atoms down 20 steps of the af3 preset,
// and reports samples/s as they are for its 200, with the shares of noise and
// denoiser.
func BenchmarkWalk(b *testing.B) {
	const atoms, batch, steps = 100, 32, 20
	kinds := []struct {
		name string
		make func() (Denoiser, error)
	}{
		{"ensemble/N=1000", func() (Denoiser, error) { return NewEnsemble(curl(1000, atoms), 0.5, nil) }},
		{"ensemble/N=10000", func() (Denoiser, error) { return NewEnsemble(curl(10000, atoms), 0.5, nil) }},
		{"anm", func() (Denoiser, error) { return NewANM(background, one, curl(1, atoms)[0], NetworkOptions{}) }},
		{"rouse", func() (Denoiser, error) { return NewRouse(atoms, 3.8) }},
	}
	for _, kind := range kinds {
		b.Run(fmt.Sprintf("%s/atoms=%d/batch=%d", kind.name, atoms, batch), func(b *testing.B) {
			d, err := kind.make()
			if err != nil {
				b.Fatal(err)
			}
			s := preset(b, "af3", steps)
			clock := &timed{Denoiser: d}
			for b.Loop() {
				run(b, Config{Settings: s, Denoiser: clock, Samples: upTo(batch)})
			}
			total := b.Elapsed()
			x := make([]float64, d.Dim())
			start := time.Now()
			for k := range int64(batch) {
				normals(x, rng.Key(1), k, 1, rng.PurposeDiffusionNoise)
			}
			noisy := 0
			for _, l := range s.levels() {
				if l.noise > 0 {
					noisy++
				}
			}
			noise := time.Since(start) * time.Duration(noisy+1) * time.Duration(b.N)
			b.ReportMetric(float64(batch*b.N)/total.Seconds()*steps/200, "samples/s")
			b.ReportMetric(100*noise.Seconds()/total.Seconds(), "%noise")
			b.ReportMetric(100*clock.spent.Seconds()/total.Seconds(), "%denoiser")
		})
	}
}

// BenchmarkModes walks along the modes of ever larger networks and chains: the
// time of a step by its numbers, batch times modes, also in the fastest of the
// walks, should stay what it is.
func BenchmarkModes(b *testing.B) {
	const batch, steps = 8, 20
	kinds := map[string]func(atoms int) (Denoiser, error){
		"anm":   func(atoms int) (Denoiser, error) { return NewANM(background, one, curl(1, atoms)[0], NetworkOptions{}) },
		"rouse": func(atoms int) (Denoiser, error) { return NewRouse(atoms, 3.8) },
	}
	for _, c := range []struct {
		kind  string
		atoms int
	}{{"anm", 25}, {"anm", 50}, {"anm", 100}, {"anm", 200}, {"rouse", 200}, {"rouse", 1000}, {"rouse", 5000}} {
		b.Run(fmt.Sprintf("%s/atoms=%d", c.kind, c.atoms), func(b *testing.B) {
			d, err := kinds[c.kind](c.atoms)
			if err != nil {
				b.Fatal(err)
			}
			s := preset(b, "af3", steps)
			best := time.Hour
			for b.Loop() {
				start := time.Now()
				run(b, Config{Settings: s, Denoiser: d, Samples: upTo(batch)})
				best = min(best, time.Since(start))
			}
			numbers := float64(batch * d.Dim() * steps)
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/numbers, "ns/number")
			b.ReportMetric(best.Seconds()*1e9/numbers, "best-ns/number")
		})
	}
}
