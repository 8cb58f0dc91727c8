package nbody

import (
	"math"
	"testing"

	"runlua/kernels/fft"
	"runlua/kernels/par"
)

func testModes(t *testing.T, c Config) *modes {
	t.Helper()
	c = c.withDefaults()
	if c.Spectrum == nil {
		c.Spectrum = eisensteinHu(t, c.Cosmology)
	}
	m, err := newModes(&c, 0.0254)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// eachMode calls f for wave numbers from −limit to limit on each axis.
func eachMode(limit int, f func(i, j, k int)) {
	for i := -limit; i <= limit; i++ {
		for j := -limit; j <= limit; j++ {
			for k := -limit; k <= limit; k++ {
				f(i, j, k)
			}
		}
	}
}

func TestFinerLatticeSharesModesBitForBit(t *testing.T) {
	coarse := testModes(t, testConfig(100, 16, 32))
	fine := testModes(t, testConfig(100, 32, 64))
	eachMode(7, func(i, j, k int) {
		re, im := coarse.at(i, j, k)
		re2, im2 := fine.at(i, j, k)
		if re != re2 || im != im2 {
			t.Fatalf("mode (%d,%d,%d) is %v%+vi with 16 particles a side, %v%+vi with 32", i, j, k, re, im, re2, im2)
		}
		if re == 0 && i*i+j*j+k*k > 0 {
			t.Fatalf("mode (%d,%d,%d) is zero", i, j, k)
		}
	})
	if re, _ := coarse.at(8, 1, 1); re != 0 {
		t.Error("a Nyquist mode is not zero")
	}
}

// A row of the mesh is filled at once, its normals by a batch along k.
func TestTheMeshHoldsEachModeBitForBit(t *testing.T) {
	c := testConfig(100, 32, 64)
	for _, c.FixedAmplitude = range []bool{false, true} {
		m := testModes(t, c)
		m.shift = 0
		plan, err := fft.NewReal3(c.Particles, par.New(1))
		if err != nil {
			t.Fatal(err)
		}
		mesh := plan.NewMesh()
		m.fill(plan, mesh)
		n3 := math.Pow(float64(c.Particles), 3)
		plan.Apply(mesh, func(ix, iy int, row []float64) {
			i, j := fft.Wave(ix, c.Particles), fft.Wave(iy, c.Particles)
			for k := range len(row) / 2 {
				re, im := m.at(i, j, k)
				if re, im = n3*re, n3*im; row[2*k] != re || row[2*k+1] != im {
					t.Fatalf("mode (%d,%d,%d) of the mesh is %v%+vi, want %v%+vi", i, j, k, row[2*k], row[2*k+1], re, im)
				}
			}
		})
	}
}

func TestModesOfARealFieldAreHermitian(t *testing.T) {
	m := testModes(t, testConfig(100, 16, 32))
	eachMode(7, func(i, j, k int) {
		re, im := m.at(i, j, k)
		re2, im2 := m.at(-i, -j, -k)
		if re != re2 || im != -im2 {
			t.Fatalf("mode (%d,%d,%d) is not the conjugate of its opposite", i, j, k)
		}
	})
}

func TestPhasePiIsMinusDelta(t *testing.T) {
	c := testConfig(100, 16, 32)
	for _, c.FixedAmplitude = range []bool{false, true} {
		plain := testModes(t, c)
		c.Phase = math.Pi
		paired := testModes(t, c)
		c.Phase = 0
		eachMode(7, func(i, j, k int) {
			re, im := plain.at(i, j, k)
			re2, im2 := paired.at(i, j, k)
			if re != -re2 || im != -im2 {
				t.Fatalf("mode (%d,%d,%d): %v%+vi and %v%+vi don't cancel", i, j, k, re, im, re2, im2)
			}
		})
	}
}

func TestPhaseTurnsModesAndKeepsAmplitudes(t *testing.T) {
	c := testConfig(100, 16, 32)
	plain := testModes(t, c)
	c.Phase = 0.7
	turned := testModes(t, c)
	re, im := plain.at(1, -2, 3)
	re2, im2 := turned.at(1, -2, 3)
	got := math.Remainder(math.Atan2(im2, re2)-math.Atan2(im, re), 2*math.Pi)
	if math.Abs(got-0.7) > 1e-14 || math.Abs(math.Hypot(re2, im2)/math.Hypot(re, im)-1) > 1e-14 { // a few roundings
		t.Errorf("phase .7 turned %v%+vi into %v%+vi, by %v", re, im, re2, im2, got)
	}
}

func TestGaussianModesHaveTheInputPower(t *testing.T) {
	c := testConfig(100, 32, 64)
	m := testModes(t, c)
	var sum, square, n float64
	eachMode(15, func(i, j, k int) {
		n2 := i*i + j*j + k*k
		if k <= 0 || n2 == 0 {
			return
		}
		re, im := m.at(i, j, k)
		x := (re*re + im*im) / (m.amplitude[n2] * m.amplitude[n2])
		sum, square, n = sum+x, square+x*x, n+1
	})
	// |δ|² over its mean is exponential: mean 1, mean square 2, with standard
	// errors 1/√n and √20/√n. Five of each.
	if e := math.Abs(sum/n - 1); e > 5/math.Sqrt(n) {
		t.Errorf("mean power is %v of the input, over %v modes", sum/n, n)
	}
	if e := math.Abs(square/n - 2); e > 5*math.Sqrt(20/n) {
		t.Errorf("mean square power is %v, want 2, over %v modes", square/n, n)
	}
}
