package rundir

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"runlua/checkpointdb"
)

// clean cleans with an answer to the question, and returns the question.
func (p *project) clean(t Target, what What, answer bool) (question string, err error) {
	p.Helper()
	err = Clean(t, CleanOptions{What: what, Out: io.Discard, Confirm: func(q string) (bool, error) {
		question = q
		return answer, nil
	}})
	return question, err
}

func TestCleanRemovesSnapshotsAndKeepsResults(t *testing.T) {
	p := newProject(t)
	target := p.sweep()
	before := p.contents(target.Dir)
	question, err := p.clean(target, Snapshots, false)
	if !errors.Is(err, ErrDeclined) || len(p.contents(target.Dir)) != len(before) {
		t.Fatal("a no removed something:", err)
	}
	p.contains(question, "Remove 2 snapshots (2.5 kB) of 1 unfinished task", "voids{beta=0.3, seed=1} loses 15 of 40 steps")

	if _, err := p.clean(target, Snapshots, true); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(filepath.Join(target.Dir, "snapshots")); len(left) > 0 {
		t.Error("left:", left)
	}
	p.contains(p.status(target, noon), "4 done, 1 unfinished", "1 attempt, no snapshot")
	if question, err = p.clean(target, Snapshots, false); err != nil || question != "" {
		t.Error("nothing is left to ask about:", question, err)
	}
}

func TestCleanSupersededWarnsOfResultsThatNothingReplaced(t *testing.T) {
	p := newProject(t)
	target := p.sweep()
	if question, err := p.clean(target, Superseded, true); err != nil || question != "" {
		t.Error("there is one generation:", question, err)
	}
	s := p.open("sweep", true)
	p.record(s, "voids", map[string]any{"beta": 0.1, "seed": 1}, 1)
	p.close(s, checkpointdb.StatusInterrupted)
	p.contains(p.status(target, noon), "1 done, 0 unfinished; 4 of earlier generations", "Generation     2, opened by --force-rerun, unfinished")
	p.contains(p.inspect(target, InspectOptions{}), "done, superseded")
	question, err := p.clean(target, Superseded, true)
	if err != nil {
		t.Fatal(err)
	}
	p.contains(question, "Remove 3 results", "1 task without one", "Generation 2 is unfinished: these results have not been replaced yet")
	p.contains(p.status(target, noon), "1 done, 0 unfinished\n")
}

func TestCleanAllRemovesTheRunAndNothingElse(t *testing.T) {
	p := newProject(t)
	target := p.sweep()
	p.write("runs/sweep/results/ratios.csv", "beta,ratio\n")
	question, err := p.clean(target, All, true)
	if err != nil {
		t.Fatal(err)
	}
	p.contains(question, "Remove the whole run directory "+target.Dir, "4 results, 1 unfinished task")
	if left, _ := os.ReadDir(filepath.Dir(target.Dir)); len(left) > 0 {
		t.Error("left:", left)
	}
	if err := Clean(target, CleanOptions{What: All, Out: io.Discard}); err == nil {
		t.Error("cleaned what is gone")
	}
}

func TestCleanAllKeepsFilesThatNoRunMade(t *testing.T) {
	p := newProject(t)
	target := p.sweep()
	s := p.open("sweep", false)
	a := p.begin(s, "draw", nil)
	if err := a.WriteArtifact("global_run_0/deep/a.txt", func(w io.Writer) error {
		_, err := io.WriteString(w, "an artifact")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	r, err := checkpointdb.EncodeResult(1)
	if err == nil {
		err = a.Commit(nil, r)
	}
	if err != nil {
		t.Fatal(err)
	}
	p.close(s, "done")
	p.write("runs/sweep/notes.txt", "mine")
	p.write("runs/sweep/run.db.backup", "mine")
	p.write("runs/sweep/more/data.csv", "mine")
	var out strings.Builder
	if err := Clean(target, CleanOptions{What: All, Out: &out}); err != nil {
		t.Fatal(err)
	}
	p.contains(out.String(), "Kept what no run made: more, notes.txt, run.db.backup.")
	if _, err := os.Stat(filepath.Join(target.Dir, "global_run_0")); err == nil {
		t.Error("the artifact's folder is left")
	}
	if IsRun(target.Dir) {
		t.Error("the run is left")
	}
}

func TestCleanAllKeepsAFolderThatALinkLeadsTo(t *testing.T) {
	p := newProject(t)
	p.sweep()
	link := filepath.Join(p.folder, "linked")
	if err := os.Symlink(filepath.Join("runs", "sweep"), link); err != nil {
		t.Fatal(err)
	}
	if err := Clean(Target{Dir: link, Folder: p.folder}, CleanOptions{What: All, Out: io.Discard}); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(link); err != nil || len(entries) != 1 || entries[0].Name() != lockFile {
		t.Error(entries, err)
	}
}

func TestCleanRefusesAFolderThatIsNoRun(t *testing.T) {
	p := newProject(t)
	p.write("results/thesis.tex", "mine")
	err := Clean(Target{Dir: p.folder, Folder: p.folder}, CleanOptions{What: All, Out: io.Discard})
	p.refused(err, "is no run directory")
	if _, err := os.Stat(filepath.Join(p.folder, "results", "thesis.tex")); err != nil {
		t.Error(err)
	}
}
