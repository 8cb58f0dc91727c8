//go:build !amd64 || noasm

package direct

// vectorKernels are there for amd64 only.
func vectorKernels[T number]() *kernels[T] { return nil }
