package main

import (
	"syscall"
	"testing"
)

// Peak memory of the whole program, initial conditions and a snapshot at each step
// included, of 128³ particles in single precision on a mesh of 256³. By hand: 24
// bytes a particle and 24 of its snapshot, 8 of indices to sort by and 6 to deposit,
// 4 a mesh cell and half a byte of Green's function, 198 MiB in all; the program
// itself takes 20. The limit is what is asked for.
func TestSinglePrecisionStaysWithinItsMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds: without -short")
	}
	cmd := runlua(t, "--dir", t.TempDir(), "--checkpoint-every", "1", "cmd/runlua/testdata/simulation_size.lua")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	peak := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss >> 10 // kB on Linux
	t.Logf("peak memory %d MiB", peak)
	if peak > 300 {
		t.Errorf("peak memory %d MiB, want at most 300", peak)
	}
}
