package rundir

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"runlua/checkpointdb"
)

func TestFindTakesTheOnlyRunOrListsThem(t *testing.T) {
	p := newProject(t)
	_, err := Find(p.folder, "", "")
	p.refused(err, "none below runs/")

	p.close(p.open("sweep", false), "done")
	found, err := Find(p.folder, "", "")
	if err != nil || found.Dir != filepath.Join(p.folder, "runs", "sweep") {
		t.Fatal(found, err)
	}
	if found, err = Find(found.Dir, "", ""); err != nil || !IsRun(found.Dir) {
		t.Fatal("the current folder is a run directory:", found, err)
	}

	p.close(p.open("other", false), "done")
	p.write("runs/notes/readme.txt", "no run")
	_, err = Find(p.folder, "", "")
	p.refused(err, "runs/other, runs/sweep")
}

func TestAScriptStandsForItsRun(t *testing.T) {
	p := newProject(t)
	p.sweep()
	for _, word := range []string{"sweep.lua", p.script, "runs/sweep"} {
		found, err := Find(p.folder, word, "")
		if err != nil || found.Dir != filepath.Join(p.folder, "runs", "sweep") {
			t.Errorf("%s: %v, %v", word, found, err)
		}
	}
	if found, err := Find(p.folder, "sweep.lua", "runs/sweep"); err != nil || found.Script == "" {
		t.Error(found, err)
	}
	_, err := Find(p.folder, "runs/sweep", "runs/sweep")
	p.refused(err, "both")
	_, err = Find(p.folder, "swep.lua", "")
	p.refused(err, "there is no script swep.lua", "did you mean runs/sweep?")
	_, err = Find(p.folder, "runs", "")
	p.refused(err, "runs is no run directory")
	_, err = Find(filepath.Dir(p.folder), p.folder, "")
	p.refused(err, "below it there are")
}

func TestARunOfAnotherScriptIsRefusedByName(t *testing.T) {
	p := newProject(t)
	p.sweep()
	p.write("lib/sweep.lua", "-- another")
	found, err := Find(p.folder, "lib/sweep.lua", "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = found.open()
	p.refused(err, "was made by "+p.script, "lib/sweep.lua")

	if err := os.Remove(p.script); err != nil {
		t.Fatal(err)
	}
	r, err := found.open()
	if err != nil {
		t.Fatal("the script has moved: ", err)
	}
	r.Close()
}

func TestTheFirstWordIsATaskUnlessItNamesAPlace(t *testing.T) {
	p := newProject(t)
	p.sweep()
	p.write("voids/readme.txt", "a folder with the name of a task")
	for _, c := range []struct {
		words []string
		place string
	}{
		{[]string{"voids"}, ""},
		{[]string{"voids{a=./x}"}, ""},
		{[]string{"runs/sweep", "voids"}, "runs/sweep"},
		{[]string{"sweep.lua", "voids"}, "sweep.lua"},
		{[]string{"gone.lua"}, "gone.lua"},
		{[]string{"runs/gone"}, "runs/gone"},
		{[]string{"."}, "."},
		{nil, ""},
	} {
		place, tasks := SplitWords(p.folder, c.words)
		if place != c.place || len(tasks)+min(len(place), 1) != len(c.words) {
			t.Errorf("%q: %q, %q", c.words, place, tasks)
		}
	}
}

func TestTheCommandIsWhatToTypeFromHere(t *testing.T) {
	p := newProject(t)
	dir := p.sweep().Dir
	moved := filepath.Join(p.folder, "elsewhere")
	if err := os.Mkdir(moved, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		words     []string
		dir, from string
		want      string
		why       string
	}{
		{words: []string{"runlua", "sweep.lua"}, dir: dir, from: p.folder, want: "runlua sweep.lua", why: "given here"},
		{words: []string{"runlua", "sweep.lua"}, dir: dir, from: "/", want: "cd " + p.folder + " && runlua sweep.lua", why: "given elsewhere"},
		{words: []string{"runlua", "sweep.lua", "--dir", "runs/sweep"}, dir: dir, from: p.folder, want: "runlua sweep.lua --dir runs/sweep", why: "named"},
		{words: []string{"runlua", p.script, "--dir=" + moved}, dir: moved, from: "/", want: "runlua " + p.script + " --dir=" + moved, why: "all absolute"},
		{words: []string{"runlua", "sweep.lua", "--dir", dir}, dir: moved, from: p.folder, want: "runlua --dir " + moved + " sweep.lua", why: "moved"},
		{words: []string{"runlua", "sweep.lua", "--betas", "-0.2 0.2"}, dir: moved, from: p.folder, want: "runlua --dir " + moved + " sweep.lua --betas '-0.2 0.2'", why: "moved"},
	} {
		if got := commandLine(c.words, c.dir, p.script, c.from); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.why, got, c.want)
		}
	}
	if words := commandWords(checkpointdb.Run{Arguments: `["runlua","a b"]`}); !slices.Equal(words, []string{"runlua", "a b"}) {
		t.Error(words)
	}
}
