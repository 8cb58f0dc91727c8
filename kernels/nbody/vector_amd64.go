//go:build amd64 && !noasm

package nbody

//go:generate go run -C _gen . -pkg nbody -out ../packed_amd64.s -stubs ../packed_amd64.go

import "golang.org/x/sys/cpu"

// vectorised is whether the assembly may be called.
var vectorised = cpu.X86.HasAVX2
