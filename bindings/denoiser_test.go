package bindings

import (
	"context"
	"errors"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/fingerprint"
	"runlua/kernels/diffusion"
	"runlua/kernels/par"
	"runlua/kernels/structure"
)

// denoiserState is a Lua state with the modules array and denoiser.
func denoiserState(t *testing.T) *lua.LState {
	t.Helper()
	return denoiserStateOn(t, resultsHost{dir: t.TempDir()})
}

func denoiserStateOn(t *testing.T, host Host) *lua.LState {
	t.Helper()
	l := lua.NewState()
	t.Cleanup(l.Close)
	s := New(l, host)
	load := s.Open()
	for _, name := range []string{"array", "denoiser"} {
		module, _ := load(name)
		l.SetGlobal(name, module)
	}
	return l
}

// denoiserOf runs a script and returns the denoiser that it returns.
func denoiserOf(t *testing.T, l *lua.LState, script string) *denoiserValue {
	t.Helper()
	if err := l.DoString(script); err != nil {
		t.Fatal(err)
	}
	v := l.Get(-1)
	l.Pop(1)
	got, err := denoiserKind.Check(v)
	if err != nil {
		t.Fatal(err)
	}
	return got.(*denoiserValue)
}

func TestALuaDenoiserIsAskedOnceForAChunk(t *testing.T) {
	l := denoiserState(t)
	d := denoiserOf(t, l, `
		calls, rows = 0, 0
		return denoiser.lua { dim = 2, fn = function(x, sigma)
			calls, rows = calls + 1, rows + x:shape()[1]
			return x * (4 / (4 + sigma ^ 2))
		end }`)
	s, _ := diffusion.Preset("af3")
	s.Steps = 10
	w, err := diffusion.NewWalk(diffusion.Config{Settings: s, Denoiser: d.on(l), Seed: 1, Samples: []int64{0, 1, 2}})
	if err != nil {
		t.Fatal(err)
	}
	same, err := diffusion.NewMixture(context.Background(), par.New(1), []diffusion.Component{{Weight: 1, Mean: []float64{0, 0}, Covariance: []float64{4}}})
	if err != nil {
		t.Fatal(err)
	}
	in, err := diffusion.NewWalk(diffusion.Config{Settings: s, Denoiser: same, Seed: 1, Samples: []int64{0, 1, 2}})
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if err := w.Step(context.Background()); err != nil {
			t.Fatal(err)
		}
		if err := in.Step(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	for k := range 3 {
		for j, x := range w.Coordinates(k) {
			// The kernel's arithmetic is another: roundings, a hundred of them.
			if y := in.Coordinates(k)[j]; x-y > 1e-12 || y-x > 1e-12 {
				t.Errorf("sample %d is at %v, by the kernel's denoiser at %v", k, x, y)
			}
		}
	}
	if calls, rows := l.GetGlobal("calls"), l.GetGlobal("rows"); calls != lua.LNumber(10) || rows != lua.LNumber(30) {
		t.Errorf("10 steps of 3 samples: %v calls with %v rows", calls, rows)
	}
}

func TestALuaDenoiserOfTheWrongShapeIsNamed(t *testing.T) {
	l := denoiserState(t)
	for body, want := range map[string]string{
		"return x[1]":          "fn must return an array of the shape of x, 2×3, got an array of 3 numbers",
		"return 1":             "fn must return an array of the shape of x, 2×3, got 1",
		"x:reshape(3, 2)":      "fn must return an array of the shape of x, 2×3, got nil",
		"return x:reshape(6)":  "got an array of 6 numbers",
		"return array.new{ }":  "got an array of 0 numbers",
		"return { 1, 2, 3 } ":  "got a table",
		"return x, 'and more'": "",
	} {
		d := denoiserOf(t, l, `return denoiser.lua { atoms = 1, fn = function(x, sigma) `+body+` end }`)
		err := d.on(l).Denoise(context.Background(), make([]float64, 6), make([]float64, 6), 2, 1)
		if want == "" != (err == nil) || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", body, err, want)
		}
	}
}

// What decides a denoiser's answers is in the fingerprint of a task that
// captures it.
func TestFingerprintFollowsTheDenoiser(t *testing.T) {
	const script = `
		local width, note = 4, "first"
		local d = %
		return function() return d, note end`
	of := func(expression string) string {
		t.Helper()
		l := denoiserState(t)
		if err := l.DoString(strings.Replace(script, "%", expression, 1)); err != nil {
			t.Fatal(err)
		}
		fields, err := fingerprint.Of(l.Get(-1).(*lua.LFunction), fingerprint.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range fields {
			if f.Name == "d" {
				return f.Value
			}
		}
		t.Fatalf("no field for the denoiser in %v", fields)
		return ""
	}
	const chain = "{ { 0, 0, 0 }, { 3.8, 0, 0 }, { 3.8, 3.8, 0 }, { 3.8, 3.8, 3.8 } }"
	seen := map[string]string{}
	for _, expression := range []string{
		"denoiser.rouse { beads = 5 }",
		"denoiser.rouse { beads = 6 }",
		"denoiser.rouse { beads = 5, bond = 3.9 }",
		"denoiser.anm { coordinates = " + chain + " }",
		"denoiser.anm { coordinates = " + chain + ", scale = 2 }",
		"denoiser.gnm { coordinates = " + chain + " }",
		"denoiser.ensemble { conformers = { " + chain + " } }",
		"denoiser.ensemble { conformers = { " + chain + " }, bandwidth = 0.4 }",
		"denoiser.mixture { means = { { 0 }, { 1 } }, covariances = { 1, 2 } }",
		"denoiser.mixture { means = { { 0 }, { 1 } }, covariances = { 1, 2 }, weights = { 1, 2 } }",
		"denoiser.mixture { means = { { 0 }, { 1 } }, covariances = { 2, 1 } }",
		"denoiser.lua { dim = 2, fn = function(x) return x * width end }",
		"denoiser.lua { dim = 2, fn = function(x) return x * (width + 1) end }",
		"denoiser.lua { dim = 3, fn = function(x) return x * width end }",
		"(function() width = 5 return denoiser.lua { dim = 2, fn = function(x) return x * width end } end)()",
	} {
		value := of(expression)
		if again := of(expression); again != value {
			t.Errorf("%s: made twice it has two fingerprints", expression)
		}
		if other, taken := seen[value]; taken {
			t.Errorf("%s and %s have one fingerprint", expression, other)
		}
		seen[value] = expression
	}
}

func TestStructuresAndArraysGiveTheSameDenoiser(t *testing.T) {
	l := denoiserState(t)
	u := l.NewUserData()
	u.Value = &structureValue{&structure.Structure{Atoms: make([]structure.Atom, 2), Models: [][]float64{{0, 0, 0, 3, 0, 0}, {0, 1, 0, 3, 1, 0}}}}
	l.SetGlobal("structure", u)
	a := denoiserOf(t, l, `return denoiser.ensemble { conformers = structure }`)
	b := denoiserOf(t, l, `return denoiser.ensemble { conformers = array.new { { { 0, 0, 0 }, { 3, 0, 0 } }, { { 0, 1, 0 }, { 3, 1, 0 } } } }`)
	if canonicalText(a.Plain()) != canonicalText(b.Plain()) {
		t.Errorf("%v and %v", a.Plain(), b.Plain())
	}
}

func TestNetworksTellTheirModes(t *testing.T) {
	l := denoiserState(t)
	if err := l.DoString(`
		local d = denoiser.gnm { coordinates = { { 0, 0, 0 }, { 6, 0, 0 }, { 12, 0, 0 } }, cutoff = 7, scale = 2 }
		local modes = d:modes() -- a path of three: eigenvalues 1 and 3
		assert(#modes == 2 and math.abs(modes[1] - 1) < 1e-12 and math.abs(modes[2] - 3) < 1e-12, tostring(modes))
		local b = d:bfactors() -- diagonal of the pseudo-inverse: 5/9, 2/9, 5/9
		local unit = 8 * math.pi ^ 2 * 2
		assert(math.abs(b[1] - unit * 5 / 9) < 1e-9 and math.abs(b[2] - unit * 2 / 9) < 1e-9, tostring(b))
		assert(d:atoms() == 3 and d:describe().kind == "gnm" and d:describe().scale == 2)
	`); err != nil {
		t.Error(err)
	}
}

// stoppedHost is a host whose run is to stop.
type stoppedHost struct {
	resultsHost
	ctx context.Context
}

func (h stoppedHost) Context() context.Context { return h.ctx }

func TestNetworksStopWithTheRun(t *testing.T) {
	ctx, stop := context.WithCancelCause(context.Background())
	stop(errors.New("interrupted"))
	l := denoiserStateOn(t, stoppedHost{resultsHost{dir: t.TempDir()}, ctx})
	for _, code := range []string{
		`denoiser.anm { coordinates = { { 0, 0, 0 }, { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } } }`,
		`denoiser.gnm { coordinates = { { 0, 0, 0 }, { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } } }`,
		`denoiser.mixture { means = { { 0, 0 } }, covariances = { { { 2, 1 }, { 1, 2 } } } }`,
	} {
		if err := l.DoString(code); err == nil || !strings.Contains(err.Error(), "interrupted") {
			t.Errorf("%s: %v, want what stops the run", code, err)
		}
	}
}
