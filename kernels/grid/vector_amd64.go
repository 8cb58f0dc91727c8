//go:build amd64 && !noasm

package grid

//go:generate go run -C _gen . -pkg grid -out ../cells_amd64.s -stubs ../cells_amd64.go

import "golang.org/x/sys/cpu"

// vectorised is whether the assembly may be called.
var vectorised = cpu.X86.HasAVX2
