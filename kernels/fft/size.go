package fft

import "fmt"

// GoodSize reports whether n is a mesh size that NewReal3 accepts: even, at
// least 4, and a product of 2, 3 and 5.
func GoodSize(n int) bool {
	if n < 4 || n%2 != 0 {
		return false
	}
	for _, r := range []int{2, 3, 5} {
		for n%r == 0 {
			n /= r
		}
	}
	return n == 1
}

// NextGoodSize is the smallest good size that is at least n.
func NextGoodSize(n int) int {
	for n = max(n, 4); !GoodSize(n); n++ {
	}
	return n
}

// Layout says where the points of an n³ mesh lie in its slice. The real field
// at (x, y, z) is element Index(x, y, z); after Forward, the mode
// (ix, iy, kz), kz = 0 … N/2, is the pair of elements Index(ix, iy, 2*kz) and
// the one after it, real and imaginary part. What lies between the N+2
// elements that a row needs and Row, and between N rows and Plane, is padding:
// it makes rows whole vectors, and keeps rows and planes from falling on the
// same cache sets. What a row has beyond its N reals or N/2+1 modes is
// overwritten by the transforms and has no influence on them; what follows the
// rows of a plane is left alone.
type Layout struct {
	N     int // points a side
	Row   int // elements from one (x, y) row to the next, even
	Plane int // elements from one x plane to the next, even
}

// newLayout pads rows to vectors of 32 bytes, and rows and planes by a further
// cache line where they would be multiples of 512 bytes. A first-level cache
// places lines by their address modulo 4 KiB, so that a column with such a
// stride would have to do with an eighth of it or less.
func newLayout[T Float](n int) Layout {
	vector := 2 * lanes[T]()
	line, bad := 2*vector, 16*vector
	row := roundUp(n+2, vector)
	if row%bad == 0 {
		row += line
	}
	plane := n * row
	if plane%bad == 0 {
		plane += line
	}
	return Layout{N: n, Row: row, Plane: plane}
}

// Len is the number of elements of a mesh.
func (l Layout) Len() int { return l.N * l.Plane }

// Index is the element that holds the point (x, y, z), each in [0, N).
func (l Layout) Index(x, y, z int) int { return x*l.Plane + y*l.Row + z }

// Wave is the signed wave number, in units of 2π over the box, of index i of
// an axis of n points: i up to n/2, and i-n above.
func Wave(i, n int) int {
	if i > n/2 {
		return i - n
	}
	return i
}

func checkSize(n int) error {
	if GoodSize(n) {
		return nil
	}
	return fmt.Errorf("fft: mesh size must be even, at least 4 and a product of 2, 3 and 5, got %d; the next good size is %d",
		n, NextGoodSize(n))
}
