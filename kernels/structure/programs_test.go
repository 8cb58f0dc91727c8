package structure

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// need skips a test for want of a program or file of a Debian package; on the
// machines of CI, which have them, it fails.
func need(t *testing.T, err error, what, pkg string) {
	t.Helper()
	if err == nil {
		return
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s (Debian: %s): %v", what, pkg, err)
	}
	t.Skipf("without %s (Debian: %s)", what, pkg)
}

// entry reads one of the NMR ensembles of Debian's theseus-examples.
func entry(t *testing.T, id string) *Structure {
	t.Helper()
	file, err := os.Open("/usr/share/doc/theseus/examples/" + id + ".pdb.gz")
	need(t, err, id, "theseus-examples")
	defer file.Close()
	text, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Read(text, id)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// mixed is a structure of all that the writer tells apart.
func mixed(t *testing.T) *Structure {
	t.Helper()
	rows := []string{
		"ATOM      1  N   GLY A   1       0.000   0.000   0.000  1.00 10.00           N",
		"ATOM      2  CA  GLY A   1       1.458   0.000   0.000  1.00 10.00           C",
		"HETATM    3 SE   MSE A   1A      3.500   1.000  -0.0001 1.00 12.25          SE",
		"ATOM      4  CA AALA A   7       5.000   2.000   0.000  0.40 10.00           C",
		"ATOM      5  CA BALA A   7       5.100   2.000   0.000  0.60 10.00           C",
		"TER",
		"ATOM      6  CA  GLY B  11      -1.000  10.000  99.999  1.00 10.00           C",
		"HETATM    7  CA  XYZ B  12      -2.000  10.000  99.999  1.00 10.00           C",
		"TER",
		"ATOM      8  C1'  DA C   1       7.000  20.000   0.000  1.00 10.00           C",
		"ATOM      9  O5'  DG C   2       8.000  20.000   0.000  1.00 10.00           O",
		"TER",
		"ATOM     10  C1'   U D   1       9.000  30.000   0.000  1.00 10.00           C",
		"TER",
		"HETATM   11 ZN    ZN A 301      10.000   3.000   3.000  1.00 20.00          ZN2+",
		"HETATM   12  O   HOH A 401      15.000   5.000   5.000  1.00 30.00           O",
		"HETATM   13  O   HOH A 402      16.000   5.000   5.000  1.00 30.00           O",
		"HETATM   14  O   HOH B 401      17.000   5.000   5.000  1.00 30.00           O",
		"END",
	}
	s := mustRead(t, strings.Replace(strings.Join(rows, "\n"), "  -0.0001 ", "  -0.000  ", 1))
	s.Models[0][8] = -.0004 // is written without a sign
	return s
}

// written are the files that other programs must accept, with their models.
func written(t *testing.T) map[string]*Structure {
	all := map[string]*Structure{"mixed": mixed(t)}
	ensemble := entry(t, "2sdf")
	for name, sel := range map[string]Selection{"2sdf": {Models: []int{1, 30}}, "ca": {Names: []string{"CA"}, Models: []int{1, 2, 3}}} {
		part, err := ensemble.Select(sel)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = part
	}
	nameless := *all["2sdf"]
	nameless.Atoms = append([]Atom(nil), nameless.Atoms...)
	for i := range nameless.Atoms {
		nameless.Atoms[i].Chain = ""
	}
	all["nameless"] = &nameless
	return all
}

var testMeta = Meta{
	Entry: "design β 1", Title: "it's \"quoted\"; β-sheet", Version: "1.2.3", Seed: "18446744073709551615", Sample: 17, SourceID: "PDB 2SDF",
	Settings: map[string]any{
		"steps": 400.0, "preset": "pxdesign", "eta": map[string]any{"kind": "piecewise", "to": 2.5}, "odd name": []any{1.0, "ö", "a\nb"},
		"conformers": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	},
}

func writeAll(t *testing.T) map[string]string {
	files := map[string]string{}
	for name, s := range written(t) {
		var b bytes.Buffer
		if err := WriteCIF(&b, s, testMeta); err != nil {
			t.Fatal(err)
		}
		files[name] = filepath.Join(t.TempDir(), name+".cif")
		if err := os.WriteFile(files[name], b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func TestCifValidateHasNoComplaint(t *testing.T) {
	_, err := exec.LookPath("cif-validate")
	need(t, err, "cif-validate", "cif-tools, libcifpp-data")
	validate := func(file string) (string, error) {
		out, err := exec.Command("cif-validate", "--verbose", "--validate-links", file).CombinedOutput()
		var lines []string
		for _, line := range strings.Split(string(out), "\n") {
			if line != "" && !strings.HasPrefix(line, "CPU usage") {
				lines = append(lines, line)
			}
		}
		return strings.Join(lines, "\n"), err
	}
	files := writeAll(t)
	for name, file := range files {
		if out, err := validate(file); err != nil || out != "" {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	// It does see mistakes: a category of one's own, and an entity that is not there.
	text, err := os.ReadFile(files["ca"])
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{string(text) + "_runlua.seed 1\n", strings.Replace(string(text), "_entity.type\n1 polymer", "_entity.type\n2 polymer", 1)} {
		file := filepath.Join(t.TempDir(), "bad.cif")
		if err := os.WriteFile(file, []byte(bad), 0o666); err != nil {
			t.Fatal(err)
		}
		if out, err := validate(file); err == nil && out == "" {
			t.Error("it accepts a file that is wrong")
		}
	}
}

// other programs print the structure that they read as JSON.
const (
	gemmiProgram = `
import gemmi, json, sys
s = gemmi.read_structure(sys.argv[1])
s.setup_entities()
block = gemmi.cif.read(sys.argv[1]).sole_block()
atoms = [[m.name, c.name, str(r.seqid), r.name, a.name, a.element.name.upper(), a.occ, a.b_iso, a.charge, [a.pos.x, a.pos.y, a.pos.z]] for m in s for c in m for r in c for a in r]
print(json.dumps({"atoms": atoms, "models": len(s), "method": gemmi.cif.as_string(block.find_value("_audit.creation_method")), "title": gemmi.cif.as_string(block.find_value("_struct.title")),
  "sequences": [[e.name, e.full_sequence, str(e.polymer_type)] for e in s.entities if e.entity_type == gemmi.EntityType.Polymer]}))
`
	bioProgram = `
import json, sys, warnings
warnings.simplefilter("error")
warnings.filterwarnings("ignore", message=".*discontinuous") # water after other chains, as in the files of the PDB
from Bio.PDB import MMCIFParser
s = MMCIFParser().get_structure("x", sys.argv[1])
atoms = [[str(m.serial_num), c.id, (str(r.id[1]) + r.id[2]).strip(), r.get_resname(), a.get_name(), a.element, a.get_occupancy(), a.get_bfactor(), 0, [float(x) for x in a.coord]] for m in s for c in m for r in c for a in r]
print(json.dumps({"atoms": atoms, "models": len(s)}))
`
)

type answer struct {
	Atoms         [][]any
	Models        int
	Method, Title string
	Sequences     [][]any
}

func ask(t *testing.T, program, file string) *answer {
	t.Helper()
	cmd := exec.Command("/usr/bin/python3", "-c", program, file)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", file, err, stderr.String())
	}
	var a answer
	if err := json.Unmarshal(out, &a); err != nil {
		t.Fatal(err)
	}
	return &a
}

// compare compares what a program read with a structure, atom by atom by name.
// Programs gather atoms by chain, so that their order is not the file's.
func compare(t *testing.T, name string, s *Structure, got *answer, charges bool) {
	t.Helper()
	if got.Models != len(s.Models) || len(got.Atoms) != len(s.Models)*len(s.Atoms) {
		t.Errorf("%s: %d atoms in %d models were read of %d in %d", name, len(got.Atoms), got.Models, len(s.Models)*len(s.Atoms), len(s.Models))
		return
	}
	at := map[string][]any{}
	for _, a := range got.Atoms {
		at[fmt.Sprint(a[:5])] = a[5:]
	}
	for m, x := range s.Models {
		for i := range s.Atoms {
			a := &s.Atoms[i]
			chain := a.Chain
			if chain == "" {
				chain = "A"
			}
			key := fmt.Sprint([]any{fmt.Sprint(m + 1), chain, fmt.Sprintf("%d%s", a.ResSeq, a.InsCode), a.ResName, a.Name})
			rest, ok := at[key]
			if !ok {
				t.Errorf("%s: atom %s was not read", name, key)
				return
			}
			charge := 0.0
			if a.Charge == "2+" && charges {
				charge = 2
			}
			if rest[0] != a.Element || math.Abs(rest[1].(float64)-a.Occupancy) > .005001 || math.Abs(rest[2].(float64)-a.B) > .005001 || charges && rest[3] != charge {
				t.Errorf("%s: %s was read as %v of %+v", name, key, rest, a)
			}
			for k, v := range rest[4].([]any) {
				// Half of the last decimal written, and Biopython's single precision.
				if math.Abs(v.(float64)-x[3*i+k]) > .0005+1e-5 {
					t.Errorf("%s: %s lies at %v, not %v", name, key, rest[4], x[3*i:3*i+3])
				}
			}
		}
	}
}

func TestGemmiReadsBackWhatWasWritten(t *testing.T) {
	need(t, exec.Command("/usr/bin/python3", "-c", "import gemmi").Run(), "gemmi for Python", "python3-gemmi")
	files, all := writeAll(t), written(t)
	for name, file := range files {
		got := ask(t, gemmiProgram, file)
		compare(t, name, all[name], got, true)
		for _, line := range []string{`program = "runlua 1.2.3"`, `entry = "design \u03b2 1"`, `seed = "18446744073709551615"`, `sample = 17`, `source = "PDB 2SDF"`,
			`settings.eta.kind = "piecewise"`, `settings.eta.to = 2.5`, `settings["odd name"] = [1,"\u00f6","a\nb"]`, `settings.steps = 400`} {
			if !strings.Contains("\n"+got.Method+"\n", "\n"+line+"\n") {
				t.Errorf("%s: the line %q is not in\n%s", name, line, got.Method)
			}
		}
		if got.Title != `it's "quoted"; \u03b2-sheet` {
			t.Errorf("%s: title %q", name, got.Title)
		}
		if name == "mixed" {
			want := `[[1 [GLY MSE ALA] PolymerType.PeptideL] [2 [GLY XYZ] PolymerType.PeptideL] [3 [DA DG] PolymerType.Dna] [4 [U] PolymerType.Rna]]`
			if fmt.Sprint(got.Sequences) != want {
				t.Errorf("sequences %v, want %s", got.Sequences, want)
			}
		}
	}
}

func TestBiopythonReadsBackWhatWasWritten(t *testing.T) {
	need(t, exec.Command("/usr/bin/python3", "-c", "import Bio.PDB").Run(), "Biopython", "python3-biopython")
	files, all := writeAll(t), written(t)
	for name, file := range files {
		compare(t, name, all[name], ask(t, bioProgram, file), false)
	}
}

// gemmi's own reader of PDB files is the other opinion on ours.
func TestPDBFilesAreReadAsGemmiReadsThem(t *testing.T) {
	need(t, exec.Command("/usr/bin/python3", "-c", "import gemmi").Run(), "gemmi for Python", "python3-gemmi")
	const program = `
import gemmi, json, sys
s = gemmi.read_structure(sys.argv[1])
atoms = [[m.name, c.name, str(r.seqid), r.name, a.name, a.element.name.upper(), a.occ, a.b_iso, a.charge, [a.pos.x, a.pos.y, a.pos.z]] for m in s for c in m for r in c for a in r]
print(json.dumps({"atoms": atoms, "models": len(s)}))
`
	for _, id := range []string{"1adz", "1s40"} {
		compare(t, id, entry(t, id), ask(t, program, "/usr/share/doc/theseus/examples/"+id+".pdb.gz"), true)
	}
}

// The superposition and its RMSD are Biopython's and gemmi's.
func TestSuperpositionIsThatOfOthers(t *testing.T) {
	need(t, exec.Command("/usr/bin/python3", "-c", "import Bio.SVDSuperimposer, gemmi").Run(), "Biopython and gemmi", "python3-biopython, python3-gemmi")
	models := entry(t, "2sdf").Models[:4]
	text, err := json.Marshal(models)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/usr/bin/python3", "-c", `
import json, sys, numpy as np
from Bio.SVDSuperimposer import SVDSuperimposer
import gemmi
m = [np.array(x).reshape(-1, 3) for x in json.load(sys.stdin)]
out = []
for x in m[1:]:
    s = SVDSuperimposer(); s.set(m[0], x); s.run()
    rot, tran = s.get_rotran()
    sup = gemmi.superpose_positions([gemmi.Position(*p) for p in m[0]], [gemmi.Position(*p) for p in x])
    out.append([s.get_rms(), sup.rmsd] + list(rot.T.flatten()) + list(tran))
print(json.dumps(out))
`)
	cmd.Stdin = bytes.NewReader(text)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var theirs [][]float64
	if err := json.Unmarshal(out, &theirs); err != nil {
		t.Fatal(err)
	}
	for i, want := range theirs {
		rot, trans, rmsd := Superpose(models[i+1], models[0], nil)
		got := append(append([]float64{rmsd, rmsd}, rot[:]...), trans[:]...)
		for k := range want {
			// Both work in double precision on numbers below 50; gemmi finds the RMSD
			// from a difference of sums.
			if math.Abs(got[k]-want[k]) > 1e-9 {
				t.Errorf("model %d, number %d: %.15g, want %.15g", i+2, k, got[k], want[k])
			}
		}
	}
}
