package rundir

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"runlua/checkpointdb"
)

// noon is when everything in these tests happens.
var noon = time.Date(2030, 5, 1, 12, 0, 0, 0, time.UTC)

// A project is a folder with a script and run directories below runs/.
type project struct {
	*testing.T
	folder, script string
}

func newProject(t *testing.T) *project {
	t.Helper()
	folder, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	p := &project{t, folder, filepath.Join(folder, "sweep.lua")}
	p.write("sweep.lua", "-- a script\n")
	return p
}

func (p *project) write(name, text string) {
	p.Helper()
	file := filepath.Join(p.folder, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		p.Fatal(err)
	}
}

// open opens runs/NAME to write; the test closes it.
func (p *project) open(name string, force bool) *checkpointdb.Store {
	p.Helper()
	s, err := checkpointdb.Open(filepath.Join(p.folder, "runs", name), checkpointdb.Options{
		Script: p.script, Args: []string{"runlua", "sweep.lua"}, Version: "0", Force: force,
		Now: func() time.Time { return noon },
	})
	if err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() { s.Close(checkpointdb.StatusInterrupted) })
	return s
}

func (p *project) target(name string) Target {
	return Target{Dir: filepath.Join(p.folder, "runs", name), Folder: p.folder}
}

func (p *project) begin(s *checkpointdb.Store, name string, params any) *checkpointdb.Attempt {
	p.Helper()
	key, err := checkpointdb.NewKey(name, params)
	if err != nil {
		p.Fatal(err)
	}
	a, err := s.Begin(key)
	if err != nil {
		p.Fatal(err)
	}
	return a
}

// record runs a task that returns result.
func (p *project) record(s *checkpointdb.Store, name string, params, result any, fp ...checkpointdb.Field) {
	p.Helper()
	a := p.begin(s, name, params)
	r, err := checkpointdb.EncodeResult(result)
	if err == nil {
		err = a.Commit(fp, r)
	}
	if err != nil {
		p.Fatal(err)
	}
}

// snapshot saves size bytes of an attempt at a step of 40.
func (p *project) snapshot(a *checkpointdb.Attempt, step int64, size int) {
	p.Helper()
	err := a.SaveSnapshot(checkpointdb.Slot{Call: 1, Settings: "s"}, checkpointdb.SnapshotMeta{Step: step, Total: 40},
		func(w io.Writer) error {
			_, err := io.WriteString(w, strings.Repeat("x", size))
			return err
		})
	if err != nil {
		p.Fatal(err)
	}
}

func (p *project) close(s *checkpointdb.Store, status string) {
	p.Helper()
	if err := s.Close(status); err != nil {
		p.Fatal(err)
	}
}

// sweep makes runs/sweep: four tasks voids done, in an unnatural order, one
// unfinished with two snapshots.
func (p *project) sweep() Target {
	p.Helper()
	s := p.open("sweep", false)
	for _, beta := range []float64{0.1, 10, 9, -0.2} {
		p.record(s, "voids", map[string]any{"beta": beta, "seed": 1},
			map[string]any{
				"count": 2, "radius": array(beta, 2), "x": array(1, 0.1), "same": map[string]any{"missed": 0},
			},
			checkpointdb.Field{Kind: checkpointdb.KindOption, Name: "box", Value: "256"})
	}
	a := p.begin(s, "voids", map[string]any{"beta": 0.3, "seed": 1})
	p.snapshot(a, 12, 1000)
	p.snapshot(a, 15, 1500)
	p.close(s, checkpointdb.StatusInterrupted)
	return p.target("sweep")
}

func array(data ...float64) *checkpointdb.Array {
	return &checkpointdb.Array{Shape: []int{len(data)}, Data: data}
}

// text runs a report and returns what it wrote.
func (p *project) text(report func(w io.Writer) error) string {
	p.Helper()
	var b strings.Builder
	if err := report(&b); err != nil {
		p.Fatal(err)
	}
	return b.String()
}

func (p *project) contains(text string, wanted ...string) {
	p.Helper()
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			p.Errorf("missing %q in\n%s", w, text)
		}
	}
}

// refused checks the text of an error, and that it is wrong usage.
func (p *project) refused(err error, wanted ...string) {
	p.Helper()
	if err == nil {
		p.Fatalf("no error; wanted one with %q", wanted)
	}
	if _, ok := err.(*UsageError); !ok {
		p.Errorf("%T is no *UsageError: %v", err, err)
	}
	p.contains(err.Error(), wanted...)
}
