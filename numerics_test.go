package runlua

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// docs/numerics.md says on which test each number rests, and links to what it
// leaves out: neither may point to nothing.
func TestNumericsPageNamesTestsThatExist(t *testing.T) {
	page, err := os.ReadFile("docs/numerics.md")
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{}
	function := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err = filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, "_test.go") {
			return err
		}
		text, err := os.ReadFile(file)
		for _, f := range function.FindAllStringSubmatch(string(text), -1) {
			declared[filepath.ToSlash(filepath.Dir(file))+" "+f[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	// The package of a row is named in it, or in the heading above, or is nbody.
	heading, row := regexp.MustCompile(`^##.*\((kernels/\w+)\)`), regexp.MustCompile("\\| (kernels/\\w+) `Test")
	name := regexp.MustCompile("`(Test[A-Z]\\w+)`")
	pkg, named := "kernels/nbody", 0
	for _, line := range strings.Split(string(page), "\n") {
		if strings.HasPrefix(line, "##") {
			pkg = "kernels/nbody"
			if h := heading.FindStringSubmatch(line); h != nil {
				pkg = h[1]
			}
		}
		here := pkg
		if r := row.FindStringSubmatch(line); r != nil {
			here = r[1]
		}
		if strings.Contains(line, "` at the root") {
			here = "."
		}
		for _, n := range name.FindAllStringSubmatch(line, -1) {
			named++
			if !declared[here+" "+n[1]] {
				t.Errorf("docs/numerics.md names %s of %s, which is not there", n[1], here)
			}
		}
	}
	if named < 50 {
		t.Errorf("docs/numerics.md names %d tests, want at least 50", named)
	}
	for _, link := range regexp.MustCompile(`\]\(([^)#]+)\)`).FindAllStringSubmatch(string(page), -1) {
		if _, err := os.Stat(filepath.Join("docs", link[1])); err != nil {
			t.Errorf("docs/numerics.md links to %s: %v", link[1], err)
		}
	}
}
