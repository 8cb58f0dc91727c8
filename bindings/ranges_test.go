package bindings

import "testing"

func TestRangesAreTheNumbersAScriptTypes(t *testing.T) {
	holds(t, `
		same(linspace(-0.2, 0.2, 5), { -0.2, -0.1, 0, 0.1, 0.2 })
		same(values(-0.2, 0.3, 0.1), { -0.2, -0.1, 0, 0.1, 0.2, 0.3 })
		same(values(0.3, -0.3, -0.15), { 0.3, 0.15, 0, -0.15, -0.3 })
		same(values(2, 2, 0.1), { 2 }) same(linspace(3, 3, 1), { 3 })
		assert(type(linspace(0, 1, 2)) == "table")
		same(array.linspace(-1, 1, 3), { -1, 0, 1 })`)
}

func TestRangeMistakesAreNamed(t *testing.T) {
	raises(t, [][2]string{
		{`return values(0, 1, -0.1)`, "values: step -0.1 leads away from 0 to 1"},
		{`return values(0, 1, 0.3)`, "values: step 0.3 does not lead from 0 to 1: its last value is 0.9\n  hint: linspace(a, b, n)"},
		{`return values(0, 1, 1e-9)`, "would make more than 1000000 values"},
		{`return linspace(0, 1, 2.5)`, "linspace: n must be a whole number from 1 to 1000000, got 2.5"},
		{`return linspace(0, 1, 1)`, "linspace: n must be at least 2 to reach from a to b, got 1"},
		{`return linspace(0, 0/0, 3)`, "linspace: b must be a finite number, got NaN"},
	})
}
