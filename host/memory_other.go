//go:build !linux

package host

// memoryLimit bounds the heap of a run: the sandbox's own default.
func memoryLimit() int64 { return 0 }
