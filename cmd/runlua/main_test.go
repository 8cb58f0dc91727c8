package main

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"runlua/host"
)

// The test binary is also runlua: called by that name it runs the command, with
// a point to be killed at from the environment.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"runlua": func() {
			fillDiskFromEnvironment()
			os.Exit(run(os.Args[1:], fromEnvironment()))
		},
	})
}

// RUNLUA_KILL=POINT:N kills the process by SIGKILL at the N-th time that it
// comes by POINT. Steps wait then for
// their snapshots, if it is one of theirs, so that the N-th is the same on any disk.
// RUNLUA_INTERRUPT and RUNLUA_TERMINATE send it SIGINT and SIGTERM there, and it goes
// on; its snapshots are written beside the steps.
func fromEnvironment() host.Config {
	for name, signal := range map[string]syscall.Signal{"RUNLUA_INTERRUPT": syscall.SIGINT, "RUNLUA_TERMINATE": syscall.SIGTERM} {
		if at := os.Getenv(name); at != "" {
			return host.Config{Fault: signalAt(at, signal)}
		}
	}
	at := os.Getenv("RUNLUA_KILL")
	if at == "" {
		return host.Config{}
	}
	return host.Config{Fault: signalAt(at, syscall.SIGKILL), SaveWaits: strings.HasPrefix(at, "snapshot.")}
}

// signalAt sends this process a signal at POINT:N.
func signalAt(at string, signal syscall.Signal) func(point string) {
	want, count, _ := strings.Cut(at, ":")
	nth, err := strconv.Atoi(count)
	if err != nil {
		panic(err)
	}
	var passed atomic.Int64 // by whichever worker
	return func(point string) {
		if point != want || passed.Add(1) != int64(nth) {
			return
		}
		syscall.Kill(os.Getpid(), signal)
		if signal == syscall.SIGKILL {
			select {} // until it arrives
		}
	}
}

// RUNLUA_FULL=BYTES lets no file grow beyond a size, as on a full disk.
func fillDiskFromEnvironment() {
	bytes, err := strconv.ParseUint(os.Getenv("RUNLUA_FULL"), 10, 64)
	if err != nil {
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: bytes}); err != nil {
		panic(err)
	}
}

// runlua is the command with its arguments, run in the root of the project.
func runlua(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return &exec.Cmd{Path: exe, Args: append([]string{"runlua"}, args...), Dir: root, Env: os.Environ()}
}

// Scripts under testdata/script are named by what they claim.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                scriptCommands,
		Condition:           scriptCondition,
		Setup: func(env *testscript.Env) error {
			env.Setenv("ROOT", root)
			return nil
		},
	})
}
