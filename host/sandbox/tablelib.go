package sandbox

import (
	"math"

	lua "github.com/yuin/gopher-lua"
)

var tableFuncs = map[string]lua.LGFunction{
	"concat": tableConcat,
	"getn":   tableGetN,
	"insert": tableInsert,
	"maxn":   tableMaxN,
	"remove": tableRemove,
	"sort":   tableSort,
}

func tableGetN(L *lua.LState) int {
	L.Push(lua.LNumber(checkTable(L, 1).Len()))
	return 1
}

// tableMaxN returns the largest positive number that is a key.
func tableMaxN(L *lua.LState) int {
	t := checkTable(L, 1)
	largest := 0.0
	t.ForEach(func(k, _ lua.LValue) {
		if n, ok := k.(lua.LNumber); ok {
			largest = math.Max(largest, float64(n))
		}
	})
	L.Push(lua.LNumber(largest))
	return 1
}

func tableConcat(L *lua.LState) int {
	t := checkTable(L, 1)
	sep := optString(L, 2, "")
	first, last := optInt(L, 3, 1), optInt(L, 4, t.Len())
	var joined []byte
	for i := first; i <= last; i++ {
		v := t.RawGet(lua.LNumber(i))
		s, ok := plainString(v)
		if !ok {
			L.RaiseError("invalid value (%s) at index %d in table for 'concat'", v.Type(), i)
		}
		checkSize(L, len(joined)+len(s)+len(sep))
		joined = append(joined, s...)
		if i < last {
			joined = append(joined, sep...)
		}
	}
	L.Push(lua.LString(joined))
	return 1
}

// trim drops nils that gopher-lua keeps behind the last element after
// t[#t] = nil; its own remove and sort would take them for elements.
func trim(t *lua.LTable) {
	if t.Len() == 0 {
		return
	}
	last := t.Remove(-1)
	for last == lua.LNil || last == nil {
		last = t.Remove(-1)
	}
	t.Append(last)
}

func tableInsert(L *lua.LState) int {
	t := checkTable(L, 1)
	var v lua.LValue
	pos := 0
	trim(t)
	n := t.Len()
	switch L.GetTop() {
	case 2:
		pos, v = n+1, L.Get(2)
	case 3:
		pos, v = checkInt(L, 2), L.Get(3)
	default:
		L.RaiseError("wrong number of arguments to 'insert'")
	}
	if max(pos, n+1) > MaxListIndex {
		L.RaiseError("a list holds at most %d elements; an array holds more", MaxListIndex)
	}
	switch {
	case pos == n+1:
		t.Append(v)
	case pos < 1 || pos > n:
		t.RawSet(lua.LNumber(pos), v)
	default:
		t.Insert(pos, v)
	}
	return 0
}

func tableRemove(L *lua.LState) int {
	t := checkTable(L, 1)
	trim(t)
	n := t.Len()
	pos := optInt(L, 2, n)
	if pos < 1 || pos > n {
		return 0
	}
	L.Push(t.Remove(pos))
	return 1
}

// tableSort sorts by < or by a function of two elements that tells whether the
// first comes before the second. Unlike standard Lua's it is stable, so that
// the order of equal elements is the same everywhere.
func tableSort(L *lua.LState) int {
	t := checkTable(L, 1)
	before := func(a, b lua.LValue) bool { return L.LessThan(a, b) }
	if L.Get(2) != lua.LNil {
		fn := checkFunction(L, 2)
		before = func(a, b lua.LValue) bool {
			L.Push(fn)
			L.Push(a)
			L.Push(b)
			L.Call(2, 1)
			yes := lua.LVAsBool(L.Get(-1))
			L.Pop(1)
			return yes
		}
	}
	trim(t)
	values := make([]lua.LValue, t.Len())
	for i := range values {
		values[i] = t.RawGetInt(i + 1)
	}
	steps := 0
	mergeSort(values, make([]lua.LValue, len(values)), func(a, b lua.LValue) bool {
		if steps++; steps%4096 == 0 {
			checkCancelled(L)
		}
		return before(a, b)
	})
	for i, v := range values {
		t.RawSetInt(i+1, v)
	}
	return 0
}

// mergeSort sorts v stably; scratch is as long as v.
func mergeSort(v, scratch []lua.LValue, before func(a, b lua.LValue) bool) {
	if len(v) <= 8 {
		for i := 1; i < len(v); i++ {
			for j := i; j > 0 && before(v[j], v[j-1]); j-- {
				v[j], v[j-1] = v[j-1], v[j]
			}
		}
		return
	}
	half := len(v) / 2
	mergeSort(v[:half], scratch[:half], before)
	mergeSort(v[half:], scratch[half:], before)
	copy(scratch, v)
	left, right := scratch[:half], scratch[half:]
	for i := range v {
		if len(left) == 0 || len(right) > 0 && before(right[0], left[0]) {
			v[i], right = right[0], right[1:]
		} else {
			v[i], left = left[0], left[1:]
		}
	}
}
