package voids

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"runlua/kernels/fft"
	"runlua/kernels/par"
)

const threshold = -0.7

func find(t *testing.T, threads int, pos []float64, opt Options) *Catalogue {
	t.Helper()
	cat, err := Spherical(context.Background(), par.New(threads), pos, opt)
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// plantedHoles have centres off the mesh points, three of them across an edge
// of the box of 128 Mpc/h, and do not touch each other.
func plantedHoles() []hole {
	return []hole{
		holeOfRadius(31.3, 30.2, 33.9, 18, threshold),
		holeOfRadius(95.1, 94.7, 29.4, 15, threshold),
		holeOfRadius(1.9, 64.5, 96.6, 12, threshold),
		holeOfRadius(65.4, 126.9, 126.1, 10, threshold),
		holeOfRadius(96.2, 33.7, 90.8, 13, threshold),
		holeOfRadius(64.9, 66.3, 64.1, 11, threshold),
	}
}

// Number 10 of PHYSICS: limits are that document's.
func TestPlantedVoidsAreFoundWithTheirCentresAndRadii(t *testing.T) {
	const box, mesh = 128.0, 128
	holes := plantedHoles()
	pos := plant(box, 96, holes, 1)
	var radii []float64
	for r := 6.0; r < 24; r *= 1.08 {
		radii = append(radii, r)
	}
	cat := find(t, 2, pos, Options{Box: box, Mesh: mesh, Threshold: threshold, Radii: radii})
	if len(cat.Voids) != len(holes) || cat.Dropped != 0 {
		t.Fatalf("found %d voids and dropped %d, want the %d planted and 0", len(cat.Voids), cat.Dropped, len(holes))
	}
	for _, h := range holes {
		want := h.radius(threshold)
		off := math.Inf(1)
		var v Void
		for _, w := range cat.Voids {
			if d := distance(w.centre(), [3]float64{h.x, h.y, h.z}, box); d < off {
				v, off = w, d
			}
		}
		t.Logf("R %5.2f: ladder %.3f (%+.2f %%), refined %.3f (%+.2f %%), centre off by %.2f cells, depth %.3f",
			want, v.Ladder, 100*(v.Ladder/want-1), v.Radius, 100*(v.Radius/want-1), off*mesh/box, v.Depth)
		if off > box/mesh {
			t.Errorf("R = %v: centre is off by %v cells, want at most 1", want, off*mesh/box)
		}
		if !(v.Depth < threshold) {
			t.Errorf("R = %v: depth %v is not below the threshold", want, v.Depth)
		}
		// The ladder's radius next below the true one, or a neighbour of it.
		below := slices.IndexFunc(cat.Radii, func(r float64) bool { return r <= want })
		if at := slices.Index(cat.Radii, v.Ladder); at < below-1 || at > below+1 {
			t.Errorf("R = %v: found at radius %d of the ladder (%v), want %d ± 1", want, at, v.Ladder, below)
		}
		if math.Abs(v.Radius/want-1) > 0.01 {
			t.Errorf("R = %v: refined to %v, off by %.2f %%, want 1 %%", want, v.Radius, 100*(v.Radius/want-1))
		}
	}
}

func TestAVoidAcrossTheEdgeIsFoundOnceLikeOneInTheMiddle(t *testing.T) {
	const box = 128.0
	opt := Options{Box: box, Mesh: 64, Threshold: threshold}
	middle := plant(box, 48, []hole{holeOfRadius(64, 64, 64, 14, threshold)}, 3)
	edge := shifted(middle, box, [3]float64{-64, -64, -64})
	a, b := find(t, 1, middle, opt), find(t, 1, edge, opt)
	if len(a.Voids) != 1 || len(b.Voids) != 1 {
		t.Fatalf("found %d voids in the middle and %d across the edge, want 1 and 1", len(a.Voids), len(b.Voids))
	}
	v, w := a.Voids[0], b.Voids[0]
	if d := distance(w.centre(), [3]float64{v.X - 64, v.Y - 64, v.Z - 64}, box); d != 0 {
		t.Errorf("centre is at %v, want %v shifted by half the box", w.centre(), v.centre())
	}
	if w.Radius != v.Radius || w.Ladder != v.Ladder || w.Inside != v.Inside {
		t.Errorf("across the edge %+v, in the middle %+v: want the same radius", w, v)
	}
}

// The modes of the shifted mesh are rounded differently, 1e-13 of the depth;
// everything else is exact for positions that shift exactly.
func TestAShiftByWholeCellsMovesTheCentresOnly(t *testing.T) {
	const box, mesh = 128.0, 64
	opt := Options{Box: box, Mesh: mesh, Threshold: -0.5, Radii: []float64{2, 3, 4, 5, 6, 7, 8}}
	pos := scatter(4000, box, 4)
	shift := [3]float64{3 * box / mesh, -5 * box / mesh, 17 * box / mesh}
	a := find(t, 2, pos, opt)
	b := find(t, 2, shifted(pos, box, shift), opt)
	if len(a.Voids) < 50 || len(a.Voids) != len(b.Voids) || a.Dropped != b.Dropped {
		t.Fatalf("%d voids (%d dropped) before and %d (%d) after, want as many, and at least 50",
			len(a.Voids), a.Dropped, len(b.Voids), b.Dropped)
	}
	for i, v := range a.Voids {
		w := b.Voids[i]
		c := v.centre()
		for k := range c {
			c[k] += shift[k]
		}
		if distance(c, w.centre(), box) != 0 || w.Radius != v.Radius || w.Ladder != v.Ladder || w.Inside != v.Inside ||
			math.Abs(w.Depth-v.Depth) > 1e-12 {
			t.Fatalf("void %d: %+v before, %+v after a shift by %v", i, v, w, shift)
		}
	}
}

// The finder marks cells and works by planes; here each cell is held against
// each void by Eq. (3) as it stands, in the order that the rule gives.
func TestTheMeshStageIsTheRuleTakenLiterally(t *testing.T) {
	const box, mesh = 60.0, 30
	radii := []float64{15, 9, 7, 5.5, 4, 3, 2.2}
	pos := scatter(900, box, 5)
	opt := Options{Box: box, Mesh: mesh, Threshold: -0.55, Radii: radii, Unrefined: true}
	got := find(t, 2, pos, opt).Voids

	pool := par.New(1)
	plan, err := fft.NewReal3(mesh, pool)
	if err != nil {
		t.Fatal(err)
	}
	lay := plan.Layout()
	delta := plan.NewMesh()
	if err := contrast(pool, delta, lay, pos, box); err != nil {
		t.Fatal(err)
	}
	var want []Void
	for _, r := range radii {
		field := slices.Clone(delta)
		plan.ConvolveWith(field, newWindows(plan, pool, box).topHat(r), 1)
		var cells []candidate
		for i := range mesh * mesh * mesh {
			if d := field[lay.Index(i/mesh/mesh, i/mesh%mesh, i%mesh)]; d < opt.Threshold {
				cells = append(cells, candidate{d, i})
			}
		}
		slices.SortStableFunc(cells, func(a, b candidate) int {
			if a.contrast < b.contrast {
				return -1
			}
			if a.contrast > b.contrast {
				return 1
			}
			return 0
		})
	next:
		for _, c := range cells {
			const h = box / mesh
			v := Void{X: float64(c.index/mesh/mesh) * h, Y: float64(c.index/mesh%mesh) * h, Z: float64(c.index%mesh) * h,
				Ladder: r, Depth: c.contrast}
			for _, w := range want {
				if distance(v.centre(), w.centre(), box) <= r+w.Ladder {
					continue next
				}
			}
			want = append(want, v)
		}
	}
	if len(want) < 20 || want[0].Ladder == want[len(want)-1].Ladder {
		t.Fatalf("the field holds %d voids, too few to test the rule", len(want))
	}
	if len(got) != len(want) {
		t.Fatalf("found %d voids, want %d", len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		if g.centre() != w.centre() || g.Ladder != w.Ladder || g.Depth != w.Depth || g.Radius != w.Ladder {
			t.Fatalf("void %d: %+v, want %+v", i, g, w)
		}
	}
}

func TestThreadsDoNotChangeTheBits(t *testing.T) {
	opt := Options{Box: 64, Mesh: 32, Threshold: -0.5, Radii: []float64{2.5, 3, 4, 5, 6}}
	pos := scatter(1500, 64, 6)
	one := find(t, 1, pos, opt)
	if len(one.Voids) < 20 {
		t.Fatalf("only %d voids to compare", len(one.Voids))
	}
	for _, threads := range []int{2, 5} {
		if many := find(t, threads, pos, opt); !reflect.DeepEqual(one, many) {
			t.Errorf("%d threads give another catalogue than one", threads)
		}
	}
}

func TestProgressCountsTheRadiiOfTheLadder(t *testing.T) {
	var got [][2]int
	opt := Options{Box: 64, Mesh: 32, Threshold: threshold, Radii: []float64{3, 5, 4}}
	opt.Progress = func(done, total int) { got = append(got, [2]int{done, total}) }
	find(t, 2, scatter(1500, 64, 6), opt)
	if want := [][2]int{{0, 3}, {1, 3}, {2, 3}, {3, 3}}; !slices.Equal(got, want) {
		t.Errorf("progress was told %v, want %v", got, want)
	}
}

func TestALatticeHasNoVoids(t *testing.T) {
	var pos []float64
	for i := range 16 * 16 * 16 {
		pos = append(pos, float64(i/256)*4, float64(i/16%16)*4, float64(i%16)*4)
	}
	cat := find(t, 1, pos, Options{Box: 64, Mesh: 32, Threshold: threshold})
	if len(cat.Voids) != 0 || cat.Dropped != 0 {
		t.Errorf("found %d voids and dropped %d in a uniform lattice, want none", len(cat.Voids), cat.Dropped)
	}
}

// One clump of a thousand particles and nothing else: the profile around a cell
// rises at the clump only, so there is a radius where the clump lies within
// twice the limit, and none elsewhere.
func TestCandidatesWithoutACrossingAreDroppedAndCounted(t *testing.T) {
	clump := [3]float64{4.25, 36.5, 12.125}
	var pos []float64
	for range 1000 {
		pos = append(pos, clump[:]...)
	}
	opt := Options{Box: 64, Mesh: 32, Threshold: threshold, Radii: []float64{8, 7}}
	cat := find(t, 1, pos, opt)
	opt.Unrefined = true
	near, far := 0, 0
	for _, v := range find(t, 1, pos, opt).Voids {
		if distance(v.centre(), clump, 64) <= 2*v.Limit {
			near++
		} else {
			far++
		}
	}
	if len(cat.Voids) != near || cat.Dropped != far || near == 0 || far == 0 {
		t.Errorf("%d voids and %d dropped, want %d and %d, some of both", len(cat.Voids), cat.Dropped, near, far)
	}
	for _, v := range cat.Voids {
		if d := distance(v.centre(), clump, 64); math.Abs(v.Radius-d) > 1e-13*64 { // the crossing is at the clump, but for rounding
			t.Errorf("radius %v, want the clump's distance %v", v.Radius, d)
		}
	}
	if len(cat.Warnings) != 0 {
		t.Errorf("warnings %q, want none at 3.5 cells and over 1 particle a void", cat.Warnings)
	}
}

func TestSmallRadiiAreWarnedAbout(t *testing.T) {
	cat := find(t, 1, scatter(5000, 64, 7), Options{Box: 64, Mesh: 16, Threshold: threshold, Radii: []float64{4.5, 8}})
	if len(cat.Warnings) != 1 || !strings.Contains(cat.Warnings[0], "under 3 cells") {
		t.Errorf("warnings %q, want one about 3 cells", cat.Warnings)
	}
	cat = find(t, 1, scatter(100, 64, 7), Options{Box: 64, Mesh: 64, Threshold: threshold, Radii: []float64{3, 8}})
	if len(cat.Warnings) != 1 || !strings.Contains(cat.Warnings[0], "too few to refine") {
		t.Errorf("warnings %q, want one about the particles in a void", cat.Warnings)
	}
}

func TestADoneContextStopsTheSearch(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	pos := scatter(100, 64, 8)
	if _, err := Spherical(ctx, par.New(1), pos, Options{Box: 64, Mesh: 16, Threshold: threshold}); !errors.Is(err, context.Canceled) {
		t.Errorf("Spherical returned %v, want context.Canceled", err)
	}
	v := []Void{{X: 1, Y: 1, Z: 1, Limit: 8}}
	if _, err := RefineAt(ctx, par.New(1), pos, v, RefineOptions{Box: 64, Threshold: threshold}); !errors.Is(err, context.Canceled) {
		t.Errorf("RefineAt returned %v, want context.Canceled", err)
	}
}

func TestErrorsNameTheParameterTheRuleAndTheValue(t *testing.T) {
	good := Options{Box: 64, Mesh: 32, Threshold: threshold, Radii: []float64{6, 7}}
	pos := scatter(100, 64, 9)
	for _, c := range []struct {
		change func(*Options)
		pos    []float64
		want   string
	}{
		{func(o *Options) { o.Box = -1 }, pos, "voids: box must be positive and finite, got -1"},
		{func(o *Options) { o.Box = math.NaN() }, pos, "voids: box must be positive and finite, got NaN"},
		{func(o *Options) { o.Mesh = 0 }, pos, "voids: mesh must be positive, got 0"},
		{func(o *Options) { o.Mesh = 34 }, pos, "34"},
		{func(o *Options) { o.Mesh, o.Radii = 12, nil }, pos, "voids: mesh must be at least 13 for the default radii, got 12"},
		{func(o *Options) { o.Threshold = -1 }, pos, "voids: threshold must lie between -1 and 0, got -1"},
		{func(o *Options) { o.Threshold = 0 }, pos, "voids: threshold must lie between -1 and 0, got 0"},
		{func(o *Options) { o.Threshold = math.NaN() }, pos, "voids: threshold must lie between -1 and 0, got NaN"},
		{func(o *Options) { o.Radii = []float64{} }, pos, "voids: radii must hold at least one radius, got none"},
		{func(o *Options) { o.Radii[1] = 1.9 }, pos, "voids: radii must be at least one cell of the mesh (2 Mpc/h), got 1.9"},
		{func(o *Options) { o.Radii[1] = 16.1 }, pos, "voids: radii must be at most a quarter of the box (16 Mpc/h), got 16.1"},
		{func(o *Options) { o.Radii[1] = 6 }, pos, "voids: radii must differ from each other, got 6 twice"},
		{func(o *Options) { o.Radii[1] = math.NaN() }, pos, "voids: radii must be finite, got NaN"},
		{func(o *Options) { o.Radii = []float64{16, 6} }, pos, "voids: radii must end in a step that continued stays within half the box (32 Mpc/h), got 16 after 6"},
		{func(o *Options) {}, pos[:7], "voids: positions must hold three coordinates a particle, got a length of 7"},
		{func(o *Options) {}, nil, "voids: positions must hold at least one particle, got none"},
		{func(o *Options) {}, []float64{1, 2, 3, 4, math.NaN(), 6}, "voids: positions must lie in [0, 64), got y = NaN of particle 1"},
		{func(o *Options) {}, []float64{1, 2, math.Inf(1)}, "voids: positions must lie in [0, 64), got z = +Inf of particle 0"},
		{func(o *Options) {}, []float64{64, 2, 3}, "voids: positions must lie in [0, 64), got x = 64 of particle 0"},
	} {
		opt := good
		opt.Radii = slices.Clone(good.Radii)
		c.change(&opt)
		_, err := Spherical(context.Background(), par.New(1), c.pos, opt)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want %q", opt, err, c.want)
		}
	}
}

func TestDefaultRadiiRunFromThreeCellsToAQuarterOfTheBox(t *testing.T) {
	radii := DefaultRadii(256, 128)
	if n := len(radii); n != 31 || radii[n-1] != 6 || radii[0] >= 64 || radii[0]*ladderStep < 64 {
		t.Errorf("%d radii from %v to %v, want the 31 of 6·1.08^i below 64", len(radii), radii[len(radii)-1], radii[0])
	}
	for i := 1; i < len(radii); i++ {
		if r := radii[i-1] / radii[i]; math.Abs(r-ladderStep) > 1e-14 { // rounding of powers
			t.Errorf("step %d is %v, want %v", i, r, ladderStep)
		}
	}
}
