package rundir

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"runlua/checkpointdb"
)

// How much of a list is printed before it is summarised.
const (
	shownNumbers = 8
	shownRows    = 3
)

// pretty is a recorded value as indented JSON: fields in the order of their
// names, a list of plain values on one line. Unless full, arrays and long
// lists of numbers are replaced by <shape: min, mean, max>, and of long lists
// of tables the first are shown.
func pretty(v any, full bool) string {
	p := &prettyPrinter{full: full}
	p.value(v, 0)
	return p.String()
}

type prettyPrinter struct {
	strings.Builder
	full bool
}

func (p *prettyPrinter) value(v any, level int) {
	switch v := v.(type) {
	case map[string]any:
		p.table(v, level)
	case []any:
		p.list(v, level)
	case *checkpointdb.Array:
		p.array(v)
	case nil:
		p.WriteString("null")
	default:
		text, err := checkpointdb.CanonicalJSON(v)
		if err != nil {
			text = []byte(fmt.Sprintf("?%v", v)) // not a recorded value
		}
		p.Write(text)
	}
}

func (p *prettyPrinter) line(level int) {
	p.WriteString("\n" + strings.Repeat("  ", level))
}

func (p *prettyPrinter) table(v map[string]any, level int) {
	if len(v) == 0 {
		p.WriteString("{}")
		return
	}
	p.WriteByte('{')
	for i, name := range slices.Sorted(maps.Keys(v)) {
		if i > 0 {
			p.WriteByte(',')
		}
		p.line(level + 1)
		p.value(name, 0)
		p.WriteString(": ")
		p.value(v[name], level+1)
	}
	p.line(level)
	p.WriteByte('}')
}

func (p *prettyPrinter) list(v []any, level int) {
	if numbers, ok := allNumbers(v); ok && !p.full && len(v) > shownNumbers {
		p.WriteString(summary([]int{len(v)}, numbers))
		return
	}
	plain := !slices.ContainsFunc(v, isContainer)
	limit := len(v)
	if !p.full && !plain && len(v) > shownRows+1 {
		limit = shownRows
	}
	p.WriteByte('[')
	for i, element := range v[:limit] {
		if i > 0 {
			p.WriteByte(',')
		}
		if !plain {
			p.line(level + 1)
		} else if i > 0 {
			p.WriteByte(' ')
		}
		p.value(element, level+1)
	}
	if limit < len(v) {
		p.WriteByte(',')
		p.line(level + 1)
		fmt.Fprintf(p, "<%d more>", len(v)-limit)
	}
	if !plain {
		p.line(level)
	}
	p.WriteByte(']')
}

func (p *prettyPrinter) array(a *checkpointdb.Array) {
	if !p.full && len(a.Data) > shownNumbers {
		p.WriteString(summary(a.Shape, a.Data))
		return
	}
	p.numbers(a.Shape, a.Data)
}

func (p *prettyPrinter) numbers(shape []int, data []float64) {
	p.WriteByte('[')
	inner := 1
	for _, d := range shape[1:] {
		inner *= d
	}
	for i := range shape[0] {
		if i > 0 {
			p.WriteString(", ")
		}
		if len(shape) > 1 {
			p.numbers(shape[1:], data[i*inner:(i+1)*inner])
			continue
		}
		p.value(data[i], 0)
	}
	p.WriteByte(']')
}

func isContainer(v any) bool {
	switch v.(type) {
	case map[string]any, []any, *checkpointdb.Array:
		return true
	}
	return false
}

// allNumbers are the elements of a list that holds nothing but numbers.
func allNumbers(list []any) ([]float64, bool) {
	out := make([]float64, len(list))
	for i, v := range list {
		x, ok := v.(float64)
		if !ok {
			return nil, false
		}
		out[i] = x
	}
	return out, true
}

// extent is what is told of many numbers.
type extent struct {
	Shape []int   `json:"shape"`
	Min   float64 `json:"min"`
	Mean  float64 `json:"mean"`
	Max   float64 `json:"max"`
}

func extentOf(shape []int, data []float64) extent {
	e := extent{Shape: shape, Min: math.Inf(1), Max: math.Inf(-1)}
	for _, x := range data {
		e.Min, e.Max = min(e.Min, x), max(e.Max, x)
		e.Mean += x / float64(len(data)) // no overflow on the way
	}
	return e
}

// summary is <128 × 128: min 0.1, mean 1, max 12.5>.
func summary(shape []int, data []float64) string {
	var dims []string
	for _, d := range shape {
		dims = append(dims, strconv.Itoa(d))
	}
	e := extentOf(shape, data)
	return fmt.Sprintf("<%s: min %.6g, mean %.6g, max %.6g>", strings.Join(dims, " × "), e.Min, e.Mean, e.Max)
}

// summarised is a value for JSON: arrays are lists if full, else their extent.
func summarised(v any, full bool) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, element := range v {
			out[name] = summarised(element, full)
		}
		return out
	case []any:
		if numbers, ok := allNumbers(v); ok && !full && len(v) > shownNumbers {
			return extentOf([]int{len(v)}, numbers)
		}
		out := make([]any, len(v))
		for i, element := range v {
			out[i] = summarised(element, full)
		}
		return out
	case *checkpointdb.Array:
		if !full && len(v.Data) > shownNumbers {
			return extentOf(v.Shape, v.Data)
		}
		return nested(v.Shape, v.Data)
	}
	return v
}

// nested is an array as lists of lists.
func nested(shape []int, data []float64) []any {
	out := make([]any, shape[0])
	inner := 1
	for _, d := range shape[1:] {
		inner *= d
	}
	for i := range out {
		if len(shape) == 1 {
			out[i] = data[i]
		} else {
			out[i] = nested(shape[1:], data[i*inner:(i+1)*inner])
		}
	}
	return out
}
