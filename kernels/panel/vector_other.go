//go:build !amd64 || noasm

package panel

// vectorLoops are there for amd64 only.
func vectorLoops() *loops { return nil }
