//go:build !amd64 || noasm

package fmath

const vectorised = false

func boxMullerVectors(_, _, _ []float64) int { return 0 }
