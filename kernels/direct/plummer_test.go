package direct

import (
	"context"
	"math"
	"slices"
	"testing"

	"runlua/kernels/par"
	"runlua/kernels/rng"
)

const sphereN = 4000

func sphere(t testing.TB, seed uint64) *System {
	pos, vel, mass := Plummer{N: sphereN, Seed: seed, Mass: 3, Scale: 2, G: 0.5}.Draw()
	return newSystem(t, Config{Positions: pos, Velocities: vel, Masses: mass, G: 0.5, Pool: par.New(2)})
}

// kolmogorov is the largest distance between the cumulative distribution of
// the values and the given one.
func kolmogorov(values []float64, cumulative func(x float64) float64) float64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	n, d := float64(len(sorted)), 0.0
	for i, x := range sorted {
		c := cumulative(x)
		d = max(d, c-float64(i)/n, float64(i+1)/n-c)
	}
	return d
}

// ksLimit is what the distance exceeds for one sample in a thousand:
// 2 exp(−2 n d²) = 1e-3.
var ksLimit = math.Sqrt(math.Log(2e3) / 2 / sphereN)

func norms(x []float64) []float64 {
	out := make([]float64, len(x)/3)
	for i := range out {
		out[i] = math.Sqrt(x[3*i]*x[3*i] + x[3*i+1]*x[3*i+1] + x[3*i+2]*x[3*i+2])
	}
	return out
}

func TestPlummerRadiiFollowTheMassProfile(t *testing.T) {
	for seed := range uint64(3) {
		d := kolmogorov(norms(sphere(t, seed).Positions()), func(r float64) float64 {
			return math.Pow(r*r/(r*r+4), 1.5)
		})
		if d > ksLimit {
			t.Errorf("seed %d: the distance from Eq. (8) is %v, the limit %v", seed, d, ksLimit)
		}
	}
}

// With q = sin θ, p(q) dq ∝ sin² θ cos⁸ θ dθ, whose integral is summed here.
func TestPlummerSpeedsFollowTheirDistribution(t *testing.T) {
	const cells = 1 << 14
	table := make([]float64, cells+1)
	for i := range cells {
		th := math.Pi / 2 * (float64(i) + 0.5) / cells
		table[i+1] = table[i] + math.Pow(math.Sin(th), 2)*math.Pow(math.Cos(th), 8)
	}
	s := sphere(t, 1)
	r, v := norms(s.Positions()), norms(s.Velocities())
	q := make([]float64, sphereN)
	for i := range q {
		// The shift to the centre of mass, s/√n, is small against the spread.
		q[i] = min(1, v[i]/math.Sqrt(2*0.5*3/math.Sqrt(r[i]*r[i]+4)))
	}
	d := kolmogorov(q, func(q float64) float64 {
		return table[int(math.Asin(q)/(math.Pi/2)*cells)] / table[cells]
	})
	if d > ksLimit {
		t.Errorf("the distance from Eq. (9) is %v, the limit %v", d, ksLimit)
	}
}

// The sphere's own directions are seen from its centre of mass, which a few far
// particles shift; these are not.
func TestDirectionsAreIsotropic(t *testing.T) {
	random := rng.NewStream(8, 99, 0)
	x := make([]float64, 3*sphereN)
	for i := range sphereN {
		direction(random, 2, x[3*i:3*i+3])
	}
	for axis := range 3 {
		cosine := make([]float64, sphereN)
		for i := range cosine {
			cosine[i] = x[3*i+axis] / 2
		}
		// Archimedes: each cosine is uniform in [−1, 1].
		if d := kolmogorov(cosine, func(c float64) float64 { return (c + 1) / 2 }); d > ksLimit {
			t.Errorf("axis %d: the distance from a uniform cosine is %v, the limit %v", axis, d, ksLimit)
		}
	}
	for _, length := range norms(x) {
		if math.Abs(length-2) > 1e-15 { // some roundings
			t.Errorf("a vector of length 2 has length %v", length)
		}
	}
}

func TestPlummerIsInEquilibrium(t *testing.T) {
	for seed := range uint64(3) {
		s := sphere(t, seed)
		e, err := s.Energy(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		// E = −3π G M²/(64 s). T and U scatter as means over particles: v² by
		// its own spread, U by twice that of the potential −GM/√(r²+s²).
		var v2, phi moments
		r, v := norms(s.Positions()), norms(s.Velocities())
		for i := range r {
			v2.add(v[i] * v[i])
			phi.add(1 / math.Sqrt(r[i]*r[i]+4))
		}
		sigma := math.Hypot(v2.relativeError(), 2*phi.relativeError())
		if math.Abs(e.VirialRatio()-1) > 3.5*sigma {
			t.Errorf("seed %d: the virial ratio is %v, want 1 ± %v", seed, e.VirialRatio(), sigma)
		}
		if want := -3 * math.Pi / 64 * 0.5 * 9 / 2; math.Abs(e.Total()/want-1) > 3.5*2*sigma {
			t.Errorf("seed %d: the energy is %v, want %v within %v", seed, e.Total(), want, 2*sigma)
		}
		if e.Virial != e.Potential && math.Abs(e.Virial/e.Potential-1) > 1e-14 { // d²/r² is 1, rounded
			t.Errorf("seed %d: without softening W is %v, U is %v", seed, e.Virial, e.Potential)
		}
		for k := range 3 {
			if math.Abs(s.CentreOfMass()[k]) > 1e-13 || math.Abs(s.Momentum()[k]) > 1e-13 { // rounding of sums of 4000 that cancel
				t.Errorf("seed %d: centre %v, momentum %v, want 0", seed, s.CentreOfMass(), s.Momentum())
			}
		}
	}
}

type moments struct{ n, sum, squares float64 }

func (m *moments) add(x float64) { m.n++; m.sum += x; m.squares += x * x }

func (m *moments) relativeError() float64 {
	mean := m.sum / m.n
	return math.Sqrt((m.squares/m.n-mean*mean)/m.n) / mean
}

// Softened forces have a virial theorem of their own; U is not part of it.
func TestVirialIsThatOfTheForces(t *testing.T) {
	c := cloud(50)
	c.Softening = 0.7
	s := newSystem(t, c)
	e, err := s.Energy(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.prepare(context.Background()); err != nil {
		t.Fatal(err)
	}
	var want float64
	for i, a := range s.acc {
		want += c.Masses[i/3] * c.Positions[i] * a
	}
	if math.Abs(e.Virial/want-1) > 1e-13 { // 150 products in another order
		t.Errorf("W is %v, Σ m x·a is %v", e.Virial, want)
	}
	if e.Virial/e.Potential > 0.9 {
		t.Errorf("W/U is %v with a softening as large as the distances", e.Virial/e.Potential)
	}
}

func TestLagrangianRadiiHoldTheirMass(t *testing.T) {
	c := Config{G: 1}
	// Masses 1, 2, 3, 4 at distances 1 to 4 on the axes and their mirrors, so
	// that the centre is the origin.
	for i := 4; i >= 1; i-- {
		for _, side := range []float64{-1, 1} {
			x := [3]float64{}
			x[i%3] = side * float64(i)
			c.Positions = append(c.Positions, x[:]...)
			c.Velocities = append(c.Velocities, 0, 0, 0)
			c.Masses = append(c.Masses, float64(i))
		}
	}
	got := newSystem(t, c).LagrangianRadii([]float64{0, 0.05, 0.1, 0.11, 0.3, 0.31, 0.6, 0.61, 1})
	for i, want := range []float64{1, 1, 1, 2, 2, 3, 3, 4, 4} {
		if got[i] != want {
			t.Errorf("radius %d is %v, want %v", i, got[i], want)
		}
	}
}

func TestUnitsHaveTheKnownG(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want float64
		limit     float64
	}{
		// Binney & Tremaine 2008, appendix A: G = 4.300 917 27e-3 pc (km/s)²/Msun
		// with the nominal Msun; the year 2π/√(G) of Gauss's constant.
		{"pc, Msun, km/s", UnitsByVelocity("pc", "Msun", "km/s").G, 4.30091727e-3, 1e-8},
		{"kpc, 1e10 Msun, km/s", UnitsByVelocity("kpc", "1e10 Msun", "km/s").G, 43009.1727, 1e-8},
		{"kpc/(km/s)", UnitsByVelocity("kpc", "Msun", "km/s").Myr, 977.792222, 1e-8},
		{"AU, Msun, day: Gauss's k²", UnitsByTime("AU", "Msun", "day").G, 0.01720209895 * 0.01720209895, 1e-8},
		{"AU, Msun, yr", UnitsByTime("AU", "Msun", "yr").G, 4 * math.Pi * math.Pi, 1e-4}, // the Gaussian year is 365.2569 days
		{"AU/yr", UnitsByTime("AU", "Msun", "yr").KmPS, 4.74047046, 1e-8},
		{"Mpc/Gyr", UnitsByTime("Mpc", "Msun", "Gyr").KmPS, 977.792222, 1e-8},
	} {
		if math.Abs(c.got/c.want-1) > c.limit {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
}
