package sandbox

import (
	"fmt"
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// stringFormat is string.format with the conversions of Lua 5.1: c d i u o x X
// e E f g G q s and %%, with the flags - + space # 0, a width and a precision
// of at most two digits. Widths count bytes.
func stringFormat(L *lua.LState) int {
	format := checkString(L, 1)
	var out strings.Builder
	arg := 1
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			out.WriteByte(format[i])
			continue
		}
		i++
		if i < len(format) && format[i] == '%' {
			out.WriteByte('%')
			continue
		}
		spec, verb := parseSpec(L, format, i)
		i += len(spec)
		arg++
		if arg > L.GetTop() {
			argError(L, arg, "no value")
		}
		out.WriteString(formatOne(L, spec, verb, arg))
		checkSize(L, out.Len())
	}
	return pushString(L, out.String())
}

// parseSpec returns the flags, width and precision that begin at i, and the
// conversion after them.
func parseSpec(L *lua.LState, format string, i int) (spec string, verb byte) {
	rest := format[i:]
	n := 0
	for n < len(rest) && strings.IndexByte("-+ #0", rest[n]) >= 0 {
		n++
	}
	if n > 5 {
		L.RaiseError("invalid format (repeated flags)")
	}
	digits := func() {
		for end := n + 2; n < end && n < len(rest) && isDigit(rest[n]); {
			n++
		}
	}
	digits()
	if n < len(rest) && rest[n] == '.' {
		n++
		digits()
	}
	if n < len(rest) && isDigit(rest[n]) {
		L.RaiseError("invalid format (width or precision too long)")
	}
	if n == len(rest) {
		L.RaiseError("invalid format: it ends within a conversion")
	}
	return rest[:n], rest[n]
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func formatOne(L *lua.LState, spec string, verb byte, arg int) string {
	switch verb {
	case 'c':
		return pad(spec, string([]byte{byte(checkInt(L, arg))}))
	case 'd', 'i', 'u', 'o', 'x', 'X':
		return formatInt(L, spec, verb, checkNumber(L, arg), arg)
	case 'e', 'E', 'f', 'g', 'G':
		return formatFloat(spec, verb, checkNumber(L, arg))
	case 'q':
		return quote(checkString(L, arg))
	case 's':
		if arg > L.GetTop() {
			argError(L, arg, "string expected, got no value")
		}
		s := toString(L, L.Get(arg))
		if dot := strings.IndexByte(spec, '.'); dot >= 0 {
			var n int
			fmt.Sscanf(spec[dot+1:], "%d", &n)
			s = s[:min(n, len(s))]
			spec = spec[:dot]
		}
		return pad(spec, s)
	}
	L.RaiseError("invalid option '%%%c' to 'format'", verb)
	return ""
}

// formatInt cuts v to an integer, as Lua 5.1 does.
func formatInt(L *lua.LState, spec string, verb byte, v float64, arg int) string {
	if math.IsNaN(v) || math.Abs(v) >= 1<<63 {
		argError(L, arg, "number has no integer representation: "+formatNumber(v))
	}
	n := int64(v)
	flags, rest := splitFlags(spec)
	switch verb {
	case 'd', 'i':
		return fmt.Sprintf("%"+cFlags(flags, rest)+rest+"d", n)
	case 'u':
		return fmt.Sprintf("%"+cFlags(strings.Trim(flags, "+ "), rest)+rest+"d", uint64(n))
	}
	return fmt.Sprintf("%"+cFlags(strings.Trim(flags, "+ "), rest)+rest+string(verb), uint64(n))
}

// cFlags drops the flag 0 where C ignores it: after -, or with a precision of
// an integer.
func cFlags(flags, rest string) string {
	if strings.Contains(flags, "-") || strings.Contains(rest, ".") {
		return strings.ReplaceAll(flags, "0", "")
	}
	return flags
}

func splitFlags(spec string) (flags, rest string) {
	n := 0
	for n < len(spec) && strings.IndexByte("-+ #0", spec[n]) >= 0 {
		n++
	}
	return spec[:n], spec[n:]
}

func formatFloat(spec string, verb byte, v float64) string {
	flags, rest := splitFlags(spec)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		s := formatNumber(v)
		if !math.IsNaN(v) && v > 0 {
			switch {
			case strings.Contains(flags, "+"):
				s = "+" + s
			case strings.Contains(flags, " "):
				s = " " + s
			}
		}
		if verb == 'E' || verb == 'G' {
			s = strings.ToUpper(s)
		}
		width, _, _ := strings.Cut(rest, ".")
		return pad(strings.ReplaceAll(flags, "0", "")+width, s)
	}
	if strings.Contains(flags, "-") {
		flags = strings.ReplaceAll(flags, "0", "")
	}
	switch {
	case !strings.Contains(rest, "."):
		rest += ".6" // C's default; Go's for g is the shortest exact
	case (verb == 'g' || verb == 'G') && strings.HasSuffix(rest, "."):
		rest += "0"
	}
	return fmt.Sprintf("%"+flags+rest+string(verb), v)
}

// pad brings s to the width in spec, in bytes.
func pad(spec, s string) string {
	flags, rest := splitFlags(spec)
	width := 0
	fmt.Sscanf(rest, "%d", &width)
	if n := width - len(s); n > 0 {
		if strings.Contains(flags, "-") {
			return s + strings.Repeat(" ", n)
		}
		return strings.Repeat(" ", n) + s
	}
	return s
}

// quote writes s so that Lua reads it back.
func quote(s string) string {
	var q strings.Builder
	q.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; c {
		case '"', '\\', '\n':
			q.WriteByte('\\')
			q.WriteByte(c)
		case '\r':
			q.WriteString(`\r`)
		case 0:
			q.WriteString(`\000`)
		default:
			q.WriteByte(c)
		}
	}
	q.WriteByte('"')
	return q.String()
}
