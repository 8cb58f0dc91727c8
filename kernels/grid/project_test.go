package grid

import (
	"math"
	"testing"
)

// Eight particles a pixel on a lattice: every pixel is as dense as the mean.
func TestProjectOfALatticeIsOne(t *testing.T) {
	const n, pixels, box = 16, 8, 10.0
	var pos []float64
	for i := range n * n * n {
		for _, c := range []int{i / n / n, i / n % n, i % n} {
			pos = append(pos, (float64(c)+0.25)*box/n)
		}
	}
	for axis := range 3 {
		got, err := Project(pos, box, axis, 7.5, 5, pixels)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range got {
			if math.Abs(v-1) > 1e-12 { // rounding of 8 weights
				t.Fatalf("axis %d, pixel %d: density %v, want 1", axis, i, v)
			}
		}
	}
}

// One particle at the centre of a pixel lies in that pixel alone: rows are the
// later axis, columns the earlier one.
func TestProjectPutsAParticleIntoItsPixel(t *testing.T) {
	const pixels, box = 4, 8.0
	pos := []float64{3, 5, 1}
	for axis, want := range [][2]int{{0, 2}, {0, 1}, {2, 1}} {
		got, err := Project(pos, box, axis, 0, box, pixels)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range got {
			expect := 0.0
			if i == want[0]*pixels+want[1] {
				expect = pixels * pixels
			}
			if v != expect {
				t.Errorf("axis %d, pixel (%d,%d): %v, want %v", axis, i/pixels, i%pixels, v, expect)
			}
		}
	}
	if got, err := Project(pos, box, 0, 4, 2, pixels); err != nil || got[0] != 0 {
		t.Errorf("a slab that misses the particle: %v, %v", got, err)
	}
	for name, bad := range map[string]func() error{
		"a slab that begins outside the box": func() error { _, err := Project(pos, box, 0, 8, 2, pixels); return err },
		"no particles":                       func() error { _, err := Project(nil, box, 0, 0, 2, pixels); return err },
		"a position that is not a number":    func() error { _, err := Project([]float64{1, math.NaN(), 1}, box, 0, 0, 2, pixels); return err },
	} {
		if bad() == nil {
			t.Errorf("%s: taken without an error", name)
		}
	}
}
