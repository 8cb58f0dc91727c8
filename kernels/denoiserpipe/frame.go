package denoiserpipe

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
)

// The kinds of frames.
const (
	kindHello  = "HELO"
	kindAsk    = "ASKD"
	kindAnswer = "ANSW"
	kindFail   = "FAIL"
)

// What a frame may hold at most. A length is checked before anything is made for
// it.
const (
	MaxName    = 1 << 10 // bytes of a model's name
	MaxText    = 1 << 16 // bytes of a failure's text
	MaxDim     = 1 << 24 // numbers of a row
	MaxNumbers = 1 << 28 // numbers of a batch: 1 GiB
)

var (
	// ErrProtocol is what every error about a frame wraps that breaks the protocol;
	// an error of the stream itself is not one.
	ErrProtocol = errors.New("denoiserpipe: not the protocol")
	// ErrNoFrame is wrapped too where there are other bytes in place of a frame,
	// as a program's own messages.
	ErrNoFrame = errors.New("denoiserpipe: no frame")
)

// A brokenFrame says what is wrong with a frame.
type brokenFrame struct {
	text string
	why  []error
}

func (e *brokenFrame) Error() string   { return "denoiserpipe: " + e.text }
func (e *brokenFrame) Unwrap() []error { return e.why }

func broken(format string, args ...any) error {
	return &brokenFrame{fmt.Sprintf(format, args...), []error{ErrProtocol}}
}

// cutOff is broken by the end of the stream: it wraps io.ErrUnexpectedEOF too.
func cutOff(got, want int, what string) error {
	return &brokenFrame{fmt.Sprintf("it is cut off: %d of the %d bytes of %s", got, want, what), []error{ErrProtocol, io.ErrUnexpectedEOF}}
}

const headerSize = 8

var order = binary.LittleEndian

// readHeader reads a frame's kind and length. At the end of the stream before
// its first byte it returns io.EOF.
func readHeader(r io.Reader) (kind string, length int64, err error) {
	var head [headerSize]byte
	n, err := io.ReadFull(r, head[:])
	if n > 0 && !plausible(head[:min(n, 4)]) {
		return "", 0, &brokenFrame{"it must begin with a frame, got the bytes " + quote(head[:n]), []error{ErrProtocol, ErrNoFrame}}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return "", 0, cutOff(n, headerSize, "a frame's head")
	}
	if err != nil {
		return "", 0, err
	}
	return string(head[:4]), int64(order.Uint32(head[4:])), nil
}

// plausible tells whether b begins one of the kinds.
func plausible(b []byte) bool {
	for _, kind := range []string{kindHello, kindAsk, kindAnswer, kindFail} {
		if kind[:len(b)] == string(b) {
			return true
		}
	}
	return false
}

// quote shows bytes of whatever kind.
func quote(b []byte) string { return strconv.QuoteToASCII(string(b)) }

// readPart fills b with a part of a frame's payload; what says which.
func readPart(r io.Reader, b []byte, what string) error {
	n, err := io.ReadFull(r, b)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return cutOff(n, len(b), what)
	}
	return err
}

// blockSize is how many numbers are converted at a time.
const blockSize = 1 << 14

// readNumbers fills dst from float32.
func readNumbers(r io.Reader, dst []float64) error {
	buf := make([]byte, 4*min(len(dst), blockSize))
	for done := 0; done < len(dst); {
		part := dst[done:min(done+blockSize, len(dst))]
		b := buf[:4*len(part)]
		if n, err := io.ReadFull(r, b); errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			return cutOff(4*done+n, 4*len(dst), "its coordinates")
		} else if err != nil {
			return err
		}
		for i := range part {
			part[i] = float64(math.Float32frombits(order.Uint32(b[4*i:])))
		}
		done += len(part)
	}
	return nil
}

// writeNumbers writes head and then x as float32.
func writeNumbers(w io.Writer, head []byte, x []float64) error {
	buf := make([]byte, 0, len(head)+4*min(len(x), blockSize))
	buf = append(buf, head...)
	for len(x) > 0 {
		part := x[:min(blockSize, len(x))]
		x = x[len(part):]
		for _, v := range part {
			buf = order.AppendUint32(buf, math.Float32bits(float32(v)))
		}
		if _, err := w.Write(buf); err != nil {
			return err
		}
		buf = buf[:0]
	}
	if len(buf) > 0 {
		_, err := w.Write(buf)
		return err
	}
	return nil
}

// header begins a frame.
func header(kind string, length int) []byte {
	return order.AppendUint32([]byte(kind), uint32(length))
}
