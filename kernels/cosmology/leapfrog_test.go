package cosmology

import (
	"math"
	"testing"
)

func TestIntegralsAreClosedInEinsteinDeSitter(t *testing.T) {
	m := mustModel(t, einsteinDeSitter())
	var off float64
	for _, c := range [][2]float64{{.02, 1}, {1e-6, 1}, {.5, .5000001}, {.02, .0201}, {1, .02}, {.3, 3}} {
		a0, a1 := c[0], c[1]
		// a0^-½ - a1^-½ without cancellation.
		r0, r1 := math.Sqrt(a0), math.Sqrt(a1)
		kick := 2 * (a1 - a0) / (r0 + r1)
		relative(t, "kick", m.KickIntegral(a0, a1), kick, 1e-13) // quadrature is 1e-14
		relative(t, "drift", m.DriftIntegral(a0, a1), kick/(r0*r1), 1e-13)
		off = max(off, math.Abs(m.KickIntegral(a0, a1)/kick-1), math.Abs(m.DriftIntegral(a0, a1)*r0*r1/kick-1))
	}
	t.Logf("off by %.1e at most", off)
}

func TestIntegralsAddUpAndChangeSign(t *testing.T) {
	m := mustModel(t, Planck2018().WithRadiation())
	for name, f := range map[string]func(a0, a1 float64) float64{"drift": m.DriftIntegral, "kick": m.KickIntegral} {
		// Quadrature is 1e-14 in each: the sum of 500 steps of a simulation.
		var sum float64
		const n = 500
		at := func(i int) float64 { return .02 + .98*float64(i)/n }
		for i := range n {
			sum += f(at(i), at(i+1))
		}
		relative(t, name+" of 500 steps", sum, f(.02, 1), 1e-12)
		if f(.3, .1) != -f(.1, .3) {
			t.Errorf("%s: exchanged limits give %v and %v", name, f(.3, .1), f(.1, .3))
		}
		if f(.3, .3) != 0 {
			t.Errorf("%s over nothing is %v", name, f(.3, .3))
		}
	}
}

func TestIntegralsRefuseLimitsThatAreNotPositive(t *testing.T) {
	m := mustModel(t, Planck2018())
	for _, c := range [][2]float64{{0, 1}, {1, 0}, {-1, 1}, {math.NaN(), 1}, {.1, math.Inf(1)}} {
		func() {
			defer func() {
				if _, ok := recover().(*ParamError); !ok {
					t.Errorf("limits %v: no *ParamError", c)
				}
			}()
			m.DriftIntegral(c[0], c[1])
		}()
	}
}

func TestGaussNodesAreExactToDegree31(t *testing.T) {
	for degree := 0; degree <= 31; degree++ {
		got := integrate(func(x float64) float64 { return math.Pow(x, float64(degree)) }, 0, 2, 1)
		relative(t, "integral of a power", got, math.Exp2(float64(degree+1))/float64(degree+1), 1e-14) // rounding of 16 nodes
	}
}

func TestDlnEIsTheSlopeOfE(t *testing.T) {
	m := mustModel(t, Planck2018().WithRadiation())
	for _, a := range []float64{1e-6, 1e-3, .02, .5, 1, 3} {
		const h = 1e-4 // central difference: h²/6 of a third derivative below 4
		slope := (math.Log(m.E(a*math.Exp(h))) - math.Log(m.E(a*math.Exp(-h)))) / (2 * h)
		if got := m.DlnE(a); math.Abs(got-slope) > 2e-8 {
			t.Errorf("dlnE/dlna at %v = %v, want %v", a, got, slope)
		}
		om := m.Params().OmegaM / (a * a * a) / (m.E(a) * m.E(a))
		relative(t, "Omega_m(a)", m.OmegaMAt(a), om, 1e-15) // rounding
	}
	relative(t, "E(1)", m.E(1), 1, 1e-15) // rounding of the densities' sum
}
