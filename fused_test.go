package runlua

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// On arm64 and elsewhere the compiler may turn x*y + z into one operation with one
// rounding, which gives other bits than amd64: a product that enters a sum, be it by
// way of a call that is inlined, is written float64(x*y). Here the compiler says
// where it fused.
func TestNoProductIsFusedOnArm64(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the kernels for arm64")
	}
	cmd := exec.Command("go", "build", "-overlay="+withoutSQLite(t), "-gcflags=runlua/...=-S", "./kernels/...", "./bindings", "./host/sandbox")
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	listing, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: GOARCH=arm64 go vet ./kernels/... may tell why", err)
	}
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	instruction := regexp.MustCompile(`\((/[^()]*:\d+)\)\t(\w+)`)
	sums, fused := 0, []string{}
	for _, m := range instruction.FindAllStringSubmatch(string(listing), -1) {
		file, ours := strings.CutPrefix(m[1], root+"/")
		switch m[2] {
		case "FADDD", "FADDS":
			sums++
		case "FMADDD", "FMADDS", "FMSUBD", "FMSUBS", "FNMADDD", "FNMADDS", "FNMSUBD", "FNMSUBS":
			if ours && !slices.ContainsFunc(mayFuse, func(place string) bool { return strings.HasPrefix(file, place) }) {
				fused = append(fused, file)
			}
		}
	}
	if sums < 1000 {
		t.Fatalf("only %d sums were seen: is the listing still of this form?", sums)
	}
	slices.Sort(fused)
	for _, at := range slices.Compact(fused) {
		t.Errorf("%s: a product is fused with a sum; write float64(x*y)", at)
	}
}

// mayFuse are the places where a fused product is no mistake.
var mayFuse = []string{
	"progress/",                 // a bar's remaining time is no result
	"bindings/figure/",          // pictures are made by others, too
	"kernels/panel/compiled.go", // wants them, and looks whether they are
}

// withoutSQLite is an overlay for the go command with which what imports
// checkpointdb compiles without a C compiler for arm64.
func withoutSQLite(t *testing.T) (overlay string) {
	t.Helper()
	file, err := filepath.Abs("checkpointdb/errors.go")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	plain := strings.NewReplacer("\"github.com/mattn/go-sqlite3\"", "", "sqlite3.ErrCorrupt", "11", "sqlite3.ErrNotADB", "26",
		"sqlite3.Error", "struct {\n\terror\n\tCode int\n}").Replace(string(text))
	stub := filepath.Join(t.TempDir(), "errors.go")
	overlay = filepath.Join(t.TempDir(), "overlay.json")
	list, err := json.Marshal(map[string]map[string]string{"Replace": {file: stub}})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{stub: plain, overlay: string(list)} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return overlay
}
