// Package denoiserpipe is the protocol by which a denoiser that is a program of
// its own answers over two byte streams: its standard input and output. It knows
// no process; docs/denoiser-protocol.md tells the same to who writes such a
// program.
//
// # Frames
//
// Numbers are little-endian. A frame is four letters, the length n of its payload
// (uint32) and the payload of n bytes:
//
//	HELO  either way   version, atoms, dim, flags uint32; then the model's name, UTF-8
//	ASKD  to it        id uint64, sigma float64, batch, dim uint32; batch·dim float32
//	ANSW  from it      id uint64, batch, dim uint32; batch·dim float32
//	FAIL  from it      id uint64; then why, UTF-8
//
// Both sides begin with HELO, the asking side first. Then each ASKD is answered by
// one ANSW or FAIL of the same id before the next is sent. The end of the input
// between two frames is the end of the conversation.
//
// # Rows
//
// Coordinates are rows of dim numbers, x0 y0 z0 x1 … in Å where the rows are atoms
// (dim = 3·atoms). They are float64 on the asking side, rounded to the nearest
// float32 as they are sent. What is not finite passes in both directions: of a
// batch in which one row is NaN, the other rows are good, and the sampler fails
// that sample by its name.
package denoiserpipe

// Version is the protocol's, which both sides announce.
const Version = 1
