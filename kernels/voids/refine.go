package voids

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"

	"runlua/kernels/par"
)

// RefineOptions of RefineAt. Box and Threshold are required.
type RefineOptions struct {
	Box       float64 // comoving side of the periodic box, Mpc/h
	Threshold float64 // contrast t of a void's sphere, -1 < t < 0
}

// Refined holds one entry for each centre given to RefineAt, in its order.
type Refined struct {
	Radii  []float64 // Mpc/h; 0 where not found
	Inside []int     // particles within the radius; 0 where not found
	Found  []bool
	Missed int // how many were not found
}

// RefineAt measures the radii of voids around given centres in the particles
// of another run, by Eq. (5). Of the voids it reads X, Y, Z and Limit. With the
// particles in which the voids were found it returns their very radii.
//
// positions holds x0 y0 z0 x1 …, Mpc/h, in [0, Box). Neither argument is
// changed. A centre without a radius is no error: it is not Found, and counted.
func RefineAt(ctx context.Context, pool *par.Pool, positions []float64, voids []Void, opt RefineOptions) (*Refined, error) {
	if err := checkBox(opt.Box); err != nil {
		return nil, err
	}
	if err := checkThreshold(opt.Threshold); err != nil {
		return nil, err
	}
	if err := checkPositions(positions, opt.Box); err != nil {
		return nil, err
	}
	for i, v := range voids {
		for axis, x := range [3]float64{v.X, v.Y, v.Z} {
			if !(x >= 0 && x < opt.Box) {
				return nil, fmt.Errorf("voids: centres must lie in [0, %v), got %c = %v of void %d", opt.Box, 'x'+rune(axis), x, i)
			}
		}
		if !(v.Limit > 0) {
			return nil, fmt.Errorf("voids: limit must be positive, got %v of void %d", v.Limit, i)
		}
		if v.Limit > opt.Box/2 {
			return nil, fmt.Errorf("voids: limit must be at most half the box (%v Mpc/h), got %v of void %d", opt.Box/2, v.Limit, i)
		}
	}
	return refine(ctx, pool, positions, voids, opt.Box, opt.Threshold)
}

// refineBlock is how many voids a block of parallel work refines.
const refineBlock = 16

// refine is RefineAt with arguments that have been checked.
func refine(ctx context.Context, pool *par.Pool, positions []float64, voids []Void, box, threshold float64) (*Refined, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	n := len(voids)
	out := &Refined{Radii: make([]float64, n), Inside: make([]int, n), Found: make([]bool, n)}
	if n == 0 {
		return out, nil
	}
	particles := newChain(pool, positions, box)
	perParticle := volumePerParticle(len(positions)/3, box, threshold)
	scratch := make([][]float64, pool.Threads())
	pool.Workers((n+refineBlock-1)/refineBlock, func(worker, block int) {
		if ctx.Err() != nil {
			return
		}
		for i := block * refineBlock; i < min(n, (block+1)*refineBlock); i++ {
			out.Radii[i], out.Inside[i], out.Found[i] = particles.radius(&scratch[worker], voids[i], perParticle)
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, found := range out.Found {
		if !found {
			out.Missed++
		}
	}
	return out, nil
}

// volumePerParticle is the cube of the radius at which a sphere with one
// particle has the threshold's contrast, 3 / (4π n̄ (1+t)).
func volumePerParticle(particles int, box, threshold float64) float64 {
	return 3 * (box * box * box) / (4 * math.Pi * float64(particles) * (1 + threshold))
}

// nearShare is how far around a void, in its limits, its radius is looked for at
// first: most lie there, among a quarter of the particles that may count.
const nearShare = 1.25

// radius is crossing with the particles around a void.
func (c *chain) radius(scratch *[]float64, v Void, perParticle float64) (radius float64, inside int, found bool) {
	far := min(2*v.Limit, c.box/2)
	for _, reach := range []float64{min(nearShare*v.Limit, far), far} {
		d := c.within((*scratch)[:0], v.X, v.Y, v.Z, reach)
		*scratch = d
		slices.Sort(d)
		radius, inside, found = crossing(d, perParticle, v.Limit)
		// Farther particles change nothing once there is one beyond the limit.
		if found && math.Sqrt(d[len(d)-1]) > v.Limit {
			break
		}
	}
	return radius, inside, found
}

// crossing returns the radius that Eq. (5) and the limit choose, and how many
// particles are closer to the centre. d holds the squared distances of all
// particles that may count, ascending.
func crossing(d []float64, perParticle, limit float64) (radius float64, inside int, found bool) {
	// Density over the threshold's at the j-th particle; below 1 is below it.
	at := func(j int) (r, q float64) {
		r = math.Sqrt(d[j-1])
		return r, float64(j) * perParticle / (r * r * r)
	}
	// The crossing between the j-th particle and the next.
	between := func(j int) (float64, bool) {
		r0, q0 := at(j)
		r1, q1 := at(j + 1)
		if !(q0 < 1 && q1 >= 1) {
			return 0, false
		}
		return r0 + float64((r1-r0)*((1-q0)/(q1-q0))), true
	}

	// The limit lies between particles last and last+1. A crossing there is
	// beyond it if the profile is below the threshold at the limit, else inside.
	last := sort.Search(len(d), func(i int) bool { return math.Sqrt(d[i]) > limit })
	below := true
	if last > 0 && last < len(d) {
		r0, q0 := at(last)
		r1, q1 := at(last + 1)
		below = q0+float64((q1-q0)*((limit-r0)/(r1-r0))) < 1
	} else if last > 0 {
		_, q := at(last)
		below = q < 1
	}
	if below {
		for j := max(last, 1); j < len(d); j++ {
			if r, ok := between(j); ok {
				return r, j, true
			}
		}
		return 0, 0, false
	}
	for j := min(last, len(d)-1); j > 0; j-- {
		if r, ok := between(j); ok {
			return r, j, true
		}
	}
	return 0, 0, false
}
