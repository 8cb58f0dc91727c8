package halos

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"runlua/kernels/fmath"
	"runlua/kernels/par"
)

// CriticalDensity is ρ_c of Eq. (4) in 1e10 Msun/h per (Mpc/h)³.
const CriticalDensity = 3 * (1e5 * 1e5) * metresPerMpc / (8 * math.Pi * solarGM) / 1e10

const (
	solarGM      = 1.3271244e20 // m³/s², nominal: IAU 2015 B3
	metresPerMpc = 1e6 * 648000 / math.Pi * 149597870700
)

// ParticleMass is m of Eq. (3), 1e10 Msun/h, for n particles in a box of side
// box Mpc/h.
func ParticleMass(omegaM, box float64, n int) float64 {
	return omegaM * CriticalDensity * (box * box * box) / float64(n)
}

// maxParticles keeps 3n within an int32.
const maxParticles = 1 << 29

// Options of Find. Box, B and Min are required.
type Options struct {
	Box float64 // comoving side L of the periodic box, Mpc/h
	B   float64 // linking length in mean separations, above 0 and at most 1
	Min int     // fewest particles of a group that is kept, at least 2

	// Velocities holds the particles' velocities like their positions, in any
	// unit; nil leaves the groups' velocities 0.
	Velocities []float64
}

// A Group is one friends-of-friends group. Its particles are numbered as those
// of the positions it was found in.
type Group struct {
	Count      int        // particles
	First      int        // lowest particle number
	X, Y, Z    float64    // centre of mass, Mpc/h, in [0, Box)
	Radius     float64    // rms distance from the centre, Mpc/h
	Velocity   [3]float64 // mean, in the unit of Options.Velocities
	Dispersion float64    // of the velocities along one dimension
	Wide       bool       // reaches half a box away: it has no one centre
}

// A Catalogue holds the groups, the largest first, of equals the one of the
// lowest First.
type Catalogue struct {
	Groups  []Group
	Length  float64 // the linking length, Mpc/h
	Grouped int     // particles in all groups
	Wide    int     // groups that are Wide

	start   []int
	members []int32
}

// Members returns the particles of group g in ascending order. The slice is the
// catalogue's own.
func (c *Catalogue) Members(g int) []int32 { return c.members[c.start[g]:c.start[g+1]] }

// Find returns the friends-of-friends groups of the particles, Eq. (2).
// positions holds x0 y0 z0 x1 …, Mpc/h, in [0, Box), and is not changed.
func Find(ctx context.Context, pool *par.Pool, positions []float64, opt Options) (*Catalogue, error) {
	length, err := opt.check(positions)
	if err != nil {
		return nil, err
	}
	n := len(positions) / 3
	p, err := newPencils(ctx, pool, positions, opt.Box, length)
	if err != nil {
		return nil, err
	}
	f := newForest(n)
	if err := p.link(ctx, pool, f, length); err != nil {
		return nil, err
	}
	c := &Catalogue{Length: length}
	c.collect(f, p.index, opt.Min)
	pool.For(len(c.Groups), func(g int) { c.Groups[g].measure(c.Members(g), positions, length, opt) })
	for _, g := range c.Groups {
		if g.Wide {
			c.Wide++
		}
	}
	return c, ctx.Err()
}

// collect makes the groups and lists their members from a finished forest over
// the particles in the given order.
func (c *Catalogue) collect(f forest, order []int32, least int) {
	size := make([]int32, len(f))
	label := make([]int32, len(f)) // root of each particle, by its own number
	for i := range f {
		r := f.root(int32(i))
		size[r]++
		label[order[i]] = r
	}
	type found struct{ root, size, first int32 }
	var kept []found
	number := make([]int32, len(f)) // of a root's group, counted from 1
	for i, r := range label {
		if int(size[r]) >= least && number[r] == 0 {
			kept = append(kept, found{r, size[r], int32(i)})
			number[r] = 1
		}
	}
	slices.SortFunc(kept, func(a, b found) int {
		if d := cmp.Compare(b.size, a.size); d != 0 {
			return d
		}
		return cmp.Compare(a.first, b.first)
	})
	c.start = make([]int, len(kept)+1)
	c.Groups = make([]Group, len(kept))
	for g, k := range kept {
		number[k.root] = int32(g + 1)
		c.start[g+1] = c.start[g] + int(k.size)
		c.Groups[g] = Group{Count: int(k.size), First: int(k.first)}
	}
	c.Grouped = c.start[len(kept)]
	c.members = make([]int32, c.Grouped)
	next := slices.Clone(c.start)
	for i, r := range label {
		if g := number[r]; g > 0 {
			c.members[next[g-1]] = int32(i)
			next[g-1]++
		}
	}
}

// measure is Eqs. (5) and (6), sums over the members in their order.
func (g *Group) measure(members []int32, positions []float64, length float64, opt Options) {
	n := float64(len(members))
	half := float64(opt.Box / 2)
	origin := positions[3*members[0]:][:3]
	offset := func(i int32, axis int) float64 {
		return nearest(positions[3*i+int32(axis)]-origin[axis], opt.Box, half)
	}
	var centre [3]float64
	var square float64
	for axis := range centre {
		var sum float64
		for _, i := range members {
			d := offset(i, axis)
			sum += d
			// Where a chain of friends passes half a box, one of them is within
			// a linking length of it.
			g.Wide = g.Wide || math.Abs(d) >= half-length
		}
		mean := sum / n
		for _, i := range members {
			d := offset(i, axis) - mean
			square += float64(d * d)
		}
		centre[axis] = wrap(origin[axis]+mean, opt.Box)
	}
	g.X, g.Y, g.Z = centre[0], centre[1], centre[2]
	g.Radius = math.Sqrt(square / n)
	if opt.Velocities == nil {
		return
	}
	square = 0
	for axis := range g.Velocity {
		var sum float64
		for _, i := range members {
			sum += opt.Velocities[3*i+int32(axis)]
		}
		mean := sum / n
		for _, i := range members {
			d := opt.Velocities[3*i+int32(axis)] - mean
			square += float64(d * d)
		}
		g.Velocity[axis] = mean
	}
	g.Dispersion = math.Sqrt(square / (3 * n))
}

// wrap brings x, at most a box away from it, into [0, box).
func wrap(x, box float64) float64 {
	if x < 0 {
		x += box
	}
	if x >= box {
		x -= box
	}
	return x
}

// Corrected is Eq. (7): the particles that a group of n stands for.
func Corrected(n int) float64 {
	return float64(n) * (1 - fmath.Pow(float64(n), -0.6))
}

// check returns the linking length.
func (opt Options) check(positions []float64) (float64, error) {
	if !(opt.Box > 0) || math.IsInf(opt.Box, 0) {
		return 0, fmt.Errorf("halos: box must be positive and finite, got %v", opt.Box)
	}
	if !(opt.B > 0 && opt.B <= 1) {
		return 0, fmt.Errorf("halos: b must be above 0 and at most 1, got %v", opt.B)
	}
	if opt.Min < 2 {
		return 0, fmt.Errorf("halos: min must be at least 2, got %d", opt.Min)
	}
	if len(positions)%3 != 0 {
		return 0, fmt.Errorf("halos: positions must hold three coordinates a particle, got a length of %d", len(positions))
	}
	n := len(positions) / 3
	if n > maxParticles {
		return 0, fmt.Errorf("halos: positions must hold at most %d particles, got %d", maxParticles, n)
	}
	for i, x := range positions {
		if !(x >= 0 && x < opt.Box) {
			return 0, fmt.Errorf("halos: positions must lie in [0, %v), got %c = %v of particle %d", opt.Box, 'x'+rune(i%3), x, i/3)
		}
	}
	if opt.Velocities != nil && len(opt.Velocities) != len(positions) {
		return 0, fmt.Errorf("halos: velocities must be as many as positions, got %d and %d", len(opt.Velocities), len(positions))
	}
	length := opt.B * opt.Box / fmath.Cbrt(float64(n))
	if !(length <= opt.Box/4) {
		return 0, fmt.Errorf("halos: the linking length must be at most a quarter of the box, got %.4g of it: there are only %d particles",
			length/opt.Box, n)
	}
	return length, nil
}
