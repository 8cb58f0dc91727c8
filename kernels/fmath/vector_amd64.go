//go:build amd64 && !noasm

package fmath

//go:generate go run -C _gen . -pkg fmath -out ../boxmuller_amd64.s -stubs ../boxmuller_amd64.go

import "golang.org/x/sys/cpu"

// vectorised is whether boxMullerFours may be called.
var vectorised = cpu.X86.HasAVX2 && cpu.X86.HasFMA

// logRows is logTable in rows of 32 bytes.
var logRows = func() (rows [logCells][4]float64) {
	for i, c := range logTable {
		rows[i] = [4]float64{c.invc, c.hi, c.lo}
	}
	return rows
}()

// boxMullerVectors is boxMuller for the pairs that fill vectors, and returns
// how many those are.
func boxMullerVectors(dst, u, v []float64) int {
	fours := len(u) / 4
	if !vectorised || fours == 0 {
		return 0
	}
	boxMullerFours(&dst[0], &u[0], &v[0], fours, &logRows)
	return 4 * fours
}
