package structure

import "fmt"

// A token is one word of a CIF: a tag, a value or a keyword.
type token struct {
	kind tokenKind
	text []byte // without quotes; of data_ the block's name
	line int
}

type tokenKind int

const (
	endToken tokenKind = iota
	dataToken
	loopToken
	tagToken
	valueToken
	quotedToken // a value in quotes or a text field: never a missing one
)

// missing tells whether a value is . or ?, which stand for no value.
func (t *token) missing() bool {
	return t.kind == valueToken && len(t.text) == 1 && (t.text[0] == '.' || t.text[0] == '?')
}

// String is the value as text, "" if it is missing.
func (t *token) value() string {
	if t.missing() {
		return ""
	}
	return string(t.text)
}

// A tokenizer cuts a CIF into tokens. Lines end with \n, \r\n or \r.
type tokenizer struct {
	text []byte
	at   int
	line int
}

func newTokenizer(text []byte) *tokenizer { return &tokenizer{text: text, line: 1} }

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
func isEnd(c byte) bool   { return c == '\n' || c == '\r' }

// newline steps over the end of a line.
func (z *tokenizer) newline() {
	if z.text[z.at] == '\r' && z.at+1 < len(z.text) && z.text[z.at+1] == '\n' {
		z.at++
	}
	z.at++
	z.line++
}

// skip steps over blanks and comments.
func (z *tokenizer) skip() {
	for z.at < len(z.text) {
		switch c := z.text[z.at]; {
		case isEnd(c):
			z.newline()
		case c == ' ' || c == '\t':
			z.at++
		case c == '#':
			for z.at < len(z.text) && !isEnd(z.text[z.at]) {
				z.at++
			}
		default:
			return
		}
	}
}

// next returns the next token; its text shares the file's bytes.
func (z *tokenizer) next() (token, error) {
	z.skip()
	if z.at >= len(z.text) {
		return token{kind: endToken, line: z.line}, nil
	}
	switch c := z.text[z.at]; {
	case c == ';' && (z.at == 0 || isEnd(z.text[z.at-1])):
		return z.textField()
	case c == '\'' || c == '"':
		return z.quoted(c)
	}
	start := z.at
	for z.at < len(z.text) && !isBlank(z.text[z.at]) {
		z.at++
	}
	return classify(z.text[start:z.at], z.line)
}

// quoted reads a value in quotes: they end it where a blank follows.
func (z *tokenizer) quoted(quote byte) (token, error) {
	start := z.at + 1
	for i := start; i < len(z.text) && !isEnd(z.text[i]); i++ {
		if z.text[i] == quote && (i+1 == len(z.text) || isBlank(z.text[i+1])) {
			z.at = i + 1
			return token{quotedToken, z.text[start:i], z.line}, nil
		}
	}
	return token{}, fmt.Errorf("line %d: a value that begins with %c must end with it on the same line", z.line, quote)
}

// textField reads a value of lines between two ; that begin a line.
func (z *tokenizer) textField() (token, error) {
	first, start := z.line, z.at+1
	for z.at < len(z.text) {
		if !isEnd(z.text[z.at]) {
			z.at++
			continue
		}
		end := z.at
		z.newline()
		if z.at < len(z.text) && z.text[z.at] == ';' {
			z.at++
			if z.at < len(z.text) && !isBlank(z.text[z.at]) {
				return token{}, fmt.Errorf("line %d: the ; that ends a text must be followed by a blank, got %q", z.line, z.text[z.at])
			}
			return token{quotedToken, z.text[start:end], first}, nil
		}
	}
	return token{}, fmt.Errorf("line %d: the text that begins here with ; must end with a ; at the start of a line: the file is cut off", first)
}

// classify tells what an unquoted word is.
func classify(word []byte, line int) (token, error) {
	switch {
	case word[0] == '_':
		return token{tagToken, word, line}, nil
	case hasPrefixFold(word, "data_"):
		return token{dataToken, word[len("data_"):], line}, nil
	case equalFold(word, "loop_"):
		return token{loopToken, word, line}, nil
	case hasPrefixFold(word, "save_"):
		return token{}, fmt.Errorf("line %d: a file of coordinates has no save frames, got %q", line, word)
	case equalFold(word, "stop_") || equalFold(word, "global_"):
		return token{}, fmt.Errorf("line %d: %q is reserved and stands in no CIF", line, word)
	}
	return token{valueToken, word, line}, nil
}

func hasPrefixFold(word []byte, prefix string) bool {
	return len(word) >= len(prefix) && equalFold(word[:len(prefix)], prefix)
}

// equalFold compares with a lower-case ASCII word.
func equalFold(word []byte, lower string) bool {
	if len(word) != len(lower) {
		return false
	}
	for i, c := range word {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
