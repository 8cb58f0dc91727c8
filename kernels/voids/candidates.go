package voids

import (
	"cmp"
	"slices"

	"runlua/kernels/fft"
)

// A candidate is a cell below the threshold; index = (x·M + y)·M + z.
type candidate struct {
	contrast float64
	index    int
}

// candidates are the cells of one radius of the ladder that are below the
// threshold. Memory is kept from one radius to the next.
type candidates struct {
	threshold float64
	planes    [][]candidate // by x, of rising index
	binned    []candidate   // by bins of rising contrast
	end       []int         // of each bin
}

// contrastBins is into how many bins candidates are put before they are sorted.
const contrastBins = 1 << 12

func newCandidates(m int, threshold float64) *candidates {
	return &candidates{threshold: threshold, planes: make([][]candidate, m), end: make([]int, contrastBins+1)}
}

// look sets the candidates of the plane x, which are those whose cells are not
// marked. Planes may be looked at at once.
func (s *candidates) look(x int, plane []float64, lay fft.Layout, taken *exclusion) {
	list := s.planes[x][:0]
	for y := range lay.N {
		row := plane[y*lay.Row:][:lay.N]
		first := (x*lay.N + y) * lay.N
		for w, marked := range taken.row(x, y) {
			if marked == ^uint64(0) {
				continue
			}
			from := 64 * w
			for z, d := range row[from:min(from+64, lay.N)] {
				if d < s.threshold && marked>>(z%64)&1 == 0 {
					list = append(list, candidate{d, first + from + z})
				}
			}
		}
	}
	s.planes[x] = list
}

// deepestFirst calls take for the candidates, by rising contrast and then index,
// whose cells are not marked when their turn comes. Most are marked before it
// does, and are never compared with others: bins keep the order, and only what
// is left of a bin is sorted.
func (s *candidates) deepestFirst(taken *exclusion, take func(c candidate)) {
	count, lowest := 0, s.threshold
	for _, list := range s.planes {
		count += len(list)
		for _, c := range list {
			lowest = min(lowest, c.contrast)
		}
	}
	if count == 0 {
		return
	}
	scale := contrastBins / (s.threshold - lowest)
	bin := func(c candidate) int { return min(int((c.contrast-lowest)*scale), contrastBins-1) }

	clear(s.end)
	for _, list := range s.planes {
		for _, c := range list {
			s.end[bin(c)+1]++
		}
	}
	for i := range contrastBins {
		s.end[i+1] += s.end[i]
	}
	if cap(s.binned) < count {
		s.binned = make([]candidate, count+count/4)
	}
	s.binned = s.binned[:count]
	for _, list := range s.planes {
		for _, c := range list {
			at := &s.end[bin(c)] // the bin's first free place, so far
			s.binned[*at] = c
			*at++
		}
	}

	first := 0
	for _, end := range s.end[:contrastBins] {
		left := slices.DeleteFunc(s.binned[first:end], func(c candidate) bool { return taken.at(c.index) })
		slices.SortFunc(left, func(a, b candidate) int {
			if c := cmp.Compare(a.contrast, b.contrast); c != 0 {
				return c
			}
			return cmp.Compare(a.index, b.index)
		})
		for _, c := range left {
			if !taken.at(c.index) {
				take(c)
			}
		}
		first = end
	}
}
