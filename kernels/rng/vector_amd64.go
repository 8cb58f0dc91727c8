//go:build amd64 && !noasm

package rng

//go:generate go run -C _gen . -pkg rng -out ../uniforms_amd64.s -stubs ../uniforms_amd64.go

import "golang.org/x/sys/cpu"

// vectorised is whether uniformGroups may be called.
var vectorised = cpu.X86.HasAVX2

// uniformVectors is uniformsFrom for the blocks that fill vectors, and returns
// how many those are.
func (s *series) uniformVectors(u, v []float64) int {
	groups := len(u) / group
	if !vectorised || groups == 0 {
		return 0
	}
	a, b := &u[0], &v[0]
	if s.swapped {
		a, b = b, a
	}
	uniformGroups(a, b, groups, &s.a0)
	s.a0 += uint32(group * groups)
	return group * groups
}
