package power

import (
	"context"
	"fmt"
	"math"
	"sync/atomic"

	"runlua/kernels/fft"
	"runlua/kernels/grid"
	"runlua/kernels/par"
)

// A Result holds one entry for each shell that has modes, by rising k.
type Result struct {
	K     []float64 // mean wave number of the shell's modes, h/Mpc
	P     []float64 // power, (Mpc/h)³; less Noise if asked for
	Err   []float64 // standard error of P, Eq. (3), of the power with its noise
	Modes []int     // independent modes, k and -k counted once
	Noise []float64 // what a random scatter of the particles gives, (Mpc/h)³

	ShotNoise   float64 // L³/N_p, (Mpc/h)³; 0 for a mesh
	Fundamental float64 // 2π/L, h/Mpc
	Nyquist     float64 // πM/L, h/Mpc
	Subtracted  bool    // whether P has Noise taken from it
}

// Measure returns the power spectrum of particles. positions holds
// x0 y0 z0 x1 …, Mpc/h, in [0, Box), and is not changed.
func Measure(ctx context.Context, pool *par.Pool, positions []float64, opt Options) (*Result, error) {
	p, err := newParticles(pool, positions, &opt)
	if err != nil {
		return nil, err
	}
	mesh := p.plan.NewMesh()
	return MeasurePlanes(ctx, p.plan, mesh, opt, len(positions)/3, func(done func(worker, x int)) error {
		return p.contrast(mesh, done)
	})
}

// particles are what to deposit, and where.
type particles struct {
	plan      *fft.Real3
	grid      *grid.Grid
	positions []float64
}

// newParticles checks positions and options, and sets the options' window.
func newParticles(pool *par.Pool, positions []float64, opt *Options) (*particles, error) {
	if err := opt.check(); err != nil {
		return nil, err
	}
	if opt.Window != NoWindow {
		return nil, fmt.Errorf("power: window must not be given for particles, got %d", opt.Window)
	}
	if len(positions) == 0 || len(positions)%3 != 0 {
		return nil, fmt.Errorf("power: positions must hold three coordinates of at least one particle, got a length of %d", len(positions))
	}
	plan, err := fft.NewReal3(opt.Mesh, pool)
	if err != nil {
		return nil, fmt.Errorf("power: mesh: %w", err)
	}
	g, err := grid.New(plan.Layout(), opt.Box, pool)
	if err != nil {
		return nil, fmt.Errorf("power: %w", err)
	}
	opt.Window = CIC
	return &particles{plan, g, positions}, nil
}

// contrast is grid's ContrastPlanes.
func (p *particles) contrast(mesh []float64, done func(worker, x int)) error {
	err := p.grid.ContrastPlanes(mesh, p.positions, done)
	if err == nil {
		return nil
	}
	for i, x := range p.positions {
		if box := p.grid.Box(); !(x >= 0 && x < box) {
			return fmt.Errorf("power: positions must lie in [0, %v), got %c = %v of particle %d", box, 'x'+rune(i%3), x, i/3)
		}
	}
	return fmt.Errorf("power: %w", err)
}

// MeasureMesh returns the power spectrum of a contrast δ on a real mesh in
// fft's layout for opt.Mesh points a side. The mesh is not changed. It panics
// if the mesh has another length than that layout's.
func MeasureMesh(ctx context.Context, pool *par.Pool, mesh []float64, opt Options) (*Result, error) {
	if err := opt.check(); err != nil {
		return nil, err
	}
	plan, err := fft.NewReal3(opt.Mesh, pool)
	if err != nil {
		return nil, fmt.Errorf("power: mesh: %w", err)
	}
	lay := plan.Layout()
	if len(mesh) != lay.Len() {
		panic(fmt.Sprintf("power: MeasureMesh: mesh must hold %d values, got %d", lay.Len(), len(mesh)))
	}
	field := plan.NewMesh()
	return MeasurePlanes(ctx, plan, field, opt, 0, func(done func(worker, x int)) error {
		var bad atomic.Bool
		pool.Workers(lay.N, func(worker, x int) {
			first := lay.Index(x, 0, 0)
			copy(field[first:][:lay.Plane], mesh[first:])
			done(worker, x)
			// This is the plane's sum now: not finite if one of its values is not.
			if sum := field[first]; sum-sum != 0 {
				bad.Store(true)
			}
		})
		if bad.Load() {
			return notFinite(mesh, lay)
		}
		return nil
	})
}

// notFinite names the first value of a mesh that is not finite.
func notFinite(mesh []float64, lay fft.Layout) error {
	for x := range lay.N {
		for y := range lay.N {
			for z, v := range mesh[lay.Index(x, y, 0):][:lay.N] {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					return fmt.Errorf("power: mesh values must be finite, got %v at (%d, %d, %d)", v, x, y, z)
				}
			}
		}
	}
	return nil
}

// MeasurePlanes returns the power spectrum of a contrast δ that fill makes on a
// real mesh of plan's layout, for opt.Mesh points a side, in single or double
// precision; shells are summed in double. particles is their number if the field
// is theirs, or 0. opt.Window says what sampling did to it.
//
// fill calls done once for each plane x, when all of the plane is in mesh, by a
// worker of plan's pool, and leaves the plane alone from then on: done transforms
// it while it is in cache. Calls of different workers may run at once. What mesh
// holds in the end is of no use. An error of fill is returned as it is.
//
// MeasurePlanes panics if plan or mesh are of another size than opt.Mesh, or if
// fill returns no error before each plane is done.
func MeasurePlanes[T fft.Float](ctx context.Context, plan *fft.Plan[T], mesh []T, opt Options, particles int, fill func(done func(worker, x int)) error) (*Result, error) {
	lay := plan.Layout()
	if opt.Mesh != lay.N || len(mesh) != lay.Len() {
		panic(fmt.Sprintf("power: MeasurePlanes: a plan of %d³ points and a mesh of %d values for %d³ points", lay.N, len(mesh), opt.Mesh))
	}
	if err := opt.check(); err != nil {
		return nil, err
	}
	if opt.Window != NoWindow && opt.Window != CIC {
		return nil, fmt.Errorf("power: window must be none or CIC, got %d", opt.Window)
	}
	if opt.SubtractNoise && particles <= 0 {
		return nil, fmt.Errorf("power: noise can be subtracted for particles only, got a mesh")
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var planes atomic.Int64
	err := fill(func(worker, x int) {
		plan.ForwardPlane(worker, mesh, x)
		planes.Add(1)
	})
	if err != nil {
		return nil, err
	}
	if n := int(planes.Load()); n != lay.N {
		panic(fmt.Sprintf("power: MeasurePlanes: fill has done %d planes of %d", n, lay.N))
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	sh, window := newShells(bound(opt), opt.LogBins), newWindowTable(lay.N, opt.Window)
	sums := newShellSums(lay.N, sh, window)
	plan.SeeModes(mesh, sums.end, func(_, iy, kz, width int, modes []T) {
		addSquares(sums, iy, kz, width, modes)
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return result(opt, particles, sums.total(), sumWaves(plan.Pool(), sh, window)), nil
}

// result makes means of the sums over shells.
func result(opt Options, particles int, sums []float64, waves []waveSum) *Result {
	volume := opt.Box * opt.Box * opt.Box
	points := float64(opt.Mesh) * float64(opt.Mesh) * float64(opt.Mesh)
	res := &Result{
		Fundamental: 2 * math.Pi / opt.Box,
		Nyquist:     math.Pi * float64(opt.Mesh) / opt.Box,
		Subtracted:  opt.SubtractNoise,
	}
	if particles > 0 {
		res.ShotNoise = volume / float64(particles)
	}
	for i, w := range waves {
		if i == 0 || w.vectors == 0 { // the mean, or no mode
			continue
		}
		n := float64(w.vectors)
		p := sums[i] / n * volume / (points * points)
		noise := float64(res.ShotNoise * (w.noise / n))
		res.K = append(res.K, w.k/n*res.Fundamental)
		res.Modes = append(res.Modes, w.vectors/2)
		res.Err = append(res.Err, p/math.Sqrt(n/2))
		res.Noise = append(res.Noise, noise)
		if opt.SubtractNoise {
			p -= noise
		}
		res.P = append(res.P, p)
	}
	return res
}
