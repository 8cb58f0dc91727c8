package diffusion

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"runlua/kernels/par"
	"runlua/kernels/rng"
)

// Config is what decides the samples of a walk.
type Config struct {
	Settings Settings
	Denoiser Denoiser
	Seed     uint64
	Samples  []int64 // their numbers, in any order, each once: from 0 to 2³¹ − 1

	Pool *par.Pool // nil: one thread. Never changes a sample
}

// A Walk is one chunk of samples on their way down. Its methods are not for
// use from several goroutines at once.
type Walk struct {
	cfg    Config
	levels []level
	shape  Shape
	dim    int
	key    [2]uint32

	x      []float64 // [samples][dim]
	failed []int     // the step after which a sample failed, from 1; 0: it did not
	done   int

	alive []int // rows of x that have not failed
	// Of the rows that are alive, during a step.
	hat, clean, next []float64
}

// NewWalk returns the samples at the start of the walk, normals of σ_0 each.
// Its error, and those of the settings and samples, are *ParamErrors.
func NewWalk(cfg Config) (*Walk, error) {
	w, err := newWalk(cfg)
	if err != nil {
		return nil, err
	}
	w.blocks(len(cfg.Samples), func(from, to int) error {
		for k := from; k < to; k++ {
			row := w.row(w.x, k)
			normals(row, w.key, w.cfg.Samples[k], 0, rng.PurposeDiffusionStart)
			for j := range row {
				row[j] *= w.levels[0].sigma
			}
		}
		return nil
	})
	return w, nil
}

// newWalk is NewWalk without coordinates.
func newWalk(cfg Config) (*Walk, error) {
	if err := cfg.Settings.Check(); err != nil {
		return nil, err
	}
	if cfg.Denoiser == nil {
		return nil, &ParamError{"denoiser", "must be given", "none", ""}
	}
	if len(cfg.Samples) == 0 {
		return nil, &ParamError{"samples", "must be at least one", "none", ""}
	}
	if err := checkSamples(cfg.Samples); err != nil {
		return nil, err
	}
	w := &Walk{
		cfg: cfg, levels: cfg.Settings.levels(), shape: shapeOf(cfg.Denoiser), dim: cfg.Denoiser.Dim(), key: rng.Key(cfg.Seed),
		failed: make([]int, len(cfg.Samples)),
	}
	w.cfg.Samples = slices.Clone(cfg.Samples)
	if w.cfg.Pool == nil {
		w.cfg.Pool = par.New(1)
	}
	if s := cfg.Settings; s.Augment || s.Center {
		name := "augment"
		if !s.Augment {
			name = "center"
		}
		if !w.shape.Equivariant() {
			return nil, &ParamError{name, "must be false for a denoiser that is not equivariant", "true", "its samples would come out wrong: it expects the frame of its own coordinates"}
		}
		if w.dim%3 != 0 {
			return nil, &ParamError{name, "must be false unless coordinates come in threes", fmt.Sprintf("true with %d coordinates", w.dim), ""}
		}
	}
	if int64(w.dim) > maxRow {
		return nil, &ParamError{"denoiser", fmt.Sprintf("must have at most %d coordinates", maxRow), strconv.Itoa(w.dim), ""}
	}
	w.x = make([]float64, len(cfg.Samples)*w.dim)
	w.alive = make([]int, len(cfg.Samples))
	for k := range w.alive {
		w.alive[k] = k
	}
	return w, nil
}

// maxRow keeps the blocks of a row's normals below 2³².
const maxRow = 1 << 31

func checkSamples(samples []int64) error {
	seen := make(map[int64]bool, len(samples))
	for _, k := range samples {
		if k < 0 || k >= maxSample {
			return &ParamError{"samples", "must be from 0 to 2^31 - 1", strconv.FormatInt(k, 10), ""}
		}
		if seen[k] {
			return &ParamError{"samples", "must each be there once", fmt.Sprintf("%d twice", k), ""}
		}
		seen[k] = true
	}
	return nil
}

// Done returns how many steps have been taken.
func (w *Walk) Done() int { return w.done }

// Total returns the number of steps of the walk.
func (w *Walk) Total() int { return len(w.levels) }

// Sigma returns the noise level where the samples stand, Å: 0 at the end.
func (w *Walk) Sigma() float64 {
	if w.done == len(w.levels) {
		return 0
	}
	return w.levels[w.done].sigma
}

// Samples returns a copy of the samples' numbers, in the order of the chunk.
func (w *Walk) Samples() []int64 { return slices.Clone(w.cfg.Samples) }

// Coordinates returns those of sample number k of the chunk, decoded: Width of
// them, a copy. Those of a failed sample are as they were when it failed.
func (w *Walk) Coordinates(k int) []float64 {
	out := make([]float64, w.shape.Width())
	w.shape.Decode(out, w.row(w.x, k))
	return out
}

// Failed returns nil, or why sample number k of the chunk failed: which of its
// coordinates is no number after which step. Such a sample goes no further;
// the others do.
func (w *Walk) Failed(k int) error {
	if w.failed[k] == 0 {
		return nil
	}
	j := firstNotFinite(w.row(w.x, k))
	value := w.x[k*w.dim+j]
	what := fmt.Sprintf("coordinate %d", j+1)
	switch {
	case w.shape.Width() != w.dim:
		what = fmt.Sprintf("mode coordinate %d", j+1)
	case w.shape.Atoms() > 0:
		what = fmt.Sprintf("coordinate %d (atom %d, %c)", j+1, j/3+1, "xyz"[j%3])
	}
	text := "NaN"
	if math.IsInf(value, 0) {
		text = "infinite"
	}
	return fmt.Errorf("diffusion: sample %d: %s is %s after step %d", w.cfg.Samples[k], what, text, w.failed[k])
}

// firstNotFinite returns the index of the first number that is NaN or infinite, or
// -1.
func firstNotFinite(x []float64) int {
	const exponent = 0x7ff << 52
	for j, v := range x {
		if math.Float64bits(v)&exponent == exponent {
			return j
		}
	}
	return -1
}

func (w *Walk) row(x []float64, k int) []float64 { return x[k*w.dim : (k+1)*w.dim] }

// Step takes all samples one step down. When it fails, by the denoiser's error
// or because ctx is done, the walk stands where it stood and the step can be
// taken again. It panics at the end of the walk.
func (w *Walk) Step(ctx context.Context) error {
	if w.done >= len(w.levels) {
		panic("diffusion: Step: the walk is at its end")
	}
	if err := w.step(ctx, w.levels[w.done]); err != nil {
		return fmt.Errorf("diffusion: step %d of %d: %w", w.done+1, len(w.levels), err)
	}
	w.done++
	alive := w.alive[:0]
	for r, k := range w.alive {
		row := w.row(w.next, r)
		copy(w.row(w.x, k), row)
		if firstNotFinite(row) >= 0 {
			w.failed[k] = w.done
			continue
		}
		alive = append(alive, k)
	}
	w.alive = alive
	return nil
}

// step puts the rows after a step into next.
func (w *Walk) step(ctx context.Context, l level) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m := len(w.alive)
	size := m * w.dim
	if cap(w.hat) < size {
		w.hat, w.clean, w.next = make([]float64, size), make([]float64, size), make([]float64, size)
	}
	w.hat, w.clean, w.next = w.hat[:size], w.clean[:size], w.next[:size]

	w.blocks(m, func(from, to int) error {
		for r := from; r < to; r++ {
			w.prepare(l, r)
		}
		return nil
	})
	if err := w.denoise(ctx, w.clean, w.hat, m, l.hat); err != nil {
		return err
	}
	h := l.next - l.hat
	scale := l.eta * h / l.hat
	w.blocks(m, func(from, to int) error {
		next := w.next[from*w.dim : to*w.dim]
		hat, clean := w.hat[from*w.dim:][:len(next)], w.clean[from*w.dim:][:len(next)]
		for j, x := range hat { // Eq. (4)
			next[j] = x + float64(scale*(x-clean[j]))
		}
		return nil
	})
	if !l.heun {
		return nil
	}
	// The slope at the start of the step takes clean's place in hat's stead:
	// clean ← (x̂ − D(x̂, t̂))/t̂.
	w.blocks(m, func(from, to int) error {
		for j := from * w.dim; j < to*w.dim; j++ {
			w.clean[j] = (w.hat[j] - w.clean[j]) / l.hat
		}
		return nil
	})
	// What has failed already is not shown to the denoiser.
	lost := map[int][]float64{}
	for r := range m {
		if row := w.row(w.next, r); firstNotFinite(row) >= 0 {
			lost[r] = slices.Clone(row)
			clear(row)
		}
	}
	corrected := make([]float64, size)
	if err := w.denoise(ctx, corrected, w.next, m, l.next); err != nil {
		return err
	}
	w.blocks(m, func(from, to int) error {
		for j := from * w.dim; j < to*w.dim; j++ { // Eq. (5)
			w.next[j] = w.hat[j] + float64(h/2*(w.clean[j]+(w.next[j]-corrected[j])/l.next))
		}
		return nil
	})
	for r, row := range lost {
		copy(w.row(w.next, r), row)
	}
	return nil
}

// prepare puts x̂ of a row into hat: Eq. (3), after the augmentation. The row of
// next holds the noise meanwhile.
func (w *Walk) prepare(l level, r int) {
	k := w.alive[r]
	sample, row := w.cfg.Samples[k], w.row(w.hat, r)
	copy(row, w.row(w.x, k))
	s := w.cfg.Settings
	_, fixed := w.cfg.Denoiser.(unmoved)
	if (s.Augment || s.Center) && !fixed {
		centre(row)
	}
	if s.Augment {
		q, move := randomTurn(w.key, sample, w.done)
		for axis := range move {
			if move[axis] *= s.Translation; fixed {
				move[axis] = 0
			}
		}
		turn(row, q, move)
	}
	if l.noise > 0 {
		noise := w.row(w.next, r)
		normals(noise, w.key, sample, w.done, rng.PurposeDiffusionNoise)
		for j, xi := range noise {
			row[j] += float64(l.noise * xi)
		}
	}
}

// denoise asks the denoiser about a batch, by blocks where it allows that.
func (w *Walk) denoise(ctx context.Context, dst, x []float64, batch int, sigma float64) error {
	if batch == 0 {
		return nil
	}
	if d, ok := w.cfg.Denoiser.(Pooled); ok {
		return d.DenoiseOn(ctx, w.cfg.Pool, dst, x, batch, sigma)
	}
	if _, ok := w.cfg.Denoiser.(Concurrent); !ok {
		return w.cfg.Denoiser.Denoise(ctx, dst, x, batch, sigma)
	}
	return w.blocks(batch, func(from, to int) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return w.cfg.Denoiser.Denoise(ctx, dst[from*w.dim:to*w.dim], x[from*w.dim:to*w.dim], to-from, sigma)
	})
}

// maxBlock is the largest number of rows that one goroutine takes at a time.
const maxBlock = 64

// blocks calls f for ranges that make up 0 … n−1 on the pool, and returns the
// error of the first range that has one. Rows do not know of each other, so
// that the ranges may follow the number of threads.
func (w *Walk) blocks(n int, f func(from, to int) error) error {
	threads := w.cfg.Pool.Threads()
	size := max(1, min(maxBlock, (n+threads-1)/threads))
	errs := make([]error, (n+size-1)/size)
	w.cfg.Pool.For(len(errs), func(b int) { errs[b] = f(b*size, min(n, (b+1)*size)) })
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
