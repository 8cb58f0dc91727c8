package sandbox

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// newMatcher returns a matcher with the state's budget. Its caller defers
// raisePattern.
func newMatcher(L *lua.LState, src, pat string) *matcher {
	return &matcher{src: src, pat: pat, budget: stateOf(L).PatternSteps, poll: func() { checkCancelled(L) }}
}

// raisePattern turns a patternError under way into a Lua error.
func raisePattern(L *lua.LState) {
	switch r := recover().(type) {
	case nil:
	case patternError:
		L.RaiseError("%s", string(r))
	default:
		panic(r)
	}
}

// at tries to match at s alone, from the start of the pattern.
func (m *matcher) at(s, p int) int {
	m.captures, m.depth = m.captures[:0], 0
	return m.match(s, p)
}

// pushCapture pushes capture i, or, if the pattern has none and i is 0, the
// match from s to e.
func (m *matcher) pushCapture(L *lua.LState, i, s, e int) {
	if i >= len(m.captures) {
		if i != 0 {
			m.fail("invalid capture index")
		}
		L.Push(lua.LString(m.src[s:e]))
		return
	}
	c := m.captures[i]
	switch c.length {
	case capturePosition:
		L.Push(lua.LNumber(c.start + 1))
	case captureUnfinished:
		m.fail("unfinished capture")
	default:
		L.Push(lua.LString(m.src[c.start : c.start+c.length]))
	}
}

// pushCaptures pushes all captures, or the whole match if there are none.
func (m *matcher) pushCaptures(L *lua.LState, s, e int) int {
	n := max(1, len(m.captures))
	for i := range n {
		m.pushCapture(L, i, s, e)
	}
	return n
}

func stringFind(L *lua.LState) int  { return findOrMatch(L, true) }
func stringMatch(L *lua.LState) int { return findOrMatch(L, false) }

func findOrMatch(L *lua.LState, find bool) int {
	src, pat := checkString(L, 1), checkString(L, 2)
	init := optInt(L, 3, 1)
	if init < 0 {
		init += len(src) + 1
	}
	// As in Lua 5.1, a start behind the end is the end.
	init = min(max(init-1, 0), len(src))
	if find && (lua.LVAsBool(L.Get(4)) || !strings.ContainsAny(pat, "^$*+?.([%-")) {
		i := strings.Index(src[init:], pat)
		if i < 0 {
			L.Push(lua.LNil)
			return 1
		}
		L.Push(lua.LNumber(init + i + 1))
		L.Push(lua.LNumber(init + i + len(pat)))
		return 2
	}
	defer raisePattern(L)
	m := newMatcher(L, src, pat)
	p := 0
	anchored := strings.HasPrefix(pat, "^")
	if anchored {
		p = 1
	}
	for s := init; s <= len(src); s++ {
		e := m.at(s, p)
		switch {
		case e == noMatch && anchored:
			s = len(src)
		case e == noMatch:
		case find:
			L.Push(lua.LNumber(s + 1))
			L.Push(lua.LNumber(e))
			if len(m.captures) == 0 {
				return 2
			}
			return 2 + m.pushCaptures(L, s, e)
		default:
			return m.pushCaptures(L, s, e)
		}
	}
	L.Push(lua.LNil)
	return 1
}

// stringGmatch returns an iterator; in it, as in Lua 5.1, ^ has no meaning.
func stringGmatch(L *lua.LState) int {
	src, pat := checkString(L, 1), checkString(L, 2)
	next := 0
	L.Push(L.NewFunction(stateOf(L).Panics.Guard("string.gmatch", func(L *lua.LState) int {
		defer raisePattern(L)
		m := newMatcher(L, src, pat)
		for s := next; s <= len(src); s++ {
			if e := m.at(s, 0); e != noMatch {
				next = e
				if e == s {
					next++
				}
				return m.pushCaptures(L, s, e)
			}
		}
		next = len(src) + 1
		L.Push(lua.LNil)
		return 1
	})))
	return 1
}

func stringGsub(L *lua.LState) int {
	src, pat := checkString(L, 1), checkString(L, 2)
	repl := L.Get(3)
	switch repl.Type() {
	case lua.LTString, lua.LTNumber, lua.LTTable, lua.LTFunction:
	default:
		typeError(L, 3, "string, table or function")
	}
	limit := optInt(L, 4, len(src)+1)
	defer raisePattern(L)
	m := newMatcher(L, src, pat)
	p := 0
	anchored := strings.HasPrefix(pat, "^")
	if anchored {
		p = 1
	}
	var out []byte
	s, count := 0, 0
	for count < limit {
		e := m.at(s, p)
		if e != noMatch {
			count++
			out = m.appendReplacement(L, out, repl, s, e)
			checkSize(L, len(out))
		}
		if e != noMatch && e > s {
			s = e
		} else if s < len(src) {
			out = append(out, src[s])
			s++
		} else {
			break
		}
		if anchored {
			break
		}
	}
	if s < len(src) {
		out = append(out, src[s:]...)
	}
	checkSize(L, len(out))
	L.Push(lua.LString(out))
	L.Push(lua.LNumber(count))
	return 2
}

// appendReplacement appends what repl makes of the match from s to e.
func (m *matcher) appendReplacement(L *lua.LState, out []byte, repl lua.LValue, s, e int) []byte {
	var v lua.LValue
	switch repl := repl.(type) {
	case *lua.LTable:
		m.pushCapture(L, 0, s, e)
		v = L.GetTable(repl, L.Get(-1))
		L.Pop(1)
	case *lua.LFunction:
		L.Push(repl)
		L.Call(m.pushCaptures(L, s, e), 1)
		v = L.Get(-1)
		L.Pop(1)
	default:
		text, _ := plainString(repl)
		return m.appendTemplate(L, out, text, s, e)
	}
	if lua.LVIsFalse(v) {
		return append(out, m.src[s:e]...)
	}
	text, ok := plainString(v)
	if !ok {
		m.fail("invalid replacement value (a %s)", v.Type())
	}
	return append(out, text...)
}

// appendTemplate appends text with %0 to %9 replaced by the captures.
func (m *matcher) appendTemplate(L *lua.LState, out []byte, text string, s, e int) []byte {
	m.step(len(text) / 16)
	for i := 0; i < len(text); i++ {
		if text[i] != '%' || i+1 == len(text) {
			out = append(out, text[i])
			continue
		}
		i++
		switch c := text[i]; {
		case c == '0':
			out = append(out, m.src[s:e]...)
		case isDigit(c):
			m.pushCapture(L, int(c-'1'), s, e)
			v, _ := plainString(L.Get(-1))
			L.Pop(1)
			out = append(out, v...)
		default:
			out = append(out, c)
		}
	}
	return out
}
