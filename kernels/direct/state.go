package direct

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
)

// A state is, in little-endian order,
//
//	magic      8 bytes "RLDIREC\x01", the last the number of this layout
//	length     uint32, of the header
//	header     JSON: see stateHeader
//	positions  3n float64
//	velocities 3n float64
//	checksum   uint32, CRC-32C of all before it
//
// 48 bytes a particle and some hundred more. Masses, G and softening are the
// Config's, which the header names by its digest.
const stateMagic = "RLDIREC\x01"

const maxHeader = 1 << 12

var crcTable = crc32.MakeTable(crc32.Castagnoli)

var (
	// ErrStateDamaged is in the chain of Restore's error when the bytes are
	// cut short, altered, or no state at all.
	ErrStateDamaged = errors.New("the saved state is damaged")
	// ErrStateMismatch is in the chain of Restore's error when the state is
	// whole but of another configuration, Version or KernelPath.
	ErrStateMismatch = errors.New("the saved state does not fit")
)

// stateHeader is what a state says of itself.
type stateHeader struct {
	Version int         `json:"version"`
	Kernel  string      `json:"kernel"`
	Digest  string      `json:"config"` // Config.Digest
	N       int         `json:"particles"`
	Time    float64     `json:"time"`
	Total   int64       `json:"steps_total"`
	Run     *stateOfRun `json:"evolution"` // null when none is unfinished
}

// stateOfRun is the unfinished Evolution of a state.
type stateOfRun struct {
	Start float64 `json:"start"`
	End   float64 `json:"end"`
	Steps int64   `json:"steps"`
	Done  int64   `json:"done"`
}

func (s *System) header() []byte {
	h := stateHeader{Version: Version, Kernel: KernelPath, Digest: s.digest, N: s.N(), Time: s.time, Total: s.total}
	if e := s.run; e != nil {
		h.Run = &stateOfRun{e.start, e.end, e.steps, e.done}
	}
	b, err := json.Marshal(h)
	if err != nil { // numbers in it are finite
		panic(fmt.Sprintf("direct: state header: %v", err))
	}
	return b
}

// StateSize is the number of bytes that MarshalState writes now.
func (s *System) StateSize() int64 {
	return int64(len(stateMagic)+4+len(s.header())) + 48*int64(s.N()) + 4
}

// MarshalState writes the state of s: all that Restore needs besides the
// Config to go on to the same bits, an unfinished Evolution included. The
// error is w's.
func (s *System) MarshalState(w io.Writer) error {
	header := s.header()
	sum := crc32.New(crcTable)
	out := io.MultiWriter(w, sum)
	var start bytes.Buffer
	start.WriteString(stateMagic)
	start.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(header))))
	start.Write(header)
	if _, err := out.Write(start.Bytes()); err != nil {
		return fmt.Errorf("direct: save state: %w", err)
	}
	for _, x := range [][]float64{s.pos, s.vel} {
		if err := writeFloats(out, x); err != nil {
			return fmt.Errorf("direct: save state: %w", err)
		}
	}
	if _, err := w.Write(binary.LittleEndian.AppendUint32(nil, sum.Sum32())); err != nil {
		return fmt.Errorf("direct: save state: %w", err)
	}
	return nil
}

// Restore reads what MarshalState wrote for the same Config (its Pool may
// differ). The unfinished evolution, if there is one, is the Evolution of the
// System it returns.
func Restore(cfg Config, r io.Reader) (*System, error) {
	s, err := New(cfg)
	if err != nil {
		return nil, err
	}
	sum := crc32.New(crcTable)
	in := io.TeeReader(r, sum)
	h, err := readHeader(in)
	if err != nil {
		return nil, err
	}
	if err := s.matches(h); err != nil {
		return nil, err
	}
	for _, x := range [][]float64{s.pos, s.vel} {
		if err := readFloats(in, x); err != nil {
			return nil, damaged("its particles: %v", err)
		}
	}
	want := sum.Sum32()
	var b [4]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return nil, damaged("its checksum: %v", err)
	}
	if got := binary.LittleEndian.Uint32(b[:]); got != want {
		return nil, damaged("its checksum is %08x, its contents give %08x", got, want)
	}
	for i := range s.pos {
		if !isFinite(s.pos[i]) || !isFinite(s.vel[i]) {
			return nil, damaged("particle %d is not finite", i/3+1)
		}
	}
	if err := s.adopt(h); err != nil {
		return nil, err
	}
	return s, nil
}

// damaged is ErrStateDamaged with what is wrong.
func damaged(format string, args ...any) error {
	return fmt.Errorf("direct: %w: %s", ErrStateDamaged, fmt.Sprintf(format, args...))
}

// readHeader reads up to the end of the header.
func readHeader(r io.Reader) (*stateHeader, error) {
	var fixed [len(stateMagic) + 4]byte
	if _, err := io.ReadFull(r, fixed[:]); err != nil {
		return nil, damaged("its first bytes: %v", err)
	}
	if string(fixed[:len(stateMagic)]) != stateMagic {
		return nil, damaged("it does not begin as a system's state does")
	}
	length := binary.LittleEndian.Uint32(fixed[len(stateMagic):])
	if length > maxHeader {
		return nil, damaged("its header would be %d bytes long", length)
	}
	raw := make([]byte, length)
	if _, err := io.ReadFull(r, raw); err != nil {
		return nil, damaged("its header: %v", err)
	}
	h := new(stateHeader)
	if err := json.Unmarshal(raw, h); err != nil {
		return nil, damaged("its header: %v", err)
	}
	return h, nil
}

// matches compares a state's header with the system it is to be read into.
func (s *System) matches(h *stateHeader) error {
	mismatch := func(format string, args ...any) error {
		return fmt.Errorf("direct: %w: %s", ErrStateMismatch, fmt.Sprintf(format, args...))
	}
	switch {
	case h.Version != Version:
		return mismatch("it is of version %d of the direct kernel, this is %d", h.Version, Version)
	case h.Kernel != KernelPath:
		return mismatch("it is of the kernel path %q, this is %q", h.Kernel, KernelPath)
	case h.N != s.N():
		return mismatch("it is of %d particles, this system has %d", h.N, s.N())
	case h.Digest != s.digest:
		return mismatch("it is of a system that began with other particles, softening or G")
	}
	return nil
}

// adopt takes time and evolution from a header.
func (s *System) adopt(h *stateHeader) error {
	if !isFinite(h.Time) || h.Total < 0 {
		return damaged("it is at time %v after %d steps", h.Time, h.Total)
	}
	s.time, s.total = h.Time, h.Total
	r := h.Run
	if r == nil {
		return nil
	}
	if err := checkPlan(r.Start, r.End, r.Steps); err != nil {
		return damaged("%v", err)
	}
	e := &Evolution{sys: s, start: r.Start, end: r.End, steps: r.Steps, done: r.Done}
	if r.Done < 0 || r.Done >= r.Steps || e.timeAfter(r.Done) != h.Time {
		return damaged("it is at time %v after %d of %d steps from %v to %v", h.Time, r.Done, r.Steps, r.Start, r.End)
	}
	s.run = e
	return nil
}

// stateChunk is how many numbers are converted at a time.
const stateChunk = 1 << 10

func writeFloats(w io.Writer, x []float64) error {
	buf := make([]byte, 0, 8*stateChunk)
	for len(x) > 0 {
		n := min(len(x), stateChunk)
		buf = buf[:0]
		for _, v := range x[:n] {
			buf = binary.LittleEndian.AppendUint64(buf, math.Float64bits(v))
		}
		if _, err := w.Write(buf); err != nil {
			return err
		}
		x = x[n:]
	}
	return nil
}

func readFloats(r io.Reader, x []float64) error {
	buf := make([]byte, 8*stateChunk)
	for len(x) > 0 {
		n := min(len(x), stateChunk)
		if _, err := io.ReadFull(r, buf[:8*n]); err != nil {
			return err
		}
		for i := range x[:n] {
			x[i] = math.Float64frombits(binary.LittleEndian.Uint64(buf[8*i:]))
		}
		x = x[n:]
	}
	return nil
}
