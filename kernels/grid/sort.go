package grid

import "runlua/kernels/par"

// sortBlock is the number of particles of a block of the counting sort.
const sortBlock = 1 << 14

// A sorting has particles by the plane of their cells.
type sorting struct {
	n     int      // number of planes, at most maxPlanes
	order []uint32 // particles by plane, in the order of positions within one
	start []int    // where each plane begins in order; start[n] is its end
	plane []uint16 // of each particle
	count []uint32 // by block of particles and plane: number, then next place
}

const maxPlanes = 1 << 16

func newSorting(planes int) sorting { return sorting{n: planes, start: make([]int, planes+1)} }

// particles of a plane, by index.
func (s *sorting) particles(plane int) []uint32 {
	return s.order[s.start[plane]:s.start[plane+1]]
}

// sort fills order and start for n particles. find sets plane to the planes of the
// particles lo … hi-1, counts them, and returns hi, or the first of them that is out
// of the box. sort then returns it too, else -1.
func (s *sorting) sort(pool *par.Pool, n int, find func(lo, hi int, plane []uint16, count []uint32) int) (outside int) {
	blocks := (n + sortBlock - 1) / sortBlock
	s.order = resize(s.order, n)
	s.plane = resize(s.plane, n)
	s.count = resize(s.count, blocks*s.n)
	// each calls f for each block, its planes and its row of count.
	each := func(f func(lo, hi int, plane []uint16, count []uint32)) {
		pool.For(blocks, func(b int) {
			lo, hi := b*sortBlock, min(n, (b+1)*sortBlock)
			f(lo, hi, s.plane[lo:hi], s.count[b*s.n:(b+1)*s.n])
		})
	}

	var bad outsider
	each(func(lo, hi int, plane []uint16, count []uint32) {
		clear(count)
		if at := find(lo, hi, plane, count); at < hi {
			bad.note(at)
		}
	})
	if at := bad.first(); at >= 0 {
		return at
	}

	next := 0
	for x := range s.n {
		s.start[x] = next
		for b := range blocks {
			c := &s.count[b*s.n+x]
			next += int(*c)
			*c = uint32(next - int(*c))
		}
	}
	s.start[s.n] = next

	each(func(lo, _ int, plane []uint16, place []uint32) {
		order, id := s.order, uint32(lo)
		for _, x := range plane {
			at := place[x]
			order[at] = id
			place[x] = at + 1
			id++
		}
	})
	return -1
}

// resize returns s with length n, grown if it must be; what it holds is lost.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
