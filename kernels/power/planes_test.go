package power

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"runlua/kernels/fft"
	"runlua/kernels/par"
)

// planOf is a plan in one precision or the other.
func planOf[T fft.Float](t *testing.T, m, threads int) *fft.Plan[T] {
	t.Helper()
	var plan any
	var err error
	if _, single := any(T(0)).(float32); single {
		plan, err = fft.NewSingle3(m, par.New(threads))
	} else {
		plan, err = fft.NewReal3(m, par.New(threads))
	}
	if err != nil {
		t.Fatal(err)
	}
	return plan.(*fft.Plan[T])
}

// setNoise sets the points of a mesh to white noise, that of double rounded to T.
func setNoise[T fft.Float](lay fft.Layout, mesh []T) {
	rnd := rand.New(rand.NewPCG(11, 3))
	for x := range lay.N {
		for y := range lay.N {
			for z := range lay.N {
				mesh[lay.Index(x, y, z)] = T(rnd.NormFloat64())
			}
		}
	}
}

// measureNoise is the spectrum of noise as of 5000 particles, its planes done last
// to first.
func measureNoise[T fft.Float](t *testing.T, threads int, opt Options) *Result {
	t.Helper()
	plan := planOf[T](t, opt.Mesh, threads)
	mesh := plan.NewMesh()
	setNoise(plan.Layout(), mesh)
	r, err := MeasurePlanes(context.Background(), plan, mesh, opt, 5000, func(done func(worker, x int)) error {
		plan.Pool().Workers(opt.Mesh, func(worker, i int) { done(worker, opt.Mesh-1-i) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// shellCases are linear and logarithmic shells, whole and cut, with and without a
// window. At 180 a row of modes is more than one block in either precision.
func shellCases() []Options {
	kf := 2 * math.Pi / 50
	return []Options{
		{Box: 50, Mesh: 4},
		{Box: 50, Mesh: 18, Window: CIC},
		{Box: 50, Mesh: 20, Window: CIC, KMax: 5.5 * kf},
		{Box: 50, Mesh: 20, KMax: 1.2 * kf},
		{Box: 50, Mesh: 180, Window: CIC, LogBins: 7},
		{Box: 50, Mesh: 60, Window: CIC, LogBins: 50, KMax: 21 * kf, SubtractNoise: true},
	}
}

// Eqs. (2) and (4) as they stand, over the wave vectors of the whole mesh, k and -k
// both. A sum of N terms of one sign is off by N 2^-53 at most; 50 is for what each
// term comes from.
func TestSpectraAreTheMeansOverAllWaveVectors(t *testing.T) {
	for _, opt := range shellCases() {
		m := opt.Mesh
		plan := planOf[float64](t, m, 1)
		lay, mesh := plan.Layout(), plan.NewMesh()
		setNoise(lay, mesh)
		plan.Forward(mesh)
		w2, c := make([]float64, m/2+1), make([]float64, m/2+1)
		for i := range w2 {
			w2[i], c[i] = 1, 1
			if s := math.Pi * float64(i) / float64(m); opt.Window == CIC && i > 0 {
				w2[i], c[i] = math.Pow(math.Sin(s)/s, 4), 1-2.0/3*math.Pow(math.Sin(s), 2)
			}
		}
		var count, k, power, noise [200]float64
		end := opt.KMax * opt.Box / (2 * math.Pi)
		if end == 0 {
			end = float64(m) / 2
		}
		for i := range m * m * m {
			v := [3]int{fft.Wave(i/m/m, m), fft.Wave(i/m%m, m), fft.Wave(i%m, m)}
			size := math.Sqrt(float64(v[0]*v[0] + v[1]*v[1] + v[2]*v[2]))
			if size < 1 || size >= end {
				continue
			}
			wave, scatter := 1.0, 1.0
			for _, j := range v {
				wave *= w2[max(j, -j)]
				scatter *= c[max(j, -j)]
			}
			if v[2] < 0 {
				v = [3]int{-v[0], -v[1], -v[2]}
			}
			at := lay.Index((v[0]+m)%m, (v[1]+m)%m, 2*v[2])
			shell := int(size)
			if opt.LogBins > 0 {
				shell = int(math.Floor(float64(opt.LogBins)*math.Log10(size) + 1e-12))
			}
			count[shell]++
			k[shell] += size * 2 * math.Pi / opt.Box
			power[shell] += (mesh[at]*mesh[at] + mesh[at+1]*mesh[at+1]) / wave
			noise[shell] += scatter / wave
		}
		r, row := measureNoise[float64](t, 2, opt), 0
		volume := opt.Box * opt.Box * opt.Box
		for s, n := range count {
			if n == 0 {
				continue
			}
			wantNoise := noise[s] / n * volume / 5000
			wantPower := power[s] / n * volume / math.Pow(float64(m), 6)
			got, tolerance := r.P[row], (n+50)/(1<<53)
			if opt.SubtractNoise {
				got += r.Noise[row]
			}
			if r.Modes[row] != int(n)/2 || math.Abs(r.K[row]/(k[s]/n)-1) > tolerance ||
				math.Abs(got/wantPower-1) > tolerance || math.Abs(r.Noise[row]/wantNoise-1) > tolerance {
				t.Errorf("%+v, shell %d: %d modes of k = %v, P = %v, noise %v, want %v of %v, %v, %v", opt, row,
					r.Modes[row], r.K[row], got, r.Noise[row], n/2, k[s]/n, wantPower, wantNoise)
			}
			row++
		}
		if row != len(r.P) {
			t.Errorf("%+v: %d shells, want %d", opt, len(r.P), row)
		}
	}
}

// In single precision a mode is off by u √(log2 m³) of the rms mode, u = 2^-24, and
// by u from the rounding of the points. Of noise all modes have one rms r, so the
// mean of |δ|² is off by no more than twice the rms error times r (Schwarz); 2 is
// for errors of a shell's modes that are above average.
func TestSinglePrecisionAgreesWithDouble(t *testing.T) {
	worst := 0.0
	for _, opt := range shellCases() {
		bound := 2 * 2 * (math.Sqrt(3*math.Log2(float64(opt.Mesh))) + 1) / (1 << 24)
		single, double := measureNoise[float32](t, 2, opt), measureNoise[float64](t, 2, opt)
		for i, p := range double.P {
			if opt.SubtractNoise {
				p += double.Noise[i]
			}
			off := math.Abs(single.P[i]-double.P[i]) / p
			worst = max(worst, off/bound)
			if off > bound {
				t.Errorf("%+v, shell %d: P = %v in single precision, %v in double", opt, i, single.P[i], double.P[i])
			}
		}
		if !reflect.DeepEqual(single.K, double.K) || !reflect.DeepEqual(single.Noise, double.Noise) || !reflect.DeepEqual(single.Modes, double.Modes) {
			t.Errorf("%+v: what is of the shells depends on the precision", opt)
		}
		if reflect.DeepEqual(single.P, double.P) {
			t.Errorf("%+v: both precisions have the same bits", opt)
		}
	}
	t.Logf("at most %.2f of the bound", worst)
}

func TestThreadsDoNotChangeTheBitsOfPlanes(t *testing.T) {
	for _, opt := range shellCases() {
		single, double := measureNoise[float32](t, 1, opt), measureNoise[float64](t, 1, opt)
		for _, threads := range []int{2, 5} {
			if !reflect.DeepEqual(measureNoise[float32](t, threads, opt), single) || !reflect.DeepEqual(measureNoise[float64](t, threads, opt), double) {
				t.Errorf("%+v: %d threads give another result than one", opt, threads)
			}
		}
	}
}

func TestMeasurePlanesStopsWhereItsFieldDoes(t *testing.T) {
	plan := planOf[float64](t, 8, 1)
	mesh, opt := plan.NewMesh(), Options{Box: 1, Mesh: 8}
	none := errors.New("no field")
	if _, err := MeasurePlanes(context.Background(), plan, mesh, opt, 0, func(func(worker, x int)) error { return none }); err != none {
		t.Errorf("error %v, want fill's", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	_, err := MeasurePlanes(ctx, plan, mesh, opt, 0, func(done func(worker, x int)) error {
		cancel()
		for x := range 8 {
			done(0, x)
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestMeasurePlanesPanicsOnWhatDoesNotFit(t *testing.T) {
	plan := planOf[float64](t, 8, 1)
	all := func(done func(worker, x int)) error {
		for x := range 8 {
			done(0, x)
		}
		return nil
	}
	for what, c := range map[string]struct {
		mesh []float64
		opt  Options
		fill func(done func(worker, x int)) error
		want string
	}{
		"a plane left out": {plan.NewMesh(), Options{Box: 1, Mesh: 8}, func(done func(worker, x int)) error { done(0, 3); return nil }, "power: MeasurePlanes: fill has done 1 planes of 8"},
		"another plan":     {plan.NewMesh(), Options{Box: 1, Mesh: 16}, all, fmt.Sprintf("power: MeasurePlanes: a plan of 8³ points and a mesh of %d values for 16³ points", len(plan.NewMesh()))},
		"a short mesh":     {make([]float64, 512), Options{Box: 1, Mesh: 8}, all, "power: MeasurePlanes: a plan of 8³ points and a mesh of 512 values for 8³ points"},
	} {
		func() {
			defer func() {
				if r := recover(); r != c.want {
					t.Errorf("%s: panic %v, want %q", what, r, c.want)
				}
			}()
			_, err := MeasurePlanes(context.Background(), plan, c.mesh, c.opt, 0, c.fill)
			t.Errorf("%s: error %v, want a panic", what, err)
		}()
	}
}
