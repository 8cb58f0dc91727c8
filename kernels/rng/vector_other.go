//go:build !amd64 || noasm

package rng

const vectorised = false

func (s *series) uniformVectors(_, _ []float64) int { return 0 }
