package fingerprint

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// digest is the first 16 hexadecimal digits of a SHA-256.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}

// numberText is the shortest decimal that reads back as v.
func numberText(v float64) string {
	switch {
	case math.IsNaN(v):
		return "nan"
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	case v == math.Trunc(v) && math.Abs(v) < 1<<53 && (v != 0 || !math.Signbit(v)):
		return strconv.FormatInt(int64(v), 10)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// maxText is how much of a string or list shows in a field.
const maxText = 80

// scalarText is the text of nil, a boolean, a number or a string.
func scalarText(v lua.LValue) (string, bool) {
	switch v := v.(type) {
	case *lua.LNilType:
		return "nil", true
	case lua.LBool:
		return v.String(), true
	case lua.LNumber:
		return numberText(float64(v)), true
	case lua.LString:
		if len(v) > maxText {
			return fmt.Sprintf("%s… (%d bytes, sha256 %s)", strconv.Quote(string(v[:maxText/2])), len(v), digest(string(v))), true
		}
		return strconv.Quote(string(v)), true
	}
	return "", false
}

// listText is the text of a table whose keys are 1 to n and whose values are
// scalars: {1, 2, 3}.
func listText(t *lua.LTable, keys []lua.LValue) (string, bool) {
	items := make([]string, len(keys))
	for i, key := range keys {
		if key != lua.LValue(lua.LNumber(i+1)) {
			return "", false
		}
		text, ok := scalarText(t.RawGet(key))
		if !ok {
			return "", false
		}
		items[i] = text
	}
	text := "{" + strings.Join(items, ", ") + "}"
	if len(text) > maxText {
		return fmt.Sprintf("{%s, …} (%d items, sha256 %s)", strings.Join(items[:min(3, len(items))], ", "), len(items), digest(text)), true
	}
	return text, true
}

// keyText is how a field is written behind its table: .name or [key].
func keyText(key lua.LValue) string {
	if s, ok := key.(lua.LString); ok && isName(string(s)) {
		return "." + string(s)
	}
	if text, ok := scalarText(key); ok {
		return "[" + text + "]"
	}
	return "[" + key.Type().String() + "]"
}

func isName(s string) bool {
	for i, c := range []byte(s) {
		letter := c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// tableKeys returns the keys of t in order.
func tableKeys(t *lua.LTable) []lua.LValue {
	var keys []lua.LValue
	t.ForEach(func(k, _ lua.LValue) { keys = append(keys, k) })
	slices.SortFunc(keys, compareKeys)
	return keys
}

func sortedKeys(m map[lua.LValue]*use) []lua.LValue {
	keys := make([]lua.LValue, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compareKeys)
	return keys
}

// compareKeys orders numbers before strings before the rest, of which no two
// that are allowed as keys have the same text.
func compareKeys(a, b lua.LValue) int {
	na, okA := a.(lua.LNumber)
	nb, okB := b.(lua.LNumber)
	if okA && okB {
		return cmp.Compare(na, nb)
	}
	return cmp.Or(cmp.Compare(keyRank(a), keyRank(b)), cmp.Compare(a.String(), b.String()))
}

func keyRank(k lua.LValue) int {
	switch k.Type() {
	case lua.LTNumber:
		return 0
	case lua.LTString:
		return 1
	}
	return 2
}
