package structure

import (
	"math"
	"math/rand/v2"
	"testing"
)

// cloud is a set of points without symmetry.
func cloud(n int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	x := make([]float64, 3*n)
	for i := range x {
		x[i] = 10 * r.NormFloat64()
	}
	return x
}

// turn is the rotation of a quaternion: not by way of a decomposition.
func turn(q [4]float64) [9]float64 {
	n := math.Sqrt(q[0]*q[0] + q[1]*q[1] + q[2]*q[2] + q[3]*q[3])
	w, x, y, z := q[0]/n, q[1]/n, q[2]/n, q[3]/n
	return [9]float64{
		1 - 2*(y*y+z*z), 2 * (x*y - w*z), 2 * (x*z + w*y),
		2 * (x*y + w*z), 1 - 2*(x*x+z*z), 2 * (y*z - w*x),
		2 * (x*z - w*y), 2 * (y*z + w*x), 1 - 2*(x*x+y*y),
	}
}

func det(r [9]float64) float64 {
	return r[0]*(r[4]*r[8]-r[5]*r[7]) - r[1]*(r[3]*r[8]-r[5]*r[6]) + r[2]*(r[3]*r[7]-r[4]*r[6])
}

func TestSuperposeFindsTheRotationThatWasMade(t *testing.T) {
	x := cloud(20, 1)
	want := turn([4]float64{.3, -.5, .7, .2})
	y := make([]float64, len(x))
	Transform(y, x, want, [3]float64{5, -6, 7})
	rot, trans, rmsd := Superpose(x, y, nil)
	// 1e-13: a few hundred roundings of numbers around 10.
	if rmsd > 1e-13 {
		t.Errorf("RMSD %g of a set from its own image", rmsd)
	}
	for i := range rot {
		if math.Abs(rot[i]-want[i]) > 1e-13 {
			t.Errorf("rotation[%d] = %g, want %g", i, rot[i], want[i])
		}
	}
	for i, v := range [3]float64{5, -6, 7} {
		if math.Abs(trans[i]-v) > 1e-12 {
			t.Errorf("translation[%d] = %g, want %g", i, trans[i], v)
		}
	}
}

func TestNoSmallTurnComesNearerThanSuperpose(t *testing.T) {
	weights := make([]float64, 15)
	for i := range weights {
		weights[i] = float64(i % 4)
	}
	for seed := range uint64(20) {
		x, y := cloud(15, seed), cloud(15, seed+100)
		if seed%2 == 1 { // mirror images, where the best orthogonal map is improper
			for i := range y {
				y[i] = -x[i] + .1*y[i]
			}
		}
		rot, trans, rmsd := Superpose(x, y, weights)
		if math.Abs(det(rot)-1) > 1e-14 {
			t.Fatalf("seed %d: det R = %g", seed, det(rot))
		}
		moved := make([]float64, len(x))
		Transform(moved, x, rot, trans)
		for axis := 1; axis <= 3; axis++ {
			for _, angle := range []float64{-1e-3, 1e-3} {
				q := [4]float64{1, 0, 0, 0}
				q[axis] = angle
				c := Centre(y, weights)
				about := turn(q)
				var shift [3]float64
				for a := range 3 {
					shift[a] = c[a] - about[3*a]*c[0] - about[3*a+1]*c[1] - about[3*a+2]*c[2]
				}
				turned := make([]float64, len(x))
				Transform(turned, moved, about, shift)
				if got := RMSD(turned, y, weights); got < rmsd {
					t.Errorf("seed %d: turned by %g about axis %d it is nearer: %.17g < %.17g", seed, angle, axis, got, rmsd)
				}
			}
		}
		// A quaternion's rotations are all proper: none of many comes nearer.
		r := rand.New(rand.NewPCG(seed, 2))
		for range 500 {
			about := turn([4]float64{r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64()})
			cx, cy := Centre(x, weights), Centre(y, weights)
			var shift [3]float64
			for a := range 3 {
				shift[a] = cy[a] - about[3*a]*cx[0] - about[3*a+1]*cx[1] - about[3*a+2]*cx[2]
			}
			turned := make([]float64, len(x))
			Transform(turned, x, about, shift)
			if got := RMSD(turned, y, weights); got < rmsd {
				t.Errorf("seed %d: a random rotation comes nearer: %g < %g", seed, got, rmsd)
			}
		}
	}
}

func TestDegeneratePointsAreSuperposedProperly(t *testing.T) {
	line := []float64{0, 0, 0, 1, 0, 0, 2, 0, 0}
	for name, c := range map[string]struct {
		x, y []float64
		rmsd float64
	}{
		"one point":         {[]float64{1, 2, 3}, []float64{-4, 5, 6}, 0},
		"two points":        {[]float64{0, 0, 0, 2, 0, 0}, []float64{1, 1, 1, 1, 1, 3}, 0},
		"points on a line":  {line, []float64{5, 5, 5, 5, 6, 5, 5, 7, 5}, 0},
		"all in one place":  {[]float64{1, 1, 1, 1, 1, 1}, []float64{2, 2, 2, 2, 2, 2}, 0},
		"a line and a turn": {line, []float64{2, 0, 0, 1, 0, 0, 0, 0, 0}, 0},
		// The best that points in one place can do is the line's middle: √((1 + 0 + 1)/3).
		"a point and a line": {[]float64{1, 1, 1, 1, 1, 1, 1, 1, 1}, line, math.Sqrt(2. / 3)},
	} {
		rot, _, rmsd := Superpose(c.x, c.y, nil)
		if math.Abs(det(rot)-1) > 1e-14 {
			t.Errorf("%s: det R = %g", name, det(rot))
		}
		if !(math.Abs(rmsd-c.rmsd) < 1e-14) {
			t.Errorf("%s: RMSD %g, want %g", name, rmsd, c.rmsd)
		}
	}
}

func TestFluctuationsOfSuperposedCopiesAreThoseMade(t *testing.T) {
	// Many copies of a shape, each atom moved by noise of its own size, then turned
	// and shifted: superposition brings the sizes back, but for the 6 of 3n degrees of
	// freedom that it takes and the statistics of M models, 1/√(6M) = 2 % an atom.
	const n, m = 60, 400
	shape := cloud(n, 3)
	r := rand.New(rand.NewPCG(9, 9))
	models := make([][]float64, m)
	for k := range models {
		x := make([]float64, 3*n)
		for i := range x {
			size := .1 + .2*float64(i/3)/n
			x[i] = shape[i] + size*r.NormFloat64()
		}
		about := turn([4]float64{r.NormFloat64(), r.NormFloat64(), r.NormFloat64(), r.NormFloat64()})
		Transform(x, x, about, [3]float64{100 * r.NormFloat64(), 3, 4})
		models[k] = x
	}
	e := SuperposeAll(models, nil)
	if e.Iterations > 20 {
		t.Errorf("%d turns", e.Iterations)
	}
	got, want, got2 := 0.0, 0.0, RMSF(e.Models)
	for i, u := range got2 {
		size := math.Sqrt(3) * (.1 + .2*float64(i)/n)
		got, want = got+u*u, want+size*size
		if math.Abs(u/size-1) > .15 {
			t.Errorf("atom %d: RMSF %g, made with %g", i, u, size)
		}
	}
	// 1/√(3nM/2) = 0.5 %, and 6/180 = 3.3 % of the variance go into the superposition.
	if ratio := got / want; math.Abs(ratio-(1-6./(3*n))) > .02 {
		t.Errorf("Σ RMSF² is %g of what was made, want %g", ratio, 1-6./(3*n))
	}
	if b := BFactors([]float64{.5})[0]; math.Abs(b-8*math.Pi*math.Pi/12) > 1e-14 {
		t.Errorf("B of 0.5 Å is %g", b)
	}
}

// Two models 2 Å apart: each is 1 Å from their mean. Eq. (5) divides by the
// number of models.
func TestRMSFIsOfTheModelsThemselves(t *testing.T) {
	got := RMSF([][]float64{{1, 2, 3, 0, 0, 0}, {1, 2, 5, 0, 0, 0}})
	if got[0] != 1 || got[1] != 0 {
		t.Errorf("RMSF %v, want 1 and 0", got)
	}
}

func TestRadiusOfGyrationAndDistancesOfKnownShapes(t *testing.T) {
	cube := make([]float64, 0, 24)
	for i := range 8 {
		cube = append(cube, float64(i&1)*2+7, float64(i>>1&1)*2, float64(i>>2&1)*2-3)
	}
	if rg := RadiusOfGyration(cube, nil); math.Abs(rg-math.Sqrt(3)) > 1e-15 {
		t.Errorf("R_g of a cube of side 2 is %g", rg)
	}
	// 1 and 3 at distance 4: centre at 3, R_g² = (1·9 + 3·1)/4.
	if rg := RadiusOfGyration([]float64{0, 0, 0, 4, 0, 0}, []float64{1, 3}); math.Abs(rg-math.Sqrt(3)) > 1e-15 {
		t.Errorf("weighted R_g is %g", rg)
	}
	d := PairDistances([]float64{0, 0, 0, 3, 0, 0, 0, 4, 0})
	if len(d) != 3 || d[0] != 3 || d[1] != 4 || d[2] != 5 {
		t.Errorf("distances of a 3-4-5 triangle: %v", d)
	}
	if len(PairDistances(nil)) != 0 {
		t.Error("no points have distances")
	}
}
