package eigen

import (
	"context"

	"runlua/kernels/par"
)

// accumulate replaces the reflectors in a, as reduce leaves them, by Q₀ᵀ of
// their product Q₀ = H_0 H_1 …
func accumulate(ctx context.Context, pool *par.Pool, a []float64, n int, tau []float64) error {
	v := make([]float64, panel*n)       // the panel's vectors as rows,
	columns := make([]float64, panel*n) // and as columns
	s := make([]float64, panel*panel)
	scratch := make([][]float64, pool.Threads())
	for i := range scratch {
		scratch[i] = make([]float64, 2*group*panel+group*block)
	}
	reflectors := max(n-1, 0)
	for start := (reflectors - 1) / panel * panel; start >= 0 && reflectors > 0; start -= panel {
		size := min(panel, reflectors-start)
		for j := range size {
			c := start + j
			clear(v[j*n : j*n+c+1])
			copy(v[j*n+c+1:(j+1)*n], a[c*n+c+1:(c+1)*n])
		}
		first := start + 1 // rows and columns before it stay as they are
		for i := first; i < n; i++ {
			for j := range size {
				columns[i*panel+j] = v[j*n+i]
			}
		}
		triangle(s, v, n, tau[start:start+size])
		for k := first; k <= start+size; k++ {
			clear(a[k*n+first : (k+1)*n])
			for i := start + size + 1; i < n; i++ {
				a[i*n+k] = 0
			}
			a[k*n+k] = 1
		}
		// Z = Q₀ᵀ becomes Z − Z V Sᵀ Vᵀ, row by row, by Eq. (4).
		pool.Workers((n-first+group-1)/group, func(worker, b int) {
			if ctx.Err() != nil {
				return
			}
			i0 := first + b*group
			rows := min(group, n-i0)
			along, turned := scratch[worker][:group*panel], scratch[worker][group*panel:2*group*panel]
			tile := scratch[worker][2*group*panel:]
			products(along, a[i0*n+first:], n, rows, v[first:], n, size, n-first)
			products(turned, along, size, rows, s, panel, size, size)
			for j0 := first; j0 < n; j0 += block {
				wide := min(block, n-j0)
				products(tile, turned, size, rows, columns[j0*panel:], panel, wide, size)
				for i := range rows {
					z := a[(i0+i)*n+j0:][:wide]
					for j, x := range tile[i*wide : (i+1)*wide] {
						z[j] -= x
					}
				}
			}
		})
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	for i := range n { // no reflector touches row and column 0
		a[i], a[i*n] = 0, 0
	}
	if n > 0 {
		a[0] = 1
	}
	return nil
}

// triangle sets the rows of s, panel apart, to those of S in Eq. (4), from the
// vectors as rows of v, n long.
func triangle(s, v []float64, n int, tau []float64) {
	clear(s)
	for j, t := range tau {
		// S_(0…j−1, j) = −τ_j S V_(0…j−1)ᵀ v_j
		var along [panel]float64
		for k := range j {
			along[k] = dot(v[k*n:(k+1)*n], v[j*n:(j+1)*n])
		}
		for i := range j {
			s[i*panel+j] = -t * dot(s[i*panel:i*panel+j], along[:j])
		}
		s[j*panel+j] = t
	}
}
