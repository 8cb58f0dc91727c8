package fft

import "fmt"

// A Filter is a real factor for each mode, such as a Green's function, that
// does not tell k from a k of other signs. It is stored for 0 ≤ kx, ky ≤ n/2
// only, in the order in which ConvolveWith meets the modes.
type Filter[T Float] struct {
	n       int
	width   int // of a row of modes, whole vectors
	factors []T // of one iy after the other, in it block after block, in it ix
}

// NewFilter allocates a filter of zeros for the plan's meshes.
func (p *Plan[T]) NewFilter() *Filter[T] {
	l := p.layout
	half := l.N/2 + 1
	return &Filter[T]{n: l.N, width: p.width(), factors: make([]T, half*half*p.width())}
}

// SetFilter computes a filter: set is called for pieces of the rows (kx, ky),
// 0 ≤ kx, ky ≤ n/2, and fills factors with those of the modes kz, kz+1, …
// kz+len(factors)-1. Calls run in parallel and in no fixed order.
func (p *Plan[T]) SetFilter(f *Filter[T], set func(kx, ky, kz int, factors []T)) {
	p.checkFilter(f)
	half := p.layout.N/2 + 1
	p.pool.For(half*len(p.blocks), func(b int) {
		ky, c := b/len(p.blocks), p.blocks[b%len(p.blocks)]
		block := f.block(ky, c.lo, c.hi-c.lo)
		for kx := range half {
			row := block[kx*(c.hi-c.lo):][:min(c.hi, half)-c.lo]
			set(kx, ky, c.lo, row[:len(row):len(row)])
		}
	})
}

// ConvolveWith is Forward, a multiplication of the modes by scale·f, and
// Inverse, in three passes over memory.
func (p *Plan[T]) ConvolveWith(mesh []T, f *Filter[T], scale T) {
	p.planesForward(mesh)
	p.FinishConvolveWith(mesh, f, scale)
}

// multiply multiplies a block, all ix of the width columns of iy that begin at
// kz, by scale·f.
func (p *Plan[T]) multiply(block []cplx[T], f *Filter[T], scale T, iy, kz, width int) {
	n := p.layout.N
	factors := f.block(min(iy, n-iy), kz, width)
	// Rows 0 … n/2, and down again for negative kx.
	up := n/2 + 1
	p.k.multiply(block[:up*width], factors, scale, 0, width, up, width)
	p.k.multiply(block[up*width:], factors, scale, (n/2-1)*width, -width, n-up, width)
}

// block is the factors of the columns kz … kz+width-1 of ky, n/2+1 rows of kx.
func (f *Filter[T]) block(ky, kz, width int) []T {
	half := f.n/2 + 1
	return f.factors[half*(ky*f.width+kz):][:half*width]
}

func (p *Plan[T]) checkFilter(f *Filter[T]) {
	if f.n != p.layout.N {
		panic(fmt.Sprintf("fft: a filter for %d³ points on a mesh of %d³", f.n, p.layout.N))
	}
}
