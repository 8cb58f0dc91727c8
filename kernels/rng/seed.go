package rng

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
)

// SeedFromString returns the seed that a string stands for: a number written
// as itself, so "12345" is 12345 and seeds above 2^53 can be written at all;
// any other text by the first eight bytes, big-endian, of its SHA-256. A
// number has digits only, no leading zero, and is below 2^64.
func SeedFromString(s string) uint64 {
	if n, err := strconv.ParseUint(s, 10, 64); err == nil && strconv.FormatUint(n, 10) == s {
		return n
	}
	sum := sha256.Sum256([]byte(s))
	return binary.BigEndian.Uint64(sum[:8])
}
