package gadget

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// A FormatError says where a file breaks which rule of the format.
type FormatError struct {
	File   int    // number within its set
	Files  int    // of the set, as far as known
	Block  string // "HEAD", "POS", "VEL", "ID", "MASS" or a name found in the file
	Offset int64  // of the bytes at fault, from the start of the file
	Rule   string // "… must be …"
	Got    string // the value, or ""
}

func (e *FormatError) Error() string {
	s := "gadget: "
	if e.Files > 1 {
		s += fmt.Sprintf("file %d of %d: ", e.File, e.Files)
	}
	s += fmt.Sprintf("block %s at byte %d: %s", e.Block, e.Offset, e.Rule)
	if e.Got != "" {
		s += ", got " + e.Got
	}
	return s
}

// Names of the blocks that a simulation needs.
const (
	blockHead = "HEAD"
	blockPos  = "POS"
	blockVel  = "VEL"
	blockID   = "ID"
	blockMass = "MASS"
)

// records reads the records of one file.
type records struct {
	r      *bufio.Reader
	order  binary.ByteOrder
	format int   // 1 or 2
	at     int64 // bytes read so far
	file   int
	files  int
	block  string
	length int64 // of the record being read
	left   int64 // of it
}

func (r *records) fail(at int64, rule, got string) error {
	return &FormatError{r.file, r.files, r.block, at, rule, got}
}

// failRead is the error of a read at offset at. io.EOF means that the file ends
// too soon.
func (r *records) failRead(at int64, what string, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return r.fail(at, what+" must be there, but the file ends", "")
	}
	return fmt.Errorf("%w: %w", r.fail(at, what+" must be readable", ""), err)
}

// full fills b or fails, naming what was to be there.
func (r *records) full(b []byte, what string) error {
	n, err := io.ReadFull(r.r, b)
	at := r.at
	r.at += int64(n)
	if err != nil {
		return r.failRead(at, what, err)
	}
	return nil
}

// newRecords finds out format and byte order by the first marker.
func newRecords(in io.Reader, file, files int) (*records, error) {
	r := &records{r: bufio.NewReaderSize(in, 1<<16), file: file, files: files, block: blockHead}
	b, err := r.r.Peek(4)
	if err != nil {
		return nil, r.failRead(0, "the first marker", err)
	}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		switch order.Uint32(b) {
		case headerSize:
			r.order, r.format = order, 1
			return r, nil
		case 8:
			r.order, r.format = order, 2
			return r, nil
		}
	}
	return nil, r.fail(0, "the first marker of a GADGET-2 snapshot must be 256 (format 1) or 8 (format 2), in either byte order",
		fmt.Sprintf("%d or %d", binary.LittleEndian.Uint32(b), binary.BigEndian.Uint32(b)))
}

// begin reads a record's first marker. At the end of the file, between records,
// it returns io.EOF.
func (r *records) begin() error {
	var b [4]byte
	if _, err := r.r.Peek(1); errors.Is(err, io.EOF) {
		return io.EOF
	}
	if err := r.full(b[:], "the record's first marker"); err != nil {
		return err
	}
	r.length = int64(r.order.Uint32(b[:]))
	r.left = r.length
	return nil
}

// end reads the second marker.
func (r *records) end() error {
	at := r.at
	var b [4]byte
	if err := r.full(b[:], "the record's second marker"); err != nil {
		return err
	}
	if n := int64(r.order.Uint32(b[:])); n != r.length {
		return r.fail(at, fmt.Sprintf("the record's second marker must be its first, %d", r.length), strconv.FormatInt(n, 10))
	}
	return nil
}

// read fills b from the record being read.
func (r *records) read(b []byte) error {
	r.left -= int64(len(b))
	return r.full(b, fmt.Sprintf("a record of %d bytes", r.length))
}

// skip passes over the rest of the record and its second marker.
func (r *records) skip() error {
	for r.left > 0 {
		n, err := r.r.Discard(int(min(r.left, 1<<30)))
		r.at += int64(n)
		r.left -= int64(n)
		if err != nil {
			return r.failRead(r.at, fmt.Sprintf("a record of %d bytes", r.length), err)
		}
	}
	return r.end()
}

// next opens the next block: its name in format 2, expected in format 1. At the
// end of the file it returns io.EOF.
func (r *records) next(expected string) error {
	r.block = expected
	if r.format == 1 {
		return r.begin()
	}
	if err := r.begin(); err != nil {
		return err
	}
	if r.length != 8 {
		return r.fail(r.at-4, "the marker before a block's name must be 8", strconv.FormatInt(r.length, 10))
	}
	var b [8]byte
	if err := r.read(b[:]); err != nil {
		return err
	}
	name := make([]byte, 0, 4)
	for _, c := range b[:4] {
		if c < ' ' || c > '~' {
			return r.fail(r.at-8, "a block's name must be four printable characters", strconv.Quote(string(b[:4])))
		}
		name = append(name, c)
	}
	for len(name) > 0 && name[len(name)-1] == ' ' {
		name = name[:len(name)-1]
	}
	r.block = string(name)
	if err := r.end(); err != nil {
		return err
	}
	if err := r.begin(); err == io.EOF {
		return r.fail(r.at, "the block must follow its name, but the file ends", "")
	} else if err != nil {
		return err
	}
	if size := int64(r.order.Uint32(b[4:])); size != r.length+8 && size != r.length {
		return r.fail(r.at-16, fmt.Sprintf("the length beside the block's name must be %d, that of its record with markers", r.length+8), strconv.FormatInt(size, 10))
	}
	return nil
}

// header reads the block HEAD, which is a file's first.
func (r *records) header() (Header, error) {
	if err := r.next(blockHead); err != nil {
		if err == io.EOF {
			err = r.fail(r.at, "the header must be there, but the file ends", "")
		}
		return Header{}, err
	}
	if r.block != blockHead {
		return Header{}, r.fail(r.at-16, "the first block must be HEAD", strconv.Quote(r.block))
	}
	if r.length != headerSize {
		return Header{}, r.fail(r.at-4, "the header must be 256 bytes long", strconv.FormatInt(r.length, 10))
	}
	start := r.at
	var b [headerSize]byte
	if err := r.read(b[:]); err != nil {
		return Header{}, err
	}
	h := decodeHeader(b[:], r.order)
	if at, rule, got := h.validate(); rule != "" {
		return Header{}, r.fail(start+int64(at), rule, got)
	}
	r.files = h.Files()
	return h, r.end()
}

// ReadHeader reads the header of the first file of a set. It may read past it.
func ReadHeader(in io.Reader) (Header, error) {
	r, err := newRecords(in, 0, 1)
	if err != nil {
		return Header{}, err
	}
	return r.header()
}
