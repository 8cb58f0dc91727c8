package host

import (
	"fmt"
	"io"
	"math"
	"math/rand"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"runlua/kernels/denoiserpipe"
)

// The test binary is also the model: called with "model KIND [FILE]" it behaves
// as that kind, mostly badly. It is a whole run, too: "runlua CODE PROGRAM".
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 2 && os.Args[1] == "model":
		models[os.Args[2]](newModel())
		os.Exit(0)
	case len(os.Args) == 4 && os.Args[1] == "runlua":
		os.Exit(Run(Config{Code: os.Args[2], AllowExec: []string{os.Args[3]}, Stdin: strings.NewReader(""), Stdout: os.Stdout, Stderr: os.Stderr}))
	}
	os.Exit(m.Run())
}

// A model is the child's side. Its answer is half of what it is asked.
type model struct {
	in  io.Reader
	out io.Writer
}

func newModel() *model { return &model{os.Stdin, os.Stdout} }

func (m *model) hello() { m.helloAs(denoiserpipe.Hello{Version: 1, Dim: 2, Model: "half"}) }

func (m *model) helloAs(h denoiserpipe.Hello) {
	if _, err := denoiserpipe.ReadHello(m.in); err != nil {
		die("no HELO: %v", err)
	}
	denoiserpipe.WriteHello(m.out, h)
}

func (m *model) request() denoiserpipe.Request {
	q, err := denoiserpipe.ReadRequest(m.in)
	if err == io.EOF {
		os.Exit(0)
	}
	if err != nil {
		die("no request: %v", err)
	}
	for i := range q.X {
		q.X[i] /= 2
	}
	return q
}

func (m *model) answer(q denoiserpipe.Request) {
	denoiserpipe.WriteAnswer(m.out, q.ID, q.Batch, q.Dim, q.X)
}

func (m *model) serve(change func(q *denoiserpipe.Request)) {
	for {
		q := m.request()
		change(&q)
		m.answer(q)
	}
}

func die(format string, a ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", a...)
	os.Exit(1)
}

func unchanged(*denoiserpipe.Request) {}

// sleep is longer than any test.
func sleep() { time.Sleep(time.Hour) }

var models = map[string]func(m *model){
	"good": func(m *model) { m.hello(); m.serve(unchanged) },
	"dies at start": func(m *model) {
		fmt.Fprintln(os.Stderr, "reading weights\n\x1b[31mno such file: w.pt")
		os.Exit(3)
	},
	"dies in mid-walk": func(m *model) {
		m.hello()
		m.answer(m.request())
		m.answer(m.request())
		m.request()
		die("CUDA out of memory")
	},
	"is killed": func(m *model) {
		m.hello()
		m.request()
		p, _ := os.FindProcess(os.Getpid())
		p.Kill()
		sleep()
	},
	"hangs":           func(m *model) { fmt.Fprintln(os.Stderr, "compiling"); m.hello(); m.request(); sleep() },
	"never reads":     func(m *model) { m.hello(); sleep() },
	"hangs at start":  func(m *model) { sleep() },
	"closes its ends": func(m *model) { m.hello(); m.request(); os.Stdout.Close(); os.Stdin.Close(); sleep() },
	"short frame": func(m *model) {
		m.hello()
		q := m.request()
		var b strings.Builder
		denoiserpipe.WriteAnswer(&b, q.ID, q.Batch, q.Dim, q.X)
		io.WriteString(m.out, b.String()[:b.Len()-3])
	},
	"garbage at start": func(m *model) { fmt.Println("Loading checkpoint"); m.hello(); m.serve(unchanged) },
	"garbage":          func(m *model) { m.hello(); q := m.request(); fmt.Println("step 1 done"); m.answer(q); sleep() },
	"wrong shape": func(m *model) {
		m.hello()
		m.serve(func(q *denoiserpipe.Request) { q.Batch, q.Dim = q.Dim, q.Batch })
	},
	"wrong id": func(m *model) { m.hello(); m.serve(func(q *denoiserpipe.Request) { q.ID++ }) },
	"NaN in row 2": func(m *model) {
		m.hello()
		m.serve(func(q *denoiserpipe.Request) {
			if q.Batch > 1 {
				q.X[q.Dim] = math.NaN()
			}
		})
	},
	"floods standard error": func(m *model) {
		m.hello()
		line := strings.Repeat("x", 99) + "\n"
		for range 50000 { // 5 MB: more than any pipe holds
			os.Stderr.WriteString(line)
		}
		m.answer(m.request())
		m.answer(m.request())
		m.request()
		for i := range 100 {
			fmt.Fprintf(os.Stderr, "line %d\n", i)
		}
		die("the last line")
	},
	"reads slowly": func(m *model) { m.in = slowly{m.in}; m.hello(); m.serve(unchanged) },
	"depends on the batch": func(m *model) {
		m.hello()
		m.serve(func(q *denoiserpipe.Request) {
			for i := range q.X {
				q.X[i] *= 1 + float64(q.Batch)/(1<<20)
			}
		})
	},
	"draws numbers": func(m *model) { m.hello(); m.serve(func(q *denoiserpipe.Request) { q.X[0] = rand.Float64() }) },
	"fails once": func(m *model) {
		m.hello()
		q := m.request()
		denoiserpipe.WriteFailure(m.out, q.ID, "ValueError: sigma is beyond my training")
		m.serve(unchanged)
	},
	"refuses": func(m *model) {
		denoiserpipe.ReadHello(m.in)
		denoiserpipe.WriteFailure(m.out, 0, "no GPU")
		sleep()
	},
	"of version 2": func(m *model) { m.out.Write([]byte("HELO\x04\x00\x00\x00\x02\x00\x00\x00")); sleep() },
	"nameless":     func(m *model) { m.helloAs(denoiserpipe.Hello{Version: 1, Dim: 2}); m.serve(unchanged) },
	"any dim":      func(m *model) { m.helloAs(denoiserpipe.Hello{Version: 1, Model: "half"}); m.serve(unchanged) },
	"of 5 atoms": func(m *model) {
		m.helloAs(denoiserpipe.Hello{Version: 1, Atoms: 5, Dim: 15, Model: "five"})
		m.serve(unchanged)
	},
	"leaves one behind": func(m *model) {
		m.hello()
		cmd := exec.Command("sleep", "3600")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr // it would keep the pipes open
		cmd.Start()
		os.WriteFile(os.Args[3], []byte(strconv.Itoa(cmd.Process.Pid)), 0o666)
		m.answer(m.request())
		m.answer(m.request())
	},
	"ignores the end": func(m *model) {
		m.hello()
		os.WriteFile(os.Args[3]+".new", []byte(strconv.Itoa(os.Getpid())), 0o666)
		os.Rename(os.Args[3]+".new", os.Args[3])
		m.answer(m.request())
		m.answer(m.request())
		sleep()
	},
}

type slowly struct{ r io.Reader }

func (s slowly) Read(b []byte) (int, error) {
	time.Sleep(100 * time.Microsecond)
	return s.r.Read(b[:min(len(b), 4096)])
}

// denoiserCode is a script around a model: what comes after has the model as d.
func denoiserCode(t *testing.T, kind, file, options, after string) (code, exe string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(`local array, d = require("array")
local command = { %q, "model", %q, %q }
d = require("denoiser").process { command = command, %s }
%s`, exe, kind, file, options, after), exe
}

// runModel runs such a script and returns its exit code and what it printed. No
// child may be left when it has ended.
func runModel(t *testing.T, kind, file, options, after string) (code int, stdout, stderr string) {
	t.Helper()
	script, exe := denoiserCode(t, kind, file, options, after)
	var out, errOut strings.Builder
	code = Run(Config{Code: script, AllowExec: []string{exe}, Dir: t.TempDir(), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errOut})
	if left := childrenOf(t, os.Getpid()); len(left) > 0 {
		t.Errorf("%s: the processes %v are left", kind, left)
	}
	return code, out.String(), errOut.String()
}

// childrenOf lists the processes, dead ones too, whose parent is pid.
func childrenOf(t *testing.T, pid int) (found []int) {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Skip("no /proc to look for processes in")
	}
	for _, e := range entries {
		if child, err := strconv.Atoi(e.Name()); err == nil {
			if f := procStat(child); len(f) > 1 && f[1] == strconv.Itoa(pid) {
				found = append(found, child)
			}
		}
	}
	return found
}

// procStat is a process's state, parent and so on; nil if there is none.
func procStat(pid int) []string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	return strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
}

// awaitEnd waits until a process has ended, reaped or not.
func awaitEnd(t *testing.T, pid int) {
	t.Helper()
	for range 3000 {
		if f := procStat(pid); f == nil || f[0] == "Z" {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("the process %d does not end", pid)
}

// awaitModel waits for the model that the process pid starts.
func awaitModel(t *testing.T, pid int) int {
	t.Helper()
	for range 3000 {
		for _, child := range childrenOf(t, pid) {
			words, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", child))
			if strings.Contains(string(words), "\x00model\x00") {
				return child
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("no model is started")
	return 0
}

func awaitPid(t *testing.T, file string) int {
	t.Helper()
	for range 3000 {
		if text, err := os.ReadFile(file); err == nil {
			if pid, err := strconv.Atoi(string(text)); err == nil {
				return pid
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("no process says its pid")
	return 0
}

const askThrice = `
for i = 1, 3 do print(d:denoise(array.new { { 4, 6 }, { 8, i } }, 2):reshape(4)) end`

func TestAModelAnswers(t *testing.T) {
	for _, kind := range []string{"good", "reads slowly", "floods standard error"} {
		after := `local a = d:denoise(array.ones(3, 2), 1); print(a[1], a:list()[3][2])`
		if kind == "reads slowly" {
			after = `local a = d:denoise(array.ones(50000, 2), 1):list(); print(a[1][1], a[50000][2])`
		}
		code, out, errOut := runModel(t, kind, "", "", after)
		if code != 0 || !strings.HasSuffix(out, "0.5\n") {
			t.Errorf("%s: code %d, printed %q\n%s", kind, code, out, errOut)
		}
	}
}

func TestWhatAModelDoesWrongIsSaid(t *testing.T) {
	for _, c := range []struct {
		kind, options, after string
		want                 []string
	}{
		{"dies at start", "", "", []string{
			`denoiser.process: the program ended (exit status 3) before its HELO`, "  its last lines on standard error:\n    reading weights\n    \uFFFD[31mno such file: w.pt\n"}},
		{"dies in mid-walk", "", askThrice, []string{
			"denoiser:denoise: the program ended (exit status 1) before its answer to request 3 (2 rows of 2, σ = 2)", "\n    CUDA out of memory\n"}},
		{"is killed", "", askThrice, []string{"the program ended (signal: killed) before its answer to request 1", "it wrote nothing on standard error"}},
		{"hangs", "timeout = LIMIT", askThrice, []string{"the program does not give its answer to request 1 (2 rows of 2, σ = 2) within LIMIT s (timeout = … allows more)", "    compiling"}},
		{"hangs at start", "timeout = .3", "", []string{"denoiser.process: the program does not give its HELO within 0.3 s"}},
		{"never reads", "timeout = LIMIT", "d:denoise(array.ones(500000, 2), 1)", []string{"does not give its answer to request 1 (500000 rows of 2, σ = 1) within LIMIT s"}},
		{"short frame", "", askThrice, []string{"its answer to request 1 (2 rows of 2, σ = 2) breaks the protocol: it is cut off: 13 of the 16 bytes of its coordinates; the program ended (exit status 0)"}},
		{"garbage at start", "", "", []string{`its HELO breaks the protocol: it must begin with a frame, got the bytes "Loading "`, "hint: its standard output is for the protocol alone"}},
		{"garbage", "", askThrice, []string{`its answer to request 1 (2 rows of 2, σ = 2) breaks the protocol: it must begin with a frame, got the bytes "step 1 d"`}},
		{"wrong shape", "", "d:denoise(array.ones(3, 2), 1)", []string{"breaks the protocol: it must answer 3 rows of 2 numbers, got 2 rows of 3"}},
		{"wrong id", "", askThrice, []string{"must answer request 1, got an answer to request 2"}},
		{"depends on the batch", "", askThrice, []string{"the model's answer must depend on a row and σ alone, but row 2 of 2, asked for again by itself, differs by 3.81e-06 at number 1 (σ = 2)", "hint: rows = 1"}},
		{"draws numbers", "", "d:denoise(array.ones(1, 2), 1)", []string{"must depend on a row and σ alone, but row 1 of 1"}},
		{"fails once", "", askThrice, []string{"the model fails in place of its answer to request 1 (2 rows of 2, σ = 2): ValueError: sigma is beyond my training"}},
		{"refuses", "", "", []string{"denoiser.process: the model fails in place of its HELO: no GPU"}},
		{"of version 2", "", "", []string{"the model must speak version 1 of the protocol, got 2"}},
		{"nameless", "", "", []string{"the model must say its name"}},
		{"any dim", "", "", []string{`the model "half" takes rows of any length, so the script must say which`, "hint: atoms = …"}},
		{"of 5 atoms", "atoms = 4", "", []string{`atoms must be those of the model "five", 5, got 4`}},
		{"of 5 atoms", "dim = 12", "", []string{`dim must be that of the model "five", 15, got 12`}},
		{"good", "atoms = 2, dim = 5", "", []string{"dim must be 3 for each of the 2 atoms, got 5"}},
		{"good", "", "d:denoise(array.ones(2, 3), 1)", []string{"x must have rows of 2 numbers, got an array"}},
	} {
		// LIMIT is one within which the program starts on this machine.
		limit, code, errOut := "1", 0, ""
		for seconds := 1; seconds < 500; seconds *= 2 {
			limit = strconv.Itoa(seconds)
			code, _, errOut = runModel(t, c.kind, "", strings.ReplaceAll(c.options, "LIMIT", limit), c.after)
			if !strings.Contains(c.options, "LIMIT") || !strings.Contains(errOut, "does not give its HELO") {
				break
			}
		}
		if code != ExitFailed {
			t.Errorf("%s: code %d", c.kind, code)
		}
		for _, want := range c.want {
			if want := strings.ReplaceAll(want, "LIMIT", limit); !strings.Contains(errOut, want) {
				t.Errorf("%s:\n%swant …%s…", c.kind, errOut, want)
			}
		}
	}
}

// After an error the program is gone, and every further call says the same; after
// a failure of the model's own it goes on.
func TestWhatComesAfterAnError(t *testing.T) {
	const twice = `
local function try() local ok, err = pcall(d.denoise, d, array.ones(2, 2), 1); return ok, (tostring(err):gsub("\n.*", "")) end
local _, first = try()
local ok, second = try()
print(ok, first == second)`
	if code, out, errOut := runModel(t, "short frame", "", "", twice); code != 0 || out != "false\ttrue\n" {
		t.Errorf("code %d, printed %q\n%s", code, out, errOut)
	}
	if code, out, errOut := runModel(t, "fails once", "", "", twice); code != 0 || out != "true\tfalse\n" {
		t.Errorf("code %d, printed %q\n%s", code, out, errOut)
	}
}

func TestOneRowThatIsNaNLeavesTheOthers(t *testing.T) {
	code, out, errOut := runModel(t, "NaN in row 2", "", "check = false", `
local a = d:denoise(array.new { { 1, 2 }, { 3, 4 }, { 5, 6 } }, 1):list()
for i = 1, 3 do print(a[i][1], a[i][2]) end`)
	if want := "0.5\t1\nnan\t2\n2.5\t3\n"; code != 0 || strings.ToLower(out) != want {
		t.Errorf("code %d, printed %q, want %q\n%s", code, out, want, errOut)
	}
}

// With rows set all requests are alike, so that a model whose answer depends on
// the batch gives each row the same bits in every chunk.
func TestRowsMakeTheAnswerIndependentOfTheChunk(t *testing.T) {
	const code = `
local x = {}
for i = 1, 11 do x[i] = { i / 3, -i } end
local whole = d:denoise(array.new(x), 1):list()
for i = 1, 11 do
  local alone = d:denoise(array.new(x[i]), 1)
  assert(alone[1] == whole[i][1] and alone[2] == whole[i][2])
end
print(whole[1][2] ~= -.5)`
	for _, rows := range []string{"rows = 1", "rows = 4", "rows = 11", "rows = 64"} {
		if c, out, errOut := runModel(t, "depends on the batch", "", rows, code); c != 0 || out != "true\n" {
			t.Errorf("%s: code %d, printed %q\n%s", rows, c, out, errOut)
		}
	}
}

func TestTheTailIsBounded(t *testing.T) {
	_, _, errOut := runModel(t, "floods standard error", "", "", askThrice)
	_, lines, _ := strings.Cut(errOut, "its last lines on standard error:\n")
	got := strings.Split(lines, "\n")
	if got[0] != "    line 81" || got[19] != "    the last line" || strings.Contains(lines, "xxx") {
		t.Errorf("the tail is\n%s", lines)
	}

	var tl tail
	for range 1000 {
		fmt.Fprintf(&tl, "%s\r 10%%\r 20%%\r\n", strings.Repeat("y", 1000))
		if len(tl.buf) > 2*tailBytes {
			t.Fatalf("the tail keeps %d bytes", len(tl.buf))
		}
	}
	if got := tl.String(); !slices.Equal(slices.Compact(strings.Split(got, "\n")), []string{" 20%"}) {
		t.Errorf("the tail is %q", got)
	}
	tl.Write([]byte(strings.Repeat("z", 100000)))
	if got := tl.String(); got != strings.Repeat("z", lineRunes)+"…" {
		t.Errorf("the tail of one long line is %q", got)
	}
}

// Ctrl+C interrupts the wait for an answer at once, although the program ignores
// the end of its input.
func TestAnInterruptEndsAWait(t *testing.T) {
	for _, kind := range []string{"never reads", "hangs"} {
		script, exe := denoiserCode(t, kind, "", "", `d:denoise(array.ones(500000, 2), 1)`)
		if kind == "hangs" {
			script = strings.Replace(script, "500000", "1", 1)
		}
		cmd := exec.Command(exe, "runlua", "print('begun')\n"+script, exe)
		var errOut strings.Builder
		cmd.Stderr = &errOut
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		io.ReadFull(stdout, make([]byte, 6))
		child := awaitModel(t, cmd.Process.Pid)
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != ExitInterrupted {
			t.Errorf("%s: exit code %d\n%s", kind, code, &errOut)
		}
		awaitEnd(t, child)
	}
}

// The end of a run ends a program that does not end by itself, and what one left
// behind that does.
func TestNothingOutlivesTheRun(t *testing.T) {
	for _, kind := range []string{"ignores the end", "leaves one behind"} {
		file := t.TempDir() + "/pid"
		if code, out, errOut := runModel(t, kind, file, "", `print(d:denoise(array.ones(2), 1)[1])`); code != 0 || out != "0.5\n" {
			t.Errorf("%s: code %d, printed %q\n%s", kind, code, out, errOut)
		}
		awaitEnd(t, awaitPid(t, file))
	}
}

func TestKillingTheRunEndsTheProgram(t *testing.T) {
	for kind, file := range map[string]string{"good": "", "ignores the end": t.TempDir() + "/pid"} {
		script, exe := denoiserCode(t, kind, file, "", `d:denoise(array.ones(2), 1) while true do end`)
		cmd := exec.Command(exe, "runlua", script, exe)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		child := awaitModel(t, cmd.Process.Pid)
		if file != "" {
			child = awaitPid(t, file)
		}
		cmd.Process.Kill()
		cmd.Wait()
		awaitEnd(t, child)
	}
}
