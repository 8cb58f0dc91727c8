package state

import (
	"encoding/binary"
	"io"
	"math"
	"unsafe"
)

// Number is what a payload may consist of.
type Number interface{ float64 | float32 | uint32 }

// A Part is numbers of one kind in a payload; see Numbers.
type Part interface {
	bytes() int64
	write(w io.Writer) error
}

// Numbers makes x a part of a payload.
func Numbers[T Number](x []T) Part { return part[T](x) }

type part[T Number] []T

func size[T Number]() int { return int(unsafe.Sizeof(*new(T))) }

func (x part[T]) bytes() int64 { return int64(len(x)) * int64(size[T]()) }

// chunk is how many numbers are converted at a time.
const chunk = 1 << 12

func (x part[T]) write(w io.Writer) error {
	buf := make([]byte, 0, size[T]()*min(len(x), chunk))
	for len(x) > 0 {
		n := min(len(x), chunk)
		buf = appendNumbers(buf[:0], x[:n])
		if _, err := w.Write(buf); err != nil {
			return err
		}
		x = x[n:]
	}
	return nil
}

func appendNumbers[T Number](buf []byte, x []T) []byte {
	switch x := any(x).(type) {
	case []float64:
		for _, v := range x {
			buf = binary.LittleEndian.AppendUint64(buf, math.Float64bits(v))
		}
	case []float32:
		for _, v := range x {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(v))
		}
	case []uint32:
		for _, v := range x {
			buf = binary.LittleEndian.AppendUint32(buf, v)
		}
	}
	return buf
}

// ReadNumbers reads the next numbers of the payload into x; what says in an error
// what they are.
func ReadNumbers[T Number](s *Reader, x []T, what string) error {
	buf := make([]byte, size[T]()*min(len(x), chunk))
	for len(x) > 0 {
		n := min(len(x), chunk)
		bytes := buf[:size[T]()*n]
		if _, err := io.ReadFull(s.in, bytes); err != nil {
			return s.frame.Damaged("its %s: %v", what, err)
		}
		takeNumbers(x[:n], bytes)
		x = x[n:]
	}
	return nil
}

func takeNumbers[T Number](x []T, from []byte) {
	switch x := any(x).(type) {
	case []float64:
		for i := range x {
			x[i] = math.Float64frombits(binary.LittleEndian.Uint64(from[8*i:]))
		}
	case []float32:
		for i := range x {
			x[i] = math.Float32frombits(binary.LittleEndian.Uint32(from[4*i:]))
		}
	case []uint32:
		for i := range x {
			x[i] = binary.LittleEndian.Uint32(from[4*i:])
		}
	}
}
