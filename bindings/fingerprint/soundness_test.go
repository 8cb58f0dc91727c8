package fingerprint

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// A program writer makes functions that pass a captured table around in many
// ways.
type programWriter struct {
	*rand.Rand
	out   strings.Builder
	depth int
	vars  int
}

func (p *programWriter) variable() string { return fmt.Sprintf("v%d", 1+p.IntN(p.vars)) }

func (p *programWriter) expr() string {
	fields := []string{".a", ".b", ".sub", ".sub.a", ".sub.b", "[1]"}
	switch p.IntN(12) {
	case 0:
		return "o"
	case 10, 11:
		return "o.sub" + fields[p.IntN(2)]
	case 1, 2:
		return "o" + fields[p.IntN(len(fields))]
	case 3:
		return p.variable()
	case 4, 5:
		return p.variable() + fields[p.IntN(len(fields))]
	case 6:
		return fmt.Sprintf("(%s or %s)", p.variable(), p.expr())
	case 7:
		return fmt.Sprintf("(%s and %s)", p.expr(), p.expr())
	case 8:
		return fmt.Sprintf("pick(%s, %s)", p.expr(), p.expr())
	}
	return fmt.Sprintf("({%s})[1]", p.expr())
}

func (p *programWriter) block() {
	p.depth++
	for range 1 + p.IntN(4) {
		p.statement()
	}
	p.depth--
}

func (p *programWriter) statement() {
	kind := p.IntN(9)
	if p.depth > 3 {
		kind %= 5
	}
	switch kind {
	case 0, 1:
		fmt.Fprintf(&p.out, "%s = %s\n", p.variable(), p.expr())
	case 2, 3:
		fmt.Fprintf(&p.out, "acc = acc + sum(%s)\n", p.expr())
	case 4:
		fmt.Fprintf(&p.out, "%s, %s = %s, %s\n", p.variable(), p.variable(), p.expr(), p.expr())
	case 5:
		fmt.Fprintf(&p.out, "if acc %% 2 == %d then\n", p.IntN(2))
		p.block()
		p.out.WriteString("else\n")
		p.block()
		p.out.WriteString("end\n")
	case 6:
		p.out.WriteString("for i = 1, 3 do\n")
		p.block()
		p.out.WriteString("end\n")
	case 7:
		fmt.Fprintf(&p.out, "local f = function() return %s end\n", p.expr())
		p.statement()
		p.out.WriteString("acc = acc + sum(f())\n")
	case 8:
		p.out.WriteString("do local v1 = " + p.expr() + "\n")
		p.block()
		p.out.WriteString("end\n")
	}
}

// result runs the program with the given leaves of the captured table and
// returns what the task returns, or how it fails, and its fields.
func result(t *testing.T, body string, leaves [5]int) (string, []Field) {
	L := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer L.Close()
	for _, open := range []lua.LGFunction{lua.OpenBase, lua.OpenDebug} {
		L.Push(L.NewFunction(open))
		L.Call(0, 0)
	}
	script := fmt.Sprintf(`
debug.setmetatable(0, { __index = function(n) return n + 1 end })
debug.setmetatable(nil, { __index = function() return 2 end })
local o = { a = %d, b = %d, [1] = %d, sub = { a = %d, b = %d } }
local function sum(x, deep)
  if type(x) == "number" then return x end
  if type(x) ~= "table" or deep then return 7 end
  local s = 0
  for _, k in ipairs { "a", "b", 1, "sub" } do s = s * 3 + sum(x[k], k == "sub" and deep) end
  return s
end
local function pick(x, y) if sum(x) %% 2 == 0 then return y end return x end
return function()
  local acc, v1, v2, v3 = 1, { a = 1, sub = { b = 2 } }
  %s
  return acc
end`, leaves[0], leaves[1], leaves[2], leaves[3], leaves[4], body)
	fn, err := L.Load(strings.NewReader(script), "program")
	if err != nil {
		t.Fatalf("%v in:\n%s", err, script)
	}
	L.Push(fn)
	L.Call(0, 1)
	task := L.Get(-1).(*lua.LFunction)
	fields, err := Of(task, Options{HostName: func(v lua.LValue) (string, bool) {
		f, ok := v.(*lua.LFunction)
		return "host", ok && f.IsG
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := L.PCall(0, 1, nil); err != nil {
		return err.(*lua.ApiError).Object.String(), fields
	}
	return L.Get(-1).String(), fields
}

// What changes a result changes the fingerprint: the one mistake that would
// return stale numbers is a field that isn't taken though the code reads it.
func TestNoValueThatChangesTheResultIsMissed(t *testing.T) {
	programs, decisive, untaken := 250, 0, 0
	for seed := range programs {
		p := &programWriter{Rand: rand.New(rand.NewPCG(uint64(seed), 1)), vars: 3}
		p.block()
		body := p.out.String()
		base := [5]int{10, 20, 30, 40, 50}
		want, fields := result(t, body, base)
		for leaf := range base {
			edited := base
			edited[leaf]++
			got, after := result(t, body, edited)
			same := slices.Equal(fields, after)
			if got != want && same {
				t.Fatalf("leaf %d changes the result from %s to %s and no field of %v, seed %d:\n%s", leaf, want, got, fields, seed, body)
			}
			if got != want {
				decisive++
			}
			if same {
				untaken++
			}
		}
	}
	// The programs must try both sides.
	if decisive < programs || untaken < programs {
		t.Errorf("%d values were decisive and %d not taken, of %d: too few to mean anything", decisive, untaken, 5*programs)
	}
}
