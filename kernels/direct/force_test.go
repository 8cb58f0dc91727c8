package direct

import (
	"context"
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"runlua/kernels/par"
	"runlua/kernels/rng"
)

// cloud is n particles of unequal masses without any symmetry.
func cloud(n int) Config {
	random := rng.NewStream(5, 99, 0)
	c := Config{G: 1.7}
	for range n {
		c.Masses = append(c.Masses, 0.1+random.Float64())
		for range 3 {
			c.Positions = append(c.Positions, random.Normal())
			c.Velocities = append(c.Velocities, random.Normal())
		}
	}
	return c
}

func newSystem(t testing.TB, c Config) *System {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func evolve(t testing.TB, s *System, end float64, steps int64) {
	t.Helper()
	e, err := s.Schedule(end, steps)
	if err != nil {
		t.Fatal(err)
	}
	for range steps {
		if err := e.Step(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
}

// accelerations fills acc with Eq. (1) at the positions of c.
func accelerations(c Config, acc []float64) error {
	if c.Pool == nil {
		c.Pool = par.New(2)
	}
	return newAccelerator(c).accelerate(context.Background(), c.Positions, acc)
}

// bigForce is Eq. (1) as the gradient of Eq. (2): the pair potential's central
// difference, in 200-bit arithmetic, with each pair taken once.
func bigForce(c Config) []float64 {
	num := func(x float64) *big.Float { return new(big.Float).SetPrec(200).SetFloat64(x) }
	add := func(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(200).Add(a, b) }
	sub := func(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(200).Sub(a, b) }
	mul := func(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(200).Mul(a, b) }
	quo := func(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(200).Quo(a, b) }
	n := len(c.Masses)
	potential := func(d [3]*big.Float) *big.Float { // of unit masses and G
		r2 := mul(num(c.Softening), num(c.Softening))
		for _, x := range d {
			r2 = add(r2, mul(x, x))
		}
		return quo(num(-1), new(big.Float).SetPrec(200).Sqrt(r2))
	}
	step := num(0x1p-50) // error step²: 1e-30
	force := make([]*big.Float, 3*n)
	for i := range force {
		force[i] = num(0)
	}
	for i := range n {
		for j := range i {
			var d [3]*big.Float
			for k := range d {
				d[k] = sub(num(c.Positions[3*i+k]), num(c.Positions[3*j+k]))
			}
			for k := range d {
				up, down := d, d
				up[k], down[k] = add(d[k], step), sub(d[k], step)
				slope := quo(sub(potential(up), potential(down)), mul(num(2), step))
				slope = mul(slope, num(c.G))
				force[3*i+k] = sub(force[3*i+k], mul(slope, num(c.Masses[j])))
				force[3*j+k] = add(force[3*j+k], mul(slope, num(c.Masses[i])))
			}
		}
	}
	out := make([]float64, 3*n)
	for i, f := range force {
		out[i], _ = f.Float64()
	}
	return out
}

func TestForceIsTheGradientOfThePotential(t *testing.T) {
	for _, softening := range []float64{0, 0.05, 3} {
		c := cloud(70) // blocks of 32, 32 and 6
		c.Softening = softening
		acc := make([]float64, 210)
		if err := accelerations(c, acc); err != nil {
			t.Fatal(err)
		}
		want := bigForce(c)
		var scale float64
		for _, f := range want {
			scale = max(scale, math.Abs(f))
		}
		for i, a := range acc {
			// A sum of 69 terms, each good to some 5 ulp: 69·5·1.1e-16 of the
			// largest at most.
			if math.Abs(a-want[i]) > 4e-14*scale {
				t.Errorf("softening %v: component %d is %v, want %v", softening, i, a, want[i])
			}
		}
	}
}

func TestForcesBalance(t *testing.T) {
	c := cloud(100)
	acc := make([]float64, 300)
	if err := accelerations(c, acc); err != nil {
		t.Fatal(err)
	}
	var net [3]float64
	var sum float64
	for i, a := range acc {
		f := c.Masses[i/3] * a
		net[i%3] += f
		sum += math.Abs(f)
	}
	for k, f := range net {
		// Each pair's two pulls round apart: some ulp of the largest pair.
		if math.Abs(f) > 1e-14*sum {
			t.Errorf("axis %d: the forces sum to %v of %v", k, f, sum)
		}
	}
}

func TestThreadsDoNotChangeTheBits(t *testing.T) {
	var want []float64
	for _, threads := range []int{1, 2, 5} {
		c := cloud(150)
		c.Softening, c.Pool = 0.1, par.New(threads)
		s := newSystem(t, c)
		evolve(t, s, 0.3, 20)
		e, err := s.Energy(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		got := append(append([]float64{e.Kinetic, e.Potential, e.Virial}, s.Positions()...), s.Velocities()...)
		if want == nil {
			want = got
		}
		for i := range got {
			if math.Float64bits(got[i]) != math.Float64bits(want[i]) {
				t.Fatalf("%d threads: number %d is %v, with one it is %v", threads, i, got[i], want[i])
			}
		}
	}
}

func TestTwoParticlesAtOnePlaceAreAnError(t *testing.T) {
	c := cloud(3)
	copy(c.Positions[3:6], c.Positions[:3])
	s := newSystem(t, c)
	e, err := s.Schedule(1, 10)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Step(context.Background()); err == nil || !strings.Contains(err.Error(), "force on particle 1 is not finite") {
		t.Errorf("the step's error is %v", err)
	}
	if _, err := s.Energy(context.Background()); err == nil {
		t.Error("the energy is said to be finite")
	}
	c.Softening = 0.1
	evolve(t, newSystem(t, c), 1, 10)
}

// A step that is given up leaves the particles as they were.
func TestCancelledStepChangesNothing(t *testing.T) {
	s := newSystem(t, cloud(100))
	evolve(t, s, 0.1, 2)
	e, err := s.Schedule(0.2, 2)
	if err != nil {
		t.Fatal(err)
	}
	before := s.Copy()
	ctx := &dying{Context: context.Background(), after: 3}
	if err := e.Step(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("the error is %v", err)
	}
	if ctx.asked <= 3 {
		t.Fatal("the step never looked again")
	}
	sameSystem(t, s, before)
	for range 2 {
		if err := e.Step(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	evolve(t, before, 0.2, 2)
	sameSystem(t, s, before)
}

// dying is a context that is cancelled once it has been asked a few times.
type dying struct {
	context.Context
	asked, after int
}

func (d *dying) Err() error {
	if d.asked++; d.asked > d.after {
		return context.Canceled
	}
	return nil
}

func sameSystem(t *testing.T, a, b *System) {
	t.Helper()
	if a.Time() != b.Time() || a.StepsDone() != b.StepsDone() {
		t.Fatalf("time %v after %d steps, want %v after %d", a.Time(), a.StepsDone(), b.Time(), b.StepsDone())
	}
	for i := range a.pos {
		if math.Float64bits(a.pos[i]) != math.Float64bits(b.pos[i]) || math.Float64bits(a.vel[i]) != math.Float64bits(b.vel[i]) {
			t.Fatalf("particle %d is at %v with %v, want %v with %v", i/3, a.pos[i], a.vel[i], b.pos[i], b.vel[i])
		}
	}
}
