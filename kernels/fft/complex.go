package fft

import "unsafe"

// Float is the precision of a transform.
type Float interface{ float32 | float64 }

// cplx is a complex number: Go's own complex types can't be written for both
// precisions at once.
type cplx[T Float] struct{ re, im T }

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
