package halos

import (
	"math"
	"testing"

	"runlua/kernels/abundance"
	"runlua/kernels/cosmology"
)

var fits = []Fit{PressSchechter, ShethTormen, Jenkins, Warren}

// integral of f over [lo, hi] by the midpoint rule, which for a smooth function
// that vanishes at both ends converges faster than any power.
func integral(f func(float64) float64, lo, hi float64, n int) float64 {
	var sum float64
	h := (hi - lo) / float64(n)
	for i := range n {
		sum += f(lo + h*(float64(i)+0.5))
	}
	return sum * h
}

func TestAllMatterIsInHalosOfPressSchechterAndShethTormen(t *testing.T) {
	for _, fit := range []Fit{PressSchechter, ShethTormen} {
		// dlnν = dlnσ⁻¹. Below ν = e^-60 there is e^(-60·0.4) = 4e-11 of (12).
		got := integral(func(l float64) float64 { return fit.Multiplicity(DeltaC / math.Exp(l)) }, -60, 4, 20000)
		if math.Abs(got-1) > 1e-9 {
			t.Errorf("%s: halos hold %.12f of the matter", fit, got)
		}
	}
	if want := 1 / (1 + math.Pow(2, -stP)*math.Gamma(0.5-stP)/math.Sqrt(math.Pi)); math.Abs(stNorm/want-1) > 1e-14 { // Gamma's own error
		t.Errorf("A is %v, want %v", stNorm, want)
	}
	if want := 3. / 20 * math.Pow(12*math.Pi, 2./3); math.Abs(DeltaC/want-1) > 1e-15 { // rounding
		t.Errorf("δ_c is %v, want %v", DeltaC, want)
	}
}

func TestMultiplicitiesHaveTheirClosedForms(t *testing.T) {
	for _, c := range []struct {
		fit         Fit
		sigma, want float64
		why         string
	}{
		{PressSchechter, DeltaC, math.Sqrt(2/math.Pi) * math.Exp(-0.5), "ν = 1, the largest value"},
		{PressSchechter, DeltaC / 2, 2 * math.Sqrt(2/math.Pi) * math.Exp(-2), "ν = 2"},
		{ShethTormen, DeltaC * math.Sqrt(.707), .3221836 * math.Sqrt(2/math.Pi) * 2 * math.Exp(-0.5), "aν² = 1"},
		{Jenkins, math.Exp(.61), .315, "its largest value"},
		{Jenkins, math.Exp(-.39), .315 / math.E, "ln σ⁻¹ + 0.61 = 1"},
		{Jenkins, math.Exp(1.61), .315 / math.E, "ln σ⁻¹ + 0.61 = −1"},
		{Jenkins, math.Exp(-1.39), .315 * math.Exp(-math.Pow(2, 3.8)), "ln σ⁻¹ + 0.61 = 2"},
		{Warren, 1, .7234 * 1.2538 * math.Exp(-1.1982), "σ = 1"},
		{Warren, .5, .7234 * (math.Pow(2, 1.625) + .2538) * math.Exp(-4*1.1982), "σ = 1/2"},
	} {
		if got := c.fit.Multiplicity(c.sigma); math.Abs(got/c.want-1) > 2e-7 { // the digits of .3221836
			t.Errorf("%s at %s: %v, want %v", c.fit, c.why, got, c.want)
		}
	}
}

// Three groups fitted, or fitted later, much the same simulations: from σ = 0.6 to
// 2 their curves lie within 20 % of each other, the scatter that their papers
// show. Most mistyped constants leave that band.
func TestFitsOfSimulationsAgree(t *testing.T) {
	for l := -0.7; l <= 0.5; l += 0.1 {
		sigma := math.Exp(-l)
		j, w, s := Jenkins.Multiplicity(sigma), Warren.Multiplicity(sigma), ShethTormen.Multiplicity(sigma)
		if math.Abs(w/j-1) > 0.2 || math.Abs(s/j-1) > 0.2 {
			t.Errorf("ln σ⁻¹ = %.1f: jenkins %.4f, warren %.4f, sheth-tormen %.4f", l, j, w, s)
		}
	}
	// Press and Schechter's is known for too many small halos and too few large.
	if PressSchechter.Multiplicity(2) < Jenkins.Multiplicity(2) || PressSchechter.Multiplicity(.5) > .5*Jenkins.Multiplicity(.5) {
		t.Error("press-schechter lacks its known faults")
	}
}

// powerLaw is P = A k^n.
type powerLaw struct{ a, n float64 }

func (s powerLaw) P(k float64) float64 { return s.a * math.Pow(k, s.n) }

func theory(t *testing.T, omegaM float64, s cosmology.Spectrum, d float64, fit Fit) *Theory {
	t.Helper()
	th, err := NewTheory(omegaM, s, d, fit)
	if err != nil {
		t.Fatal(err)
	}
	return th
}

func at(t *testing.T, th *Theory, mass float64) Point {
	t.Helper()
	p, err := th.At(mass)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// For P ∝ k^n, σ = (M/M*)^(−(n+3)/6) δ_c and Press and Schechter's function is
// the one their paper prints.
func TestPowerLawSpectrumHasPressAndSchechtersFunction(t *testing.T) {
	const n, omegaM = -1.0, 0.3
	th := theory(t, omegaM, powerLaw{60, n}, 0.5, PressSchechter)
	const m0 = 1e4
	p0 := at(t, th, m0)
	star := m0 * math.Pow(p0.Sigma/DeltaC, 6/(n+3))
	for _, m := range []float64{1e1, 3.3e2, 1e4, 2.7e5} {
		x := math.Pow(m/star, (n+3)/6)
		want := math.Sqrt(2/math.Pi) * omegaM * CriticalDensity / m * (n + 3) / 6 * x * math.Exp(-x*x/2)
		// Sigma leaves out k < 1e-6 h/Mpc, (1e-6 R)² ~ 1e-9 of σ², and its
		// quadrature has 1e-9; the slope divides that by the step, a twentieth.
		if got := at(t, th, m); math.Abs(got.DnDlnM/want-1) > 1e-7 || math.Abs(got.Nu/x-1) > 1e-8 {
			t.Errorf("M = %g: %v at ν = %v, want %v at %v", m, got.DnDlnM, got.Nu, want, x)
		}
	}
	// All matter: ∫ (M/ρ̄) dn/dlnM dlnM, over ν from e^-14 to e^2.
	got := integral(func(l float64) float64 {
		p := at(t, th, math.Exp(l))
		return p.M * p.DnDlnM / (omegaM * CriticalDensity)
	}, math.Log(minMass), math.Log(maxMass), 400)
	// What is missing below minMass is √(2/π) ν(minMass) of it.
	if missing := math.Sqrt(2/math.Pi) * at(t, th, minMass).Nu; math.Abs(got+missing-1) > 1e-4 {
		t.Errorf("halos hold %v of the matter and %v is in smaller ones", got, missing)
	}
}

func planck(t *testing.T) (*cosmology.Model, cosmology.Spectrum) {
	t.Helper()
	m, err := cosmology.New(cosmology.Planck2018())
	if err != nil {
		t.Fatal(err)
	}
	s, err := m.EisensteinHu(true)
	if err != nil {
		t.Fatal(err)
	}
	return m, s
}

func TestSigmaOfAMassIsThatOfItsSphere(t *testing.T) {
	_, s := planck(t)
	th := theory(t, 0.315, s, 0.7, Warren)
	for _, r := range []float64{0.3, 1, 8, 23.4, 77.7} {
		mass := 4 * math.Pi / 3 * r * r * r * 0.315 * CriticalDensity
		got := at(t, th, mass)
		// Interpolation: 1e-8 in σ, 1e-6 in the slope, by its doc.
		if want := 0.7 * cosmology.Sigma(s, r); math.Abs(got.Sigma/want-1) > 1e-8 {
			t.Errorf("R = %g: σ = %.9f, want %.9f", r, got.Sigma, want)
		}
		const h = 1e-3
		slope := math.Log(cosmology.Sigma(s, r*math.Exp(h))/cosmology.Sigma(s, r*math.Exp(-h))) / (2 * h) / 3
		want := 0.315 * CriticalDensity / mass * got.F * -slope
		if math.Abs(got.DnDlnM/want-1) > 2e-6 { // 1e-6 twice: the slope's, and h² of the difference
			t.Errorf("R = %g: dn/dlnM = %v, want %v", r, got.DnDlnM, want)
		}
	}
	// σ8 itself, by the mass of its sphere.
	if got := at(t, th, 4*math.Pi/3*512*0.315*CriticalDensity); math.Abs(got.Sigma/(0.7*0.811)-1) > 1e-7 {
		t.Errorf("σ(8 Mpc/h) is %v, want %v", got.Sigma/0.7, 0.811)
	}
}

func TestMeanOfABinIsTheIntegralOverIt(t *testing.T) {
	_, s := planck(t)
	for _, fit := range fits {
		th := theory(t, 0.315, s, 1, fit)
		edges := []float64{1e3, 3e3, 1e5, 1.5e5}
		means, err := th.Mean(edges)
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range means {
			lo, hi := math.Log(edges[i]), math.Log(edges[i+1])
			want := integral(func(l float64) float64 { return at(t, th, math.Exp(l)).DnDlnM }, lo, hi, 2000) / (hi - lo)
			// Simpson's rule with steps of 0.05: h⁴/180 of a fourth logarithmic
			// derivative of up to ten or so.
			if math.Abs(m.DnDlnM/want-1) > 1e-5 {
				t.Errorf("%s, bin %d: %v, want %v", fit, i, m.DnDlnM, want)
			}
			if want := math.Sqrt(edges[i] * edges[i+1]); m.M != want {
				t.Errorf("the middle of bin %d is %v, want %v", i, m.M, want)
			}
		}
	}
}

// Values do not depend on what else was asked for, nor in which order.
func TestTheoryHasTheSameBitsInAnyOrder(t *testing.T) {
	_, s := planck(t)
	up, down := theory(t, .315, s, 1, Warren), theory(t, .315, s, 1, Warren)
	masses := []float64{1, 30, 1e3, 1.1e3, 4e4}
	got := map[float64]Point{}
	for _, m := range masses {
		got[m] = at(t, up, m)
	}
	for i := len(masses) - 1; i >= 0; i-- {
		if p := at(t, down, masses[i]); p != got[masses[i]] {
			t.Errorf("M = %g: %v and %v", masses[i], p, got[masses[i]])
		}
	}
}

func TestCountIsPoisson(t *testing.T) {
	f, err := Count([]float64{1, 1.5, 2, 3.9, 4, 100}, []float64{1, 2, 4, 8, 16}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{2, 2, 1, 0} {
		n := float64(want)
		if f.Counts[i] != want || math.Abs(f.DnDlnM[i]-n/(1000*math.Ln2)) > 1e-16 || math.Abs(f.Err[i]-math.Sqrt(n)/(1000*math.Ln2)) > 1e-16 { // rounding of numbers near 1e-3
			t.Errorf("bin %d: %d groups, %v ± %v; want %d", i, f.Counts[i], f.DnDlnM[i], f.Err[i], want)
		}
	}
	if f.M[1] != math.Sqrt(8) {
		t.Errorf("the middle of bin 1 is %v", f.M[1])
	}
}

// Counts of 2, 0 and 1 in boxes of one volume: the jackknife of their mean is its
// standard error, here of a deviation of 1.
func TestCountJackknifeOfEqualBoxesIsTheStandardError(t *testing.T) {
	f, without, err := CountJackknife([]abundance.Sample{{Sizes: []float64{1, 1.5, 40}, Volume: 100}, {Volume: 100}, {Sizes: []float64{1.9}, Volume: 100}}, []float64{1, 2, 4})
	if err != nil {
		t.Fatal(err)
	}
	if want := 1 / (math.Sqrt(3) * 100 * math.Ln2); f.Counts[0] != 3 || math.Abs(f.Err[0]/want-1) > 1e-12 || f.Err[1] != 0 {
		t.Errorf("%+v, want an error of %v in the first bin, 0 in the second", f, want)
	}
	if want := 3 / (200 * math.Ln2); len(without) != 3 || math.Abs(without[1][0]/want-1) > 1e-12 {
		t.Errorf("without the empty box %v, want %v", without, want)
	}
	_, _, err = CountJackknife([]abundance.Sample{{Volume: 1}}, []float64{1, 2})
	if err == nil || err.Error() != "abundance: a jackknife needs at least two samples, got 1" {
		t.Errorf("one sample: %v", err)
	}
}

func TestCorrectedIsWarrensFormula(t *testing.T) {
	// 32^0.6 = 8: a group of 32 stands for 28. 1024^0.6 = 64.
	if got := Corrected(32); math.Abs(got-28) > 1e-12 {
		t.Errorf("32 particles stand for %v, want 28", got)
	}
	if got := Corrected(1024); math.Abs(got-1008) > 1e-10 {
		t.Errorf("1024 particles stand for %v, want 1008", got)
	}
}

func TestWrongMassesAndModelsAreNamed(t *testing.T) {
	_, s := planck(t)
	th := theory(t, .3, s, 1, Warren)
	wrong := func(err error, want string) {
		t.Helper()
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	_, err := th.At(-1)
	wrong(err, "halos: mass must be from 1e-05 to 1e+10 (1e10 Msun/h), got -1")
	_, err = th.Mean([]float64{2, 1})
	wrong(err, "halos: edges must ascend, got 1 after 2")
	_, err = th.Mean([]float64{1, math.Inf(1)})
	wrong(err, "halos: edges must be positive and finite, got +Inf")
	_, err = NewTheory(.3, s, 1, "tinker")
	wrong(err, `halos: model must be one of press-schechter, sheth-tormen, jenkins, warren, got "tinker"`)
	_, err = NewTheory(.3, s, 0, Warren)
	wrong(err, "halos: growth must be positive and finite, got 0")
	_, err = NewTheory(0, s, 1, Warren)
	wrong(err, "halos: omega_m must be positive and finite, got 0")
	_, err = Count([]float64{1}, []float64{1}, 1)
	wrong(err, "halos: edges must hold at least two, got 1")
	_, err = Count([]float64{math.NaN()}, []float64{1, 2}, 1)
	wrong(err, "halos: masses must be positive and finite, got NaN at 0")
	_, err = Count([]float64{1}, []float64{1, 2}, 0)
	wrong(err, "halos: volume must be positive and finite, got 0")
}
