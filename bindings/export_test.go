package bindings

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/sbinet/npyio/npy"
)

// exported runs a program that writes one file and returns its content.
func exported(t *testing.T, file, program string) []byte {
	t.Helper()
	l, dir := dataState(t)
	if err := l.DoString(program); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestCSVIsInOrderExactAndQuoted(t *testing.T) {
	const program = `
		local path = export.csv("t.csv", { beta = { -0.2, 0.1 + 0.2 }, name = { 'a "b", c', "β" }, n = array.new { 1e20, 1e-7 }, ok = { true, false } },
			{ columns = { "name", "beta", "n", "ok" } })
		assert(path == "results/t.csv")`
	got := exported(t, "t.csv", program)
	want := "name,beta,n,ok\n\"a \"\"b\"\", c\",-0.2,100000000000000000000,true\nβ,0.30000000000000004,1e-7,false\n"
	if string(got) != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	rows, err := csv.NewReader(bytes.NewReader(got)).ReadAll()
	if err != nil || rows[1][0] != `a "b", c` {
		t.Errorf("%v, %v", rows, err)
	}
}

func TestCSVTakesRows(t *testing.T) {
	const want = "beta,r\n0.1,2\n0.2,3\n"
	for _, data := range []string{
		`{ { r = 2, beta = 0.1 }, { beta = 0.2, r = 3 } }`,
		`{ { 0.1, 2 }, { 0.2, 3 } }, { columns = { "beta", "r" } }`,
		`{ r = { 2, 3 }, beta = { 0.1, 0.2 } }`,
	} {
		if got := exported(t, "t.csv", `export.csv("t.csv", `+data+`)`); string(got) != want {
			t.Errorf("%s gives %s", data, got)
		}
	}
}

func TestJSONIsSortedIndentedAndExact(t *testing.T) {
	got := exported(t, "t.json", `export.json("t.json", { z = { 1, 2.5, 1e300 }, a = { text = 'ü "x"\n', none = {}, yes = true }, m = array.new { { 1, 2 }, { 3, 4 } } })`)
	want := `{
  "a": {
    "none": [],
    "text": "ü \"x\"\n",
    "yes": true
  },
  "m": [
    [1, 2],
    [3, 4]
  ],
  "z": [1, 2.5, 1e+300]
}
`
	if string(got) != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	var v map[string]any
	if err := json.Unmarshal(got, &v); err != nil || !reflect.DeepEqual(v["z"], []any{1.0, 2.5, 1e300}) {
		t.Errorf("%v, %v", v, err)
	}
}

const npzProgram = `export.npz("t.npz", { b = array.new { { 1, 2, 3 }, { 4, 5, 6.5 } }, a = { 0.1, -2 }, cube = array.values(1, 24, 1):reshape(2, 3, 4) })`

func TestNPZIsReadByNPYIOAndTheSameEachTime(t *testing.T) {
	first := exported(t, "t.npz", npzProgram)
	if !bytes.Equal(first, exported(t, "t.npz", npzProgram)) {
		t.Error("two files of the same arrays differ")
	}
	archive, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		name  string
		shape []int
		last  float64
	}{{"a.npy", []int{2}, -2}, {"b.npy", []int{2, 3}, 6.5}, {"cube.npy", []int{2, 3, 4}, 24}}
	if len(archive.File) != len(want) {
		t.Fatalf("%d files", len(archive.File))
	}
	for i, w := range want {
		if made := archive.File[i].Modified.UTC(); made.Year() != 1980 {
			t.Errorf("%s tells when it was written: %v", archive.File[i].Name, made)
		}
		f, err := archive.File[i].Open()
		if err != nil {
			t.Fatal(err)
		}
		r, err := npy.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		var data []float64
		if err := r.Read(&data); err != nil {
			t.Fatal(err)
		}
		if archive.File[i].Name != w.name || !reflect.DeepEqual(r.Header.Descr.Shape, w.shape) || data[len(data)-1] != w.last {
			t.Errorf("%s: %v, ends in %v", archive.File[i].Name, r.Header.Descr.Shape, data[len(data)-1])
		}
	}
}

func TestNPZIsReadByNumPy(t *testing.T) {
	python := ""
	for _, p := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(p, "-c", "import numpy").Run() == nil {
			python = p
			break
		}
	}
	if python == "" {
		t.Skip("no python3 with numpy (Debian: python3-numpy)")
	}
	l, dir := dataState(t)
	if err := l.DoString(npzProgram); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(python, "-c", `
import numpy, sys
z = numpy.load(sys.argv[1])
assert z.files == ["a", "b", "cube"], z.files
assert z["a"].dtype == numpy.float64 and (z["a"] == [0.1, -2]).all()
assert (z["b"] == [[1, 2, 3], [4, 5, 6.5]]).all()
assert (z["cube"] == numpy.arange(1, 25).reshape(2, 3, 4)).all()`, filepath.Join(dir, "t.npz")).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestTextIsWrittenAsItIs(t *testing.T) {
	if got := exported(t, "t.txt", `export.text("t.txt", "β\r\n\0x")`); string(got) != "β\r\n\x00x" {
		t.Errorf("%q", got)
	}
}

func TestExportMistakesAreNamed(t *testing.T) {
	raises(t, [][2]string{
		{`export.csv("t.csv", { a = { 1, 2 }, b = { 1 } })`, `export.csv: data must have columns of the same length, got 2 values in "a" and 1 in "b"`},
		{`export.csv("t.csv", { a = { 1, 0/0 } })`, `column "a", row 2 is NaN: only finite numbers can be exported`},
		{`export.csv("t.csv", { a = { 1, {} } })`, `column "a", row 2 must be a number, a string, true or false, got a table`},
		{`export.csv("t.csv", { beta = { 1 } }, { columns = { "bet" } })`, "columns names \"bet\", which the data do not have\n  hint: did you mean \"beta\"?"},
		{`export.csv("t.csv", { { a = 1, b = 2 }, { a = 1 } })`, `row 2 has no value for the column "b"`},
		{`export.csv("t.csv", { { a = 1 }, { a = 1, b = 2 } })`, `row 1 has no value for the column "b"`},
		{`export.csv("t.csv", { { 1, 2 } })`, "rows of lists need names for their columns"},
		{`export.csv("t.csv", {})`, "data holds no columns and no rows"},
		{`export.csv("t.txt", { a = { 1 } })`, `file must be a file's name that ends in .csv, got "t.txt"`},
		{`export.json("t.json", { rows = { 1, { z = 0/0 } } })`, "export.json: value.rows[2].z is NaN: only finite numbers can be exported"},
		{`export.json("t.json", { f = print })`, "value.f is a function: only numbers, strings, booleans, tables and arrays can be exported"},
		{`export.json("t.json", { m = array.new { { 1, 1 }, { 1, 1 } } / 0 })`, "value.m[1][1] is +Inf: only finite"},
		{`local t = {} t.t = t export.json("t.json", t)`, "value.t contains itself"},
		{`export.npz("t.npz", { ["a/b"] = { 1 } })`, `must have names of letters, digits, _ and - for all arrays, got "a/b"`},
		{`export.npz("t.npz", { a = array.new { 0 } / 0 })`, "arrays.a"},
		{`export.npz("t.npz", {})`, "arrays must hold at least one array"},
	})
}
