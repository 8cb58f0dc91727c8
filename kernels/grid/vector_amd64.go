//go:build amd64 && !noasm

package grid

//go:generate go run -C _gen . -pkg grid -out ../gradient_amd64.s -stubs ../gradient_amd64.go

import "golang.org/x/sys/cpu"

// vectorised is whether gradientCell may be called.
var vectorised = cpu.X86.HasAVX2
