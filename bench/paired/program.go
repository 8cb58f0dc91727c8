//go:build unix

package paired

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Program is the path of a program in the folder that RUNLUA_PEERS names, where
// make puts them. A benchmark whose program isn't there is skipped.
func Program(b *testing.B, name string) string {
	b.Helper()
	path := filepath.Join(os.Getenv("RUNLUA_PEERS"), name)
	if _, err := os.Stat(path); err != nil {
		b.Skip("no program to compare with: ", err, "; see bench/peers")
	}
	return path
}

// Time is in seconds, by the clock and by the processors, of all threads together.
type Time struct{ Clock, CPU float64 }

var began = time.Now()

// Now is the time since this program began, and what it has used of its processors.
func Now() Time {
	return Time{time.Since(began).Seconds(), used(syscall.RUSAGE_SELF)}
}

// Children is the time of the processors that programs started from here have used,
// those that have ended and been waited for.
func Children() (cpu float64) { return used(syscall.RUSAGE_CHILDREN) }

func used(who int) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		panic(err) // it has no other cause than a wrong who
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// Since is the time from start to t.
func (t Time) Since(start Time) Time { return Time{t.Clock - start.Clock, t.CPU - start.CPU} }

// Start starts a program and returns a function that has it do its work once. The
// program ends with the benchmark.
func Start(b *testing.B, program string, args ...string) (work func() Time) {
	b.Helper()
	cmd := exec.Command(program, args...)
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	lines := bufio.NewReader(out)
	return func() (t Time) {
		b.Helper()
		if _, err := io.WriteString(in, "go\n"); err != nil {
			b.Fatal(err)
		}
		if _, err := fmt.Fscanln(lines, &t.Clock, &t.CPU); err != nil {
			b.Fatal(err)
		}
		return t
	}
}
