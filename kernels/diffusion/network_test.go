package diffusion

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"runlua/kernels/par"
)

// What the modes of networks and mixtures are found with.
var background, one = context.Background(), par.New(1)

// sdf1 is the CA trace of PDB entry 2SDF, model 1: 67 atoms.
func sdf1(t testing.TB) []float64 {
	t.Helper()
	text, err := os.ReadFile("testdata/2sdf-ca.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(text), "\n") // the comment
	var x []float64
	for _, word := range strings.Fields(body) {
		v, err := strconv.ParseFloat(word, 64)
		if err != nil {
			t.Fatal(err)
		}
		x = append(x, v)
	}
	return x
}

// near compares to a relative difference.
func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance*math.Abs(b) }

// ProDy (Bakan et al. 2011), another program with another eigensolver, finds
// the same modes and fluctuations. Both are exact to some 1e-14 of the largest
// eigenvalue, which is 1e-11 of the smallest.
func TestProDyFindsTheSameNetworks(t *testing.T) {
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import prody").Run(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("python3-prody is missing, which .ci/run installs: %v", err)
		}
		t.Skipf("needs Debian's python3-prody: %v", err)
	}
	coordinates, err := os.Open("testdata/2sdf-ca.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer coordinates.Close()
	var out, complaint bytes.Buffer
	cmd := exec.Command(python, "testdata/networks.py")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = coordinates, &out, &complaint
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, complaint.Bytes())
	}
	var theirs map[string]struct{ Eigenvalues, Fluctuations []float64 }
	if err := json.Unmarshal(out.Bytes(), &theirs); err != nil {
		t.Fatal(err)
	}
	x := sdf1(t)
	anm, err := NewANM(background, one, x, NetworkOptions{})
	if err != nil {
		t.Fatal(err)
	}
	gnm, err := NewGNM(background, one, x, NetworkOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		n    *Network
		axes float64 // a GNM of ProDy's has one
	}{"anm": {anm, 1}, "gnm": {gnm, 3}} {
		want := theirs[name]
		values, b := c.n.Eigenvalues(), c.n.BFactors()
		if len(values) != len(want.Eigenvalues) || len(b) != len(want.Fluctuations) {
			t.Fatalf("%s: %d modes and %d atoms, ProDy has %d and %d", name, len(values), len(b), len(want.Eigenvalues), len(want.Fluctuations))
		}
		for m, v := range values {
			if !near(v, want.Eigenvalues[m], 1e-10) {
				t.Errorf("%s: eigenvalue %d is %v, by ProDy %v", name, m+1, v, want.Eigenvalues[m])
			}
		}
		for i, v := range b {
			if want := 8 * math.Pi * math.Pi / 3 * c.axes * want.Fluctuations[i]; !near(v, want, 1e-10) {
				t.Errorf("%s: the B-factor of atom %d is %v, by ProDy %v", name, i+1, v, want)
			}
		}
	}
}

// Three masses joined by equal springs breathe with the eigenvalue 3 k/m and
// bend with 3/2, twice, whatever the size of the triangle; the Kirchhoff matrix
// of three that are all linked has the eigenvalue 3 twice.
func TestTriangleOfSpringsHasItsTextbookModes(t *testing.T) {
	const side = 5
	triangle := []float64{0, 0, 7, side, 0, 7, side / 2., side * math.Sqrt(3) / 2, 7}
	for _, c := range []struct {
		name   string
		make   func(context.Context, *par.Pool, []float64, NetworkOptions) (*Network, error)
		values []float64
		square float64 // ⟨u²⟩ of an atom, at kT/γ = 1
	}{
		{"anm", NewANM, []float64{1.5, 1.5, 3}, (2/1.5 + 1./3) / 3},
		{"gnm", NewGNM, []float64{3, 3}, 3 * (2. / 3) / 3},
	} {
		for _, o := range []struct {
			opts  NetworkOptions
			times float64 // ⟨u²⟩
		}{{NetworkOptions{}, 1}, {NetworkOptions{Scale: 7}, 7}, {NetworkOptions{RMSF: 3}, 9 / c.square}} {
			n, err := c.make(background, one, triangle, o.opts)
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			closeTo(t, c.name, n.Eigenvalues(), c.values, 1e-14) // roundings of an eigensolver on numbers near 1
			want := 8 * math.Pi * math.Pi / 3 * c.square * o.times
			closeTo(t, c.name+" B-factors", n.BFactors(), []float64{want, want, want}, 1e-14*want*8)
		}
	}
}

// The samples of a walk have the B-factors, times what the walk keeps of the
// variance: the mean over atoms of 500 samples' squared displacement.
func TestSamplesHaveTheBFactors(t *testing.T) {
	x := sdf1(t)
	n, err := NewANM(background, one, x, NetworkOptions{RMSF: 1})
	if err != nil {
		t.Fatal(err)
	}
	var mean float64
	for _, b := range n.BFactors() {
		mean += b / float64(n.Atoms())
	}
	if want := 8 * math.Pi * math.Pi / 3; !near(mean, want, 1e-12) {
		t.Errorf("with an RMSF of 1 Å the mean B-factor is %v, want %v", mean, want)
	}
	const samples = 500
	s := preset(t, "exact", 100)
	w := run(t, Config{Settings: s, Denoiser: n, Seed: 1, Samples: upTo(samples)})
	var square, want, noise float64
	for k := range samples {
		for j, v := range w.Coordinates(k) {
			square += (v - x[j]) * (v - x[j]) / float64(samples*n.Atoms())
		}
	}
	for _, v := range n.Variances() {
		predicted := s.PredictedVariance(v) / float64(n.Atoms())
		want += predicted
		noise += 2 * predicted * predicted / samples
	}
	if math.Abs(square-want) > sigmas*math.Sqrt(noise) {
		t.Errorf("the mean square displacement is %v Å², want %v ± %.2g", square, want, math.Sqrt(noise))
	}
}

func TestNetworksThatAreNotHeldAreRefused(t *testing.T) {
	x := sdf1(t)
	far := append(append([]float64(nil), x...), x...)
	for i := range x {
		far[len(x)+i] += 1000
	}
	for name, c := range map[string]struct {
		coords []float64
		opts   NetworkOptions
		want   string
	}{
		"two pieces":       {far, NetworkOptions{}, "must link all atoms to one network, got 2 pieces at 15 Å: no chain of links leads from atom 1 to atom 68"},
		"a floppy chain":   {x, NetworkOptions{Cutoff: 4}, "must make a network with 6 modes without restoring force"},
		"two atoms in one": {append(x[:6:6], x[3:6]...), NetworkOptions{}, "atoms 2 and 3 in one place"},
		"a NaN":            {append(x[:6:6], math.NaN(), 0, 0), NetworkOptions{}, "must be finite, got NaN at [7]"},
		"four numbers":     {x[:4], NetworkOptions{}, "must be three for each atom"},
		"too many atoms":   {make([]float64, 3*MaxAtoms+3), NetworkOptions{}, "must be from 3 to 1500"},
		"a negative scale": {x, NetworkOptions{Scale: -1}, "scale must be positive"},
	} {
		_, err := NewANM(background, one, c.coords, c.opts)
		var p *ParamError
		if !errors.As(err, &p) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func TestNetworksAndCovariancesStopWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(background)
	cancel()
	x := sdf1(t)
	for name, make := range map[string]func() error{
		"anm": func() error { _, err := NewANM(ctx, one, x, NetworkOptions{}); return err },
		"gnm": func() error { _, err := NewGNM(ctx, one, x, NetworkOptions{}); return err },
		"mixture": func() error {
			_, err := NewMixture(ctx, one, []Component{{1, []float64{0, 0}, []float64{2, 1, 1, 2}}})
			return err
		},
	} {
		if err := make(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s under a context that has ended: %v", name, err)
		}
	}
}
