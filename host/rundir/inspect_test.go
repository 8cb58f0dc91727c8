package rundir

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"runlua/checkpointdb"
)

func (p *project) inspect(t Target, opt InspectOptions) string {
	p.Helper()
	opt.Now = noon
	return p.text(func(w io.Writer) error { return Inspect(w, t, opt) })
}

func TestInspectListsTasksInTheOrderOfTheirNumbers(t *testing.T) {
	p := newProject(t)
	text := p.inspect(p.sweep(), InspectOptions{})
	at := -1
	for _, key := range []string{"beta=-0.2,", "beta=0.1,", "beta=0.3,", "beta=9,", "beta=10,"} {
		next := strings.Index(text, key)
		if next < at {
			t.Errorf("%s comes too early in\n%s", key, text)
		}
		at = next
	}
	p.contains(text, "voids{beta=0.1, seed=1}   done         12:00:00  1         ", "interrupted            1         saved at step 15/40")
}

func TestInspectSummarisesArraysUnlessFull(t *testing.T) {
	p := newProject(t)
	s := p.open("sweep", false)
	data := make([]float64, 100)
	for i := range data {
		data[i] = float64(i)
	}
	rows := []any{}
	for i := range 9 {
		rows = append(rows, map[string]any{"z": i})
	}
	p.record(s, "spectrum", nil, map[string]any{
		"p": &checkpointdb.Array{Shape: []int{20, 5}, Data: data}, "few": array(1, 2.5), "rows": rows, "name": "a\"b", "none": map[string]any{},
	}, checkpointdb.Field{Kind: checkpointdb.KindOption, Name: "box", Value: "256"})
	p.close(s, "done")
	opt := InspectOptions{Tasks: []string{"spectrum"}}
	text := p.inspect(p.target("sweep"), opt)
	// The mean of 0 … 99 is 49.5.
	p.contains(text, `"p": <20 × 5: min 0, mean 49.5, max 99>`, `"few": [1, 2.5]`, "<6 more>", `"name": "a\"b"`, `"none": {}`)
	if strings.Contains(text, "Fingerprint") {
		t.Error("the fingerprint was not asked for:\n", text)
	}

	opt.Full, opt.Fingerprint = true, true
	text = p.inspect(p.target("sweep"), opt)
	p.contains(text, "[95, 96, 97, 98, 99]]", `"z": 8`, "Fingerprint  option  box  256")
	_, result, _ := strings.Cut(text[strings.Index(text, "  Result"):], "\n")
	var v any
	if err := json.Unmarshal([]byte(result), &v); err != nil {
		t.Errorf("a result printed whole is JSON: %v\n%s", err, result)
	}

	var list []map[string]any
	opt.Full = false
	if err := json.Unmarshal([]byte(p.text(func(w io.Writer) error { return InspectJSON(w, p.target("sweep"), opt) })), &list); err != nil {
		t.Fatal(err)
	}
	extent := list[0]["result"].(map[string]any)["p"].(map[string]any)
	if extent["mean"] != 49.5 || extent["max"] != 99.0 || len(list[0]["fingerprint"].([]any)) != 1 {
		t.Error(list)
	}
}

func TestInspectShowsSnapshotsOfTheTaskAlone(t *testing.T) {
	p := newProject(t)
	s := p.open("sweep", false)
	for i, name := range []string{"one", "two"} {
		a := p.begin(s, name, nil)
		p.snapshot(a, int64(i+1), 10)
		p.snapshot(a, int64(i+3), 10)
	}
	p.close(s, "interrupted")
	text := p.inspect(p.target("sweep"), InspectOptions{Tasks: []string{"two"}})
	p.contains(text, "step 2/40", "step 4/40", "the last: interrupted")
	if strings.Contains(text, "step 1/40") || strings.Contains(text, "step 3/40") {
		t.Error("snapshots of another task in\n", text)
	}
}

func TestFiltersChooseByNameAndValue(t *testing.T) {
	var known []checkpointdb.TaskInfo
	for _, k := range []struct {
		name   string
		params map[string]any
	}{
		{"voids", map[string]any{"beta": 0.1, "seed": 1}},
		{"voids", map[string]any{"beta": 0.1, "seed": 2}},
		{"voids", map[string]any{"beta": -0.2, "seed": 1}},
		{"power", map[string]any{"model": "f(R), n=1", "deep": map[string]any{"on": true}}},
		{"odd=name{", nil},
	} {
		key, err := checkpointdb.NewKey(k.name, k.params)
		if err != nil {
			t.Fatal(err)
		}
		known = append(known, checkpointdb.TaskInfo{Key: key})
	}
	p := newProject(t)
	for words, want := range map[string]int{
		"":                               5,
		"voids":                          3,
		"voids{beta=0.1}":                2,
		"voids{ beta = +0.10 , seed=2 }": 1,
		"voids|beta=0.1|seed=2":          1,
		"beta=1e-1":                      2,
		"voids{beta=-0.2}|power":         2,
		"voids{}":                        3,
		`power{model="f(R), n=1"}`:       1,
		"deep.on=true":                   1,
		"odd=name{":                      1,
		`power{deep={on=true}, model="f(R), n=1"}`: 1, // as it is listed
	} {
		var list []string
		if words != "" {
			list = strings.Split(words, "|")
		}
		got, err := choose(list, known)
		if err != nil || len(got) != want {
			t.Errorf("%q: %d tasks, %v; want %d", words, len(got), err, want)
		}
	}
	for words, wanted := range map[string]string{
		"viods":                     `did you mean "voids"?`,
		"other":                     "the tasks are odd=name{, power, voids",
		"voids|bete=1":              `did you mean "beta"?`,
		"voids{beta=0.15}":          "there are -0.2, 0.1",
		"voids{beta=-0.2, seed=2}":  "no task is voids",
		"voids{beta=0.1":            "lacks a closing brace",
		"voids{beta}":               "is no parameter with its value",
		"voidsbeta=0.1|voidsseed=2": "quote the braces",
	} {
		_, err := choose(strings.Split(words, "|"), known)
		p.refused(err, wanted)
	}
}
