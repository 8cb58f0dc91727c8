package checkpointdb

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An Array is a block of numbers with a shape, row-major. In a result it is
// recorded as a .npy row of its own beside the JSON.
//
// The product of Shape must be len(Data); an encoder given anything else
// panics.
type Array struct {
	Shape []int
	Data  []float64
}

// A FieldError says which field of a value can't be recorded, and why. Path is
// written as a script would: result.rows[3].z, lists counted from 1.
type FieldError struct {
	Path    string
	Problem string // continues the path: "is NaN"
}

func (e *FieldError) Error() string { return "checkpointdb: " + e.Path + " " + e.Problem }

const (
	maxDepth   = 200     // levels of nesting
	maxInteger = 1 << 53 // integers beyond it are not exact in a float64
	arrayField = "$array"
	shapeField = "shape"
)

// CanonicalJSON writes v in the one form that equal values share, which is
// RFC 8785 but for the order of fields (by their UTF-8 bytes) and the names of
// infinities (there are none):
//
//   - no space; fields in order; text escaped only where JSON must;
//   - numbers by the shortest text that reads back to the same float64, plain
//     from 1e-6 up to 1e21; −0 is 0;
//   - []any{} is [] and map[string]any{} is {}: who translates from a language
//     with one empty table chooses;
//   - an *Array is {"$array":[…],"shape":[…]}; the field name $array is
//     reserved for it;
//   - nil is null, and allowed only as the whole value.
//
// v is made of bool, float64, Go integers that a float64 holds exactly,
// string, []any, map[string]any and *Array. NaN, infinities, nil inside,
// text that is not UTF-8, cycles and other types return a *FieldError whose
// path begins with "value".
func CanonicalJSON(v any) ([]byte, error) { return encodeValue("value", v, nil) }

// encodeValue is CanonicalJSON with a name for the root. With arrays non-nil,
// arrays go there and the text holds references to them.
func encodeValue(root string, v any, arrays *[]NamedArray) ([]byte, error) {
	e := &encoder{root: root, arrays: arrays}
	if v == nil {
		return []byte("null"), nil
	}
	if err := e.value(v); err != nil {
		return nil, err
	}
	return e.buf, nil
}

type encoder struct {
	root   string
	buf    []byte
	path   []step
	open   []container // the tables and lists we are inside of
	arrays *[]NamedArray
}

// A step leads from a value to one inside it: a field, or, where isIndex, an
// element.
type step struct {
	field   string
	index   int
	isIndex bool
}

type container struct {
	data uintptr
	n    int
}

// arrayRef stands in a decoded value for an array recorded under this name.
type arrayRef string

func (e *encoder) fail(format string, args ...any) error {
	return &FieldError{Path: e.root + pathText(e.path), Problem: fmt.Sprintf(format, args...)}
}

// pathText writes a path as a script would, beginning with "." or "[", so that
// no two paths share a text.
func pathText(path []step) string {
	var b strings.Builder
	for _, s := range path {
		switch {
		case s.isIndex:
			fmt.Fprintf(&b, "[%d]", s.index+1)
		case isIdentifier(s.field):
			b.WriteString("." + s.field)
		default:
			b.WriteString("[" + strconv.Quote(s.field) + "]")
		}
	}
	return b.String()
}

func isIdentifier(s string) bool {
	for i, c := range []byte(s) {
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

func (e *encoder) value(v any) error {
	switch v := v.(type) {
	case nil:
		return e.fail("is nil")
	case bool:
		e.buf = strconv.AppendBool(e.buf, v)
		return nil
	case float64:
		return e.number(v)
	case int:
		return e.integer(int64(v))
	case int64:
		return e.integer(v)
	case string:
		return e.text(v)
	case []any:
		return e.list(v)
	case map[string]any:
		return e.table(v)
	case *Array:
		return e.array(v)
	case arrayRef:
		e.buf = append(e.buf, `{"`+arrayField+`":`...)
		if err := e.text(string(v)); err != nil {
			return err
		}
		e.buf = append(e.buf, '}')
		return nil
	}
	return e.fail("is a %T, which can't be recorded", v)
}

func (e *encoder) number(x float64) error {
	if problem := notFinite(x); problem != "" {
		return e.fail("%s", problem)
	}
	e.buf = appendNumber(e.buf, x)
	return nil
}

func notFinite(x float64) string {
	switch {
	case math.IsNaN(x):
		return "is NaN"
	case math.IsInf(x, 1):
		return "is infinite"
	case math.IsInf(x, -1):
		return "is minus infinity"
	}
	return ""
}

// appendNumber writes a finite x by its shortest exact text.
func appendNumber(buf []byte, x float64) []byte {
	if x == 0 {
		return append(buf, '0') // −0 as well
	}
	if a := math.Abs(x); a >= 1e-6 && a < 1e21 {
		return strconv.AppendFloat(buf, x, 'f', -1, 64)
	}
	buf = strconv.AppendFloat(buf, x, 'e', -1, 64)
	if n := len(buf); buf[n-4] == 'e' && buf[n-2] == '0' { // e-07 is e-7
		buf[n-2] = buf[n-1]
		buf = buf[:n-1]
	}
	return buf
}

func (e *encoder) integer(i int64) error {
	if i > maxInteger || i < -maxInteger {
		return e.fail("is %d, beyond 2^53: give it as text", i)
	}
	return e.number(float64(i))
}

func (e *encoder) text(s string) error {
	if !utf8.ValidString(s) {
		return e.fail("is not valid UTF-8 text")
	}
	e.buf = appendText(e.buf, s)
	return nil
}

func appendText(buf []byte, s string) []byte {
	const hex = "0123456789abcdef"
	buf = append(buf, '"')
	for i := range len(s) {
		switch c := s[i]; c {
		case '"', '\\':
			buf = append(buf, '\\', c)
		case '\b':
			buf = append(buf, '\\', 'b')
		case '\f':
			buf = append(buf, '\\', 'f')
		case '\n':
			buf = append(buf, '\\', 'n')
		case '\r':
			buf = append(buf, '\\', 'r')
		case '\t':
			buf = append(buf, '\\', 't')
		default:
			if c < 0x20 {
				buf = append(buf, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			} else {
				buf = append(buf, c)
			}
		}
	}
	return append(buf, '"')
}

func (e *encoder) list(list []any) error {
	if err := e.enter(container{reflect.ValueOf(list).Pointer(), len(list)}); err != nil {
		return err
	}
	e.buf = append(e.buf, '[')
	e.path = append(e.path, step{isIndex: true})
	for i, v := range list {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.path[len(e.path)-1].index = i
		if err := e.value(v); err != nil {
			return err
		}
	}
	e.buf = append(e.buf, ']')
	e.leave()
	return nil
}

func (e *encoder) table(table map[string]any) error {
	if err := e.enter(container{reflect.ValueOf(table).Pointer(), len(table)}); err != nil {
		return err
	}
	e.buf = append(e.buf, '{')
	e.path = append(e.path, step{})
	for i, field := range slices.Sorted(maps.Keys(table)) {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.path[len(e.path)-1].field = field
		if field == arrayField {
			return e.fail("has a reserved name")
		}
		if err := e.text(field); err != nil {
			return e.fail("has a name that is not valid UTF-8 text")
		}
		e.buf = append(e.buf, ':')
		if err := e.value(table[field]); err != nil {
			return err
		}
	}
	e.buf = append(e.buf, '}')
	e.leave()
	return nil
}

func (e *encoder) enter(c container) error {
	if c.n > 0 && slices.Contains(e.open, c) {
		return e.fail("is a cycle: it contains itself")
	}
	if len(e.open) == maxDepth {
		return e.fail("is nested more than %d levels deep", maxDepth)
	}
	e.open = append(e.open, c)
	return nil
}

func (e *encoder) leave() {
	e.open = e.open[:len(e.open)-1]
	e.path = e.path[:len(e.path)-1]
}

func (e *encoder) array(a *Array) error {
	if a == nil {
		return e.fail("is nil")
	}
	a.check()
	for i, x := range a.Data {
		if problem := notFinite(x); problem != "" {
			for _, j := range indices(a.Shape, i) {
				e.path = append(e.path, step{index: j, isIndex: true})
			}
			return e.fail("%s", problem)
		}
	}
	if e.arrays != nil {
		name := strings.TrimPrefix(pathText(e.path), ".")
		if name == "" {
			name = "value"
		}
		*e.arrays = append(*e.arrays, NamedArray{Name: name, Shape: slices.Clone(a.Shape), NPY: encodeNPY(a)})
		return e.value(arrayRef(name))
	}
	e.buf = append(e.buf, `{"`+arrayField+`":[`...)
	for i, x := range a.Data {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.buf = appendNumber(e.buf, x)
	}
	e.buf = append(e.buf, `],"`+shapeField+`":[`...)
	for i, n := range a.Shape {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.buf = strconv.AppendInt(e.buf, int64(n), 10)
	}
	e.buf = append(e.buf, "]}"...)
	return nil
}

// check panics unless the shape describes the data.
func (a *Array) check() {
	if n, ok := size(a.Shape); !ok || n != len(a.Data) {
		panic(fmt.Sprintf("checkpointdb: array of shape %v with %d numbers", a.Shape, len(a.Data)))
	}
}

// size is the number of elements of a shape; ok is false for no dimensions,
// negative ones and products beyond an int.
func size(shape []int) (n int, ok bool) {
	if len(shape) == 0 {
		return 0, false
	}
	n = 1
	for _, d := range shape {
		if d < 0 {
			return 0, false
		}
		if d > 0 && n > math.MaxInt/d {
			return 0, false
		}
		n *= d
	}
	return n, true
}

// indices turns a position in row-major data into one index a dimension.
func indices(shape []int, at int) []int {
	out := make([]int, len(shape))
	for d := len(shape) - 1; d >= 0; d-- {
		out[d] = at % shape[d]
		at /= shape[d]
	}
	return out
}
