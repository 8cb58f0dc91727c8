package rundir

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"runlua/checkpointdb"
)

// export returns the table and the notes.
func (p *project) export(t Target, opt ExportOptions) (table, notes string, err error) {
	p.Helper()
	var out, note strings.Builder
	opt.Out, opt.Note = &out, func(text string) { note.WriteString(text + "\n") }
	err = Export(t, opt)
	return out.String(), note.String(), err
}

func TestCSVIsOneRowATaskInTheOrderOfParameters(t *testing.T) {
	p := newProject(t)
	table, notes, err := p.export(p.sweep(), ExportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := `task,beta,seed,count,same.missed
voids,-0.2,1,2,0
voids,0.1,1,2,0
voids,9,1,2,0
voids,10,1,2,0
`
	if table != want {
		t.Errorf("got\n%swant\n%s", table, want)
	}
	p.contains(notes, "1 unfinished task can't be in the table yet", "arrays and lists radius, x (--explode")
}

func TestExplodeMakesARowOfEachElement(t *testing.T) {
	p := newProject(t)
	target := p.sweep()
	table, _, err := p.export(target, ExportOptions{Tasks: []string{"voids{seed=1}", "beta=0.1"}, Explode: true})
	want := "beta,seed,count,radius,same.missed,x\n0.1,1,2,0.1,0,1\n0.1,1,2,2,0,0.1\n"
	if err != nil || table != want {
		t.Errorf("%v\n%swant\n%s", err, table, want)
	}
	table, notes, err := p.export(target, ExportOptions{Tasks: []string{"voids", "beta=0.1"}, Explode: true, Arrays: []string{"x"}})
	if want := "beta,seed,count,same.missed,x\n0.1,1,2,0,1\n0.1,1,2,0,0.1\n"; err != nil || table != want {
		t.Errorf("%v\n%swant\n%s", err, table, want)
	}
	p.contains(notes, "arrays and lists radius (json and npz")

	_, _, err = p.export(target, ExportOptions{Explode: true, Arrays: []string{"radios"}})
	p.refused(err, `no result has an array or list "radios"`, `did you mean "radius"?`)

	s := p.open("sweep", false)
	p.record(s, "uneven", nil, map[string]any{"a": array(1), "b": []any{1, 2}, "c": array()})
	p.close(s, "done")
	_, _, err = p.export(target, ExportOptions{Tasks: []string{"uneven"}, Explode: true})
	p.refused(err, "c 0; a 1; b 2", "--explode=c or --explode=a or --explode=b")
}

// odd makes a run whose names and values are hard to put into a table.
func (p *project) odd() Target {
	p.Helper()
	s := p.open("odd", false)
	p.record(s, "a", map[string]any{"task": "x/y, \"z\"", "n": 1e-7}, map[string]any{
		"n": 0.1, "rows": []any{map[string]any{"z": 1, "k": "β"}, map[string]any{"z": 2, "k": ""}},
		"mixed": []any{1, "two"}, "deep": map[string]any{"on": true},
	})
	p.record(s, "b", nil, 3)
	p.record(s, "c", []any{1, 2}, array(4, 5))
	p.record(s, "d", nil, nil)
	p.close(s, "done")
	return p.target("odd")
}

func TestColumnsNeverShareAName(t *testing.T) {
	p := newProject(t)
	table, _, err := p.export(p.odd(), ExportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := `task,n,params,params.task,deep.on,result.n
a,1e-7,,"x/y, ""z""",true,0.1
b,,,,,
c,,"[1,2]",,,
d,,,,,
`
	if table != want {
		t.Errorf("got\n%swant\n%s", table, want)
	}
}

func TestAColumnMakesWayForTheNamesOfOthers(t *testing.T) {
	taken := map[string]bool{"task": true, "n": true}
	got := nameColumns([]map[string]any{{"n": 1, "result.n": 2}, {"task": 3, "free": 4}}, taken, "result")
	want := map[string]string{"n": "result.result.n", "result.n": "result.n", "task": "result.task", "free": "free"}
	if !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestJSONHoldsListsAndOmitsWhatATaskLacks(t *testing.T) {
	p := newProject(t)
	target := p.odd()
	table, _, err := p.export(target, ExportOptions{Format: "json"})
	if err != nil {
		t.Fatal(err)
	}
	want := `[
{"task":"a","n":1e-7,"params.task":"x/y, \"z\"","deep.on":true,"mixed":[1,"two"],"result.n":0.1,"rows.k":["β",""],"rows.z":[1,2]},
{"task":"b","value":3},
{"task":"c","params":[1,2],"value":[4,5]},
{"task":"d"}
]
`
	if table != want {
		t.Errorf("got\n%swant\n%s", table, want)
	}
	var rows []map[string]any
	if err := json.Unmarshal([]byte(table), &rows); err != nil {
		t.Error(err)
	}
	s := p.open("empty", false)
	p.close(s, "done")
	if table, notes, err := p.export(p.target("empty"), ExportOptions{Format: "json"}); err != nil || table != "[]\n" || notes == "" {
		t.Errorf("%q %q %v", table, notes, err)
	}
}

func TestTheSameResultsGiveTheSameBytes(t *testing.T) {
	p := newProject(t)
	target := p.sweep()
	for _, format := range Formats {
		opt := ExportOptions{Format: format, File: "-"}
		first, _, err := p.export(target, opt)
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			if again, _, err := p.export(target, opt); err != nil || again != first {
				t.Fatalf("%s differs, %v", format, err)
			}
		}
	}
}

func TestOlderGenerationsAreAddedOnlyOnRequest(t *testing.T) {
	p := newProject(t)
	target := p.sweep()
	s := p.open("sweep", true)
	p.record(s, "voids", map[string]any{"beta": 0.1, "seed": 1}, map[string]any{"count": 7})
	p.close(s, "interrupted")
	table, notes, err := p.export(target, ExportOptions{})
	if want := "task,beta,seed,count\nvoids,0.1,1,7\n"; err != nil || table != want {
		t.Errorf("%v\n%s", err, table)
	}
	p.contains(notes, "not in the table: 3 results of a generation before 2 (--superseded adds them)")
	table, _, err = p.export(target, ExportOptions{Superseded: true})
	if err != nil {
		t.Fatal(err)
	}
	p.contains(table, "task,generation,beta,seed,count,same.missed\nvoids,1,-0.2,1,2,0\n", "voids,2,0.1,1,7,\n")
}

func TestMixedSettingsAreTold(t *testing.T) {
	p := newProject(t)
	target := p.sweep() // four with box 256
	s := p.open("sweep", false)
	p.record(s, "voids", map[string]any{"beta": 7, "seed": 1}, map[string]any{"count": 1},
		checkpointdb.Field{Kind: checkpointdb.KindOption, Name: "box", Value: "512"})
	p.close(s, "done")
	_, notes, err := p.export(target, ExportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p.contains(notes, "different settings: option box is 256 in 4, 512 in 1")
}

func TestExportRefusesWhatItCannotWrite(t *testing.T) {
	p := newProject(t)
	target := p.sweep()
	for _, c := range []struct {
		opt    ExportOptions
		wanted string
	}{
		{ExportOptions{Format: "xml"}, "csv, json or npz"},
		{ExportOptions{Format: "npz"}, "-o results.npz"},
		{ExportOptions{Format: "json", Explode: true}, "--explode is for csv"},
		{ExportOptions{File: filepath.Join(p.folder, "no", "x.csv")}, "make it first"},
		{ExportOptions{File: p.folder}, "is a folder"},
		{ExportOptions{File: filepath.Join(p.folder, "x.XLSX")}, ".xlsx is not written, only csv, json and npz"},
		{ExportOptions{Tasks: []string{"viods"}}, `did you mean "voids"?`},
	} {
		_, _, err := p.export(target, c.opt)
		p.refused(err, c.wanted)
	}
}

func TestNumPyReadsTheArchive(t *testing.T) {
	const python = "/usr/bin/python3"
	if exec.Command(python, "-c", "import numpy").Run() != nil {
		t.Skip(python + " with numpy is not here")
	}
	p := newProject(t)
	for name, c := range map[string]struct {
		target Target
		checks string
	}{
		"sweep": {p.sweep(), `
assert list(d["label"]) == ["voids_beta=-0.2_seed=1", "voids_beta=0.1_seed=1", "voids_beta=9_seed=1", "voids_beta=10_seed=1"]
assert list(d["task"]) == ["voids"] * 4
assert list(d["beta"]) == [-0.2, 0.1, 9, 10] and list(d["count"]) == [2] * 4
for label, beta in zip(d["label"], d["beta"]):
    assert list(d[label + ".radius"]) == [beta, 2]
assert d["voids_beta=0.1_seed=1.x"].dtype == "<f8" and list(d["voids_beta=0.1_seed=1.x"]) == [1, 0.1]
`},
		"odd": {p.odd(), `
a = 'a_n=1e-7_task=x%2Fy, "z"'
assert list(d["label"]) == [a, "b", "c_params=[1,2]", "d"], d["label"]
assert list(d["params.task"]) == ['x/y, "z"', "", "", ""]
assert numpy.isnan(d["n"][1]) and d["n"][0] == 1e-7
assert list(d[a + ".rows.k"]) == ["β", ""] and list(d[a + ".rows.z"]) == [1, 2]
assert list(d["c_params=[1,2].value"]) == [4, 5] and list(d["b.value"]) == [3]
assert a + ".mixed" not in d.files
`},
	} {
		file := filepath.Join(p.folder, name+".npz")
		_, notes, err := p.export(c.target, ExportOptions{File: file})
		if err != nil {
			t.Fatal(err)
		}
		if name == "odd" {
			p.contains(notes, "not in the file: the lists mixed")
		}
		c := exec.Command(python, "-c", "import numpy\nd = numpy.load('"+file+"')\n"+c.checks)
		c.Env = append(os.Environ(), "PYTHONIOENCODING=utf-8")
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
