package gadget

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
)

type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// fileOf is a file as the user guide lays it out, put together by the tests on
// their own: what of it a case changes.
type fileOf struct {
	order   byteOrder
	format  int
	double  bool
	longIDs bool
	npart   [6]uint32
	total   [6]uint32
	mass    [6]float64
	files   int32
	first   int  // id of the first particle
	reverse bool // ids descend
}

func plainFile() fileOf {
	return fileOf{order: binary.LittleEndian, format: 1, npart: [6]uint32{1: 3}, total: [6]uint32{1: 3}, mass: [6]float64{1: 2.5}, files: 1, first: 1}
}

// value is coordinate i (0 to 2) of the particle with an id, exact in single
// precision.
func value(id, i int) float64 { return float64(id)*0.5 + float64(i)*0.125 }

func (f fileOf) bytes() []byte {
	var out []byte
	u32 := func(b []byte, x uint32) []byte { return f.order.AppendUint32(b, x) }
	f64 := func(b []byte, x float64) []byte { return f.order.AppendUint64(b, math.Float64bits(x)) }
	record := func(name string, body []byte) {
		if f.format == 2 {
			out = u32(out, 8)
			out = append(out, name...)
			out = u32(out, uint32(len(body)+8))
			out = u32(out, 8)
		}
		out = u32(out, uint32(len(body)))
		out = append(out, body...)
		out = u32(out, uint32(len(body)))
	}
	number := func(b []byte, x float64) []byte {
		if f.double {
			return f64(b, x)
		}
		return u32(b, math.Float32bits(float32(x)))
	}
	var head []byte
	for _, n := range f.npart {
		head = u32(head, n)
	}
	for _, m := range f.mass {
		head = f64(head, m)
	}
	head = f64(f64(head, 0.02), 49)
	head = u32(u32(head, 0), 0)
	for _, n := range f.total {
		head = u32(head, n)
	}
	head = u32(u32(head, 0), uint32(f.files))
	for _, x := range []float64{50, 0.3, 0.7, 0.68} {
		head = f64(head, x)
	}
	head = append(head, make([]byte, 256-len(head))...)
	record("HEAD", head)
	n := 0
	for _, c := range f.npart {
		n += int(c)
	}
	id := func(i int) int {
		if f.reverse {
			return f.first + n - 1 - i
		}
		return f.first + i
	}
	var pos, vel, ids, mass []byte
	for i := range n {
		for j := range 3 {
			pos = number(pos, value(id(i), j))
			vel = number(vel, -100*value(id(i), j))
		}
		if f.longIDs {
			ids = f.order.AppendUint64(ids, uint64(id(i)))
		} else {
			ids = u32(ids, uint32(id(i)))
		}
	}
	for i, c := range f.npart {
		for range c {
			if f.mass[i] == 0 && i == 1 {
				mass = number(mass, 2.5)
			} else if f.mass[i] == 0 {
				mass = number(mass, 9) // of another type
			}
		}
	}
	record("POS ", pos)
	if f.format == 2 {
		record("HSML", make([]byte, 12)) // unknown: passed over
	}
	record("VEL ", vel)
	record("ID  ", ids)
	if len(mass) > 0 {
		record("MASS", mass)
	}
	return out
}

func read(opt Options, files ...[]byte) (*Snapshot, error) {
	var in []io.Reader
	for _, f := range files {
		in = append(in, bytes.NewReader(f))
	}
	return Read(in, opt)
}

// check compares a snapshot with the formula, particles first to first+n−1.
func check(t *testing.T, s *Snapshot, first, n int) {
	t.Helper()
	if len(s.IDs) != n || len(s.Positions) != 3*n || len(s.Velocities) != 3*n {
		t.Fatalf("%d ids, %d coordinates, %d velocities of %d particles", len(s.IDs), len(s.Positions), len(s.Velocities), n)
	}
	for i, id := range s.IDs {
		if id != uint64(first+i) {
			t.Fatalf("particle %d has id %d", i, id)
		}
		for j := range 3 {
			if x := s.Positions[3*i+j]; x != value(first+i, j) {
				t.Errorf("coordinate %d of particle %d is %v", j, i, x)
			}
			if u := s.Velocities[3*i+j]; u != -100*value(first+i, j) {
				t.Errorf("velocity %d of particle %d is %v", j, i, u)
			}
		}
	}
	if s.Mass != 2.5 || s.Header.Box != 50 || s.Header.OmegaM != 0.3 || s.Header.H != 0.68 || s.Header.Redshift != 49 {
		t.Errorf("header %+v, mass %v", s.Header, s.Mass)
	}
}

func TestReadTakesEveryVariant(t *testing.T) {
	for _, order := range []byteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, format := range []int{1, 2} {
			for bits := range 16 {
				f := plainFile()
				f.order, f.format = order, format
				f.double, f.longIDs, f.reverse = bits&1 > 0, bits&2 > 0, bits&4 > 0
				if bits&8 > 0 {
					f.mass[1] = 0
				}
				t.Run(fmt.Sprintf("%v,format=%d,bits=%04b", order, format, bits), func(t *testing.T) {
					s, err := read(Options{Type: 1}, f.bytes())
					if err != nil {
						t.Fatal(err)
					}
					check(t, s, 1, 3)
				})
			}
		}
	}
}

// The order of the files' particles, and how many files there are, leaves no
// trace.
func TestReadPutsASetTogether(t *testing.T) {
	part := plainFile()
	part.total[1], part.files = 7, 3
	a, b, c := part, part, part
	a.first, b.first, c.first = 5, 2, 1
	b.reverse = true
	c.npart[1] = 1
	s, err := read(Options{Type: 1}, a.bytes(), b.bytes(), c.bytes())
	if err != nil {
		t.Fatal(err)
	}
	check(t, s, 1, 7)

	_, err = read(Options{Type: 1}, a.bytes(), b.bytes())
	wantError(t, err, "file 0 of 2: block HEAD at byte 128: NumFilesPerSnapshot must be the number of files given, 2, got 3")
	c.npart[1] = 2
	_, err = read(Options{Type: 1}, a.bytes(), b.bytes(), c.bytes())
	wantError(t, err, "all files must have the 7 particles of type 1 (halo) that the header says, got 8")
	c.npart[1], c.first = 1, 2
	_, err = read(Options{Type: 1}, a.bytes(), b.bytes(), c.bytes())
	wantError(t, err, "block ID: every particle must have an id of its own, got 2 twice")
	c.mass[1] = 3
	_, err = read(Options{Type: 1}, a.bytes(), b.bytes(), c.bytes())
	wantError(t, err, "file 2 of 3: block HEAD at byte 36: the particles' mass must be that of the first file, 2.5, got 3")
}

func TestOtherTypesAreRefusedOrLeftOut(t *testing.T) {
	f := plainFile()
	f.npart, f.total = [6]uint32{0: 2, 1: 3, 4: 1}, [6]uint32{0: 2, 1: 3, 4: 1}
	f.mass[0] = 0 // gas and stars in the block MASS
	_, err := read(Options{Type: 1}, f.bytes())
	wantError(t, err, "block HEAD at byte 100: only particles of type 1 (halo) are taken, got 2 of type 0 (gas)")
	for _, format := range []int{1, 2} {
		f.format = format
		f.mass[1] = 2.5
		s, err := read(Options{Type: 1, LeaveOut: true}, f.bytes())
		if err != nil {
			t.Fatal(err)
		}
		check(t, s, 3, 3)
		f.mass[1] = 0
		if s, err = read(Options{Type: 1, LeaveOut: true}, f.bytes()); err != nil {
			t.Fatal(err)
		}
		check(t, s, 3, 3)
	}
	_, err = read(Options{Type: 2, LeaveOut: true}, f.bytes())
	wantError(t, err, "there must be particles of type 2 (disk), got none")
	_, err = read(Options{Type: 1, LeaveOut: true, Limit: 2}, f.bytes())
	wantError(t, err, "block HEAD at byte 120: there must be at most 2 particles, got 3")
}

func wantError(t *testing.T, err error, text string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("got  %v\nwant %s", err, text)
	}
}

// Offsets in a file of format 1 with three particles: header 4 to 260, positions
// 268 to 304, velocities 312 to 348, ids 356 to 368.
func TestErrorsNameBlockOffsetRuleAndValue(t *testing.T) {
	put := func(at int, x uint32) func([]byte) []byte {
		return func(b []byte) []byte { binary.LittleEndian.PutUint32(b[at:], x); return b }
	}
	float := func(at int, x float64) func([]byte) []byte {
		return func(b []byte) []byte { binary.LittleEndian.PutUint64(b[at:], math.Float64bits(x)); return b }
	}
	for _, c := range []struct {
		name   string
		format int
		change func([]byte) []byte
		want   string
	}{
		{"no snapshot", 1, put(0, 255), "block HEAD at byte 0: the first marker of a GADGET-2 snapshot must be 256 (format 1) or 8 (format 2), in either byte order, got 255 or 4278190080"},
		{"empty", 1, func([]byte) []byte { return nil }, "block HEAD at byte 0: the first marker must be there, but the file ends"},
		{"header's end", 1, put(260, 17), "block HEAD at byte 260: the record's second marker must be its first, 256, got 17"},
		{"box", 1, float(4+128, -50), "block HEAD at byte 132: BoxSize must be positive, got -50"},
		{"time", 1, float(4+72, 0.03), "block HEAD at byte 84: Redshift must agree with Time = 0.03, got 49"},
		{"time NaN", 1, float(4+72, math.NaN()), "block HEAD at byte 76: Time must be a scale factor above 0 and at most 1, got NaN"},
		{"mass", 1, float(4+32, -1), "block HEAD at byte 36: the mass of type 1 (halo) must be at least 0, got -1"},
		{"files", 1, put(4+124, 70000), "block HEAD at byte 128: NumFilesPerSnapshot must be at most 65536, got 70000"},
		{"positions' length", 1, put(264, 40), "block POS at byte 264: the record's length must be 36 or 72 bytes for 3 particles, got 40"},
		{"absurd length", 1, put(264, 0xFFFFFFFC), "block POS at byte 264: the record's length must be 36 or 72 bytes for 3 particles, got 4294967292"},
		{"NaN position", 1, put(268+16, 0x7FC00000), "block POS at byte 284: component 2 of particle 1 must be from -12.5 to 62.5, got NaN"},
		{"position far out", 1, put(268, math.Float32bits(5000)), "block POS at byte 268: component 1 of particle 0 must be from -12.5 to 62.5, got 5000"},
		{"infinite velocity", 1, put(312, 0x7F800000), "block VEL at byte 312: component 1 of particle 0 must be finite, got +Inf"},
		{"positions' end", 1, put(304, 35), "block POS at byte 304: the record's second marker must be its first, 36, got 35"},
		{"cut in positions", 1, func(b []byte) []byte { return b[:280] }, "block POS at byte 268: a record of 36 bytes must be there, but the file ends"},
		{"cut before velocities", 1, func(b []byte) []byte { return b[:308] }, "block VEL at byte 308: the block must be there, but the file ends"},
		{"cut in a marker", 1, func(b []byte) []byte { return b[:310] }, "block VEL at byte 308: the record's first marker must be there, but the file ends"},
		{"ids' length", 1, put(352, 13), "block ID at byte 352: the record's length must be 12 or 24 bytes for 3 particles, got 13"},
		// Format 2: 16 bytes more before each record.
		{"no HEAD", 2, func(b []byte) []byte { copy(b[4:], "POS "); return b }, `block POS at byte 4: the first block must be HEAD, got "POS"`},
		{"name's marker", 2, put(280, 9), "block POS at byte 280: the marker before a block's name must be 8, got 9"},
		{"unprintable name", 2, put(284, 7), `block POS at byte 284: a block's name must be four printable characters, got "\a\x00\x00\x00"`},
		{"length beside the name", 2, put(288, 1), "block POS at byte 284: the length beside the block's name must be 44, that of its record with markers, got 1"},
		{"two blocks of a name", 2, func(b []byte) []byte { return bytes.Replace(b, []byte("VEL "), []byte("POS "), 1) }, "block POS at byte 392: the block must be there once, got a second one"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := plainFile()
			f.format = c.format
			_, err := read(Options{Type: 1}, c.change(f.bytes()))
			wantError(t, err, c.want)
			var where *FormatError
			if !errors.As(err, &where) {
				t.Errorf("%T is not a *FormatError", err)
			}
		})
	}
}

// A header that promises what the file does not hold costs nothing: memory
// grows with what is there.
func TestAPromiseIsNotAllocated(t *testing.T) {
	f := plainFile()
	b := f.bytes()
	const n = 300_000_000
	binary.LittleEndian.PutUint32(b[4+4:], n)
	binary.LittleEndian.PutUint32(b[264:], 12*n&math.MaxUint32)
	got := testing.Benchmark(func(bench *testing.B) {
		for range bench.N {
			if _, err := read(Options{Type: 1}, b); err == nil {
				t.Fatal("a file of 3 particles was taken for one of 300 million")
			}
		}
	}).AllocedBytesPerOp()
	// A buffer of 64 kB for the file and one of 48 kB for conversion.
	if got > 1<<18 {
		t.Errorf("%d bytes were allocated", got)
	}
}

func TestLengthUnitIsThatInWhichTheMassFillsTheBox(t *testing.T) {
	// 32³ particles in 100 Mpc/h, Ω_m = 0.3: m = Ω_m ρ_c L³/N by hand, with
	// ρ_c = 2.7754e11 Msun h²/Mpc³ (the usual figure).
	h := Header{OmegaM: 0.3, NumFiles: 1, NumPart: [6]uint32{1: 32768}, Mass: [6]float64{1: 0.3 * 27.754 * 1e6 / 32768}}
	for _, c := range []struct {
		box  float64
		want Length
	}{{100, Mpc}, {100000, Kpc}} {
		h.Box = c.box
		if got, err := h.LengthUnit(1); got != c.want || err != nil {
			t.Errorf("box %v: %v, %v", c.box, got, err)
		}
	}
	h.Box = 1000
	_, err := h.LengthUnit(1)
	wantError(t, err, "0.001 times the mean density if it is in Mpc/h and 1e+06 times if it is in kpc/h")
	h.Mass[1] = 0
	_, err = h.LengthUnit(1)
	wantError(t, err, "the unit of length can't be recognised: the header has 32768 particles of type 1 (halo), mass 0 each")
}

// Against Eq. (2) at z = 3: v = a dx/dt of 300 km/s is u = 600, and p = a v/100.
func TestVelocitiesAreThoseOfTheCode(t *testing.T) {
	s := Snapshot{Velocities: []float64{600}}
	if p := s.Momenta(0.25)[0]; p != 0.75 {
		t.Errorf("p = %v", p)
	}
	if u := 0.75 * VelocityOfMomentum(0.25); u != 600 {
		t.Errorf("u = %v", u)
	}
}

func output(n int) *Output {
	o := &Output{PositionScale: 1000, VelocityScale: 2, A: 0.02, Box: 50000, Mass: 2.5, OmegaM: 0.3, OmegaLambda: 0.7, H: 0.68, Format: 1, Files: 1}
	for i := range 3 * n {
		o.Positions = append(o.Positions, float64(i)*50/float64(3*n))
		o.Velocities = append(o.Velocities, float64(i)-7.5)
	}
	return o
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	const n = 11
	for _, format := range []int{1, 2} {
		for _, files := range []int{1, 3} {
			for _, double := range []bool{false, true} {
				o := output(n)
				o.Format, o.Files, o.Double = format, files, double
				o.Positions[4] = math.Nextafter(50, 0) // rounds to the box's end in single precision
				var set [][]byte
				for i := range files {
					var b bytes.Buffer
					if err := o.Write(&b, i); err != nil {
						t.Fatal(err)
					}
					set = append(set, b.Bytes())
				}
				s, err := read(Options{Type: 1}, set...)
				if err != nil {
					t.Fatal(err)
				}
				for i := range o.Positions {
					x, u := o.Positions[i]*1000, o.Velocities[i]*2
					if !double {
						x, u = float64(float32(x)), float64(float32(u))
					}
					if x == 50000 {
						x = 0
					}
					if s.Positions[i] != x || s.Velocities[i] != u {
						t.Fatalf("format %d, %d files, double %v: number %d is %v, %v, want %v, %v", format, files, double, i, s.Positions[i], s.Velocities[i], x, u)
					}
				}
				h := s.Header
				if h.Box != 50000 || h.Time != 0.02 || h.Redshift != 49 || h.OmegaM != 0.3 || h.OmegaLambda != 0.7 || h.H != 0.68 || s.Mass != 2.5 || h.NumTotal != [6]uint64{1: n} || h.NumFiles != files {
					t.Errorf("header %+v", h)
				}
			}
		}
	}
}

func TestWriteRefusesWhatTheFormatCannotHold(t *testing.T) {
	for _, c := range []struct {
		format, files int
		want          string
	}{{3, 1, "format must be 1 or 2, got 3"}, {1, 0, "files must be from 1 to 65536, got 0"}, {1, 12, "files must be at most the number of particles, got 12 > 11"}} {
		o := output(11)
		o.Format, o.Files = c.format, c.files
		wantError(t, o.Validate(), c.want)
	}
}

func FuzzRead(f *testing.F) {
	for bits := range 16 {
		c := plainFile()
		c.double, c.longIDs = bits&1 > 0, bits&2 > 0
		if bits&4 > 0 {
			c.order = binary.BigEndian
		}
		c.format = 1 + bits>>3
		f.Add(c.bytes())
	}
	set := plainFile()
	set.files = 2
	f.Add(set.bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := read(Options{Type: 1, LeaveOut: true}, b)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "gadget: ") {
				t.Errorf("error %q", err)
			}
			return
		}
		n := len(s.IDs)
		if n == 0 || len(s.Positions) != 3*n || len(s.Velocities) != 3*n || !slices.IsSorted(s.IDs) {
			t.Errorf("%d ids, %d coordinates, %d velocities", n, len(s.Positions), len(s.Velocities))
		}
		if _, err := s.Header.LengthUnit(1); err != nil {
			_ = err.Error()
		}
	})
}
