package nbody

import (
	"context"
	"errors"
	"math"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"runlua/kernels/par"
	"runlua/kernels/power"
)

func powerOf(t *testing.T, s *Sim, opt power.Options) *power.Result {
	t.Helper()
	r, err := s.Power(background, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// In double precision it is the spectrum of the positions to the last bit, on the
// mesh of the force and on others, whatever the order in which particles are kept.
// In single precision the modes of the field are rounded to 2^-24 of the rms mode, of
// which the power is within 1e-5 here wherever it is above a hundredth of the largest.
func TestPowerIsThatOfThePositions(t *testing.T) {
	for _, precision := range precisions {
		s := newSim(t, testConfig(100, 16, 32).in(precision))
		e, err := s.Schedule(0, 6, FastPM, UniformA)
		if err != nil {
			t.Fatal(err)
		}
		for !e.Done() {
			if err := e.Step(background); err != nil {
				t.Fatal(err)
			}
			for _, opt := range []power.Options{{}, {Mesh: 32, SubtractNoise: true}, {Mesh: 20}, {Mesh: 48, LogBins: 4, KMax: .8}} {
				got := powerOf(t, s, opt)
				jack, rows, err := s.PowerJackknife(background, opt)
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(jack.P, got.P) || len(rows) != 27 {
					t.Fatalf("with the errors of sub-boxes P = %v, else %v", jack.P, got.P)
				}
				opt.Box = 100
				if opt.Mesh == 0 {
					opt.Mesh = 32
				}
				want, err := power.Measure(background, s.cfg.Pool, s.matter.clone().positions(), opt)
				if err != nil {
					t.Fatal(err)
				}
				if precision == Double {
					if !reflect.DeepEqual(got, want) {
						t.Fatalf("mesh %d, z = %v: %+v, of the positions %+v", opt.Mesh, s.Z(), got, want)
					}
					jack2, rows2, err := power.Jackknife(background, s.cfg.Pool, s.matter.clone().positions(), opt)
					if err != nil || !reflect.DeepEqual(jack, jack2) || !reflect.DeepEqual(rows, rows2) {
						t.Fatalf("mesh %d, z = %v: errors of sub-boxes %v, of the positions %v (%v)", opt.Mesh, s.Z(), jack.Err, jack2.Err, err)
					}
					continue
				}
				if !reflect.DeepEqual(got.Modes, want.Modes) || !reflect.DeepEqual(got.K, want.K) || !reflect.DeepEqual(got.Noise, want.Noise) {
					t.Fatalf("mesh %d: shells %v of %v modes, want %v of %v", opt.Mesh, got.K, got.Modes, want.K, want.Modes)
				}
				for i, p := range want.P {
					if math.Abs(got.P[i]-p) > 1e-5*(p+want.Noise[i]) {
						t.Errorf("mesh %d, z = %v, shell %d: P = %v, of the positions %v", opt.Mesh, s.Z(), i, got.P[i], p)
					}
				}
			}
		}
	}
}

// Measuring in between changes nothing of what comes.
func TestPowerLeavesTheSimulationAsItWas(t *testing.T) {
	for _, precision := range precisions {
		for _, gradient := range []string{"", Spectral} {
			run := func(measure bool, threads int) ([]float64, []float64) {
				c := testConfig(100, 8, 16).in(precision)
				c.Pool = par.New(threads)
				if gradient != "" {
					c.Gradient = gradient
				}
				s := newSim(t, c)
				e, err := s.Schedule(0, 5, FastPM, UniformA)
				if err != nil {
					t.Fatal(err)
				}
				for !e.Done() {
					if measure {
						powerOf(t, s, power.Options{})
					}
					if err := e.Step(background); err != nil {
						t.Fatal(err)
					}
				}
				return particlesOf(s)
			}
			x, p := run(false, 2)
			x2, p2 := run(true, 1)
			if !reflect.DeepEqual(x, x2) || !reflect.DeepEqual(p, p2) {
				t.Errorf("%s precision, gradient %q: a simulation whose power is measured ends elsewhere", precision, gradient)
			}
		}
	}
}

// On its own mesh a simulation measures in the memory that it has: what else is
// allocated is a fraction of a mesh.
func TestPowerTakesNoMeshOfItsOwn(t *testing.T) {
	for _, precision := range precisions {
		s := newSim(t, testConfig(100, 16, 64).in(precision))
		powerOf(t, s, power.Options{}) // what a simulation keeps for its next deposits
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		powerOf(t, s, power.Options{})
		runtime.ReadMemStats(&after)
		mesh := uint64(64 * 64 * 64 * 4)
		if took := after.TotalAlloc - before.TotalAlloc; took > mesh/2 {
			t.Errorf("%s precision: %d bytes are allocated, a mesh of single precision has %d", precision, took, mesh)
		}
	}
}

func TestPowerRefusesWhatMeasureRefuses(t *testing.T) {
	s := newSim(t, testConfig(100, 8, 16))
	for want, opt := range map[string]power.Options{
		"power: mesh: ":                 {Mesh: 22},
		"power: kmax must be above":     {KMax: 1e-9},
		"power: bins a decade must not": {LogBins: -1},
	} {
		if _, err := s.Power(background, opt); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%+v: %v, want %s…", opt, err, want)
		}
	}
	cancelled, cancel := context.WithCancel(background)
	cancel()
	if _, err := s.Power(cancelled, power.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	s.broken = errors.New("broken")
	if _, err := s.Power(background, power.Options{}); err != s.broken {
		t.Errorf("a simulation that failed: %v", err)
	}
}
