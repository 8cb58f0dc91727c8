package structure

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestNumbersHaveThreeDecimalsAndNoNegativeZero(t *testing.T) {
	for x, want := range map[float64]string{-0.0004: "0.000", 0.0005001: "0.001", -0.0006: "-0.001", 12.3456: "12.346", -9999.9999: "-10000.000", math.Copysign(0, -1): "0.000"} {
		if got := string(appendFixed(nil, x, 3)); got != want {
			t.Errorf("%g is written as %s, want %s", x, got, want)
		}
	}
	if got := string(appendFixed([]byte("-"), -0.001, 2)); got != "-0.00" {
		t.Errorf("after other text: %s", got)
	}
}

func TestValuesAreQuotedSoThatTheyComeBack(t *testing.T) {
	for _, v := range []string{"", "CA", "O5'", "?", ".", "a b", "it's", "it's so", "say \"x\" ", "a' b\" c", "_tag", "#x", "data_1", "LOOP_", "$f", "[x]", ";semi", "two\nlines", "text\n;inside", "loop_x", "-1", "'", "\"", "a'b'\" 'c\" d"} {
		b := append(appendValue([]byte("data_x\n_a.b "), v, '?'), "\n_c.d end\n"...)
		z := newTokenizer(b)
		var tokens []token
		for {
			tok, err := z.next()
			if err != nil {
				t.Fatalf("%q as %s: %v", v, b, err)
			}
			if tok.kind == endToken {
				break
			}
			tokens = append(tokens, tok)
		}
		want := strings.ReplaceAll(v, "\n;", "\n ;")
		if len(tokens) != 5 || tokens[2].value() != want || (v == "") != tokens[2].missing() {
			t.Errorf("%q is written as %s", v, b)
		}
	}
}

func TestAFileThatCanNotBeWrittenIsRefused(t *testing.T) {
	s := mustRead(t, siteItems+"1 CA ALA A 5 B . 1 1 2 3 1\n")
	for _, c := range []struct {
		models [][]float64
		meta   Meta
		want   string
	}{
		{[][]float64{{1, 2, 3}, {1, math.NaN(), 3}}, Meta{}, "coordinates must be finite and below 1e7 Å, got NaN for y of atom 1 (CA of ALA 5B in chain A) in model 2"},
		{[][]float64{{1, 2, math.Inf(-1)}}, Meta{}, "got -Inf for z of atom 1"},
		{[][]float64{{1, 2}}, Meta{}, "a model must have 3 coordinates, got 2 in model 1"},
		{nil, Meta{}, "a file must have a model, got none"},
		{s.Models, Meta{Settings: map[string]any{"a": map[string]any{"b": math.NaN()}}}, "settings must be plain data"},
		{s.Models, Meta{Settings: map[string]any{"long": strings.Repeat("x", 3000)}}, "got 3018 for settings.long"},
	} {
		var b bytes.Buffer
		err := WriteCIF(&b, &Structure{Atoms: s.Atoms, Models: c.models}, c.meta)
		if err == nil || !strings.Contains(err.Error(), c.want) || b.Len() > 0 {
			t.Errorf("got %v after %d bytes, want %s", err, b.Len(), c.want)
		}
	}
	if err := WriteCIF(full{}, s, Meta{}); !errors.Is(err, errFull) {
		t.Errorf("a full disk is %v", err)
	}
}

var errFull = errors.New("no space")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestLabelsAreMadeFromWhatIsWritten(t *testing.T) {
	// Two copies of a chain and a third without its first residue: two entities. The
	// numbers that the sequence has are the residues', whatever the author's are.
	var rows strings.Builder
	rows.WriteString(siteItems)
	for _, chain := range []string{"A", "B", "C"} {
		for i := range 3 {
			if chain != "C" || i > 0 {
				rows.WriteString("1 CA " + []string{"ALA", "GLY", "TRP"}[i] + " " + chain + " " + strconv.Itoa(10+5*i) + " ? . 1 1 2 3 1\n")
			}
		}
	}
	s := mustRead(t, rows.String())
	var b bytes.Buffer
	if err := WriteCIF(&b, s, Meta{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"\n1 polypeptide(L) no no AGW AGW A,B\n2 polypeptide(L) no no GW GW C\n", "\nA 1\nB 1\nC 2\n", "\n2 1 GLY n\n2 2 TRP n\n#",
		"\nATOM 8 C CA . TRP C 2 2 ? 1.000 2.000 3.000 1.00 0.00 ? 20 TRP C CA 1\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
	for n, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 27: "BA", 26 + 26*26: "AAA"} {
		if got := chainName(n); got != want {
			t.Errorf("chain %d is called %s, want %s", n, got, want)
		}
	}
}

// What is written is read back: names and numbers by the author, though the
// labels beside them are others, and every coordinate in its column.
func TestChainsAreTheAuthorsAndComeBack(t *testing.T) {
	s := mustRead(t, strings.Replace(siteItems, "_atom_site.id\n", "_atom_site.label_asym_id\n", 1)+
		"A CA ALA H 5 B . 1 1 2 3 1\nA CA GLY H 6 ? . .5 4 5 6 1\nB CA GLY L 6 ? . 1 7 8 9 1\n")
	if s.Atoms[0].Chain != "H" || s.Atoms[0].LabelChain != "A" || s.Atoms[2].Chain != "L" {
		t.Errorf("chains %+v", s.Atoms)
	}
	var b bytes.Buffer
	if err := WriteCIF(&b, s, Meta{}); err != nil {
		t.Fatal(err)
	}
	back := mustRead(t, b.String())
	for i, want := range s.Atoms {
		got := back.Atoms[i]
		if got.Chain != want.Chain || got.ResSeq != want.ResSeq || got.InsCode != want.InsCode ||
			got.ResName != want.ResName || got.Name != want.Name || got.Occupancy != want.Occupancy {
			t.Errorf("atom %d came back as %+v, was %+v", i+1, got, want)
		}
	}
	if !slices.Equal(back.Models[0], s.Models[0]) {
		t.Errorf("coordinates %v came back as %v", s.Models[0], back.Models[0])
	}
}

func TestATemplateWritesWhatWriteCIFDoes(t *testing.T) {
	s := mustRead(t, siteItems+"1 CA ALA A 5 B . 1 1 2 3 1\n2 CA ALA A 6 B . 1 4 5 6 1\n")
	var one, two bytes.Buffer
	template := NewTemplate(s)
	if err := template.Write(&bytes.Buffer{}, Meta{Entry: "other"}, []float64{9, 9, 9, 9, 9, 9}); err != nil {
		t.Fatal(err)
	}
	if err := template.Write(&one, testMeta, s.Models...); err != nil {
		t.Fatal(err)
	}
	if err := WriteCIF(&two, s, testMeta); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Errorf("%s\nand\n%s", one.Bytes(), two.Bytes())
	}
}
