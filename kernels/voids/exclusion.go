package voids

import "math"

// A centre is a void of the ladder in units of cells.
type centre struct {
	x, y, z int
	radius  float64
}

// An exclusion marks the cells of a periodic mesh that a void of the current
// radius may not be centred on, Eq. (3).
type exclusion struct {
	m     int
	cells []bool // (x·m + y)·m + z
}

func newExclusion(m int) *exclusion {
	return &exclusion{m, make([]bool, m*m*m)}
}

func (e *exclusion) at(index int) bool { return e.cells[index] }

func (e *exclusion) coordinates(index int) centre {
	return centre{x: index / (e.m * e.m), y: index / e.m % e.m, z: index % e.m}
}

// clear unmarks the plane x.
func (e *exclusion) clear(x int) { clear(e.cells[x*e.m*e.m:][:e.m*e.m]) }

// mark marks, in the planes from ≤ x < to, the cells within radius + c.radius
// of c. Squared distances are integers, compared with the square of the sum,
// so that no cell's side depends on where in the box it lies.
func (e *exclusion) mark(c centre, radius float64, from, to int) {
	m := e.m
	reach := radius + c.radius
	q := int(math.Floor(reach * reach))
	for x := from; x < to; x++ {
		dx := nearest(x-c.x, m)
		left := q - dx*dx
		if left < 0 {
			continue
		}
		ry := min(isqrt(left), m/2)
		for dy := -ry; dy <= ry; dy++ {
			rz := isqrt(left - dy*dy)
			row := e.cells[(x*m+wrap(c.y+dy, m))*m:][:m]
			if 2*rz+1 >= m {
				fill(row)
				continue
			}
			first, end := c.z-rz, c.z+rz+1
			switch {
			case first < 0:
				fill(row[first+m:])
				fill(row[:end])
			case end > m:
				fill(row[first:])
				fill(row[:end-m])
			default:
				fill(row[first:end])
			}
		}
	}
}

func fill(cells []bool) {
	for i := range cells {
		cells[i] = true
	}
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
