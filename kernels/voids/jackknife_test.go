package voids

import (
	"math"
	"strings"
	"testing"

	"runlua/kernels/abundance"
)

// Of boxes of one volume n(>R) is a mean over boxes, and its jackknife the
// standard error of that mean: counts 3, 1, 2 above the cut give a standard
// deviation of 1 and an error of 1/√3 a box.
func TestSizeJackknifeOfEqualBoxesIsTheStandardError(t *testing.T) {
	samples := []abundance.Sample{
		{Sizes: []float64{9, 10, 11, 20}, Volume: 100}, {Sizes: []float64{12, 3}, Volume: 100}, {Sizes: []float64{8.5, 15}, Volume: 100},
	}
	s, _, err := SizeJackknife(samples, []float64{8, 16, 32})
	if err != nil {
		t.Fatal(err)
	}
	plain, _ := Size([]float64{9, 10, 11, 20, 12, 3, 8.5, 15}, []float64{8, 16, 32}, 300)
	for b, want := range []float64{1, math.Sqrt(1.0 / 3)} { // counts 3 1 2 and 1 0 0
		want /= math.Sqrt(3) * 100 * math.Ln2
		if s.DnDlnR[b] != plain.DnDlnR[b] || s.Counts[b] != plain.Counts[b] || math.Abs(s.Err[b]/want-1) > 1e-12 {
			t.Errorf("bin %d: %v ± %v, want %v ± %v", b, s.DnDlnR[b], s.Err[b], plain.DnDlnR[b], want)
		}
	}
	n, e, _, err := CumulativeJackknife(samples, []float64{8, 14})
	if err != nil {
		t.Fatal(err)
	}
	// Above 8: 4, 1, 2 with deviation √(7/3); above 14: 1, 0, 1 with √(1/3).
	for c, want := range []float64{math.Sqrt(7.0 / 3), math.Sqrt(1.0 / 3)} {
		want /= math.Sqrt(3) * 100
		if math.Abs(e[c]/want-1) > 1e-12 || math.Abs(n[c]*300-[]float64{7, 2}[c]) > 1e-12 {
			t.Errorf("cut %d: %v ± %v, want ± %v", c, n[c], e[c], want)
		}
	}
}

// Voids thrown at random are Poisson: over many boxes the jackknife of 27
// sub-boxes has the mean variance that counting gives. 40 boxes of 26 degrees of
// freedom each know a variance to √(2/1040) = 4.4 %; three times that.
func TestSubBoxJackknifeOfRandomVoidsIsPoisson(t *testing.T) {
	const box, each, boxes = 90.0, 300, 40
	var jack, poisson float64
	for i := range boxes {
		pos := scatter(each, box, uint64(100+i))
		voids := make([]Void, each)
		for j := range voids {
			voids[j] = Void{X: pos[3*j], Y: pos[3*j+1], Z: pos[3*j+2], Radius: 8}
		}
		n, e, _, err := CumulativeJackknife(Divide(voids, box), []float64{5})
		if err != nil {
			t.Fatal(err)
		}
		if want := each / (box * box * box); math.Abs(n[0]/want-1) > 1e-12 { // rounding of 27 volumes' sum
			t.Fatalf("n = %v, want %v", n[0], want)
		}
		jack += e[0] * e[0] / boxes
		poisson += n[0] / (box * box * box) / boxes
	}
	if ratio := jack / poisson; math.Abs(ratio-1) > 0.14 {
		t.Errorf("the jackknife's variance is %v of Poisson's, want 1 ± .14", ratio)
	}
}

func TestSampleErrors(t *testing.T) {
	one := []abundance.Sample{{Sizes: []float64{8}, Volume: 1}}
	_, _, e1 := SizeJackknife(one, []float64{1, 2})
	_, _, _, e2 := CumulativeJackknife(one, []float64{1})
	_, _, e3 := SizeJackknife([]abundance.Sample{{Sizes: nil, Volume: 1}, {Sizes: nil, Volume: -1}}, []float64{1, 2})
	_, _, e4 := SizeJackknife([]abundance.Sample{{Sizes: nil, Volume: 1}, {Sizes: nil, Volume: 1}}, []float64{2, 1})
	for i, c := range []struct {
		err  error
		want string
	}{
		{e1, "abundance: a jackknife needs at least two samples, got 1"},
		{e2, "abundance: a jackknife needs at least two samples, got 1"},
		{e3, "abundance: volume must be positive and finite, got -1 of sample 1"},
		{e4, "voids: edges must ascend, got 1 after 2"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("case %d: error %v, want %q", i+1, c.err, c.want)
		}
	}
}
