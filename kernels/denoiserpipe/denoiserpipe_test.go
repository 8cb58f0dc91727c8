package denoiserpipe

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"
)

func TestHelloComesBackAsSent(t *testing.T) {
	for _, h := range []Hello{
		{Version: 1},
		{Version: 1, Atoms: 67, Dim: 201, Equivariant: true, Model: "protein β v3, step 12000"},
		{Version: 1, Dim: 2, Model: strings.Repeat("m", MaxName)},
	} {
		var b bytes.Buffer
		if err := WriteHello(&b, h); err != nil {
			t.Fatal(err)
		}
		got, err := ReadHello(iotest.OneByteReader(&b))
		if err != nil || got != h {
			t.Errorf("sent %+v, got %+v, %v", h, got, err)
		}
	}
}

// Float32 has 24 bits of significand: a coordinate comes back within 2^-24 of
// itself, and exactly where it is a float32 already; NaN and infinities pass.
func TestRequestAndAnswerComeBackRounded(t *testing.T) {
	const batch, dim = 7, 3 * 5000 // several blocks
	x := make([]float64, batch*dim)
	for i := range x {
		x[i] = math.Sqrt(float64(i)) * 17.3 * float64(1-2*(i%2))
	}
	x[5], x[6], x[7], x[8] = math.NaN(), math.Inf(1), math.Inf(-1), 1e300
	q := Request{ID: 1<<40 + 3, Sigma: 2560.123456789, Batch: batch, Dim: dim, X: x}
	var b bytes.Buffer
	if err := WriteRequest(&b, q); err != nil {
		t.Fatal(err)
	}
	if got, want := b.Len(), 32+4*batch*dim; got != want {
		t.Errorf("a request has %d bytes, want %d", got, want)
	}
	got, err := ReadRequest(iotest.HalfReader(&b))
	if err != nil || got.ID != q.ID || got.Sigma != q.Sigma || got.Batch != batch || got.Dim != dim {
		t.Fatalf("got %d %g %dx%d, %v", got.ID, got.Sigma, got.Batch, got.Dim, err)
	}
	if err := WriteAnswer(&b, q.ID, batch, dim, got.X); err != nil {
		t.Fatal(err)
	}
	answer := make([]float64, batch*dim)
	if err := ReadAnswer(iotest.HalfReader(&b), q, answer); err != nil {
		t.Fatal(err)
	}
	for i, v := range answer {
		switch {
		case math.Float64bits(v) != math.Float64bits(got.X[i]) && !(math.IsNaN(v) && math.IsNaN(got.X[i])):
			t.Fatalf("number %d: the answer %g is not the %g sent", i, v, got.X[i])
		case i == 5 && !math.IsNaN(v), (i == 6 || i == 8) && !math.IsInf(v, 1), i == 7 && !math.IsInf(v, -1):
			t.Errorf("number %d came as %g, sent %g", i, v, x[i])
		case (i < 5 || i > 8) && math.Abs(v-x[i]) > math.Abs(x[i])/(1<<24):
			t.Errorf("number %d came as %g, sent %g", i, v, x[i])
		}
	}
	if _, err := ReadRequest(&b); err != io.EOF {
		t.Errorf("the end of the conversation is %v", err)
	}
}

func TestFailureCarriesItsText(t *testing.T) {
	long := strings.Repeat("ä", MaxText)
	for _, c := range []struct{ sent, want string }{
		{"CUDA out of memory\n  in layer 3", "CUDA out of memory\n  in layer 3"},
		{"\x1b[2Jbad \xff", "\uFFFD[2Jbad \uFFFD"},
		{long, long[:MaxText]},
	} {
		var b bytes.Buffer
		if err := WriteFailure(&b, 9, c.sent); err != nil {
			t.Fatal(err)
		}
		var f *Failure
		err := ReadAnswer(&b, Request{ID: 9, Batch: 1, Dim: 1}, make([]float64, 1))
		if !errors.As(err, &f) || f.Text != c.want {
			t.Errorf("sent %.40q, got %.80v", c.sent, err)
		}
	}
}

func frame(kind string, payload ...any) []byte {
	var b bytes.Buffer
	for _, p := range payload {
		switch p := p.(type) {
		case int:
			b.Write(order.AppendUint32(nil, uint32(p)))
		case uint64:
			b.Write(order.AppendUint64(nil, p))
		case string:
			b.WriteString(p)
		}
	}
	return append(header(kind, b.Len()), b.Bytes()...)
}

func TestBrokenFramesAreNamed(t *testing.T) {
	q := Request{ID: 7, Sigma: 1, Batch: 2, Dim: 3}
	answer := func(b []byte) error { return ReadAnswer(bytes.NewReader(b), q, make([]float64, 6)) }
	hello := func(b []byte) error { _, err := ReadHello(bytes.NewReader(b)); return err }
	ask := func(b []byte) error { _, err := ReadRequest(bytes.NewReader(b)); return err }
	whole := frame("ANSW", uint64(7), 2, 3, strings.Repeat("\x00", 24))
	for _, c := range []struct {
		what string
		err  error
		want string
	}{
		{"text on standard output", answer([]byte("Loading checkpoint shards")), `it must begin with a frame, got the bytes "Loading "`},
		{"a short text", answer([]byte("Hi\n")), `must begin with a frame, got the bytes "Hi\n"`},
		{"a cut head", answer(whole[:6]), "cut off: 6 of the 8 bytes of a frame's head"},
		{"a cut answer's head", answer(whole[:12]), "cut off: 4 of the 16 bytes of the head of an ANSW"},
		{"a short answer", answer(whole[:len(whole)-5]), "cut off: 19 of the 24 bytes of its coordinates"},
		{"an answer too long", answer(frame("ANSW", uint64(7), 2, 3, strings.Repeat("\x00", 28))), "2 rows of 3 must have 40 bytes, got 44"},
		{"another id", answer(frame("ANSW", uint64(6), 2, 3)), "must answer request 7, got an answer to request 6"},
		{"another shape", answer(frame("ANSW", uint64(7), 3, 2)), "must answer 2 rows of 3 numbers, got 3 rows of 2"},
		{"no shape", answer(frame("ANSW", uint64(7))), "at least 16 bytes, got 8"},
		{"another kind", answer(frame("ASKD", uint64(7))), "must be ANSW or FAIL, got ASKD"},
		{"a failure of another request", answer(frame("FAIL", uint64(8), "no")), "must answer request 7, got a FAIL of request 8: no"},
		{"a failure without an id", answer(frame("FAIL", "no")), "a FAIL must have from 8 to 65544 bytes, got 2"},
		{"an endless failure", answer(header("FAIL", 1<<30)), "a FAIL must have from 8 to 65544 bytes, got 1073741824"},

		{"an answer before a hello", hello(whole), "the first frame must be HELO, got ANSW"},
		{"an endless hello", hello(header("HELO", 1<<31)), "from 16 to 1040 bytes, got 2147483648"},
		{"a short hello", hello(frame("HELO", 1, 2)), "from 16 to 1040 bytes, got 8"},
		{"a hello cut off", hello(frame("HELO", 1, 0, 0, 0, "model")[:20]), "cut off: 12 of the 21 bytes of a HELO"},
		{"atoms that are not a third", hello(frame("HELO", 1, 5, 14, 0)), "dim must be 3 for each of its 5 atoms, got 14"},
		{"an unknown flag", hello(frame("HELO", 1, 0, 2, 6)), "flags must be 0 or 1 (equivariant), got 6"},
		{"a dim too large", hello(frame("HELO", 1, 0, 1<<25, 0)), "dim must be from 0 to 16777216, got 33554432"},
		{"a name of several lines", hello(frame("HELO", 1, 0, 2, 0, "a\nb")), `must be a line of UTF-8 of at most 1024 bytes, got "a\nb"`},

		{"an answer for a request", ask(whole), "a request must be ASKD, got ANSW"},
		{"no row", ask(frame("ASKD", uint64(1), uint64(0), 0, 3)), "at least one row"},
		{"a shape beyond all bounds", ask(frame("ASKD", uint64(1), uint64(0), 1<<31, 1<<24)), "at most 268435456 in all, got 2147483648 rows of 16777216"},
		{"a request of another length", ask(frame("ASKD", uint64(1), uint64(0), 2, 3, "1234")), "must have 48 bytes, got 28"},
		{"a request too short for its head", ask(frame("ASKD", uint64(1))), "at least 24 bytes, got 8"},
	} {
		if !errors.Is(c.err, ErrProtocol) || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("%s: got %v\nwant …%s…", c.what, c.err, c.want)
		}
	}
}

func TestAnotherVersionIsTold(t *testing.T) {
	h, err := ReadHello(bytes.NewReader(frame("HELO", 2, "whatever follows in version 2")))
	if err != nil || h != (Hello{Version: 2}) {
		t.Errorf("got %+v, %v", h, err)
	}
}

func TestStreamErrorsPassUnchanged(t *testing.T) {
	bad := errors.New("bad pipe")
	if _, err := ReadHello(iotest.ErrReader(bad)); err != bad {
		t.Errorf("got %v", err)
	}
	whole := frame("ANSW", uint64(7), 1, 1, "1234")
	r := io.MultiReader(bytes.NewReader(whole[:26]), iotest.ErrReader(bad))
	if err := ReadAnswer(r, Request{ID: 7, Batch: 1, Dim: 1}, make([]float64, 1)); err != bad {
		t.Errorf("got %v", err)
	}
	if err := ReadAnswer(strings.NewReader(""), Request{ID: 7, Batch: 1, Dim: 1}, make([]float64, 1)); err != io.EOF {
		t.Errorf("the end before an answer is %v", err)
	}
}

// Whatever the bytes, a reader returns a frame that is written as those bytes
// again, or an error; it never panics and takes no memory for a length alone.
func FuzzFrames(f *testing.F) {
	f.Add(frame("HELO", 1, 2, 6, 1, "model"))
	f.Add(frame("ASKD", uint64(7), uint64(0), 1, 2, "12345678"))
	f.Add(frame("ANSW", uint64(7), 1, 2, "12345678"))
	f.Add(frame("FAIL", uint64(7), "why"))
	f.Add(frame("ASKD", uint64(7), uint64(0), 1<<14, 1<<14))
	f.Add([]byte("Loading"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var again bytes.Buffer
		same := func(what string) {
			if !bytes.HasPrefix(b, again.Bytes()) && !nanPayload(b) {
				t.Errorf("%s: % x is written again as % x", what, b, again.Bytes())
			}
			again.Reset()
		}
		if h, err := ReadHello(bytes.NewReader(b)); err == nil && h.Version == Version {
			if err := WriteHello(&again, h); err != nil {
				t.Fatal(err)
			}
			same("HELO")
		}
		if q, err := ReadRequest(bytes.NewReader(b)); err == nil {
			if err := WriteRequest(&again, q); err != nil {
				t.Fatal(err)
			}
			same("ASKD")
		}
		dst := make([]float64, 2)
		err := ReadAnswer(bytes.NewReader(b), Request{ID: 7, Batch: 1, Dim: 2}, dst)
		if err == nil {
			if err := WriteAnswer(&again, 7, 1, 2, dst); err != nil {
				t.Fatal(err)
			}
			same("ANSW")
		}
		var failure *Failure
		if errors.As(err, &failure) && failure.Text != plainText(failure.Text) {
			t.Errorf("the text %q could steer a terminal", failure.Text)
		}
	})
}

// nanPayload tells whether some aligned float32 of a frame is a NaN, whose bits
// a conversion may change.
func nanPayload(b []byte) bool {
	for i := headerSize; i+4 <= len(b); i += 4 {
		if v := math.Float32frombits(order.Uint32(b[i:])); v != v {
			return true
		}
	}
	return false
}

func TestWrongShapesByTheCallerPanic(t *testing.T) {
	for name, call := range map[string]func(){
		"request": func() { WriteRequest(io.Discard, Request{Batch: 2, Dim: 3, X: make([]float64, 5)}) },
		"answer":  func() { WriteAnswer(io.Discard, 1, 0, 3, nil) },
		"read":    func() { ReadAnswer(strings.NewReader(""), Request{Batch: 1, Dim: 3}, nil) },
		"hello":   func() { WriteHello(io.Discard, Hello{Atoms: 1, Dim: 2}) },
	} {
		func() {
			defer func() {
				if text, _ := recover().(string); !strings.HasPrefix(text, "denoiserpipe: ") {
					t.Errorf("%s: recovered %q", name, text)
				}
			}()
			call()
		}()
	}
}
