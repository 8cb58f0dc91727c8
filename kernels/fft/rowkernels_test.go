package fft

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"runlua/kernels/par"
)

// The vector kernels do the sums of the portable ones in their order and fuse
// nothing, so every bit must agree; signs of zeros and infinities too.

func TestVectorTransformsHaveThePortableBits(t *testing.T) {
	t.Run("single", testVectorTransforms[float32])
	t.Run("double", testVectorTransforms[float64])
}

func testVectorTransforms[T Float](t *testing.T) {
	vector := needVector[T](t)
	for _, n := range largeSizes() {
		var fields, spectra [2][]T
		for i, k := range []*kernels[T]{vector, portableKernels[T]()} {
			p, err := newPlan(n, par.New(2), k)
			if err != nil {
				t.Fatal(err)
			}
			spectra[i] = noise(p, uint64(n))
			p.Forward(spectra[i])
			fields[i] = append([]T(nil), spectra[i]...)
			p.Inverse(fields[i])
			p.Convolve(fields[i], damp[T])
		}
		l := newLayout[T](n)
		samePoints(t, l, fields[0], fields[1], fmt.Sprintf("n %d: fields", n))
		for ix := range n {
			for iy := range n {
				for kz := range n/2 + 1 {
					if got, want := mode(l, spectra[0], ix, iy, kz), mode(l, spectra[1], ix, iy, kz); got != want {
						t.Fatalf("n %d: mode (%d, %d, %d) is %v, in portable Go %v", n, ix, iy, kz, got, want)
					}
				}
			}
		}
	}
}

func TestVectorButterfliesHaveThePortableBits(t *testing.T) {
	t.Run("single", testVectorButterflies[float32])
	t.Run("double", testVectorButterflies[float64])
}

func testVectorButterflies[T Float](t *testing.T) {
	vector, plain := needVector[T](t), portableKernels[T]()
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, radix := range []int{2, 3, 4, 5, 8} {
		for trial := range 200 {
			s := span{count: 1 + rnd.IntN(4), width: lanes[T]() * (1 + rnd.IntN(9))}
			// Rows lie apart by more than a row, legs by more than the steps,
			// upward or downward.
			gap := func() int { return s.width + rnd.IntN(5) }
			s.srcStep, s.dstStep = gap(), gap()
			s.srcLeg, s.dstLeg = s.srcStep*s.count+rnd.IntN(5), s.dstStep*s.count+rnd.IntN(5)
			size := s.dstLeg * radix
			s.rest = s.dstLeg
			if trial%2 == 1 {
				s.first = size - s.width
				s.rest = s.first - s.dstLeg
				s.dstLeg, s.dstStep = -s.dstLeg, -s.dstStep
			}
			src := fenced[T](rnd, s.srcLeg*radix)
			var w []cplx[T]
			if trial%4 >= 2 {
				w = fenced[T](rnd, s.count*(radix-1)).numbers
			}
			got, want := fenced[T](rnd, size), fenced[T](rnd, size)
			copy(got.numbers, want.numbers)
			vector.butterfly[radix](got.numbers, src.numbers, w, s)
			plain.butterfly[radix](want.numbers, src.numbers, w, s)
			what := fmt.Sprintf("radix %d, twiddles %v, %+v", radix, w != nil, s)
			sameNumbers(t, got.numbers, want.numbers, what)
			got.check(t, what)
			if trial%2 == 0 {
				// In place: the output of a single butterfly over its legs.
				s.count, s.first, s.rest, s.dstLeg = 1, 0, s.srcLeg, s.srcLeg
				copied := fenced[T](rnd, len(src.numbers))
				copy(copied.numbers, src.numbers)
				vector.butterfly[radix](src.numbers, src.numbers, w, s)
				plain.butterfly[radix](copied.numbers, copied.numbers, w, s)
				sameNumbers(t, src.numbers, copied.numbers, "in place: "+what)
				src.check(t, what)
			}
		}
	}
}

func TestVectorRowsHaveThePortableBits(t *testing.T) {
	t.Run("single", testVectorRows[float32])
	t.Run("double", testVectorRows[float64])
}

func testVectorRows[T Float](t *testing.T) {
	vector, plain := needVector[T](t), portableKernels[T]()
	rnd := rand.New(rand.NewPCG(3, 4))
	for trial := range 200 {
		width, h := lanes[T]()*(1+rnd.IntN(6)), 2+rnd.IntN(20)
		got, want := fenced[T](rnd, (h+1)*width), fenced[T](rnd, (h+1)*width)
		copy(got.numbers, want.numbers)
		what := fmt.Sprintf("trial %d: combine, %d rows of %d", trial, h+1, width)
		w := fenced[T](rnd, h/2+1).numbers
		vector.combine(got.numbers, h, width, w, 0.3)
		plain.combine(want.numbers, h, width, w, 0.3)
		sameNumbers(t, got.numbers, want.numbers, what)
		got.check(t, what)

		first, step := 0, width+rnd.IntN(3)
		factors := reals(fenced[T](rnd, (h+1)*(width+3)).numbers)
		if trial%2 == 1 {
			first, step = h*step, -step
		}
		what = fmt.Sprintf("trial %d: multiply %d rows of %d from %d by %d", trial, h+1, width, first, step)
		vector.multiply(got.numbers, factors, 0.7, first, step, h+1, width)
		plain.multiply(want.numbers, factors, 0.7, first, step, h+1, width)
		sameNumbers(t, got.numbers, want.numbers, what)
		got.check(t, what)
	}
}

func TestVectorTranspositionsAreThePortable(t *testing.T) {
	t.Run("single", testVectorTranspositions[float32])
	t.Run("double", testVectorTranspositions[float64])
}

func testVectorTranspositions[T Float](t *testing.T) {
	vector, plain := needVector[T](t), portableKernels[T]()
	rnd := rand.New(rand.NewPCG(5, 6))
	for trial := range 200 {
		n, count := lanes[T]()*(1+rnd.IntN(9)), batchUnit*(1+rnd.IntN(4))
		across, down := n+rnd.IntN(4), count+rnd.IntN(4)
		var atRows, blockRows [2]fence[T]
		for i := range atRows {
			atRows[i], blockRows[i] = fenced[T](rnd, (count-1)*across+n), fenced[T](rnd, (n-1)*down+count)
		}
		copy(atRows[1].numbers, atRows[0].numbers)
		copy(blockRows[1].numbers, blockRows[0].numbers)
		what := fmt.Sprintf("trial %d: %d rows of %d, strides %d and %d", trial, count, n, across, down)
		for i, k := range []*kernels[T]{vector, plain} {
			at, block := rows[T]{atRows[i].numbers, across}, rows[T]{blockRows[i].numbers, down}
			if trial%2 == 0 {
				k.transposeIn(block, at, n, count)
			} else {
				k.transposeOut(at, block, n, count)
			}
			atRows[i].check(t, what)
			blockRows[i].check(t, what)
		}
		sameNumbers(t, atRows[0].numbers, atRows[1].numbers, what)
		sameNumbers(t, blockRows[0].numbers, blockRows[1].numbers, what)
	}
}

func TestVectorKernelsRefuseWhatDoesNotFit(t *testing.T) {
	k := needVector[float32](t)
	row := make([]cplx[float32], 64)
	for name, f := range map[string]func(){
		"a leg beyond the source": func() {
			k.butterfly[4](row, row[:32], nil, span{count: 1, width: 16, srcLeg: 16, rest: 16, dstLeg: 16})
		},
		"a leg beyond the destination": func() {
			k.butterfly[4](row[:63], row, nil, span{count: 1, width: 16, srcLeg: 16, rest: 16, dstLeg: 16})
		},
		"an output before it": func() {
			k.butterfly[2](row, row, nil, span{count: 2, width: 4, srcLeg: 4, srcStep: 8, first: 4, rest: 0, dstStep: -4})
		},
		"too few twiddles": func() {
			k.butterfly[2](row, row, row[:1], span{count: 2, width: 4, srcLeg: 8, srcStep: 4, rest: 4, dstStep: 8})
		},
		"part of a vector":       func() { k.butterfly[2](row, row, nil, span{count: 1, width: 6, srcLeg: 8, rest: 8}) },
		"a short block":          func() { k.combine(row[:63:63], 3, 16, row[:2], 1) },
		"more factors than rows": func() { k.combine(row, 3, 16, row[:5], 1) },
		"three rows":             func() { k.transposeIn(rows[float32]{row, 4}, rows[float32]{row, 4}, 4, 3) },
		"a short column":         func() { k.transposeIn(rows[float32]{row[:15], 4}, rows[float32]{row, 4}, 4, 4) },
		"too few factors":        func() { k.multiply(row, reals(row)[:63], 1, 0, 16, 4, 16) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was taken", name)
				}
			}()
			f()
		}()
	}
}

func needVector[T Float](t *testing.T) *kernels[T] {
	k := vectorKernels[T]()
	if k == nil {
		t.Skip("the build or the processor has portable kernels only")
	}
	return k
}

// A fence is a slice of numbers with guards before and behind it.
type fence[T Float] struct{ numbers, all []cplx[T] }

const (
	guards = 16
	guard  = -4096.25
)

// fenced fills a slice with noise, of which some is zero of either sign or
// infinite, at no particular alignment.
func fenced[T Float](rnd *rand.Rand, n int) fence[T] {
	skew := rnd.IntN(4)
	f := fence[T]{all: make([]cplx[T], n+2*guards+skew)}
	for i := range f.all {
		f.all[i] = cplx[T]{guard, guard}
	}
	f.numbers = f.all[guards+skew : guards+skew+n : guards+skew+n]
	for i := range f.numbers {
		f.numbers[i] = cplx[T]{T(rnd.NormFloat64()), T(rnd.NormFloat64())}
		switch rnd.IntN(40) {
		case 0:
			f.numbers[i].re = 0
		case 1:
			f.numbers[i].im = T(math.Copysign(0, -1))
		case 2:
			f.numbers[i].re = T(math.Inf(1))
		case 3:
			f.numbers[i] = cplx[T]{}
		}
	}
	return f
}

func (f fence[T]) check(t *testing.T, what string) {
	t.Helper()
	for i, v := range f.all {
		if i < len(f.all)-guards-len(f.numbers) || i >= len(f.all)-guards {
			if v != (cplx[T]{guard, guard}) {
				t.Fatalf("%s: wrote outside, at %d of %d", what, i, len(f.all))
			}
		}
	}
}

// sameNumbers compares bits; NaNs are all the same.
func sameNumbers[T Float](t *testing.T, got, want []cplx[T], what string) {
	t.Helper()
	same := func(a, b T) bool {
		return math.Float64bits(float64(a)) == math.Float64bits(float64(b)) || a != a && b != b
	}
	for i, g := range got {
		if w := want[i]; !same(g.re, w.re) || !same(g.im, w.im) {
			t.Fatalf("%s: number %d is %v, in portable Go %v", what, i, g, w)
		}
	}
}
