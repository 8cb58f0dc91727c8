// Package state is the one framing of saved states: what a kernel writes of
// itself so that it can go on later to the same bits.
//
// A state is, in little-endian order,
//
//	magic     8 bytes, the last the number of the layout
//	length    uint32, of the header
//	header    JSON, the kernel's own
//	payload   numbers of 8 or 4 bytes, as many as the header implies
//	checksum  uint32, CRC-32C of all before it
//
// A [Frame] says whose states they are. Reading never allocates much more than
// the bytes that are there, whatever the header claims.
package state
