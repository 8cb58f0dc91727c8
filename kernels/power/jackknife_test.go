package power

import (
	"context"
	"math"
	"reflect"
	"strings"
	"testing"

	"runlua/kernels/abundance"
	"runlua/kernels/fft"
	"runlua/kernels/grid"
	"runlua/kernels/par"
)

func jackknife(t *testing.T, threads int, pos []float64, opt Options) (*Result, [][]float64) {
	t.Helper()
	r, without, err := Jackknife(context.Background(), par.New(threads), pos, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r, without
}

// Particles at random are a Gaussian field but for their number N_p, by which the
// relative variance of P is 1/N + 1/N_p: so is the mean square of the jackknife's
// error, in narrow shells as in wide ones. 24 seeds of 26 degrees of freedom know a variance to √(2/26/24) = 6 %. The
// sub-boxes' window, with zeros at each third wave number, loses up to a fifth of
// it. The shells of fewest modes, where P scatters by itself, are left out. Dropping
// pairs across sub-boxes whole would double it.
func TestJackknifeOfAGaussianFieldIsTheScatterOfModes(t *testing.T) {
	const seeds, box, particles = 24, 100.0, 20000
	for _, opt := range []Options{{Box: box, Mesh: 24}, {Box: box, Mesh: 24, LogBins: 4}} {
		var jack, modes []float64
		for seed := range uint64(seeds) {
			r, _ := jackknife(t, 2, scatter(particles, box, 400+seed), opt)
			if jack == nil {
				jack, modes = make([]float64, len(r.K)), make([]float64, len(r.K))
			}
			for i := range r.K {
				jack[i] += r.Err[i] * r.Err[i]
				modes[i] += r.Noise[i] * r.Noise[i] * (1/float64(r.Modes[i]) + 1.0/particles)
			}
		}
		for i := range jack {
			ratio := jack[i] / modes[i]
			t.Logf("bins %d, shell %d: variance %.3f of that of modes", opt.LogBins, i, ratio)
			if i > 1 && math.Abs(ratio-1) > 0.25 {
				t.Errorf("log bins %d, shell %d: the jackknife's variance is %.3f of that of the modes, want 1 ± .25", opt.LogBins, i, ratio)
			}
		}
	}
}

// A box without structure in one sub-box loses nothing with it but volume.
func TestJackknifeRowsAreTheSpectraWithoutEach(t *testing.T) {
	const box = 60.0
	opt := Options{Box: box, Mesh: 18, LogBins: 4}
	pos := scatter(4000, box, 9)
	r, without := jackknife(t, 1, pos, opt)
	plain, err := Measure(context.Background(), par.New(1), pos, opt)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(r.P, plain.P) || len(without) != abundance.SubBoxes {
		t.Errorf("P is not Measure's, or there are %d rows", len(without))
	}
	// Over all sub-boxes A_i + C_i is P: the mean of (6) is P (27 − 1)/26, but for
	// the weight of pairs across, of which the mean is near 0.
	for i := range r.P {
		var mean float64
		for _, w := range without {
			mean += w[i] / abundance.SubBoxes
		}
		if math.Abs(mean-r.P[i]) > r.Err[i] {
			t.Errorf("shell %d: the mean of the rows is %v, P is %v ± %v", i, mean, r.P[i], r.Err[i])
		}
	}
	// Noise is taken from every row.
	opt.SubtractNoise = true
	less, rows := jackknife(t, 1, pos, opt)
	for i := range r.P {
		if math.Abs(less.Err[i]/r.Err[i]-1) > 1e-9 || math.Abs(rows[3][i]+less.Noise[i]-without[3][i]) > 1e-9*r.P[i] {
			t.Errorf("shell %d: errors %v and %v, rows %v and %v", i, less.Err[i], r.Err[i], rows[3][i], without[3][i])
		}
	}
}

// Eqs. (5) and (6) as they stand, over the modes of the whole box and of a sub-box.
// Rounding of some thousand terms.
func TestJackknifeRowsAreThoseOfEquationSix(t *testing.T) {
	const box, m = 60.0, 18
	pos := scatter(4000, box, 9)
	r, without := jackknife(t, 2, pos, Options{Box: box, Mesh: m})
	plan := newPlan(t, m)
	lay, window := plan.Layout(), newWindowTable(m, CIC)
	g, err := grid.New(lay, box, par.New(1))
	if err != nil {
		t.Fatal(err)
	}
	whole := plan.NewMesh()
	if err := g.Contrast(whole, pos); err != nil {
		t.Fatal(err)
	}
	for _, sub := range []int{0, 5, 26} {
		part := plan.NewMesh()
		for i := range m * m * m {
			x, y, z := i/m/m, i/m%m, i%m
			if x/6*9+y/6*3+z/6 == sub {
				part[lay.Index(x, y, z)] = whole[lay.Index(x, y, z)]
			}
		}
		all := append([]float64(nil), whole...)
		plan.Forward(all)
		plan.Forward(part)
		a, c := make([]float64, len(r.P)), make([]float64, len(r.P))
		for ix := range m {
			for iy := range m {
				for iz := range m / 2 {
					x, y := fft.Wave(ix, m), fft.Wave(iy, m)
					shell := int(math.Sqrt(float64(x*x+y*y+iz*iz))) - 1
					if shell < 0 || shell >= len(a) {
						continue
					}
					w := window.inverse[max(x, -x)] * window.inverse[max(y, -y)] * window.inverse[iz] / float64(2*r.Modes[shell])
					if iz > 0 {
						w *= 2 // k and -k
					}
					at := lay.Index(ix, iy, 2*iz)
					a[shell] += w * (part[at]*part[at] + part[at+1]*part[at+1])
					c[shell] += w * (part[at]*(all[at]-part[at]) + part[at+1]*(all[at+1]-part[at+1]))
				}
			}
		}
		for i := range r.P {
			const unit = box * box * box / (m * m * m) / (m * m * m)
			want := (r.P[i] - unit*(a[i]+math.Sqrt2*c[i])) / (1 - 1.0/27)
			if math.Abs(without[sub][i]-want) > 1e-12*r.P[i] {
				t.Errorf("without sub-box %d, shell %d: P = %v, want %v", sub, i, without[sub][i], want)
			}
		}
	}
}

func TestJackknifeIsTheSameForAnyThreads(t *testing.T) {
	pos := scatter(3000, 50, 7)
	a, rows := jackknife(t, 1, pos, Options{Box: 50, Mesh: 16})
	b, others := jackknife(t, 5, pos, Options{Box: 50, Mesh: 16})
	if !reflect.DeepEqual(a, b) || !reflect.DeepEqual(rows, others) {
		t.Error("5 threads give another error than one")
	}
	if _, _, err := Jackknife(context.Background(), par.New(1), pos, Options{Box: 50, Mesh: 4}); err == nil || !strings.Contains(err.Error(), "mesh must be at least 6") {
		t.Errorf("a mesh of 4: %v", err)
	}
}
