package rng

import (
	"math"
	"slices"
	"testing"
)

// The samples are fixed by their seeds, so these tests can't fail by chance;
// the bounds are those that a correct generator keeps with probability
// 1 - 6e-5 (4 standard errors) or, for Kolmogorov and Smirnov, 1 - 1e-4.
const (
	samples  = 200_000
	sigmas   = 4
	ksBound  = 2.23 // sqrt(ln(2/1e-4)/2)
	meshSide = 58   // about samples^(1/3): a cube of wave-vectors
)

// modeNormals draws both normals of each wave-vector of a cube, as initial
// conditions do.
func modeNormals(seed uint64, purpose uint32) []float64 {
	out := make([]float64, 0, 2*meshSide*meshSide*meshSide)
	for x := range uint32(meshSide) {
		for y := range uint32(meshSide) {
			for z := range uint32(meshSide) {
				a, b := Normal2([4]uint32{x - meshSide/2, y - meshSide/2, z, purpose}, Key(seed))
				out = append(out, a, b)
			}
		}
	}
	return out
}

func streamNormals(seed, id uint64) []float64 {
	s := NewStream(seed, PurposeScript, id)
	out := make([]float64, samples)
	for i := range out {
		out[i] = s.Normal()
	}
	return out
}

func TestNormalsHaveTheMomentsOfAGaussian(t *testing.T) {
	for name, xs := range map[string][]float64{
		"modes": modeNormals(1, PurposeModes), "stream": streamNormals(2, 3),
	} {
		// The variance of x^n over Gaussian x is <x^2n> - <x^n>².
		for _, m := range []struct {
			power          int
			want, variance float64
		}{{1, 0, 1}, {2, 1, 2}, {3, 0, 15}, {4, 3, 96}, {6, 15, 10395 - 225}} {
			var sum float64
			for _, x := range xs {
				sum += math.Pow(x, float64(m.power))
			}
			got := sum / float64(len(xs))
			if tol := sigmas * math.Sqrt(m.variance/float64(len(xs))); math.Abs(got-m.want) > tol {
				t.Errorf("%s: <x^%d> = %v, want %v ± %.2g", name, m.power, got, m.want, tol)
			}
		}
	}
}

// distance is Kolmogorov and Smirnov's, times sqrt(n); it sorts xs.
func distance(xs []float64, cdf func(float64) float64) float64 {
	slices.Sort(xs)
	n := float64(len(xs))
	var d float64
	for i, x := range xs {
		f := cdf(x)
		d = max(d, f-float64(i)/n, float64(i+1)/n-f)
	}
	return d * math.Sqrt(n)
}

func TestDistributionsAreNormalAndUniform(t *testing.T) {
	gauss := func(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }
	uniform := func(x float64) float64 { return x }
	u, v := make([]float64, samples), make([]float64, samples)
	for i := range u {
		u[i], v[i] = Uniform2([4]uint32{uint32(i), 0, 0, PurposeModes}, Key(5))
	}
	f := make([]float64, samples)
	s := NewStream(6, PurposeScript, 0)
	for i := range f {
		f[i] = s.Float64()
	}
	for _, c := range []struct {
		name string
		xs   []float64
		cdf  func(float64) float64
	}{
		{"modes", modeNormals(3, PurposeModes), gauss},
		{"stream normals", streamNormals(4, 0), gauss},
		{"Uniform2's u", u, uniform},
		{"Uniform2's v", v, uniform},
		{"stream Float64", f, uniform},
	} {
		if d := distance(c.xs, c.cdf); d > ksBound {
			t.Errorf("%s: Kolmogorov-Smirnov distance %.3f, want at most %v", c.name, d, ksBound)
		}
	}
}

// correlation is the sample correlation of zero-mean series, in standard errors.
func correlation(a, b []float64) float64 {
	n := min(len(a), len(b))
	var ab, aa, bb float64
	for i := range n {
		ab += a[i] * b[i]
		aa += a[i] * a[i]
		bb += b[i] * b[i]
	}
	return ab / math.Sqrt(aa*bb) * math.Sqrt(float64(n))
}

func TestNeighboursAndOtherSeedsAreUncorrelated(t *testing.T) {
	modes := modeNormals(1, PurposeModes)
	stream := streamNormals(1, 0)
	bitsFirst, normalsAfter := make([]float64, samples), make([]float64, samples)
	for i := range bitsFirst {
		s := NewStream(9, PurposeScript, uint64(i))
		bitsFirst[i] = s.Float64() - 0.5
		normalsAfter[i] = s.Normal()
	}
	const row = 2 * meshSide
	for _, c := range []struct {
		name string
		a, b []float64
	}{
		{"the two normals of a block and the next", modes, modes[1:]},
		{"neighbours along z", modes, modes[2:]},
		{"neighbours along y", modes, modes[row:]},
		{"neighbours along x", modes, modes[row*meshSide:]},
		{"adjacent seeds", modes, modeNormals(2, PurposeModes)},
		{"seeds that differ in the high word", modes, modeNormals(1|1<<32, PurposeModes)},
		{"purposes", modes, modeNormals(1, PurposeScript)},
		{"draws of a stream", stream, stream[1:]},
		{"a stream's blocks", stream, stream[2:]},
		{"adjacent ids", stream, streamNormals(1, 1)},
		{"ids that differ in the high word", stream, streamNormals(1, 1<<32)},
		{"a uniform and the normal after it", bitsFirst, normalsAfter},
	} {
		if r := correlation(c.a, c.b); math.Abs(r) > sigmas {
			t.Errorf("%s: correlation of %.1f standard errors, want at most %d", c.name, r, sigmas)
		}
	}
}

func TestUniformsReachTheirClosedEndsOnly(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"the least of unit", unit(0), 0},
		{"the greatest of unit", unit(math.MaxUint64), 1 - 0x1p-53},
		{"the least of positiveUnit", positiveUnit(0), 0x1p-53},
		{"the greatest of positiveUnit", positiveUnit(math.MaxUint64), 1},
	} {
		if c.got != c.want {
			t.Errorf("%s is %v, want %v", c.name, c.got, c.want)
		}
	}
}
