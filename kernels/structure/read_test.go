package structure

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

func mustRead(t *testing.T, text string) *Structure {
	t.Helper()
	s, err := Read(strings.NewReader(text), "in")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const siteItems = "data_one\nloop_\n_atom_site.id\n_atom_site.label_atom_id\n_atom_site.label_comp_id\n_atom_site.auth_asym_id\n_atom_site.auth_seq_id\n_atom_site.pdbx_PDB_ins_code\n" +
	"_atom_site.label_alt_id\n_atom_site.occupancy\n_atom_site.Cartn_x\n_atom_site.Cartn_y\n_atom_site.Cartn_z\n_atom_site.pdbx_PDB_model_num\n"

func TestEveryKindOfCIFValueIsRead(t *testing.T) {
	s := mustRead(t, "# comment\r\ndata_block # and another\r\n_entry.id 'it''s #1'\r\n_struct.title\r\n;two\r\n lines; still\r\n;\r\n"+
		"_other.text\r\n;\r\n_atom_site.id 5\r\nloop_ 'x\r\n;\r\n"+
		"LOOP_ _Atom_Site.ID _atom_site.LABEL_ATOM_ID _atom_site.label_comp_id _atom_site.auth_asym_id _atom_site.auth_seq_id\r\n"+
		"_atom_site.Cartn_x _atom_site.Cartn_y _atom_site.Cartn_z _atom_site.occupancy _atom_site.type_symbol _atom_site.label_seq_id\r\n"+
		"1 \"O5'\" ADE '?' -3 1.5 -2.25e1 +3. . O . # a comment\r\n2 C1'\r\nADE \"A#b\" -3 1.234(5)\r\n0 0 0.5 c 1 loop_ _x.y 1 2 3\r\n")
	if s.ID != "it''s #1" || s.Title != "two lines; still" {
		t.Errorf("entry %q, title %q", s.ID, s.Title)
	}
	a := s.Atoms
	if len(a) != 2 || a[0].Name != "O5'" || a[0].Chain != "?" || a[1].Name != "C1'" || a[1].Chain != "A#b" || a[1].Element != "C" || a[0].ResSeq != -3 {
		t.Fatalf("atoms %+v", a)
	}
	if a[0].Occupancy != 1 || a[1].Occupancy != .5 || a[1].Polymer != true || a[0].Polymer {
		t.Errorf("occupancies or polymers %+v", a)
	}
	if want := []float64{1.5, -22.5, 3, 1.234, 0, 0}; !slices.Equal(s.Models[0], want) {
		t.Errorf("coordinates %v", s.Models[0])
	}
}

func TestAlternateLocationsAndInsertionCodes(t *testing.T) {
	s := mustRead(t, siteItems+`
1 N  ALA A 52 ? . 1.0 1 0 0 1
2 CA ALA A 52 ? A 0.4 2 0 0 1
3 CA ALA A 52 ? B 0.6 3 0 0 1
4 CB ALA A 52 ? A 0.5 4 0 0 1
5 CB ALA A 52 ? B 0.5 5 0 0 1
6 CA SER A 52 A A 0.3 6 0 0 1
7 CB SER A 52 A A 0.3 7 0 0 1
8 CA THR A 52 A B 0.7 8 0 0 1
`)
	var got []string
	for i, a := range s.Atoms {
		got = append(got, a.String()+" "+a.AltLoc, string(rune('0'+int(s.Models[0][3*i]))))
	}
	want := []string{"N of ALA 52 in chain A ", "1", "CA of ALA 52 in chain A B", "3", "CB of ALA 52 in chain A A", "4", "CA of THR 52A in chain A B", "8"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if len(s.Warnings) != 1 || !strings.HasPrefix(s.Warnings[0], "4 of 8 alternate locations were left out") {
		t.Errorf("warnings %q", s.Warnings)
	}
}

const pdbText = `HEADER    TEST                                    01-JAN-00   9XYZ
TITLE     A SMALL
TITLE    2 MOLECULE
NUMMDL    2
MODEL        1
ATOM      1  N   MET A  -1      11.104   6.134  -6.504  1.00  0.50           N
HETATM    2 SE   MSE A   0A     11.639   6.071  -5.147  1.00 99.99          SE
HETATM    3  X1  XYZ AA000       1.000   2.000   3.000
TER
HETATM    4 ZN    ZN A 301      -0.000   0.000   0.000  1.00  0.00          ZN2+
HETATM    5  O   HOH A 401       5.000   5.000   5.000  1.00  0.00
HETATM    6  O   HOH A 401       6.000   5.000   5.000  1.00  0.00
ENDMDL
`

func TestPDBColumnsAreRead(t *testing.T) {
	second := strings.Replace(pdbText[strings.Index(pdbText, "MODEL "):], "MODEL        1", "MODEL        2", 1)
	// The same water number again, as after 9999 waters, but not next to each other.
	text := strings.ReplaceAll(pdbText+second+"END\n", "HETATM    6  O   HOH A 401", "HETATM    6  O   HOH B 401")
	s := mustRead(t, text)
	if s.ID != "9XYZ" || s.Title != "A SMALL MOLECULE" || len(s.Models) != 2 || len(s.Warnings) != 0 {
		t.Errorf("%q %q, %d models, warnings %q", s.ID, s.Title, len(s.Models), s.Warnings)
	}
	for i, want := range []Atom{
		{Record: "ATOM", Name: "N", Element: "N", ResName: "MET", Chain: "A", ResSeq: -1, Polymer: true, Occupancy: 1, B: .5},
		{Record: "HETATM", Name: "SE", Element: "SE", ResName: "MSE", Chain: "A", ResSeq: 0, InsCode: "A", Polymer: true, Occupancy: 1, B: 99.99},
		{Record: "HETATM", Name: "X1", Element: "X", ResName: "XYZ", Chain: "A", ResSeq: 10000, Polymer: true, Occupancy: 1},
		{Record: "HETATM", Name: "ZN", Element: "ZN", ResName: "ZN", Chain: "A", ResSeq: 301, Occupancy: 1, Charge: "2+"},
		{Record: "HETATM", Name: "O", Element: "O", ResName: "HOH", Chain: "A", ResSeq: 401, Occupancy: 1},
	} {
		if s.Atoms[i] != want {
			t.Errorf("atom %d is %+v\nwant %+v", i, s.Atoms[i], want)
		}
	}
	if chains, letters := s.Sequence(); !slices.Equal(chains, []string{"A"}) || !slices.Equal(letters, []string{"MMX"}) {
		t.Errorf("sequences %q %q", chains, letters)
	}
}

// Numbers that fill their columns have no blank between them.
func TestPDBCoordinatesMayTouch(t *testing.T) {
	s := mustRead(t, "ATOM      1  CA  ALA A   1    -999.999-123.4561234.567  1.00100.25           C\n")
	if want := []float64{-999.999, -123.456, 1234.567}; !slices.Equal(s.Models[0], want) || s.Atoms[0].Occupancy != 1 || s.Atoms[0].B != 100.25 {
		t.Errorf("got %v of %+v, want %v", s.Models[0], s.Atoms[0], want)
	}
}

// Editors put a byte order mark before the text that they save. It is no part of
// the first record.
func TestByteOrderMarkHidesNoAtom(t *testing.T) {
	const mark = "\xef\xbb\xbf"
	pdb := "ATOM      1  CA  ALA A   1       1.000   2.000   3.000  1.00  0.00           C\n" +
		"ATOM      2  CA  GLY A   2       4.000   5.000   6.000  1.00  0.00           C\n"
	cif := siteItems + "1 CA ALA A 1 ? . 1 1 2 3 1\n2 CA GLY A 2 ? . 1 4 5 6 1\n"
	for _, text := range []string{pdb, cif} {
		if s := mustRead(t, mark+text); !slices.Equal(s.Models[0], []float64{1, 2, 3, 4, 5, 6}) {
			t.Errorf("coordinates %v after a byte order mark", s.Models[0])
		}
	}
	if _, err := Read(strings.NewReader(mark+"\n"), "in"); err == nil || err.Error() != "structure: in: is empty" {
		t.Errorf("error %v of a file that holds nothing else", err)
	}
}

// An ion of calcium is named as a Cα is, and a chain may be misspelt among others.
func TestSelectionsTellOfIonsAndMissingChains(t *testing.T) {
	const pdb = "ATOM      1  CA  ALA A   1       1.000   2.000   3.000  1.00  0.00           C\n" +
		"HETATM    2 CA    CA A 101       4.000   5.000   6.000  1.00  0.00          CA\n"
	ion := "1 of the 2 atoms named CA are calcium, no Cα: polymer = true leaves ions out"
	chain := "there is no chain B, there are A"
	for _, c := range []struct {
		sel  Selection
		want []string
	}{
		{Selection{}, nil},
		{Selection{Names: []string{"CA"}}, []string{ion}},
		{Selection{Names: []string{"CA"}, Polymer: true}, nil},
		{Selection{Names: []string{"CA"}, ResNames: []string{"CA"}}, nil},
		{Selection{Chains: []string{"A", "B"}}, []string{chain}},
	} {
		read, err := ReadSelection(strings.NewReader(pdb), "in", c.sel)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(read.Warnings, c.want) {
			t.Errorf("%+v read with warnings %q, want %q", c.sel, read.Warnings, c.want)
		}
		part, err := mustRead(t, pdb).Select(c.sel)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(part.Warnings, c.want) {
			t.Errorf("%+v selected with warnings %q, want %q", c.sel, part.Warnings, c.want)
		}
	}
}

func TestFramesWithoutMODELAreModels(t *testing.T) {
	frame := "ATOM      1  CA  ALA A   1       1.000   2.000   3.000\nEND\n"
	if s := mustRead(t, frame+strings.Replace(frame, "1.000", "7.000", 1)); len(s.Models) != 2 || s.Models[1][0] != 7 {
		t.Errorf("models %v", s.Models)
	}
}

func TestBadFilesAreNamedByLineRuleAndValue(t *testing.T) {
	row := "1 CA ALA A 1 ? . 1 1 2 3 1\n"
	atom := "ATOM      1  CA  ALA A   1       1.000   2.000   3.000  1.00  0.00           C\n"
	for _, c := range []struct{ text, want string }{
		{"", "in: is empty"},
		{" \n\n", "in: is empty"},
		{"\x1f\x8b\x08", "in: is compressed: gunzip it first"},
		{"a\x00b", "in: is not text"},
		{"hello\nworld\n", "must be mmCIF or PDB, got neither"},
		{"data_x\n_cell.length_a 3\n", `must have the category _atom_site, got none in data block "x"`},
		{"data_x\nloop_\n_atom_site_fract_x\n0.5\n", "got _atom_site_… of a small molecule"},
		{siteItems, "must have atoms, got none"},
		{strings.Replace(siteItems, "_atom_site.Cartn_y\n", "", 1), "line 2: _atom_site must have Cartn_y, got none"},
		{siteItems + "1 CA ALA A 1 ? . 1 1 ? 3 1\n", `line 15: Cartn_y of CA of ALA 1 in chain A must be a number, got "?"`},
		{siteItems + "1 CA ALA A 1 ? . 1 1 2 NaN 1\n", `line 15: Cartn_z of CA of ALA 1 in chain A must be a number, got "NaN"`},
		{siteItems + "1 CA ALA A 1 ? . 1 0x10 2 3 1\n", `must be a number, got "0x10"`},
		{siteItems + "1 CA ALA A one ? . 1 1 2 3 1\n", `line 15: auth_seq_id must be a whole number, got "one"`},
		{siteItems + "1 CA ALA A 1 ? . much 1 2 3 1\n", `line 15: occupancy must be a number, got "much"`},
		{siteItems + "1 . ALA A 1 ? . 1 1 2 3 1\n", `line 15: an atom must have a name and a residue name, got "" and "ALA"`},
		{siteItems + row + "2 CA ALA A 2 ? . 1 1 2", "line 16: a loop_ of 12 tags must have as many values in each row, got 10 in the last, which begins on line 16: the file may be cut off"},
		{siteItems + row + row, "line 16: an atom must stand once in a model, got CA of ALA 1 in chain A of line 15 again in model 1"},
		{siteItems + row + "2 CB ALA A 1 ? . 1 1 2 3 1\n1 CA ALA A 1 ? . 1 1 2 3 2\n", "all models must have the same atoms, got 1 in model 2 and 2 in the first (the file may be cut off)"},
		{siteItems + row + "1 CB ALA A 1 ? . 1 1 2 3 2\n", "line 16: all models must have the same atoms in the same order, got CB of ALA 1 in chain A as atom 1 of model 2, where the first has CA of ALA 1 in chain A"},
		{"data_x\n_a.b 'open\n", "line 2: a value that begins with ' must end with it on the same line"},
		{"data_x\n_a.b\n;open\ntext\n", "line 3: the text that begins here with ; must end"},
		{"data_x\n_a.b 1\n_A.B 2\n", "line 3: a tag must stand once in a data block, got _A.B of line 2 again"},
		{"data_x\n_a.b\n", "line 3: _a.b must have a value, got the end of the file"},
		{"data_x\n_a.b 1 2\n", `line 2: a value must follow a tag or stand in a loop_, got "2"`},
		{"data_x\nsave_y\n", "line 2: a file of coordinates has no save frames"},
		{"data_x\nloop_\n1 2\n", "line 2: loop_ must be followed by tags"},
		{atom[:50], "line 1: ATOM must have 54 columns or more, got 50: the file may be cut off"},
		{strings.Replace(atom, "   2.000", "   2.0x0", 1), `line 1: y of CA of ALA 1 in chain A in columns 39–46 must be a number, got "   2.0x0"`},
		{strings.Replace(atom, "   2.000", "        ", 1), `columns 39–46 must be a number, got "        "`},
		{strings.Replace(atom, "A   1 ", "A   ! ", 1), `line 1: the residue number in columns 23–26 must be whole, got "   !"`},
		{atom + atom, "line 2: an atom must stand once in a model"},
		{"MODEL        1\n" + atom, "line 1: a MODEL must end with ENDMDL"},
		{"MODEL        1\n" + atom + "MODEL        2\n", "line 3: MODEL must come after the ENDMDL of the one before, which began on line 1"},
		{atom + "MODEL        2\n", "line 2: MODEL must come before all atoms"},
		{"ENDMDL\n", "line 1: ENDMDL must follow a MODEL"},
		{"REMARK\nTER\nEND\n", "must be mmCIF or PDB"},
	} {
		_, err := Read(strings.NewReader(c.text), "in")
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "structure: in: ") {
			t.Errorf("%q:\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

func TestSelections(t *testing.T) {
	text := siteItems + `
1 N  ALA A 1 ? . 1 1 0 0 1
2 CA ALA A 1 ? . 1 2 0 0 1
3 CA GLY B 5 ? . 1 3 0 0 1
4 O  HOH C 9 ? . 1 4 0 0 1
1 N  ALA A 1 ? . 1 5 0 0 2
2 CA ALA A 1 ? . 1 6 0 0 2
3 CA GLY B 5 ? . 1 7 0 0 2
4 O  HOH C 9 ? . 1 8 0 0 2
`
	s := mustRead(t, text)
	for _, c := range []struct {
		sel  Selection
		want []float64 // x of the atoms, model by model
	}{
		{Selection{}, []float64{1, 2, 3, 4, 5, 6, 7, 8}},
		{Selection{Names: []string{"CA"}}, []float64{2, 3, 6, 7}},
		{Selection{Chains: []string{"A", "C"}, Models: []int{2}}, []float64{5, 6, 8}},
		{Selection{Residues: [][2]int{{2, 6}, {9, 9}}, Models: []int{1}}, []float64{3, 4}},
		{Selection{Polymer: true, Models: []int{1}}, []float64{1, 2, 3}},
		{Selection{ResNames: []string{"GLY"}}, []float64{3, 7}},
	} {
		selected, err := s.Select(c.sel)
		if err != nil {
			t.Fatal(err)
		}
		read, err := ReadSelection(strings.NewReader(text), "in", c.sel)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []*Structure{selected, read} {
			var got []float64
			for _, m := range s.Models {
				if len(m) != 3*len(s.Atoms) {
					t.Fatalf("%d coordinates of %d atoms", len(m), len(s.Atoms))
				}
				for i := 0; i < len(m); i += 3 {
					got = append(got, m[i])
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%+v: %v, want %v", c.sel, got, c.want)
			}
		}
	}
	for _, c := range []struct {
		sel  Selection
		want string
	}{
		{Selection{Chains: []string{"X"}}, "the selection must have atoms, got none; "},
		{Selection{Chains: []string{"X"}}, "there are chains A B C, residues 1 to 9, atoms CA N O, models 1 to 2"},
		{Selection{Models: []int{3}}, "models must be from 1 to 2, got 3"},
		{Selection{Models: []int{2, 1}}, "models must be ascending whole numbers from 1, got 1"},
		{Selection{Residues: [][2]int{{3, 2}}}, "residues must be ranges from a lower to a higher number, got 3 to 2"},
	} {
		_, err := s.Select(c.sel)
		_, err2 := ReadSelection(strings.NewReader(text), "in", c.sel)
		for _, err := range []error{err, err2} {
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%+v: %v, want %s", c.sel, err, c.want)
			}
		}
	}
	// What is not selected need not be the same in all models.
	if _, err := ReadSelection(strings.NewReader(text[:strings.LastIndex(text, "4 O")]), "in", Selection{Names: []string{"CA"}}); err != nil {
		t.Error(err)
	}
}

func TestHybrid36CountsOn(t *testing.T) {
	for text, want := range map[string]int{"9999": 9999, "-999": -999, "A000": 10000, "A001": 10001, "ZZZZ": 1223055, "a000": 1223056} {
		if got, ok := hybrid36([]byte(text)); !ok || got != want {
			t.Errorf("%s is %d, want %d", text, got, want)
		}
	}
	for _, text := range []string{"A-00", "a00A", "AAA"} {
		if got, ok := hybrid36([]byte(text)); ok {
			t.Errorf("%s is read as %d", text, got)
		}
	}
}

// FuzzRead: no file makes the reader panic, and what it reads can be written and
// read again with the same names and, to the decimals written, places.
func FuzzRead(f *testing.F) {
	f.Add([]byte(pdbText))
	f.Add([]byte(siteItems + "1 CA ALA A 1 ? . 1 1 2 3 1\n2 CA ALA A 1 A B .5 1 2 3 1\n"))
	f.Add([]byte("data_x\n_atom_site.label_atom_id 'O 5'\n_atom_site.label_comp_id \"a'b\"\n_atom_site.auth_seq_id -5\n_atom_site.Cartn_x 1\n_atom_site.Cartn_y -0.0001\n_atom_site.Cartn_z 3e3\n"))
	f.Add([]byte("ATOM  000000\x10\x10\x10\x100\x10\x10\x10\x10000000000 0000000 0000000 0000000"))
	f.Add([]byte("data_x\nloop_\n_entity.id\n_entity.type\n1 polymer\n_atom_site.label_atom_id\n;a\nb\n;\n"))
	f.Add([]byte("ATOM      1  CA  ALA A   1       1.000   2.000   3.000\nEND\nATOM      1  CA  ALA A   1       1.000   2.000   3.000\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := Read(bytes.NewReader(text), "in")
		if err != nil {
			return
		}
		var first, second bytes.Buffer
		if err := WriteCIF(&first, s, Meta{}); err != nil {
			return // a place beyond what the format has columns for
		}
		again, err := Read(bytes.NewReader(first.Bytes()), "out")
		if err != nil {
			t.Fatalf("%v\n%s", err, first.Bytes())
		}
		if len(again.Atoms) != len(s.Atoms) || len(again.Models) != len(s.Models) {
			t.Fatalf("%d atoms in %d models became %d in %d", len(s.Atoms), len(s.Models), len(again.Atoms), len(again.Models))
		}
		if err := WriteCIF(&second, again, Meta{}); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Fatalf("written, read and written again:\n%s\nbefore\n%s", second.Bytes(), first.Bytes())
		}
	})
}
