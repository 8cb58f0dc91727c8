package checkpointdb

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
)

// The test binary runs itself as the writer that is killed:
// CHECKPOINTDB_CHILD="ROLE DIR [POINT]".
const childVariable = "CHECKPOINTDB_CHILD"

func TestMain(m *testing.M) {
	if words := strings.Fields(os.Getenv(childVariable)); len(words) > 0 {
		if err := childRoles[words[0]](words[1:]); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var childRoles = map[string]func(words []string) error{
	"hold": func(words []string) error {
		s, err := Open(words[0], Options{Script: testScript})
		if err != nil {
			return err
		}
		key, err := NewKey("held", nil)
		if err != nil {
			return err
		}
		if _, err := s.Begin(key); err != nil {
			return err
		}
		fmt.Println("holding")
		select {}
	},
	"work": func(words []string) error {
		dying := ""
		if len(words) > 1 {
			dying = words[1]
		}
		return work(words[0], func(point string) {
			if point == dying {
				syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {}
			}
		})
	},
	"full": full,
}

// A child is this test binary in one of its roles.
type child struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
	said  []string
}

func startChild(t *testing.T, role string, words ...string) *child {
	t.Helper()
	c := &child{cmd: exec.Command(os.Args[0])}
	c.cmd.Env = append(os.Environ(), childVariable+"="+role+" "+strings.Join(words, " "),
		"GORACE=atexit_sleep_ms=0") // under -race a process would take a second to end
	c.cmd.Stderr = os.Stderr
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.lines = bufio.NewScanner(out)
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.cmd.Process.Kill() })
	return c
}

func (c *child) waitFor(t *testing.T, line string) {
	t.Helper()
	for c.lines.Scan() {
		if c.said = append(c.said, c.lines.Text()); c.lines.Text() == line {
			return
		}
	}
	t.Fatalf("the child never said %q, but %q", line, c.said)
}

func (c *child) kill(t *testing.T) {
	t.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	c.cmd.Wait()
}

// wait returns once the child has ended; killed is true if by SIGKILL.
func (c *child) wait(t *testing.T) (killed bool) {
	t.Helper()
	for c.lines.Scan() {
		c.said = append(c.said, c.lines.Text())
	}
	err := c.cmd.Wait()
	if err == nil {
		return false
	}
	if status, ok := c.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signal() == syscall.SIGKILL {
		return true
	}
	t.Fatalf("the child: %v, said %q", err, c.said)
	return false
}

// work is a small run as the host does it: two tasks of two calls each with
// six steps, a snapshot every second step, an artifact, a file in results/
// over both. Each step depends on all before it. Whatever had happened before,
// it ends with the same files.
func work(dir string, fault func(string)) error {
	s, err := Open(dir, Options{Script: testScript, Fault: fault})
	if err != nil {
		return err
	}
	table := ""
	for seed := range 2 {
		key, err := NewKey("chain", map[string]any{"seed": seed})
		if err != nil {
			return err
		}
		rec, err := s.Task(key)
		if err != nil {
			return err
		}
		if rec == nil || !rec.Done() {
			if err := workTask(s, key, uint64(seed)); err != nil {
				return err
			}
			fmt.Println("done", seed)
			if rec, err = s.Task(key); err != nil {
				return err
			}
		}
		table += string(rec.Result.JSON) + "\n"
	}
	if err := workInPassing(s); err != nil {
		return err
	}
	if err := WriteFileAtomic(s.Dir(), "results/table.txt", fault, text(table)); err != nil {
		return err
	}
	return s.Close(StatusDone)
}

// workInPassing is a task that has snapshots while it lasts and leaves nothing.
func workInPassing(s *Store) error {
	key, err := NewKey("passing", nil)
	if err != nil {
		return err
	}
	a, err := s.Begin(key)
	if err != nil {
		return err
	}
	slot := Slot{1, "one step"}
	if err := a.SaveSnapshot(slot, SnapshotMeta{Step: 1, Total: 1, Final: true}, text("state")); err != nil {
		return err
	}
	return a.Discard()
}

func workTask(s *Store, key Key, state uint64) error {
	a, err := s.Begin(key)
	if err != nil {
		return err
	}
	fp := Fingerprint{{KindKernel, "chain", "1"}}
	var trace []float64
	for call := 1; call <= 2; call++ {
		slot := Slot{call, "six steps"}
		step := int64(0)
		if _, err := a.LoadSnapshot(slot, func(meta SnapshotMeta, r io.Reader) error {
			step = meta.Step
			return binary.Read(r, binary.LittleEndian, &state)
		}); err != nil {
			return err
		}
		for step < 6 {
			sum := sha256.Sum256(binary.LittleEndian.AppendUint64(nil, state))
			state = binary.LittleEndian.Uint64(sum[:])
			step++
			if step%2 == 0 {
				meta := SnapshotMeta{Step: step, Total: 6, Final: step == 6, Fingerprint: fp}
				if err := a.SaveSnapshot(slot, meta, func(w io.Writer) error {
					return binary.Write(w, binary.LittleEndian, state)
				}); err != nil {
					return err
				}
			}
		}
		trace = append(trace, float64(state>>11))
	}
	if err := a.WriteArtifact("artifacts/"+key.Digest()[:8]+".txt", text(fmt.Sprintf("%d\n", state))); err != nil {
		return err
	}
	r, err := EncodeResult(map[string]any{"trace": &Array{[]int{2}, trace}, "last": fmt.Sprint(state)})
	if err != nil {
		return err
	}
	return a.Commit(fp, r)
}

// full fills the disk: no file may grow beyond 1 MiB, which the database
// and its log do only for the large result.
func full(words []string) error {
	s, err := Open(words[0], Options{Script: testScript})
	if err != nil {
		return err
	}
	key, err := NewKey("big", nil)
	if err != nil {
		return err
	}
	a, err := s.Begin(key)
	if err != nil {
		return err
	}
	slot := Slot{1, "x"}
	if err := a.SaveSnapshot(slot, SnapshotMeta{Step: 1}, text("small")); err != nil {
		return err
	}
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	err = a.SaveSnapshot(slot, SnapshotMeta{Step: 2}, text(strings.Repeat("x", 2<<20)))
	fmt.Println("large:", err)
	if _, err := a.LoadSnapshot(slot, func(meta SnapshotMeta, r io.Reader) error {
		b, err := io.ReadAll(r)
		fmt.Printf("then: %d %s\n", meta.Step, b)
		return err
	}); err != nil {
		return err
	}
	r, err := EncodeResult(&Array{[]int{1 << 18}, make([]float64, 1<<18)})
	if err != nil {
		return err
	}
	fmt.Println("result:", a.Commit(nil, r))
	if r, err = EncodeResult(1); err != nil {
		return err
	}
	fmt.Println("smaller:", a.Commit(nil, r))
	return s.Close(StatusDone)
}
