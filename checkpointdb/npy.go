package checkpointdb

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

const (
	npyMagic = "\x93NUMPY\x01\x00"
	npyStart = "{'descr': '<f8', 'fortran_order': False, 'shape': ("
	npyEnd   = "), }"
)

// encodeNPY writes a as a NumPy file, version 1.0, byte for byte what
// numpy.save writes (−0 becomes 0).
func encodeNPY(a *Array) []byte {
	var dims strings.Builder
	for i, d := range a.Shape {
		if i > 0 {
			dims.WriteString(", ")
		}
		dims.WriteString(strconv.Itoa(d))
	}
	if len(a.Shape) == 1 {
		dims.WriteString(",")
	}
	header := npyStart + dims.String() + npyEnd
	// Spaces and a newline bring the data to a multiple of 64 bytes. NumPy
	// leaves room for a shape that grows, so that an array can be appended to
	// in place: up to 21 digits, less those of the first dimension.
	header += strings.Repeat(" ", 21-len(strconv.Itoa(a.Shape[0])))
	start := len(npyMagic) + 2
	header += strings.Repeat(" ", 63-(start+len(header))%64) + "\n"

	out := make([]byte, 0, start+len(header)+8*len(a.Data))
	out = append(out, npyMagic...)
	out = binary.LittleEndian.AppendUint16(out, uint16(len(header)))
	out = append(out, header...)
	for _, x := range a.Data {
		out = binary.LittleEndian.AppendUint64(out, math.Float64bits(x+0)) // −0 + 0 = 0
	}
	return out
}

// decodeNPY reads what encodeNPY writes, and nothing else that NumPy may.
func decodeNPY(file []byte) (*Array, error) {
	bad := errors.New("not a NumPy file of float64 as this program writes them")
	rest, ok := strings.CutPrefix(string(file[:min(len(file), len(npyMagic))]), npyMagic)
	start := len(npyMagic) + 2
	if !ok || rest != "" || len(file) < start {
		return nil, bad
	}
	end := start + int(binary.LittleEndian.Uint16(file[start-2:]))
	if len(file) < end {
		return nil, bad
	}
	dims, ok1 := strings.CutPrefix(string(file[start:end]), npyStart)
	dims, _, ok2 := strings.Cut(dims, npyEnd)
	if !ok1 || !ok2 {
		return nil, bad
	}
	a := &Array{}
	for _, text := range strings.Split(strings.TrimSuffix(dims, ","), ", ") {
		d, err := strconv.Atoi(text)
		if err != nil {
			return nil, bad
		}
		a.Shape = append(a.Shape, d)
	}
	n, ok := size(a.Shape)
	if !ok || n > len(file)/8 || end+8*n != len(file) {
		return nil, fmt.Errorf("%d bytes of data for the shape (%s)", len(file)-end, dims)
	}
	a.Data = make([]float64, n)
	for i := range a.Data {
		a.Data[i] = math.Float64frombits(binary.LittleEndian.Uint64(file[end+8*i:]))
	}
	return a, nil
}
