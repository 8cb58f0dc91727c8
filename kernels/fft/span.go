package fft

// A span is a run of butterflies of one radix r on rows of a block: the inner
// loops of Eq. (2). Leg k of butterfly i is the row of width numbers that
// begins at element i·srcStep + k·srcLeg of the source. Output 0 goes to the
// row that begins at first + i·dstStep of the destination, output j > 0 to
// that at rest + i·dstStep + (j-1)·dstLeg. Butterfly i multiplies output j by
// twiddle i·(r-1) + j-1, or by nothing if there are no twiddles.
//
// A column is read before it is written, so source and destination may be the
// same rows in a span of one butterfly.
type span struct {
	count, width    int
	srcLeg, srcStep int
	first, rest     int
	dstLeg, dstStep int
}

// spanFunc runs a span of one radix; w is nil if there are no twiddles.
type spanFunc[T Float] func(dst, src, w []cplx[T], s span)

// legs are the rows on which a butterfly acts, real and imaginary parts in
// turn; a radix r uses the first r.
type legs[T Float] = [8][]T

// portable makes a spanFunc of a butterfly, which transforms the columns of
// x[0] … x[r-1] to y[0] … y[r-1], all rows of one length.
func portable[T Float](radix int, butterfly func(y, x *legs[T], w []cplx[T])) spanFunc[T] {
	return func(dst, src, w []cplx[T], s span) {
		var x, y legs[T]
		for i := range s.count {
			for k := range radix {
				o := i*s.srcStep + k*s.srcLeg
				x[k] = reals(src[o : o+s.width])
				o = s.first + i*s.dstStep
				if k > 0 {
					o = s.rest + i*s.dstStep + (k-1)*s.dstLeg
				}
				y[k] = reals(dst[o : o+s.width])
			}
			if w == nil {
				butterfly(&y, &x, nil)
			} else {
				butterfly(&y, &x, w[i*(radix-1):(i+1)*(radix-1)])
			}
		}
	}
}
