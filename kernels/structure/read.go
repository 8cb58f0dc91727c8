package structure

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// Read reads a file of coordinates, mmCIF or PDB, told apart by its content. name
// stands in errors. A file without atoms, with a coordinate that is missing or no
// number, with models of different atoms, or cut off, is an error.
func Read(r io.Reader, name string) (*Structure, error) {
	return ReadSelection(r, name, Selection{})
}

// ReadSelection is Read of a part of the file. What is not selected need not be in
// order: models that differ in other atoms, or atoms without a place, do not matter.
func ReadSelection(r io.Reader, name string, sel Selection) (*Structure, error) {
	if err := sel.Check(); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("structure: %s: %w", name, err)
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) // a byte order mark, as some editors put before UTF-8
	b := newBuilder(sel)
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		err = fmt.Errorf("is empty")
	case bytes.HasPrefix(text, []byte{0x1f, 0x8b}):
		err = fmt.Errorf("is compressed: gunzip it first")
	case bytes.IndexByte(text, 0) >= 0:
		err = fmt.Errorf("is not text: mmCIF and PDB are read")
	case looksLikeCIF(text):
		err = readCIF(text, b)
	default:
		err = readPDB(text, b)
	}
	var s *Structure
	if err == nil {
		s, err = b.finish()
	}
	if err != nil {
		return nil, fmt.Errorf("structure: %s: %w", name, err)
	}
	return s, nil
}

// looksLikeCIF tells whether the first word of a file, after comments, is one that
// only a CIF begins with.
func looksLikeCIF(text []byte) bool {
	z := newTokenizer(text)
	z.skip()
	rest := z.text[z.at:]
	return hasPrefixFold(rest, "data_") || hasPrefixFold(rest, "loop_") || len(rest) > 0 && rest[0] == '_'
}

// A record is one line of atoms as it was read.
type record struct {
	Atom
	place [3]float64
	line  int
}

// A builder collects the records of a file, model by model.
type builder struct {
	id, title string
	warnings  []string
	sel       Selection
	seen      *census
	models    []*modelRecords
	words     map[string]string
}

// modelRecords are a model's records by residue.
type modelRecords struct {
	residues []residueRecords
	at       map[residueKey]int
	last     residueKey
}

type residueKey struct {
	chain, label string
	number       int
	insertion    string
}

type residueRecords []record

func newBuilder(sel Selection) *builder {
	return &builder{sel: sel, seen: newCensus(), words: map[string]string{}}
}

// word returns text as a string that is kept once.
func (b *builder) word(text []byte) string {
	if s, ok := b.words[string(text)]; ok {
		return s
	}
	s := string(text)
	b.words[s] = s
	return s
}

func (b *builder) warn(format string, a ...any) {
	b.warnings = append(b.warnings, fmt.Sprintf(format, a...))
}

// begin starts the next model.
func (b *builder) begin() {
	b.models = append(b.models, &modelRecords{at: map[residueKey]int{}})
}

// wants tells whether an atom of a model, counted from 0, is to be read.
func (b *builder) wants(model int, a *Atom) bool {
	b.seen.add(a)
	return b.sel.wantsModel(model) && b.sel.matches(a)
}

// add puts a record into a model, counted from 0.
func (b *builder) add(model int, r record) {
	m := b.models[model]
	key := residueKey{r.Chain, r.LabelChain, r.ResSeq, r.InsCode}
	at, known := m.at[key]
	// Numbers that come again further down are another residue's, as where a file
	// counts waters beyond 9999, unless they say to be an alternate of this one.
	if known && (key == m.last || r.AltLoc != "") {
		m.residues[at] = append(m.residues[at], r)
	} else {
		m.at[key] = len(m.residues)
		m.residues = append(m.residues, residueRecords{r})
	}
	m.last = key
}

// finish checks the models against each other and returns the structure.
func (b *builder) finish() (*Structure, error) {
	if b.seen.atoms == 0 {
		return nil, fmt.Errorf("must have atoms, got none")
	}
	s := &Structure{ID: b.id, Title: b.title}
	dropped := 0
	for i, m := range b.models {
		if !b.sel.wantsModel(i) {
			continue
		}
		records, n, err := m.resolve(i + 1)
		if err != nil {
			return nil, err
		}
		dropped += n
		if err := s.addModel(records, i+1); err != nil {
			return nil, err
		}
	}
	if len(s.Models) > 0 && b.sel.Polymer {
		// Whether a chain is a polymer may be known at the end of the file only.
		part, err := s.Select(Selection{Polymer: true})
		if err != nil {
			return nil, b.seen.empty(b.sel, len(b.models))
		}
		s = part
	}
	if err := b.sel.checkModels(len(b.models)); err != nil {
		return nil, err
	}
	if len(s.Models) == 0 || len(s.Atoms) == 0 {
		return nil, b.seen.empty(b.sel, len(b.models))
	}
	s.Warnings = append(b.warnings, s.doubts(b.sel, b.seen)...)
	if dropped > 0 {
		s.Warnings = append(s.Warnings, fmt.Sprintf("%d of %d alternate locations were left out: of each atom the one of highest occupancy is taken, of equals the first",
			dropped, dropped+len(s.Atoms)*len(s.Models)))
	}
	return s, nil
}

// addModel appends a model; its atoms must be those of the first.
func (s *Structure) addModel(records []record, number int) error {
	if s.Atoms == nil {
		s.Atoms = make([]Atom, len(records))
		for i := range records {
			s.Atoms[i] = records[i].Atom
		}
	}
	for i := range min(len(records), len(s.Atoms)) {
		a, b := &s.Atoms[i], &records[i]
		if a.Name != b.Name || !a.sameResidue(&b.Atom) {
			return fmt.Errorf("line %d: all models must have the same atoms in the same order, got %s as atom %d of model %d, where the first has %s",
				b.line, &b.Atom, i+1, number, a)
		}
	}
	if len(records) != len(s.Atoms) {
		what := "the file may be cut off"
		if len(records) > len(s.Atoms) {
			what = fmt.Sprintf("line %d is the first too many", records[len(s.Atoms)].line)
		}
		return fmt.Errorf("all models must have the same atoms, got %d in model %d and %d in the first (%s)", len(records), number, len(s.Atoms), what)
	}
	x := make([]float64, 0, 3*len(records))
	for i := range records {
		x = append(x, records[i].place[:]...)
	}
	s.Models = append(s.Models, x)
	return nil
}

// resolve takes one record of each atom and counts what it leaves out.
func (m *modelRecords) resolve(number int) (records []record, dropped int, err error) {
	for _, residue := range m.residues {
		name := residue.taken()
		first := len(records)
		for i := range residue {
			r := &residue[i]
			if r.ResName != name {
				dropped++
				continue
			}
			known := -1
			for j := first; j < len(records); j++ {
				if records[j].Name == r.Name {
					known = j
				}
			}
			if known < 0 {
				records = append(records, *r)
				continue
			}
			if records[known].AltLoc == r.AltLoc {
				return nil, 0, fmt.Errorf("line %d: an atom must stand once in a model, got %s of line %d again in model %d", r.line, &r.Atom, records[known].line, number)
			}
			dropped++
			if r.Occupancy > records[known].Occupancy {
				records[known] = *r
			}
		}
	}
	return records, dropped, nil
}

// taken is the name of the residue that is taken at a position: that of the first
// record of highest occupancy.
func (r residueRecords) taken() string {
	best := 0
	for i := range r {
		if r[i].Occupancy > r[best].Occupancy {
			best = i
		}
	}
	return r[best].ResName
}

// joined is a text of several lines as one, its blanks made single.
func joined(text string) string { return strings.Join(strings.Fields(text), " ") }
