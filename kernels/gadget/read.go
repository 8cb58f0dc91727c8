package gadget

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
)

// Options say which particles Read takes.
type Options struct {
	Type int // 0 to 5; GADGET's dark matter is type 1
	// LeaveOut passes over particles of other types, which are an error else.
	LeaveOut bool
	// Limit is the greatest number of particles, 0 for no limit.
	Limit int
}

// A Snapshot is the particles of one type, in the order of their ids.
type Snapshot struct {
	Header     Header    // of the first file
	Positions  []float64 // x0 y0 z0 x1 …, in the file's unit of length, as they stand there
	Velocities []float64 // u of Eq. (2), km/s
	IDs        []uint64  // ascending
	Mass       float64   // of a particle, in the file's unit; 0 if it says none
}

// Momenta takes Velocities to p of Eq. (3) in place and returns them.
func (s *Snapshot) Momenta(a float64) []float64 {
	f := a * math.Sqrt(a) / 100
	for i, u := range s.Velocities {
		s.Velocities[i] = float64(f * u)
	}
	return s.Velocities
}

// Read reads a snapshot from the files of a set, in their order. What breaks
// the format or an option is a *FormatError. Memory grows with what is read,
// not with what a header promises.
func Read(files []io.Reader, opt Options) (*Snapshot, error) {
	s := &Snapshot{}
	for i, in := range files {
		if err := s.add(in, i, len(files), opt); err != nil {
			return nil, err
		}
	}
	r := &records{file: len(files) - 1, files: len(files), block: blockHead}
	if got, want := uint64(len(s.IDs)), s.Header.total(opt.Type); got != want {
		return nil, r.fail(atNumTotal, fmt.Sprintf("all files must have the %d particles of type %d (%s) that the header says", want, opt.Type, Types[opt.Type]), strconv.FormatUint(got, 10))
	}
	if len(s.IDs) == 0 {
		return nil, r.fail(4, fmt.Sprintf("there must be particles of type %d (%s)", opt.Type, Types[opt.Type]), "none")
	}
	return s, s.sort()
}

// part is one file as it is being read.
type part struct {
	*records
	h     Header
	opt   Options
	total int64 // particles of all types in this file
	skip  int64 // of the types before the one wanted
	count int64 // of the one wanted
}

// add reads one file.
func (s *Snapshot) add(in io.Reader, file, files int, opt Options) error {
	r, err := newRecords(in, file, files)
	if err != nil {
		return err
	}
	h, err := r.header()
	if err != nil {
		return err
	}
	r.files = files
	p := &part{records: r, h: h, opt: opt}
	start := r.at - headerSize - 4
	if err := p.checkHeader(s, file, files, start); err != nil {
		return err
	}
	if file == 0 {
		s.Header = h
	}
	for i, n := range h.NumPart {
		if i < opt.Type {
			p.skip += int64(n)
		}
		p.total += int64(n)
	}
	p.count = int64(h.NumPart[opt.Type])
	if p.total == 0 {
		return nil // some codes leave a process without particles
	}
	return p.blocks(s)
}

// checkHeader compares the header with the options and with the first file's.
func (p *part) checkHeader(s *Snapshot, file, files int, start int64) error {
	h := &p.h
	if h.Files() != files {
		return p.fail(start+atNumFiles, fmt.Sprintf("NumFilesPerSnapshot must be the number of files given, %d", files), strconv.Itoa(h.NumFiles))
	}
	for i := range 6 {
		if n := h.total(i); n > 0 && i != p.opt.Type && !p.opt.LeaveOut {
			return p.fail(start+atNumTotal+4*int64(i), fmt.Sprintf("only particles of type %d (%s) are taken", p.opt.Type, Types[p.opt.Type]), fmt.Sprintf("%d of type %d (%s)", n, i, Types[i]))
		}
	}
	if n := h.total(p.opt.Type); p.opt.Limit > 0 && n > uint64(p.opt.Limit) {
		return p.fail(start+atNumTotal+4*int64(p.opt.Type), fmt.Sprintf("there must be at most %d particles", p.opt.Limit), strconv.FormatUint(n, 10))
	}
	if file == 0 {
		return nil
	}
	first := &s.Header
	for _, c := range []struct {
		at         int64
		name       string
		here, that float64
	}{
		{atTime, "Time", h.Time, first.Time},
		{atBox, "BoxSize", h.Box, first.Box},
		{atOmegaM, "Omega0", h.OmegaM, first.OmegaM},
		{atH, "HubbleParam", h.H, first.H},
		{atMass + 8*int64(p.opt.Type), "the particles' mass", h.Mass[p.opt.Type], first.Mass[p.opt.Type]},
		{atNumTotal + 4*int64(p.opt.Type), "the number of all particles", float64(h.NumTotal[p.opt.Type]), float64(first.NumTotal[p.opt.Type])},
	} {
		if c.here != c.that {
			return p.fail(start+c.at, c.name+" must be that of the first file, "+text(c.that), text(c.here))
		}
	}
	return nil
}

// blocks reads the blocks behind the header.
func (p *part) blocks(s *Snapshot) error {
	var inBlock int64 // particles in the block MASS
	var before int64  // of types before the one wanted
	for i, n := range p.h.NumPart {
		if p.h.Mass[i] == 0 {
			inBlock += int64(n)
			if i < p.opt.Type {
				before += int64(n)
			}
		}
	}
	wanted := []string{blockPos, blockVel, blockID}
	if p.count > 0 && p.h.Mass[p.opt.Type] == 0 {
		wanted = append(wanted, blockMass)
	} else if p.count > 0 {
		s.Mass = p.h.Mass[p.opt.Type]
	}
	seen := map[string]bool{}
	for len(seen) < len(wanted) {
		missing := wanted[slices.IndexFunc(wanted, func(w string) bool { return !seen[w] })]
		if err := p.next(missing); err == io.EOF {
			p.block = missing
			return p.fail(p.at, "the block must be there, but the file ends", "")
		} else if err != nil {
			return err
		}
		if seen[p.block] {
			return p.fail(p.at-4, "the block must be there once", "a second one")
		}
		var err error
		switch {
		case !slices.Contains(wanted, p.block):
			err = p.records.skip()
		case p.block == blockPos:
			s.Positions, err = p.vectors(s.Positions, -outside*p.h.Box, (1+outside)*p.h.Box)
		case p.block == blockVel:
			s.Velocities, err = p.vectors(s.Velocities, -math.MaxFloat64, math.MaxFloat64)
		case p.block == blockID:
			err = p.ids(s)
		case p.block == blockMass:
			err = p.masses(s, inBlock, before)
		}
		if err != nil {
			return err
		}
		if slices.Contains(wanted, p.block) {
			seen[p.block] = true
		}
	}
	return nil
}

// setMass notes a particle's mass, or calls fail with it if another one differs.
// A mass may differ by what a conversion to single precision leaves.
func (s *Snapshot) setMass(m float64, fail func(got string) error) error {
	if s.Mass == 0 {
		s.Mass = m
	}
	if !(math.Abs(m-s.Mass) <= 1e-6*s.Mass) || m-m != 0 || m < 0 {
		return fail(text(m))
	}
	return nil
}

// width is the size of one number in a block of n times per particle.
func (p *part) width(n, per int64) (int64, error) {
	for _, w := range []int64{4, 8} {
		if p.length == n*per*w {
			return w, nil
		}
	}
	return 0, p.fail(p.at-4, fmt.Sprintf("the record's length must be %d or %d bytes for %d particles", n*per*4, n*per*8, n), strconv.FormatInt(p.length, 10))
}

// chunkSize is how much is converted at a time; it divides by 24.
const chunkSize = 24 << 11

// numbers passes over skip·w bytes, hands count·w to f in pieces, each with its
// offset, and passes over the rest of the record.
func (p *part) numbers(skip, count, w int64, f func(at int64, b []byte) error) error {
	buf := make([]byte, min(chunkSize, max(count*w, skip*w)))
	for left := skip * w; left > 0; {
		n := min(left, int64(len(buf)))
		if err := p.read(buf[:n]); err != nil {
			return err
		}
		left -= n
	}
	for left := count * w; left > 0; {
		n := min(left, int64(len(buf)))
		at := p.at
		if err := p.read(buf[:n]); err != nil {
			return err
		}
		if err := f(at, buf[:n]); err != nil {
			return err
		}
		left -= n
	}
	return p.records.skip()
}

// outside is how far from the box a particle may be, in its sides: some
// programs leave displaced particles unwrapped. Further out, the unit of length
// is not what the header has its box in.
const outside = 0.25

// vectors appends a block of three numbers a particle, from lo to hi, to x.
func (p *part) vectors(x []float64, lo, hi float64) ([]float64, error) {
	w, err := p.width(p.total, 3)
	if err != nil {
		return nil, err
	}
	err = p.numbers(3*p.skip, 3*p.count, w, func(at int64, b []byte) error {
		for i := int64(0); i < int64(len(b)); i += w {
			v := decodeFloat(b[i:i+w], p.order)
			if !(v >= lo && v <= hi) {
				rule := fmt.Sprintf("component %d of particle %d must be from %s to %s", len(x)%3+1, len(x)/3, text(lo), text(hi))
				if hi == math.MaxFloat64 {
					rule = fmt.Sprintf("component %d of particle %d must be finite", len(x)%3+1, len(x)/3)
				}
				return p.fail(at+i, rule, text(v))
			}
			x = append(x, v)
		}
		return nil
	})
	return x, err
}

func (p *part) ids(s *Snapshot) error {
	w, err := p.width(p.total, 1)
	if err != nil {
		return err
	}
	return p.numbers(p.skip, p.count, w, func(_ int64, b []byte) error {
		for i := int64(0); i < int64(len(b)); i += w {
			if w == 4 {
				s.IDs = append(s.IDs, uint64(p.order.Uint32(b[i:])))
			} else {
				s.IDs = append(s.IDs, p.order.Uint64(b[i:]))
			}
		}
		return nil
	})
}

func (p *part) masses(s *Snapshot, n, before int64) error {
	w, err := p.width(n, 1)
	if err != nil {
		return err
	}
	return p.numbers(before, p.count, w, func(at int64, b []byte) error {
		for i := int64(0); i < int64(len(b)); i += w {
			m := decodeFloat(b[i:i+w], p.order)
			if err := s.setMass(m, func(got string) error {
				return p.fail(at+i, "all particles must have the first one's mass, "+text(s.Mass), got)
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

func decodeFloat(b []byte, order binary.ByteOrder) float64 {
	if len(b) == 4 {
		return float64(math.Float32frombits(order.Uint32(b)))
	}
	return math.Float64frombits(order.Uint64(b))
}

// sort puts the particles in the order of their ids, which must differ.
func (s *Snapshot) sort() error {
	if !slices.IsSorted(s.IDs) {
		from := make([]int, len(s.IDs))
		for i := range from {
			from[i] = i
		}
		slices.SortFunc(from, func(a, b int) int {
			if s.IDs[a] < s.IDs[b] {
				return -1
			}
			if s.IDs[a] > s.IDs[b] {
				return 1
			}
			return a - b
		})
		ids := make([]uint64, len(from))
		for i, j := range from {
			ids[i] = s.IDs[j]
		}
		s.IDs = ids
		s.Positions = permuted(s.Positions, from)
		s.Velocities = permuted(s.Velocities, from)
	}
	for i := 1; i < len(s.IDs); i++ {
		if s.IDs[i] == s.IDs[i-1] {
			return fmt.Errorf("gadget: block ID: every particle must have an id of its own, got %d twice", s.IDs[i])
		}
	}
	return nil
}

func permuted(x []float64, from []int) []float64 {
	y := make([]float64, len(x))
	for i, j := range from {
		copy(y[3*i:3*i+3], x[3*j:3*j+3])
	}
	return y
}
