package host

import (
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/host/sandbox"
)

// allowExec puts os.execute into the state for the programs that --allow-exec
// names. There is no shell: the words of the command are split at blanks.
func (r *run) allowExec() {
	fn := r.l.NewFunction(r.panics.Guard("os.execute", func(l *lua.LState) int {
		words := strings.Fields(l.CheckString(1))
		if len(words) == 0 || !slices.Contains(r.cfg.AllowExec, words[0]) {
			spec.Raise(l, "os.execute", fmt.Sprintf("the program must be one that the command line grants, got %q", strings.Join(words, " ")), "--allow-exec "+strings.Join(words[:min(1, len(words))], ""))
		}
		cmd := exec.CommandContext(r.ctx, words[0], words[1:]...)
		cmd.Stdout, cmd.Stderr = r.board.Out(), r.board.Err()
		err := cmd.Run()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			spec.Raise(l, "os.execute", err.Error(), "")
		}
		l.Push(lua.LNumber(cmd.ProcessState.ExitCode()))
		return 1
	}))
	r.l.GetGlobal("os").(*lua.LTable).RawSetString("execute", fn)
	sandbox.SetHostName(r.l, fn, "os.execute")
}
