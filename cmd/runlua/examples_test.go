package main

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Each example ends with a comment that says what it prints.
const printsMark = "\n-- It prints\n--\n"

func expected(t *testing.T, script string) string {
	t.Helper()
	text, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	_, block, ok := strings.Cut(string(text), printsMark)
	if !ok {
		t.Fatalf("%s does not end by saying what it prints", script)
	}
	var lines []string
	for _, line := range strings.Split(strings.TrimSuffix(block, "\n"), "\n") {
		if !strings.HasPrefix(line, "--   ") {
			t.Fatalf("%s: %q is not a line of what it prints", script, line)
		}
		lines = append(lines, strings.TrimPrefix(line, "--   "))
	}
	return strings.Join(lines, "\n") + "\n"
}

// exampleFlags are what an example says itself that it needs.
var exampleFlags = map[string][]string{"denoiser_process.lua": {"--allow-exec", "python3"}}

func TestExamplesPrintWhatTheySay(t *testing.T) {
	if testing.Short() {
		t.Skip("half a minute of simulations: without -short")
	}
	scripts, err := filepath.Glob("../../examples/*.lua")
	if err != nil || len(scripts) < 3 {
		t.Fatalf("found the examples %v: %v", scripts, err)
	}
	for _, script := range scripts {
		t.Run(filepath.Base(script), func(t *testing.T) {
			dir := t.TempDir()
			args := append([]string{"--dir", dir}, exampleFlags[filepath.Base(script)]...)
			cmd := runlua(t, append(args, "examples/"+filepath.Base(script))...)
			// Debian's python3, which .ci/run gives numpy.
			cmd.Env = append(cmd.Env, "PATH=/usr/bin"+string(filepath.ListSeparator)+os.Getenv("PATH"))
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			got, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v\n%s", err, stderr.String())
			}
			if want := expected(t, script); string(got) != want {
				t.Errorf("printed:\n%s\nwant:\n%s", got, want)
			}
			checkPicture(t, dir, strings.TrimSuffix(filepath.Base(script), ".lua")+".png")
		})
	}
}

// checkPicture compares a picture of docs/numerics, if there is one of that name,
// with the one that the run in dir has drawn: pixels, since compression may change.
func checkPicture(t *testing.T, dir, name string) {
	shown, err := os.ReadFile("../../docs/numerics/" + name)
	if os.IsNotExist(err) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := os.ReadFile(filepath.Join(dir, "results", name))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(shown, drawn) {
		return
	}
	a, errA := png.Decode(bytes.NewReader(shown))
	b, errB := png.Decode(bytes.NewReader(drawn))
	if errA != nil || errB != nil {
		t.Fatalf("docs/numerics/%s: %v, %v", name, errA, errB)
	}
	same := a.Bounds() == b.Bounds()
	for y := 0; same && y < a.Bounds().Dy(); y++ {
		for x := 0; same && x < a.Bounds().Dx(); x++ {
			same = a.At(x, y) == b.At(x, y)
		}
	}
	if !same {
		t.Errorf("docs/numerics/%s is not what the example draws: copy results/%s there", name, name)
	}
}

// The example of an interruption is interrupted, by its time limit, until it
// comes to its end.
func TestResumeExampleIsTheSameAfterInterruptions(t *testing.T) {
	got, stops := stopAgainAndAgain(t, 200*time.Millisecond, "--checkpoint-every", "5", "examples/resume.lua")
	if want := expected(t, "../../examples/resume.lua"); string(got) != want {
		t.Errorf("after %d interruptions it printed:\n%s\nwant:\n%s", stops, got, want)
	}
}
