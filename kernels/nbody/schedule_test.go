package nbody

import (
	"math"
	"testing"

	"runlua/kernels/cosmology"
)

func TestEdgesHitTheirEndsAndAreUniform(t *testing.T) {
	for _, spacing := range []Spacing{UniformA, UniformLnA} {
		p := Plan{AStart: 0.02, ZEnd: 0.3, Steps: 7, Stepper: Quinn, Spacing: spacing}
		e := p.edges()
		if len(e) != 8 || e[0] != 0.02 || e[7] != 1/(1+p.ZEnd) {
			t.Fatalf("%s: edges %v", spacing, e)
		}
		variable := func(a float64) float64 { return a }
		if spacing == UniformLnA {
			variable = math.Log
		}
		step := (variable(e[7]) - variable(e[0])) / 7
		for i := range 7 {
			// A few roundings of a number near 4.
			if d := variable(e[i+1]) - variable(e[i]); math.Abs(d-step) > 1e-14 {
				t.Errorf("%s: step %d is %v, want %v", spacing, i, d, step)
			}
			if m := p.middle(e[i], e[i+1]); math.Abs(variable(m)-(variable(e[i])+variable(e[i+1]))/2) > 1e-14 {
				t.Errorf("%s: half kicks of step %d meet at %v, not in the middle of %v and %v", spacing, i, m, e[i], e[i+1])
			}
		}
	}
}

// testTimeline is a timeline in the Einstein-de Sitter universe, where all
// factors are known.
func testTimeline(t *testing.T, p Plan) *timeline {
	t.Helper()
	m, err := cosmology.New(einsteinDeSitter())
	if err != nil {
		t.Fatal(err)
	}
	g, err := m.GrowthFrom(cosmology.GR(), p.AStart, p.AStart, p.AStart) // D = a
	if err != nil {
		t.Fatal(err)
	}
	var f factors = quinn{m}
	if p.Stepper == FastPM {
		f = fastPM{m, g}
	}
	line, err := newTimeline(p, m, cosmology.GR(), f)
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func TestFactorsInEinsteinDeSitter(t *testing.T) {
	for _, stepper := range []Stepper{Quinn, FastPM} {
		p := Plan{AStart: 0.04, ZEnd: 0, Steps: 5, Stepper: stepper, Spacing: UniformA}
		line := testTimeline(t, p)
		at := p.AStart // of the momenta
		for i, a := range line.edges {
			to := a
			if i < p.Steps {
				to = (a + line.edges[i+1]) / 2
			}
			kick := func(b float64) float64 { return 2 * (math.Sqrt(b) - math.Sqrt(at)) } // ∫ a^(−½) da
			drift := func(a, b float64) float64 { return 2 * (1/math.Sqrt(a) - 1/math.Sqrt(b)) }
			if stepper == FastPM {
				// a²ED' = a^(3/2), a³E² = 1 and D'' + ½D' = 3a/2.
				kick = func(b float64) float64 { return (math.Pow(b, 1.5) - math.Pow(at, 1.5)) / (1.5 * a) }
				drift = func(a, b float64) float64 { return (b - a) / math.Pow(to, 1.5) }
			}
			// 1e-8 is the limit of PHYSICS for integrals, and the growth
			// table's accuracy.
			if e := math.Abs(line.kicks[i].k/kick(to) - 1); e > 1e-8 {
				t.Errorf("%s: kick %d is off by %.3g", stepper, i, e)
			}
			if i > 0 {
				if e := math.Abs(line.half[i].k/kick(a) - 1); e > 1e-8 {
					t.Errorf("%s: half kick %d is off by %.3g", stepper, i, e)
				}
			}
			if line.kicks[i].strength != 1.5 {
				t.Errorf("strength is %v, want 1.5 Ω_m μ", line.kicks[i].strength)
			}
			if i < p.Steps {
				if e := math.Abs(line.drift[i]/drift(a, line.edges[i+1]) - 1); e > 1e-8 { // as for the kicks
					t.Errorf("%s: drift %d is off by %.3g", stepper, i, e)
				}
			}
			at = to
		}
	}
}
