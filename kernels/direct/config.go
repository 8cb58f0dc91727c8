package direct

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"runlua/kernels/par"
)

// Config is what decides a system, apart from its steps. New and Restore copy
// the slices.
type Config struct {
	Positions  []float64 // x0 y0 z0 x1 …, length 3n, n ≥ 1
	Velocities []float64 // ordered as Positions
	Masses     []float64 // length n, none negative
	Softening  float64   // ε of Eq. (1), a length; 0 for point masses
	G          float64
	Precision  Precision // of the forces; empty for Double

	Pool *par.Pool // nil: one thread. Never changes a result
}

// A ParamError says which parameter broke which rule. Its Error is one line;
// its parts are there for callers that lay messages out themselves.
type ParamError struct {
	Param string // in the script's spelling
	Rule  string // "must be …"
	Got   string
	Hint  string // what to do, or empty
}

func (e *ParamError) Error() string {
	s := "direct: " + e.Param + " " + e.Rule + ", got " + e.Got
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

func formatFloat(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// isFinite needs no difference: x−x of a product may be fused, and is not 0 then.
func isFinite(x float64) bool { return math.Abs(x) <= math.MaxFloat64 }

// Validate checks every rule that New and Restore check. Its error is a
// *ParamError.
func (c Config) Validate() error {
	n := len(c.Masses)
	if n == 0 {
		return &ParamError{"masses", "must hold at least one particle's", "none", ""}
	}
	for _, list := range []struct {
		name string
		x    []float64
	}{{"positions", c.Positions}, {"velocities", c.Velocities}} {
		if len(list.x) != 3*n {
			return &ParamError{list.name, fmt.Sprintf("must have three numbers for each of the %d masses", n), strconv.Itoa(len(list.x)), ""}
		}
		for i, x := range list.x {
			if !isFinite(x) {
				return &ParamError{list.name, "must be finite", fmt.Sprintf("%v for particle %d", x, i/3+1), ""}
			}
		}
	}
	for i, m := range c.Masses {
		if !(m >= 0) || !isFinite(m) {
			return &ParamError{"masses", "must be finite and not negative", fmt.Sprintf("%v for particle %d", m, i+1), ""}
		}
	}
	if !(c.Softening >= 0) || !isFinite(c.Softening) {
		return &ParamError{"softening", "must be a length of at least 0", formatFloat(c.Softening), ""}
	}
	if !(c.G > 0) || !isFinite(c.G) {
		return &ParamError{"G", "must be positive", formatFloat(c.G), "1 in N-body units"}
	}
	if c.Precision != "" && !slices.Contains(Precisions, string(c.Precision)) {
		return &ParamError{"precision", "must be " + strings.Join(Precisions, " or "), string(c.Precision), ""}
	}
	return nil
}

// Digest identifies all of the Config that can change a result: the start of
// the SHA-256 of its numbers' bits and its precision, in hex.
func (c Config) Digest() string {
	h := sha256.New()
	var word [8]byte
	put := func(x uint64) {
		binary.LittleEndian.PutUint64(word[:], x)
		h.Write(word[:])
	}
	put(uint64(len(c.Masses)))
	put(math.Float64bits(c.G))
	put(math.Float64bits(c.Softening))
	for _, list := range [][]float64{c.Masses, c.Positions, c.Velocities} {
		for _, x := range list {
			put(math.Float64bits(x))
		}
	}
	if c.Precision == Single {
		h.Write([]byte(Single))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
