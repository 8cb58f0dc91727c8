package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The test binary is also runlua: called by that name it runs the command, with
// a point to be killed at from the environment.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"runlua": func() { os.Exit(run(os.Args[1:], faultFromEnvironment())) },
	})
}

// RUNLUA_KILL=POINT:N kills the process by SIGKILL at the N-th time that it
// comes by POINT.
func faultFromEnvironment() func(point string) {
	want, count, ok := strings.Cut(os.Getenv("RUNLUA_KILL"), ":")
	if !ok {
		return nil
	}
	left, err := strconv.Atoi(count)
	if err != nil {
		panic(err)
	}
	return func(point string) {
		if point != want {
			return
		}
		if left--; left == 0 {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // until it arrives
		}
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
