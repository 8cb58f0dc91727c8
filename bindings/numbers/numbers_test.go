package numbers

import (
	"errors"
	"math"
	"math/big"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"
)

// close reports whether a and b agree to rel; a few roundings of 1e-16 unless
// a test says otherwise.
func close(a, b, rel float64) bool { return math.Abs(a-b) <= rel*math.Max(math.Abs(a), math.Abs(b)) }

func random(n int, seed int64) []float64 {
	r := rand.New(rand.NewSource(seed))
	x := make([]float64, n)
	for i := range x {
		x[i] = r.NormFloat64() * math.Exp(r.NormFloat64()*3)
	}
	return x
}

var sample = []float64{3.1, -2.7, 8.25, 0.4, 19.6, -11.3, 4.4, 7.77, 0.001}

func TestSumIsExactToARounding(t *testing.T) {
	x := append(random(1000, 1), 1e16, 1, -1e16)
	exact := new(big.Float).SetPrec(2000)
	for _, v := range x {
		exact.Add(exact, new(big.Float).SetFloat64(v))
	}
	want, _ := exact.Float64()
	// Neumaier's bound: a rounding of the result plus one of order n·1e-32·Σ|x|.
	if got := Sum(x); !close(got, want, 4e-16) {
		t.Errorf("Sum = %v, the exact sum is %v", got, want)
	}
	if got := Sum([]float64{math.MaxFloat64, math.MaxFloat64, -math.MaxFloat64}); !math.IsInf(got, 1) {
		t.Errorf("an overflowing sum is %v", got)
	}
}

func TestSumDoesNotDependOnAlignment(t *testing.T) {
	x := random(1001, 2)
	buf := make([]float64, len(x)+3)
	for shift := range 4 {
		y := buf[shift : shift+len(x)]
		copy(y, x)
		if Sum(y) != Sum(x) {
			t.Errorf("shifted by %d values: %v, not %v", shift, Sum(y), Sum(x))
		}
	}
}

func TestMomentsAgreeWithNumPyAndGonum(t *testing.T) {
	for _, c := range []struct {
		name string
		f    func() (float64, error)
		want float64 // numpy 1.24
	}{
		{"mean", func() (float64, error) { return Mean(sample) }, 3.280111111111111},
		{"std ddof 1", func() (float64, error) { return StdDev(sample, 1) }, 8.513762688207319},
		{"std ddof 0", func() (float64, error) { return StdDev(sample, 0) }, 8.026852440325875},
		{"stderr", func() (float64, error) { return StdErr(sample) }, 8.513762688207319 / 3},
		{"median", func() (float64, error) { return Quantile(sample, 0.5) }, 3.1},
		{"quantile 0", func() (float64, error) { return Quantile(sample, 0) }, -11.3},
		{"quantile .1", func() (float64, error) { return Quantile(sample, 0.1) }, -4.42},
		{"quantile .9", func() (float64, error) { return Quantile(sample, 0.9) }, 10.520000000000003},
		{"quantile 1", func() (float64, error) { return Quantile(sample, 1) }, 19.6},
	} {
		if got, err := c.f(); err != nil || !close(got, c.want, 1e-15) {
			t.Errorf("%s = %v, %v; want %v", c.name, got, err, c.want)
		}
	}
	x, w := random(500, 3), random(500, 4)
	for i := range w {
		w[i] = math.Abs(w[i])
	}
	// gonum adds without compensation: a rounding for each of 500 values.
	const rel = 500 * 2e-16
	if got, _ := Variance(x, 1); !close(got, stat.Variance(x, nil), rel) {
		t.Errorf("variance %v, gonum %v", got, stat.Variance(x, nil))
	}
	if got, _, _ := WeightedMean(x, w); !close(got, stat.Mean(x, w), rel*100) { // terms cancel
		t.Errorf("weighted mean %v, gonum %v", got, stat.Mean(x, w))
	}
}

func TestVarianceOfEqualValuesIsZero(t *testing.T) {
	if v, err := Variance([]float64{0.1, 0.1, 0.1}, 1); err != nil || v != 0 {
		t.Errorf("variance %v, %v", v, err)
	}
}

func TestBadDataAreErrorsThatSayWhere(t *testing.T) {
	nan := math.NaN()
	for want, err := range map[string]error{
		"is empty":                  second(Mean(nil)),
		"holds NaN at [2]":          second(Mean([]float64{1, nan})),
		"holds +Inf at [1]":         second(StdErr([]float64{math.Inf(1), 1})),
		"at least 2 values, got 1":  second(Variance([]float64{1}, 1)),
		"must not be negative":      Weights([]float64{1, -1}, 2),
		"must not all be 0":         Weights([]float64{0, 0}, 2),
		"as many as the values":     Weights([]float64{1}, 2),
		"must ascend, got 1 after":  Edges([]float64{0, 1, 1}),
		"must be at least 2, got 1": Edges([]float64{0}),
		"hold 2 realizations":       second(JackknifeRatio(make([][]float64, 2), make([][]float64, 1))),
		"at least two samples":      second(JackknifeRatio(make([][]float64, 1), make([][]float64, 1))),
		"denominators hold no":      second(JackknifeRatio([][]float64{{1}, {2}}, [][]float64{{}, {}})),
		"without realization 1":     second(JackknifeRatio([][]float64{{1}, {}}, [][]float64{{1}, {2}})),
		"numerators[2] holds NaN":   second(JackknifeRatio([][]float64{{1}, {nan}}, [][]float64{{1}, {2}})),
		"denominators is 0":         second(JackknifeRatio([][]float64{{1}, {2}}, [][]float64{{1}, {-1}})),
		"without sample 2 is NaN":   second(JackknifeOf(1, []float64{1, nan})),
		"two different values":      second(FitLine([]float64{1, 1, 1}, []float64{1, 2, 3}, nil)),
		"at least 3 points":         second(FitLine([]float64{1, 2}, []float64{1, 2}, nil)),
		"errors must be positive":   second(FitLine([]float64{1, 2}, []float64{1, 2}, []float64{1, 0})),
		"y holds NaN":               second(FitLine([]float64{1, 2}, []float64{1, nan}, []float64{1, 1})),
		"observed is empty":         second(ChiSquare(nil, nil, nil)),
		"has 2 values and 1 weight": second(Count([]float64{1, 2}, []float64{0, 1}, []float64{1})),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want … %s …", err, want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestHistogramAgreesWithNumPy(t *testing.T) {
	h, err := Count(sample, Linspace(-4, 8.25, 5), nil)
	if err != nil || !slices.Equal(h.Counts, []float64{1, 2, 2, 2}) || !slices.Equal(h.Edges, []float64{-4, -0.9375, 2.125, 5.1875, 8.25}) {
		t.Errorf("%+v, %v", h, err)
	}
	if h.Below != 1 || h.Above != 1 {
		t.Errorf("below %v, above %v; -11.3 and 19.6 are outside", h.Below, h.Above)
	}
	weights := []float64{1, 2, 0.5, 4, 1, 0.25, 3, 1, 2}
	h, err = Count(sample, []float64{-20, 0, 4, 8.25}, weights)
	if err != nil || !slices.Equal(h.Counts, []float64{2.25, 7, 4.5}) {
		t.Errorf("%+v, %v", h, err)
	}
}

func TestEveryEdgeOpensItsBinAndTheLastIsClosed(t *testing.T) {
	h, _ := Count([]float64{0, 1, 2, 3}, []float64{0, 1, 2, 3}, nil)
	if !slices.Equal(h.Counts, []float64{1, 1, 2}) {
		t.Errorf("%v", h.Counts)
	}
}

func TestLineAgreesWithNumPyAndGonum(t *testing.T) {
	x := []float64{-0.2, -0.1, 0, 0.1, 0.2, 0.3}
	y := []float64{0.93, 0.962, 1.0, 1.031, 1.07, 1.101}
	sigma := []float64{.01, .02, .005, .01, .015, .03}
	const printed = 1e-7 // numpy printed eight digits
	l, err := FitLine(x, y, sigma)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"slope", l.Slope, 0.34426417}, {"intercept", l.Intercept, 0.99923439},
		{"slope error", l.SlopeError, 0.03529437}, {"intercept error", l.InterceptError, 0.00383329},
		{"covariance", l.Covariance, 5.08445851e-07}, {"chi2", l.Chi2, 0.1342195356194661},
	} {
		if !close(c.got, c.want, 1e-6) {
			t.Errorf("%s = %v, numpy.polyfit has %v", c.name, c.got, c.want)
		}
	}
	weights := make([]float64, len(sigma))
	for i, s := range sigma {
		weights[i] = 1 / (s * s)
	}
	alpha, beta := stat.LinearRegression(x, y, weights, false)
	if !close(l.Intercept, alpha, 1e-13) || !close(l.Slope, beta, 1e-13) || !close(l.R2, stat.RSquared(x, y, weights, alpha, beta), 1e-13) {
		t.Errorf("%+v, gonum has %v + %v x", l, alpha, beta)
	}
	l, err = FitLine(x, y, nil)
	if err != nil || !close(l.SlopeError, 0.00501698, 1e-6) || !close(l.InterceptError, 0.00089278, 1e-5) || !close(l.Slope, 0.34571429, printed) {
		t.Errorf("without errors: %+v, %v", l, err)
	}
}

func TestJackknifeAgreesWithNumPy(t *testing.T) {
	n := [][]float64{{10, 12, 9}, {11, 13}, {8, 14, 10, 12.5}}
	d := [][]float64{{9, 11, 9.5}, {10.5, 12}, {8, 13, 9.7, 11}}
	j, err := JackknifeRatio(n, d)
	if err != nil || !close(j.Value, 1.0618996798292422, 1e-15) || !close(j.Error, 0.005515315419555269, 1e-12) || !close(j.Bias, -0.000423520148023826, 1e-11) || j.N != 3 {
		t.Errorf("%+v, %v", j, err)
	}
	// The square of a mean.
	s := []float64{1, 2, 4, 7, 11}
	var without []float64
	for i := range s {
		m, _ := Mean(slices.Delete(slices.Clone(s), i, i+1))
		without = append(without, m*m)
	}
	j, err = JackknifeOf(25, without)
	if err != nil || !close(j.Error, 17.3041541255272, 1e-14) || !close(j.Bias, 3.3, 1e-13) {
		t.Errorf("%+v, %v", j, err)
	}
}

func TestRatioOfARunToItselfIsExactlyOne(t *testing.T) {
	for seed := range int64(20) {
		var runs [][]float64
		for k := range 2 + int(seed)%5 {
			x := random(1+k*7, seed*100+int64(k))
			for i := range x {
				x[i] = math.Abs(x[i]) + 0.1
			}
			runs = append(runs, x)
		}
		j, err := JackknifeRatio(runs, runs)
		if err != nil || j.Value != 1 || j.Error != 0 || j.Bias != 0 {
			t.Fatalf("%+v, %v", j, err)
		}
	}
}

func TestOneSampleIsTooFewForAJackknife(t *testing.T) {
	_, err := JackknifeOf(1, []float64{1})
	if !errors.Is(err, ErrFewSamples) {
		t.Errorf("%v", err)
	}
}

func TestRangesHitEndsZeroAndShortDecimals(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want []float64
	}{
		{"linspace through zero", Linspace(-0.2, 0.3, 6), []float64{-0.2, -0.1, 0, 0.1, 0.2, 0.3}},
		{"linspace down", Linspace(0.7, -0.7, 15), []float64{0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0, -0.1, -0.2, -0.3, -0.4, -0.5, -0.6, -0.7}},
		{"thirds are not decimals", Linspace(0, 1, 4), []float64{0, 1.0 / 3, 2.0 / 3, 1}},
		{"one value", Linspace(5, 5, 1), []float64{5}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v", c.name, c.got)
		}
	}
	for _, n := range []int{2, 3, 7, 100, 1001} {
		x := Linspace(-0.3, 0.7, n)
		if x[0] != -0.3 || x[n-1] != 0.7 || len(x) != n || !slices.IsSorted(x) {
			t.Errorf("linspace of %d: %v … %v", n, x[0], x[n-1])
		}
	}
	v, err := Values(-0.2, 0.3, 0.05, 100)
	if want := []float64{-0.2, -0.15, -0.1, -0.05, 0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3}; err != nil || !slices.Equal(v, want) {
		t.Errorf("%v, %v", v, err)
	}
	for want, err := range map[string]error{
		"leads away from 0 to 1":                                    second(Values(0, 1, -0.1, 100)),
		"does not lead from 0 to 1: its last value is 0.9":          second(Values(0, 1, 0.3, 100)),
		"would make more than 100 values":                           second(Values(0, 1, 1e-9, 100)),
		"must not be 0":                                             second(Values(0, 1, 0, 100)),
		"step 1e-300 from 0 to 1e+300 would make more than 100 val": second(Values(0, 1e300, 1e-300, 100)),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want … %s …", err, want)
		}
	}
}
