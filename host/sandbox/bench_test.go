package sandbox

import (
	"context"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// Each iteration is one turn of a Lua loop; Context shows what the check for
// cancellation before each instruction costs.
func BenchmarkLoop(b *testing.B) {
	for _, c := range []struct{ name, body string }{
		{"Add", "s = s + i"}, {"Power", "s = s + i^2"}, {"PowerOfThird", "s = i^(1/3)"}, {"Concat", `s = "a" .. i`}, {"Match", `s = ("beta=+0.10"):match("=(.+)$")`},
	} {
		for _, withContext := range []bool{false, true} {
			name := c.name
			if withContext {
				name += "/Context"
			}
			b.Run(name, func(b *testing.B) {
				L := NewState(Options{})
				defer L.Close()
				if withContext {
					ctx, cancel := context.WithCancel(context.Background())
					defer cancel()
					L.SetContext(ctx)
				}
				fn, err := Load(L, "local n = ... local s = 0 for i = 1, n do "+c.body+" end", "x")
				if err != nil {
					b.Fatal(err)
				}
				L.Push(fn)
				L.Push(lua.LNumber(b.N))
				b.ResetTimer()
				if err := L.PCall(1, 0, nil); err != nil {
					b.Fatal(err)
				}
			})
		}
	}
}
