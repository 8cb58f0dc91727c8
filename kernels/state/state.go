package state

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
)

var (
	// ErrDamaged is in the chain of an error when the bytes are cut short,
	// altered, or no state at all.
	ErrDamaged = errors.New("the saved state is damaged")
	// ErrMismatch is in the chain of an error when the state is whole but of
	// another configuration, version or kernel path.
	ErrMismatch = errors.New("the saved state does not fit")
)

var crcTable = crc32.MakeTable(crc32.Castagnoli)

// magicLength is that of every Magic.
const magicLength = 8

// A Frame is a kernel's kind of state.
type Frame struct {
	Magic     string // 8 bytes
	Package   string // what errors begin with: "nbody"
	Of        string // whose state it is, in the genitive: "a simulation's"
	MaxHeader int    // bytes
}

// Damaged is ErrDamaged with what is wrong.
func (f Frame) Damaged(format string, args ...any) error {
	return fmt.Errorf("%s: %w: %s", f.Package, ErrDamaged, fmt.Sprintf(format, args...))
}

// Mismatch is ErrMismatch with what does not fit.
func (f Frame) Mismatch(format string, args ...any) error {
	return fmt.Errorf("%s: %w: %s", f.Package, ErrMismatch, fmt.Sprintf(format, args...))
}

// header is magic, length and JSON. It panics where JSON can't hold v or
// MaxHeader is passed: a kernel checks what it puts there.
func (f Frame) header(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("%s: state header: %v", f.Package, err))
	}
	if len(f.Magic) != magicLength || len(text) > f.MaxHeader {
		panic(fmt.Sprintf("%s: state header: magic of %d bytes, %d bytes of JSON", f.Package, len(f.Magic), len(text)))
	}
	b := binary.LittleEndian.AppendUint32([]byte(f.Magic), uint32(len(text)))
	return append(b, text...)
}

// Size is the number of bytes that Write writes for a header and a payload of
// the given count of numbers.
func (f Frame) Size(header any, numbers int64) int64 {
	return int64(len(f.header(header))) + 8*numbers + 4
}

// SizeParts is the number of bytes that WriteParts writes.
func (f Frame) SizeParts(header any, payload ...Part) int64 {
	size := f.Size(header, 0)
	for _, x := range payload {
		size += x.bytes()
	}
	return size
}

// Write writes a state. The error is w's.
func (f Frame) Write(w io.Writer, header any, payload ...[]float64) error {
	parts := make([]Part, len(payload))
	for i, x := range payload {
		parts[i] = Numbers(x)
	}
	return f.WriteParts(w, header, parts...)
}

// WriteParts is Write for a payload of several kinds of numbers.
func (f Frame) WriteParts(w io.Writer, header any, payload ...Part) error {
	sum := crc32.New(crcTable)
	out := io.MultiWriter(w, sum)
	write := func() error {
		if _, err := out.Write(f.header(header)); err != nil {
			return err
		}
		for _, x := range payload {
			if err := x.write(out); err != nil {
				return err
			}
		}
		_, err := w.Write(binary.LittleEndian.AppendUint32(nil, sum.Sum32()))
		return err
	}
	if err := write(); err != nil {
		return fmt.Errorf("%s: save state: %w", f.Package, err)
	}
	return nil
}

// A Reader reads one state from front to back: Open, Floats for each part of
// the payload, Close.
type Reader struct {
	frame Frame
	raw   io.Reader
	in    io.Reader // raw, summed
	sum   hash.Hash32
}

// Open reads up to the end of the header, which it decodes into header, a
// pointer. Its errors, and those of the Reader's methods, have ErrDamaged in
// their chain.
func (f Frame) Open(r io.Reader, header any) (*Reader, error) {
	sum := crc32.New(crcTable)
	s := &Reader{frame: f, raw: r, in: io.TeeReader(r, sum), sum: sum}
	var fixed [magicLength + 4]byte
	if _, err := io.ReadFull(s.in, fixed[:]); err != nil {
		return nil, f.Damaged("its first bytes: %v", err)
	}
	if string(fixed[:magicLength]) != f.Magic {
		return nil, f.Damaged("it does not begin as %s state does", f.Of)
	}
	length := binary.LittleEndian.Uint32(fixed[magicLength:])
	if int64(length) > int64(f.MaxHeader) {
		return nil, f.Damaged("its header would be %d bytes long", length)
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(s.in, text); err != nil {
		return nil, f.Damaged("its header: %v", err)
	}
	if err := json.Unmarshal(text, header); err != nil {
		return nil, f.Damaged("its header: %v", err)
	}
	return s, nil
}

// Floats reads the next numbers of the payload into x; what says in an error
// what they are.
func (s *Reader) Floats(x []float64, what string) error { return ReadNumbers(s, x, what) }

// NewFloats reads the next n numbers of the payload into a slice of their own,
// which grows as they come in: for an n that only the header knows.
func (s *Reader) NewFloats(n int64, what string) ([]float64, error) {
	if n < 0 {
		return nil, s.frame.Damaged("its %s: %d of them", what, n)
	}
	var x []float64
	for n > 0 {
		next := int(min(n, int64(max(len(x), chunk))))
		x = append(x, make([]float64, next)...)
		if err := s.Floats(x[len(x)-next:], what); err != nil {
			return nil, err
		}
		n -= int64(next)
	}
	return x, nil
}

// Close reads the checksum and compares it with what has been read.
func (s *Reader) Close() error {
	want := s.sum.Sum32()
	var b [4]byte
	if _, err := io.ReadFull(s.raw, b[:]); err != nil {
		return s.frame.Damaged("its checksum: %v", err)
	}
	if got := binary.LittleEndian.Uint32(b[:]); got != want {
		return s.frame.Damaged("its checksum is %08x, its contents give %08x", got, want)
	}
	return nil
}
