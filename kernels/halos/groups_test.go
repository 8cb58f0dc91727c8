package halos

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"runlua/kernels/par"
)

// dyadic is x as a multiple of 2⁻²⁰ in [0, box), so that shifts by such a
// multiple, in boxes that are powers of two, are exact.
func dyadic(x, box float64) float64 {
	x = math.Mod(math.Round(x*(1<<20))/(1<<20), box)
	if x < 0 {
		x += box
	}
	return x
}

// scatter is n particles at random, a third of them drawn to clumps that are a
// few linking lengths wide; some clumps lie across the edges of the box.
func scatter(n int, box float64, seed uint64) []float64 {
	rnd := rand.New(rand.NewPCG(seed, 1))
	pos := make([]float64, 0, 3*n)
	var clump [3]float64
	for i := range n {
		if i%20 == 0 {
			for a := range clump {
				clump[a] = rnd.Float64() * box
				if i%60 == 0 {
					clump[a] = 0
				}
			}
		}
		for a := range clump {
			x := rnd.Float64() * box
			if i%3 == 0 {
				x = clump[a] + rnd.NormFloat64()*0.02*box
			}
			pos = append(pos, dyadic(x, box))
		}
	}
	return pos
}

// separation² of two particles, nearest images, by another formula than near.
func separation2(pos []float64, i, j int, box float64) float64 {
	var s float64
	for a := range 3 {
		d := math.Abs(pos[3*i+a] - pos[3*j+a])
		d = math.Min(d, box-d)
		s += d * d
	}
	return s
}

// oracle is Eq. (2) by all pairs: labels spread until nothing changes.
func oracle(pos []float64, box, length float64, least int) [][]int32 {
	n := len(pos) / 3
	friends := make([][]int, n)
	for i := range n {
		for j := range i {
			if separation2(pos, i, j, box) <= length*length {
				friends[i] = append(friends[i], j)
				friends[j] = append(friends[j], i)
			}
		}
	}
	seen := make([]bool, n)
	var groups [][]int32
	for i := range n {
		var group []int32
		for stack := []int{i}; len(stack) > 0; {
			k := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if seen[k] {
				continue
			}
			seen[k] = true
			group = append(group, int32(k))
			stack = append(stack, friends[k]...)
		}
		if len(group) >= least {
			slices.Sort(group)
			groups = append(groups, group)
		}
	}
	slices.SortStableFunc(groups, func(a, b []int32) int { return len(b) - len(a) })
	return groups
}

func find(t *testing.T, threads int, pos []float64, opt Options) *Catalogue {
	t.Helper()
	c, err := Find(context.Background(), par.New(threads), pos, opt)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestGroupsAreThoseOfAllPairs(t *testing.T) {
	// Sizes from one pencil to many, few particles to several blocks of columns.
	for _, n := range []int{2, 9, 100, 500, 1200} {
		for _, b := range []float64{0.05, 0.2, 0.3, 0.5, 0.9} {
			for seed := range uint64(2) {
				t.Run(fmt.Sprintf("n=%d,b=%g,seed=%d", n, b, seed), func(t *testing.T) {
					const box = 64
					pos := scatter(n, box, seed)
					opt := Options{Box: box, B: b, Min: 2}
					if b/math.Cbrt(float64(n)) > 0.25 {
						t.Skip("the linking length is more than a quarter of the box")
					}
					c := find(t, 2, pos, opt)
					want := oracle(pos, box, c.Length, 2)
					if len(c.Groups) != len(want) {
						t.Fatalf("%d groups, want %d", len(c.Groups), len(want))
					}
					for g, w := range want {
						if !slices.Equal(c.Members(g), w) {
							t.Fatalf("group %d holds %v, want %v", g, c.Members(g), w)
						}
						if c.Groups[g].Count != len(w) || c.Groups[g].First != int(w[0]) {
							t.Errorf("group %d: %d particles from %d on, want %d from %d", g, c.Groups[g].Count, c.Groups[g].First, len(w), w[0])
						}
					}
				})
			}
		}
	}
}

// The oracle's tests must meet groups across each kind of edge to mean anything.
func TestScatterHasGroupsAcrossTheEdges(t *testing.T) {
	const box = 64
	pos := scatter(2000, box, 0)
	c := find(t, 1, pos, Options{Box: box, B: 0.2, Min: 2})
	for axis := range 3 {
		across := 0
		for g := range c.Groups {
			lo, hi := false, false
			for _, i := range c.Members(g) {
				lo = lo || pos[3*int(i)+axis] < box/4
				hi = hi || pos[3*int(i)+axis] > 3*box/4
			}
			if lo && hi {
				across++
			}
		}
		if across == 0 {
			t.Errorf("no group lies across the edge of axis %d", axis)
		}
	}
}

func TestFriendsAtTheLinkingLengthAreLinked(t *testing.T) {
	// 64 particles in a box of 64, b = 1/4: the linking length is exactly 4.
	// Chains of 3 along each axis across the edge at just that distance, and one
	// pair a rounding farther apart.
	const box = 64
	pos := []float64{62, 10, 10, 2, 10, 10, 6, 10, 10, 30, 62, 30, 30, 2, 30, 30, 6, 30, 50, 50, 62, 50, 50, 2, 50, 50, 6}
	pos = append(pos, 20, 20, 50, 20, 20, math.Nextafter(54, 55))
	for i := len(pos) / 3; i < 64; i++ { // loners, 5 apart
		j := i - 11
		pos = append(pos, 37+5*float64(j%5), 5*float64(j/5), 20)
	}
	c := find(t, 1, pos, Options{Box: box, B: 0.25, Min: 2})
	if c.Length != 4 {
		t.Fatalf("the linking length is %v, want 4", c.Length)
	}
	if len(c.Groups) != 3 {
		t.Fatalf("%d groups, want 3: %+v", len(c.Groups), c.Groups)
	}
	for g, want := range [][]int32{{0, 1, 2}, {3, 4, 5}, {6, 7, 8}} {
		if !slices.Equal(c.Members(g), want) {
			t.Errorf("group %d holds %v, want %v", g, c.Members(g), want)
		}
	}
	// Centre at 2 with one member across the edge; rms of −4, 0, 4.
	g := c.Groups[0]
	if g.X != 2 || g.Y != 10 || g.Z != 10 || math.Abs(g.Radius-math.Sqrt(32./3)) > 1e-15 {
		t.Errorf("centre %v %v %v, radius %v, want 2 10 10 and %v", g.X, g.Y, g.Z, g.Radius, math.Sqrt(32./3))
	}
}

// lattice is n³ particles at rest in the middles of cells.
func lattice(n int, box float64) []float64 {
	var pos []float64
	for i := range n * n * n {
		for _, k := range [3]int{i / (n * n), i / n % n, i % n} {
			pos = append(pos, (float64(k)+0.5)*box/float64(n))
		}
	}
	return pos
}

func TestPlantedClustersAreFound(t *testing.T) {
	// Gaussian balls of known size and motion on a lattice whose particles are
	// five linking lengths apart, one ball on a corner of the box.
	const box, n = 64.0, 16
	balls := []struct {
		at    [3]float64
		count int
		sigma float64
		v     [3]float64
	}{
		{[3]float64{0.01, 63.99, 0}, 800, 0.3, [3]float64{100, -50, 7}},
		{[3]float64{20.1, 33, 5}, 400, 0.25, [3]float64{-3, 0, 12}},
		{[3]float64{40, 8.2, 63.9}, 100, 0.15, [3]float64{0, 250, 0}},
	}
	rnd := rand.New(rand.NewPCG(5, 5))
	var pos, vel []float64
	for _, b := range balls {
		for range b.count {
			for a := range 3 {
				pos = append(pos, dyadic(b.at[a]+rnd.NormFloat64()*b.sigma, box))
				vel = append(vel, b.v[a]+rnd.NormFloat64()*30)
			}
		}
	}
	background := lattice(n, box)
	pos = append(pos, background...)
	vel = append(vel, make([]float64, len(background))...)
	// The same linking length as the lattice's own would give: 0.2 · 64/16.
	b := 0.2 * math.Cbrt(float64(len(pos)/3)) / n
	c := find(t, 2, pos, Options{Box: box, B: b, Min: 20, Velocities: vel})
	if len(c.Groups) != len(balls) {
		t.Fatalf("%d groups, want %d", len(c.Groups), len(balls))
	}
	for i, want := range balls {
		g := c.Groups[i]
		// A lattice particle within a linking length of the ball joins it (and a
		// ball's outlier may leave): a few of hundreds.
		if d := math.Abs(float64(g.Count - want.count)); d > 4 {
			t.Errorf("ball %d: %d particles, want %d ± 4", i, g.Count, want.count)
		}
		// Errors of a mean and of an rms of that many draws, at four sigma, and
		// the few lattice particles at up to six sigma of the ball.
		n := float64(want.count)
		for a, x := range [3]float64{g.X, g.Y, g.Z} {
			d := math.Abs(x - want.at[a])
			if d = math.Min(d, box-d); d > want.sigma*(4/math.Sqrt(n)+4*6/n) {
				t.Errorf("ball %d: centre %v along axis %d, want %v", i, x, a, want.at[a])
			}
		}
		if r := want.sigma * math.Sqrt(3); math.Abs(g.Radius/r-1) > 4/math.Sqrt(6*n)+4*12/n {
			t.Errorf("ball %d: rms radius %v, want %v", i, g.Radius, r)
		}
		for a := range 3 {
			if d := math.Abs(g.Velocity[a] - want.v[a]); d > 30*4/math.Sqrt(n)+250*4/n {
				t.Errorf("ball %d: velocity %v along axis %d, want %v", i, g.Velocity[a], a, want.v[a])
			}
		}
		if math.Abs(g.Dispersion/30-1) > 4/math.Sqrt(6*n)+40/n {
			t.Errorf("ball %d: dispersion %v, want 30", i, g.Dispersion)
		}
		if g.Wide {
			t.Errorf("ball %d is said to reach half a box away", i)
		}
	}
}

func TestGroupsAreTheSameForAnyThreads(t *testing.T) {
	const box = 64
	pos := scatter(20000, box, 3)
	vel := scatter(20000, box, 4)
	opt := Options{Box: box, B: 0.3, Min: 3, Velocities: vel}
	one := find(t, 1, pos, opt)
	if len(one.Groups) < 100 {
		t.Fatalf("only %d groups to compare", len(one.Groups))
	}
	for _, threads := range []int{2, 3, 7} {
		if !reflect.DeepEqual(find(t, threads, pos, opt), one) {
			t.Errorf("%d threads give another catalogue than one", threads)
		}
	}
}

func TestGroupsMoveWithTheParticles(t *testing.T) {
	const box = 64
	pos := scatter(3000, box, 6)
	opt := Options{Box: box, B: 0.3, Min: 3}
	c := find(t, 2, pos, opt)
	shift := [3]float64{13.25, 40.5, 63.75} // exact, so distances keep their bits
	moved := make([]float64, len(pos))
	for i, x := range pos {
		if moved[i] = x + shift[i%3]; moved[i] >= box {
			moved[i] -= box
		}
	}
	d := find(t, 2, moved, opt)
	if !reflect.DeepEqual(c.members, d.members) || len(c.Groups) < 20 {
		t.Fatalf("of %d groups the members changed", len(c.Groups))
	}
	for g := range c.Groups {
		a, b := c.Groups[g], d.Groups[g]
		for axis, delta := range [3]float64{b.X - a.X, b.Y - a.Y, b.Z - a.Z} {
			// A mean of offsets that are the same bits, put back at another place:
			// two roundings in coordinates up to the box.
			if e := math.Abs(math.Remainder(delta-shift[axis], box)); e > 4*0x1p-53*box {
				t.Errorf("group %d moved by %v along axis %d, want %v", g, delta, axis, shift[axis])
			}
		}
		if a.Radius != b.Radius {
			t.Errorf("group %d had the radius %v, has %v", g, a.Radius, b.Radius)
		}
	}
}

func TestGroupsDoNotDependOnTheOrderOfParticles(t *testing.T) {
	const box = 64
	pos := scatter(2000, box, 8)
	opt := Options{Box: box, B: 0.3, Min: 2}
	c := find(t, 1, pos, opt)
	n := len(pos) / 3
	order := rand.New(rand.NewPCG(1, 1)).Perm(n)
	mixed := make([]float64, len(pos))
	for i, j := range order {
		copy(mixed[3*j:], pos[3*i:3*i+3])
	}
	d := find(t, 1, mixed, opt)
	sets := func(c *Catalogue, name func(i int32) int) map[string]bool {
		out := map[string]bool{}
		for g := range c.Groups {
			var list []int
			for _, i := range c.Members(g) {
				list = append(list, name(i))
			}
			slices.Sort(list)
			out[fmt.Sprint(list)] = true
		}
		return out
	}
	if !reflect.DeepEqual(sets(c, func(i int32) int { return order[i] }), sets(d, func(i int32) int { return int(i) })) {
		t.Error("the groups depend on the order of the particles")
	}
}

func TestEveryParticleIsInOneGroupAtMost(t *testing.T) {
	const box = 64
	pos := scatter(5000, box, 9)
	c := find(t, 2, pos, Options{Box: box, B: 0.2, Min: 4})
	seen := map[int32]bool{}
	sum := 0
	for g := range c.Groups {
		for _, i := range c.Members(g) {
			if seen[i] {
				t.Fatalf("particle %d is in two groups", i)
			}
			seen[i] = true
		}
		sum += c.Groups[g].Count
		if g > 0 && c.Groups[g].Count > c.Groups[g-1].Count {
			t.Errorf("group %d is larger than the one before", g)
		}
	}
	if sum != c.Grouped || len(seen) != sum {
		t.Errorf("the groups hold %d particles, %d of them distinct, and %d are said to be grouped", sum, len(seen), c.Grouped)
	}
	// All particles of a box weigh what its matter does.
	all := find(t, 1, lattice(8, box), Options{Box: box, B: 1, Min: 2})
	if len(all.Groups) != 1 || all.Groups[0].Count != 512 {
		t.Fatalf("a lattice with b = 1 makes %d groups", len(all.Groups))
	}
	if !all.Groups[0].Wide || all.Wide != 1 {
		t.Error("a group that fills the box is not said to be wide")
	}
	mass := ParticleMass(0.3, box, 512) * float64(all.Groups[0].Count)
	if want := 0.3 * CriticalDensity * box * box * box; math.Abs(mass/want-1) > 1e-15 { // rounding
		t.Errorf("the box weighs %v, want %v", mass, want)
	}
}

func TestCriticalDensityIsThatOfTheConstants(t *testing.T) {
	// The value that codes of the field carry, 2.77536627e11 (CODATA's G and the
	// nominal Sun agree with it to its last digit but one).
	if d := math.Abs(CriticalDensity/27.7536627 - 1); d > 3e-9 {
		t.Errorf("the critical density is %.10g, want 27.7536627 · 1e10 h² Msun/Mpc³", float64(CriticalDensity))
	}
	// 256³ particles in 512 Mpc/h, Ω_m = 0.3: 6.66e11 Msun/h by Eq. (3) with
	// the text's ρ_c.
	if m := ParticleMass(0.3, 512, 256*256*256); math.Abs(m/66.60879048-1) > 3e-9 {
		t.Errorf("a particle weighs %.10g, want 66.60879048", m)
	}
}

func TestWrongOptionsAreNamed(t *testing.T) {
	good := scatter(100, 64, 1)
	for name, c := range map[string]struct {
		pos []float64
		opt Options
		msg string
	}{
		"box":       {good, Options{Box: math.NaN(), B: .2, Min: 2}, "halos: box must be positive and finite, got NaN"},
		"b":         {good, Options{Box: 64, B: 0, Min: 2}, "halos: b must be above 0 and at most 1, got 0"},
		"min":       {good, Options{Box: 64, B: .2, Min: 1}, "halos: min must be at least 2, got 1"},
		"length":    {good[:4], Options{Box: 64, B: .2, Min: 2}, "halos: positions must hold three coordinates a particle, got a length of 4"},
		"outside":   {[]float64{1, 64, 2}, Options{Box: 64, B: .2, Min: 2}, "halos: positions must lie in [0, 64), got y = 64 of particle 0"},
		"nan":       {[]float64{1, 2, math.NaN()}, Options{Box: 64, B: .2, Min: 2}, "halos: positions must lie in [0, 64), got z = NaN of particle 0"},
		"velocity":  {good, Options{Box: 64, B: .2, Min: 2, Velocities: good[:3]}, "halos: velocities must be as many as positions, got 3 and 300"},
		"few":       {good[:24], Options{Box: 64, B: 1, Min: 2}, "halos: the linking length must be at most a quarter of the box, got 0.5 of it: there are only 8 particles"},
		"none":      {nil, Options{Box: 64, B: .2, Min: 2}, "halos: the linking length must be at most a quarter of the box, got +Inf of it: there are only 0 particles"},
		"cancelled": {good, Options{Box: 64, B: .2, Min: 2}, "context canceled"},
	} {
		ctx, cancel := context.WithCancel(context.Background())
		if name == "cancelled" {
			cancel()
		}
		_, err := Find(ctx, par.New(1), c.pos, c.opt)
		cancel()
		if err == nil || err.Error() != c.msg {
			t.Errorf("%s: got %v, want %s", name, err, c.msg)
		}
	}
}
