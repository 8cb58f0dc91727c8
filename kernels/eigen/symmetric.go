package eigen

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"runlua/kernels/par"
)

// ErrConvergence is returned where the QL iteration does not end. No matrix is
// known that it happens with.
var ErrConvergence = errors.New("eigen: the eigenvalues did not converge")

// Symmetric returns the eigenvalues of the symmetric matrix a, row-major n × n,
// ascending, and puts the eigenvectors into a: row k is that of value k, of
// length 1, its component of largest magnitude positive, the first of them where
// several are equal.
//
// Only the lower triangle of a is read. An element that is NaN or infinite is an
// error, and so is an eigenvalue above the largest float64. Symmetric stops soon
// after ctx ends and returns its error; after any error a holds nothing of use.
// It panics if a has another length than n².
func Symmetric(ctx context.Context, pool *par.Pool, a []float64, n int) ([]float64, error) {
	if n < 0 || len(a) != n*n {
		panic(fmt.Sprintf("eigen: Symmetric: %d numbers for a matrix of %d × %d", len(a), n, n))
	}
	d, e, tau := make([]float64, n), make([]float64, n), make([]float64, n)
	exponent, err := normalise(a, n)
	if err != nil {
		return nil, err
	}
	if err := reduce(ctx, pool, a, n, d, e, tau); err != nil {
		return nil, err
	}
	if err := accumulate(ctx, pool, a, n, tau); err != nil {
		return nil, err
	}
	transpose(pool, a, n) // rows of Q₀ for the rotations
	err = diagonalise(d, e, func(r *rotations) error { return r.apply(ctx, pool, a, n) })
	if err != nil {
		return nil, err
	}
	transpose(pool, a, n) // eigenvectors as rows
	sortRows(d, a, n)
	pool.For(n, func(k int) { fixSign(a[k*n : (k+1)*n]) })
	for k, v := range d {
		d[k] = math.Ldexp(v, exponent)
		if math.IsInf(d[k], 0) {
			return nil, fmt.Errorf("eigen: eigenvalue %d of %d is too large for a number", k+1, n)
		}
	}
	return d, nil
}

// normalise makes a symmetric and takes out the power of two, which it returns,
// that leaves its largest element in [1/2, 1): no later step overflows, and the
// vectors of 2^k A are those of A.
func normalise(a []float64, n int) (exponent int, err error) {
	var largest float64
	for i := range n {
		for j, v := range a[i*n : i*n+i+1] {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return 0, fmt.Errorf("eigen: the matrix must be finite, got %v at [%d][%d]", v, i, j)
			}
			largest = max(largest, math.Abs(v))
		}
	}
	_, exponent = math.Frexp(largest)
	// In two factors, since one alone can overflow.
	half := math.Ldexp(1, -(exponent / 2))
	rest := math.Ldexp(1, -(exponent - exponent/2))
	for i := range n {
		for j := range i + 1 {
			v := a[i*n+j] * half * rest
			a[i*n+j], a[j*n+i] = v, v
		}
	}
	return exponent, nil
}

// transpose turns a over its diagonal, tile by tile.
func transpose(pool *par.Pool, a []float64, n int) {
	const tile = 32
	pool.For((n+tile-1)/tile, func(b int) {
		for bj := 0; bj <= b; bj++ {
			for i := b * tile; i < min((b+1)*tile, n); i++ {
				for j := bj * tile; j < min((bj+1)*tile, i); j++ {
					a[i*n+j], a[j*n+i] = a[j*n+i], a[i*n+j]
				}
			}
		}
	})
}

// sortRows sorts the values, ascending, and the rows of a with them.
func sortRows(values, a []float64, n int) {
	from := make([]int, n) // row k is to be what row from[k] is
	for k := range from {
		from[k] = k
	}
	slices.SortStableFunc(from, func(x, y int) int {
		switch {
		case values[x] < values[y]:
			return -1
		case values[x] > values[y]:
			return 1
		}
		return 0
	})
	row := func(k int) []float64 { return a[k*n : (k+1)*n] }
	first := make([]float64, n)
	for start := range from {
		if from[start] == start {
			continue
		}
		// One cycle of the permutation.
		copy(first, row(start))
		value := values[start]
		k := start
		for from[k] != start {
			next := from[k]
			copy(row(k), row(next))
			values[k] = values[next]
			from[k] = k
			k = next
		}
		copy(row(k), first)
		values[k] = value
		from[k] = k
	}
}

// fixSign makes the first of the components of largest magnitude positive.
func fixSign(v []float64) {
	var largest float64
	for _, x := range v {
		if math.Abs(x) > math.Abs(largest) {
			largest = x
		}
	}
	if largest < 0 {
		for j := range v {
			v[j] = -v[j]
		}
	}
}
