package structure

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// appendValue appends a value as CIF writes it, "" as the given sign of a missing
// one. What is not ASCII, which CIF 1.1 has no letters for, becomes \uXXXX.
func appendValue(b []byte, v string, missing byte) []byte {
	if v == "" {
		return append(b, missing)
	}
	v = ascii(v)
	switch {
	case strings.ContainsAny(v, "\n\r"):
		return appendText(b, v)
	case isBare(v):
		return append(b, v...)
	case quotable(v, '\''):
		return append(append(append(b, '\''), v...), '\'')
	case quotable(v, '"'):
		return append(append(append(b, '"'), v...), '"')
	}
	return appendText(b, v)
}

// appendText appends a text between lines that begin with ;. Lines of the text
// that begin so too get a blank before.
func appendText(b []byte, v string) []byte {
	v = strings.ReplaceAll(strings.ReplaceAll(v, "\r\n", "\n"), "\r", "\n")
	v = strings.ReplaceAll(v, "\n;", "\n ;")
	if len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	b = append(b, "\n;"...)
	return append(append(b, v...), "\n;"...)
}

// isBare tells whether a value needs no quotes.
func isBare(v string) bool {
	if strings.IndexByte("_#$'\"[];", v[0]) >= 0 || v == "." || v == "?" {
		return false
	}
	for i := range len(v) {
		if c := v[i]; c <= ' ' || c == '\'' || c == '"' {
			return false
		}
	}
	for _, word := range []string{"data_", "save_", "loop_", "stop_", "global_"} {
		if hasPrefixFold([]byte(v), word) {
			return false
		}
	}
	return true
}

// quotable tells whether a value can stand between such quotes: none in it before
// a blank.
func quotable(v string, quote byte) bool {
	for i := range len(v) {
		if v[i] == quote && (i+1 == len(v) || v[i+1] == ' ' || v[i+1] == '\t') {
			return false
		}
	}
	return true
}

// ascii writes control characters and what is not ASCII as \uXXXX.
func ascii(v string) string {
	var b strings.Builder
	for _, r := range v {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r >= ' ' && r <= '~':
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, "\\u%04x\\u%04x", high, low)
		default:
			fmt.Fprintf(&b, "\\u%04x", r)
		}
	}
	return b.String()
}

// code is a name as the names of entries and data blocks may be: letters, digits
// and _ . + -, and _ for all else.
func code(v string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r < 0x80 && isLetter(byte(r)) || strings.ContainsRune("_.+-", r) {
			return r
		}
		return '_'
	}, v)
}
