package voids

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"runlua/kernels/fft"
	"runlua/kernels/par"
)

// painted labels a mesh of m³ cells in a box of m Mpc/h where void says -1.
func painted(t *testing.T, m int, void func(x, y, z int) bool) *Components {
	t.Helper()
	plan, err := fft.NewReal3(m, par.New(1))
	if err != nil {
		t.Fatal(err)
	}
	lay, field := plan.Layout(), plan.NewMesh()
	for i := range m * m * m {
		if x, y, z := i/m/m, i/m%m, i%m; void(x, y, z) {
			field[lay.Index(x, y, z)] = -1
		}
	}
	c, err := components(context.Background(), lay, field, ThresholdOptions{Box: float64(m), Mesh: m, Threshold: -0.5})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func connected(t *testing.T, threads int, pos []float64, opt ThresholdOptions) *Components {
	t.Helper()
	c, err := Threshold(context.Background(), par.New(threads), pos, opt)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Cells within a ball of R cells are 4πR³/3 to the roughness of its surface: 6 %
// in volume, 2 % in radius, at R = 5.
func TestPaintedSpheresHaveTheirVolumesAndCentres(t *testing.T) {
	balls := []Component{{X: 16, Y: 12, Z: 15, Radius: 8.1}, {X: 44, Y: 40, Z: 12, Radius: 6.2}, {X: 1, Y: 63, Z: 30, Radius: 6.1}, {X: 63, Y: 0, Z: 63, Radius: 5.2}}
	c := painted(t, 64, func(x, y, z int) bool {
		for _, b := range balls {
			if distance([3]float64{float64(x), float64(y), float64(z)}, [3]float64{b.X, b.Y, b.Z}, 64) < b.Radius {
				return true
			}
		}
		return false
	})
	if len(c.List) != len(balls) || len(c.Warnings) != 0 {
		t.Fatalf("found %d components with warnings %q, want %d and none", len(c.List), c.Warnings, len(balls))
	}
	for i, b := range balls {
		got := c.List[i]
		if off := distance([3]float64{got.X, got.Y, got.Z}, [3]float64{b.X, b.Y, b.Z}, 64); off > 1e-12 { // by symmetry, but for rounding
			t.Errorf("ball %d: centre off by %v", i, off)
		}
		if math.Abs(got.Radius/b.Radius-1) > 0.02 {
			t.Errorf("ball %d: radius %v, want %v", i, got.Radius, b.Radius)
		}
		if v := 4 * math.Pi / 3 * math.Pow(got.Radius, 3); math.Abs(v/float64(got.Cells)-1) > 1e-14 { // rounding of the cube root
			t.Errorf("ball %d: volume %v of %d cells", i, v, got.Cells)
		}
		if got.Percolates || got.Depth != -1 {
			t.Errorf("ball %d: %+v, want depth -1 and no percolation", i, got)
		}
	}
}

// A ring lies across all faces without spanning the box; a rod along an axis, a
// diagonal staircase and a helix that winds twice do span it; a rod with a gap
// of a cell does not.
func TestOnlyWhatMeetsItselfAcrossTheBoxPercolates(t *testing.T) {
	const m = 16
	on := func(cells ...[3]int) func(x, y, z int) bool {
		set := map[[3]int]bool{}
		for _, c := range cells {
			for a := range c {
				c[a] = (c[a] + 4*m) % m
			}
			set[c] = true
		}
		return func(x, y, z int) bool { return set[[3]int{x, y, z}] }
	}
	var rod, gap, stairs, helix, ring [][3]int
	for i := range m {
		rod = append(rod, [3]int{i, 3, 15})
		if i != 7 {
			gap = append(gap, [3]int{i, 3, 15})
		}
		stairs = append(stairs, [3]int{i, i, 0}, [3]int{i + 1, i, 0})
	}
	for i := range 2 * m { // y rises by 8 a turn in x: closes after two
		helix = append(helix, [3]int{i, i / 2, 5}, [3]int{i, (i + 1) / 2, 5})
	}
	// A rod that closes before it is joined to a cell of lower number.
	hook := [][3]int{{0, 5, 0}, {1, 5, 0}, {1, 4, 0}}
	for i := range m {
		hook = append(hook, [3]int{1, 3, i})
	}
	for x := -2; x <= 2; x++ {
		for y := -2; y <= 2; y++ {
			if max(x, -x, y, -y) == 2 {
				ring = append(ring, [3]int{x, y, 0})
			}
		}
	}
	for _, c := range []struct {
		name  string
		cells [][3]int
		want  bool
	}{{"rod", rod, true}, {"rod with a gap", gap, false}, {"stairs", stairs, true}, {"helix", helix, true}, {"hook", hook, true}, {"ring", ring, false}} {
		got := painted(t, m, on(c.cells...))
		if len(got.List) != 1 || got.List[0].Percolates != c.want || (len(got.Warnings) == 1) != c.want {
			t.Errorf("%s: %+v with warnings %q, want one that percolates: %v", c.name, got.List, got.Warnings, c.want)
		}
		if c.name == "ring" && (got.List[0].X != 0 || got.List[0].Y != 0) {
			t.Errorf("the ring's centre is %+v, want the origin", got.List[0])
		}
		if c.name == "rod with a gap" && got.List[0].X != 15 {
			t.Errorf("the centre of a rod from 8 to 6 is at x = %v, want 15", got.List[0].X)
		}
	}
}

// Labels by flooding, cell by cell, on a field at whose threshold components of
// all sizes touch each other's corners.
func TestComponentsAreThoseOfAFlood(t *testing.T) {
	const m = 20
	rnd := rand.New(rand.NewPCG(3, 1))
	var void [m * m * m]bool
	for i := range void {
		void[i] = rnd.Float64() < 0.28
	}
	got := painted(t, m, func(x, y, z int) bool { return void[(x*m+y)*m+z] })
	sizes := map[int]int{}
	seen := map[int]bool{}
	cells := 0
	for i := range void {
		if !void[i] || seen[i] {
			continue
		}
		size, todo := 0, []int{i}
		seen[i] = true
		for len(todo) > 0 {
			j := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			size++
			x, y, z := j/m/m, j/m%m, j%m
			for _, d := range [][3]int{{1, 0, 0}, {m - 1, 0, 0}, {0, 1, 0}, {0, m - 1, 0}, {0, 0, 1}, {0, 0, m - 1}} {
				k := ((x+d[0])%m*m+(y+d[1])%m)*m + (z+d[2])%m
				if void[k] && !seen[k] {
					seen[k] = true
					todo = append(todo, k)
				}
			}
		}
		sizes[size]++
		cells += size
	}
	found := map[int]int{}
	for i, c := range got.List {
		found[c.Cells]++
		if i > 0 {
			b := got.List[i-1]
			if b.Cells < c.Cells || b.Cells == c.Cells && b.first >= c.first {
				t.Fatalf("component %d of %d cells from %d stands after one of %d from %d", i, c.Cells, c.first, b.Cells, b.first)
			}
		}
	}
	if len(sizes) < 10 || !reflect.DeepEqual(sizes, found) || got.Cells != cells {
		t.Errorf("components by size: %v of %d cells, a flood finds %v of %d", found, got.Cells, sizes, cells)
	}
}

// Within a hole of size s the planted contrast is depth (1 - 3u⁶), u = r/s. Of a
// polynomial a Gaussian of variance v is exp(v∇²/2), with ∇²u⁶ = 42u⁴/s² and so
// on; the cloud-in-cell kernel adds 1/6 cell² to v. That leaves the hole's edge,
// 2.5 standard deviations away at least, and the particles' noise: 1 %.
func TestPlantedVoidsHaveTheRadiusOfTheirShellDensity(t *testing.T) {
	const box = 128.0
	holes := plantedHoles()
	pos := plant(box, 128, holes, 2)
	got := connected(t, 2, pos, ThresholdOptions{Box: box, Mesh: 128, Threshold: -0.5, Smoothing: 1.5, Filter: Gaussian, MinCells: 500})
	if len(got.List) != len(holes) {
		t.Fatalf("found %d components, want the %d planted", len(got.List), len(holes))
	}
	for _, h := range holes {
		const v = 1.5*1.5 + 1.0/6
		s2 := h.size * h.size
		lo, hi := 0.0, 1.0
		for range 60 {
			q := (lo + hi) * (lo + hi) / 4 // u²
			smoothed := q*q*q + 42*v/2*q*q/s2 + 840*v*v/8*q/(s2*s2) + 5040*v*v*v/48/(s2*s2*s2)
			if holeDepth*(1-3*smoothed) < -0.5 {
				lo = (lo + hi) / 2
			} else {
				hi = (lo + hi) / 2
			}
		}
		want := h.size * lo
		best := Component{}
		off := math.Inf(1)
		for _, c := range got.List {
			if d := distance([3]float64{c.X, c.Y, c.Z}, [3]float64{h.x, h.y, h.z}, box); d < off {
				best, off = c, d
			}
		}
		t.Logf("R %.2f: %.2f (%+.1f %%), centre off by %.2f", want, best.Radius, 100*(best.Radius/want-1), off)
		if off > 1 || math.Abs(best.Radius/want-1) > 0.01 {
			t.Errorf("R = %v: got %v, centre off by %v", want, best.Radius, off)
		}
	}
}

func TestThresholdIsTheSameForAnyThreadsAndShift(t *testing.T) {
	const box = 64.0
	pos := scatter(6000, box, 11)
	opt := ThresholdOptions{Box: box, Mesh: 32, Threshold: -0.4, Smoothing: 4}
	one := connected(t, 1, pos, opt)
	if len(one.List) < 20 {
		t.Fatalf("only %d components to compare", len(one.List))
	}
	if many := connected(t, 3, pos, opt); !reflect.DeepEqual(one, many) {
		t.Error("3 threads give other components than one")
	}
	moved := connected(t, 1, shifted(pos, box, [3]float64{10, -26, 6}), opt)
	sizes := func(c *Components) (out []int) {
		for _, v := range c.List {
			out = append(out, v.Cells)
		}
		return out
	}
	if !reflect.DeepEqual(sizes(one), sizes(moved)) {
		t.Errorf("a shift by whole cells changes the sizes %v to %v", sizes(one), sizes(moved))
	}
	opt.MinCells = 8
	few := connected(t, 1, pos, opt)
	if few.Small == 0 || len(few.List)+few.Small != len(one.List) || few.List[len(few.List)-1].Cells < 8 {
		t.Errorf("with at least 8 cells: %d and %d left out of %d", len(few.List), few.Small, len(one.List))
	}
}

func TestThresholdErrors(t *testing.T) {
	good := ThresholdOptions{Box: 64, Mesh: 16, Threshold: -0.5, Smoothing: 4}
	for _, c := range []struct {
		change func(*ThresholdOptions)
		want   string
	}{
		{func(o *ThresholdOptions) { o.Box = 0 }, "voids: box must be positive and finite, got 0"},
		{func(o *ThresholdOptions) { o.Threshold = 0.1 }, "voids: threshold must lie between -1 and 0, got 0.1"},
		{func(o *ThresholdOptions) { o.Smoothing = 17 }, "voids: smoothing must lie from 0 to a quarter of the box (16 Mpc/h), got 17"},
		{func(o *ThresholdOptions) { o.Smoothing = math.NaN() }, "got NaN"},
		{func(o *ThresholdOptions) { o.Filter = "sharp" }, `voids: filter must be "tophat" or "gaussian", got "sharp"`},
		{func(o *ThresholdOptions) { o.MinCells = -1 }, "must not be negative, got -1"},
		{func(o *ThresholdOptions) { o.Mesh = 34 }, "the next good size is 36"},
	} {
		opt := good
		c.change(&opt)
		if _, err := Threshold(context.Background(), par.New(1), scatter(10, 64, 1), opt); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want %q", opt, err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Threshold(ctx, par.New(1), scatter(10, 64, 1), good); !errors.Is(err, context.Canceled) {
		t.Errorf("a done context: %v, want context.Canceled", err)
	}
}
