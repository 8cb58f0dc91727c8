package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Debian's cif-validate, gemmi and Biopython read the files of scripts/design.lua:
// of each denoiser that it offers.
func TestOtherProgramsReadTheFilesOfADesign(t *testing.T) {
	for _, program := range [][]string{
		{"cif-validate", "--help"},
		{"/usr/bin/python3", "-c", "import gemmi, numpy, Bio.PDB"},
	} {
		if err := exec.Command(program[0], program[1:]...).Run(); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatalf("%s: %v; .ci/run installs what this needs", strings.Join(program, " "), err)
			}
			t.Skipf("%s: %v (Debian's cif-tools, libcifpp-data, python3-gemmi, python3-biopython, python3-numpy)", strings.Join(program, " "), err)
		}
	}
	for _, kind := range []string{"ensemble", "gnm"} {
		dir := t.TempDir()
		args := []string{"--dir", dir, "scripts/design.lua", "--N_sample", "4", "--N_step", "30", "--denoiser", kind}
		if out, err := runlua(t, args...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		files, err := filepath.Glob(filepath.Join(dir, "global_run_0/sdf1/seed_0/predictions/*.cif"))
		if err != nil || len(files) != 4 {
			t.Fatalf("%d files, %v", len(files), err)
		}
		for _, file := range files {
			out, err := exec.Command("cif-validate", "--validate-links", file).CombinedOutput()
			if err != nil || len(bytes.TrimSpace(out)) > 0 {
				t.Errorf("cif-validate %s: %v\n%s", filepath.Base(file), err, out)
			}
		}
		out, err := exec.Command("/usr/bin/python3", "testdata/readback.py", dir).CombinedOutput()
		if err != nil || string(out) != "4 files\n" {
			t.Errorf("%s: %v\n%s", kind, err, out)
		}
	}
}
