package sandbox

import (
	"strings"
	"testing"
)

// Expectations from the reference manual of Lua 5.1, §5.4, and its test suite
// (pm.lua).
func TestPatternsMatchAsInLua(t *testing.T) {
	for _, c := range []struct{ expr, want string }{
		{`("aaab"):find(".*b")`, "1\t4"},
		{`("aaa"):find("^.*b")`, "nil"},
		{`("aaa"):find("b*")`, "1\t0"},
		{`("aaab"):match("^(a-)b$")`, "aaa"},
		{`("alo xyzK"):match("(%w+)K")`, "xyz"},
		{`("254 K"):match("(%d*)K")`, ""},
		{`("alo "):match("(%w*)$")`, ""},
		{`("âlo alo"):find("%w+$")`, "6\t8"},
		{`("key = value"):match("^(%w+)%s*=%s*(%w+)$")`, "key\tvalue"},
		{`("0123456789"):match("(.+(.?)())")`, "0123456789\t\t11"},
		{`("a$a"):find("$", 1, true)`, "2\t2"},
		{`("a.b"):find(".", 1, true)`, "2\t2"},
		{`("]]]áb"):match("[^]]")`, "\xc3"},
		{`("0alo alo"):match("%x*")`, "0a"},
		{`("alo alo"):match("%C+")`, "alo alo"},
		{`("a-z"):match("[a%-z]+")`, "a-z"},
		{`("a-z"):match("[-az]+")`, "a-z"},
		{`("]"):match("[]]")`, "]"},
		{`("x^y"):match("[x^]+")`, "x^"},
		{`("THE (quick) fox"):find("%((%a+)%)")`, "5\t11\tquick"},
		{`("THE (quick) fox"):gsub("%f[%a]%a+", "w")`, "w (w) w\t3"},
		{`("foo(bar(baz))x"):match("%b()")`, "(bar(baz))"},
		{`("say 'a' and \"b\""):gsub("(['\"])(.-)%1", "<%2>")`, "say <a> and <b>\t2"},
		{`("abc"):gsub("%w", "%0%0")`, "aabbcc\t3"},
		{`("abc"):gsub("", "-")`, "-a-b-c-\t4"},
		{`("hello world"):gsub("o", "0", 1)`, "hell0 world\t1"},
		{`("hello"):gsub("^h", "j")`, "jello\t1"},
		{`("$name is $age"):gsub("%$(%w+)", {name = "Lua", age = 5.1})`, "Lua is 5.1\t2"},
		{`("abc"):gsub("%w", function(c) if c == "b" then return "[b]" end end)`, "a[b]c\t3"},
		{`("abc"):gsub("()b", function(p) return p end)`, "a2c\t1"},
		{`("abc"):gsub("b", "%%")`, "a%c\t1"},
		{`("a\0b"):match("%z")`, "\x00"},
		{`("abc"):find("b", -2)`, "2\t2"},
		{`("abc"):find("b", 10)`, "nil"},
		{`("abc"):find("", 10)`, "4\t3"},
		{`("  trim  "):match("^%s*(.-)%s*$") .. "|"`, "trim|"},
	} {
		if got, err := exec(t, Options{}, "print("+c.expr+")"); err != nil || got != c.want {
			t.Errorf("%s gives %q (%v), want %q", c.expr, got, err, c.want)
		}
	}
	got, err := exec(t, Options{}, `for k, v in ("a=1, b=22"):gmatch("(%w+)=(%w+)") do print(k, v) end for p in ("abc"):gmatch("()") do print(p) end`)
	if want := "a\t1\nb\t22\n1\n2\n3\n4"; err != nil || got != want {
		t.Errorf("gmatch gives %q (%v), want %q", got, err, want)
	}
}

func TestMalformedPatternsSayWhy(t *testing.T) {
	for pattern, want := range map[string]string{
		"[a": "malformed pattern (missing ']')", "[]": "malformed pattern (missing ']')", "[^": "malformed pattern (missing ']')",
		"%": "malformed pattern (ends with '%')", "(a": "unfinished capture", "a-)": "invalid pattern capture",
		"%1": "invalid capture index", "(%1)": "invalid capture index", "%b": "unbalanced pattern", "%bx": "unbalanced pattern",
		"%f": "missing '[' after '%f' in pattern", strings.Repeat("()", 33): "too many captures",
		strings.Repeat("a?", 500) + "b": "pattern too complex",
	} {
		_, err := exec(t, Options{}, `return (("a"):rep(600)):find("`+pattern+`")`)
		if err == nil || !strings.Contains(err.Error(), "script.lua:1: "+want) {
			t.Errorf("%q: error %v, want %s", pattern, err, want)
		}
	}
}

// No pattern crashes the matcher or makes it loop.
func FuzzPattern(f *testing.F) {
	for _, seed := range []string{".-b", "[^%a-z]*", "%f[%w]x", "%b()", "(()", "[a-", "[%", "(a*(.)%w(%s*))", "%1(", "$^", "[]-a]+"} {
		f.Add(seed, "a(b)c 12")
	}
	f.Fuzz(func(t *testing.T, pattern, subject string) {
		m := &matcher{src: subject, pat: pattern, budget: 1e6}
		defer func() {
			if r := recover(); r != nil {
				if _, ok := r.(patternError); !ok {
					t.Fatalf("%q on %q panics: %v", pattern, subject, r)
				}
			}
		}()
		for s := 0; s <= len(subject); s++ {
			if e := m.at(s, 0); e != noMatch && (e < s || e > len(subject)) {
				t.Fatalf("%q on %q from %d ends at %d", pattern, subject, s, e)
			}
		}
	})
}

// No source crashes the compiler.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		"local x = 2^3 .. 'a' .. x", "a, b = f(a), (g())", "return {1^2, ...}", "#!x\nfor i = 1, 2^2 do end", "goto a ::a::", "x = -2^-2",
		"function a.b:c(...) return ... end", "if a then elseif b^c then else end", "repeat local x until x^2 .. y",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		proto, err := CompileString(source, "fuzz")
		if (proto == nil) == (err == nil) {
			t.Fatalf("got %v, %v of %q", proto, err, source)
		}
	})
}
