package direct

import (
	"context"
	"fmt"

	"runlua/kernels/par"
)

// An accelerator works out Eq. (1) for the masses, softening and G that it was
// made with.
type accelerator interface {
	// accelerate fills acc, of length 3n, with the accelerations at pos. It
	// looks at ctx as it goes and returns its error; a position or a force that
	// is not finite is an error that names the first such particle. acc is
	// incomplete then.
	accelerate(ctx context.Context, pos, acc []float64) error
}

func newAccelerator(c Config) accelerator {
	if c.Precision == Single {
		return newForces(c, bestKernels[float32](), loadSingle)
	}
	return newForces(c, bestKernels[float64](), loadDouble)
}

// forces is the accelerator of a precision.
type forces[T number] struct {
	k         *kernels[T]
	load      loader[T]
	pool      *par.Pool
	mass      []float64
	g         float64
	softening float64

	blocks  []block[T]
	partial []sums[T]       // of the game that goes on
	total   []sums[float64] // of those that are over
	tile    int             // blocks a tile
	eps2    T
}

// A loader fills the blocks with particles and, behind them, with others of no
// mass, all of them apart. It returns the softening squared in the blocks' units
// of length, and what sums in their units of length and mass times G are to be
// multiplied by.
type loader[T number] func(f *forces[T], pos []float64) (eps2 T, scale float64)

func newForces[T number](c Config, k *kernels[T], load loader[T]) *forces[T] {
	count := (len(c.Masses) + lanes - 1) / lanes
	return &forces[T]{
		k: k, load: load, pool: c.Pool, mass: c.Masses, g: c.G, softening: c.Softening,
		blocks: make([]block[T], count), partial: make([]sums[T], count), total: make([]sums[float64], count),
		tile: tileBlocks(count),
	}
}

func (f *forces[T]) accelerate(ctx context.Context, pos, acc []float64) error {
	for i, x := range pos {
		if !isFinite(x) {
			return fmt.Errorf("particle %d is not finite any more", i/3+1)
		}
	}
	var scale float64
	f.eps2, scale = f.load(f, pos)
	if err := f.sum(ctx); err != nil {
		return err
	}
	for i := range f.mass {
		s := &f.total[i/lanes]
		acc[3*i] = scale * s.X[i%lanes]
		acc[3*i+1] = scale * s.Y[i%lanes]
		acc[3*i+2] = scale * s.Z[i%lanes]
	}
	for i, a := range acc {
		if !isFinite(a) {
			return fmt.Errorf("the force on particle %d is not finite: it may stand where another does (a softening above 0 keeps forces finite)", i/3+1)
		}
	}
	return nil
}

// sum fills total.
func (f *forces[T]) sum(ctx context.Context) error {
	clear(f.total)
	clear(f.partial)
	tiles := (len(f.blocks) + f.tile - 1) / f.tile
	f.pool.For(tiles, func(t int) {
		if ctx.Err() == nil {
			f.alone(t)
		}
	})
	for r := range rounds(tiles) {
		f.pool.For(games(tiles), func(number int) {
			if a, b, ok := game(tiles, r, number); ok && ctx.Err() == nil {
				f.meet(a, b)
			}
		})
	}
	return ctx.Err()
}

// span is the blocks of a tile.
func (f *forces[T]) span(tile int) (from, to int) {
	return tile * f.tile, min(len(f.blocks), (tile+1)*f.tile)
}

// alone adds the pulls within a tile.
func (f *forces[T]) alone(tile int) {
	from, to := f.span(tile)
	for i := from; i < to; i++ {
		f.k.within(&f.blocks[i], &f.partial[i], f.eps2)
		f.k.between(&f.blocks[i], &f.partial[i], f.blocks[i+1:to], f.partial[i+1:to], f.eps2)
	}
	f.settle(from, to)
}

// meet adds the pulls between two tiles.
func (f *forces[T]) meet(a, b int) {
	from, to := f.span(a)
	first, last := f.span(b)
	for i := from; i < to; i++ {
		f.k.between(&f.blocks[i], &f.partial[i], f.blocks[first:last], f.partial[first:last], f.eps2)
	}
	f.settle(from, to)
	f.settle(first, last)
}

// settle adds the partial sums of some blocks to the total.
func (f *forces[T]) settle(from, to int) {
	for i := from; i < to; i++ {
		s, p := &f.total[i], &f.partial[i]
		for l := range lanes {
			s.X[l] += float64(p.X[l])
			s.Y[l] += float64(p.Y[l])
			s.Z[l] += float64(p.Z[l])
		}
		*p = sums[T]{}
	}
}
