//go:build !amd64 || noasm

package nbody

// vectorised is true on amd64 only.
const vectorised = false

func kickFours(mom *float32, force *float64, fours int, k float64) uint32 {
	panic("nbody: no assembly here")
}

func driftFours(pos *uint32, mom *float32, fours int, w float64) int {
	panic("nbody: no assembly here")
}
