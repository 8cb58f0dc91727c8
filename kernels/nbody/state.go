package nbody

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"math"
)

// A state is, in little-endian order,
//
//	magic     8 bytes "RLNBODY\x01", the last the number of this layout
//	length    uint32, of the header
//	header    JSON: see stateHeader
//	positions 3n float64, as Positions
//	momenta   3n float64, as Momenta
//	checksum  uint32, CRC-32C of all before it
//
// 48 bytes a particle and about a kilobyte.
const stateMagic = "RLNBODY\x01"

const maxHeader = 1 << 16

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
	Config  []setting   `json:"config"`
	Digest  string      `json:"digest"` // of Config
	A       float64     `json:"a"`
	Total   int         `json:"steps_total"`
	Run     *stateOfRun `json:"evolution"` // null when none is unfinished
}

// stateOfRun is the unfinished Evolution of a state.
type stateOfRun struct {
	AStart  float64 `json:"a_start"`
	ZEnd    float64 `json:"z_end"`
	Steps   int     `json:"steps"`
	Stepper Stepper `json:"stepper"`
	Spacing Spacing `json:"spacing"`
	Done    int     `json:"done"`
}

// header describes s and returns its JSON.
func (s *Sim) header() []byte {
	settings := s.cfg.settings()
	h := stateHeader{
		Version: Version, Kernel: KernelPath,
		Config: settings, Digest: digestOf(settings),
		A: s.a, Total: s.total,
	}
	if e := s.run; e != nil {
		h.Run = &stateOfRun{e.plan.AStart, e.plan.ZEnd, e.plan.Steps, e.plan.Stepper, e.plan.Spacing, e.done}
	}
	b, err := json.Marshal(h)
	if err != nil { // numbers in it are finite, strings are strings
		panic(fmt.Sprintf("nbody: state header: %v", err))
	}
	return b
}

// StateSize is the number of bytes that MarshalState writes now.
func (s *Sim) StateSize() int64 {
	return int64(len(stateMagic)+4+len(s.header())) + 48*int64(s.N()) + 4
}

// MarshalState writes the state of s: all that Restore needs besides the
// Config to go on to the same bits, an unfinished Evolution included. The
// error is w's, or that of the step that broke s.
func (s *Sim) MarshalState(w io.Writer) error {
	if s.broken != nil {
		return s.broken
	}
	header := s.header()
	sum := crc32.New(crcTable)
	out := io.MultiWriter(w, sum)
	var start bytes.Buffer
	start.WriteString(stateMagic)
	start.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(header))))
	start.Write(header)
	if _, err := out.Write(start.Bytes()); err != nil {
		return fmt.Errorf("nbody: save state: %w", err)
	}
	for _, x := range [][]float64{s.pos, s.mom} {
		if err := writeFloats(out, x); err != nil {
			return fmt.Errorf("nbody: save state: %w", err)
		}
	}
	if _, err := w.Write(binary.LittleEndian.AppendUint32(nil, sum.Sum32())); err != nil {
		return fmt.Errorf("nbody: save state: %w", err)
	}
	return nil
}

// Restore reads what MarshalState wrote for the same Config (its Pool may
// differ) without drawing initial conditions. Schedule with the arguments of
// the unfinished evolution goes on with it.
func Restore(cfg Config, r io.Reader) (*Sim, error) {
	sum := crc32.New(crcTable)
	in := io.TeeReader(r, sum)
	h, err := readHeader(in)
	if err != nil {
		return nil, err
	}
	s, err := newEmpty(cfg, nil, nil)
	if err != nil {
		return nil, err
	}
	if err := s.matches(h); err != nil {
		return nil, err
	}
	if err := s.readParticles(in, r, sum); err != nil {
		return nil, err
	}
	if err := s.adopt(h); err != nil {
		return nil, err
	}
	return s, nil
}

// damaged is ErrStateDamaged with what is wrong.
func damaged(format string, args ...any) error {
	return fmt.Errorf("nbody: %w: %s", ErrStateDamaged, fmt.Sprintf(format, args...))
}

// readHeader reads up to the end of the header.
func readHeader(r io.Reader) (*stateHeader, error) {
	var fixed [len(stateMagic) + 4]byte
	if _, err := io.ReadFull(r, fixed[:]); err != nil {
		return nil, damaged("its first bytes: %v", err)
	}
	if string(fixed[:len(stateMagic)]) != stateMagic {
		return nil, damaged("it does not begin as a simulation's state does")
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

// matches compares a state's header with the simulation it is to be read into.
func (s *Sim) matches(h *stateHeader) error {
	if h.Version != Version {
		return fmt.Errorf("nbody: %w: it is of version %d of the N-body kernel, this is %d", ErrStateMismatch, h.Version, Version)
	}
	if h.Kernel != KernelPath {
		return fmt.Errorf("nbody: %w: it is of the kernel path %q, this is %q", ErrStateMismatch, h.Kernel, KernelPath)
	}
	if digestOf(h.Config) != h.Digest {
		return damaged("its configuration differs from its digest")
	}
	return compareSettings(h.Config, s.cfg.settings())
}

// readParticles fills positions and momenta and verifies the checksum.
func (s *Sim) readParticles(in, r io.Reader, sum hash.Hash32) error {
	for _, x := range [][]float64{s.pos, s.mom} {
		if err := readFloats(in, x); err != nil {
			return damaged("its particles: %v", err)
		}
	}
	want := sum.Sum32()
	var b [4]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return damaged("its checksum: %v", err)
	}
	if got := binary.LittleEndian.Uint32(b[:]); got != want {
		return damaged("its checksum is %08x, its contents give %08x", got, want)
	}
	for i, x := range s.pos {
		if !(x >= 0 && x < s.cfg.Box) || !isFinite(s.mom[i]) {
			return damaged("particle %d is not in the box or not finite", i/3)
		}
	}
	return nil
}

// adopt takes time and evolution from a header.
func (s *Sim) adopt(h *stateHeader) error {
	if !(h.A > 0) || !isFinite(h.A) || h.Total < 0 {
		return damaged("it is at a = %v after %d steps", h.A, h.Total)
	}
	s.a, s.total = h.A, h.Total
	if h.Run == nil {
		return nil
	}
	r := h.Run
	p := Plan{AStart: r.AStart, ZEnd: r.ZEnd, Steps: r.Steps, Stepper: r.Stepper, Spacing: r.Spacing}
	if !(p.AStart > 0) || r.Done < 0 || r.Done >= r.Steps {
		return damaged("it has done %d of %d steps from a = %v", r.Done, r.Steps, r.AStart)
	}
	if err := p.validate(); err != nil {
		return damaged("%v", err)
	}
	e, err := s.begin(p)
	if err != nil {
		return err
	}
	if s.a != e.line.edges[r.Done] {
		s.run = nil
		return damaged("it is at a = %v, its step %d at %v", s.a, r.Done, e.line.edges[r.Done])
	}
	e.done = r.Done
	return nil
}

// stateChunk is how many numbers are converted at a time.
const stateChunk = 1 << 13

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
