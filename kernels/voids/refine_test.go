package voids

import (
	"context"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"runlua/kernels/par"
)

// The rule in the words of the package comment, over all particles, unsorted
// cells and no squares: the profile as a list of points, the function between
// them, its upward crossings, and of those the one that the limit chooses. The
// roundings differ, by under 1e-13 of the box where a crossing is not grazed.
func TestTheRadiusIsTheOneTheRuleChooses(t *testing.T) {
	const box, n, thr = 64.0, 14 * 14 * 14, -0.6
	holes := []hole{
		holeOfRadius(1, 20, 40, 10, thr), holeOfRadius(30, 60, 10, 12, thr),
		holeOfRadius(40, 40, 50, 8, thr), holeOfRadius(35, 20, 30, 9, thr),
	}
	pos := plant(box, 14, holes, 10)
	places := scatter(300, box, 11)
	var voids []Void
	for i := range 300 {
		v := Void{X: places[3*i], Y: places[3*i+1], Z: places[3*i+2], Limit: 3 + float64(i%16)}
		if i >= 30 { // near a hole's centre
			h := holes[i%len(holes)]
			v.X = dyadic(h.x+v.X/10, box)
			v.Y = dyadic(h.y+v.Y/10, box)
			v.Z = dyadic(h.z+v.Z/10, box)
		}
		voids = append(voids, v)
	}
	// On the edges of the chain's cells and of the box, and on a particle.
	voids = append(voids, Void{Limit: 32}, Void{X: 32, Y: 16, Limit: 32}, Void{X: pos[0], Y: pos[1], Z: pos[2], Limit: 9})
	got, err := RefineAt(context.Background(), par.New(2), pos, voids, RefineOptions{Box: box, Threshold: thr})
	if err != nil {
		t.Fatal(err)
	}
	var missed, inward, outward int
	for i, v := range voids {
		var r, delta []float64
		for p := range n {
			if d := distance([3]float64{pos[3*p], pos[3*p+1], pos[3*p+2]}, v.centre(), box); d <= min(2*v.Limit, box/2) {
				r = append(r, d)
			}
		}
		slices.Sort(r)
		for j, d := range r {
			delta = append(delta, float64(j+1)/(n/(box*box*box)*4*math.Pi/3*d*d*d)-1)
		}
		profile := func(x float64) float64 {
			if len(r) == 0 || x < r[0] {
				return -1
			}
			for j := 1; j < len(r); j++ {
				if x < r[j] {
					return delta[j-1] + (delta[j]-delta[j-1])*(x-r[j-1])/(r[j]-r[j-1])
				}
			}
			return delta[len(r)-1]
		}
		var in, out []float64
		inside := map[float64]int{}
		for j := 1; j < len(r); j++ {
			if delta[j-1] < thr && delta[j] >= thr {
				x := r[j-1] + (r[j]-r[j-1])*(thr-delta[j-1])/(delta[j]-delta[j-1])
				inside[x] = j
				if x <= v.Limit {
					in = append(in, x)
				} else {
					out = append(out, x)
				}
			}
		}
		want := 0.0
		switch above := profile(v.Limit) >= thr; {
		case above && len(in) > 0:
			want = in[len(in)-1]
			inward++
		case !above && len(out) > 0:
			want = out[0]
			outward++
		default:
			missed++
		}
		if got.Found[i] != (want > 0) || got.Inside[i] != inside[want] || math.Abs(got.Radii[i]-want) > 1e-13*box {
			t.Errorf("void %d %+v: radius %v with %d inside (found %v), want %v with %d",
				i, v, got.Radii[i], got.Inside[i], got.Found[i], want, inside[want])
		}
	}
	if got.Missed != missed || missed < 20 || inward < 20 || outward < 20 {
		t.Errorf("missed %d, want %d; %d inward and %d outward, want 20 of each kind at least", got.Missed, missed, inward, outward)
	}
}

// With a volume of 1 a particle, q_j = j/r_j³: the profile below crosses 1
// upward between its particles 1 and 2, and 4 and 5, and downward between 3
// and 4.
func TestTheLimitChoosesAmongCrossings(t *testing.T) {
	r := []float64{1.25, 1.25, 1.3, 1.7, 1.7, 1.75}
	var d []float64
	for j, x := range r {
		d = append(d, x*x)
		if q := float64(j+1) / (x * x * x); (q < 1) != (j == 0 || j == 3) {
			t.Fatalf("q_%d = %v is not what the test is about", j+1, q)
		}
	}
	for _, c := range []struct {
		limit  float64
		radius float64
		inside int
	}{
		{1.0, 1.25, 1},  // below: the first beyond
		{1.24, 1.25, 1}, // below
		{1.26, 1.25, 1}, // above: the outermost inside
		{1.5, 1.25, 1},  // above, in the interval that falls
		{1.69, 1.7, 4},  // below, past the fall
		{1.72, 1.7, 4},  // above: the outermost inside
		{1.9, 1.7, 4},   // past the last particle
	} {
		got, inside, found := crossing(d, 1, c.limit)
		if !found || got != c.radius || inside != c.inside {
			t.Errorf("limit %v: radius %v with %d inside, want %v with %d", c.limit, got, inside, c.radius, c.inside)
		}
	}

	// A limit within the interval that holds the crossing, on either side of it.
	r0, r1 := 1.4, 1.42
	q0, q1 := 2/(r0*r0*r0), 3/(r1*r1*r1) // .73 and 1.05
	want := r0 + (r1-r0)*(1-q0)/(q1-q0)  // 1.417
	for _, limit := range []float64{1.41, 1.4195} {
		got, inside, found := crossing([]float64{1.25 * 1.25, r0 * r0, r1 * r1, 1.43 * 1.43}, 1, limit)
		if !found || math.Abs(got-want) > 1e-14 || inside != 2 {
			t.Errorf("limit %v: radius %v with %d inside, want %v with 2", limit, got, inside, want)
		}
	}
	if _, _, found := crossing(d[:1], 1, 1.3); found {
		t.Error("one particle below the threshold is no crossing")
	}
	if _, _, found := crossing([]float64{0, 1}, 1, 1.1); found {
		t.Error("above the threshold from the centre outward is no crossing")
	}
	if _, _, found := crossing(nil, 1, 1); found {
		t.Error("no particles make no crossing")
	}
	if got, _, _ := crossing([]float64{4, 9, 1.3 * 1.3 * 9}, 10, 2.5); got != 0 {
		t.Errorf("radius %v above the threshold, want none", got)
	}
}

func TestRefineAtTheSameParticlesReturnsTheSameRadii(t *testing.T) {
	opt := Options{Box: 64, Mesh: 32, Threshold: -0.5, Radii: []float64{2.5, 3, 4, 5, 6}}
	pos := scatter(1500, 64, 12)
	cat := find(t, 2, pos, opt)
	if len(cat.Voids) < 20 {
		t.Fatalf("only %d voids to refine", len(cat.Voids))
	}
	again, err := RefineAt(context.Background(), par.New(1), pos, cat.Voids, RefineOptions{Box: 64, Threshold: -0.5})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again.Radii, cat.VoidRadii()) || again.Missed != 0 {
		t.Errorf("radii changed, or %d of them missed, in the same particles", again.Missed)
	}
	for i, v := range cat.Voids {
		if again.Inside[i] != v.Inside {
			t.Errorf("void %d holds %d particles, want %d", i, again.Inside[i], v.Inside)
		}
	}
}

// Two runs whose one difference is the size of the hole: the radii at the same
// centre differ by that, to a third of one part in the 300 particles inside or so.
func TestTheSameCentreResolvesASmallChange(t *testing.T) {
	const box = 128.0
	a := holeOfRadius(64, 64, 64, 14, threshold)
	b := hole{64, 64, 64, a.size * 1.03}
	cat := find(t, 2, plant(box, 64, []hole{a}, 13), Options{Box: box, Mesh: 64, Threshold: threshold})
	if len(cat.Voids) != 1 {
		t.Fatalf("found %d voids, want 1", len(cat.Voids))
	}
	other, err := RefineAt(context.Background(), par.New(2), plant(box, 64, []hole{b}, 13), cat.Voids,
		RefineOptions{Box: box, Threshold: threshold})
	if err != nil {
		t.Fatal(err)
	}
	ratio := other.Radii[0] / cat.Voids[0].Radius
	if math.Abs(ratio-1.03) > 0.003 {
		t.Errorf("ratio of the radii is %v, want 1.03 ± 0.003", ratio)
	}
}

func TestRefineAtErrorsNameTheParameterTheRuleAndTheValue(t *testing.T) {
	pos := scatter(100, 64, 14)
	v := Void{X: 1, Y: 2, Z: 3, Limit: 8}
	for _, c := range []struct {
		void Void
		opt  RefineOptions
		want string
	}{
		{v, RefineOptions{Box: 0, Threshold: threshold}, "voids: box must be positive and finite, got 0"},
		{v, RefineOptions{Box: 64, Threshold: -2}, "voids: threshold must lie between -1 and 0, got -2"},
		{Void{X: 1, Y: 2, Z: 3, Limit: 33}, RefineOptions{Box: 64, Threshold: threshold}, "voids: limit must be at most half the box (32 Mpc/h), got 33 of void 0"},
		{Void{X: 1, Y: 64, Z: 3, Limit: 8}, RefineOptions{Box: 64, Threshold: threshold}, "voids: centres must lie in [0, 64), got y = 64 of void 0"},
		{Void{X: 1, Y: 2, Z: 3}, RefineOptions{Box: 64, Threshold: threshold}, "voids: limit must be positive, got 0 of void 0"},
		{Void{X: 1, Y: 2, Z: 3, Limit: math.NaN()}, RefineOptions{Box: 64, Threshold: threshold}, "voids: limit must be positive, got NaN of void 0"},
	} {
		_, err := RefineAt(context.Background(), par.New(1), pos, []Void{c.void}, c.opt)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want %q", c.opt, err, c.want)
		}
	}
}
