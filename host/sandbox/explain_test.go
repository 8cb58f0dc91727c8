package sandbox

import (
	"errors"
	"slices"
	"testing"
)

func TestExplainShowsScriptLinesInnermostFirst(t *testing.T) {
	_, err := exec(t, Options{}, `
local function radius(s)
  return s.radius
end
local function each(p)
  local ok = pcall(error)
  return radius(p.sim) + 1
end
table.sort({1, 2}, function(a, b)
  local x = each({})
end)`)
	got := Explain(err)
	want := []Frame{{"script.lua", 3, "radius"}, {"script.lua", 7, "each"}, {"script.lua", 10, ""}, {"script.lua", 9, "main chunk"}}
	if got.String() != "script.lua:3: attempt to index a nil value (to get its field 'radius')" || !slices.Equal(got.Trace, want) {
		t.Errorf("got %s, trace %v; want trace %v", got, got.Trace, want)
	}
}

func TestExplainFindsTheLineAndTheMessage(t *testing.T) {
	for script, want := range map[string]string{
		"\nerror('no voids', 0)":                       "script.lua:2: no voids",
		"\nassert(false, 'no voids')":                  "script.lua:2: no voids",
		"\nerror('lib/a.lua:7: rule\\n  hint: h', 0)":  "lib/a.lua:7: rule\n  hint: h",
		"\nerror({message = 'from a table'})":          "script.lua:2: from a table",
		"\nerror({})":                                  "script.lua:2: error value: a table",
		"\nerror(3.5, 0)":                              "script.lua:2: 3.5",
		"\nlocal function f() return 1 + f() end\nf()": "script.lua:2: stack overflow",
		"\nloadstring('\\n\\nerror(\"within\")')()":    `[string "..."]:3: within`,
		"\nx = = 2":                      "script.lua:2: syntax error near '='",
		"\nlocal t = {}\nprint(#nil)":    "script.lua:3: attempt to get the length of a value that has none",
		"\nlocal a, b = 1\nprint(a < b)": "script.lua:3: attempt to compare number with nil",
		"\nnosuch()":                     "script.lua:2: attempt to call a value that is no function",
		"\nprint(-{})":                   "script.lua:2: attempt to perform arithmetic (unary minus) on a value that is no number",
		"\ncoroutine.wrap(function()\nlocal x\nx.y = 1\nend)()": "script.lua:4: attempt to index a nil value (to get its field 'y')",
	} {
		_, err := exec(t, Options{}, script)
		if got := Explain(err).String(); got != want {
			t.Errorf("got %q, want %q of %q", got, want, script)
		}
	}
	if got := Explain(errors.New("disk full")).String(); got != "disk full" {
		t.Errorf("got %q", got)
	}
	if got := Explain(nil); got.Message != "" || got.Line != 0 {
		t.Errorf("no error is explained as %v", got)
	}
}
