package voids

import "math"

// A centre is a void of the ladder in units of cells.
type centre struct {
	x, y, z int
	radius  float64
}

// An exclusion marks the cells of a periodic mesh that a void of the current
// radius may not be centred on, Eq. (3). A cell is a bit.
type exclusion struct {
	m     int
	words int        // of 64 cells, in a row along z
	bits  []uint64   // row (x, y) begins at word (x·m + y)·words
	voids [][]centre // by x
	reach float64    // the largest radius among them
}

func newExclusion(m int) *exclusion {
	words := (m + 63) / 64
	return &exclusion{m: m, words: words, bits: make([]uint64, m*m*words), voids: make([][]centre, m)}
}

// row is the marks of the cells (x, y, 0) … (x, y, m-1).
func (e *exclusion) row(x, y int) []uint64 { return e.bits[(x*e.m+y)*e.words:][:e.words] }

// at is the mark of the cell of index (x·m + y)·m + z.
func (e *exclusion) at(index int) bool {
	row, z := index/e.m, index%e.m
	return e.bits[row*e.words+z/64]>>(z%64)&1 != 0
}

func (e *exclusion) coordinates(index int) centre {
	return centre{x: index / (e.m * e.m), y: index / e.m % e.m, z: index % e.m}
}

// add notes a void and marks its cells for others of the given radius.
func (e *exclusion) add(c centre, radius float64) {
	e.voids[c.x] = append(e.voids[c.x], c)
	e.reach = max(e.reach, c.radius)
	rx := min(int(radius+c.radius), e.m/2)
	for dx := -rx; dx <= rx; dx++ {
		e.mark(c, radius, wrap(c.x+dx, e.m))
	}
}

// plane marks the plane x anew, for voids of the given radius. Planes may be
// marked at once.
func (e *exclusion) plane(x int, radius float64) {
	clear(e.bits[x*e.m*e.words:][:e.m*e.words])
	rx := int(radius + e.reach)
	for i := range min(2*rx+1, e.m) {
		for _, c := range e.voids[wrap(x-min(rx, e.m/2)+i, e.m)] {
			e.mark(c, radius, x)
		}
	}
}

// mark marks, in the plane x, the cells within radius + c.radius of c. Squared
// distances are integers, compared with the square of the sum, so that no
// cell's side depends on where in the box it lies.
func (e *exclusion) mark(c centre, radius float64, x int) {
	m := e.m
	reach := radius + c.radius
	q := int(math.Floor(reach * reach))
	dx := nearest(x-c.x, m)
	left := q - dx*dx
	if left < 0 {
		return
	}
	for dy := range min(isqrt(left), m/2) + 1 {
		rz := isqrt(left - dy*dy)
		e.markRow(x, wrap(c.y+dy, m), c.z, rz)
		e.markRow(x, wrap(c.y-dy, m), c.z, rz)
	}
}

// markRow marks the cells of a row up to rz from z.
func (e *exclusion) markRow(x, y, z, rz int) {
	row, first, end := e.row(x, y), z-rz, z+rz+1
	switch {
	case 2*rz+1 >= e.m:
		set(row, 0, e.m)
	case first < 0:
		set(row, first+e.m, e.m)
		set(row, 0, end)
	case end > e.m:
		set(row, first, e.m)
		set(row, 0, end-e.m)
	default:
		set(row, first, end)
	}
}

// set sets the bits from first up to but not including end > first.
func set(bits []uint64, first, end int) {
	end--
	a, b := first/64, end/64
	lo, hi := ^uint64(0)<<(first%64), ^uint64(0)>>(63-end%64)
	if a == b {
		bits[a] |= lo & hi
		return
	}
	bits[a] |= lo
	for w := a + 1; w < b; w++ {
		bits[w] = ^uint64(0)
	}
	bits[b] |= hi
}

// nearest is the image of the difference d of two coordinates of a periodic
// mesh of m cells that is nearest to zero.
func nearest(d, m int) int {
	d = wrap(d, m)
	if d > m/2 {
		d -= m
	}
	return d
}

// wrap brings -m ≤ i < 2m into [0, m).
func wrap(i, m int) int {
	if i < 0 {
		return i + m
	}
	if i >= m {
		return i - m
	}
	return i
}

// isqrt is ⌊√v⌋, exact for 0 ≤ v < 2⁵².
func isqrt(v int) int { return int(math.Sqrt(float64(v))) }
