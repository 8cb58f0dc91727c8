package structure

import (
	"bytes"
	"fmt"
)

// A pdbReader follows a PDB file and gives its atoms to the builder.
type pdbReader struct {
	b     *builder
	open  bool // a model has begun
	named bool // by MODEL
	began int  // on this line
	ended map[string]bool
	last  string // chain of the atom before
	said  int    // NUMMDL
	other int    // records that no PDB file has
}

// readPDB reads the records MODEL, ATOM, HETATM, TER, ENDMDL, END, and of the
// head HEADER, TITLE and NUMMDL.
func readPDB(text []byte, b *builder) error {
	r := &pdbReader{b: b}
	for line := 1; len(text) > 0; line++ {
		i := bytes.IndexAny(text, "\r\n")
		row := text
		if i < 0 {
			text = nil
		} else {
			row = text[:i]
			if text[i] == '\r' && i+1 < len(text) && text[i+1] == '\n' {
				i++
			}
			text = text[i+1:]
		}
		if err := r.row(row, line); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
	if r.named {
		return fmt.Errorf("line %d: a MODEL must end with ENDMDL, got the end of the file, which may be cut off", r.began)
	}
	if b.seen.atoms == 0 && r.other > 0 {
		return fmt.Errorf("must be mmCIF or PDB, got neither a data_ block nor ATOM records")
	}
	if r.said > 0 && r.said != len(b.models) {
		b.warn("NUMMDL says %d models, the file has %d", r.said, len(b.models))
	}
	return nil
}

// columns are the columns from a to b of a row, counted from 1, without blanks
// around them.
func columns(row []byte, a, b int) []byte {
	if len(row) < a {
		return nil
	}
	return bytes.TrimSpace(row[a-1 : min(b, len(row))])
}

func (r *pdbReader) row(row []byte, line int) error {
	switch kind := string(columns(row, 1, 6)); kind {
	case "ATOM", "HETATM":
		return r.atom(row, kind, line)
	case "MODEL":
		if r.named {
			return fmt.Errorf("MODEL must come after the ENDMDL of the one before, which began on line %d", r.began)
		}
		if r.open {
			return fmt.Errorf("MODEL must come before all atoms, got it after atoms of no model")
		}
		r.begin(line)
		r.named = true
	case "ENDMDL":
		if !r.named {
			return fmt.Errorf("ENDMDL must follow a MODEL, got none before it")
		}
		r.open, r.named = false, false
	case "END":
		// Some programs put END, and no MODEL, between frames.
		if !r.named {
			r.open = false
		}
	case "TER":
		r.terminate()
	case "HEADER":
		r.b.id = string(columns(row, 63, 66))
	case "TITLE":
		r.b.title = joined(r.b.title + " " + string(columns(row, 11, 80)))
	case "NUMMDL":
		r.said, _ = parseInt(columns(row, 11, 14))
	default:
		r.other++
	}
	return nil
}

func (r *pdbReader) begin(line int) {
	r.b.begin()
	r.open, r.began, r.ended = true, line, map[string]bool{}
}

// terminate ends a chain: what came before in it is the polymer, whatever its
// residues are called.
func (r *pdbReader) terminate() {
	if !r.open || r.ended[r.last] {
		return
	}
	r.ended[r.last] = true
	m := r.b.models[len(r.b.models)-1]
	for i := len(m.residues) - 1; i >= 0 && m.residues[i][0].Chain == r.last; i-- {
		for j := range m.residues[i] {
			a := &m.residues[i][j].Atom
			a.Polymer = component(a.ResName).kind != water
		}
	}
}

// atom reads ATOM and HETATM.
func (r *pdbReader) atom(row []byte, kind string, line int) error {
	const shortest = 54 // the end of z
	if len(row) < shortest {
		return fmt.Errorf("%s must have %d columns or more, got %d: the file may be cut off", kind, shortest, len(row))
	}
	if !r.open {
		r.begin(line)
	}
	w := r.b.word
	rec := record{line: line, Atom: Atom{
		Record: w([]byte(kind)), Name: w(columns(row, 13, 16)), AltLoc: w(columns(row, 17, 17)),
		// Column 21 is blank in the format, and used by some for names of four letters.
		ResName: w(columns(row, 18, 21)), Chain: w(columns(row, 22, 22)), InsCode: w(columns(row, 27, 27)),
		Element: symbol(w(columns(row, 77, 78))), Charge: w(columns(row, 79, 80)),
	}}
	a := &rec.Atom
	if a.Name == "" || a.ResName == "" {
		return fmt.Errorf("an atom must have a name and a residue name, got %q and %q", a.Name, a.ResName)
	}
	var ok bool
	if a.ResSeq, ok = hybrid36(columns(row, 23, 26)); !ok {
		return fmt.Errorf("the residue number in columns 23–26 must be whole, got %q", row[22:26])
	}
	if a.Element == "" {
		a.Element = elementOfColumns(row[12:16], a)
	}
	k := component(a.ResName).kind
	a.Polymer = !r.ended[a.Chain] && k != water && (kind == "ATOM" || k != other)
	r.last = a.Chain
	if !r.b.wants(len(r.b.models)-1, a) {
		return nil
	}
	for i, name := range [3]string{"x", "y", "z"} {
		from := 31 + 8*i
		if rec.place[i], ok = parseNumber(columns(row, from, from+7)); !ok {
			return fmt.Errorf("%s of %s in columns %d–%d must be a number, got %q", name, a, from, from+7, row[from-1:from+7])
		}
	}
	a.Occupancy = 1
	if text := columns(row, 55, 60); len(text) > 0 {
		if a.Occupancy, ok = parseNumber(text); !ok {
			return fmt.Errorf("the occupancy of %s in columns 55–60 must be a number, got %q", a, text)
		}
	}
	if text := columns(row, 61, 66); len(text) > 0 {
		if a.B, ok = parseNumber(text); !ok {
			return fmt.Errorf("the B-factor of %s in columns 61–66 must be a number, got %q", a, text)
		}
	}
	r.b.add(len(r.b.models)-1, rec)
	return nil
}

// elementOfColumns tells the element from columns 13–16: names of elements of one
// letter begin in column 14, where they are not too long for it.
func elementOfColumns(name []byte, a *Atom) string {
	if isLetter(name[0]) && len(a.Name) < 4 && component(a.ResName).kind == other {
		if element := symbol(string(name[:2])); element != "" {
			return element
		}
	}
	return elementOf(a.Name, a.ResName)
}
