package gadget

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
)

// Types are the names of the six types of particles, by number.
var Types = [6]string{"gas", "halo", "disk", "bulge", "stars", "boundary"}

// A Header is what a file says of itself. What it holds beyond this (star
// formation, cooling and other flags) is passed over, and written as 0.
type Header struct {
	NumPart     [6]uint32  // particles of each type in this file
	Mass        [6]float64 // of a particle of each type; 0: see the block MASS
	Time        float64    // the scale factor a
	Redshift    float64
	NumTotal    [6]uint64 // particles of each type in all files
	NumFiles    int
	Box         float64 // comoving side, in the file's unit of length
	OmegaM      float64 // 0: not said
	OmegaLambda float64
	H           float64 // H0 / (100 km/s/Mpc); 0: not said
}

const headerSize = 256

// Offsets in the header of what is found there.
const (
	atNumPart     = 0
	atMass        = 24
	atTime        = 72
	atRedshift    = 80
	atNumTotal    = 96
	atNumFiles    = 124
	atBox         = 128
	atOmegaM      = 136
	atOmegaLambda = 144
	atH           = 152
	atHighWord    = 168
	atDouble      = 196 // flag_doubleprecision, as GADGET-3 and its kin have it
)

func decodeHeader(b []byte, order binary.ByteOrder) Header {
	var h Header
	float := func(at int) float64 { return math.Float64frombits(order.Uint64(b[at:])) }
	for i := range 6 {
		h.NumPart[i] = order.Uint32(b[atNumPart+4*i:])
		h.Mass[i] = float(atMass + 8*i)
		h.NumTotal[i] = uint64(order.Uint32(b[atNumTotal+4*i:])) | uint64(order.Uint32(b[atHighWord+4*i:]))<<32
	}
	h.Time, h.Redshift = float(atTime), float(atRedshift)
	h.NumFiles = int(int32(order.Uint32(b[atNumFiles:])))
	h.Box, h.OmegaM, h.OmegaLambda, h.H = float(atBox), float(atOmegaM), float(atOmegaLambda), float(atH)
	return h
}

// encode returns the header's bytes, little-endian.
func (h *Header) encode(double bool) []byte {
	b := make([]byte, headerSize)
	order := binary.LittleEndian
	float := func(at int, x float64) { order.PutUint64(b[at:], math.Float64bits(x)) }
	for i := range 6 {
		order.PutUint32(b[atNumPart+4*i:], h.NumPart[i])
		float(atMass+8*i, h.Mass[i])
		order.PutUint32(b[atNumTotal+4*i:], uint32(h.NumTotal[i]))
		order.PutUint32(b[atHighWord+4*i:], uint32(h.NumTotal[i]>>32))
	}
	float(atTime, h.Time)
	float(atRedshift, h.Redshift)
	order.PutUint32(b[atNumFiles:], uint32(h.NumFiles))
	float(atBox, h.Box)
	float(atOmegaM, h.OmegaM)
	float(atOmegaLambda, h.OmegaLambda)
	float(atH, h.H)
	if double {
		order.PutUint32(b[atDouble:], 1)
	}
	return b
}

// Limits of what is read. They are far beyond any file of this kind and keep
// sums from overflowing.
const (
	maxTotal = 1 << 40 // particles
	maxFiles = 1 << 16
)

// ageTolerance is how far Time may be from 1/(1+Redshift), relatively: programs
// write either from a number in single precision or of a few digits.
const ageTolerance = 1e-3

// validate checks that the header is that of a cosmological box. Its errors are
// of the block HEAD, offsets from the header's first byte.
func (h *Header) validate() (at int, rule, got string) {
	finite := func(x float64) bool { return math.Abs(x) <= math.MaxFloat64 }
	switch {
	case !(h.Box > 0) || !finite(h.Box):
		return atBox, "BoxSize must be positive", text(h.Box)
	case !(h.Time > 0 && h.Time <= 1+ageTolerance):
		return atTime, "Time must be a scale factor above 0 and at most 1", text(h.Time)
	case !(math.Abs(float64(h.Time*(1+h.Redshift))-1) <= ageTolerance):
		return atRedshift, fmt.Sprintf("Redshift must agree with Time = %s", text(h.Time)), text(h.Redshift)
	case h.NumFiles < 0 || h.NumFiles > maxFiles:
		return atNumFiles, fmt.Sprintf("NumFilesPerSnapshot must be at most %d", maxFiles), strconv.Itoa(h.NumFiles)
	case !(h.OmegaM >= 0) || !finite(h.OmegaM):
		return atOmegaM, "Omega0 must be at least 0", text(h.OmegaM)
	case !finite(h.OmegaLambda):
		return atOmegaLambda, "OmegaLambda must be finite", text(h.OmegaLambda)
	case !(h.H >= 0) || !finite(h.H):
		return atH, "HubbleParam must be at least 0", text(h.H)
	}
	for i := range 6 {
		if !(h.Mass[i] >= 0) || !finite(h.Mass[i]) {
			return atMass + 8*i, fmt.Sprintf("the mass of type %d (%s) must be at least 0", i, Types[i]), text(h.Mass[i])
		}
		if h.NumTotal[i] > maxTotal {
			return atNumTotal + 4*i, fmt.Sprintf("the number of particles of type %d (%s) must be at most %d", i, Types[i], maxTotal), strconv.FormatUint(h.NumTotal[i], 10)
		}
		if h.NumTotal[i] < uint64(h.NumPart[i]) && h.NumFiles > 1 {
			return atNumTotal + 4*i, fmt.Sprintf("the number of particles of type %d (%s) in all files must be at least that of this file, %d", i, Types[i], h.NumPart[i]), strconv.FormatUint(h.NumTotal[i], 10)
		}
	}
	return 0, "", ""
}

// total is the number of particles of a type in all files. Some programs leave
// the totals of a single file at 0.
func (h *Header) total(kind int) uint64 {
	if h.NumFiles <= 1 {
		return uint64(h.NumPart[kind])
	}
	return h.NumTotal[kind]
}

// Files is the number of files of the set, 1 where the header says 0.
func (h *Header) Files() int { return max(h.NumFiles, 1) }

// Count is the number of particles of a type in all files.
func (h *Header) Count(kind int) int { return int(h.total(kind)) }

func text(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// A Length is the unit of a file's positions and box.
type Length string

// The units of length in use, comoving.
const (
	Kpc Length = "kpc" // kpc/h
	Mpc Length = "Mpc" // Mpc/h
)

// perMpc is how many of the unit make a Mpc/h.
func (l Length) perMpc() float64 {
	if l == Kpc {
		return 1e3
	}
	return 1
}

// ToMpc takes a length in this unit to Mpc/h.
func (l Length) ToMpc(x float64) float64 { return x / l.perMpc() }

// FromMpc takes a length in Mpc/h to this unit.
func (l Length) FromMpc(x float64) float64 { return x * l.perMpc() }

// Share is the share of the box's matter, Ω_m ρ_c L³, that the particles of a type
// have by the mass table, if the unit of mass is the code's usual one and that of
// length is as given. It is 0 where the table has no mass or the header no Ω_m.
func (h *Header) Share(kind int, unit Length) float64 {
	if h.OmegaM == 0 {
		return 0
	}
	l := unit.ToMpc(h.Box)
	return float64(h.total(kind)) * h.Mass[kind] / (h.OmegaM * CriticalDensity * l * l * l)
}

// LengthUnit recognises the unit of length by Eq. (1). It refuses, with the
// reason, where the mass table has no mass or one that fits neither unit
// within a factor of 2, as for the halo particles of a run with gas.
func (h *Header) LengthUnit(kind int) (Length, error) {
	m, n := h.Mass[kind], float64(h.total(kind))
	if m == 0 || n == 0 || h.OmegaM == 0 {
		return "", fmt.Errorf("gadget: the unit of length can't be recognised: the header has %v particles of type %d (%s), mass %v each, and Omega0 = %v", n, kind, Types[kind], m, h.OmegaM)
	}
	for _, unit := range []Length{Kpc, Mpc} {
		if fill := h.Share(kind, unit); fill > 0.5 && fill < 2 {
			return unit, nil
		}
	}
	l, fill := h.Box, h.Share(kind, Mpc)
	return "", fmt.Errorf("gadget: the unit of length can't be recognised: in a box of %v, %v particles of mass %v 10^10 Msun/h have %.3g times the mean density if it is in Mpc/h and %.3g times if it is in kpc/h", l, n, m, fill, 1e9*fill)
}
