package diffusion

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
)

// A ParamError says which parameter broke which rule. Its Error is one line;
// its parts are there for callers that lay messages out themselves.
type ParamError struct {
	Param string // in the script's spelling
	Rule  string // "must be …"
	Got   string
	Hint  string // what to do, or empty
}

func (e *ParamError) Error() string {
	s := "diffusion: " + e.Param + " " + e.Rule + ", got " + e.Got
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

func formatFloat(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// isFinite needs no difference: x−x of a product may be fused, and is not 0 then.
func isFinite(x float64) bool { return math.Abs(x) <= math.MaxFloat64 }

// checkFinite names the first number of a list that is none.
func checkFinite(name string, x []float64) error {
	for i, v := range x {
		if !isFinite(v) {
			return &ParamError{name, "must be finite", fmt.Sprintf("%v at [%d]", v, i+1), ""}
		}
	}
	return nil
}

// digestOf identifies numbers by their bits, lists by their lengths and order.
func digestOf(lists ...[]float64) string {
	h := sha256.New()
	var word [8]byte
	put := func(x uint64) {
		binary.LittleEndian.PutUint64(word[:], x)
		h.Write(word[:])
	}
	put(uint64(len(lists)))
	for _, list := range lists {
		put(uint64(len(list)))
		for _, x := range list {
			put(math.Float64bits(x))
		}
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}
