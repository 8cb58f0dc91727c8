//go:build amd64 && !noasm

package fft

//go:generate go run -C _gen . -pkg fft -out ../rows_amd64.s -stubs ../rows_amd64.go

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/cpu"
)

// vectorKernels are the loops in assembly, or nil if the processor lacks AVX2.
// The functions here check what the assembly takes for granted.
func vectorKernels[T Float]() *kernels[T] {
	if !cpu.X86.HasAVX2 {
		return nil
	}
	var k any
	switch any(T(0)).(type) {
	case float32:
		k = singleKernels()
	case float64:
		k = doubleKernels()
	}
	return k.(*kernels[T])
}

func singleKernels() *kernels[float32] {
	k := &kernels[float32]{
		name:         "avx2",
		combine:      vectorCombine(combineSingle),
		transposeIn:  vectorTransposeIn(transposeInSingle),
		transposeOut: vectorTransposeOut(transposeOutSingle),
		multiply:     vectorMultiply(multiplySingle),
	}
	k.butterfly[2] = vectorSpan(2, span2Single, span2TwiddledSingle)
	k.butterfly[3] = vectorSpan(3, span3Single, span3TwiddledSingle)
	k.butterfly[4] = vectorSpan(4, span4Single, span4TwiddledSingle)
	k.butterfly[5] = vectorSpan(5, span5Single, span5TwiddledSingle)
	k.butterfly[8] = vectorSpan(8, span8Single, span8TwiddledSingle)
	return k
}

func doubleKernels() *kernels[float64] {
	k := &kernels[float64]{
		name:         "avx2",
		combine:      vectorCombine(combineDouble),
		transposeIn:  vectorTransposeIn(transposeInDouble),
		transposeOut: vectorTransposeOut(transposeOutDouble),
		multiply:     vectorMultiply(multiplyDouble),
	}
	k.butterfly[2] = vectorSpan(2, span2Double, span2TwiddledDouble)
	k.butterfly[3] = vectorSpan(3, span3Double, span3TwiddledDouble)
	k.butterfly[4] = vectorSpan(4, span4Double, span4TwiddledDouble)
	k.butterfly[5] = vectorSpan(5, span5Double, span5TwiddledDouble)
	k.butterfly[8] = vectorSpan(8, span8Double, span8TwiddledDouble)
	return k
}

// vectors is how many vectors hold n numbers; n must fill them.
func vectors[T Float](n int) int {
	if n < 1 || n%lanes[T]() != 0 {
		panic("fft: a row that is not whole vectors")
	}
	return n / lanes[T]()
}

func bytes[T Float](numbers int) int {
	var z cplx[T]
	return numbers * int(unsafe.Sizeof(z))
}

func vectorSpan[T Float](
	radix int,
	plain func(first, rest *T, dstLeg, dstNext int, src *T, srcLeg, srcNext, count, width int),
	twiddled func(first, rest *T, dstLeg, dstNext int, src *T, srcLeg, srcNext int, w *T, count, width int),
) spanFunc[T] {
	return func(dst, src, w []cplx[T], s span) {
		s.check(radix, len(dst), len(src), len(w))
		size := int(unsafe.Sizeof(src[0]))
		if s.width*size%32 != 0 {
			panic("fft: a row that is not whole vectors")
		}
		dstLeg, dstNext := s.dstLeg*size, (s.dstStep-s.width)*size
		srcLeg, srcNext := s.srcLeg*size, (s.srcStep-s.width)*size
		first, rest := &dst[s.first].re, &dst[s.rest].re
		if w == nil {
			plain(first, rest, dstLeg, dstNext, &src[0].re, srcLeg, srcNext, s.count, s.width*size/32)
		} else {
			twiddled(first, rest, dstLeg, dstNext, &src[0].re, srcLeg, srcNext, &w[0].re, s.count, s.width*size/32)
		}
	}
}

// check panics unless all rows of the span lie in slices of these lengths.
func (s *span) check(radix, dst, src, twiddles int) {
	// The extreme beginnings of rows, in the source and in the destination.
	a, b := (s.count-1)*s.srcStep, (radix-1)*s.srcLeg
	lo, hi := min(a, 0)+min(b, 0), max(a, 0)+max(b, 0)
	a, b = (s.count-1)*s.dstStep, (radix-2)*s.dstLeg
	low := min(a, 0) + min(s.first, s.rest+min(b, 0))
	high := max(a, 0) + max(s.first, s.rest+max(b, 0))
	if s.count < 1 || s.width < 1 || lo < 0 || hi+s.width > src || low < 0 || high+s.width > dst ||
		twiddles != 0 && twiddles < s.count*(radix-1) {
		panic(fmt.Sprintf("fft: %+v of radix %d exceeds %d elements of the source, %d of the destination or %d twiddles",
			*s, radix, src, dst, twiddles))
	}
}

func vectorCombine[T Float](
	f func(lo, hi *T, hiNext int, w *T, scale T, count, width int),
) func(block []cplx[T], h, width int, w []cplx[T], s T) {
	return func(block []cplx[T], h, width int, w []cplx[T], s T) {
		block = block[:(h+1)*width]
		if len(w) < 1 || len(w) > h+1 {
			panic("fft: more pairs than rows")
		}
		f(&block[0].re, &block[h*width].re, bytes[T](-2*width), &w[0].re, s, len(w), vectors[T](width))
	}
}

func vectorTransposeIn[T Float](
	f func(block, at *T, atStride, blockStride, count, width int),
) func(block, at rows[T], n, count int) {
	return func(block, at rows[T], n, count int) {
		checkTranspose(block, at, n, count)
		f(&block.at[0].re, &at.at[0].re, bytes[T](at.stride), bytes[T](block.stride), count/batchUnit, vectors[T](n))
	}
}

func vectorTransposeOut[T Float](
	f func(at, block *T, atStride, blockStride, count, width int),
) func(at, block rows[T], n, count int) {
	return func(at, block rows[T], n, count int) {
		checkTranspose(block, at, n, count)
		f(&at.at[0].re, &block.at[0].re, bytes[T](at.stride), bytes[T](block.stride), count/batchUnit, vectors[T](n))
	}
}

// checkTranspose panics unless count rows of n numbers and n rows of count are
// there.
func checkTranspose[T Float](block, at rows[T], n, count int) {
	if count < 1 || count%batchUnit != 0 || block.stride < count || at.stride < n {
		panic("fft: a transposition of rows that are not whole groups or overlap")
	}
	_ = block.at[(n-1)*block.stride+count-1]
	_ = at.at[(count-1)*at.stride+n-1]
}

func vectorMultiply[T Float](
	f func(row, factors *T, scale T, factorsNext, count, width int),
) func(block []cplx[T], factors []T, scale T, first, step, count, width int) {
	return func(block []cplx[T], factors []T, scale T, first, step, count, width int) {
		if count == 0 {
			return
		}
		_ = block[count*width-1]
		last := first + (count-1)*step
		_, _ = factors[min(first, last)], factors[max(first, last)+width-1]
		f(&block[0].re, &factors[first], scale, bytes[T](step-width)/2, count, vectors[T](width))
	}
}
