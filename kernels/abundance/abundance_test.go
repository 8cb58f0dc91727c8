package abundance

import (
	"math"
	"strings"
	"testing"
)

func TestLogEdgesAreEvenInLogarithmAndExactAtTheEnds(t *testing.T) {
	e, err := LogEdges(6, 30, 7)
	if err != nil || len(e) != 8 || e[0] != 6 || e[7] != 30 {
		t.Fatalf("%v, %v", e, err)
	}
	for i := 1; i < len(e); i++ {
		// Each edge is a product of an exponential good to an ulp.
		if want := math.Pow(5, 1.0/7); math.Abs(e[i]/e[i-1]/want-1) > 1e-15*4 {
			t.Errorf("step %d is %v, want %v", i, e[i]/e[i-1], want)
		}
	}
}

func TestSubBoxesAreThirdsOfTheBox(t *testing.T) {
	seen := map[int]bool{}
	for i := range SubBoxes {
		x, y, z := float64(i/9)*30+1, float64(i/3%3)*30+29, float64(i%3)*30
		if got := SubBox(x, y, z, 90); got != i {
			t.Errorf("(%v, %v, %v) lies in %d, want %d", x, y, z, got, i)
		}
		seen[i] = true
	}
	// The last number below the box is still in the last third.
	if got := SubBox(math.Nextafter(90, 0), 0, 0, 90); got != 18 {
		t.Errorf("the end of the box is in %d", got)
	}
	if d := Divided(30); len(d) != SubBoxes || d[3].Volume != 1000 {
		t.Errorf("27 sub-boxes of 10³: %+v", d)
	}
}

// The jackknife of a mean is its standard error: of 3, 1, 2 the deviation is 1.
// One of a sum of squares shows that the estimate is what is repeated.
func TestJackknifeRepeatsTheEstimate(t *testing.T) {
	samples := []Sample{{[]float64{1, 1, 1}, 10}, {[]float64{1}, 10}, {[]float64{1, 1}, 10}}
	value, err, without, e := Jackknife(samples, func(sizes []float64, volume float64) ([]float64, error) {
		n := float64(len(sizes))
		return []float64{n / volume, n * n}, nil
	})
	if e != nil {
		t.Fatal(e)
	}
	if value[0] != 0.2 || value[1] != 36 || math.Abs(err[0]*10*math.Sqrt(3)-1) > 1e-14 {
		t.Errorf("%v ± %v", value, err)
	}
	// Squares of 3, 5 and 4: mean 50/3, deviations −23/3, 25/3, −2/3.
	if want := math.Sqrt(2.0 / 3 * (23*23 + 25*25 + 2*2) / 9); math.Abs(err[1]/want-1) > 1e-14 || without[1][1] != 25 {
		t.Errorf("error %v of the square, want %v; without %v", err[1], want, without)
	}
}

func TestErrorsNameWhatIsWrong(t *testing.T) {
	none := func([]float64, float64) ([]float64, error) { return nil, nil }
	_, _, _, e1 := Jackknife([]Sample{{nil, 1}}, none)
	_, _, _, e2 := Jackknife([]Sample{{nil, 1}, {nil, -1}}, none)
	_, e3 := LogEdges(0, 1, 3)
	_, e4 := LogEdges(2, 1, 3)
	_, e5 := LogEdges(1, 2, 0)
	for i, c := range []struct {
		err  error
		want string
	}{
		{e1, "abundance: a jackknife needs at least two samples, got 1"},
		{e2, "abundance: volume must be positive and finite, got -1 of sample 1"},
		{e3, "abundance: the lowest edge must be positive and finite, got 0"},
		{e4, "abundance: the highest edge must be above the lowest (2) and finite, got 1"},
		{e5, "abundance: bins must be at least 1, got 0"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("case %d: error %v, want %q", i+1, c.err, c.want)
		}
	}
}
