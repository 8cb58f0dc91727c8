package diffusion

import (
	"bytes"
	"context"
	"errors"
	"math"
	"strings"
	"testing"
)

// scripted is a denoiser of points at the origin that does as told.
type scripted struct {
	points
	atoms int
	calls int
	do    func(call int, dst []float64) error
}

func (d *scripted) Dim() int   { return d.dim }
func (d *scripted) Atoms() int { return d.atoms }

func (d *scripted) Denoise(_ context.Context, dst, x []float64, batch int, sigma float64) error {
	if len(x) != batch*d.dim || len(dst) != len(x) {
		return errors.New("lengths differ")
	}
	for _, v := range x {
		if !isFinite(v) {
			return errors.New("asked about what has failed")
		}
	}
	clear(dst)
	d.calls++
	return d.do(d.calls, dst)
}

func TestASampleWithNaNFailsByNameAndTheOthersGoOn(t *testing.T) {
	for _, walk := range []string{"af3", "exact"} {
		s := preset(t, walk, 6)
		quiet := func(int, []float64) error { return nil }
		want := run(t, Config{Settings: s, Denoiser: &scripted{points: points{6}, do: quiet}, Samples: []int64{10, 20, 30}})
		d := &scripted{points: points{6}, atoms: 2, do: func(call int, dst []float64) error {
			if call == 3 {
				dst[6+3] = math.NaN() // sample 20
			}
			return nil
		}}
		cfg := Config{Settings: s, Denoiser: d, Samples: []int64{10, 20, 30}}
		w := run(t, cfg)
		step := 3
		if walk == "exact" {
			step = 2 // two calls a step
		}
		text := "diffusion: sample 20: coordinate 4 (atom 2, x) is NaN after step " + string(rune('0'+step))
		if err := w.Failed(1); err == nil || err.Error() != text {
			t.Errorf("%s: sample 20 failed with %v, want %s", walk, err, text)
		}
		for _, k := range []int{0, 2} {
			if w.Failed(k) != nil || !sameBits(w.Coordinates(k), want.Coordinates(k)) {
				t.Errorf("%s: sample %d was touched: %v", walk, w.Samples()[k], w.Failed(k))
			}
		}
		back, err := Restore(cfg, bytes.NewReader(saved(t, w)))
		if err != nil || back.Failed(1) == nil || back.Failed(1).Error() != text || len(back.alive) != 2 {
			t.Errorf("%s: restored: %v", walk, err)
		}
	}
	d := &scripted{points: points{2}, do: func(_ int, dst []float64) error { dst[1] = math.Inf(-1); return nil }}
	w := run(t, Config{Settings: preset(t, "af3", 3), Denoiser: d, Samples: []int64{7}})
	if err := w.Failed(0); err == nil || !strings.Contains(err.Error(), "sample 7: coordinate 2 is infinite after step 1") || d.calls != 1 {
		t.Errorf("%d calls, %v", d.calls, err)
	}
}

func TestAFailedStepCanBeTakenAgain(t *testing.T) {
	boom := errors.New("the child process died")
	s := preset(t, "edm", 5)
	calls := func(fail int) *scripted {
		return &scripted{points: points{3}, do: func(call int, dst []float64) error {
			if call == fail {
				return boom
			}
			return nil
		}}
	}
	want := run(t, Config{Settings: s, Denoiser: calls(0), Samples: upTo(4)})
	for fail := 1; fail <= 9; fail++ {
		w, err := NewWalk(Config{Settings: s, Denoiser: calls(fail), Samples: upTo(4)})
		if err != nil {
			t.Fatal(err)
		}
		failures := 0
		for w.Done() < w.Total() {
			before := saved(t, w)
			if err := w.Step(context.Background()); err != nil {
				failures++
				if !errors.Is(err, boom) || !bytes.Equal(before, saved(t, w)) {
					t.Fatalf("call %d: %v, or the state has changed", fail, err)
				}
			}
		}
		if failures != 1 || !sameBits(w.x, want.x) {
			t.Errorf("call %d failed: %d failures, or the end differs", fail, failures)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	w, err := NewWalk(Config{Settings: s, Denoiser: calls(0), Samples: upTo(1)})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Step(ctx); !errors.Is(err, context.Canceled) || w.Done() != 0 {
		t.Errorf("a cancelled step gives %v", err)
	}
}

func TestStatesOfOtherWalksAreRefusedByName(t *testing.T) {
	all := denoisers(t)
	cfg := Config{Settings: preset(t, "af3", 9), Denoiser: all["anm"], Seed: 3, Samples: []int64{4, 2}}
	w, err := NewWalk(cfg)
	if err != nil {
		t.Fatal(err)
	}
	state := saved(t, w)
	for want, change := range map[string]func(c *Config){
		"it is of lambda = 1.003, this one has 1":                                            func(c *Config) { c.Settings.Lambda = 1 },
		`it is of eta = {"from":1.5,"kind":"const"}, this one has {"from":2,"kind":"const"}`: func(c *Config) { c.Settings.Eta.From = 2 },
		"it is of steps = 9, this one has 10":                                                func(c *Config) { c.Settings.Steps = 10 },
		"this one has 4":                                                                     func(c *Config) { c.Seed = 4 },
		"it is of other samples":                                                             func(c *Config) { c.Samples = []int64{2, 4} },
		`it is of denoiser.cutoff = 15, this one has 10`:                                     func(c *Config) { c.Denoiser = all["gnm"] },
		`it is of denoiser.bandwidth = none, this one has 0.5`:                               func(c *Config) { c.Denoiser = all["ensemble"] },
		`it is of denoiser.bond = none, this one has 3.8`:                                    func(c *Config) { c.Denoiser = all["rouse"] },
		`it is of denoiser.atoms = 12, this one has none`:                                    func(c *Config) { c.Denoiser = all["mixture"] },
	} {
		other := cfg
		change(&other)
		if _, err := Restore(other, bytes.NewReader(state)); !errors.Is(err, ErrStateMismatch) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestDamagedStatesAreRefused(t *testing.T) {
	d := denoisers(t)["mixture"]
	cfg := Config{Settings: preset(t, "edm", 3), Denoiser: d, Samples: []int64{4, 2}}
	w, err := NewWalk(cfg)
	if err != nil {
		t.Fatal(err)
	}
	state := saved(t, w)
	cfg.Samples = nil
	for cut := range state {
		if _, err := Restore(cfg, bytes.NewReader(state[:cut])); !errors.Is(err, ErrStateDamaged) {
			t.Fatalf("cut to %d of %d bytes it gives %v", cut, len(state), err)
		}
	}
	for i := range state {
		broken := bytes.Clone(state)
		broken[i] ^= 4
		if _, err := Restore(cfg, bytes.NewReader(broken)); !errors.Is(err, ErrStateDamaged) && !errors.Is(err, ErrStateMismatch) {
			t.Fatalf("with byte %d changed it gives %v", i, err)
		}
	}
}

// FuzzRestore: no bytes make Restore panic, and what it accepts is a state.
func FuzzRestore(f *testing.F) {
	m, err := NewMixture(background, one, []Component{{1, []float64{1, 2}, []float64{3}}})
	if err != nil {
		f.Fatal(err)
	}
	cfg := Config{Settings: preset(f, "af3", 3), Denoiser: m, Samples: []int64{5, 1}}
	w, err := NewWalk(cfg)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(saved(f, w))
	finish(f, w)
	f.Add(saved(f, w))
	f.Add([]byte(stateMagic))
	cfg.Samples = nil
	f.Fuzz(func(t *testing.T, b []byte) {
		w, err := Restore(cfg, bytes.NewReader(b))
		if err != nil {
			return
		}
		again, err := Restore(cfg, bytes.NewReader(saved(t, w)))
		if err != nil || again.Done() != w.Done() || !sameBits(again.x, w.x) {
			t.Errorf("an accepted state does not survive: %v", err)
		}
	})
}
