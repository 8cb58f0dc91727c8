package host

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"

	"runlua/bindings"
)

// childGrace is how long a child may take to end once its input has ended with
// the run.
const childGrace = 2 * time.Second

// A child is a program that runs beside the script, in a process group of its
// own: Ctrl+C reaches runlua alone, which saves first, and what the program
// starts ends with it.
type child struct {
	pid         int
	in, out     *os.File
	tail        tail
	ended       chan struct{}
	how         string     // once ended
	mu          sync.Mutex // guards reaped
	reaped      bool
	closeStdin  sync.Once
	closeStdout sync.Once
}

var _ bindings.Child = (*child)(nil)

// startChild starts the program at path, called by the words of command, in a
// folder; "" is the current one.
func startChild(path string, command []string, folder string) (*child, error) {
	var pipes [3][2]*os.File // stdin, stdout, stderr: read end, write end
	closeAll := func() {
		for _, p := range pipes {
			if p[0] != nil {
				p[0].Close()
				p[1].Close()
			}
		}
	}
	for i := range pipes {
		r, w, err := os.Pipe()
		if err != nil {
			closeAll()
			return nil, fmt.Errorf("can't start %q: %w", command[0], err)
		}
		pipes[i] = [2]*os.File{r, w}
	}
	cmd := &exec.Cmd{
		Path: path, Args: command, Dir: folder,
		Stdin: pipes[0][0], Stdout: pipes[1][1], Stderr: pipes[2][1],
		SysProcAttr: childAttributes(),
	}
	c := &child{in: pipes[0][1], out: pipes[1][0], ended: make(chan struct{})}
	errOut := pipes[2][0]
	started := make(chan error)
	go func() {
		// Where the kernel ends a child with its parent, that is the thread which
		// started it: it stays for as long as the child lives.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		c.pid = cmd.Process.Pid
		drained := make(chan struct{})
		go func() {
			io.Copy(&c.tail, errOut)
			close(drained)
		}()
		close(started)
		c.how = describeExit(cmd.Wait())
		c.mu.Lock()
		syscall.Kill(-c.pid, syscall.SIGKILL) // what the program left behind
		c.reaped = true
		c.mu.Unlock()
		errOut.SetReadDeadline(time.Now().Add(time.Second)) // for what left the group
		<-drained
		errOut.Close()
		close(c.ended)
	}()
	err := <-started
	for _, f := range []*os.File{pipes[0][0], pipes[1][1], pipes[2][1]} {
		f.Close()
	}
	if err != nil {
		c.in.Close()
		c.out.Close()
		errOut.Close()
		var path *os.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return nil, fmt.Errorf("can't start %q: %w", command[0], err)
	}
	return c, nil
}

// describeExit says how a program ended, from what Wait says.
func describeExit(err error) string {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return "exit status 0"
	case errors.As(err, &exit):
		return exit.String() // "exit status 1", "signal: killed"
	}
	return err.Error()
}

func (c *child) Stdin() io.Writer       { return c.in }
func (c *child) Stdout() io.Reader      { return c.out }
func (c *child) Ended() <-chan struct{} { return c.ended }
func (c *child) StderrTail() string     { return c.tail.String() }

func (c *child) How() string {
	<-c.ended
	return c.how
}

// Kill ends the child and its group.
func (c *child) Kill() {
	c.mu.Lock()
	if !c.reaped {
		syscall.Kill(-c.pid, syscall.SIGKILL)
	}
	c.mu.Unlock()
	c.endInput()
	c.closeStdout.Do(func() { c.out.Close() })
}

// endInput closes the child's standard input, by which it knows that it is to end.
func (c *child) endInput() { c.closeStdin.Do(func() { c.in.Close() }) }

// children are a run's.
type children struct {
	mu  sync.Mutex
	all []*child
}

func (cs *children) add(c *child) {
	cs.mu.Lock()
	cs.all = append(cs.all, c)
	cs.mu.Unlock()
}

func (cs *children) list() []*child {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	return append([]*child(nil), cs.all...)
}

// end ends the input of all, waits for at most the time of grace and kills what
// is still there.
func (cs *children) end(grace time.Duration) {
	all := cs.list()
	for _, c := range all {
		c.endInput()
	}
	late := time.NewTimer(grace)
	defer late.Stop()
	expired := false
	for _, c := range all {
		if !expired {
			select {
			case <-c.ended:
			case <-late.C:
				expired = true
			}
		}
		c.Kill()
		<-c.ended
	}
}

// kill kills all at once, without waiting.
func (cs *children) kill() {
	for _, c := range cs.list() {
		c.Kill()
	}
}
