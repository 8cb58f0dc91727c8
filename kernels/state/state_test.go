package state

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"slices"
	"strings"
	"testing"
)

var frame = Frame{Magic: "RLTESTS\x01", Package: "tests", Of: "a test's", MaxHeader: 64}

type head struct {
	N int64 `json:"n"`
}

func write(t testing.TB, x []float64) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := frame.Write(&b, head{int64(len(x))}, x[:len(x)/2], x[len(x)/2:]); err != nil {
		t.Fatal(err)
	}
	if got := frame.Size(head{int64(len(x))}, int64(len(x))); got != int64(b.Len()) {
		t.Fatalf("Size says %d bytes, Write wrote %d", got, b.Len())
	}
	return b.Bytes()
}

func read(b []byte) ([]float64, error) {
	var h head
	r, err := frame.Open(bytes.NewReader(b), &h)
	if err != nil {
		return nil, err
	}
	x, err := r.NewFloats(h.N, "numbers")
	if err != nil {
		return nil, err
	}
	return x, r.Close()
}

// numbers more than two chunks of them, with every kind of bits.
func numbers() []float64 {
	x := []float64{0, math.Copysign(0, -1), math.Inf(1), math.SmallestNonzeroFloat64, -1.5}
	for i := range 2*chunk + 7 {
		x = append(x, math.Sqrt(float64(i)))
	}
	return x
}

// The layout by hand, so that states of earlier builds stay readable.
func TestBytesAreThoseOfTheDescription(t *testing.T) {
	text := `{"n":2}`
	want := append([]byte("RLTESTS\x01"), byte(len(text)), 0, 0, 0)
	want = append(want, text...)
	want = append(want, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0) // 1.5, -2
	want = binary.LittleEndian.AppendUint32(want, crc32.Checksum(want, crc32.MakeTable(crc32.Castagnoli)))
	if got := write(t, []float64{1.5, -2}); !bytes.Equal(got, want) {
		t.Errorf("a state is\n% x, want\n% x", got, want)
	}
}

func TestNumbersComeBackBitForBit(t *testing.T) {
	x := numbers()
	got, err := read(write(t, x))
	if err != nil {
		t.Fatal(err)
	}
	same := func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }
	if !slices.EqualFunc(got, x, same) {
		t.Error("the numbers differ")
	}
}

func TestDamageIsFound(t *testing.T) {
	state := write(t, []float64{1, 2, 3})
	for cut := range state {
		if _, err := read(state[:cut]); !errors.Is(err, ErrDamaged) {
			t.Errorf("cut to %d of %d bytes: %v", cut, len(state), err)
		}
	}
	for i := range state {
		broken := bytes.Clone(state)
		broken[i] ^= 4
		if _, err := read(broken); !errors.Is(err, ErrDamaged) {
			t.Errorf("byte %d changed: %v", i, err)
		}
	}
}

// A header may claim any number: memory follows the bytes that are there.
func TestAClaimIsNotAllocated(t *testing.T) {
	var b bytes.Buffer
	if err := frame.Write(&b, head{1 << 60}); err != nil {
		t.Fatal(err)
	}
	if _, err := read(b.Bytes()); !errors.Is(err, ErrDamaged) {
		t.Errorf("a claim of 2^60 numbers gives %v", err)
	}
	b.Reset()
	if err := frame.Write(&b, head{-1}); err != nil {
		t.Fatal(err)
	}
	if _, err := read(b.Bytes()); !errors.Is(err, ErrDamaged) {
		t.Errorf("a claim of -1 numbers gives %v", err)
	}
}

func TestErrorsNameThePackageAndWhatIsWrong(t *testing.T) {
	_, err := read([]byte("RLOTHER\x01\x00\x00\x00\x00"))
	if want := "tests: the saved state is damaged: it does not begin as a test's state does"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if err := frame.Mismatch("of %d", 3); !errors.Is(err, ErrMismatch) || !strings.HasSuffix(err.Error(), ": of 3") {
		t.Errorf("Mismatch gives %v", err)
	}
}

type full struct{ room int }

func (f *full) Write(b []byte) (int, error) {
	if f.room -= len(b); f.room < 0 {
		return 0, errors.New("no space left")
	}
	return len(b), nil
}

func TestWriteReportsAFullDisk(t *testing.T) {
	size := len(write(t, numbers()))
	for room := 0; room < size; room += 997 {
		if err := frame.Write(&full{room}, head{1}, numbers()); err == nil || !strings.Contains(err.Error(), "no space left") {
			t.Fatalf("with room for %d bytes: %v", room, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(write(f, []float64{1, 2, 3}))
	f.Add([]byte(frame.Magic))
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := read(b)
		if err != nil {
			return
		}
		if len(x) > len(b)/8 {
			t.Errorf("%d numbers out of %d bytes", len(x), len(b))
		}
	})
}
