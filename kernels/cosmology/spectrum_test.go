package cosmology

import (
	"math"
	"testing"
)

// simpsonSigma is Eq. (12) again: Simpson's rule in ln k, the window from its
// formula.
func simpsonSigma(s Spectrum, r float64) float64 {
	const lo, n = 1e-5, 30000
	h := math.Log(30/lo) / n
	var sum float64
	for i := range n + 1 {
		k := lo * math.Exp(h*float64(i))
		x := k * r
		w := 3 * (math.Sin(x) - x*math.Cos(x)) / (x * x * x)
		weight := float64(2 + 2*(i%2))
		if i == 0 || i == n {
			weight = 1
		}
		sum += weight * k * k * k * s.P(k) * w * w
	}
	return math.Sqrt(sum * h / 3 / (2 * math.Pi * math.Pi))
}

func TestSpectrumIsNormalisedToSigma8(t *testing.T) {
	var off float64
	for _, p := range []Params{Planck2018(), {OmegaM: .3, OmegaB: .1, H: .5, Ns: 1.1, Sigma8: .6, Tcmb: 2.7}} {
		m := mustModel(t, p)
		for _, wiggles := range []bool{true, false} {
			e := mustEH(t, m, wiggles)
			off = max(off, math.Abs(simpsonSigma(e, 8)/p.Sigma8-1))
			relative(t, "sigma8", simpsonSigma(e, 8), p.Sigma8, 1e-6)         // the limit of PHYSICS; Simpson's rule leaves 1e-8
			relative(t, "sigma(25)", Sigma(e, 25), simpsonSigma(e, 25), 1e-6) // the same
		}
	}
	t.Logf("sigma8 off by %.1e at most", off)
}

// powerLaw is P = 1/k²: ∫W²dx = 3π/5, so σ² = 3/(10π r).
type powerLaw struct{}

func (powerLaw) P(k float64) float64 { return 1 / (k * k) }

func TestSigmaOfAPowerLawIsClosed(t *testing.T) {
	// What Sigma leaves out of this spectrum is 1e-6 r below and 5e-8/2 above,
	// over 3π/5, in σ²: 4e-8 of σ at this radius.
	const r = .1
	relative(t, "sigma", Sigma(powerLaw{}, r), math.Sqrt(3/(10*math.Pi*r)), 1e-7)
}

func TestTopHatJoinsItsSeries(t *testing.T) {
	for _, x := range []float64{.001, .01, .0499999, .0500001, .06} {
		x2 := x * x
		want := 1 - x2/10 + x2*x2/280 - x2*x2*x2/15120 + x2*x2*x2*x2/1330560
		// Cancellation in the formula: 2e-16·3/x² at most.
		relative(t, "W", topHat(x), want, 3e-13)
	}
}

func TestLargeScalesKeepThePrimordialSlope(t *testing.T) {
	m := mustModel(t, Planck2018())
	for _, wiggles := range []bool{true, false} {
		e := mustEH(t, m, wiggles)
		// 1 - T ~ (k/k_eq)², k_eq ≈ .015: at 1e-6 it is 1e-8 or so.
		relative(t, "T(1e-6)", e.T(1e-6), 1, 1e-6)
		relative(t, "P(2e-6)/P(1e-6)", e.P(2e-6)/e.P(1e-6), math.Pow(2, m.Params().Ns), 1e-5)
		if e.T(0) != 1 || e.P(0) != 0 || e.P(-1) != 0 {
			t.Errorf("k <= 0: T(0) = %v, P(0) = %v, P(-1) = %v", e.T(0), e.P(0), e.P(-1))
		}
	}
}

// The oscillations have the sound horizon's period and stay within a few
// percent of the smooth form: with the wrong s, or nodes unshifted, they move.
func TestWigglesOscillateAboutTheSmoothSpectrum(t *testing.T) {
	m := mustModel(t, Planck2018())
	full, smooth := mustEH(t, m, true), mustEH(t, m, false)
	period := 2 * math.Pi / (full.SoundHorizon() * m.Params().H) // h/Mpc
	ratio := func(k float64) float64 { return full.T(k) / smooth.T(k) }
	var peaks []float64
	for k := .05; k < .3; k += .0005 {
		r := ratio(k)
		if r < .9 || r > 1.1 {
			t.Fatalf("full/smooth at k = %v is %v", k, r)
		}
		if r > ratio(k-.0005) && r >= ratio(k+.0005) {
			peaks = append(peaks, k)
		}
	}
	if len(peaks) < 3 {
		t.Fatalf("peaks at %v", peaks)
	}
	spacing := (peaks[len(peaks)-1] - peaks[0]) / float64(len(peaks)-1)
	relative(t, "the peaks' spacing", spacing, period, .05) // peaks drift on a sloping mean
}

func TestSigmaRefusesARadiusThatIsNotPositive(t *testing.T) {
	for _, r := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		func() {
			defer func() {
				if _, ok := recover().(*ParamError); !ok {
					t.Errorf("r = %v: no *ParamError", r)
				}
			}()
			Sigma(powerLaw{}, r)
		}()
	}
}

func BenchmarkEisensteinHu(b *testing.B) {
	m, err := New(Planck2018())
	if err != nil {
		b.Fatal(err)
	}
	e, err := m.EisensteinHu(true)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("P", func(b *testing.B) {
		for i := range b.N {
			e.P(.001 * float64(i%1000+1))
		}
	})
	b.Run("Sigma", func(b *testing.B) {
		for range b.N {
			Sigma(e, 8)
		}
	})
}
