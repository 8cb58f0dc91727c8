//go:build !amd64 || noasm

package fft

// vectorKernels are there for amd64 only.
func vectorKernels[T Float]() *kernels[T] { return nil }
