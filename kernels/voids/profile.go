package voids

import (
	"context"
	"fmt"
	"math"
	"slices"

	"runlua/kernels/abundance"
	"runlua/kernels/par"
)

// StackOptions of Stack. Box, To and Bins are required.
type StackOptions struct {
	Box      float64 // comoving side of the periodic box, Mpc/h
	From, To float64 // first and last edge: in radii of each void if Scaled, else Mpc/h
	Bins     int     // even in r
	Scaled   bool

	// Jackknife takes errors from the 27 sub-boxes by Eq. (8), in place of the
	// standard error over the voids.
	Jackknife bool
}

// A Profile is the mean contrast around voids, Eq. (7), by bins of r.
type Profile struct {
	Edges       []float64 // one more than bins, in the units of From and To
	R           []float64 // middle of each bin
	Contrast    []float64 // of the shell
	Err         []float64
	Enclosed    []float64 // of the sphere up to the bin's outer edge
	EnclosedErr []float64
	Counts      []int // particles in the shell, of all voids
	Voids       int

	// With Jackknife, by sub-box: Contrast and Enclosed without its voids, and
	// whether it has any. Only those that have count in Eq. (8).
	Without, WithoutEnclosed [][]float64
	Occupied                 []bool
}

// stackBlock is how many voids a block of parallel work counts around.
const stackBlock = 16

// Stack measures the mean profile around voids, of which it reads X, Y, Z and,
// if opt.Scaled, Radius. positions holds x0 y0 z0 x1 …, Mpc/h, in [0, Box).
// Neither argument is changed. The last edge must stay within half the box for
// every void, and errors need two voids or, by the jackknife, two sub-boxes with
// voids.
func Stack(ctx context.Context, pool *par.Pool, positions []float64, voids []Void, opt StackOptions) (*Profile, error) {
	if err := opt.check(voids); err != nil {
		return nil, err
	}
	if err := checkPositions(positions, opt.Box); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p := &Profile{Edges: make([]float64, opt.Bins+1), Counts: make([]int, opt.Bins), Voids: len(voids)}
	for i := range p.Edges {
		p.Edges[i] = opt.From + float64((opt.To-opt.From)*(float64(i)/float64(opt.Bins)))
	}
	p.Edges[opt.Bins] = opt.To
	for i := range opt.Bins {
		p.R = append(p.R, (p.Edges[i]+p.Edges[i+1])/2)
	}

	// counts holds of each void the particles closer than each edge.
	edges := opt.Bins + 1
	counts := make([]int32, len(voids)*edges)
	particles := newChain(pool, positions, opt.Box)
	scratch := make([][]float64, pool.Threads())
	pool.Workers((len(voids)+stackBlock-1)/stackBlock, func(worker, block int) {
		if ctx.Err() != nil {
			return
		}
		for i := block * stackBlock; i < min(len(voids), (block+1)*stackBlock); i++ {
			v, unit := voids[i], opt.unit(voids[i])
			d := particles.within(scratch[worker][:0], v.X, v.Y, v.Z, min(opt.To*unit, opt.Box/2))
			scratch[worker] = d
			slices.Sort(d)
			n := 0
			for j, e := range p.Edges {
				r := float64(e * unit)
				for n < len(d) && d[n] < r*r {
					n++
				}
				counts[i*edges+j] = int32(n)
			}
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}

	density := float64(len(positions)/3) / (opt.Box * opt.Box * opt.Box)
	shell, inside := make([][]float64, opt.Bins), make([][]float64, opt.Bins)
	for b := range opt.Bins {
		shell[b], inside[b] = make([]float64, len(voids)), make([]float64, len(voids))
		for i, v := range voids {
			unit := opt.unit(v)
			in, out := counts[i*edges+b], counts[i*edges+b+1]
			lo, hi := sphere(p.Edges[b]*unit), sphere(p.Edges[b+1]*unit)
			shell[b][i] = float64(out-in)/(density*(hi-lo)) - 1
			inside[b][i] = float64(out)/(density*hi) - 1
			p.Counts[b] += int(out - in)
		}
	}
	for b := range opt.Bins {
		p.Contrast = append(p.Contrast, mean(shell[b]))
		p.Enclosed = append(p.Enclosed, mean(inside[b]))
	}
	if opt.Jackknife {
		p.leaveOut(voids, opt.Box, shell, inside)
		return p, nil
	}
	for b := range opt.Bins {
		p.Err = append(p.Err, standardError(shell[b]))
		p.EnclosedErr = append(p.EnclosedErr, standardError(inside[b]))
	}
	return p, nil
}

// leaveOut fills in what the 27 sub-boxes tell of the contrasts of each void by
// bin, of shells and of spheres.
func (p *Profile) leaveOut(voids []Void, box float64, shell, inside [][]float64) {
	p.Occupied = make([]bool, abundance.SubBoxes)
	group := make([]int, len(voids))
	for i, v := range voids {
		group[i] = abundance.SubBox(v.X, v.Y, v.Z, box)
		p.Occupied[group[i]] = true
	}
	without := func(of [][]float64) (rows [][]float64, errs []float64) {
		rows = make([][]float64, abundance.SubBoxes)
		for _, x := range of {
			err, means := groupMeans(x, group)
			errs = append(errs, err)
			for g, m := range means {
				rows[g] = append(rows[g], m)
			}
		}
		return rows, errs
	}
	p.Without, p.Err = without(shell)
	p.WithoutEnclosed, p.EnclosedErr = without(inside)
}

// unit is the length of 1 of a void's profile, Mpc/h.
func (opt StackOptions) unit(v Void) float64 {
	if opt.Scaled {
		return v.Radius
	}
	return 1
}

func (opt StackOptions) check(voids []Void) error {
	if err := checkBox(opt.Box); err != nil {
		return err
	}
	if !(opt.From >= 0) {
		return fmt.Errorf("voids: from must be at least 0, got %v", opt.From)
	}
	if !(opt.To > opt.From) || math.IsInf(opt.To, 0) {
		return fmt.Errorf("voids: to must be above from (%v) and finite, got %v", opt.From, opt.To)
	}
	if opt.Bins < 1 {
		return fmt.Errorf("voids: bins must be at least 1, got %d", opt.Bins)
	}
	if len(voids) < 2 {
		return fmt.Errorf("voids: a stack needs at least two voids, got %d", len(voids))
	}
	boxes := map[int]bool{}
	for i, v := range voids {
		for axis, x := range [3]float64{v.X, v.Y, v.Z} {
			if !(x >= 0 && x < opt.Box) {
				return fmt.Errorf("voids: centres must lie in [0, %v), got %c = %v of void %d", opt.Box, 'x'+rune(axis), x, i)
			}
		}
		if opt.Scaled && !(v.Radius > 0) {
			return fmt.Errorf("voids: radii must be positive, got %v of void %d", v.Radius, i)
		}
		if last := opt.To * opt.unit(v); last > opt.Box/2 {
			return fmt.Errorf("voids: a profile must end within half the box (%v Mpc/h), got %v around void %d", opt.Box/2, last, i)
		}
		boxes[abundance.SubBox(v.X, v.Y, v.Z, opt.Box)] = true
	}
	if opt.Jackknife && len(boxes) < 2 {
		return fmt.Errorf("voids: a jackknife needs voids in at least two of the 27 sub-boxes, got all %d in one", len(voids))
	}
	return nil
}
