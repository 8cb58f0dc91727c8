// Package runlua holds the tests of the project as a whole.
package runlua

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// rank orders the packages: an import goes to a smaller rank. Within kernels,
// kernelOrder does the same.
func rank(pkg string) int {
	switch first, _, _ := strings.Cut(pkg, "/"); first {
	case "bench":
		return 4 // tests alone import it
	case "cmd":
		return 3
	case "host":
		return 2
	case "bindings":
		return 1
	case "kernels", "checkpointdb", "progress":
		return 0
	}
	return -1
}

var kernelOrder = map[string]int{
	"denoiserpipe": 0, "fmath": 0, "par": 0, "state": 0,
	"abundance": 1, "cosmology": 1, "eigen": 1, "fft": 1, "gadget": 1, "panel": 1, "rng": 1,
	"grid": 2, "structure": 2, "voidtheory": 2,
	"diffusion": 3, "direct": 3, "halos": 3, "power": 3, "voids": 3,
	"nbody": 4,
}

func TestImportsRunOneWay(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), "_") || strings.HasPrefix(d.Name(), ".") && file != "." || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		pkg := path.Dir(filepath.ToSlash(file))
		if rank(pkg) < 0 {
			t.Errorf("%s: the top-level folders are bench, cmd, host, bindings, kernels, checkpointdb and progress", file)
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if target, ours := strings.CutPrefix(name, "runlua/"); ours {
				seen++
				if why := forbidden(pkg, target); why != "" {
					t.Errorf("%s imports %s: %s", file, target, why)
				}
			} else if why := foreign(pkg, name); why != "" {
				t.Errorf("%s imports %s: %s", file, name, why)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 50 {
		t.Errorf("only %d imports between packages were looked at", seen)
	}
}

func forbidden(from, to string) string {
	top := func(pkg string) string { first, _, _ := strings.Cut(pkg, "/"); return first }
	switch {
	case top(from) == "kernels" && top(to) == "kernels":
		lower, known := kernelOrder[path.Base(to)]
		higher, knownToo := kernelOrder[path.Base(from)]
		if !known || !knownToo {
			return "kernelOrder in arrows_test.go does not list both"
		}
		if lower >= higher {
			return "a lower kernel never imports a higher one"
		}
		return ""
	case top(from) == top(to) && rank(from) > 0:
		// Sub-packages serve the package above them, never the other way round.
		if strings.HasPrefix(from, to+"/") {
			return "a sub-package does not know the package above it"
		}
		return ""
	case rank(to) < 0 || rank(to) >= rank(from):
		return "imports run cmd -> host -> bindings -> kernels, checkpointdb, progress"
	}
	return ""
}

func foreign(pkg, name string) string {
	is := func(prefixes ...string) bool {
		for _, p := range prefixes {
			if strings.HasPrefix(name, p) {
				return true
			}
		}
		return false
	}
	lua, sqlite, terminal := is("github.com/yuin/gopher-lua"), is("github.com/mattn/go-sqlite3", "database/sql"), is("github.com/gosuri", "golang.org/x/term")
	switch {
	case strings.HasPrefix(pkg, "kernels/") && (lua || sqlite || terminal || name == "os"):
		return "kernels know no Lua, no SQLite, no terminal and no files"
	case strings.HasPrefix(pkg, "kernels/") && is("gonum.org"):
		return "gonum is the oracle of kernel tests; its bits may depend on the processor"
	case pkg == "checkpointdb" && (lua || terminal):
		return "checkpointdb knows SQLite and files"
	case pkg == "progress" && (lua || sqlite):
		return "progress counts and renders"
	case sqlite && pkg != "checkpointdb":
		return "SQLite is checkpointdb's"
	}
	return ""
}

func TestForbiddenImportsAreSeen(t *testing.T) {
	for _, bad := range [][2]string{
		{"kernels/grid", "kernels/nbody"}, {"kernels/rng", "kernels/cosmology"}, {"kernels/fft", "checkpointdb"},
		{"bindings", "host"}, {"checkpointdb", "progress"}, {"progress", "bindings"}, {"host", "cmd/runlua"}, {"kernels/fft", "bench/paired"}, {"bindings/spec", "bindings"},
	} {
		if forbidden(bad[0], bad[1]) == "" {
			t.Errorf("%s may import %s", bad[0], bad[1])
		}
	}
	for _, bad := range [][2]string{{"kernels/fft", "github.com/yuin/gopher-lua"}, {"host", "database/sql"}, {"kernels/grid", "os"}} {
		if foreign(bad[0], bad[1]) == "" {
			t.Errorf("%s may import %s", bad[0], bad[1])
		}
	}
}
