package direct

import (
	"math"
	"unsafe"
)

// lanes is the number of particles of a block, the unit of the inner loops.
const lanes = 8

// A number is what forces are computed in.
type number interface{ float32 | float64 }

// A block is some particles. In single precision a coordinate is the sum of two
// numbers that don't overlap (Dekker 1971), X and XLow; in double precision the
// low ones are not used.
type block[T number] struct {
	X, Y, Z, M       [lanes]T
	XLow, YLow, ZLow [lanes]T
}

// sums are of a block's particles.
type sums[T number] struct{ X, Y, Z [lanes]T }

// kernels are the inner loops of Eq. (1): in portable Go or in assembly, with
// the same bits.
type kernels[T number] struct {
	name string

	// between adds to sa and sb the pulls, without G, of the particles of a
	// and those of the blocks b on each other. b and sb have the same length.
	between func(a *block[T], sa *sums[T], b []block[T], sb []sums[T], eps2 T)

	// within adds to s the pulls of the particles of a block on each other.
	within func(a *block[T], s *sums[T], eps2 T)
}

func portableKernels[T number]() *kernels[T] {
	return &kernels[T]{name: "portable", between: between[T], within: within[T]}
}

// bestKernels are the fastest loops that the processor can run.
func bestKernels[T number]() *kernels[T] {
	if k := vectorKernels[T](); k != nil {
		return k
	}
	return portableKernels[T]()
}

// Path names the inner loops that this processor runs: "avx2" or "portable".
// Results are the same, to the bit.
func Path() string { return bestKernels[float64]().name }

// order is in which order lanes l and l^r of two blocks meet. Each step changes
// one bit, so that a vector gets there by one shuffle.
var order = [lanes]int{0, 1, 3, 2, 6, 7, 5, 4}

func between[T number](a *block[T], sa *sums[T], b []block[T], sb []sums[T], eps2 T) {
	sb = sb[:len(b)]
	p, on := *a, *sa // copies of its own are what the compiler indexes best
	for n := range b {
		q, back := b[n], sb[n]
		for _, r := range order {
			for l := range lanes {
				k := (l ^ r) & (lanes - 1)
				dx := difference(q.X[l], q.XLow[l], p.X[k], p.XLow[k])
				dy := difference(q.Y[l], q.YLow[l], p.Y[k], p.YLow[k])
				dz := difference(q.Z[l], q.ZLow[l], p.Z[k], p.ZLow[k])
				inv := inverseCube(dx, dy, dz, eps2)
				w, v := T(q.M[l]*inv), T(p.M[k]*inv)
				on.X[k] += T(w * dx)
				on.Y[k] += T(w * dy)
				on.Z[k] += T(w * dz)
				back.X[l] -= T(v * dx)
				back.Y[l] -= T(v * dy)
				back.Z[l] -= T(v * dz)
			}
		}
		sb[n] = back
	}
	*sa = on
}

func within[T number](a *block[T], s *sums[T], eps2 T) {
	for _, r := range order[1:] {
		for l := range lanes {
			k := (l ^ r) & (lanes - 1)
			dx := difference(a.X[k], a.XLow[k], a.X[l], a.XLow[l])
			dy := difference(a.Y[k], a.YLow[k], a.Y[l], a.YLow[l])
			dz := difference(a.Z[k], a.ZLow[k], a.Z[l], a.ZLow[l])
			w := T(a.M[k] * inverseCube(dx, dy, dz, eps2))
			s.X[l] += T(w * dx)
			s.Y[l] += T(w * dy)
			s.Z[l] += T(w * dz)
		}
	}
}

// difference is a-b of two coordinates.
func difference[T number](a, aLow, b, bLow T) T {
	d := a - b
	if unsafe.Sizeof(d) == 4 { // in single precision; known when compiled
		d += aLow - bLow
	}
	return d
}

// inverseCube is 1/(d² + ε²)^{3/2}. Square root and quotient are rounded as IEEE
// 754 says, which the approximations of 1/√ that processors offer are not: those
// differ from one maker to the next.
func inverseCube[T number](dx, dy, dz, eps2 T) T {
	r2 := T(dx*dx) + T(dy*dy) + T(dz*dz) + eps2
	return 1 / T(r2*T(math.Sqrt(float64(r2))))
}
