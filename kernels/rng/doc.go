// Package rng gives every random number a place of its own: numbers are a
// function of seed, purpose and position, never of the order, thread or process
// in which they are drawn.
//
// The generator is Philox4x32-10 of Salmon, Moraes, Dror & Shaw, "Parallel
// random numbers: as easy as 1, 2, 3" (SC11, 2011): a keyed bijection of
// 128-bit counters. It is used in two ways.
//
// Directly: Philox4x32, Uniform2 and Normal2 map a counter and a key, the seed
// by Key. The fourth counter word is a purpose (see purpose.go), the first
// three are the user's: the wave-vector of a mode, say. Normals gives those of
// successive counters together, in the same bits and several times as fast.
//
// As a Stream: the block with counter {id low, id high, 0, purpose} under the
// seed gives four words s0 … s3. Under the key (s0, s1) the stream's block
// number b is that with counter {b low, b high, s2, s3 ^ kind}, kind 0 for
// uniform bits and 1 for normals: two draws a block, so position p belongs to
// block p/2.
package rng
