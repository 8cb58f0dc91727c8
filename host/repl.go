package host

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"golang.org/x/term"

	"runlua/host/sandbox"
)

// interact reads lines and runs them: a value is printed, an unfinished
// statement asks for more lines, an error leaves the session open.
func (r *run) interact() error {
	prompting := isTerminal(r.cfg.Stdin)
	if prompting {
		fmt.Fprintf(r.board.Out(), "runlua %s. A value is printed; require \"nbody\" loads a module; Ctrl+D ends.\n", r.cfg.Version)
	}
	lines := bufio.NewScanner(r.cfg.Stdin)
	lines.Buffer(nil, 1<<20)
	pending := ""
	var unfinished error // of pending
	for {
		if prompting {
			prompt := "> "
			if pending != "" {
				prompt = ">> "
			}
			io.WriteString(r.cfg.Stdout, prompt)
		}
		if !lines.Scan() {
			break
		}
		pending += lines.Text() + "\n"
		fn, more, err := r.parseLine(pending)
		if more {
			unfinished = err
			continue
		}
		pending, unfinished = "", nil
		if err != nil {
			fmt.Fprintln(r.board.Err(), sandbox.Explain(err).String())
			continue
		}
		if err := r.evaluate(fn); err != nil {
			if context.Cause(r.ctx) != nil {
				return err
			}
			r.report(err)
		}
	}
	if prompting {
		fmt.Fprintln(r.board.Out())
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return unfinished
}

// parseLine compiles what was typed, first as an expression. more tells that
// err is that the statement is not finished.
func (r *run) parseLine(text string) (fn *lua.LFunction, more bool, err error) {
	trimmed := strings.TrimSpace(text)
	if fn, err := sandbox.Load(r.l, "return "+strings.TrimPrefix(trimmed, "="), "stdin"); err == nil {
		return fn, false, nil
	}
	fn, err = sandbox.Load(r.l, text, "stdin")
	var syntax *sandbox.SyntaxError
	if errors.As(err, &syntax) && syntax.AtEnd {
		return nil, true, err
	}
	return fn, false, err
}

func (r *run) evaluate(fn *lua.LFunction) error {
	top := r.l.GetTop()
	r.l.Push(fn)
	if err := r.l.PCall(0, lua.MultRet, nil); err != nil {
		return err
	}
	if n := r.l.GetTop() - top; n > 0 {
		r.l.Insert(r.l.GetGlobal("print"), top+1)
		return r.l.PCall(n, 0, nil)
	}
	return nil
}

func isTerminal(in io.Reader) bool {
	f, ok := in.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
