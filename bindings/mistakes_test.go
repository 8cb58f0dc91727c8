package bindings

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"runlua/checkpointdb"
	"runlua/kernels/cosmology"
	"runlua/kernels/par"
	"runlua/progress"
)

// scriptHost is a host with a run directory of its own and a few input files.
type scriptHost struct {
	t     *testing.T
	store *checkpointdb.Store
	board *progress.Board
	files map[string]string
	disk  int64 // bytes free, 0: plenty
	warn  func(text string)
}

func (h *scriptHost) Context() context.Context { return context.Background() }
func (h *scriptHost) Files() Files             { return scriptFiles{files: h.files} }
func (h *scriptHost) Board() Board             { return h.board }
func (h *scriptHost) Jobs() int                { return 2 }
func (h *scriptHost) Memory() int64            { return 0 }
func (h *scriptHost) FreeDisk(string) (int64, error) {
	if h.disk == 0 {
		return math.MaxInt64, nil
	}
	return h.disk, nil
}
func (h *scriptHost) Pool() *par.Pool     { return par.New(1) }
func (h *scriptHost) Policy() Policy      { return Policy{CheckpointEvery: 100, CheckpointSeconds: 30} }
func (h *scriptHost) SetDir(string) error { return nil }
func (h *scriptHost) StartProcess(command []string) (Child, error) {
	return nil, &NotGranted{What: fmt.Sprintf("the program must be one that the command line grants, got %q", command[0]), Grant: "--allow-exec " + command[0]}
}
func (h *scriptHost) Message(format string, a ...any) { h.t.Logf(format, a...) }
func (h *scriptHost) Warn(format string, a ...any)    { h.warn(fmt.Sprintf(format, a...)) }
func (h *scriptHost) Arguments() Arguments {
	return Arguments{Script: "script.lua", HostFlags: []string{"dir", "max-time"}}
}

func (h *scriptHost) Store() (*checkpointdb.Store, error) {
	if h.store != nil {
		return h.store, nil
	}
	store, err := checkpointdb.Open(h.t.TempDir(), checkpointdb.Options{Script: "script"})
	h.store = store
	return store, err
}

type scriptFiles struct {
	Files
	files map[string]string
}

func (f scriptFiles) OpenRead(path string) (io.ReadCloser, string, error) {
	text, ok := f.files[path]
	if !ok {
		return nil, "", errors.New("there is no file " + path)
	}
	return io.NopCloser(strings.NewReader(text)), path, nil
}

// twoFrames is a structure of two models.
const twoFrames = "MODEL        1\n" +
	"ATOM      1  CA  ALA A   1       1.000   2.000   3.000\nATOM      2  CA  GLY A   2       4.800   2.000   3.000\nENDMDL\nMODEL        2\n" +
	"ATOM      1  CA  ALA A   1       1.000   2.500   3.000\nATOM      2  CA  GLY A   2       4.800   2.000   3.500\nENDMDL\n"

// eisensteinHuTable is Eisenstein & Hu's spectrum of Planck 2018, k in h/Mpc.
var eisensteinHuTable = sync.OnceValue(func() string {
	m, err := cosmology.New(cosmology.Planck2018())
	if err != nil {
		panic(err)
	}
	eh, err := m.EisensteinHu(true)
	if err != nil {
		panic(err)
	}
	var text strings.Builder
	for i := range 400 {
		k := 1e-4 * math.Pow(1e6, float64(i)/399)
		fmt.Fprintf(&text, "%v %v\n", k, eh.P(k))
	}
	return text.String()
})

// Worker makes a state for one point of a sweep.
func (h *scriptHost) Worker(of Host) (*Session, func()) {
	s, l := scriptState(of)
	l.SetContext(of.Context())
	return s, l.Close
}

// scriptState is a state with all modules as globals.
func scriptState(h Host) (*Session, *lua.LState) {
	l := lua.NewState()
	names := map[lua.LValue]string{} // what Lua itself brings is the host's too
	add := func(prefix string, t *lua.LTable) {
		t.ForEach(func(k, v lua.LValue) {
			if _, ok := v.(lua.LString); !ok && v != lua.LValue(l.G.Global) {
				names[v] = prefix + k.String()
			}
		})
	}
	add("", l.G.Global)
	l.G.Global.ForEach(func(k, v lua.LValue) {
		if t, ok := v.(*lua.LTable); ok && t != l.G.Global {
			add(k.String()+".", t)
		}
	})
	s := New(l, h)
	s.HostNames = func(v lua.LValue) (string, bool) { name, ok := names[v]; return name, ok }
	load := s.Open()
	for _, name := range s.ModuleNames() {
		module, _ := load(name)
		l.SetGlobal(name, module)
	}
	return s, l
}

// runScript runs a program with all modules as globals.
func runScript(t *testing.T, program, chunk string) error {
	t.Helper()
	return runScriptWith(t, program, chunk, func(text string) { t.Log("warning: " + text) })
}

// runScriptWith is runScript that hands on its warnings.
func runScriptWith(t *testing.T, program, chunk string, warn func(text string)) error {
	t.Helper()
	return runScriptOn(&scriptHost{
		t: t,
		files: map[string]string{
			"two.pdb":      twoFrames,
			"cut.pdb":      twoFrames[:54],
			"words.txt":    "1 2\n3 three\n",
			"ragged.txt":   "1 2\n3\n",
			"power.txt":    ".01 1e4\n.1 5e3\n1 90\n2 20\n",
			"eh.txt":       eisensteinHuTable(),
			"whole.gadget": snapshotOf(1, -1, 0),
			"gas.gadget":   snapshotOf(0.844, 0, 0.156),
			"zoom.gadget":  snapshotOf(0.02, 5, 0.98),
		},
		warn: warn,
	}, program, chunk)
}

// runScriptOn is runScript on a host that the caller made but for its board.
func runScriptOn(h *scriptHost, program, chunk string) error {
	t := h.t
	t.Helper()
	h.board = progress.New(progress.Options{Stdout: io.Discard, Stderr: io.Discard, Rendering: progress.Quiet})
	_, l := scriptState(h)
	defer l.Close()
	defer h.board.Close()
	fn, err := l.Load(strings.NewReader(program), chunk)
	if err != nil {
		t.Fatal(err)
	}
	l.Push(fn)
	err = l.PCall(0, 0, nil)
	if h.store != nil {
		if e := h.store.Close(checkpointdb.StatusFailed); e != nil {
			t.Error(e)
		}
	}
	return err
}

// Each file of testdata/mistakes holds programs with lines of --- between. Each
// program fails in the line that says so by --> and a regular expression for the
// message.
func TestMistakesAreNamedAtTheirLine(t *testing.T) {
	files, err := filepath.Glob("testdata/mistakes/*.lua")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no programs", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		first := 1
		for _, program := range strings.Split(string(text), "---\n") {
			where := fmt.Sprintf("%s:%d", filepath.Base(file), first)
			first += strings.Count(program, "\n") + 1
			t.Run(where, func(t *testing.T) { checkMistake(t, program) })
		}
	}
}

func checkMistake(t *testing.T, program string) {
	var pattern string
	line := 0
	for i, text := range strings.Split(program, "\n") {
		if _, want, ok := strings.Cut(text, "--> "); ok {
			if pattern != "" {
				t.Fatal("two lines are said to fail")
			}
			pattern, line = want, i+1
		}
	}
	if pattern == "" {
		t.Fatal("no line is said to fail")
	}
	err := runScript(t, program, "script.lua")
	if err == nil {
		t.Fatalf("nothing failed in\n%s", program)
	}
	message, _, _ := strings.Cut(err.Error(), "\nstack traceback")
	want := fmt.Sprintf(`^script\.lua:%d: .*%s`, line, pattern)
	if !regexp.MustCompile(want).MatchString(message) {
		t.Errorf("got  %s\nwant %s", message, want)
	}
}
