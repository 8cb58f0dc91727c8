package bindings

import (
	"bytes"
	"fmt"
	"math"
	"strings"

	"runlua/checkpointdb"
)

// prettyJSON writes plain data as JSON for people: fields in the order of
// their names, two spaces a level, a list of plain values on one line. Numbers
// and text are as in checkpointdb.CanonicalJSON.
func prettyJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	if err := writeJSON(&b, v, "value", 0); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

func writeJSON(b *bytes.Buffer, v any, at string, level int) error {
	switch v := v.(type) {
	case []any:
		return writeJSONList(b, v, at, level)
	case map[string]any:
		if len(v) == 0 {
			b.WriteString("{}")
			return nil
		}
		b.WriteString("{")
		for i, name := range sortedKeys(v) {
			newJSONLine(b, i, level+1)
			if err := writeJSON(b, name, "a field's name of "+at, 0); err != nil {
				return err
			}
			b.WriteString(": ")
			if err := writeJSON(b, v[name], at+"."+name, level+1); err != nil {
				return err
			}
		}
		b.WriteString("\n" + strings.Repeat("  ", level) + "}")
		return nil
	case *checkpointdb.Array:
		if err := finiteAt(at, v.Data, v.Shape); err != nil {
			return err
		}
		return writeJSONList(b, nestedAny(v.Data, v.Shape), at, level)
	case string:
		if err := validText(v); err != nil {
			return fmt.Errorf("%s %w", at, err)
		}
	}
	text, err := checkpointdb.CanonicalJSON(v)
	b.Write(text)
	return err
}

func newJSONLine(b *bytes.Buffer, i, level int) {
	if i > 0 {
		b.WriteByte(',')
	}
	b.WriteString("\n" + strings.Repeat("  ", level))
}

func writeJSONList(b *bytes.Buffer, list []any, at string, level int) error {
	plain := true
	for _, v := range list {
		switch v.(type) {
		case []any, map[string]any, *checkpointdb.Array:
			plain = false
		}
	}
	b.WriteByte('[')
	for i, v := range list {
		switch {
		case !plain:
			newJSONLine(b, i, level+1)
		case i > 0:
			b.WriteString(", ")
		}
		if err := writeJSON(b, v, fmt.Sprintf("%s[%d]", at, i+1), level+1); err != nil {
			return err
		}
	}
	if !plain {
		b.WriteString("\n" + strings.Repeat("  ", level))
	}
	b.WriteByte(']')
	return nil
}

// finiteAt reports the first value of an array that is not finite by its indices.
func finiteAt(at string, data []float64, shape []int) error {
	for i, x := range data {
		if !math.IsNaN(x) && !math.IsInf(x, 0) {
			continue
		}
		index := ""
		for d := len(shape) - 1; d >= 0; d-- {
			index = fmt.Sprintf("[%d]%s", i%shape[d]+1, index)
			i /= shape[d]
		}
		return fmt.Errorf("%s%s is %v: only finite numbers can be exported", at, index, x)
	}
	return nil
}

func nestedAny(data []float64, shape []int) []any {
	out := make([]any, shape[0])
	n := product(shape[1:])
	for i := range out {
		if len(shape) == 1 {
			out[i] = data[i]
			continue
		}
		out[i] = nestedAny(data[i*n:(i+1)*n], shape[1:])
	}
	return out
}
