package checkpointdb

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

func TestCanonicalJSONIsOneTextForEqualValues(t *testing.T) {
	tenth := 0.1
	for _, c := range []struct {
		v    any
		want string
	}{
		{nil, `null`},
		{true, `true`},
		{0.0, `0`},
		{math.Copysign(0, -1), `0`},
		{-0.2, `-0.2`},
		{tenth + 0.2, `0.30000000000000004`},
		{1e20, `100000000000000000000`},
		{1e21, `1e+21`},
		{1e-6, `0.000001`},
		{1e-7, `1e-7`},
		{-1.5e-12, `-1.5e-12`},
		{5e-324, `5e-324`},
		{math.MaxFloat64, `1.7976931348623157e+308`},
		{float64(1 << 53), `9007199254740992`},
		{7, `7`},
		{int64(-1 << 53), `-9007199254740992`},
		{"β\n\"\\\x01</é", "\"β\\n\\\"\\\\\\u0001</é\""},
		{[]any{}, `[]`},
		{map[string]any{}, `{}`},
		{map[string]any{"seed": 1, "beta": -0.2, "a": []any{1, "x", false}}, `{"a":[1,"x",false],"beta":-0.2,"seed":1}`},
		{map[string]any{"é": 1, "z": 2, "Z": 3}, `{"Z":3,"z":2,"é":1}`},
		{&Array{[]int{2, 2}, []float64{1, math.Copysign(0, -1), 0.5, -3}}, `{"$array":[1,0,0.5,-3],"shape":[2,2]}`},
		{&Array{[]int{0}, nil}, `{"$array":[],"shape":[0]}`},
	} {
		got, err := CanonicalJSON(c.v)
		if err != nil || string(got) != c.want {
			t.Errorf("CanonicalJSON(%v) = %s, %v; want %s", c.v, got, err, c.want)
		}
	}
}

func TestCanonicalJSONRefusesByFieldPath(t *testing.T) {
	cycle := map[string]any{}
	cycle["again"] = []any{1, cycle}
	list := []any{0}
	list[0] = list
	deep := any(1)
	for range maxDepth + 1 {
		deep = []any{deep}
	}
	row := func(z any) any {
		return map[string]any{"rows": []any{map[string]any{"z": 1}, map[string]any{"z": 1}, map[string]any{"z": z}}}
	}
	for _, c := range []struct {
		v    any
		want string
	}{
		{math.NaN(), "value is NaN"},
		{row(math.NaN()), "value.rows[3].z is NaN"},
		{row(math.Inf(1)), "value.rows[3].z is infinite"},
		{row(math.Inf(-1)), "value.rows[3].z is minus infinity"},
		{row(nil), "value.rows[3].z is nil"},
		{row((*Array)(nil)), "value.rows[3].z is nil"},
		{row(&Array{[]int{2, 3}, []float64{0, 0, 0, 0, math.NaN(), 0}}), "value.rows[3].z[2][2] is NaN"},
		{row("\xff"), "value.rows[3].z is not valid UTF-8 text"},
		{row(1<<53 + 1), "value.rows[3].z is 9007199254740993, beyond 2^53: give it as text"},
		{row(func() {}), "value.rows[3].z is a func(), which can't be recorded"},
		{map[string]any{"a b": math.NaN()}, `value["a b"] is NaN`},
		{map[string]any{"a": map[string]any{"$array": 1}}, `value.a["$array"] has a reserved name`},
		{map[string]any{"\xff": 1}, `value["\xff"] has a name that is not valid UTF-8 text`},
		{cycle, "value.again[2] is a cycle: it contains itself"},
		{list, "value[1] is a cycle: it contains itself"},
		{deep, "is nested more than 200 levels deep"},
	} {
		_, err := CanonicalJSON(c.v)
		var field *FieldError
		if !errors.As(err, &field) || !strings.HasSuffix(field.Path+" "+field.Problem, c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestSharedValueIsNoCycle(t *testing.T) {
	shared := []any{1}
	if got, err := CanonicalJSON([]any{shared, shared}); string(got) != "[[1],[1]]" {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestArrayOfWrongShapePanics(t *testing.T) {
	for _, a := range []*Array{{[]int{3}, []float64{1}}, {nil, []float64{1}}, {[]int{-1, -1}, []float64{1}}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%v: no panic", a)
				}
			}()
			CanonicalJSON(a)
		}()
	}
}

// randomValue is a value with up to depth levels.
func randomValue(r *rand.Rand, depth int) any {
	kind := r.IntN(9)
	if depth == 0 {
		kind = r.IntN(5)
	}
	switch kind {
	case 0:
		return r.IntN(2) == 0
	case 1:
		return []string{"", "β", "a\x00b", `"\`, "\u2028"}[r.IntN(5)]
	case 2:
		return float64(r.IntN(7) - 3)
	case 3, 4:
		for {
			if x := math.Float64frombits(r.Uint64()); notFinite(x) == "" {
				return x
			}
		}
	case 5, 6:
		list := []any{}
		for range r.IntN(4) {
			list = append(list, randomValue(r, depth-1))
		}
		return list
	case 7:
		table := map[string]any{}
		for range r.IntN(4) {
			table[[]string{"x", "y.z", "rows", "ß", "1"}[r.IntN(5)]] = randomValue(r, depth-1)
		}
		return table
	default:
		a := &Array{Shape: []int{r.IntN(3), 1 + r.IntN(3)}}
		a.Data = make([]float64, a.Shape[0]*a.Shape[1])
		for i := range a.Data {
			a.Data[i] = r.NormFloat64()
		}
		return a
	}
}

func TestDecodeIsTheInverse(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 3000 {
		v := randomValue(r, 4)
		text, err := CanonicalJSON(v)
		if err != nil {
			t.Fatal(err)
		}
		back, err := DecodeJSON(text)
		if err != nil || !reflect.DeepEqual(back, v) {
			t.Fatalf("%s: %v became %v, %v", text, v, back, err)
		}
		res, err := EncodeResult(v)
		if err != nil {
			t.Fatal(err)
		}
		if back, err = res.Decode(); err != nil || !reflect.DeepEqual(back, v) {
			t.Fatalf("%s: %v became %v, %v", res.JSON, v, back, err)
		}
	}
}

func TestDecodeRefusesOtherTexts(t *testing.T) {
	for _, text := range []string{
		``, ` 1`, `1 `, `1.0`, `1e0`, `-0`, `01`, `1e999`, `{"b":1,"a":2}`, `{"a":1,"a":1}`, `[1, 2]`, `"\u0041"`, `"\/"`,
		"\"\xff\"", `[null]`, `{"$array":"radius"}`, `{"$array":[1],"shape":[2]}`, `{"$array":[1],"shape":[0.5]}`,
		`{"$array":[true],"shape":[1]}`, `{"$array":[1],"shape":[1],"x":1}`, `{"$array":[],"shape":[]}`, `{"a":{"$array":1}}`,
		`{"$array":[],"shape":[0,-1]}`,
	} {
		if v, err := DecodeJSON([]byte(text)); err == nil {
			t.Errorf("%q decoded to %v", text, v)
		}
	}
}

func FuzzDecodeJSON(f *testing.F) {
	for _, text := range []string{`null`, `{"a":[1,"x",false],"beta":-0.2}`, `{"$array":[1,0.5],"shape":[2,1]}`, `[1e+21,1e-7]`, `"\u0001"`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := DecodeJSON(text)
		if err != nil {
			return
		}
		again, err := CanonicalJSON(v)
		if err != nil || !bytes.Equal(again, text) {
			t.Errorf("%q decoded and encoded is %q, %v", text, again, err)
		}
	})
}

func FuzzDecodeNPY(f *testing.F) {
	f.Add(encodeNPY(&Array{[]int{2, 3}, make([]float64, 6)}))
	f.Add(encodeNPY(&Array{[]int{0}, nil}))
	f.Add([]byte(npyMagic))
	f.Fuzz(func(t *testing.T, file []byte) {
		a, err := decodeNPY(file)
		if err == nil {
			a.check()
		}
	})
}
