package grid

// sortBlock is the number of particles of a block of the counting sort.
const sortBlock = 1 << 14

// slabs are groups of neighbouring x planes of a mesh, and the particles
// sorted by the slab of their cell. Deposit in a slab writes its own planes
// and the first of the next slab, so all slabs of even number may be deposited
// at once and then all of odd number. The number of slabs is even, for the
// last one's next is the first.
type slabs struct {
	n     int      // number of slabs
	plane []int    // first plane of each slab; plane[n] is their number
	of    []int32  // slab of each plane
	order []uint32 // particles by slab, in the order of positions within one
	start []int    // where each slab begins in order; start[n] is its end
	count []uint32 // by block of particles and slab: number, then next place
}

// newSlabs cuts planes ≥ 4 x planes into slabs of two to four.
func newSlabs(planes int) slabs {
	s := slabs{n: planes / 4 * 2, of: make([]int32, planes)}
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

// sort fills order and start for the given positions. It returns an error if
// one is out of the box.
func (s *slabs) sort(g *Grid, pos []float64) error {
	n := particles(pos)
	blocks := (n + sortBlock - 1) / sortBlock
	s.order = resize(s.order, n)
	s.count = resize(s.count, blocks*s.n)

	var bad outsider
	g.pool.For(blocks, func(b int) {
		count := s.count[b*s.n : (b+1)*s.n]
		clear(count)
		lo, hi := b*sortBlock, min(n, (b+1)*sortBlock)
		for p := pos[3*lo : 3*hi]; len(p) >= 3; p = p[3:] {
			if !g.inside(p[0], p[1], p[2]) {
				bad.note(hi - len(p)/3)
				return
			}
			i, _ := g.cell(p[0])
			count[s.of[i]]++
		}
	})
	if err := bad.err(g, pos); err != nil {
		return err
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

	g.pool.For(blocks, func(b int) {
		place := s.count[b*s.n : (b+1)*s.n]
		lo, hi := b*sortBlock, min(n, (b+1)*sortBlock)
		for i := lo; i < hi; i++ {
			x, _ := g.cell(pos[3*i])
			at := &place[s.of[x]]
			s.order[*at] = uint32(i)
			*at++
		}
	})
	return nil
}

// resize returns s with length n, grown if it must be; what it holds is lost.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
