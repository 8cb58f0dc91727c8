package nbody

import (
	"math"
	"strings"
	"testing"

	"runlua/kernels/power"
)

// P(k) in single precision is that in double, at z = 0 and to half the Nyquist wave
// number, within what is asked for.
func TestSinglePrecisionKeepsThePower(t *testing.T) {
	for _, box := range []float64{32, 64, 128} { // cells of half a Mpc/h to two
		var spectra [2]*power.Result
		for i, precision := range precisions {
			c := testConfig(box, 32, 64).in(precision)
			s := newSim(t, c)
			evolve(t, s, 0, 25, FastPM, UniformA)
			spectra[i] = powerOf(t, s, power.Options{})
		}
		double, single := spectra[0], spectra[1]
		var worst float64
		for i, k := range double.K {
			if k > double.Nyquist/2 {
				break
			}
			worst = max(worst, math.Abs(single.P[i]/double.P[i]-1))
		}
		t.Logf("box %v Mpc/h: P(k) differs by %.1e at most", box, worst)
		if !(worst < 1e-4) || worst == 0 {
			t.Errorf("box %v Mpc/h: P(k) differs by %.3g, want something, and less than 1e-4", box, worst)
		}
	}
}

// A cell and what it holds may be anywhere in the box: positions are as fine far
// from the origin as next to it, so that a shift by whole cells changes no bit of
// the forces.
func TestPositionsLoseNothingFarFromTheOrigin(t *testing.T) {
	c := testConfig(100, 8, 16).in(Single)
	s := latticeSim(t, c)
	unit := c.Box * 0x1p-32
	for _, x := range []float64{0, 50, 99.999} {
		for _, step := range []float64{1, -1, 3} { // units
			probe(s).set(0, x, step*unit)
			before := s.Positions()[0]
			if err := probe(s).driftBy(1); err != nil {
				t.Fatal(err)
			}
			if moved := periodic(s.Positions()[0]-before, c.Box) / unit; math.Abs(moved-step) > 1e-4 { // coordinates are read to 2^-53 of 100
				t.Errorf("at %v a drift by %v units moves by %v", x, step, moved)
			}
		}
	}

	s = newSim(t, c)
	mesh := func() []float64 {
		if err := probe(s).depositOf(nil); err != nil {
			t.Fatal(err)
		}
		return meshOf(s)
	}
	near := mesh()
	shift := c.Box / 2
	place(s, func(_ int, x, p float64) (float64, float64) { return math.Mod(x+shift, c.Box), p })
	far := mesh()
	for i := range near {
		n := c.Mesh
		x, y, z := i/(n*n), i/n%n, i%n
		if j := ((x+n/2)%n*n+(y+n/2)%n)*n + (z+n/2)%n; near[i] != far[j] {
			t.Fatalf("the density at (%d, %d, %d) is %v, shifted by half a box %v", x, y, z, near[i], far[j])
		}
	}
}

// meshOf are the points of the mesh of s.
func meshOf(s *Sim) []float64 {
	e := s.matter.(*engine[float32])
	l := e.plan.Layout()
	var x []float64
	for i := range l.N * l.N * l.N {
		x = append(x, float64(e.mesh[l.Index(i/(l.N*l.N), i/l.N%l.N, i%l.N)]))
	}
	return x
}

// What is drawn in single precision is what is drawn in double, rounded once.
func TestSingleStartsAtTheRoundedParticles(t *testing.T) {
	for _, mesh := range []int{16, 24, 32} { // lattices within the mesh's memory, and not
		double := newSim(t, testConfig(100, 16, mesh))
		single := newSim(t, testConfig(100, 16, mesh).in(Single))
		x, p := particlesOf(single)
		x2, p2 := particlesOf(double)
		for i := range x {
			// Half a unit; coordinates of 100 are read to 1e-14.
			if d := math.Abs(periodic(x[i]-x2[i], 100)); d > 100*0x1p-33+1e-13 {
				t.Fatalf("mesh %d: coordinate %d is %v, %v in double precision", mesh, i, x[i], x2[i])
			}
			if p[i] != float64(float32(p2[i])) {
				t.Fatalf("mesh %d: momentum %d is %v, %v in double precision", mesh, i, p[i], p2[i])
			}
		}
	}
}

// A momentum that single precision can't hold is the error that NaN is.
func TestAMomentumTooLargeForSinglePrecisionIsAnError(t *testing.T) {
	c := testConfig(100, 8, 16).in(Single)
	s := newSim(t, c)
	probe(s).set(3*77, 1, 1e39)
	if err := s.matter.kick(strength, 1); err == nil || !strings.Contains(err.Error(), "particle 77 ") {
		t.Errorf("a momentum of 1e39: %v", err)
	}
	// One that it can hold takes a particle round the box many times, exactly.
	s = newSim(t, c)
	probe(s).set(5, 25, 100*0x1p60)
	if err := probe(s).driftBy(1); err != nil {
		t.Fatal(err)
	}
	if x := s.Positions()[5]; x != 25 {
		t.Errorf("2^60 boxes on, 25 has become %v", x)
	}
}
