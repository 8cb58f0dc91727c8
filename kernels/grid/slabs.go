package grid

import "runlua/kernels/par"

// sortBlock is the number of particles of a block of the counting sort, and
// sortChunk that for which planes are found at a time.
const (
	sortBlock = 1 << 14
	sortChunk = 1 << 9
)

// slabs are groups of neighbouring x planes of a mesh, and the particles
// sorted by the slab of their cell.
type slabs struct {
	n     int       // number of slabs
	plane []int     // first plane of each slab; plane[n] is their number
	of    []int32   // slab of each plane
	order []uint32  // particles by slab, in the order of positions within one
	start []int     // where each slab begins in order; start[n] is its end
	count []uint32  // by block of particles and slab: number, then next place
	chunk [][]int32 // planes of a chunk of particles, one a worker
}

// newSlabs cuts planes ≥ 4 x planes into slabs of two to four. A deposit in a
// slab writes its own planes and the first of the next slab, so all slabs of even
// number may be deposited at once and then all of odd number. The number of slabs
// is even, for the last one's next is the first.
func newSlabs(planes int) slabs { return cutSlabs(planes, planes/4*2) }

// cutSlabs cuts planes into n slabs.
func cutSlabs(planes, n int) slabs {
	s := slabs{n: n, of: make([]int32, planes)}
	for i := range s.n + 1 {
		s.plane = append(s.plane, i*planes/s.n)
	}
	for i := range s.n {
		for x := s.plane[i]; x < s.plane[i+1]; x++ {
			s.of[x] = int32(i)
		}
	}
	s.start = make([]int, s.n+1)
	return s
}

// particles of a slab, by index.
func (s *slabs) particles(slab int) []uint32 {
	return s.order[s.start[slab]:s.start[slab+1]]
}

// sort fills order and start for n particles. planes sets x to the planes of the
// particles lo … hi-1 and returns hi, or the first of them that is out of the
// box. sort then returns it too, else -1.
func (s *slabs) sort(pool *par.Pool, n int, planes func(lo, hi int, x []int32) int) (outside int) {
	blocks := (n + sortBlock - 1) / sortBlock
	s.order = resize(s.order, n)
	s.count = resize(s.count, blocks*s.n)
	for len(s.chunk) < pool.Threads() {
		s.chunk = append(s.chunk, make([]int32, sortChunk))
	}

	var bad outsider
	// each calls f for the planes of each chunk of a block.
	each := func(worker, block int, f func(lo int, x []int32)) {
		for lo := block * sortBlock; lo < min(n, (block+1)*sortBlock); lo += sortChunk {
			hi := min(n, lo+sortChunk)
			x := s.chunk[worker][:hi-lo]
			if at := planes(lo, hi, x); at < hi {
				bad.note(at)
				return
			}
			f(lo, x)
		}
	}
	pool.Workers(blocks, func(worker, b int) {
		count := s.count[b*s.n : (b+1)*s.n]
		clear(count)
		each(worker, b, func(_ int, x []int32) {
			for _, plane := range x {
				count[s.of[plane]]++
			}
		})
	})
	if at := bad.first(); at >= 0 {
		return at
	}

	next := 0
	for slab := range s.n {
		s.start[slab] = next
		for b := range blocks {
			c := &s.count[b*s.n+slab]
			next += int(*c)
			*c = uint32(next - int(*c))
		}
	}
	s.start[s.n] = next

	pool.Workers(blocks, func(worker, b int) {
		place := s.count[b*s.n : (b+1)*s.n]
		each(worker, b, func(lo int, x []int32) {
			for i, plane := range x {
				at := &place[s.of[plane]]
				s.order[*at] = uint32(lo + i)
				*at++
			}
		})
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
