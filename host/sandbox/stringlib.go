package sandbox

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

var stringFuncs = map[string]lua.LGFunction{
	"byte":    stringByte,
	"char":    stringChar,
	"dump":    withheld("string.dump", "there is no byte code to dump"),
	"find":    stringFind,
	"format":  stringFormat,
	"gmatch":  stringGmatch,
	"gsub":    stringGsub,
	"len":     stringLen,
	"lower":   stringLower,
	"match":   stringMatch,
	"rep":     stringRep,
	"reverse": stringReverse,
	"sub":     stringSub,
	"upper":   stringUpper,
}

// maxBytes is how many results string.byte returns at most.
const maxBytes = 1 << 16

func pushString(L *lua.LState, s string) int {
	L.Push(lua.LString(s))
	return 1
}

func stringLen(L *lua.LState) int {
	L.Push(lua.LNumber(len(checkString(L, 1))))
	return 1
}

// slice returns the Go bounds of the Lua range first..last of a string of
// length n, of which negative numbers count from the end.
func slice(n, first, last int) (from, to int) {
	if first < 0 {
		first += n + 1
	}
	if last < 0 {
		last += n + 1
	}
	from, to = max(first, 1)-1, min(last, n)
	if from > to {
		return 0, 0
	}
	return from, to
}

func stringSub(L *lua.LState) int {
	s := checkString(L, 1)
	from, to := slice(len(s), checkInt(L, 2), optInt(L, 3, -1))
	return pushString(L, s[from:to])
}

func stringByte(L *lua.LState) int {
	s := checkString(L, 1)
	first := optInt(L, 2, 1)
	from, to := slice(len(s), first, optInt(L, 3, first))
	if to-from > maxBytes {
		L.RaiseError("string slice too long")
	}
	for i := from; i < to; i++ {
		L.Push(lua.LNumber(s[i]))
	}
	return to - from
}

func stringChar(L *lua.LState) int {
	b := make([]byte, L.GetTop())
	for i := range b {
		v := checkInt(L, i+1)
		if v < 0 || v > 255 {
			argError(L, i+1, "invalid value")
		}
		b[i] = byte(v)
	}
	return pushString(L, string(b))
}

func stringRep(L *lua.LState) int {
	s, n := checkString(L, 1), checkInt(L, 2)
	if n <= 0 || s == "" {
		return pushString(L, "")
	}
	if n > MaxString/len(s) {
		L.RaiseError("string.rep: the string would be %s bytes long; at most %d (64 MiB) are possible", formatNumber(float64(n)*float64(len(s))), MaxString)
	}
	return pushString(L, strings.Repeat(s, n))
}

func stringReverse(L *lua.LState) int {
	s := checkString(L, 1)
	b := make([]byte, len(s))
	for i := range b {
		b[i] = s[len(s)-1-i]
	}
	return pushString(L, string(b))
}

// stringLower changes ASCII letters only, as Lua does in the C locale.
func stringLower(L *lua.LState) int {
	b := []byte(checkString(L, 1))
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return pushString(L, string(b))
}

// stringUpper changes ASCII letters only, as Lua does in the C locale.
func stringUpper(L *lua.LState) int {
	b := []byte(checkString(L, 1))
	for i, c := range b {
		if c >= 'a' && c <= 'z' {
			b[i] = c - ('a' - 'A')
		}
	}
	return pushString(L, string(b))
}
