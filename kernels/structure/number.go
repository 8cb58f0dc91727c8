package structure

import (
	"bytes"
	"math"
	"strconv"
)

// parseNumber reads a decimal number; a standard uncertainty in parentheses, as
// CIF may have it, is left out. It takes no NaN, infinity or hexadecimal.
func parseNumber(text []byte) (float64, bool) {
	if i := bytes.IndexByte(text, '('); i > 0 && text[len(text)-1] == ')' && digits(text[i+1:len(text)-1]) {
		text = text[:i]
	}
	for _, c := range text {
		if (c < '0' || c > '9') && c != '+' && c != '-' && c != '.' && c != 'e' && c != 'E' {
			return 0, false
		}
	}
	x, err := strconv.ParseFloat(string(text), 64)
	return x, err == nil && !math.IsInf(x, 0)
}

// digits tells whether text is one digit or more and nothing else.
func digits(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(text) > 0
}

// parseInt reads a decimal whole number.
func parseInt(text []byte) (int, bool) {
	n, err := strconv.ParseInt(string(text), 10, 32)
	return int(n), err == nil
}

// hybrid36 reads a residue number of 4 columns, which after 9999 continues in
// base 36: A000 is 10000, a000 is 1223056 (Grosse-Kunstleve's hybrid-36).
func hybrid36(field []byte) (int, bool) {
	if len(field) != 4 || !isLetter(field[0]) {
		return parseInt(field)
	}
	upper := field[0] <= 'Z'
	n := 0
	for _, c := range field {
		switch {
		case c >= '0' && c <= '9':
			n = n*36 + int(c-'0')
		case upper && c >= 'A' && c <= 'Z':
			n = n*36 + int(c-'A') + 10
		case !upper && c >= 'a' && c <= 'z':
			n = n*36 + int(c-'a') + 10
		default:
			return 0, false
		}
	}
	n += 10000 - 10*36*36*36
	if !upper {
		n += 26 * 36 * 36 * 36
	}
	return n, true
}

func isLetter(c byte) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' }
