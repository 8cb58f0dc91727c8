package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"runlua/bindings"
	"runlua/bindings/spec"
	"runlua/checkpointdb"
	"runlua/kernels/par"
	"runlua/progress"
)

// What the bindings ask of their Host.

func (r *run) Context() context.Context { return r.ctx }
func (r *run) Files() bindings.Files    { return r.gate }
func (r *run) Board() bindings.Board    { return r.board }
func (r *run) Pool() *par.Pool          { return r.pool }
func (r *run) Jobs() int                { return r.cfg.Jobs }
func (r *run) Memory() int64            { return r.limit }

func (r *run) FreeDisk(dir string) (int64, error) { return checkpointdb.FreeBytes(dir) }

func (r *run) Policy() bindings.Policy {
	return bindings.Policy{CheckpointEvery: r.cfg.CheckpointEvery, CheckpointSeconds: r.cfg.CheckpointSeconds, Stale: r.cfg.Stale, SaveWaits: r.cfg.SaveWaits}
}

func (r *run) Arguments() bindings.Arguments {
	script := r.cfg.Script
	if script == "" {
		script = r.name
	}
	return bindings.Arguments{Script: script, Words: r.cfg.Words, Help: r.cfg.Help, HostFlags: r.cfg.HostFlags, Version: r.cfg.Version}
}

// Store opens the run directory on first use.
func (r *run) Store() (*checkpointdb.Store, error) {
	r.opening.Lock()
	defer r.opening.Unlock()
	if r.store != nil || r.storeErr != nil {
		return r.store, r.storeErr
	}
	script := r.path
	if script == "" {
		script = r.name
	}
	r.store, r.storeErr = checkpointdb.Open(r.dir, checkpointdb.Options{
		Script: script, Args: r.cfg.Command, Version: r.cfg.Version,
		Force: r.cfg.Force, AllowNetworkFS: r.cfg.AllowNetworkFS,
		Warn:  func(text string) { r.Warn("%s", spec.Plain(text)) },
		Fault: r.cfg.Fault,
	})
	if r.storeErr != nil {
		r.store = nil
		return nil, r.storeErr
	}
	dir := r.store.Dir()
	r.liveDir.Store(&dir)
	return r.store, nil
}

// SetDir names the run directory, for a script's option that does.
func (r *run) SetDir(path string) error {
	if r.store != nil {
		return errors.New("the run directory is in use already")
	}
	if path == "" {
		return errNoPath // it would be the current folder
	}
	dir, err := filepath.Abs(path)
	if err == nil && r.cfg.Dir != "" && dir != r.dir {
		return fmt.Errorf("--dir names another run directory: %q and %q", r.cfg.Dir, path)
	}
	if err == nil {
		r.dir = dir
	}
	return err
}

// Message prints a line on standard error, above the bars.
func (r *run) Message(format string, args ...any) {
	fmt.Fprintf(r.board.Err(), format+"\n", args...)
}

// Warn prints a warning once. The progress board calls it too, from its own
// goroutine.
func (r *run) Warn(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if _, known := r.warned.LoadOrStore(text, true); !known {
		r.Message("warning: %s", text)
	}
}

// writeStatus replaces live/status.json, once the run directory is open.
func (r *run) writeStatus(text []byte) error {
	dir := r.liveDir.Load()
	if dir == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Join(*dir, "live"), 0o777); err != nil {
		return err
	}
	return progress.StatusFile(filepath.Join(*dir, "live", "status.json"))(text)
}
