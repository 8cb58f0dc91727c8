package power

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"runlua/kernels/fft"
	"runlua/kernels/grid"
	"runlua/kernels/par"
)

func newPlan(t *testing.T, m int) *fft.Real3 {
	t.Helper()
	plan, err := fft.NewReal3(m, par.New(2))
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func measureMesh(t *testing.T, mesh []float64, opt Options) *Result {
	t.Helper()
	r, err := MeasureMesh(context.Background(), par.New(2), mesh, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func scatter(n int, box float64, seed uint64) []float64 {
	rnd := rand.New(rand.NewPCG(seed, 3))
	pos := make([]float64, 3*n)
	for i := range pos {
		pos[i] = rnd.Float64() * box
	}
	return pos
}

// A wave A cos(k·x + φ) has P = A² L³/4 in its own mode, Eq. (2), which is one
// of its shell's N.
func TestAPlaneWaveLandsInItsShellWithItsAmplitude(t *testing.T) {
	const m, box, amplitude = 16, 50.0, 0.3
	plan := newPlan(t, m)
	lay := plan.Layout()
	for _, k := range [][3]int{{1, 0, 0}, {0, 0, 1}, {0, -3, 0}, {2, 2, -1}, {-4, 3, 2}, {1, 1, 7}, {7, 0, 3}} {
		mesh := plan.NewMesh()
		for i := range m * m * m {
			x, y, z := i/m/m, i/m%m, i%m
			mesh[lay.Index(x, y, z)] = amplitude * math.Cos(2*math.Pi*float64(k[0]*x+k[1]*y+k[2]*z)/m+0.7)
		}
		r := measureMesh(t, mesh, Options{Box: box, Mesh: m})
		size := math.Sqrt(float64(k[0]*k[0] + k[1]*k[1] + k[2]*k[2]))
		for i := range r.K {
			want := 0.0
			if i == int(size)-1 {
				want = amplitude * amplitude * box * box * box / 4 / float64(r.Modes[i])
			}
			if math.Abs(r.P[i]-want) > 1e-12*amplitude*amplitude*box*box*box { // rounding of the transform
				t.Errorf("k = %v, shell %d: P = %v, want %v", k, i, r.P[i], want)
			}
		}
	}
}

// Shells, mean wave numbers and counts by going through all wave vectors, each
// pair ±k once.
func TestShellsHoldTheModesTheyShould(t *testing.T) {
	const m, box = 12, 30.0
	mesh := newPlan(t, m).NewMesh()
	kf := 2 * math.Pi / box
	for _, c := range []struct {
		opt   Options
		shell func(size float64) int // of |m| in [1, cut)
		cut   float64
	}{
		{Options{}, func(s float64) int { return int(s) }, 6},
		{Options{KMax: 4.2 * kf}, func(s float64) int { return int(s) }, 4.2},
		{Options{LogBins: 5}, func(s float64) int { return int(math.Floor(5 * math.Log10(s))) }, 6},
	} {
		c.opt.Box, c.opt.Mesh = box, m
		count, sum := map[int]int{}, map[int]float64{}
		for x := -m; x <= m; x++ {
			for y := -m; y <= m; y++ {
				for z := -m; z <= m; z++ {
					size := math.Sqrt(float64(x*x + y*y + z*z))
					if size < 1 || size >= c.cut {
						continue
					}
					count[c.shell(size)]++
					sum[c.shell(size)] += size
				}
			}
		}
		r := measureMesh(t, mesh, c.opt)
		if len(r.K) != len(count) || len(r.P) != len(count) || len(r.Modes) != len(count) || len(r.Err) != len(count) || len(r.Noise) != len(count) {
			t.Errorf("%+v: %d shells, want %d", c.opt, len(r.K), len(count))
			continue
		}
		i := 0
		for s := range 20 {
			if count[s] == 0 {
				continue
			}
			if k := sum[s] / float64(count[s]) * kf; r.Modes[i] != count[s]/2 || math.Abs(r.K[i]-k) > 1e-14 { // sums of hundreds of terms, over their number
				t.Errorf("%+v, shell %d: %d modes of mean k %v, want %d of %v", c.opt, s, r.Modes[i], r.K[i], count[s]/2, k)
			}
			i++
		}
	}
}

// Modes of one amplitude and random phases: the power of each shell is that of
// its every mode. 1e-12 is rounding.
func TestAFixedAmplitudeFieldGivesItsInput(t *testing.T) {
	const m, box = 32, 100.0
	plan := newPlan(t, m)
	lay := plan.Layout()
	volume := box * box * box
	input := func(m2 int) float64 { // one value for each linear shell
		s := math.Floor(math.Sqrt(float64(m2)))
		return 1000 * math.Pow(s, -1.7)
	}
	noise := plan.NewMesh()
	rnd := rand.New(rand.NewPCG(5, 5))
	for i := range m * m * m {
		noise[lay.Index(i/m/m, i/m%m, i%m)] = rnd.NormFloat64()
	}
	plan.Forward(noise)
	plan.Apply(noise, func(ix, iy int, row []float64) {
		jx, jy := fft.Wave(ix, m), fft.Wave(iy, m)
		for iz := 0; iz <= m/2; iz++ {
			m2 := jx*jx + jy*jy + iz*iz
			re, im := row[2*iz], row[2*iz+1]
			amplitude := 0.0
			if m2 > 0 && m2 < m*m/4 {
				amplitude = math.Sqrt(input(m2)/volume) * m * m * m / math.Hypot(re, im)
			}
			row[2*iz], row[2*iz+1] = re*amplitude, im*amplitude
		}
	})
	plan.Inverse(noise)
	before := append([]float64(nil), noise...)
	r := measureMesh(t, noise, Options{Box: box, Mesh: m})
	if !reflect.DeepEqual(before, noise) {
		t.Error("MeasureMesh changed its mesh")
	}
	if len(r.P) != m/2-1 {
		t.Fatalf("%d shells, want %d", len(r.P), m/2-1)
	}
	var off float64
	for i, p := range r.P {
		want := input((i + 1) * (i + 1))
		off = max(off, math.Abs(p/want-1))
		if math.Abs(p/want-1) > 1e-12 {
			t.Errorf("shell %d: P = %v, want %v", i, p, want)
		}
		if e := want / math.Sqrt(float64(r.Modes[i])); math.Abs(r.Err[i]/e-1) > 1e-12 {
			t.Errorf("shell %d: error %v, want %v", i, r.Err[i], e)
		}
	}
	t.Logf("P is off by %.1e at most", off)
}

// Random particles have the power L³/N alone. Each shell scatters by Eq. (3),
// and the mean of all shells' squared deviations in units of it by √(2/shells);
// 4 of these are allowed. Without C in Eq. (4) the last shells would be off by
// tens of their errors.
func TestRandomParticlesHaveTheNoiseOfEquationFour(t *testing.T) {
	const n, box, m = 60000, 100.0, 64
	pos := scatter(n, box, 6)
	r, err := Measure(context.Background(), par.New(2), pos, Options{Box: box, Mesh: m})
	if err != nil {
		t.Fatal(err)
	}
	if want := box * box * box / n; r.ShotNoise != want || math.Abs(r.Noise[0]/want-1) > 0.01 { // C/W² − 1 is of order (πm/M)⁴ there
		t.Errorf("shot noise %v, %v in the first shell, want %v in both", r.ShotNoise, r.Noise[0], want)
	}
	chi2 := 0.0
	for i, p := range r.P {
		d := (p - r.Noise[i]) / (r.Noise[i] / math.Sqrt(float64(r.Modes[i])))
		if math.Abs(d) > 4 {
			t.Errorf("shell %d: P = %v is %.1f errors from the noise %v", i, p, d, r.Noise[i])
		}
		chi2 += d * d
	}
	shells := float64(len(r.P))
	if math.Abs(chi2/shells-1) > 4*math.Sqrt(2/shells) {
		t.Errorf("χ² is %v for %v shells", chi2, shells)
	}
	s, err := Measure(context.Background(), par.New(2), pos, Options{Box: box, Mesh: m, SubtractNoise: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.P {
		if s.P[i] != r.P[i]-r.Noise[i] || s.Err[i] != r.Err[i] {
			t.Errorf("shell %d: P = %v ± %v subtracted, want %v ± %v", i, s.P[i], s.Err[i], r.P[i]-r.Noise[i], r.Err[i])
		}
	}
	if !s.Subtracted || r.Subtracted {
		t.Error("Subtracted does not say what was done")
	}
}

// Particles on a lattice of six to a mesh cell, displaced by a small wave of
// contrast ε. The power is ε² L³/4 but for the lattice's own graininess, a
// factor that is computed here from sums over the particles around a mesh
// point: to first order the wave's mode on the mesh is the sum over axes a of
// (k_a/k)² times the sums of the CIC weight along the other axes and of its
// slope along a, where the continuous values are all sin²s/s². Left over is the
// second order, ε² = 1e-6.
func TestTheWindowIsDividedOut(t *testing.T) {
	const lattice, m, box, eps = 96, 16, 64.0, 1e-3
	for _, k := range [][3]int{{3, 0, 0}, {0, 0, 6}, {2, 4, 5}} {
		q := 2 * math.Pi / box
		kv := [3]float64{q * float64(k[0]), q * float64(k[1]), q * float64(k[2])}
		k2 := kv[0]*kv[0] + kv[1]*kv[1] + kv[2]*kv[2]
		pos := make([]float64, 0, 3*lattice*lattice*lattice)
		for i := range lattice * lattice * lattice {
			p := [3]float64{float64(i / lattice / lattice), float64(i / lattice % lattice), float64(i % lattice)}
			phase := 0.0
			for a := range p {
				p[a] = (p[a] + 0.5) * box / lattice
				phase += kv[a] * p[a]
			}
			for a := range p {
				pos = append(pos, grid.Wrap(p[a]-eps/k2*kv[a]*math.Sin(phase), box))
			}
		}
		r, err := Measure(context.Background(), par.New(2), pos, Options{Box: box, Mesh: m})
		if err != nil {
			t.Fatal(err)
		}
		i := int(math.Sqrt(k2)/q) - 1
		got := r.P[i] * float64(r.Modes[i])
		grain := 0.0
		for a := range k {
			product := kv[a] * kv[a] / k2
			for b := range k {
				s := math.Pi * float64(k[b]) / m
				weight, slope := 0.0, 0.0
				for j := -6; j < 6; j++ {
					u := (float64(j) + 0.5) / 6 // from the mesh point, in cells
					weight += (1 - math.Abs(u)) * math.Cos(2*s*u) / 6
					slope += math.Copysign(1, u) * math.Sin(2*s*u) / 6
				}
				if s == 0 {
					continue // a weight of 1, and no slope
				}
				sinc := math.Sin(s) / s
				if b == a {
					product *= slope / (2 * s) / (sinc * sinc)
				} else {
					product *= weight / (sinc * sinc)
				}
			}
			grain += product
		}
		want := eps * eps * box * box * box / 4 * grain * grain
		if math.Abs(got/want-1) > 3e-6 || math.Abs(grain-1) > 0.01 { // second order, and that the lattice's grain is small
			t.Errorf("k = %v: P is %v of the input, want 1 (grain %v)", k, got/want, grain)
		}

		// The same mesh by hand: a field whose window is said to be CIC.
		plan := newPlan(t, m)
		g, err := grid.New(plan.Layout(), box, par.New(1))
		if err != nil {
			t.Fatal(err)
		}
		mesh := plan.NewMesh()
		if err := g.Contrast(mesh, pos); err != nil {
			t.Fatal(err)
		}
		if s := measureMesh(t, mesh, Options{Box: box, Mesh: m, Window: CIC}); !reflect.DeepEqual(s.P, r.P) {
			t.Errorf("k = %v: P of the deposited mesh differs from that of its particles", k)
		}
	}
}

func TestThreadsDoNotChangeTheBits(t *testing.T) {
	pos := scatter(5000, 40, 7)
	opt := Options{Box: 40, Mesh: 24, LogBins: 8}
	one, err := Measure(context.Background(), par.New(1), pos, opt)
	if err != nil {
		t.Fatal(err)
	}
	for _, threads := range []int{2, 5} {
		many, err := Measure(context.Background(), par.New(threads), pos, opt)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(one, many) {
			t.Errorf("%d threads give another result than one", threads)
		}
	}
}

func TestADoneContextStopsTheMeasurement(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Measure(ctx, par.New(1), scatter(10, 8, 8), Options{Box: 8, Mesh: 8}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestErrorsNameTheParameterTheRuleAndTheValue(t *testing.T) {
	pos := scatter(10, 8, 9)
	for _, c := range []struct {
		pos  []float64
		opt  Options
		want string
	}{
		{pos, Options{Box: 0, Mesh: 8}, "power: box must be positive and finite, got 0"},
		{pos, Options{Box: math.Inf(1), Mesh: 8}, "power: box must be positive and finite, got +Inf"},
		{pos, Options{Box: 8, Mesh: 7}, "7"},
		{pos, Options{Box: 8, Mesh: 8, LogBins: -1}, "power: bins a decade must not be negative, got -1"},
		{pos, Options{Box: 8, Mesh: 8, KMax: 4}, "power: kmax must be above the fundamental (0.785398 h/Mpc) and at most the Nyquist wave number of the mesh (3.14159), got 4"},
		{pos, Options{Box: 8, Mesh: 8, KMax: 0.5}, "got 0.5"},
		{pos, Options{Box: 8, Mesh: 8, Window: CIC}, "power: window must not be given for particles, got 1"},
		{pos[:4], Options{Box: 8, Mesh: 8}, "power: positions must hold three coordinates of at least one particle, got a length of 4"},
		{nil, Options{Box: 8, Mesh: 8}, "got a length of 0"},
		{[]float64{1, 8, 1}, Options{Box: 8, Mesh: 8}, "power: positions must lie in [0, 8), got y = 8 of particle 0"},
		{[]float64{1, 1, math.NaN()}, Options{Box: 8, Mesh: 8}, "power: positions must lie in [0, 8), got z = NaN of particle 0"},
	} {
		_, err := Measure(context.Background(), par.New(1), c.pos, c.opt)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want %q", c.opt, err, c.want)
		}
	}
	mesh := newPlan(t, 8).NewMesh()
	for _, c := range []struct {
		opt  Options
		want string
	}{
		{Options{Box: 8, Mesh: 8, SubtractNoise: true}, "power: noise can be subtracted for particles only, got a mesh"},
		{Options{Box: 8, Mesh: 8, Window: 5}, "power: window must be none or CIC, got 5"},
	} {
		_, err := MeasureMesh(context.Background(), par.New(1), mesh, c.opt)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want %q", c.opt, err, c.want)
		}
	}
	for _, z := range []int{0, 5, 7} {
		mesh := newPlan(t, 8).NewMesh()
		lay := newPlan(t, 8).Layout()
		mesh[lay.Index(7, 6, z)], mesh[lay.Index(7, 7, 7)] = math.Inf(1), math.Inf(-1)
		want := fmt.Sprintf("power: mesh values must be finite, got +Inf at (7, 6, %d)", z)
		if _, err := MeasureMesh(context.Background(), par.New(1), mesh, Options{Box: 8, Mesh: 8}); err == nil || err.Error() != want {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	mesh[3] = math.NaN()
	if _, err := MeasureMesh(context.Background(), par.New(1), mesh, Options{Box: 8, Mesh: 8}); err == nil || !strings.Contains(err.Error(), "power: mesh values must be finite, got NaN at (0, 0, 3)") {
		t.Errorf("error %v, want one that names the value and its place", err)
	}
}
