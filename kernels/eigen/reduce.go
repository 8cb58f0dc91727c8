package eigen

import (
	"context"
	"math"

	"runlua/kernels/par"
)

// panel is the number of reflectors that update the matrix together, block the
// side of the tiles in which they do, group the rows in a unit of work. The bits
// depend on panel alone.
const (
	panel = 32
	block = 64
	group = 32
)

// reduce makes the symmetric matrix a tridiagonal, with the diagonal d and
// below it e[0 … n−2]. Row c of a, right of the diagonal, becomes the vector v of
// reflector c, Eq. (2), and tau[c] its τ.
func reduce(ctx context.Context, pool *par.Pool, a []float64, n int, d, e, tau []float64) error {
	v, w := make([]float64, panel*n), make([]float64, panel*n)
	left, right := make([]float64, 2*panel*n), make([]float64, 2*panel*n)
	tiles := make([][]float64, pool.Threads())
	for i := range tiles {
		tiles[i] = make([]float64, block*block)
	}
	for start := 0; start < n-1; start += panel {
		size := min(panel, n-1-start)
		for j := range size {
			if err := ctx.Err(); err != nil {
				return err
			}
			c := start + j
			x := a[c*n+c : (c+1)*n]
			for k := range j { // Eq. (3) of the panel's earlier reflectors, for this column
				add(x, -w[k*n+c], v[k*n+c:(k+1)*n])
				add(x, -v[k*n+c], w[k*n+c:(k+1)*n])
			}
			d[c] = x[0]
			e[c], tau[c] = reflector(x[1:])
			vj, wj := v[j*n:(j+1)*n], w[j*n:(j+1)*n]
			clear(vj[:c+1])
			clear(wj)
			copy(vj[c+1:], x[1:])
			if tau[c] != 0 {
				times(pool, wj, a, n, vj, c+1)
				for k := range j {
					vk, wk := v[k*n+c+1:(k+1)*n], w[k*n+c+1:(k+1)*n]
					alongW, alongV := dot(wk, vj[c+1:]), dot(vk, vj[c+1:])
					add(wj[c+1:], -alongW, vk)
					add(wj[c+1:], -alongV, wk)
				}
				for i := c + 1; i < n; i++ {
					wj[i] *= tau[c]
				}
				add(wj[c+1:], -tau[c]/2*dot(wj[c+1:], vj[c+1:]), vj[c+1:])
			}
		}
		// What is left of a: Eq. (3) of all of the panel, a_ij −= left_i · right_j.
		rest := start + size
		pool.For((n-rest+group-1)/group, func(b int) {
			for i := rest + b*group; i < min(rest+(b+1)*group, n); i++ {
				l, r := left[i*2*panel:(i+1)*2*panel], right[i*2*panel:(i+1)*2*panel]
				for k := range size {
					l[k], l[size+k] = v[k*n+i], w[k*n+i]
					r[k], r[size+k] = w[k*n+i], v[k*n+i]
				}
			}
		})
		blocks := (n - rest + block - 1) / block
		pool.Workers(blocks, func(worker, b int) {
			if ctx.Err() != nil {
				return
			}
			b = blocks - 1 - b // the longest first
			i0 := rest + b*block
			rows := min(block, n-i0)
			for j0 := rest; j0 <= i0; j0 += block {
				columns := min(block, n-j0)
				tile := tiles[worker][:rows*columns]
				products(tile, left[i0*2*panel:], 2*panel, rows, right[j0*2*panel:], 2*panel, columns, 2*size)
				for i := range rows {
					for j := range min(columns, i0+i-j0+1) {
						x := a[(i0+i)*n+j0+j] - tile[i*columns+j]
						a[(i0+i)*n+j0+j], a[(j0+j)*n+i0+i] = x, x
					}
				}
			}
		})
	}
	if n > 0 {
		d[n-1] = a[n*n-1]
	}
	return ctx.Err()
}

// times sets out to a v, from row and column first on; below it v is 0.
func times(pool *par.Pool, out, a []float64, n int, v []float64, first int) {
	pool.For((n-first+group-1)/group, func(b int) {
		i, end := first+b*group, min(first+(b+1)*group, n)
		for ; i+4 <= end; i += 4 {
			dotFour(out[i:i+4], v[first:], a[i*n+first:], n)
		}
		for ; i < end; i++ {
			out[i] = dot(a[i*n+first:(i+1)*n], v[first:])
		}
	})
}

// reflector returns β and τ of Eq. (2) for the column x and turns x into v. τ is
// 0, and H the identity, where all of x below the first is 0.
func reflector(x []float64) (beta, tau float64) {
	var largest float64
	for _, v := range x[1:] {
		largest = max(largest, math.Abs(v))
	}
	first := x[0]
	x[0] = 1
	if largest == 0 {
		return first, 0
	}
	largest = max(largest, math.Abs(first))
	square := float64(first/largest) * float64(first/largest)
	for _, v := range x[1:] {
		square += float64(float64(v/largest) * float64(v/largest))
	}
	beta = -math.Copysign(largest*math.Sqrt(square), first)
	for j := 1; j < len(x); j++ {
		x[j] /= first - beta
	}
	return beta, (beta - first) / beta
}
