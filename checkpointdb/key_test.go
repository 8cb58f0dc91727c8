package checkpointdb

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math"
	"testing"
)

func mustKey(t testing.TB, name string, params any) Key {
	t.Helper()
	k, err := NewKey(name, params)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestKeyIsNameAndCanonicalParameters(t *testing.T) {
	k := mustKey(t, "voids", map[string]any{"seed": 1, "beta": -0.2})
	sum := sha256.Sum256([]byte(`["voids",{"beta":-0.2,"seed":1}]`))
	if want := hex.EncodeToString(sum[:]); k.Digest() != want {
		t.Errorf("digest %s, want %s", k.Digest(), want)
	}
	if got := k.String(); got != "voids{beta=-0.2, seed=1}" {
		t.Errorf("shown as %s", got)
	}
	nested := mustKey(t, "run", map[string]any{"grid": []any{1, map[string]any{"a b": "x"}}})
	if got := nested.String(); got != `run{grid={1, {["a b"]="x"}}}` {
		t.Errorf("shown as %s", got)
	}
}

func TestKeysOfEqualValuesAreEqual(t *testing.T) {
	same := [][2]any{
		{map[string]any{"x": 0.0}, map[string]any{"x": math.Copysign(0, -1)}},
		{map[string]any{"x": 1}, map[string]any{"x": 1.0}},
		{nil, map[string]any{}},
		{[]any{}, map[string]any{}},
	}
	for _, c := range same {
		if a, b := mustKey(t, "t", c[0]), mustKey(t, "t", c[1]); a.Digest() != b.Digest() || !a.Equal(b) {
			t.Errorf("%v and %v have different keys", c[0], c[1])
		}
	}
	other := [][2]any{
		{map[string]any{"x": 0.1 + 0.2 + tiny}, map[string]any{"x": 0.3}},
		{map[string]any{"x": 1}, map[string]any{"x": "1"}},
		{map[string]any{"x": []any{1}}, map[string]any{"x": &Array{[]int{1}, []float64{1}}}},
	}
	for _, c := range other {
		if a, b := mustKey(t, "t", c[0]), mustKey(t, "t", c[1]); a.Digest() == b.Digest() || a.Equal(b) {
			t.Errorf("%v and %v share a key", c[0], c[1])
		}
	}
}

func TestBadKeysAreRefused(t *testing.T) {
	for _, name := range []string{"", "a\nb", "\xff"} {
		if _, err := NewKey(name, nil); err == nil {
			t.Errorf("name %q accepted", name)
		}
	}
	_, err := NewKey("t", map[string]any{"beta": math.NaN()})
	var field *FieldError
	if !errors.As(err, &field) || field.Path != "params.beta" {
		t.Errorf("got %v", err)
	}
}

func TestNearDuplicatesDifferByRoundingOnly(t *testing.T) {
	p := func(beta, seed any) any { return map[string]any{"beta": beta, "seed": seed} }
	x, y := 0.1, 0.2
	for _, c := range []struct {
		a, b any
		near bool
	}{
		{p(0.3, 1), p(x+y, 1), true},
		{p(0.3, 1), p(0.3, 1), false},
		{p(0.3, 1), p(x+y, 2), false},
		{p(1, 1), p(1+9e-13, 1), true},
		{p(1, 1), p(1+2e-12, 1), false},
		{p(-0.3, 1), p(0.3, 1), false},
		{p(0, 1), p(-2.7755575615628914e-17, 1), true},
		{p(0, 1), p(1e-14, 1), false},
		{p("0.3", 1), p("0.30000000000000004", 1), false},
		{p(`a"1`, 0.3), p(`a"1`, x+y), true},
		{p([]any{0.3, 4}, 1), p([]any{x + y, 4}, 1), true},
		{p([]any{0.3, 4}, 1), p([]any{x + y, 4, 4}, 1), false},
	} {
		a, b := newNearKey(mustKey(t, "t", c.a)), newNearKey(mustKey(t, "t", c.b))
		if a.near(b) != c.near || b.near(a) != c.near {
			t.Errorf("%s and %s: near = %v", a.key, b.key, !c.near)
		}
	}
}

func TestFingerprintDiffNamesEachFieldOnce(t *testing.T) {
	was := Fingerprint{{"option", "mesh", "128"}, {"option", "box", "256"}, {"code", "each", "aa"}, {"file", "pk.txt", "f1"}, {"option", "box", "256"}}
	now := Fingerprint{{"code", "each", "aa"}, {"option", "box", "512"}, {"option", "mesh", "128"}, {"captured", "n", "3"}}
	want := []Difference{
		{"captured", "n", "", "3"},
		{"file", "pk.txt", "f1", ""},
		{"option", "box", "256", "512"},
	}
	got := was.Diff(now)
	if len(got) != len(want) {
		t.Fatalf("got %v", got)
	}
	lines := []string{
		"captured n: not recorded, now 3",
		"file pk.txt: recorded f1, now absent",
		"option box: recorded 256, now 512",
	}
	for i := range want {
		if got[i] != want[i] || got[i].String() != lines[i] {
			t.Errorf("difference %d is %v", i, got[i])
		}
	}
	if d := was.Diff(Fingerprint{was[2], was[3], was[0], was[1]}); d != nil {
		t.Errorf("the order of fields made a difference: %v", d)
	}
}
