package diffusion

import (
	"context"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distmv"

	"runlua/kernels/rng"
)

func denoise(t testing.TB, d Denoiser, x []float64, sigma float64) []float64 {
	t.Helper()
	out := make([]float64, len(x))
	if err := d.Denoise(context.Background(), out, x, len(x)/d.Dim(), sigma); err != nil {
		t.Fatal(err)
	}
	return out
}

func closeTo(t testing.TB, name string, got, want []float64, tolerance float64) {
	t.Helper()
	for i := range want {
		if math.Abs(got[i]-want[i]) > tolerance {
			t.Errorf("%s: [%d] is %v, want %v", name, i, got[i], want[i])
			return
		}
	}
}

// Eq. (9) by gonum's densities and linear solver instead of eigenvectors.
func TestMixtureIsTheConditionalMean(t *testing.T) {
	components := []Component{
		{1, []float64{2, 0, -1}, []float64{2, 0.5, 0.1, 0.5, 1, 0.2, 0.1, 0.2, 3}},
		{2, []float64{-2, 1, 0}, []float64{1, 2, 3}},
		{0.5, []float64{0, 3, 0}, []float64{0.25}},
	}
	m, err := NewMixture(background, one, components)
	if err != nil {
		t.Fatal(err)
	}
	x := []float64{0.3, 1, -0.5}
	for _, sigma := range []float64{0.1, 1, 30} {
		var total float64
		want := make([]float64, 3)
		for _, c := range components {
			cov := mat.NewSymDense(3, nil)
			for i := range 3 {
				switch len(c.Covariance) {
				case 1:
					cov.SetSym(i, i, c.Covariance[0])
				case 3:
					cov.SetSym(i, i, c.Covariance[i])
				default:
					for j := range 3 {
						cov.SetSym(i, j, c.Covariance[3*i+j])
					}
				}
			}
			noisy := mat.NewSymDense(3, nil)
			noisy.CopySym(cov)
			for i := range 3 {
				noisy.SetSym(i, i, noisy.At(i, i)+sigma*sigma)
			}
			normal, ok := distmv.NewNormal(c.Mean, noisy, nil)
			if !ok {
				t.Fatal("not positive definite")
			}
			w := c.Weight * normal.Prob(x)
			total += w
			var solved, back mat.VecDense
			d := mat.NewVecDense(3, []float64{x[0] - c.Mean[0], x[1] - c.Mean[1], x[2] - c.Mean[2]})
			if err := solved.SolveVec(noisy, d); err != nil {
				t.Fatal(err)
			}
			back.MulVec(cov, &solved)
			for i := range 3 {
				want[i] += w * (c.Mean[i] + back.AtVec(i))
			}
		}
		for i := range want {
			want[i] /= total
		}
		closeTo(t, "mixture", denoise(t, m, x, sigma), want, 1e-13)
	}
}

// An ensemble is a mixture of isotropic normals: another code for Eq. (9).
func TestEnsembleIsAMixture(t *testing.T) {
	conformers, weights := curl(9, 4), []float64{1, 2, 3, 4, 5, 4, 3, 2, 1}
	for _, bandwidth := range []float64{0, 0.6} {
		e, err := NewEnsemble(conformers, bandwidth, weights)
		if err != nil {
			t.Fatal(err)
		}
		var components []Component
		for k, y := range conformers {
			components = append(components, Component{weights[k], y, []float64{bandwidth * bandwidth}})
		}
		m, err := NewMixture(background, one, components)
		if err != nil {
			t.Fatal(err)
		}
		for _, sigma := range []float64{0.007, 0.5, 8, 2560} {
			x := make([]float64, 5*12)
			for k := range 5 {
				normals(x[12*k:12*k+12], rng.Key(1), int64(k), 0, rng.PurposeDiffusionStart)
				for j, y := range conformers[k] {
					x[12*k+j] = y + sigma*x[12*k+j]
				}
			}
			// Weights from scalar products lose the digits of |x|²/(s² + σ²).
			closeTo(t, "ensemble", denoise(t, e, x, sigma), denoise(t, m, x, sigma), 1e-10/(sigma*sigma+bandwidth*bandwidth)+1e-9)
		}
	}
}

// Eqs. (16) and (17) against the pseudo-inverse of the chain's Laplacian.
func TestRouseModesAreThoseOfTheLaplacian(t *testing.T) {
	const n, bond = 7, 3.8
	r, err := NewRouse(n, bond)
	if err != nil {
		t.Fatal(err)
	}
	laplacian := mat.NewSymDense(n, nil)
	for i := range n - 1 {
		laplacian.SetSym(i, i+1, -1)
		laplacian.SetSym(i, i, laplacian.At(i, i)+1)
		laplacian.SetSym(i+1, i+1, laplacian.At(i+1, i+1)+1)
	}
	covariance := make([]float64, n*n) // from the modes, on the y axis
	row, unit := make([]float64, 3*n), make([]float64, 3*(n-1))
	for p, v := range r.variance {
		clear(unit)
		unit[3*p+1] = 1
		r.Decode(row, unit)
		for i := range n {
			if row[3*i] != 0 || row[3*i+2] != 0 {
				t.Fatal("a mode on the y axis moves beads along others")
			}
			for j := range n {
				covariance[i*n+j] += v * row[3*i+1] * row[3*j+1]
			}
		}
	}
	// L C = b²/3 (1 − 1/n): the pseudo-inverse, without the centre of mass.
	var product mat.Dense
	product.Mul(laplacian, mat.NewDense(n, n, covariance))
	for i := range n {
		for j := range n {
			want := -bond * bond / 3 / n
			if i == j {
				want += bond * bond / 3
			}
			if got := product.At(i, j); math.Abs(got-want) > 1e-12*bond*bond {
				t.Errorf("L C at [%d][%d] is %v, want %v", i, j, got, want)
			}
		}
	}
}

// turned returns points turned by a quaternion.
func turned(x []float64, q [4]float64) []float64 {
	out := append([]float64(nil), x...)
	turn(out, q, [3]float64{})
	return out
}

func TestEquivarianceIsAsDeclared(t *testing.T) {
	q, _ := randomTurn(rng.Key(5), 1, 2)
	for name, d := range denoisers(t) {
		x := make([]float64, d.Dim())
		normals(x, rng.Key(2), 0, 0, rng.PurposeDiffusionStart)
		if len(x)%3 != 0 {
			t.Fatalf("%s has %d coordinates", name, len(x))
		}
		a, b := denoise(t, d, turned(x, q), 2), turned(denoise(t, d, x, 2), q)
		var off float64
		for i := range a {
			off = max(off, math.Abs(a[i]-b[i]))
		}
		if equivariant := off < 1e-12; equivariant != shapeOf(d).Equivariant() {
			// The walk of a GNM along its modes is equivariant; its structure, which
			// Decode adds, is not.
			if name != "gnm" {
				t.Errorf("%s: D(Rx) and R D(x) differ by %v, equivariant: %v", name, off, shapeOf(d).Equivariant())
			}
		}
	}
}

func TestRotationsAreUniform(t *testing.T) {
	const n = 20000
	var mean [9]float64
	var angle []float64
	for k := range int64(n) {
		q, _ := randomTurn(rng.Key(9), k, 3)
		x := turned([]float64{1, 0, 0, 0, 1, 0, 0, 0, 1}, q)
		for i, v := range x {
			mean[i] += v
		}
		if det := x[0]*(x[4]*x[8]-x[5]*x[7]) - x[1]*(x[3]*x[8]-x[5]*x[6]) + x[2]*(x[3]*x[7]-x[4]*x[6]); math.Abs(det-1) > 1e-14 {
			t.Fatalf("rotation %d has the determinant %v", k, det)
		}
		angle = append(angle, math.Acos((x[0]+x[4]+x[8]-1)/2))
	}
	for i, v := range mean { // each element has the mean 0 and the variance 1/3
		if off := v / math.Sqrt(n/3.); math.Abs(off) > sigmas {
			t.Errorf("element %d is %.1f standard errors off", i, off)
		}
	}
	// The angle of a uniform rotation has the density (1 − cos θ)/π.
	var below float64
	for _, a := range angle {
		if a < math.Pi/2 {
			below++
		}
	}
	p := (math.Pi/2 - 1) / math.Pi
	if off := (below - p*n) / math.Sqrt(n*p*(1-p)); math.Abs(off) > sigmas {
		t.Errorf("%v of %d angles are below 90°, %.1f standard errors off", below, n, off)
	}
}

// An equivariant denoiser's samples keep their distribution when each step
// turns them, and each sample is another.
func TestAugmentationKeepsTheDistribution(t *testing.T) {
	g := gaussians(t)["rouse"]
	rouse := g.Denoiser.(*Rouse)
	s := preset(t, "af3", 200)
	s.Augment = true
	w := run(t, Config{Settings: s, Denoiser: rouse, Seed: 4, Samples: upTo(1000)})
	if err := checkModes(w, g); err != nil {
		t.Error(err)
	}
	s.Augment = false
	if plain := run(t, Config{Settings: s, Denoiser: rouse, Seed: 4, Samples: upTo(1)}); sameBits(plain.x, w.row(w.x, 0)) {
		t.Error("augmentation changes nothing")
	}
}

// cloud is an equivariant denoiser of points, which shrinks them by half.
type cloud struct{ points }

func (c cloud) Dim() int          { return c.dim }
func (c cloud) Atoms() int        { return c.dim / 3 }
func (c cloud) Equivariant() bool { return true }
func (c cloud) Denoise(_ context.Context, dst, x []float64, _ int, _ float64) error {
	for i, v := range x {
		dst[i] = v / 2
	}
	return nil
}

func TestCentringAndTranslationMoveTheCentreOfMass(t *testing.T) {
	centroid := func(s Settings) (size float64) {
		w := run(t, Config{Settings: s, Denoiser: cloud{points{30}}, Samples: upTo(1)})
		row := w.Coordinates(0)
		for axis := range 3 {
			var sum float64
			for i := axis; i < len(row); i += 3 {
				sum += row[i] / 10
			}
			size += math.Abs(sum)
		}
		return size
	}
	s := preset(t, "af3-mini", 4) // adds no noise that would move it
	if size := centroid(s); size < 1 {
		t.Errorf("a walk that is left alone ends %v Å off the origin", size)
	}
	s.Center = true
	if size := centroid(s); size > 1e-10 {
		t.Errorf("a centred walk ends %v Å off the origin", size)
	}
	s.Center, s.Augment, s.Translation = false, true, 0
	if size := centroid(s); size > 1e-10 {
		t.Errorf("a walk that is turned only ends %v Å off the origin", size)
	}
	s.Translation = 100
	if size := centroid(s); size < 1 {
		t.Errorf("a walk that is moved by 100 Å ends %v Å off the origin", size)
	}
}
