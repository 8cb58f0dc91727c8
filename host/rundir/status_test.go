package rundir

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"runlua/checkpointdb"
	"runlua/progress"
)

func (p *project) status(t Target, now time.Time) string {
	p.Helper()
	return p.text(func(w io.Writer) error { return Status(w, t, now) })
}

func TestStatusTellsWhatIsUnfinishedAndHowToGoOn(t *testing.T) {
	p := newProject(t)
	text := p.status(p.sweep(), noon.Add(5*time.Minute))
	p.contains(text,
		"State          interrupted 12:00:00 (5 min ago)",
		"Tasks          4 done, 1 unfinished",
		"voids{beta=0.3, seed=1}: interrupted, 1 attempt, saved at step 15/40 5 min ago (1.5 kB)",
		"give the same command again", "  runlua sweep.lua\n")
}

func TestStatusNamesTheReasonOfAFailure(t *testing.T) {
	p := newProject(t)
	s := p.open("sweep", false)
	a := p.begin(s, "voids", map[string]any{"beta": 1})
	if err := a.Fail("sweep.lua:3: no voids\n  hint: a larger box"); err != nil {
		t.Fatal(err)
	}
	p.close(s, "failed")
	p.contains(p.status(p.target("sweep"), noon), "State          failed", "voids{beta=1}: 1 attempt, no snapshot\n",
		"  sweep.lua:3: no voids\n", "    hint: a larger box\n", "mend what failed")
}

func TestAFailedRunAfterAFinishedOneLeavesItsCommand(t *testing.T) {
	p := newProject(t)
	s := p.open("sweep", false)
	p.close(s, "done")
	s, err := checkpointdb.Open(p.target("sweep").Dir, checkpointdb.Options{Script: p.script, Args: []string{"runlua", "sweep.lua", "--box", "1"}})
	if err != nil {
		t.Fatal(err)
	}
	p.close(s, "failed")
	p.contains(p.status(p.target("sweep"), noon), "a run before it was done 12:00:00",
		"Done by        runlua sweep.lua\n", "Failed         runlua sweep.lua --box 1\n")
}

// What TestMain does in a child: hold a run directory until it is killed.
const holdVariable = "RUNDIR_TEST_HOLD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdVariable); dir != "" {
		hold(dir)
	}
	os.Exit(m.Run())
}

// hold opens a run, begins a task, tells its progress and waits.
func hold(dir string) {
	s, err := checkpointdb.Open(dir, checkpointdb.Options{Script: filepath.Join(dir, "..", "..", "sweep.lua"), Args: []string{"runlua", "sweep.lua"}})
	if err == nil {
		var key checkpointdb.Key
		if key, err = checkpointdb.NewKey("held", nil); err == nil {
			_, err = s.Begin(key)
		}
	}
	if err == nil {
		err = os.MkdirAll(filepath.Join(dir, "live"), 0o777)
	}
	if err != nil {
		panic(err)
	}
	put := progress.StatusFile(filepath.Join(dir, "live", "status.json"))
	var seen atomic.Bool // then it is written no more, which the test would see
	board := progress.New(progress.Options{
		Stdout: io.Discard, Stderr: io.Discard, Rendering: progress.Quiet,
		Status: func(data []byte) error {
			if seen.Load() {
				return nil
			}
			return put(data)
		},
	})
	bar := board.Open(progress.Spec{Label: "evolution", Total: 40, Unit: "step"})
	bar.Set(12, "z=2.18")
	for {
		if text, err := os.ReadFile(filepath.Join(dir, "live", "status.json")); err == nil {
			var status progress.Status
			if json.Unmarshal(text, &status) == nil && len(status.Bars) == 1 && status.Bars[0].Done == 12 {
				break
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	seen.Store(true)
	fmt.Println("holding")
	select {}
}

// startHolder runs hold in a process of its own until stop is called.
func (p *project) startHolder(dir string) (pid int, stop func()) {
	p.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), holdVariable+"="+dir)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		p.Fatal(err)
	}
	stop = func() {
		c.Process.Kill()
		c.Wait()
	}
	p.Cleanup(stop)
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		p.Fatal(line, err)
	}
	return c.Process.Pid, stop
}

func TestTheLockDecidesWhoIsAliveAndNothingIsWritten(t *testing.T) {
	p := newProject(t)
	target := p.sweep()
	pid, kill := p.startHolder(target.Dir)
	before := p.contents(target.Dir)
	now := time.Now()
	p.contains(p.status(target, now), fmt.Sprintf("running: process %d on ", pid),
		"evolution: 12/40 steps (30%)", "z=2.18", "held{}: running, 1 attempt, no snapshot")
	p.contains(p.status(target, now.Add(time.Hour)), "told 1 h 00 min ago: it is busy in one long step, or stopped")
	p.contains(p.text(func(w io.Writer) error { return StatusLines(w, []Target{target}, now) }),
		fmt.Sprintf("running (process %d", pid), "4 done, 2 unfinished", "evolution: 12/40")
	for _, what := range []What{Snapshots, Superseded, All} {
		if err := Clean(target, CleanOptions{What: what, Out: io.Discard}); !errors.Is(err, checkpointdb.ErrHeld) {
			t.Errorf("Clean(%d) of a held directory: %v", what, err)
		}
	}
	if after := p.contents(target.Dir); !maps.Equal(before, after) {
		t.Errorf("the directory changed:\n%v\n%v", before, after)
	}
	kill()
	p.contains(p.status(target, now), fmt.Sprintf("killed: process %d on", pid), "held{}: killed", "give the same command again")
	if s := p.status(target, now); len(s) == 0 || !maps.Equal(before, p.contents(target.Dir)) {
		t.Error("status after the kill changed the directory")
	}
}

func TestWhatAnEarlierProcessToldIsNotShown(t *testing.T) {
	p := newProject(t)
	s := p.open("sweep", false) // held by this process
	p.write("runs/sweep/live/status.json", `{"pid": 1, "host": "vm", "bars": [{"label": "stale", "done": 3, "total": 4}]}`)
	text := p.status(p.target("sweep"), noon)
	p.contains(text, fmt.Sprintf("running: process %d", os.Getpid()), "it has not told yet what it does")
	p.close(s, "done")
	p.contains(p.status(p.target("sweep"), noon), "State          done 12:00:00 (just now)")
}

// contents are the files below dir, but for the lock's text and the log's
// index, which SQLite's readers mark.
func (p *project) contents(dir string) map[string]string {
	p.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) == ".db-shm" || d.Name() == "status.json" {
			return err
		}
		text, err := os.ReadFile(name)
		out[name] = string(text)
		return err
	})
	if err != nil {
		p.Fatal(err)
	}
	return out
}

func TestStatusJSONHoldsWhatStatusSays(t *testing.T) {
	p := newProject(t)
	var s statusJSON
	text := p.text(func(w io.Writer) error { return StatusJSON(w, p.sweep()) })
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatal(err)
	}
	if s.State != "interrupted" || s.Done != 4 || len(s.Unfinished) != 1 || s.Holder != nil || s.Unfinished[0].Snapshot.Step != 15 {
		t.Errorf("%+v", s)
	}
	p.contains(text, `"bars": []`, `"finished": null`)
}

func TestADamagedRunIsReportedAndNotWritten(t *testing.T) {
	p := newProject(t)
	target := p.sweep()
	p.close(p.open("other", false), "done")
	damaged := "SQLite format 3\x00 and then something else"
	p.write("runs/sweep/run.db", damaged)
	if err := Status(io.Discard, target, noon); !errors.Is(err, checkpointdb.ErrDamaged) {
		t.Error(err)
	}
	for _, what := range []What{Snapshots, Superseded, All} {
		if err := Clean(target, CleanOptions{What: what, Out: io.Discard}); !errors.Is(err, checkpointdb.ErrDamaged) {
			t.Error(err)
		}
	}
	if text, _ := os.ReadFile(filepath.Join(target.Dir, "run.db")); string(text) != damaged {
		t.Error("the damaged database was written")
	}
	var out = &writer{}
	if err := StatusLines(out, Runs(p.folder), noon); !errors.Is(err, checkpointdb.ErrDamaged) {
		t.Error(err)
	}
	p.contains(out.text, "runs/other  done", "runs/sweep  can't be read:")
}

type writer struct{ text string }

func (w *writer) Write(b []byte) (int, error) { w.text += string(b); return len(b), nil }

func TestANewerRunIsReported(t *testing.T) {
	p := newProject(t)
	target := p.sweep()
	file := filepath.Join(target.Dir, "run.db")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text[63] = 200 // user_version, as in sqlite.org/fileformat.html
	if err := os.WriteFile(file, text, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Status(io.Discard, target, noon); !errors.Is(err, checkpointdb.ErrNewer) {
		t.Error(err)
	}
	if err := Clean(target, CleanOptions{What: All, Out: io.Discard}); !errors.Is(err, checkpointdb.ErrNewer) {
		t.Error(err)
	}
}
