package gadget

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// Output is a simulation as Write takes it: particles of type 1, all of one
// mass. Positions times PositionScale are in the unit of Box, velocities times
// VelocityScale are u of Eq. (2).
type Output struct {
	Positions     []float64 // x0 y0 z0 x1 …
	PositionScale float64
	Velocities    []float64
	VelocityScale float64

	A           float64 // scale factor
	Box         float64 // in the file's unit of length
	Mass        float64 // of a particle, 10^10 M☉/h
	OmegaM      float64
	OmegaLambda float64
	H           float64

	Format int  // 1 or 2
	Files  int  // of the set
	Double bool // coordinates of 8 bytes, not 4
}

// maxRecord is the greatest length that a marker can tell.
const maxRecord = math.MaxUint32 - 8 // format 2 tells it with its markers

// Validate checks what can't be written.
func (o *Output) Validate() error {
	n := len(o.Positions) / 3
	switch {
	case o.Format != 1 && o.Format != 2:
		return fmt.Errorf("gadget: format must be 1 or 2, got %d", o.Format)
	case o.Files < 1 || o.Files > maxFiles:
		return fmt.Errorf("gadget: files must be from 1 to %d, got %d", maxFiles, o.Files)
	case o.Files > n:
		return fmt.Errorf("gadget: files must be at most the number of particles, got %d > %d", o.Files, n)
	}
	if part := (n + o.Files - 1) / o.Files; part > maxRecord/(3*o.width()) {
		return fmt.Errorf("gadget: files must be at least %d, since a record holds less than 4 GiB, got %d", (n*3*o.width()+maxRecord-1)/maxRecord, o.Files)
	}
	return nil
}

func (o *Output) width() int {
	if o.Double {
		return 8
	}
	return 4
}

// Write writes file number file of the set, little-endian. Ids count from 1
// through the set; they take 8 bytes where 4 are too few. It panics if o is not
// valid or has no such file.
func (o *Output) Write(w io.Writer, file int) error {
	if err := o.Validate(); err != nil || file < 0 || file >= o.Files {
		panic(fmt.Sprintf("gadget: Write of file %d: %v", file, err))
	}
	n := len(o.Positions) / 3
	lo, hi := n*file/o.Files, n*(file+1)/o.Files
	h := Header{
		Time: o.A, Redshift: 1/o.A - 1, NumFiles: o.Files,
		Box: o.Box, OmegaM: o.OmegaM, OmegaLambda: o.OmegaLambda, H: o.H,
	}
	h.NumPart[1], h.NumTotal[1], h.Mass[1] = uint32(hi-lo), uint64(n), o.Mass

	out := &blockWriter{w: bufio.NewWriterSize(w, 1<<16), format: o.Format}
	out.block("HEAD", headerSize, func() { out.bytes(h.encode(o.Double)) })
	out.block("POS ", 3*o.width()*(hi-lo), func() {
		for _, x := range o.Positions[3*lo : 3*hi] {
			// Rounding may reach the box's end, which is its beginning.
			if x = o.round(float64(x * o.PositionScale)); x >= o.Box {
				x = 0
			}
			out.float(x, o.Double)
		}
	})
	out.block("VEL ", 3*o.width()*(hi-lo), func() {
		for _, v := range o.Velocities[3*lo : 3*hi] {
			out.float(float64(v*o.VelocityScale), o.Double)
		}
	})
	long := n > math.MaxUint32
	size := 4
	if long {
		size = 8
	}
	out.block("ID  ", size*(hi-lo), func() {
		for i := lo + 1; i <= hi; i++ {
			if long {
				out.bytes(binary.LittleEndian.AppendUint64(out.buf[:0], uint64(i)))
			} else {
				out.uint32(uint32(i))
			}
		}
	})
	if err := out.w.Flush(); err != nil {
		return fmt.Errorf("gadget: %w", err)
	}
	return nil
}

// round is what a file holds of x.
func (o *Output) round(x float64) float64 {
	if o.Double {
		return x
	}
	return float64(float32(x))
}

// blockWriter writes blocks. An error stays with its bufio.Writer.
type blockWriter struct {
	w      *bufio.Writer
	format int
	buf    [8]byte
}

func (w *blockWriter) bytes(b []byte) { w.w.Write(b) }

func (w *blockWriter) uint32(x uint32) { w.bytes(binary.LittleEndian.AppendUint32(w.buf[:0], x)) }

func (w *blockWriter) float(x float64, double bool) {
	if double {
		w.bytes(binary.LittleEndian.AppendUint64(w.buf[:0], math.Float64bits(x)))
	} else {
		w.uint32(math.Float32bits(float32(x)))
	}
}

// block writes a record of the given length, in format 2 after its name.
func (w *blockWriter) block(name string, length int, content func()) {
	if w.format == 2 {
		w.uint32(8)
		w.bytes([]byte(name))
		w.uint32(uint32(length) + 8)
		w.uint32(8)
	}
	w.uint32(uint32(length))
	content()
	w.uint32(uint32(length))
}

// VelocityOfMomentum is the factor from p to u of Eq. (3).
func VelocityOfMomentum(a float64) float64 { return 100 / (a * math.Sqrt(a)) }
