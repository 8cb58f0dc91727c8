package checkpointdb

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

func TestSecondProcessIsToldWhoHoldsTheDirectory(t *testing.T) {
	dir := tempDir(t)
	since := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s := mustOpen(t, dir, clock(since))
	_, err := Open(dir, Options{Script: testScript})
	var held *HeldError
	if !errors.As(err, &held) || !errors.Is(err, ErrHeld) {
		t.Fatalf("got %v", err)
	}
	host, _ := os.Hostname()
	if held.PID != os.Getpid() || held.Host != host || !held.Since.Equal(since) || held.Dir != s.Dir() {
		t.Errorf("holder %+v", held)
	}
	mustClose(t, s, StatusDone)
	if got := mustRead(t, filepath.Join(dir, lockFile)); got != "" {
		t.Errorf("after the close the lock says %q", got)
	}
	mustClose(t, mustOpen(t, dir), StatusDone)
}

func TestKilledHolderHoldsNothing(t *testing.T) {
	dir := tempDir(t)
	child := startChild(t, "hold", dir)
	child.waitFor(t, "holding")
	_, err := Open(dir, Options{Script: testScript})
	var held *HeldError
	if !errors.As(err, &held) || held.PID != child.cmd.Process.Pid {
		t.Errorf("while it lives: %v", err)
	}
	child.kill(t)
	s := mustOpen(t, dir)
	r, err := OpenReader(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	runs, err := r.Runs()
	if err != nil || len(runs) != 2 || runs[0].Status != "killed" || runs[1].Status != "running" {
		t.Errorf("runs %+v, %v", runs, err)
	}
	tasks, err := r.Tasks()
	if err != nil || len(tasks) != 1 || tasks[0].LastOutcome != "killed" {
		t.Errorf("tasks %+v, %v", tasks, err)
	}
	mustClose(t, s, StatusDone)
}

// A reader takes the lock for an instant, to see whether anyone has it.
func TestReaderDoesNotKeepAWriterOut(t *testing.T) {
	dir := tempDir(t)
	mustClose(t, mustOpen(t, dir), StatusDone)
	f, err := os.Open(filepath.Join(dir, lockFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := flock(f, syscall.LOCK_SH|syscall.LOCK_NB); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(tries/8*pause, func() { f.Close() })
	mustClose(t, mustOpen(t, dir), StatusDone)
}

func TestNetworkFilesystemIsRefusedUnlessAllowed(t *testing.T) {
	dir := filepath.Join(tempDir(t), "run")
	lustre := func(o *Options) {
		o.filesystem = func(string) (uint32, error) { return 0x0BD00BD0, nil }
	}
	opt := Options{Script: testScript}
	lustre(&opt)
	_, err := Open(dir, opt)
	var named *NetworkFSError
	if !errors.As(err, &named) || !errors.Is(err, ErrNetworkFS) || named.Filesystem != "Lustre" {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a refused directory was made")
	}
	var w warnings
	mustOpen(t, dir, lustre, func(o *Options) { o.AllowNetworkFS, o.Warn = true, w.add })
	if !w.has("Lustre") {
		t.Errorf("told %q", w.lines)
	}
}
