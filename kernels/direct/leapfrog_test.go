package direct

import (
	"context"
	"errors"
	"math"
	"testing"

	"runlua/kernels/par"
)

// kepler is an orbit with nothing special about its numbers.
var kepler = Orbit{Masses: [2]float64{2, 0.5}, SemiMajor: 1.3, Eccentricity: 0.4, G: 0.9}

func orbitSystem(t testing.TB, o Orbit) *System {
	t.Helper()
	pos, vel := o.At(0)
	return newSystem(t, Config{Positions: pos, Velocities: vel, Masses: o.Masses[:], G: o.G})
}

// exactSeparation is where the second body stands from the first at time t:
// Kepler's equation by bisection and the orbit's polar form, apart from At.
func exactSeparation(o Orbit, t float64) (x, y float64) {
	mu := o.G * (o.Masses[0] + o.Masses[1])
	m := math.Sqrt(mu/math.Pow(o.SemiMajor, 3)) * t
	low, high := m-1, m+1
	for range 200 {
		if mid := (low + high) / 2; mid-o.Eccentricity*math.Sin(mid) < m {
			low = mid
		} else {
			high = mid
		}
	}
	nu := 2 * math.Atan2(math.Sqrt(1+o.Eccentricity)*math.Sin(low/2), math.Sqrt(1-o.Eccentricity)*math.Cos(low/2))
	r := o.SemiMajor * (1 - o.Eccentricity*o.Eccentricity) / (1 + o.Eccentricity*math.Cos(nu))
	return r * math.Cos(nu), r * math.Sin(nu)
}

// orbitError is how far from its exact place the second body is seen from the
// first after t, in the given number of steps.
func orbitError(tb testing.TB, o Orbit, t float64, steps int64) float64 {
	s := orbitSystem(tb, o)
	evolve(tb, s, t, steps)
	x, y := exactSeparation(o, t)
	p := s.Positions()
	return math.Hypot(p[3]-p[0]-x, p[4]-p[1]-y)
}

func TestOrbitFollowsKepler(t *testing.T) {
	for _, part := range []float64{0.1, 0.5, 0.83, 1, 2.3} {
		// Eq. (4) conserves H + h²(v·V''v/12 − |∇V|²/24). A start at pericentre
		// therefore shifts the mean motion n by n (nh)² (1+2e)/(8(1−e)⁴); the place
		// is off by that phase times at most s √((1+e)/(1−e)), and by as much again
		// within an orbit.
		e, nh := kepler.Eccentricity, 2*math.Pi/4000
		perRadian := nh * nh * (1 + 2*e) / (8 * math.Pow(1-e, 4)) * kepler.SemiMajor * math.Sqrt((1+e)/(1-e))
		limit := perRadian * (2*math.Pi*part*1.2 + 2)
		if err := orbitError(t, kepler, part*kepler.Period(), int64(4000*part)); err > limit {
			t.Errorf("after %v periods it is %v off, the limit is %v", part, err, limit)
		}
	}
}

func TestHalvingTheStepDividesTheErrorByFour(t *testing.T) {
	end := 0.83 * kepler.Period()
	for _, steps := range []int64{400, 800, 1600} {
		ratio := orbitError(t, kepler, end, steps) / orbitError(t, kepler, end, 2*steps)
		if math.Abs(ratio-4) > 0.5 {
			t.Errorf("%d steps: the error falls by a factor %.3f, want 4 ± 0.5", steps, ratio)
		}
	}
}

func TestHelperPutsTheBodiesOnTheirOrbit(t *testing.T) {
	for _, part := range []float64{0, 0.2, 0.5, 0.77, 3.1, -0.4} {
		pos, vel := kepler.At(2 * math.Pi * part)
		x, y := exactSeparation(kepler, part*kepler.Period())
		// The oracle's own anomaly and angle functions: some ulp of 20 radian.
		if math.Hypot(pos[3]-pos[0]-x, pos[4]-pos[1]-y) > 1e-13*20 {
			t.Errorf("phase %v: at %v, want separation %v %v", part, pos, x, y)
		}
		s := newSystem(t, Config{Positions: pos, Velocities: vel, Masses: kepler.Masses[:], G: kepler.G})
		e, err := s.Energy(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		want := -kepler.G * kepler.Masses[0] * kepler.Masses[1] / (2 * kepler.SemiMajor)
		if math.Abs(e.Total()/want-1) > 1e-13 { // rounding of T and U, each some 3 times as large
			t.Errorf("phase %v: the energy is %v, want %v", part, e.Total(), want)
		}
		mu, reduced := kepler.G*2.5, 2*0.5/2.5
		if l, want := s.AngularMomentum()[2], reduced*math.Sqrt(mu*kepler.SemiMajor*(1-0.16)); math.Abs(l/want-1) > 1e-14*4 {
			t.Errorf("phase %v: the angular momentum is %v, want %v", part, l, want)
		}
		for k, p := range s.Momentum() {
			if c := s.CentreOfMass()[k]; math.Abs(p) > 1e-15 || math.Abs(c) > 1e-15 { // rounding of sums that cancel, of order 1
				t.Errorf("phase %v, axis %d: momentum %v, centre %v, want 0", part, k, p, c)
			}
		}
	}
}

func TestKeplersEquationNearAParabola(t *testing.T) {
	for _, e := range []float64{0, 0.5, 0.99, 0.999999} {
		for _, m := range []float64{0, 1e-9, 1e-3, 0.1, 1, 3, math.Pi, 6.2, -2} {
			got := eccentricAnomaly(m, e)
			// Rounding of e sin E and of the difference.
			if back := got - e*math.Sin(got); math.Abs(back-m) > 4e-16*max(1, math.Abs(m))*4 {
				t.Errorf("e = %v: M = %v gives E = %v, which is of M = %v", e, m, got, back)
			}
		}
	}
}

// The energy error of a symplectic step oscillates with amplitude O(h²) over an
// orbit and comes back, however many orbits pass.
func TestEnergyErrorOfAnOrbitDoesNotGrow(t *testing.T) {
	worst := func(first, last int, perOrbit int64) float64 {
		s := orbitSystem(t, kepler)
		e0, _ := s.Energy(context.Background())
		largest := 0.0
		e, err := s.Schedule(float64(last)*kepler.Period(), int64(last)*perOrbit)
		if err != nil {
			t.Fatal(err)
		}
		for step := range int64(last) * perOrbit {
			if err := e.Step(context.Background()); err != nil {
				t.Fatal(err)
			}
			if step >= int64(first)*perOrbit {
				now, _ := s.Energy(context.Background())
				largest = max(largest, math.Abs(now.Total()/e0.Total()-1))
			}
		}
		return largest
	}
	early, late := worst(0, 2, 200), worst(98, 100, 200)
	// Steps meet the pericentre at other phases: a tenth at 200 an orbit.
	if late > 1.1*early || early < 1e-7 {
		t.Errorf("the energy error is %v in the first two orbits and %v in the last two of 100", early, late)
	}
	if ratio := early / worst(0, 2, 400); math.Abs(ratio-4) > 0.5 {
		t.Errorf("halving the step divides the energy error by %v, want 4 ± 0.5", ratio)
	}
}

func TestStepsConserveMomenta(t *testing.T) {
	c := cloud(60)
	c.Softening = 0.2
	s := newSystem(t, c)
	p0, l0 := s.Momentum(), s.AngularMomentum()
	evolve(t, s, 2, 200)
	p1, l1 := s.Momentum(), s.AngularMomentum()
	// Kicks are along the lines between particles and drifts along velocities:
	// both sums change by rounding only, 200 steps of 60 particles with numbers
	// of order 10.
	const limit = 200 * 60 * 10 * 1.1e-16
	for k := range p0 {
		if math.Abs(p1[k]-p0[k]) > limit || math.Abs(l1[k]-l0[k]) > limit {
			t.Errorf("axis %d: momentum %v -> %v, angular momentum %v -> %v", k, p0[k], p1[k], l0[k], l1[k])
		}
	}
}

func TestStepsConserveTheEnergyOfASoftSystem(t *testing.T) {
	drift := func(steps int64) float64 {
		pos, vel, mass := Plummer{N: 128, Seed: 3, Mass: 1, Scale: StandardScale, G: 1}.Draw()
		s := newSystem(t, Config{Positions: pos, Velocities: vel, Masses: mass, G: 1, Softening: 0.1})
		before, _ := s.Energy(context.Background())
		evolve(t, s, 2, steps)
		after, _ := s.Energy(context.Background())
		return math.Abs(after.Total()/before.Total() - 1)
	}
	// The energy differs from what Eq. (4) conserves by h² Σ m v·V''v/12, V'' being
	// at most Gm/ε³ of a neighbour and GM/s³ of the sphere: h²/6 · 13 of T, and
	// the energy is −T.
	coarse, fine := drift(200), drift(1600)
	if coarse > 1e-4/6*13 {
		t.Errorf("the energy changes by %v with steps of 0.01", coarse)
	}
	if ratio := coarse / fine; math.Abs(ratio-64) > 8 { // h² again
		t.Errorf("steps eight times shorter divide the change by %v, want 64 ± 8", ratio)
	}
}

func TestReversedRunReturns(t *testing.T) {
	c := cloud(40)
	c.Softening = 0.3
	s := newSystem(t, c)
	evolve(t, s, 1, 100)
	evolve(t, s, 0, 100)
	for i, x := range s.Positions() {
		// Rounding of 200 steps, grown by the flow and back: a hundred ulp of
		// numbers of order 10 for a soft system over one crossing time.
		if math.Abs(x-c.Positions[i]) > 1e-12 || math.Abs(s.Velocities()[i]-c.Velocities[i]) > 1e-12 {
			t.Fatalf("particle %d returns to %v with %v, began at %v with %v", i/3, x, s.Velocities()[i], c.Positions[i], c.Velocities[i])
		}
	}
	if s.Time() != 0 || s.StepsDone() != 200 {
		t.Errorf("it is at time %v after %d steps", s.Time(), s.StepsDone())
	}
}

func TestClockEndsWhereAsked(t *testing.T) {
	s := newSystem(t, cloud(2))
	e, err := s.Schedule(0.7, 30)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 30 {
		if want := 0.7 / 30 * float64(i); math.Abs(s.Time()-want) > 1e-15 { // rounding of times below 1
			t.Errorf("after %d steps it is %v, want %v", i, s.Time(), want)
		}
		if err := e.Step(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if s.Time() != 0.7 {
		t.Errorf("it ends at %v, want 0.7", s.Time())
	}
}

func TestMistakesAreRefusedByName(t *testing.T) {
	valid := cloud(3)
	for name, c := range map[string]func(c *Config){
		"masses":     func(c *Config) { c.Masses = []float64{1, -1, 1} },
		"positions":  func(c *Config) { c.Positions = c.Positions[:6] },
		"velocities": func(c *Config) { c.Velocities = append([]float64{math.NaN()}, c.Velocities[1:]...) },
		"softening":  func(c *Config) { c.Softening = -1 },
		"G":          func(c *Config) { c.G = 0 },
	} {
		broken := valid
		c(&broken)
		_, err := New(broken)
		var p *ParamError
		if !errors.As(err, &p) || p.Param != name {
			t.Errorf("a wrong %s gives %v", name, err)
		}
	}
	s := newSystem(t, valid)
	for _, c := range []struct {
		end   float64
		steps int64
		param string
	}{{0, 10, "to"}, {math.NaN(), 10, "to"}, {math.Inf(1), 10, "to"}, {1, 0, "steps"}, {1, 1 << 60, "steps"}} {
		var p *ParamError
		if _, err := s.Schedule(c.end, c.steps); !errors.As(err, &p) || p.Param != c.param {
			t.Errorf("to %v in %d steps gives %v, want an error about %s", c.end, c.steps, err, c.param)
		}
	}
}

func BenchmarkStep(b *testing.B) {
	pos, vel, mass := Plummer{N: 2000, Seed: 1, Mass: 1, Scale: 1, G: 1}.Draw()
	s := newSystem(b, Config{Positions: pos, Velocities: vel, Masses: mass, G: 1, Softening: 0.01, Pool: par.New(1)})
	e, err := s.Schedule(1, 1<<40)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := e.Step(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(2000*1999*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpairs/s")
}
