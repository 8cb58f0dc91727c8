package rng

// A Stream is a sequence of random numbers known by seed, purpose and id.
// Streams that differ in any of them are independent. Its whole state is its
// position, the count of numbers drawn: a normal counts as one, and what kind
// of numbers the earlier ones were does not matter. Streams are cheap to make;
// one must not be used from two goroutines at once.
type Stream struct {
	key      [2]uint32
	tail     [2]uint32 // counter words 2 and 3
	position uint64

	// The last block of each kind: a copy, never state.
	bits        [2]uint64
	normals     [2]float64
	bitsFrom    uint64 // 1 + block number, 0 for none
	normalsFrom uint64
}

// Kinds of a stream's blocks.
const (
	kindBits    = 0
	kindNormals = 1
)

// NewStream returns the stream of seed, purpose and id at position 0.
func NewStream(seed uint64, purpose uint32, id uint64) *Stream {
	s := Philox4x32([4]uint32{uint32(id), uint32(id >> 32), 0, purpose}, Key(seed))
	return &Stream{key: [2]uint32{s[0], s[1]}, tail: [2]uint32{s[2], s[3]}}
}

// Position returns how many numbers have been drawn.
func (s *Stream) Position() uint64 { return s.position }

// SetPosition makes the next number the one that follows n draws.
func (s *Stream) SetPosition(n uint64) { s.position = n }

// counter returns the counter of a block of the given kind.
func (s *Stream) counter(block uint64, kind uint32) [4]uint32 {
	return [4]uint32{uint32(block), uint32(block >> 32), s.tail[0], s.tail[1] ^ kind}
}

// Uint64 returns 64 random bits.
func (s *Stream) Uint64() uint64 {
	block := s.position / 2
	if s.bitsFrom != block+1 {
		w := Philox4x32(s.counter(block, kindBits), s.key)
		s.bits = [2]uint64{joined(w[0], w[1]), joined(w[2], w[3])}
		s.bitsFrom = block + 1
	}
	v := s.bits[s.position%2]
	s.position++
	return v
}

// Float64 returns a uniform number in [0, 1), a multiple of 2^-53.
func (s *Stream) Float64() float64 { return unit(s.Uint64()) }

// Normal returns a standard normal.
func (s *Stream) Normal() float64 {
	block := s.position / 2
	if s.normalsFrom != block+1 {
		s.normals[0], s.normals[1] = Normal2(s.counter(block, kindNormals), s.key)
		s.normalsFrom = block + 1
	}
	v := s.normals[s.position%2]
	s.position++
	return v
}
