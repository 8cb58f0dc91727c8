package fft

import "unsafe"

// Float is the precision of a transform.
type Float interface{ float32 | float64 }

// cplx is a complex number. Go's own complex types can't be written for both
// precisions at once, and their products may be fused.
type cplx[T Float] struct{ re, im T }

func (a cplx[T]) plus(b cplx[T]) cplx[T]  { return cplx[T]{a.re + b.re, a.im + b.im} }
func (a cplx[T]) minus(b cplx[T]) cplx[T] { return cplx[T]{a.re - b.re, a.im - b.im} }

// times returns a·w with each product rounded, so that nothing is fused.
func (a cplx[T]) times(w cplx[T]) cplx[T] {
	return cplx[T]{T(a.re*w.re) - T(a.im*w.im), T(a.im*w.re) + T(a.re*w.im)}
}

// scaled returns s·a.
func (a cplx[T]) scaled(s T) cplx[T] { return cplx[T]{T(s * a.re), T(s * a.im)} }

// turned returns -i·a.
func (a cplx[T]) turned() cplx[T] { return cplx[T]{a.im, -a.re} }

func (a cplx[T]) conj() cplx[T] { return cplx[T]{a.re, -a.im} }

// lanes is the number of complex numbers in 32 bytes, of which every width of
// a block is a multiple.
func lanes[T Float]() int {
	var z cplx[T]
	return 32 / int(unsafe.Sizeof(z))
}

// roundUp is the smallest multiple of unit that is at least n.
func roundUp(n, unit int) int { return (n + unit - 1) / unit * unit }

// complexes are the numbers of a slice, real and imaginary parts in turn.
func complexes[T Float](s []T) []cplx[T] {
	return unsafe.Slice((*cplx[T])(unsafe.Pointer(unsafe.SliceData(s))), len(s)/2)
}

// reals undoes complexes.
func reals[T Float](c []cplx[T]) []T {
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(c))), 2*len(c))
}
