package diffusion

import (
	"context"

	"runlua/kernels/par"
)

// A Denoiser estimates clean coordinates: the mean of what x was before a
// normal of standard deviation sigma was added to each of its numbers.
//
// x and dst are [batch][Dim], row-major; they don't overlap. sigma > 0, Å.
// Denoise leaves x as it is. A row's result depends on that row and sigma
// alone, to the bit: on no other row, on no earlier call.
type Denoiser interface {
	// Dim is the number of coordinates of the space in which the walk goes:
	// three for each atom, or the modes of a Gaussian distribution.
	Dim() int
	Denoise(ctx context.Context, dst, x []float64, batch int, sigma float64) error
}

// A Shape says what the rows of a Denoiser stand for. A Denoiser that is no
// Shape has rows that are coordinates of no points in space.
type Shape interface {
	Atoms() int        // 0: the coordinates are no points in space
	Equivariant() bool // D(R x, σ) = R D(x, σ) for every rotation R
	Width() int        // of a decoded row
	Decode(dst, x []float64)
}

// Concurrent marks a Denoiser whose Denoise may be called from several
// goroutines at once. The walk then spreads the rows of a batch over its pool;
// others get one call a step.
type Concurrent interface{ Concurrent() }

// Pooled is a Denoiser that spreads the work of a call over a pool itself: the
// walk gives it a whole batch at once. DenoiseOn is Denoise otherwise, with the
// same bits for every pool.
type Pooled interface {
	DenoiseOn(ctx context.Context, pool *par.Pool, dst, x []float64, batch int, sigma float64) error
}

// Described is a Denoiser that can say what it is: numbers, strings, booleans,
// lists and maps of them, bulk data by SHA-256. A walk's state carries it, and
// is refused by a Denoiser that says otherwise.
type Described interface{ Plain() map[string]any }

// unmoved marks an equivariant Denoiser whose triples are no points but
// vectors, which turn with the frame and don't move with it: the amplitudes of
// modes on three axes. Centring and translation leave them alone.
type unmoved interface{ unmoved() }

// points is the Shape of a Denoiser that is none.
type points struct{ dim int }

func (p points) Atoms() int              { return 0 }
func (p points) Equivariant() bool       { return false }
func (p points) Width() int              { return p.dim }
func (p points) Decode(dst, x []float64) { copy(dst, x) }

// shapeOf returns the Shape of d.
func shapeOf(d Denoiser) Shape {
	if s, ok := d.(Shape); ok {
		return s
	}
	return points{d.Dim()}
}
