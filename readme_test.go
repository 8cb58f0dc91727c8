package runlua

import (
	"encoding/csv"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
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
		if ran++; ran == 1 {
			checkAgainstIndependentProgram(t, filepath.Join(dir, "runs/quick/results/ratios.csv"))
		}
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

// What an independent program gives at the size of scripts/quick.lua with three
// other seeds: about 744 voids above 8 Mpc/h a realization at β = 0, and the
// ratios of their mean radius and of that of the 100 largest. The limits, .02 for
// ratios and a tenth for counts, leave room for other seeds and for rules of the
// finder that are not the same.
func checkAgainstIndependentProgram(t *testing.T, ratios string) {
	t.Helper()
	f, err := os.Open(ratios)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	checked := 0
	for _, row := range rows[1:] {
		value := func(name string) float64 {
			x, err := strconv.ParseFloat(row[column[name]], 64)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		near := func(name string, want, tolerance float64) {
			if got := value(name); math.Abs(got-want) > tolerance {
				t.Errorf("β = %s: %s is %v, want %v ± %v", row[0], name, got, want, tolerance)
			}
			checked++
		}
		switch value("beta") {
		case -0.2:
			near("ratio", .8965, .02)
			near("largest_ratio", .6995, .02)
		case 0:
			near("voids", 3*744, 3*74.4)
			near("ratio", 1, 0)
			near("ratio_error", 0, 0)
		case 0.2:
			near("ratio", 1.095, .02)
			near("largest_ratio", 1.278, .02)
		}
	}
	if checked != 7 {
		t.Errorf("%d figures were compared, want 7", checked)
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
