package runlua

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var codeBlock = regexp.MustCompile("(?ms)^```(sh|python|text)\n(.*?)^```$")

// The README's commands work as they stand there, one after the other, in a
// fresh copy of what git tracks; the table it shows is the one that comes out.
// `go test` alone is left out: that is this very test.
func TestREADMECommandsWork(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and runs scripts/quick.lua, two minutes: without -short")
	}
	needs(t, "sqlite3", "sqlite3", "--version")
	needs(t, "python3-numpy", "/usr/bin/python3", "-c", "import numpy")
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := checkout(t)
	blocks := codeBlock.FindAllStringSubmatch(string(readme), -1)
	printed, ran := "", 0
	for _, b := range blocks {
		kind, text := b[1], b[2]
		var cmd *exec.Cmd
		switch {
		case kind == "text":
			if !strings.Contains(printed, text) {
				t.Errorf("the README shows\n%s\nwhich is not in what its command printed:\n%s", text, printed)
			}
			continue
		case strings.HasPrefix(text, "go test "):
			continue
		case kind == "python":
			cmd = exec.Command("/usr/bin/python3", "-c", text)
		default:
			cmd = exec.Command("bash", "-euo", "pipefail", "-c", text)
		}
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", text, err, out)
		}
		printed = string(out)
		t.Logf("%s%s", text, printed)
		ran++
	}
	if ran < 4 {
		t.Errorf("only %d blocks of the README were run", ran)
	}
	for _, name := range []string{"voids.csv", "voids.json", "ratios.csv", "ratios.json", "calibration.png", "slice.png"} {
		if _, err := os.Stat(filepath.Join(dir, "runs/quick/results", name)); err != nil {
			t.Errorf("the README's first command left no %s", name)
		}
	}
}

// needs skips the test where a program is missing; on CI that is a failure.
func needs(t *testing.T, debianPackage string, command ...string) {
	t.Helper()
	if err := exec.Command(command[0], command[1:]...).Run(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is missing, which .ci/run installs: %v", debianPackage, err)
		}
		t.Skipf("needs Debian's %s: %v", debianPackage, err)
	}
}

// checkout copies what git tracks, and what it would track, to a new folder.
func checkout(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Skipf("this is no checkout of git: %v", err)
	}
	dir := t.TempDir()
	for _, name := range strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		text, err := os.ReadFile(name)
		if os.IsNotExist(err) {
			continue // deleted, not yet committed
		}
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
