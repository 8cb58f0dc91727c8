package direct

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"runlua/kernels/par"
)

// eachPrecision runs a test for the forces of either precision.
func eachPrecision(t *testing.T, f func(t *testing.T, p Precision)) {
	for _, p := range Precisions {
		t.Run(p, func(t *testing.T) { f(t, Precision(p)) })
	}
}

func forceOf(t testing.TB, c Config) []float64 {
	t.Helper()
	acc := make([]float64, 3*len(c.Masses))
	if err := accelerations(c, acc); err != nil {
		t.Fatal(err)
	}
	return acc
}

// singleBounds are, for each particle, how far its acceleration in single
// precision may be from Eq. (1), and the sum of the pulls' sizes.
//
// With u = 2⁻²⁴: a difference of coordinates is rounded twice (2u), so its square
// is off by 5u, the sum of squares by 3u more; the root by 5u, their product by
// 14u, the quotient by 15u. Mass and product make 17u, the product with the
// difference 20u. A tile's sum of 256 terms adds 255u. The low parts of two
// coordinates and their difference are off by 2⁻⁴⁷ of half the cube's side along
// each axis, so that d is by √3 times that, and the pull by at most 2m|δd|/r³, r
// the softened distance.
func singleBounds(c Config) (bound, size []float64) {
	const u = 0x1p-24
	_, half := cube(c.Positions)
	n := len(c.Masses)
	bound, size = make([]float64, n), make([]float64, n)
	for i := range n {
		for j := range n {
			if i == j {
				continue
			}
			d2 := 0.0
			for k := range 3 {
				d := c.Positions[3*i+k] - c.Positions[3*j+k]
				d2 += d * d
			}
			r2 := d2 + c.Softening*c.Softening
			pull := c.G * c.Masses[j] / (r2 * math.Sqrt(r2))
			size[i] += pull * math.Sqrt(d2)
			bound[i] += pull * 2 * math.Sqrt(3) * 0x1p-47 * half
		}
		bound[i] += (20 + 255) * u * size[i]
	}
	return bound, size
}

func TestSinglePrecisionErrsWithinItsBound(t *testing.T) {
	sizes := []int{300, 700}
	for n := 1; n <= 67; n++ {
		sizes = append(sizes, n)
	}
	for _, n := range sizes {
		for _, softening := range []float64{0, 0.01, 1, 1e6} {
			c := cloud(n)
			c.Softening = softening
			want := forceOf(t, c)
			bound, _ := singleBounds(c)
			c.Precision = Single
			for i, a := range forceOf(t, c) {
				if math.Abs(a-want[i]) > bound[i/3] {
					t.Fatalf("%d particles, softening %v: component %d is %v, in double precision %v, the bound is %v", n, softening, i, a, want[i], bound[i/3])
				}
			}
		}
	}
}

// The bound takes every rounding for the worst; roundings of either sign make
// what the package's doc promises.
func TestSinglePrecisionErrsByAMillionthOfATypicalForce(t *testing.T) {
	pos, vel, mass := Plummer{N: 4096, Seed: 3, Mass: 1, Scale: 1, G: 1}.Draw()
	c := Config{Positions: pos, Velocities: vel, Masses: mass, G: 1, Softening: 0.01}
	want := forceOf(t, c)
	c.Precision = Single
	var squares, norm, largest float64
	for i, a := range forceOf(t, c) {
		e := a - want[i]
		squares, norm, largest = squares+e*e, norm+want[i]*want[i], max(largest, math.Abs(e))
	}
	rms := math.Sqrt(squares / norm)
	largest /= math.Sqrt(norm / float64(len(want)))
	t.Logf("root mean square error %.2e, largest %.2e of the root mean square force", rms, largest)
	// A rounding is 3e-8 on average, a pull takes some ten of them, and a sum of
	// 256 that go everywhere some sixteen times one.
	if rms > 3e-7 || largest > 1e-5 {
		t.Errorf("the error is %v, at most %v, of the root mean square force", rms, largest)
	}
}

// Positions a power of two apart leave the same differences, and the centre is
// found without rounding.
func TestForcesAreTheSameFarFromTheOrigin(t *testing.T) {
	eachPrecision(t, func(t *testing.T, p Precision) {
		c := cloud(100)
		c.Precision, c.Softening = p, 0.1
		for i, x := range c.Positions {
			c.Positions[i] = math.Round(x*0x1p18) / 0x1p18
		}
		want := forceOf(t, c)
		for i := range c.Positions {
			c.Positions[i] += [3]float64{0x1p30, -0x1p31, 0x1p29}[i%3]
		}
		for i, a := range forceOf(t, c) {
			if math.Float64bits(a) != math.Float64bits(want[i]) {
				t.Fatalf("component %d is %v far away, %v at the origin", i, a, want[i])
			}
		}
	})
}

func TestUnitsDoNotChangeTheBits(t *testing.T) {
	eachPrecision(t, func(t *testing.T, p Precision) {
		c := cloud(50)
		c.Precision, c.Softening = p, 0.1
		want := forceOf(t, c)
		for _, e := range [][2]int{{-120, 3}, {110, -90}, {60, 200}} {
			length, mass := math.Ldexp(1, e[0]), math.Ldexp(1, e[1])
			d := cloud(50)
			d.Precision, d.Softening = p, 0.1*length
			for i := range d.Positions {
				d.Positions[i] *= length
			}
			for i := range d.Masses {
				d.Masses[i] *= mass
			}
			for i, a := range forceOf(t, d) {
				if a != want[i]*mass/length/length {
					t.Fatalf("lengths times %v, masses times %v: component %d is %v, want %v", length, mass, i, a, want[i]*mass/length/length)
				}
			}
		}
	})
}

// Both of a pair feel the same pull but for the rounding of two products, and
// what sums of it lose: each of the 255 additions of a tile half an ulp.
func TestForcesBalanceInEitherPrecision(t *testing.T) {
	eachPrecision(t, func(t *testing.T, p Precision) {
		u := map[Precision]float64{Single: 0x1p-24, Double: 0x1p-53}[p]
		for _, n := range []int{2, 9, 64, 700} {
			c := cloud(n)
			c.Precision = p
			_, size := singleBounds(c)
			var net [3]float64
			var limit float64
			for i, a := range forceOf(t, c) {
				net[i%3] += c.Masses[i/3] * a
				limit += u * (255 + 4) * c.Masses[i/3] * size[i/3] / 3
			}
			for k, f := range net {
				if math.Abs(f) > limit {
					t.Errorf("%d particles, axis %d: the forces sum to %v, the limit is %v", n, k, f, limit)
				}
			}
		}
	})
}

func TestPlacesThatCannotBeToldApartAreAnError(t *testing.T) {
	c := cloud(3)
	c.Precision = Single
	copy(c.Positions[3:6], c.Positions[:3])
	c.Positions[3] += 1e-13
	c.Positions[6] = 1e3 // so that 2⁻⁴⁸ of half the cube is 2e-12
	if err := accelerations(c, make([]float64, 9)); err == nil || !strings.Contains(err.Error(), "force on particle 1 is not finite") {
		t.Errorf("the error is %v", err)
	}
	c.Softening = 0.1
	forceOf(t, c)
}

func TestRunawaysAreNamed(t *testing.T) {
	eachPrecision(t, func(t *testing.T, p Precision) {
		for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			c := cloud(20)
			c.Precision, c.Softening = p, 1
			c.Positions[3*13+1] = x
			err := accelerations(c, make([]float64, 60))
			if err == nil || err.Error() != "particle 14 is not finite any more" {
				t.Errorf("at %v: the error is %v", x, err)
			}
		}
	})
}

func TestAbsentMassesPullNothing(t *testing.T) {
	eachPrecision(t, func(t *testing.T, p Precision) {
		c := cloud(30)
		c.Precision = p
		clear(c.Masses)
		for i, a := range forceOf(t, c) {
			if a != 0 {
				t.Fatalf("component %d is %v", i, a)
			}
		}
	})
}

// What the leapfrog conserves in double precision it conserves in single, but
// for the roundings of forces, which are no gradient: 3e-7 of a force for each
// step, going everywhere.
func TestSinglePrecisionKeepsTheEnergy(t *testing.T) {
	change := func(p Precision) float64 {
		pos, vel, mass := Plummer{N: 256, Seed: 3, Mass: 1, Scale: StandardScale, G: 1}.Draw()
		s := newSystem(t, Config{Positions: pos, Velocities: vel, Masses: mass, G: 1, Softening: 0.1, Precision: p})
		before, _ := s.Energy(context.Background())
		evolve(t, s, 2, 400)
		after, _ := s.Energy(context.Background())
		return after.Total()/before.Total() - 1
	}
	single, double := change(Single), change(Double)
	// T changes by v·δa h for a step, with v and a of order 1 in these units.
	if limit := 3e-7 * 2 * 10; math.Abs(single-double) > limit {
		t.Errorf("the energy changes by %v, in double precision by %v, the limit of the difference is %v", single, double, limit)
	}
}

func TestOrbitFollowsKeplerInSinglePrecision(t *testing.T) {
	pos, vel := kepler.At(0)
	const steps = 4000
	s := newSystem(t, Config{Positions: pos, Velocities: vel, Masses: kepler.Masses[:], G: kepler.G, Precision: Single})
	evolve(t, s, kepler.Period(), steps)
	x, y := exactSeparation(kepler, kepler.Period())
	p := s.Positions()
	// The limit of TestOrbitFollowsKepler for a period, and beside it a force that
	// is wrong by 20 u for all of it, which moves the phase by 3/2·2π times that.
	e, nh := kepler.Eccentricity, 2*math.Pi/steps
	perRadian := nh * nh * (1 + 2*e) / (8 * math.Pow(1-e, 4)) * kepler.SemiMajor * math.Sqrt((1+e)/(1-e))
	limit := perRadian*(2*math.Pi*1.2+2) + 20*0x1p-24*3*math.Pi*kepler.SemiMajor*math.Sqrt((1+e)/(1-e))
	if off := math.Hypot(p[3]-p[0]-x, p[4]-p[1]-y); off > limit {
		t.Errorf("after a period it is %v off, the limit is %v", off, limit)
	}
}

func TestSinglePrecisionHasTheSameBitsOnAnyThreadsAndWhenRestored(t *testing.T) {
	c := cloud(150)
	c.Softening, c.Precision = 0.1, Single
	whole := newSystem(t, c)
	evolve(t, whole, 0.3, 20)
	for _, threads := range []int{2, 5} {
		c.Pool = par.New(threads)
		s := newSystem(t, c)
		e, err := s.Schedule(0.3, 20)
		if err != nil {
			t.Fatal(err)
		}
		for range 7 {
			if err := e.Step(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		back, err := Restore(c, strings.NewReader(string(saved(t, s))))
		if err != nil {
			t.Fatal(err)
		}
		for back.Evolution() != nil {
			if err := back.Evolution().Step(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		sameSystem(t, back, whole)
	}
}

func TestPrecisionIsPartOfAState(t *testing.T) {
	c := cloud(5)
	double := saved(t, newSystem(t, c))
	c.Precision = Double
	if _, err := Restore(c, strings.NewReader(string(double))); err != nil {
		t.Errorf("double precision by name: %v", err)
	}
	if d := cloud(5); d.Digest() != c.Digest() {
		t.Error("the default precision has another digest")
	}
	c.Precision = Single
	if c.Digest() == cloud(5).Digest() {
		t.Error("single precision has the digest of double")
	}
	if _, err := Restore(c, strings.NewReader(string(double))); !errors.Is(err, ErrStateMismatch) || !strings.Contains(fmt.Sprint(err), "double precision") {
		t.Errorf("a state of the other precision gives %v", err)
	}
	c.Precision = "half"
	var p *ParamError
	if _, err := New(c); !errors.As(err, &p) || p.Param != "precision" {
		t.Errorf("half precision gives %v", err)
	}
}
