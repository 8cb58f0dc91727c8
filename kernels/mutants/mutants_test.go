package mutants

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var kill = flag.Bool("mutants", false, "run the tests on every mutant")

// points is the number of points in the list of the package comment.
const points = 11

// A mutant is a kernel with one mistake.
type mutant struct {
	name    string
	point   int      // of the list in the package comment, or 0
	tests   string   // that must fail, "package.TestName" with spaces between
	changes []change // that make the mistake
}

// A change replaces text that occurs once in a file under kernels.
type change struct{ file, old, new string }

// in is the changes of one file, from pairs of old and new text.
func in(file string, pairs ...string) (c []change) {
	for i := 0; i < len(pairs); i += 2 {
		c = append(c, change{file, pairs[i], pairs[i+1]})
	}
	return c
}

var all = slices.Concat(cosmologyMutants, startMutants, forceMutants, stepMutants, measureMutants, directMutants, eigenMutants,
	diffusionMutants, structureMutants, panelMutants)

// killers are the tests of a mutant by package.
func (m mutant) killers() map[string][]string {
	k := map[string][]string{}
	for _, full := range strings.Fields(m.tests) {
		pkg, test, _ := strings.Cut(full, ".")
		k[pkg] = append(k[pkg], test)
	}
	return k
}

// kernels is the folder of a kernel package or file.
func kernels(path string) string { return filepath.Join("..", filepath.FromSlash(path)) }

// changed returns the text of each file that the mutant changes, as changed.
func (m mutant) changed() (map[string]string, error) {
	texts := map[string]string{}
	for _, c := range m.changes {
		text, done := texts[c.file]
		if !done {
			b, err := os.ReadFile(kernels(c.file))
			if err != nil {
				return nil, err
			}
			text = string(b)
		}
		if n := strings.Count(text, c.old); n != 1 {
			return nil, fmt.Errorf("%s has %d times, not once, the text %q", c.file, n, c.old)
		}
		if c.old == c.new {
			return nil, fmt.Errorf("%s: %q is replaced by itself", c.file, c.old)
		}
		texts[c.file] = strings.Replace(text, c.old, c.new, 1)
	}
	if len(texts) == 0 {
		return nil, errors.New("it changes nothing")
	}
	return texts, nil
}

func TestMutantsFitTheCode(t *testing.T) {
	seen, covered := map[string]bool{}, map[int]bool{}
	for _, m := range all {
		if seen[m.name] {
			t.Errorf("two mutants are called %q", m.name)
		}
		seen[m.name], covered[m.point] = true, true
		if m.point < 0 || m.point > points {
			t.Errorf("%s: there is no point %d", m.name, m.point)
		}
		if _, err := m.changed(); err != nil {
			t.Errorf("%s: %v", m.name, err)
		}
		if m.tests == "" {
			t.Errorf("%s: no test is named that it must fail", m.name)
		}
		for pkg, tests := range m.killers() {
			for _, test := range tests {
				if !declares(t, pkg, test) {
					t.Errorf("%s: kernels/%s has no test %s", m.name, pkg, test)
				}
			}
		}
	}
	for p := 1; p <= points; p++ {
		if !covered[p] {
			t.Errorf("no mutant breaks point %d", p)
		}
	}
}

// declares reports whether a package has a test of the name.
func declares(t *testing.T, pkg, test string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(kernels(pkg), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte("\nfunc "+test+"(t *testing.T) {")) {
			return true
		}
	}
	return false
}

func TestMutantsAreKilled(t *testing.T) {
	if !*kill {
		t.Skip("needs minutes: go test ./kernels/mutants -mutants")
	}
	healthy := map[string]map[string]string{} // outcome on the true kernels by package and test
	for _, m := range all {
		t.Run(m.name, func(t *testing.T) {
			for pkg, tests := range m.killers() {
				if healthy[pkg] == nil {
					healthy[pkg], _ = run(t, pkg, "", named(pkg))
				}
				for _, test := range tests {
					switch outcome := healthy[pkg][test]; outcome {
					case "pass":
					case "skip":
						t.Skipf("%s.%s is skipped here", pkg, test)
					default:
						t.Fatalf("%s.%s on the true kernels: %q, want a pass", pkg, test, outcome)
					}
				}
			}
			overlay := m.overlay(t)
			for pkg, tests := range m.killers() {
				outcome, output := run(t, pkg, overlay, tests)
				for _, test := range tests {
					if outcome[test] != "fail" {
						t.Errorf("survives %s.%s: %q, want a failure\n%s", pkg, test, outcome[test], output)
					}
				}
			}
		})
	}
}

// named is all tests of a package that kill a mutant.
func named(pkg string) []string {
	var tests []string
	for _, m := range all {
		tests = append(tests, m.killers()[pkg]...)
	}
	slices.Sort(tests)
	return slices.Compact(tests)
}

// overlay writes the changed files to a temporary folder and returns the file
// that tells the go command to take them.
func (m mutant) overlay(t *testing.T) string {
	t.Helper()
	texts, err := m.changed()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name string, text []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	replace := map[string]string{}
	for file, text := range texts {
		original, err := filepath.Abs(kernels(file))
		if err != nil {
			t.Fatal(err)
		}
		replace[original] = write(strings.ReplaceAll(file, "/", "_"), []byte(text))
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	return write("overlay.json", b)
}

// run runs tests of a kernel package, with an overlay if there is one, and
// returns how each ended, "pass", "fail" or "skip", and what was printed. A
// mutant that does not compile, or that hangs, is an error in the table.
func run(t *testing.T, pkg, overlay string, tests []string) (outcome map[string]string, output string) {
	t.Helper()
	args := []string{"test", "-json", "-short", "-count=1", "-vet=off", "-tags=noasm", "-timeout=2m", "-run=^(" + strings.Join(tests, "|") + ")$"}
	if overlay != "" {
		args = append(args, "-overlay="+overlay)
	}
	cmd := exec.Command("go", append(args, "./"+pkg)...)
	cmd.Dir = ".."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	outcome = map[string]string{}
	var printed strings.Builder
	for d := json.NewDecoder(bytes.NewReader(stdout)); d.More(); {
		var e struct{ Action, Test, Output string }
		if err := d.Decode(&e); err != nil {
			t.Fatalf("go test -json: %v\n%s", err, &stderr)
		}
		switch e.Action {
		case "output", "build-output":
			printed.WriteString(e.Output)
		case "build-fail":
			t.Fatalf("does not compile:\n%s", &printed)
		case "pass", "fail", "skip":
			outcome[e.Test] = e.Action
		}
	}
	output = printed.String() + stderr.String()
	if strings.Contains(output, "panic: test timed out") {
		t.Fatalf("hangs:\n%s", output)
	}
	return outcome, output
}

// The points of the package comment are those that mutants may name.
func TestPointsAreThoseOfThePackageComment(t *testing.T) {
	b, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	if got := len(regexp.MustCompile(`(?m)^//  \d+\. `).FindAll(b, -1)); got != points {
		t.Errorf("the list in doc.go has %d points, the tests say %d", got, points)
	}
}
