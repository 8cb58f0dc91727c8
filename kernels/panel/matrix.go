package panel

import (
	"fmt"

	"runlua/kernels/par"
)

const (
	// Lanes is the number of rows of a batch that stand side by side in a panel.
	Lanes = 16
	// Group is the number of rows or columns of a matrix that a tile takes.
	// Panels that products write have room for a multiple of it.
	Group = 6
	// depth is the number of terms that a tile adds at a time: its part of a
	// panel stays in the first-level cache.
	depth = 256
	// What a thread takes at a time. A part of the matrix as deep as a tile and as
	// wide stays in the second-level cache for all panels.
	rowsAtOnce = 96
	colsAtOnce = 80
)

// Round returns n rounded up to a multiple of Group.
func Round(n int) int { return (n + Group - 1) / Group * Group }

// A Matrix holds numbers in single precision. Its products may be taken from
// several goroutines at once.
type Matrix struct {
	rows, cols, stride int
	data               []float32
}

// NewMatrix returns a matrix of zeros.
func NewMatrix(rows, cols int) *Matrix {
	if rows < 0 || cols < 0 {
		panic(fmt.Sprintf("panel: NewMatrix of %d × %d", rows, cols))
	}
	// An odd multiple of a cache line, so that the rows of a column stand in all
	// sets of a cache.
	const line = 16
	stride := (Round(cols)+line-1)/line | 1
	stride *= line
	return &Matrix{rows, cols, stride, make([]float32, Round(rows)*stride)}
}

// Row returns row k, which the caller may fill.
func (m *Matrix) Row(k int) []float32 {
	if k < 0 || k >= m.rows {
		panic(fmt.Sprintf("panel: row %d of %d", k, m.rows))
	}
	return m.data[k*m.stride : k*m.stride+m.cols]
}

// Dots sets, for each panel x and its out,
//
//	out[k][l] = Σ_d x[d][l] m[k][d]                                   (1)
//
// A panel x has m's columns, out Round(rows) rows.
func (m *Matrix) Dots(pool *par.Pool, out, x [][]float32) {
	check(out, x, m.rows, m.cols)
	blocks(pool, m.rows, rowsAtOnce, func(from, to int) {
		for p := range out {
			clear(out[p][from*Lanes : to*Lanes])
		}
		for d := 0; d < m.cols; d += depth {
			count := min(depth, m.cols-d)
			for p := range out {
				for k := from; k < to; k += Group {
					use.tile(out[p][k*Lanes:(k+Group)*Lanes], x[p][d*Lanes:(d+count)*Lanes], m.data[k*m.stride+d:], m.stride, 1, count, m.data[min(len(m.data), (k+Group)*m.stride):], Group)
				}
			}
		}
	})
}

// Sums sets, for each panel w and its out,
//
//	out[d][l] = Σ_k w[k][l] m[k][d]                                   (2)
//
// A panel w has m's rows, out Round(columns) rows. m must be finite: terms of
// which all 16 weights are 0 may be left out.
func (m *Matrix) Sums(pool *par.Pool, out, w [][]float32) {
	check(out, w, m.cols, m.rows)
	parts := (m.rows + depth - 1) / depth
	live := make([]bool, len(w)*parts)
	for p := range w {
		for i := range parts {
			live[p*parts+i] = !zero(w[p][i*depth*Lanes : min((i+1)*depth, m.rows)*Lanes])
		}
	}
	blocks(pool, m.cols, colsAtOnce, func(from, to int) {
		for p := range out {
			clear(out[p][from*Lanes : to*Lanes])
		}
		for i := range parts {
			k := i * depth
			count := min(depth, m.rows-k)
			for p := range out {
				if !live[p*parts+i] {
					continue // +0 more changes no sum, which is never −0
				}
				for d := from; d < to; d += Group {
					// To come: for the last panel the next rows of the matrix, for others the
					// next panel.
					var next []float32
					ahead := Lanes
					if p+1 == len(w) {
						next, ahead = m.data[min(len(m.data), (k+count)*m.stride+d):], m.stride
					} else if d+Group >= to {
						next = w[p+1][k*Lanes:]
					}
					use.tile(out[p][d*Lanes:(d+Group)*Lanes], w[p][k*Lanes:(k+count)*Lanes], m.data[k*m.stride+d:], 1, m.stride, count, next, ahead)
				}
			}
		}
	})
}

// blocks calls f for ranges of whole groups that make up 0 … n−1, of much the
// same length.
func blocks(pool *par.Pool, n, atOnce int, f func(from, to int)) {
	groups := (n + Group - 1) / Group
	count := (n + atOnce - 1) / atOnce
	pool.For(count, func(b int) { f(b*groups/count*Group, (b+1)*groups/count*Group) })
}

// check panics unless the panels have room for n results of inner terms each.
func check(out, in [][]float32, n, inner int) {
	if len(out) != len(in) {
		panic("panel: other numbers of panels for the products and their terms")
	}
	for p := range out {
		checkPanel(out[p], Round(n))
		checkPanel(in[p], inner)
	}
}

func zero(v []float32) bool {
	for _, u := range v {
		if u != 0 {
			return false
		}
	}
	return true
}
