package checkpointdb

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/sbinet/npyio/npy"
)

func voidsResult(t *testing.T) *Result {
	t.Helper()
	r, err := EncodeResult(map[string]any{
		"mean":   8.25,
		"radius": &Array{[]int{3}, []float64{8, 8.25, 8.5}},
		"rows":   []any{map[string]any{"pk": &Array{[]int{2, 2}, []float64{1, 2, 3, 4}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestArraysOfAResultStandBesideItsText(t *testing.T) {
	r := voidsResult(t)
	if want := `{"mean":8.25,"radius":{"$array":"radius"},"rows":[{"pk":{"$array":"rows[1].pk"}}]}`; string(r.JSON) != want {
		t.Errorf("text %s, want %s", r.JSON, want)
	}
	if len(r.Arrays) != 2 || r.Arrays[0].Name != "radius" || r.Arrays[1].Name != "rows[1].pk" {
		t.Errorf("arrays %v", r.Arrays)
	}
	alone, err := EncodeResult(&Array{[]int{1}, []float64{2}})
	if err != nil || string(alone.JSON) != `{"$array":"value"}` || alone.Arrays[0].Name != "value" {
		t.Errorf("an array alone: %s, %v, %v", alone.JSON, alone.Arrays, err)
	}
}

func TestResultDigestIsThatOfTheDocumentedBytes(t *testing.T) {
	r := voidsResult(t)
	var b bytes.Buffer
	fmt.Fprintf(&b, "json %d\n%s", len(r.JSON), r.JSON)
	for _, a := range r.Arrays {
		fmt.Fprintf(&b, "array %d %s\n%s", len(a.NPY), a.Name, a.NPY)
	}
	sum := sha256.Sum256(b.Bytes())
	if want := hex.EncodeToString(sum[:]); r.Digest != want {
		t.Errorf("digest %s, want %s", r.Digest, want)
	}
}

func TestResultErrorsNameTheField(t *testing.T) {
	_, err := EncodeResult(map[string]any{"rows": []any{1, 2, map[string]any{"z": math.NaN()}}})
	if err == nil || err.Error() != "checkpointdb: result.rows[3].z is NaN" {
		t.Errorf("got %v", err)
	}
}

func TestDecodeReturnsAFreshValueEachTime(t *testing.T) {
	r := voidsResult(t)
	first, err := r.Decode()
	if err != nil {
		t.Fatal(err)
	}
	first.(map[string]any)["radius"].(*Array).Data[0] = -1
	second, err := r.Decode()
	if err != nil || second.(map[string]any)["radius"].(*Array).Data[0] != 8 {
		t.Errorf("a change of one value reached the other: %v, %v", second, err)
	}
}

func TestAlteredResultIsRefused(t *testing.T) {
	for name, alter := range map[string]func(*Result){
		"text":                 func(r *Result) { r.JSON[8] = '9' },
		"array":                func(r *Result) { r.Arrays[0].NPY[130] ^= 1 },
		"array gone":           func(r *Result) { r.Arrays = r.Arrays[1:] },
		"array renamed":        func(r *Result) { r.Arrays[0].Name = "x" },
		"array gone, rehashed": func(r *Result) { r.Arrays = r.Arrays[1:]; r.Digest = r.digest() },
		"array more, rehashed": func(r *Result) {
			r.Arrays = append(r.Arrays, NamedArray{Name: "z", NPY: r.Arrays[0].NPY})
			r.Digest = r.digest()
		},
		"inline array, rehashed": func(r *Result) {
			r.JSON, r.Arrays = []byte(`{"$array":[1],"shape":[1]}`), nil
			r.Digest = r.digest()
		},
		"not canonical, rehashed": func(r *Result) {
			r.JSON, r.Arrays = []byte(`[1.0]`), nil
			r.Digest = r.digest()
		},
	} {
		r := voidsResult(t)
		alter(r)
		if v, err := r.Decode(); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v, %v", name, v, err)
		}
	}
}

func TestNPYIsReadByNpyio(t *testing.T) {
	a := &Array{[]int{2, 3}, []float64{1, 2, 3, 4, 5, 1e-300}}
	r, err := npy.NewReader(bytes.NewReader(encodeNPY(a)))
	if err != nil {
		t.Fatal(err)
	}
	var data []float64
	if err := r.Read(&data); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(r.Header.Descr.Shape, a.Shape) || !reflect.DeepEqual(data, a.Data) || r.Header.Descr.Fortran {
		t.Errorf("read %v %v", r.Header, data)
	}
}

// findNumPy is a Python that has NumPy; without one the test is skipped.
func findNumPy(t *testing.T) string {
	t.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import numpy").Run() == nil {
			return python
		}
	}
	t.Skip("no python3 with numpy")
	return ""
}

func TestNPYIsWhatNumPySaves(t *testing.T) {
	python := findNumPy(t)
	for _, c := range []struct {
		python string
		array  *Array
	}{
		{"numpy.arange(6.0).reshape(2,3)", &Array{[]int{2, 3}, []float64{0, 1, 2, 3, 4, 5}}},
		{"numpy.array([0.1, -2.5])", &Array{[]int{2}, []float64{0.1, -2.5}}},
		{"numpy.zeros(123456)", &Array{[]int{123456}, make([]float64, 123456)}},
		{"numpy.zeros((0,4))", &Array{[]int{0, 4}, nil}},
	} {
		file := filepath.Join(t.TempDir(), "a.npy")
		if out, err := exec.Command(python, "-c", "import numpy,sys; numpy.save(sys.argv[1], "+c.python+")", file).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := encodeNPY(c.array); !bytes.Equal(got, want) {
			t.Errorf("%s: wrote %.140q, numpy writes %.140q", c.python, got, want)
		}
	}
}

func TestMinusZeroIsZeroInArraysToo(t *testing.T) {
	minus, plus := math.Copysign(0, -1), 0.0
	if !bytes.Equal(encodeNPY(&Array{[]int{1}, []float64{minus}}), encodeNPY(&Array{[]int{1}, []float64{plus}})) {
		t.Error("-0 and 0 are recorded differently")
	}
}
