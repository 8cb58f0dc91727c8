package runlua

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"runlua/kernels/diffusion"
)

// docs/diffusion.md says what each preset keeps of a variance, names tests and
// links to files: the numbers are the sampler's, and nothing points to nothing.
func TestDiffusionPageIsTrue(t *testing.T) {
	page, err := os.ReadFile("docs/diffusion.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range diffusion.PresetNames() {
		s, _ := diffusion.Preset(name)
		row := fmt.Sprintf("| `%s` |", name)
		for _, v := range []float64{0.25, 25, 900} {
			row += fmt.Sprintf(" %.3f |", s.PredictedVariance(v)/v)
		}
		if !strings.Contains(string(page), "\n"+row+"\n") {
			t.Errorf("docs/diffusion.md has no row %s", row)
		}
	}
	var tests strings.Builder
	files, err := filepath.Glob("kernels/diffusion/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		tests.Write(text)
	}
	named := regexp.MustCompile("`(Test[A-Z]\\w+)`").FindAllStringSubmatch(string(page), -1)
	if len(named) < 10 {
		t.Errorf("docs/diffusion.md names %d tests, want at least 10", len(named))
	}
	for _, n := range named {
		if !strings.Contains(tests.String(), "\nfunc "+n[1]+"(") {
			t.Errorf("docs/diffusion.md names %s of kernels/diffusion, which is not there", n[1])
		}
	}
	for _, link := range regexp.MustCompile(`\]\(([^)#]+)\)`).FindAllStringSubmatch(string(page), -1) {
		if _, err := os.Stat(filepath.Join("docs", link[1])); err != nil {
			t.Errorf("docs/diffusion.md links to %s: %v", link[1], err)
		}
	}
}
