package denoiserpipe

import (
	"fmt"
	"io"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Request asks for the clean coordinates of a batch.
type Request struct {
	ID    uint64
	Sigma float64 // the noise level, in the unit of the coordinates
	Batch int
	Dim   int
	X     []float64 // [Batch][Dim]
}

const (
	askSize    = 24
	answerSize = 16
)

// WriteRequest sends an ASKD. It panics if X is not Batch rows of Dim, or more
// than MaxNumbers.
func WriteRequest(w io.Writer, q Request) error {
	if err := checkShape(q.Batch, q.Dim); err != nil || len(q.X) != q.Batch*q.Dim {
		panic(fmt.Sprintf("denoiserpipe: %d numbers as %d rows of %d", len(q.X), q.Batch, q.Dim))
	}
	head := header(kindAsk, askSize+4*len(q.X))
	head = order.AppendUint64(head, q.ID)
	head = order.AppendUint64(head, math.Float64bits(q.Sigma))
	head = order.AppendUint32(order.AppendUint32(head, uint32(q.Batch)), uint32(q.Dim))
	return writeNumbers(w, head, q.X)
}

// ReadRequest reads an ASKD; at the end of the conversation it returns io.EOF.
func ReadRequest(r io.Reader) (Request, error) {
	kind, length, err := readHeader(r)
	switch {
	case err != nil:
		return Request{}, err
	case kind != kindAsk:
		return Request{}, broken("a request must be ASKD, got %s", kind)
	case length < askSize:
		return Request{}, broken("an ASKD must have at least %d bytes, got %d", askSize, length)
	}
	var b [askSize]byte
	if err := readPart(r, b[:], "the head of an ASKD"); err != nil {
		return Request{}, err
	}
	q := Request{
		ID: order.Uint64(b[:]), Sigma: math.Float64frombits(order.Uint64(b[8:])),
		Batch: int(order.Uint32(b[16:])), Dim: int(order.Uint32(b[20:])),
	}
	if err := checkShape(q.Batch, q.Dim); err != nil {
		return Request{}, err
	}
	if want := askSize + 4*int64(q.Batch)*int64(q.Dim); length != want {
		return Request{}, broken("an ASKD of %d rows of %d must have %d bytes, got %d", q.Batch, q.Dim, want, length)
	}
	// What a length promises is believed only as it arrives.
	for left := q.Batch * q.Dim; left > 0; {
		n := min(left, 1<<20)
		q.X = append(q.X, make([]float64, n)...)
		if err := readNumbers(r, q.X[len(q.X)-n:]); err != nil {
			return Request{}, err
		}
		left -= n
	}
	return q, nil
}

func checkShape(batch, dim int) error {
	if batch < 1 || dim < 1 || dim > MaxDim || batch > MaxNumbers/dim {
		return broken("a batch must have at least one row, at least one and at most %d numbers a row and at most %d in all, got %d rows of %d", MaxDim, MaxNumbers, batch, dim)
	}
	return nil
}

// WriteAnswer sends an ANSW with the clean coordinates, of the request's shape.
func WriteAnswer(w io.Writer, id uint64, batch, dim int, x []float64) error {
	if err := checkShape(batch, dim); err != nil || len(x) != batch*dim {
		panic(fmt.Sprintf("denoiserpipe: %d numbers as %d rows of %d", len(x), batch, dim))
	}
	head := header(kindAnswer, answerSize+4*len(x))
	head = order.AppendUint64(head, id)
	head = order.AppendUint32(order.AppendUint32(head, uint32(batch)), uint32(dim))
	return writeNumbers(w, head, x)
}

// ReadAnswer reads the ANSW to q into dst, of q's shape, or the text of a FAIL as
// a [*Failure]. At an error dst holds anything. At the end of the stream before
// the answer's first byte it returns io.EOF.
func ReadAnswer(r io.Reader, q Request, dst []float64) error {
	if len(dst) != q.Batch*q.Dim {
		panic(fmt.Sprintf("denoiserpipe: %d numbers for %d rows of %d", len(dst), q.Batch, q.Dim))
	}
	kind, length, err := readHeader(r)
	if err != nil {
		return err
	}
	if kind == kindFail {
		id, failure, err := readFailure(r, length)
		switch {
		case err != nil:
			return err
		case id != q.ID:
			return broken("it must answer request %d, got a FAIL of request %d: %s", q.ID, id, failure.Text)
		}
		return failure
	}
	if kind != kindAnswer {
		return broken("an answer must be ANSW or FAIL, got %s", kind)
	}
	if length < answerSize {
		return broken("an ANSW must have at least %d bytes, got %d", answerSize, length)
	}
	var b [answerSize]byte
	if err := readPart(r, b[:], "the head of an ANSW"); err != nil {
		return err
	}
	if id := order.Uint64(b[:]); id != q.ID {
		return broken("it must answer request %d, got an answer to request %d", q.ID, id)
	}
	if batch, dim := order.Uint32(b[8:]), order.Uint32(b[12:]); int64(batch) != int64(q.Batch) || int64(dim) != int64(q.Dim) {
		return broken("it must answer %d rows of %d numbers, got %d rows of %d", q.Batch, q.Dim, batch, dim)
	}
	if want := answerSize + 4*int64(len(dst)); length != want {
		return broken("an ANSW of %d rows of %d must have %d bytes, got %d", q.Batch, q.Dim, want, length)
	}
	return readNumbers(r, dst)
}

// A Failure is a FAIL: the model's own words for why it has no answer. It is
// ready for the next request.
type Failure struct{ Text string }

func (f *Failure) Error() string { return "denoiserpipe: the model failed: " + f.Text }

// WriteFailure sends a FAIL; text beyond MaxText bytes is cut, what is not UTF-8
// and control characters, which might steer a terminal, are replaced.
func WriteFailure(w io.Writer, id uint64, text string) error {
	text = plainText(text)
	frame := order.AppendUint64(header(kindFail, 8+len(text)), id)
	_, err := w.Write(append(frame, text...))
	return err
}

func readFailure(r io.Reader, length int64) (id uint64, f *Failure, err error) {
	if length < 8 || length > 8+MaxText {
		return 0, nil, broken("a FAIL must have from 8 to %d bytes, got %d", 8+MaxText, length)
	}
	b := make([]byte, length)
	if err := readPart(r, b, "a FAIL"); err != nil {
		return 0, nil, err
	}
	return order.Uint64(b), &Failure{plainText(string(b[8:]))}, nil
}

func plainText(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return utf8.RuneError
		}
		return r // RuneError for what is not UTF-8
	}, text)
	if len(text) > MaxText {
		text = text[:MaxText]
		for !utf8.ValidString(text) {
			text = text[:len(text)-1]
		}
	}
	return text
}
