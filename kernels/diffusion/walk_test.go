package diffusion

import (
	"bytes"
	"context"
	"math"
	"slices"
	"testing"

	"runlua/kernels/par"
)

// run takes a walk to its end.
func run(t testing.TB, cfg Config) *Walk {
	t.Helper()
	w, err := NewWalk(cfg)
	if err != nil {
		t.Fatal(err)
	}
	finish(t, w)
	return w
}

func finish(t testing.TB, w *Walk) {
	t.Helper()
	for w.Done() < w.Total() {
		if err := w.Step(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

// upTo returns 0 … n−1.
func upTo(n int) []int64 {
	out := make([]int64, n)
	for k := range out {
		out[k] = int64(k)
	}
	return out
}

func sameBits(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

// preset is a preset with another number of steps.
func preset(t testing.TB, name string, steps int) Settings {
	t.Helper()
	s, ok := Preset(name)
	if !ok {
		t.Fatalf("no preset %q", name)
	}
	s.Steps = steps
	return s
}

// curl is a set of conformers of a bent chain.
func curl(n, atoms int) [][]float64 {
	out := make([][]float64, n)
	for k := range out {
		for i := range atoms {
			angle := float64(i) * (0.3 + 0.02*float64(k))
			out[k] = append(out[k], 3.8*math.Cos(angle)*float64(i%3+1), 3.8*math.Sin(angle), 1.5*float64(i))
		}
	}
	return out
}

// denoisers is one of every kind.
func denoisers(t testing.TB) map[string]Denoiser {
	t.Helper()
	out := map[string]Denoiser{}
	must := func(name string, d Denoiser, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = d
	}
	chain := curl(1, 12)[0]
	m, err := NewMixture(background, one, []Component{
		{1, []float64{5, 0, -3}, []float64{2, 0.5, 0.1, 0.5, 1, 0.2, 0.1, 0.2, 3}},
		{2, []float64{-5, 1, 0}, []float64{1, 2, 3}},
		{0.5, []float64{0, 9, 0}, []float64{0.25}},
	})
	must("mixture", m, err)
	e, err := NewEnsemble(curl(11, 12), 0.5, nil)
	must("ensemble", e, err)
	a, err := NewANM(background, one, chain, NetworkOptions{})
	must("anm", a, err)
	g, err := NewGNM(background, one, chain, NetworkOptions{})
	must("gnm", g, err)
	r, err := NewRouse(12, 3.8)
	must("rouse", r, err)
	return out
}

func TestSamplesAreTheirOwn(t *testing.T) {
	for name, d := range denoisers(t) {
		for _, p := range []string{"af3", "edm"} {
			s := preset(t, p, 12)
			s.Augment = shapeOf(d).Equivariant()
			cfg := Config{Settings: s, Denoiser: d, Seed: 7, Samples: upTo(70)}
			whole := run(t, cfg)
			for _, threads := range []int{2, 3, 8} {
				cfg.Pool = par.New(threads)
				if !sameBits(run(t, cfg).x, whole.x) {
					t.Errorf("%s, %s: %d threads give other bits than one", name, p, threads)
				}
			}
			for _, samples := range [][]int64{{13}, {69, 3, 0}, upTo(70)[20:37]} {
				cfg.Samples = samples
				part := run(t, cfg)
				for k, n := range samples {
					if !sameBits(part.Coordinates(k), whole.Coordinates(int(n))) {
						t.Errorf("%s, %s: sample %d has other bits among %v", name, p, n, samples)
					}
				}
			}
		}
	}
}

func TestRestoredWalkHasTheSameBits(t *testing.T) {
	for name, d := range denoisers(t) {
		cfg := Config{Settings: preset(t, "af3", 9), Denoiser: d, Seed: 3, Samples: []int64{4, 2, 1 << 30}}
		want := run(t, cfg)
		for at := range 10 {
			w, err := NewWalk(cfg)
			if err != nil {
				t.Fatal(err)
			}
			for range at {
				if err := w.Step(context.Background()); err != nil {
					t.Fatal(err)
				}
			}
			other := cfg
			other.Samples, other.Pool = nil, par.New(2)
			back, err := Restore(other, bytes.NewReader(saved(t, w)))
			if err != nil {
				t.Fatalf("%s after step %d: %v", name, at, err)
			}
			if back.Done() != at || !slices.Equal(back.Samples(), cfg.Samples) {
				t.Fatalf("%s: restored after step %d with samples %v", name, back.Done(), back.Samples())
			}
			finish(t, back)
			if !sameBits(back.x, want.x) {
				t.Errorf("%s: interrupted after step %d it ends elsewhere", name, at)
			}
		}
	}
}

func saved(t testing.TB, w *Walk) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := w.MarshalState(&b); err != nil {
		t.Fatal(err)
	}
	if int64(b.Len()) != w.StateSize() {
		t.Fatalf("the state takes %d bytes, StateSize says %d", b.Len(), w.StateSize())
	}
	return b.Bytes()
}
