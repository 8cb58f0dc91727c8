package checkpointdb

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Key is what a task is known by: its name and its parameters as canonical
// JSON. Keys are equal when both are; make them with NewKey.
type Key struct {
	Name   string
	Params []byte
}

// NewKey makes the key of a task. params is what CanonicalJSON takes, mostly a
// map[string]any; nil and an empty list are the empty table. The name is
// printable text.
func NewKey(name string, params any) (Key, error) {
	if name == "" {
		return Key{}, errors.New("checkpointdb: a task has no name")
	}
	if !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return Key{}, fmt.Errorf("checkpointdb: task name %q is not printable text", name)
	}
	if list, ok := params.([]any); params == nil || ok && len(list) == 0 {
		params = map[string]any{}
	}
	text, err := encodeValue("params", params, nil)
	if err != nil {
		return Key{}, err
	}
	return Key{Name: name, Params: text}, nil
}

// Digest is the SHA-256, in hexadecimal, of the canonical JSON list of name
// and parameters: ["voids",{"beta":-0.2,"seed":1}].
func (k Key) Digest() string {
	h := sha256.New()
	h.Write(append(appendText([]byte("["), k.Name), ','))
	h.Write(k.Params)
	h.Write([]byte("]"))
	return hex.EncodeToString(h.Sum(nil))
}

// Equal reports whether both name the same task.
func (k Key) Equal(other Key) bool {
	return k.Name == other.Name && string(k.Params) == string(other.Params)
}

// String is the key as messages show it: voids{beta=-0.2, seed=1}.
func (k Key) String() string {
	v, err := DecodeJSON(k.Params)
	if err != nil {
		return k.Name + string(k.Params)
	}
	if _, ok := v.(map[string]any); ok {
		return k.Name + display(v)
	}
	return k.Name + "{" + display(v) + "}"
}

func display(v any) string {
	switch v := v.(type) {
	case map[string]any:
		var parts []string
		for _, field := range slices.Sorted(maps.Keys(v)) {
			name := field
			if !isIdentifier(field) {
				name = "[" + strconv.Quote(field) + "]"
			}
			parts = append(parts, name+"="+display(v[field]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		var parts []string
		for _, element := range v {
			parts = append(parts, display(element))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	text, err := CanonicalJSON(v)
	if err != nil {
		return "?"
	}
	return string(text)
}

// nearly is the relative difference under which two numbers are thought to be
// meant the same. A number within tiny of 0 is thought to be meant 0: what a
// loop from -0.2 in steps of 0.1 arrives at is -2.8e-17.
const (
	nearly = 1e-12
	tiny   = 1e-15
)

// nearKey is a key prepared to be compared: its parameters' text with the
// numbers taken out, and the numbers.
type nearKey struct {
	key     Key
	form    string
	numbers []float64
}

func newNearKey(k Key) nearKey {
	n := nearKey{key: k}
	var form []byte
	text := k.Params
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '"':
			end := i + 1
			for end < len(text) && text[end] != '"' {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end+1, len(text))
			form = append(form, text[i:end]...)
			i = end
		case c == '-' || '0' <= c && c <= '9':
			end := i + 1
			for end < len(text) && strings.IndexByte("+-.eE0123456789", text[end]) >= 0 {
				end++
			}
			x, err := strconv.ParseFloat(string(text[i:end]), 64)
			if err != nil {
				x = math.NaN() // equal to nothing
			}
			n.numbers = append(n.numbers, x)
			form = append(form, '#')
			i = end
		default:
			form = append(form, c)
			i++
		}
	}
	n.form = string(form)
	return n
}

// near reports whether two keys of one name differ, and only by numbers that
// are nearly the same.
func (a nearKey) near(b nearKey) bool {
	if a.form != b.form || len(a.numbers) != len(b.numbers) || string(a.key.Params) == string(b.key.Params) {
		return false
	}
	for i, x := range a.numbers {
		y := b.numbers[i]
		larger := max(math.Abs(x), math.Abs(y))
		if (x == 0 || y == 0) && larger <= tiny {
			continue
		}
		if !(math.Abs(x-y) <= nearly*larger) {
			return false
		}
	}
	return true
}
