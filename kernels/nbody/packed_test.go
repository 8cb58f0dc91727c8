package nbody

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// uncommon are displacements and momenta at the edges of what is moved at once.
var uncommon = []float64{0, math.Copysign(0, -1), .5, -.5, 1.5, 1 << 31, 1 << 32, -1 << 32, 1<<51 - 1, 1 << 51, -1 << 51, 1 << 60, -1 << 90,
	math.SmallestNonzeroFloat32, math.MaxFloat32, math.Inf(1), math.Inf(-1), math.NaN()}

// Kick and drift by assembly leave the bits of the portable code for any length, and
// nothing beside what they are given; special values are mixed in at every place.
func TestAssemblyKicksAndDriftsThePortableBits(t *testing.T) {
	if !vectorised {
		t.Skip("no assembly for this processor")
	}
	const guard = 8
	rnd := rand.New(rand.NewPCG(40, 40))
	for length := range 40 {
		for special := -1; special < length; special++ {
			for _, value := range uncommon {
				mom, force, pos := make([]float32, guard+length+guard), make([]float64, length), make([]uint32, guard+length+guard)
				for i := range mom {
					mom[i], pos[i] = float32(rnd.NormFloat64()), rnd.Uint32()
				}
				for i := range force {
					force[i] = 1e5 * rnd.NormFloat64()
				}
				if special >= 0 {
					mom[guard+special] = float32(value)
				}
				run := func(vectors bool) (m []float32, p []uint32, largest uint32, bad int) {
					m, p = slices.Clone(mom), slices.Clone(pos)
					end := guard + length
					bad = driftAll(vectors, p[guard:end:end], m[guard:end:end], 1)
					largest = kickAll(vectors, m[guard:end:end], force, 1e-3)
					return m, p, largest, bad
				}
				m, p, largest, bad := run(true)
				m2, p2, largest2, bad2 := run(false)
				same := func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }
				if !slices.EqualFunc(m, m2, same) || !slices.Equal(p, p2) || largest != largest2 || bad != bad2 {
					t.Fatalf("%d numbers, %v at %d: momenta %v, largest %#x, positions %v, bad %d;\nportable %v, %#x, %v, %d",
						length, value, special, m, largest, p, bad, m2, largest2, p2, bad2)
				}
				if !slices.EqualFunc(m[:guard], mom[:guard], same) || !slices.Equal(p[guard+length:], pos[guard+length:]) {
					t.Fatalf("%d numbers: what lies beside them is changed", length)
				}
			}
		}
	}
}
