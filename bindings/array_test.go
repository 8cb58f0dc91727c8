package bindings

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/par"
)

// resultsHost is a host that has a pool and a folder for results.
type resultsHost struct {
	Host
	dir string
}

func (h resultsHost) Files() Files           { return resultsFiles{dir: h.dir} }
func (resultsHost) Context() context.Context { return context.Background() }
func (resultsHost) Pool() *par.Pool          { return par.New(2) }

type resultsFiles struct {
	Files
	dir string
}

func (f resultsFiles) WriteResult(path string, write func(io.Writer) error) error {
	w, err := os.Create(filepath.Join(f.dir, path))
	if err != nil {
		return err
	}
	if err := write(w); err != nil {
		return err
	}
	return w.Close()
}

func (f resultsFiles) ResultPath(path string) (string, error) { return "results/" + path, nil }

// dataState is a Lua state with the modules that work on data, and the folder
// that results go to.
func dataState(t *testing.T) (*lua.LState, string) {
	t.Helper()
	l := lua.NewState()
	t.Cleanup(l.Close)
	dir := t.TempDir()
	s := New(l, resultsHost{dir: dir})
	for _, m := range []spec.Module{s.arrayModule(), s.statsModule(), s.exportModule(), s.plotModule()} {
		l.SetGlobal(m.Name, m.Table(l))
	}
	for _, f := range s.rangeFuncs() {
		l.SetGlobal(f.Name, f.Function(l))
	}
	if err := l.DoString(`
		function near(a, b, rel) return math.abs(a - b) <= (rel or 1e-15) * math.max(math.abs(a), math.abs(b)) end
		function same(a, list)
			assert(#a == #list, "length " .. #a .. ", not " .. #list)
			for i = 1, #list do assert(a[i] == list[i], ("[%d] is %s, not %s"):format(i, tostring(a[i]), tostring(list[i]))) end
		end`); err != nil {
		t.Fatal(err)
	}
	return l, dir
}

// holds runs a Lua program that must not raise an error.
func holds(t *testing.T, program string) {
	t.Helper()
	l, _ := dataState(t)
	if err := l.DoString(program); err != nil {
		t.Error(err)
	}
}

// raises checks programs of one line against the text of their errors, with
// the line that is to blame.
func raises(t *testing.T, cases [][2]string) {
	t.Helper()
	for _, c := range cases {
		l, _ := dataState(t)
		err := l.DoString(c[0])
		if err == nil {
			t.Errorf("%s: no error, want %s", c[0], c[1])
			continue
		}
		if text := err.Error(); !strings.Contains(text, c[1]) || !strings.HasPrefix(text, "<string>:1: ") {
			t.Errorf("%s\n  raised %s\n  want   <string>:1: … %s", c[0], strings.Split(text, "\nstack")[0], c[1])
		}
	}
}

func TestArrayArithmeticIsValueByValue(t *testing.T) {
	holds(t, `
		local a, b = array.new { 1, 2, 3 }, array.new { 4, 0.5, -2 }
		same(a + b, { 5, 2.5, 1 })
		same(a - 1, { 0, 1, 2 })
		same(10 - a, { 9, 8, 7 })
		same(a * b, { 4, 1, -6 })
		same(1 / a, { 1, 0.5, 1/3 })
		same(a ^ 2, { 1, 4, 9 })
		same(2 ^ a, { 2, 4, 8 })
		same(-a, { -1, -2, -3 })
		same(array.new { 5, -5 } % 3, { 2, 1 })
		assert(a == array.new { 1, 2, 3 } and a ~= b)
		same(a, { 1, 2, 3 }) -- operators leave their operands alone
		local m = array.new { { 1, 2 }, { 3, 4 } } * 2
		same(m:row(2), { 6, 8 }) same(m:column(1), { 2, 6 }) same(m:shape(), { 2, 2 })
		same(array.new({ 4, 9 }):sqrt(), { 2, 3 })
		same(array.new({ 0 }):exp(), { 1 }) same(array.new({ 1 }):log(), { 0 }) same(array.new({ 1000 }):log10(), { 3 })
		same(array.new({ -1, 2 }):abs(), { 1, 2 })`)
}

func TestArrayReductionsAgreeWithNumPy(t *testing.T) {
	holds(t, `
		local a = array.new { 3.1, -2.7, 8.25, 0.4, 19.6, -11.3, 4.4, 7.77, 0.001 }
		assert(near(a:mean(), 3.280111111111111)) assert(near(a:std(), 8.513762688207319)) assert(near(a:std(0), 8.026852440325875))
		assert(near(a:var(), 8.513762688207319 ^ 2, 1e-14))
		assert(a:min() == -11.3 and a:max() == 19.6 and a:argmin() == 6 and a:argmax() == 5)
		assert(a:median() == 3.1 and near(a:quantile(0.1), -4.42) and near(a:quantile(0.9), 10.520000000000003))
		assert(array.new({ 1e16, 1, -1e16 }):sum() == 1) -- compensated
		same(a:sort():slice(1, 3), { -11.3, -2.7, 0.001 })
		same(array.new({ 1, 2, 3 }):cumsum(), { 1, 3, 6 })
		assert(a:gt(4):count() == 4) same(a:filter(a:gt(7)), { 8.25, 19.6, 7.77 })
		same(array.where(a:le(0), 0, a):slice(1, 3), { 3.1, 0, 8.25 })
		local h = a:histogram { bins = 4, range = { -4, 8.25 } }
		same(h.counts, { 1, 2, 2, 2 }) same(h.edges, { -4, -0.9375, 2.125, 5.1875, 8.25 }) assert(h.below == 1 and h.above == 1)
		assert(h.centres[1] == (-4 - 0.9375) / 2)
		same(a:histogram { edges = { -20, 0, 4, 8.25 }, weights = { 1, 2, 0.5, 4, 1, 0.25, 3, 1, 2 } }.counts, { 2.25, 7, 4.5 })
		local logs = array.new({ 1, 5, 50 }):histogram { bins = 2, range = { 1, 100 }, log = true }
		same(logs.counts, { 2, 1 }) assert(near(logs.edges[2], 10) and near(logs.centres[1], math.sqrt(10)))`)
}

func TestArraySlicesAndShapes(t *testing.T) {
	holds(t, `
		local a = array.values(1, 6, 1)
		same(a:slice(2, 4), { 2, 3, 4 }) same(a:slice(5), { 5, 6 }) assert(#a:slice(3, 2) == 0)
		same(a:reverse(), { 6, 5, 4, 3, 2, 1 })
		local m = a:reshape(2, 3)
		assert(#m == 2 and m:size() == 6 and m[2][3] == 6)
		m[2][3] = 60 assert(m[2][3] == 60 and a[6] == 6) -- a row shares the numbers of m, m none of a
		same(m:slice(2):shape(), { 1, 3 })
		local copy = a:copy() copy[1] = 9 assert(a[1] == 1)
		local list = m:list() assert(type(list[1]) == "table" and list[2][3] == 60)
		same(array.concat { a:slice(1, 2), { 7 } }, { 1, 2, 7 })
		same(array.concat({ m, m }):shape(), { 4, 3 })
		same(array.zeros(2), { 0, 0 }) same(array.ones(2, 1):shape(), { 2, 1 }) assert(#array.new {} == 0)
		assert(tostring(array.new { 1, 2.5 }) == "array(2): 1 2.5")
		assert(tostring(array.linspace(0, 1, 101)) == "array(101): 0 0.01 0.02 … 0.98 0.99 1")`)
}

func TestArrayMistakesAreNamed(t *testing.T) {
	raises(t, [][2]string{
		{`return array.new { 1, 2 } + array.new { 1, 2, 3 }`, "array: + needs arrays of the same shape, got 2 and 3"},
		{`return array.zeros(2, 3) * array.zeros(3, 2)`, "array: * needs arrays of the same shape, got 2×3 and 3×2"},
		{`return array.new { 1 } + "x"`, `array: + needs arrays or numbers, got "x"`},
		{`return array.new({ 1, 2 })[3]`, "array: an index must be a whole number from 1 to 2, got 3"},
		{`return array.new({ 1, 2 })[0]`, "from 1 to 2, got 0"},
		{`return array.new({ 1, 2 })[1.5]`, "from 1 to 2, got 1.5"},
		{`local a = array.new { 1 } a[2] = 1`, "from 1 to 1, got 2"},
		{`local a = array.new { 1 } a[1] = "x"`, `a value must be a number, got "x"`},
		{`local a = array.zeros(2, 2) a[1] = 1`, "only single values can be assigned, and this array is 2×2"},
		{`return array.new({ 1 }):meen()`, "an array has no method \"meen\"\n  hint: did you mean \"mean\"?"},
		{`return array.new { 1, "a" }`, `array.new: values must hold numbers, got "a" at [2]`},
		{`return array.new { { 1, 2 }, { 3 } }`, "values must have lists of the same length at each level, got 1 after 2 at [2]"},
		{`return array.new { 1, 0/0 }`, "values must hold finite numbers, got NaN at [2]"},
		{`return array.new {}:mean()`, "array:mean: the array is empty"},
		{`return array.new({ 1 }):std()`, "array:std: the array needs at least 2 values, got 1"},
		{`return (array.new { 0 } / 0):min()`, "array:min: the array holds NaN at [1]"},
		{`return array.zeros(2, 2):sort()`, "array:sort: works on a one-dimensional array, got one of 2×2"},
		{`return array.zeros(4):reshape(3)`, "array:reshape: 3 does not hold the 4 values of an array of 4"},
		{`return array.zeros(1e5, 1e5)`, "array.zeros: 100000×100000 is more than 134217728 numbers"},
		{`return array.zeros(4):slice(2, 5)`, "array:slice: from 2 to 5 is outside of the array, which has 1 to 4"},
		{`return array.zeros(4):quantile(2)`, "array:quantile: q must be a number from 0 to 1, got 2"},
		{`return array.zeros(4):filter(array.zeros(3))`, "mask must have the shape of the array, got 3 and 4"},
		{`return array.zeros(4):histogram { bin = 3 }`, "there is no argument \"bin\"\n  hint: did you mean \"bins\"?"},
		{`return array.zeros(4):histogram { log = true }`, "log needs bins above 0"},
		{`return array.zeros(4):histogram { edges = { 1, 0 } }`, "edges must ascend, got 0 after 1 at [2]"},
		{`return array.zeros(4).mean()`, "array:mean: call it with a colon"},
		{`return array.concat { { 1 }, array.zeros(2, 2) }`, "arrays[2] must agree in all dimensions but the first, got 2×2 after 1"},
	})
}

func TestArrayFingerprintFollowsShapeAndValuesOnly(t *testing.T) {
	digest := func(a *Array) string {
		d, err := a.FingerprintValue()
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	a := &Array{[]float64{1, 2, 0, 4}, []int{4}}
	negativeZero := -a.Data[2]
	if digest(a) != digest(&Array{[]float64{1, 2, negativeZero, 4}, []int{4}}) {
		t.Error("−0 changes the digest")
	}
	for _, b := range []*Array{{[]float64{1, 2, 0, 4}, []int{2, 2}}, {[]float64{1, 2, 0, 4.000000000000001}, []int{4}}, {[]float64{2, 1, 0, 4}, []int{4}}} {
		if digest(a) == digest(b) {
			t.Errorf("%v has the digest of %v", b, a)
		}
	}
}

// BenchmarkArrayElement reads values one by one, the slowest way to use an array.
func BenchmarkArrayElement(b *testing.B) {
	l := lua.NewState()
	defer l.Close()
	l.SetGlobal("a", NewArray(l, make([]float64, 1000), nil))
	fn, err := l.LoadString(`local s = 0 for i = 1, 1000 do s = s + a[i] end return s`)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		l.Push(fn)
		l.Call(0, 0)
	}
	b.ReportMetric(float64(b.N)*1000/b.Elapsed().Seconds(), "values/s")
}
