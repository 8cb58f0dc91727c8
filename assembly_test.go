package runlua

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// The kernels' assembly runs where the processor has AVX2 (and FMA). A generator
// that runs out of registers takes one of AVX-512's without a word.
func TestAssemblyHasNoRegistersOfAVX512(t *testing.T) {
	files, err := filepath.Glob("kernels/*/*_amd64.s")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d assembly files (%v)", len(files), err)
	}
	beyond := regexp.MustCompile(`\b([XY](1[6-9]|2\d|3[01])|Z\d+|K[0-7])\b`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if r := beyond.Find(text); r != nil {
			t.Errorf("%s uses %s, which AVX2 does not have", file, r)
		}
	}
}
