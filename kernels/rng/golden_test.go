package rng_test

import (
	"testing"

	"runlua/kernels/golden"
	"runlua/kernels/rng"
)

func TestGoldenNumbers(t *testing.T) {
	var uniform, normal []float64
	for i := range uint32(5000) {
		ctr, key := [4]uint32{i, 7 * i, i >> 3, 2}, rng.Key(uint64(i)<<20)
		u, v := rng.Uniform2(ctr, key)
		a, b := rng.Normal2(ctr, key)
		uniform, normal = append(uniform, u, v), append(normal, a, b)
	}
	golden.Bits(t, "Uniform2", "a98ff7ea83be7198ea73b3b4140dfa1e", uniform)
	golden.Bits(t, "Normal2", "05a626ec50f4116698b79d35fed4cf84", normal)
	s := rng.NewStream(3, 1, 9)
	var stream []float64
	for range 1000 {
		stream = append(stream, s.Float64(), s.Normal())
	}
	golden.Bits(t, "Stream", "129dd18eeca54f79a740a7e24f6efc12", stream)
}
