package bindings

import (
	"fmt"
	"math"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/numbers"
	"runlua/bindings/spec"
)

// A leftOut is what a measured curve (P(k), a number density, a profile) tells of
// the samples it is from: the curve without each of them. In Lua it is the field
// jackknife of the curve's table:
//
//	{ over = "k", left_out = "boxes", p = array 27 × bins, used = array 27 }
//
// so that ratios can leave the same sample out of both sides.
type leftOut struct {
	over   string // the field with the abscissae
	what   string // "realizations" or "boxes"
	curves []curveRows
	used   []bool // of each sample, whether the curve has anything of it; nil: all
}

type curveRows struct {
	name string
	rows [][]float64 // by sample, by bin
}

// add puts the field jackknife into a curve's table.
func (lo leftOut) add(l *lua.LState, t *lua.LTable) {
	j := l.NewTable()
	j.RawSetString("over", lua.LString(lo.over))
	j.RawSetString("left_out", lua.LString(lo.what))
	for _, curve := range lo.curves {
		var flat []float64
		for _, row := range curve.rows {
			flat = append(flat, row...)
		}
		j.RawSetString(curve.name, NewArray(l, flat, []int{len(curve.rows), len(curve.rows[0])}))
	}
	if lo.used != nil {
		used := make([]float64, len(lo.used))
		for i, u := range lo.used {
			if u {
				used[i] = 1
			}
		}
		j.RawSetString("used", NewArray(l, used, []int{len(used)}))
	}
	t.RawSetString("jackknife", j)
}

// curve is one quantity of a curve's table, as ratios need it.
type curve struct {
	over    string
	x, y    []float64
	what    string
	without [][]float64
	used    []bool
}

// readCurve reads one quantity, or with of = "" the only one that the curve has
// been measured without samples of.
func readCurve(c *spec.Call, name, of string) curve {
	const hint = `measure it with errors = "boxes", or from several realizations, as power.spectrum, power.mean, voids.size_function, voids.profile or halos.mass_function do`
	t := c.LuaTable(name)
	j, ok := t.RawGetString("jackknife").(*lua.LTable)
	if !ok {
		c.Fail(name, "must be a curve with a jackknife, and has no field jackknife", hint)
	}
	var k curve
	over, what := j.RawGetString("over"), j.RawGetString("left_out")
	k.over, k.what = over.String(), what.String()
	if of == "" {
		for _, known := range [...]string{"p", "density", "contrast"} {
			if j.RawGetString(known) != lua.LNil {
				of = known
				break
			}
		}
	}
	rows, ok := AsArray(j.RawGetString(of))
	if !ok || len(rows.Shape) != 2 || rows.Shape[0] < 2 {
		c.Fail("of", fmt.Sprintf("must be a quantity that %s has been measured without samples of, got %q", name, of), hint)
	}
	pair := readColumns(c, name, t, k.over, of)
	k.x, k.y = pair[0], pair[1]
	if len(k.x) != rows.Shape[1] {
		c.Fail(name, "must hold arrays of one length", "")
	}
	for i := range rows.Shape[0] {
		k.without = append(k.without, rows.Data[i*rows.Shape[1]:(i+1)*rows.Shape[1]])
	}
	k.used = make([]bool, len(k.without))
	used, ok := AsArray(j.RawGetString("used"))
	for i := range k.used {
		k.used[i] = !ok || i < len(used.Data) && used.Data[i] != 0
	}
	return k
}

// compareFunc is a function of two curves, point by point, with the error that
// leaves the same sample out of both.
func compareFunc(name, field, doc string, op func(a, b float64) float64) spec.Func {
	curveArg := func(name string) spec.Arg {
		return spec.Arg{Name: name, Kind: spec.Table, Doc: "a curve with a jackknife: of power.spectrum, power.mean, voids.size_function, voids.cumulative, voids.profile, voids.mean_profile or halos.mass_function"}
	}
	return spec.Func{
		Name: name, Named: true, Doc: doc,
		First: []spec.Arg{curveArg("a"), curveArg("b")},
		Args: []spec.Arg{
			{Name: "of", Kind: spec.Name, Optional: true, Doc: "the quantity; default p, density or contrast, what the curves have"},
		},
		Returns: "a table of arrays: the curves' abscissae by their name (k, r or mass), " + field + ", err and bins (which of the curves' points), and the number n of samples",
		Example: fmt.Sprintf("local r = %s(power.mean(strong), power.mean(standard))", name),
		Call: func(c *spec.Call) []lua.LValue {
			a, b := readCurve(c, "a", c.String("of")), readCurve(c, "b", c.String("of"))
			checkAlike(c, a, b)
			return []lua.LValue{compared(c, a, b, field, op)}
		},
	}
}

// checkAlike refuses curves whose samples or points are not each other's.
func checkAlike(c *spec.Call, a, b curve) {
	switch {
	case a.what != b.what || len(a.without) != len(b.without):
		c.Fail("b", fmt.Sprintf("must have the samples of a, got %d %s, not %d %s", len(b.without), b.what, len(a.without), a.what),
			"the jackknife leaves the same one out of both")
	case a.over != b.over || len(a.x) != len(b.x):
		c.Fail("b", fmt.Sprintf("must have the points of a, got %d of %s, not %d of %s", len(b.x), b.over, len(a.x), a.over), "")
	}
	for i := range a.x {
		if !near(a.x[i], b.x[i], 1e-9) {
			c.Fail("b", fmt.Sprintf("must have the points of a, got %s = %.10g, not %.10g at [%d]", a.over, b.x[i], a.x[i], i+1), "measure both in the same bins")
		}
	}
}

// compared evaluates op at each point. Points where it has no finite value, with
// all samples or without one, are left out.
func compared(c *spec.Call, a, b curve, field string, op func(a, b float64) float64) *lua.LTable {
	var x, y, err, bins []float64
	n := 0
	for g := range a.without {
		if a.used[g] || b.used[g] {
			n++
		}
	}
	for i := range a.x {
		var without []float64
		finite := true
		for g := range a.without {
			if !a.used[g] && !b.used[g] {
				continue
			}
			v := op(a.without[g][i], b.without[g][i])
			finite = finite && !math.IsNaN(v) && !math.IsInf(v, 0)
			without = append(without, v)
		}
		value := op(a.y[i], b.y[i])
		if !finite || math.IsNaN(value) || math.IsInf(value, 0) {
			continue
		}
		j, e := numbers.JackknifeOf(value, without)
		c.Check(e)
		x, y, err, bins = append(x, a.x[i]), append(y, j.Value), append(err, j.Error), append(bins, float64(i+1))
	}
	t := columns(c.L, column{a.over, x}, column{field, y}, column{"err", err}, column{"bins", bins})
	t.RawSetString("n", lua.LNumber(n))
	return t
}

// curveFields reads the named fields of a curve, arrays of one length.
func curveFields(c *spec.Call, at string, t *lua.LTable, fields ...string) [][]float64 {
	for _, name := range fields {
		if t.RawGetString(name) == lua.LNil {
			c.Fail(at, "must be a curve with the field "+name+", got a table without", "")
		}
	}
	return readColumns(c, at, t, fields...)
}

// singleCurve is the mean of a list of one curve.
func singleCurve(c *spec.Call, t *lua.LTable, over string, quantities [][2]string) *lua.LTable {
	for _, names := range quantities {
		curveFields(c, "list[1]", t, over, names[0])
	}
	out := c.L.NewTable()
	t.ForEach(func(k, v lua.LValue) { out.RawSet(k, v) })
	if out.RawGetString("n") == lua.LNil {
		out.RawSetString("n", lua.LNumber(1))
	}
	return out
}

// meanCurves pools curves of several realizations: each quantity's mean with
// weights, its error by leaving out one realization at a time, and what the
// fields in alike say of every one of them. A single curve is taken as it is.
func meanCurves(c *spec.Call, over, weight string, quantities [][2]string, alike ...string) *lua.LTable {
	list := c.LuaTable("list")
	n := list.Len()
	at := func(i int) *lua.LTable {
		t, ok := list.RawGetInt(i + 1).(*lua.LTable)
		if !ok {
			c.Fail(fmt.Sprintf("list[%d]", i+1), "must be a curve, got "+spec.Describe(list.RawGetInt(i+1)), "")
		}
		return t
	}
	switch n {
	case 0:
		hint := ""
		if list.RawGetString(over) != lua.LNil {
			hint = "it is a list: { curve }"
		}
		c.Fail("list", "must hold at least one curve", hint)
	case 1:
		return singleCurve(c, at(0), over, quantities)
	}
	weights := make([]float64, n)
	curves := make([][][]float64, len(quantities)) // by quantity, realization, bin
	var x []float64
	for i := range n {
		name, t := fmt.Sprintf("list[%d]", i+1), at(i)
		weights[i] = 1
		if weight != "" {
			w, ok := t.RawGetString(weight).(lua.LNumber)
			if !ok || !(w > 0) {
				c.Fail(name+"."+weight, "must be a positive number, got "+spec.Describe(t.RawGetString(weight)), "")
			}
			weights[i] = float64(w)
		}
		here := curveFields(c, name, t, over)[0]
		if i == 0 {
			x = here
		}
		same := len(here) == len(x)
		for b := 0; same && b < len(x); b++ {
			same = near(here[b], x[b], 1e-9)
		}
		if !same {
			c.Fail(name, "must have the "+over+" of the first curve", "measure all in the same bins of the same box")
		}
		for q, names := range quantities {
			curves[q] = append(curves[q], curveFields(c, name, t, over, names[0])[1])
		}
	}
	out := columns(c.L, column{over, append([]float64(nil), x...)})
	lo := leftOut{over: over, what: "realizations"}
	for q, names := range quantities {
		mean, err, without := pooledMeans(curves[q], weights)
		out.RawSetString(names[0], NewArray(c.L, mean, []int{len(mean)}))
		if names[1] == "" {
			continue
		}
		out.RawSetString(names[1], NewArray(c.L, err, []int{len(err)}))
		lo.curves = append(lo.curves, curveRows{names[0], without})
	}
	lo.add(c.L, out)
	for _, name := range alike {
		out.RawSetString(name, at(0).RawGetString(name))
	}
	out.RawSetString("n", lua.LNumber(n))
	return out
}

// pooledMeans is the weighted mean of curves by bin, with its delete-one error and
// the means without each curve.
func pooledMeans(curves [][]float64, weights []float64) (mean, err []float64, without [][]float64) {
	bins := len(curves[0])
	leaving := func(skip int) []float64 {
		out := make([]float64, bins)
		for b := range out {
			// Taken from the first value, so that equal curves have exactly their mean.
			var sum, total numbers.Accumulator
			for i, y := range curves {
				if i != skip {
					sum.Add(float64(weights[i] * (y[b] - curves[0][b])))
					total.Add(weights[i])
				}
			}
			out[b] = curves[0][b] + sum.Value()/total.Value()
		}
		return out
	}
	mean = leaving(-1)
	for i := range curves {
		without = append(without, leaving(i))
	}
	err = make([]float64, bins)
	for b := range err {
		column := make([]float64, len(without))
		for i := range without {
			column[i] = without[i][b]
		}
		if j, e := numbers.JackknifeOf(mean[b], column); e == nil { // finite, as read
			err[b] = j.Error
		}
	}
	return mean, err, without
}
