package denoiserpipe

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Hello is what a side says of itself first.
type Hello struct {
	Version int
	Atoms   int // of a row; 0: not said, or rows that are not atoms
	Dim     int // numbers of a row; 0: not said
	// Equivariant: turning the coordinates turns the answer. The model's side only.
	Equivariant bool
	// Model names the model and its weights: another name is another model, whose
	// samples are never mixed with those of this one. The model's side only.
	Model string
}

const (
	helloSize       = 16
	flagEquivariant = 1
)

// WriteHello sends a HELO. It panics if the numbers are out of range or the name
// is too long or not UTF-8.
func WriteHello(w io.Writer, h Hello) error {
	if err := h.check(); err != nil {
		panic(err.Error())
	}
	frame := header(kindHello, helloSize+len(h.Model))
	flags := uint32(0)
	if h.Equivariant {
		flags |= flagEquivariant
	}
	for _, v := range []uint32{uint32(h.Version), uint32(h.Atoms), uint32(h.Dim), flags} {
		frame = order.AppendUint32(frame, v)
	}
	_, err := w.Write(append(frame, h.Model...))
	return err
}

// ReadHello reads a HELO, or the text of a FAIL as a [*Failure]. A HELO of
// another version is returned with nothing but that version, as its other fields
// may mean something else.
func ReadHello(r io.Reader) (Hello, error) {
	kind, length, err := readHeader(r)
	switch {
	case err != nil:
		return Hello{}, err
	case kind == kindFail:
		_, failure, err := readFailure(r, length)
		if err != nil {
			return Hello{}, err
		}
		return Hello{}, failure
	case kind != kindHello:
		return Hello{}, broken("the first frame must be HELO, got %s", kind)
	case length < 4 || length > helloSize+MaxName:
		return Hello{}, broken("a HELO must have from %d to %d bytes, got %d", helloSize, helloSize+MaxName, length)
	}
	b := make([]byte, length)
	if err := readPart(r, b, "a HELO"); err != nil {
		return Hello{}, err
	}
	h := Hello{Version: int(order.Uint32(b))}
	if h.Version != Version {
		return h, nil
	}
	if length < helloSize {
		return Hello{}, broken("a HELO must have from %d to %d bytes, got %d", helloSize, helloSize+MaxName, length)
	}
	h.Atoms, h.Dim = int(order.Uint32(b[4:])), int(order.Uint32(b[8:]))
	flags := order.Uint32(b[12:])
	if flags&^flagEquivariant != 0 {
		return Hello{}, broken("a HELO's flags must be 0 or 1 (equivariant), got %d", flags)
	}
	h.Equivariant, h.Model = flags != 0, string(b[helloSize:])
	return h, h.check()
}

// check tells which rule of a HELO is broken.
func (h Hello) check() error {
	switch {
	case h.Version < 0 || h.Version > 1<<31:
		return broken("a HELO's version must be from 0 to 2^31, got %d", h.Version)
	case h.Dim < 0 || h.Dim > MaxDim:
		return broken("a HELO's dim must be from 0 to %d, got %d", MaxDim, h.Dim)
	case h.Atoms < 0 || h.Atoms > MaxDim/3:
		return broken("a HELO's atoms must be from 0 to %d, got %d", MaxDim/3, h.Atoms)
	case h.Atoms > 0 && h.Dim != 3*h.Atoms:
		return broken("a HELO's dim must be 3 for each of its %d atoms, got %d", h.Atoms, h.Dim)
	case len(h.Model) > MaxName || !utf8.ValidString(h.Model) || strings.ContainsFunc(h.Model, unicode.IsControl):
		return broken("a HELO's name of the model must be a line of UTF-8 of at most %d bytes, got %s", MaxName, quote([]byte(h.Model[:min(len(h.Model), 60)])))
	}
	return nil
}
