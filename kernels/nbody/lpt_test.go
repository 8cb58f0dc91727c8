package nbody

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"runlua/kernels/cosmology"
	"runlua/kernels/fft"
	"runlua/kernels/par"
)

// Two plane waves φ1 = A cos k·x + B cos l·x have, by Eq. (2),
//
//	∇²φ2 = AB |k×l|² cos k·x cos l·x
//	φ2 = −½AB |k×l|² [cos (k+l)·x/|k+l|² + cos (k−l)·x/|k−l|²]
//
// which for the axes x and y is −½ABk² cos kx cos ky.
func TestSecondOrderOfTwoCrossedWaves(t *testing.T) {
	const n, box, a, b = 16, 50.0, 3.0, -2.0
	type vec = [3]float64
	dot := func(u, v vec) float64 { return u[0]*v[0] + u[1]*v[1] + u[2]*v[2] }
	unit := 2 * math.Pi / box
	pool := par.New(2)
	plan, err := fft.NewReal3(n, pool)
	if err != nil {
		t.Fatal(err)
	}
	for _, waves := range [][2]vec{
		{{1, 0, 0}, {0, 1, 0}}, {{0, 1, 0}, {0, 0, 1}}, {{0, 0, 1}, {1, 0, 0}}, // along the axes: φ1,ij = 0
		{{1, 1, 0}, {1, -1, 0}}, {{0, 1, 1}, {0, 1, -2}}, {{1, 2, -1}, {2, 0, 1}},
	} {
		k, l := waves[0], waves[1]
		var sum, difference vec
		for d := range 3 {
			k[d] *= unit
			l[d] *= unit
			sum[d], difference[d] = k[d]+l[d], k[d]-l[d]
		}
		cross2 := dot(k, k)*dot(l, l) - dot(k, l)*dot(k, l)
		delta := plan.NewMesh()
		lpt := &lpt{plan: plan, pool: pool, n: n, box: box}
		at := func(p int) vec {
			return vec{box / n * float64(p/(n*n)), box / n * float64(p/n%n), box / n * float64(p%n)}
		}
		lpt.points(func(point, p int) {
			r := at(p)
			delta[point] = -a*dot(k, k)*math.Cos(dot(k, r)) - b*dot(l, l)*math.Cos(dot(l, r))
		})
		plan.Forward(delta)
		g := growthTerms{second: -0.4, rate1: 1.5, rate2: -2.5}
		pos, mom := make([]float64, 3*n*n*n), make([]float64, 3*n*n*n)
		if err := displaceFrom(lpt, delta, g, pos, mom); err != nil {
			t.Fatal(err)
		}
		var worst float64
		for p := range n * n * n {
			r := at(p)
			for d := range 3 {
				phi1 := -a*k[d]*math.Sin(dot(k, r)) - b*l[d]*math.Sin(dot(l, r))
				phi2 := a * b * cross2 / 2 * (sum[d]*math.Sin(dot(sum, r))/dot(sum, sum) +
					difference[d]*math.Sin(dot(difference, r))/dot(difference, difference))
				worst = max(worst,
					math.Abs(pos[3*p+d]-(-phi1+g.second*phi2)),
					math.Abs(mom[3*p+d]-(-g.rate1*phi1+g.rate2*phi2)))
			}
		}
		// The limit of PHYSICS, in units of a gradient of φ1; the transforms
		// leave 1e-15.
		if limit := 1e-6 * a * unit; worst > limit {
			t.Errorf("waves %v: displacement or momentum is off by %.3g, want < %.3g", waves, worst, limit)
		}
		t.Logf("waves %v: off by %.1e of a gradient of φ1", waves, worst/(a*unit))
	}
}

// displaceFrom adds displacements and momenta of second order to pos and mom.
func displaceFrom(l *lpt, delta []float64, g growthTerms, pos, mom []float64) error {
	spare := [3][]float64{l.plan.NewMesh(), l.plan.NewMesh(), l.plan.NewMesh()}
	return l.displace(background, delta, spare, 2, func(axis int, first, second []float64) {
		l.points(func(point, particle int) {
			i := 3*particle + axis
			x, p := g.placed(pos[i], first, second, point)
			pos[i], mom[i] = x, mom[i]+p
		})
	})
}

// A mode on a Nyquist plane is its own alias: its slope is not known.
func TestNyquistModesMoveNoParticle(t *testing.T) {
	const n, box = 16, 50.0
	pool := par.New(2)
	plan, err := fft.NewReal3(n, pool)
	if err != nil {
		t.Fatal(err)
	}
	delta, lpt := plan.NewMesh(), &lpt{plan: plan, pool: pool, n: n, box: box}
	for _, k := range [][3]int{{n / 2, 0, 0}, {n / 2, 1, 2}, {3, n / 2, 1}, {1, 2, n / 2}} {
		lpt.points(func(point, p int) {
			delta[point] += math.Cos(2*math.Pi/n*float64(k[0]*(p/(n*n))+k[1]*(p/n%n)+k[2]*(p%n)) + 0.3)
		})
	}
	plan.Forward(delta)
	// The transform leaves 1e-13 of the waves in all other modes.
	pos, mom := make([]float64, 3*n*n*n), make([]float64, 3*n*n*n)
	if err := displaceFrom(lpt, delta, growthTerms{second: -0.4, rate1: 1.5, rate2: -2.5}, pos, mom); err != nil {
		t.Fatal(err)
	}
	if x, p := rms(pos), rms(mom); x > 1e-12*box || p > 1e-12*box {
		t.Errorf("particles move by %.3g, with momenta of %.3g", x, p)
	}
}

// On mesh points every particle would start on the kink of the CIC weights.
func TestLatticeStandsBetweenMeshPoints(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		c := testConfig(100, 8, 16).in(precision)
		for i, x := range latticeSim(t, c).Positions() {
			_, f := math.Modf(x / c.spacing())
			if math.Abs(f-0.5) > 1e-14*float64(c.Mesh) { // rounding of up to M cells
				t.Fatalf("coordinate %d of the lattice stands at %v of a mesh cell, want .5", i, f)
			}
		}
	})
}

// In the Einstein-de Sitter universe D = a and D2 = −3/7 a², so by Eqs. (3) and
// (4) p = √a (ψ1 + 2ψ2), with ψ1 and ψ2 the two orders of x − q.
func TestParticlesStartInTheGrowingMode(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		c := testConfig(100, 16, 32).in(precision)
		c.Cosmology = einsteinDeSitter()
		lattice := latticeSim(t, c)
		c.Order = 1
		first := newSim(t, c)
		c.Order = 2
		second := newSim(t, c)
		var psi, dpsi, p, dp []float64
		q := lattice.Positions()
		x1, p1 := particlesOf(first)
		x2, p2 := particlesOf(second)
		for i := range q {
			x := periodic(x1[i]-q[i], c.Box)
			dx := periodic(x2[i]-x1[i], c.Box)
			psi, dpsi = append(psi, x), append(dpsi, dx)
			p = append(p, p1[i]-math.Sqrt(first.a)*x)
			dp = append(dp, p2[i]-p1[i]-2*math.Sqrt(first.a)*dx)
		}
		// Positions of 100 are rounded to 1e-14, and ψ2 is 1e-3: 1e-11 of it.
		scale := math.Sqrt(first.a)
		limit, limit2 := 1e-9, 1e-9
		if precision == Single {
			// Two positions half a unit off on each of three axes, counted twice in
			// dp, and two momenta.
			rounding := math.Sqrt(3) * (2*2*c.Box*0x1p-33 + 2*0x1p-25*rms(p1)/scale)
			limit, limit2 = rounding/rms(psi), rounding/rms(dpsi)
		}
		if e := rms(p) / (scale * rms(psi)); !(e < limit) {
			t.Errorf("momenta of first order are %.3g off a²E D'/D of the displacements", e)
		}
		if e := rms(dp) / (scale * rms(dpsi)); !(e < limit2) {
			t.Errorf("momenta of second order are %.3g off a²E D2'/D2 of the displacements", e)
		}
	})
}

// The density that the particles have is that of the modes drawn: sign, growth
// and place of the displacements, the lattice's shift included.
func TestParticlesCarryTheDrawnModes(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		for _, order := range []int{1, 2} {
			c := testConfig(200, 16, 32).in(precision)
			c.Order = order
			c.Spectrum = scaled{eisensteinHu(t, c.Cosmology), 1e-6}
			s := newSim(t, c)
			growth, err := s.ownGrowth()
			if err != nil {
				t.Fatal(err)
			}
			m, err := newModes(&s.cfg, growth.D(s.a))
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range [][3]int{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, -2, 0}, {-1, 2, 3}, {0, -3, 1}} {
				re, im := m.at(k[0], k[1], k[2])
				gotRe, gotIm := particleMode(s, k[0], k[1], k[2])
				// Second order in the displacement, about 1e-4 of a wavelength here.
				if e := math.Hypot(gotRe-re, gotIm-im) / math.Hypot(re, im); e > 2e-3 {
					t.Errorf("order %d: mode %v of the particles is %.6g%+.6gi, drawn %.6g%+.6gi", order, k, gotRe, gotIm, re, im)
				}
			}
		}
	})
}

// The test's own spectrum estimate: the modes to a real field and back, so
// that a mode without its conjugate would show.
func TestFixedAmplitudeFieldHasTheInputPower(t *testing.T) {
	c := testConfig(256, 32, 64)
	c.FixedAmplitude = true
	c.Spectrum = eisensteinHu(t, c.Cosmology)
	const growth = 0.0254
	m, err := newModes(&c, growth)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := fft.NewReal3(c.Particles, c.Pool)
	if err != nil {
		t.Fatal(err)
	}
	mesh := plan.NewMesh()
	m.fill(plan, mesh)
	plan.Inverse(mesh)
	plan.Forward(mesh)
	n, layout := c.Particles, plan.Layout()
	power, want, count := make([]float64, n), make([]float64, n), make([]float64, n)
	volume := c.Box * c.Box * c.Box
	for ix := range n {
		for iy := range n {
			for k := range n / 2 { // the plane k = 0 holds both of a pair
				i, j := fft.Wave(ix, n), fft.Wave(iy, n)
				if ix == n/2 || iy == n/2 || i == 0 && j == 0 && k == 0 {
					continue
				}
				z := layout.Index(ix, iy, 2*k)
				abs2 := (mesh[z]*mesh[z] + mesh[z+1]*mesh[z+1]) / math.Pow(float64(n), 6)
				r := math.Sqrt(float64(i*i + j*j + k*k))
				bin := int(r + 0.5)
				if bin >= n {
					continue
				}
				power[bin] += abs2 * volume
				want[bin] += growth * growth * c.Spectrum.P(2*math.Pi/c.Box*r)
				count[bin]++
			}
		}
	}
	var off float64
	defer func() { t.Logf("P is off by %.1e at most", off) }()
	for b := range power {
		if count[b] == 0 {
			continue
		}
		off = max(off, math.Abs(power[b]/want[b]-1))
		if e := math.Abs(power[b]/want[b] - 1); e > 1e-4 { // the limit of PHYSICS
			t.Errorf("P of bin %d is %.8g of the input", b, power[b]/want[b])
		}
	}
}

func TestSecondOrderMovesParticlesLittle(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		c := testConfig(128, 16, 32).in(precision)
		c.Order = 1
		first := newSim(t, c)
		c.Order = 2
		second := newSim(t, c)
		x1, x2, q := first.Positions(), second.Positions(), latticeSim(t, c).Positions()
		diff, disp := make([]float64, len(q)), make([]float64, len(q))
		for i := range diff {
			diff[i] = periodic(x2[i]-x1[i], c.Box)
			disp[i] = periodic(x1[i]-q[i], c.Box)
		}
		// At z = 49 the second order is of the order of δ ≈ .05 of the first.
		if r := rms(diff) / rms(disp); r < 1e-3 || r > 0.1 {
			t.Errorf("second over first order displacement is %.3g, want around .01", r)
		}
	})
}

// normalise = "z_start": the same positions and momenta for every β.
func TestGravityLeavesInitialConditionsAsTheyAre(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		c := testConfig(128, 16, 32).in(precision)
		gr := newSim(t, c)
		c.Gravity = cosmology.Constant(0.3)
		strong := newSim(t, c)
		if !slices.Equal(gr.Positions(), strong.Positions()) || !slices.Equal(gr.Momenta(), strong.Momenta()) {
			t.Error("particles start elsewhere with β = .3")
		}
	})
}

func TestNewLooksAtItsContextBetweenPasses(t *testing.T) {
	inEachPrecision(t, func(t *testing.T, precision string) {
		const passes = 12 // six terms of the source and six components, at least
		for looks := range passes {
			if _, err := New(&expiring{background, looks}, testConfig(100, 8, 16).in(precision)); !errors.Is(err, context.Canceled) {
				t.Errorf("New with a context cancelled at look %d returned %v", looks, err)
			}
		}
	})
}
