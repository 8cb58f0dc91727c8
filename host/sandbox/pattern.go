package sandbox

import "fmt"

// A matcher runs one Lua pattern over one subject. It follows lstrlib.c of Lua
// 5.1 function by function, and adds a budget of steps: a pattern such as
// ".-.-.-x" takes time that grows with a power of the subject's length, which
// no cancellation between Lua instructions could interrupt.
type matcher struct {
	src, pat string
	captures []capture
	depth    int

	steps, budget int64
	poll          func() // called now and then; may panic to stop the match
}

type capture struct{ start, length int }

// Lengths of a capture that is no string.
const (
	captureUnfinished = -1
	capturePosition   = -2
)

const (
	maxCaptures = 32
	// maxPatternDepth bounds the matcher's recursion (MAXCCALLS of Lua 5.2).
	maxPatternDepth = 200
	pollSteps       = 1 << 16
	noMatch         = -1
)

// A patternError is a malformed pattern or one that takes too long.
type patternError string

func (m *matcher) fail(format string, args ...any) {
	panic(patternError(fmt.Sprintf(format, args...)))
}

func (m *matcher) step(n int) {
	before := m.steps
	m.steps += int64(n)
	if before/pollSteps != m.steps/pollSteps {
		if m.steps > m.budget {
			m.fail("pattern too complex: no answer after %d steps on a string of %d bytes", m.budget, len(m.src))
		}
		if m.poll != nil {
			m.poll()
		}
	}
}

// match returns the end of the match of the pattern from p at s, or noMatch.
func (m *matcher) match(s, p int) int {
	if m.depth++; m.depth > maxPatternDepth {
		m.fail("pattern too complex")
	}
	defer func() { m.depth-- }()
	for p < len(m.pat) {
		switch m.pat[p] {
		case '(':
			if p+1 < len(m.pat) && m.pat[p+1] == ')' {
				return m.startCapture(s, p+2, capturePosition)
			}
			return m.startCapture(s, p+1, captureUnfinished)
		case ')':
			return m.endCapture(s, p+1)
		case '$':
			if p+1 == len(m.pat) {
				if s == len(m.src) {
					return s
				}
				return noMatch
			}
		case '%':
			if p+1 == len(m.pat) {
				m.fail("malformed pattern (ends with '%%')")
			}
			switch c := m.pat[p+1]; {
			case c == 'b':
				if s = m.balance(s, p+2); s == noMatch {
					return noMatch
				}
				p += 4
				continue
			case c == 'f':
				if p += 2; p >= len(m.pat) || m.pat[p] != '[' {
					m.fail("missing '[' after '%%f' in pattern")
				}
				end := m.classEnd(p)
				var before, after byte
				if s > 0 {
					before = m.src[s-1]
				}
				if s < len(m.src) {
					after = m.src[s]
				}
				if m.inSet(before, p, end-1) || !m.inSet(after, p, end-1) {
					return noMatch
				}
				p = end
				continue
			case isDigit(c):
				if s = m.backReference(s, c); s == noMatch {
					return noMatch
				}
				p += 2
				continue
			}
		}
		end := m.classEnd(p)
		here := s < len(m.src) && m.single(m.src[s], p, end)
		next := byte(0)
		if end < len(m.pat) {
			next = m.pat[end]
		}
		switch next {
		case '?':
			if here {
				if e := m.match(s+1, end+1); e != noMatch {
					return e
				}
			}
			p = end + 1
		case '*':
			return m.maxExpand(s, p, end)
		case '+':
			if !here {
				return noMatch
			}
			return m.maxExpand(s+1, p, end)
		case '-':
			return m.minExpand(s, p, end)
		default:
			if !here {
				return noMatch
			}
			s, p = s+1, end
		}
	}
	return s
}

func (m *matcher) maxExpand(s, p, end int) int {
	i := 0
	for s+i < len(m.src) && m.single(m.src[s+i], p, end) {
		i++
	}
	for ; i >= 0; i-- {
		m.step(1)
		if e := m.match(s+i, end+1); e != noMatch {
			return e
		}
	}
	return noMatch
}

func (m *matcher) minExpand(s, p, end int) int {
	for {
		m.step(1)
		if e := m.match(s, end+1); e != noMatch {
			return e
		}
		if s >= len(m.src) || !m.single(m.src[s], p, end) {
			return noMatch
		}
		s++
	}
}

func (m *matcher) startCapture(s, p, what int) int {
	if len(m.captures) >= maxCaptures {
		m.fail("too many captures")
	}
	m.captures = append(m.captures, capture{s, what})
	e := m.match(s, p)
	if e == noMatch {
		m.captures = m.captures[:len(m.captures)-1]
	}
	return e
}

func (m *matcher) endCapture(s, p int) int {
	open := len(m.captures) - 1
	for open >= 0 && m.captures[open].length != captureUnfinished {
		open--
	}
	if open < 0 {
		m.fail("invalid pattern capture")
	}
	m.captures[open].length = s - m.captures[open].start
	e := m.match(s, p)
	if e == noMatch {
		m.captures[open].length = captureUnfinished
	}
	return e
}

// balance matches %bxy, of which p is the index of x.
func (m *matcher) balance(s, p int) int {
	if p+1 >= len(m.pat) {
		m.fail("unbalanced pattern: two characters must follow '%%b'")
	}
	if s >= len(m.src) || m.src[s] != m.pat[p] {
		return noMatch
	}
	open, shut, depth := m.pat[p], m.pat[p+1], 1
	for i := s + 1; i < len(m.src); i++ {
		m.step(1)
		switch m.src[i] {
		case shut:
			if depth--; depth == 0 {
				return i + 1
			}
		case open:
			depth++
		}
	}
	return noMatch
}

func (m *matcher) backReference(s int, digit byte) int {
	n := int(digit - '1')
	if n < 0 || n >= len(m.captures) || m.captures[n].length == captureUnfinished {
		m.fail("invalid capture index")
	}
	c := m.captures[n]
	if c.length == capturePosition {
		return noMatch
	}
	m.step(c.length)
	if text := m.src[c.start : c.start+c.length]; len(m.src)-s >= len(text) && m.src[s:s+len(text)] == text {
		return s + len(text)
	}
	return noMatch
}

// classEnd returns the index behind the single character class at p.
func (m *matcher) classEnd(p int) int {
	c := m.pat[p]
	p++
	switch c {
	case '%':
		if p == len(m.pat) {
			m.fail("malformed pattern (ends with '%%')")
		}
		return p + 1
	case '[':
		if p < len(m.pat) && m.pat[p] == '^' {
			p++
		}
		for first := true; ; first = false {
			if p == len(m.pat) {
				m.fail("malformed pattern (missing ']')")
			}
			c := m.pat[p]
			if c == ']' && !first {
				return p + 1
			}
			p++
			if c == '%' && p < len(m.pat) {
				p++
			}
		}
	}
	return p
}

// single tells whether c is in the class at p, which ends before end.
func (m *matcher) single(c byte, p, end int) bool {
	m.step(1)
	switch m.pat[p] {
	case '.':
		return true
	case '%':
		return inClass(c, m.pat[p+1])
	case '[':
		return m.inSet(c, p, end-1)
	}
	return m.pat[p] == c
}

// inSet tells whether c is in the set whose [ is at p and whose ] is at last.
func (m *matcher) inSet(c byte, p, last int) bool {
	m.step((last - p) / 4)
	found := true
	p++
	if m.pat[p] == '^' {
		found = false
		p++
	}
	for ; p < last; p++ {
		switch {
		case m.pat[p] == '%':
			p++
			if inClass(c, m.pat[p]) {
				return found
			}
		case p+2 < last && m.pat[p+1] == '-':
			if m.pat[p] <= c && c <= m.pat[p+2] {
				return found
			}
			p += 2
		case m.pat[p] == c:
			return found
		}
	}
	return !found
}

// inClass tells whether c is in the class %class, by the C locale.
func inClass(c, class byte) bool {
	lower := class | 0x20
	var in bool
	alpha := c|0x20 >= 'a' && c|0x20 <= 'z'
	switch lower {
	case 'a':
		in = alpha
	case 'c':
		in = c < 0x20 || c == 0x7f
	case 'd':
		in = isDigit(c)
	case 'l':
		in = c >= 'a' && c <= 'z'
	case 'p':
		in = c > 0x20 && c < 0x7f && !alpha && !isDigit(c)
	case 's':
		in = c == ' ' || c >= '\t' && c <= '\r'
	case 'u':
		in = c >= 'A' && c <= 'Z'
	case 'w':
		in = alpha || isDigit(c)
	case 'x':
		in = isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f'
	case 'z':
		in = c == 0
	default:
		return class == c
	}
	if class < 'A' || class > 'z' || class > 'Z' && class < 'a' {
		return class == c // no letter
	}
	if class <= 'Z' {
		return !in
	}
	return in
}
