package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings"
	"runlua/bindings/spec"
	"runlua/checkpointdb"
	"runlua/host/rundir"
	"runlua/host/sandbox"
	"runlua/kernels/par"
	"runlua/progress"
)

// Config is one run: what the command line says.
type Config struct {
	Script      string   // path of the script; "" for Code or an interactive run
	Code        string   // what -e gives
	Interactive bool     // read and run lines from Stdin
	Words       []string // the script's options as typed
	Help        bool     // print the script's options and stop
	Command     []string // the whole command as typed, to say what goes on
	HostFlags   []string // names of the host's flags, which a script must not declare

	Dir               string        // run directory; "" means runs/NAME
	Force             bool          // --force-rerun
	Stale             string        // "", "keep" or "rerun"
	MaxTime           time.Duration // 0: no limit
	CheckpointEvery   int           // steps
	CheckpointSeconds float64       // seconds of work
	Threads           int           // of all workers together; 0: one for each processor
	Jobs              int           // points of a sweep at once; 0: as their size suggests
	MaxMemory         float64       // of the heap, GiB; 0: three quarters of what is available
	Quiet             bool          // no bars
	AllowRead         []string
	AllowWrite        []string
	AllowExec         []string
	AllowNetworkFS    bool

	Version        string
	Stdin          io.Reader
	Stdout, Stderr io.Writer

	// For tests: Fault is called at each of Points; with SaveWaits a step waits for
	// its snapshot to be written, so that as many are on any disk.
	Fault     func(point string)
	SaveWaits bool
}

// Points names every place at which a run's files and database are between two
// durable operations, for tests that stop it there.
var Points = checkpointdb.Points

// Run runs the script and returns the exit code.
func Run(cfg Config) int {
	r := &run{cfg: cfg, started: time.Now()}
	return r.run()
}

// run is one run of a script; it is the Host of the bindings.
type run struct {
	cfg     Config
	started time.Time
	name    string // of the script, for the default run directory
	path    string // absolute real path of the script; "" where there is none
	dir     string // absolute path of the run directory
	gate    *gate
	board   *progress.Board
	pool    *par.Pool
	l       *lua.LState
	ctx     context.Context
	session *bindings.Session
	panics  sandbox.PanicLog
	limit   int64 // of the heap, bytes

	opening  sync.Mutex // guards the two below until the run concludes
	store    *checkpointdb.Store
	storeErr error
	warned   sync.Map               // the texts of warnings printed
	liveDir  atomic.Pointer[string] // where the status goes, once the store is open
	children children
}

func (r *run) run() (code int) {
	source, err := r.locate()
	if err != nil {
		fmt.Fprintln(r.cfg.Stderr, "runlua:", err)
		return ExitUsage
	}
	threads := r.cfg.Threads
	if threads == 0 {
		threads = runtime.NumCPU()
	}
	r.pool = par.New(threads)
	r.board = progress.New(progress.Options{
		Stdout: r.cfg.Stdout, Stderr: r.cfg.Stderr, Rendering: r.rendering(),
		Status: r.writeStatus, StatusFailed: func(err error) { r.Warn("live/status.json can't be written: %v", err) },
	})
	defer r.board.Close()
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	stop := watch(cancel, r.cfg.MaxTime, func(text string) { r.Message("%s", text) }, r.leave)
	defer stop()
	r.limit = int64(r.cfg.MaxMemory * (1 << 30))
	if r.limit == 0 {
		r.limit = memoryLimit()
	}
	r.session, r.l = r.newState(r, r.Context)
	defer r.l.Close()
	defer r.children.end(childGrace)
	unwatch := sandbox.Watch(ctx, r.l)
	r.ctx = r.l.Context()

	if r.cfg.Interactive {
		err = r.interact()
	} else {
		err = r.execute(source)
	}
	code = r.conclude(err)
	unwatch()
	return code
}

// locate finds the script, its folder and the run directory, and returns the
// script's text.
func (r *run) locate() (source string, err error) {
	r.gate = &gate{fault: r.cfg.Fault, dir: func() (string, error) {
		store, err := r.Store()
		if err != nil {
			return "", err
		}
		return store.Dir(), nil
	}, owner: func(rel string) (checkpointdb.Key, bool, error) {
		return r.store.ArtifactOwner(rel)
	}, runDir: func() string {
		real, err := filepath.EvalSymlinks(r.dir)
		if err != nil {
			return ""
		}
		return real
	}}
	for _, p := range r.cfg.AllowRead {
		if _, err := r.gate.GrantRead(p); err != nil {
			return "", fmt.Errorf("--allow-read: %w", err)
		}
	}
	for _, p := range r.cfg.AllowWrite {
		real, err := grant(p)
		if err != nil {
			return "", fmt.Errorf("--allow-write: %w", err)
		}
		r.gate.write = append(r.gate.write, real)
	}
	switch {
	case r.cfg.Interactive:
		r.name = "interactive"
	case r.cfg.Script == "":
		r.name, source = "-e", r.cfg.Code
	default:
		if source, err = r.readScript(); err != nil {
			return "", err
		}
	}
	dir := r.cfg.Dir
	if dir == "" {
		dir = filepath.Join("runs", strings.TrimPrefix(r.name, "-"))
	}
	r.dir, err = filepath.Abs(dir)
	return source, err
}

func (r *run) readScript() (string, error) {
	path := r.cfg.Script
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("can't read the script: %w%s", plainPathError(path, err), nearScript(path))
	}
	if r.path, err = grant(path); err != nil {
		return "", err
	}
	r.name = strings.TrimSuffix(filepath.Base(path), ".lua")
	r.gate.folder = filepath.Dir(r.path)
	return string(text), nil
}

// nearScript is a hint at the script that was meant.
func nearScript(path string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return "\n  hint: it is a folder; name a .lua file in it"
	}
	if _, err := os.Stat(path + ".lua"); err == nil {
		return fmt.Sprintf("\n  hint: did you mean %s.lua?", path)
	}
	word, names := filepath.Base(path), []string{}
	if filepath.Dir(path) == "." {
		names = append(names, "status", "inspect", "clean", "export")
	}
	beside, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*.lua"))
	for _, script := range beside {
		names = append(names, filepath.Base(script))
	}
	if near := spec.Suggest(word, names); near != "" {
		return fmt.Sprintf("\n  hint: did you mean %s?", filepath.Join(filepath.Dir(path), near))
	}
	return "\n  hint: runlua --help lists the commands"
}

func (r *run) rendering() progress.Rendering {
	if r.cfg.Quiet {
		return progress.Quiet
	}
	return progress.Auto
}

func (r *run) execute(source string) error {
	chunk := r.name
	if r.path != "" {
		chunk = filepath.Base(r.path)
	}
	fn, err := sandbox.Load(r.l, source, chunk)
	if err != nil {
		return err
	}
	r.l.Push(fn)
	if err := r.l.PCall(0, 0, nil); err != nil {
		return err
	}
	if len(r.cfg.Words) > 0 && !r.session.DeclaredOptions() {
		return &usageError{fmt.Sprintf("%s declares no options, got %q", chunk, r.cfg.Words[0])}
	}
	if r.cfg.Help && !r.session.Helped() {
		fmt.Fprintf(r.board.Out(), "%s declares no options.\n", chunk)
	}
	return nil
}

type usageError struct{ text string }

func (u *usageError) Error() string { return u.text }

// conclude reports how the run ended, closes the store and returns the exit
// code.
func (r *run) conclude(err error) int {
	code, outcome := r.judge(err)
	if r.store != nil {
		if e := r.store.Close(outcome); e != nil {
			r.Message("The run directory could not be closed well: %s", spec.Plain(e.Error()))
			code = max(code, ExitFailed)
		}
	}
	if code == ExitInterrupted || code == ExitStopped && r.store != nil {
		r.Message("Run the same command again and it continues:\n  %s", rundir.QuoteWords(r.cfg.Command))
	}
	return code
}

// judge tells what err means: the exit code, and what the run directory records
// of this run.
func (r *run) judge(err error) (code int, outcome string) {
	var usage *usageError
	var held *checkpointdb.HeldError
	switch {
	case r.session.Helped():
		return ExitDone, checkpointdb.StatusDone
	case err == nil && r.panics.Err() == nil && r.session.Failed() > 0:
		return ExitFailed, checkpointdb.StatusFailed // who failed has been told
	case err == nil && r.panics.Err() == nil:
		return ExitDone, checkpointdb.StatusDone
	case errors.As(r.storeErr, &held) && err != nil && strings.Contains(err.Error(), strings.TrimPrefix(r.storeErr.Error(), "checkpointdb: ")):
		r.Message("runlua: %s\n  hint: wait for it to end, or give this run a directory of its own with --dir", spec.Plain(r.storeErr.Error()))
		return ExitStopped, ""
	case errors.As(err, &usage):
		r.Message("runlua: %v", err)
		return ExitUsage, checkpointdb.StatusFailed
	}
	if cause := context.Cause(r.ctx); cause != nil && err != nil {
		switch {
		case errors.Is(cause, errInterrupted):
			return ExitInterrupted, checkpointdb.StatusInterrupted
		case errors.Is(cause, errTerminated), errors.Is(cause, errTimeLimit):
			return ExitStopped, checkpointdb.StatusStopped
		}
		r.Message("runlua: %v", cause)
		return ExitFailed, checkpointdb.StatusFailed
	}
	if err != nil {
		r.report(err)
	}
	if p := r.panics.Err(); p != nil {
		r.Message("runlua: this is a bug of runlua, please report it: %v", p)
	}
	if r.session.WrongUsage() {
		return ExitUsage, checkpointdb.StatusFailed
	}
	return ExitFailed, checkpointdb.StatusFailed
}

// report prints a script's error: where and what, then how it came there.
func (r *run) report(err error) {
	x := sandbox.Explain(err)
	var b strings.Builder
	b.WriteString(x.String())
	shown := 0
	for i, f := range x.Trace {
		if i == 0 && f.File == x.File && f.Line == x.Line {
			continue
		}
		if shown == 0 {
			b.WriteString("\n  called from:")
		}
		if shown++; shown > 10 {
			b.WriteString("\n    …")
			break
		}
		fmt.Fprintf(&b, "\n    %s:%d", f.File, f.Line)
		if f.Function != "" {
			b.WriteString(" (" + f.Function + ")")
		}
	}
	r.Message("%s", b.String())
}

// leave ends the process at once, for a second signal.
func (r *run) leave(code int) {
	r.children.kill()
	fmt.Fprintln(r.cfg.Stderr, "\nLeft at once; what was saved before stays valid.")
	os.Exit(code)
}
