package host

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings"
	"runlua/bindings/spec"
	"runlua/host/rundir"
	"runlua/host/sandbox"
)

// allowExec puts os.execute into the state for the programs that --allow-exec
// names. There is no shell: the words of the command are split at blanks.
func (r *run) allowExec(l *lua.LState, ctx func() context.Context) {
	fn := l.NewFunction(r.panics.Guard("os.execute", func(l *lua.LState) int {
		words := strings.Fields(l.CheckString(1))
		if len(words) == 0 {
			spec.Raise(l, "os.execute", "the command must have a program, got none", "")
		}
		path, err := r.program(words[0])
		var refused *bindings.NotGranted
		if errors.As(err, &refused) {
			spec.Raise(l, "os.execute", fmt.Sprintf("the program must be one that the command line grants, got %q", strings.Join(words, " ")), refused.Grant)
		} else if err != nil {
			spec.Raise(l, "os.execute", err.Error(), "")
		}
		cmd := exec.CommandContext(ctx(), path, words[1:]...)
		cmd.Args[0] = words[0]
		cmd.Stdout, cmd.Stderr = r.board.Out(), r.board.Err()
		err = cmd.Run()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			spec.Raise(l, "os.execute", err.Error(), "")
		}
		l.Push(lua.LNumber(cmd.ProcessState.ExitCode()))
		return 1
	}))
	l.GetGlobal("os").(*lua.LTable).RawSetString("execute", fn)
	sandbox.SetHostName(l, fn, "os.execute")
}

// program finds a program that --allow-exec grants. A bare name is granted by
// that name and found by PATH; a path, which a script writes from its own folder
// and the command line from the current one, is granted by any path to that very
// file. A link is not its target: a program may do something else under another
// name.
func (r *run) program(word string) (path string, err error) {
	if filepath.Base(word) == word {
		if !slices.Contains(r.cfg.AllowExec, word) {
			return "", notGranted(word, word)
		}
		path, err := exec.LookPath(word)
		if err != nil {
			return "", fmt.Errorf("there is no program %q in PATH", word)
		}
		return path, nil
	}
	path = word
	if !filepath.IsAbs(path) {
		path = filepath.Join(r.gate.folder, path)
	}
	if path, err = inRealFolder(path); err != nil {
		return "", notGranted(word, path)
	}
	for _, granted := range r.cfg.AllowExec {
		if filepath.Base(granted) == granted {
			continue
		}
		if granted, err := inRealFolder(granted); err == nil && granted == path {
			return path, nil
		}
	}
	return "", notGranted(word, path)
}

func notGranted(word, grant string) error {
	return &bindings.NotGranted{
		What:  fmt.Sprintf("the program must be one that the command line grants, got %q", word),
		Grant: "--allow-exec " + rundir.QuoteWords([]string{grant}),
	}
}

// inRealFolder is a path, from the current folder, with the links resolved that
// lead to its folder. At an error, as where there is no such folder, they are not.
func inRealFolder(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path, err
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(abs))
	if err != nil {
		return abs, err
	}
	return filepath.Join(folder, filepath.Base(abs)), nil
}

// StartProcess starts a granted program in the script's folder.
func (r *run) StartProcess(command []string) (bindings.Child, error) {
	path, err := r.program(command[0])
	if err != nil {
		return nil, err
	}
	c, err := startChild(path, command, r.gate.folder)
	if err != nil {
		return nil, err
	}
	r.children.add(c)
	return c, nil
}
