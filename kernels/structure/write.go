package structure

import (
	"fmt"
	"io"
	"math"
	"strconv"
)

// Meta is what a file says of where its coordinates come from.
type Meta struct {
	Entry    string // name of the entry and the data block; "" is that of the structure
	Title    string // "" is that of the structure
	Software string // "" is runlua
	Version  string
	Seed     string         // "" leaves seed and sample out
	Sample   int64          // index of the sample
	Settings map[string]any // plain data: strings, numbers, booleans, lists, maps
	SourceID string         // PDB id of the structure that the sampler was given
}

// WriteCIF writes a structure with all its models as mmCIF. The same structure
// and meta give the same bytes. A coordinate that is not finite is an error; then
// nothing has been written.
func WriteCIF(w io.Writer, s *Structure, meta Meta) error {
	if len(s.Models) == 0 {
		return fmt.Errorf("structure: a file must have a model, got none")
	}
	return NewTemplate(s).Write(w, meta, s.Models...)
}

// A Template is what files of the same atoms share: made once, it writes any
// number of them, by several goroutines at once too.
type Template struct {
	source *Structure
	atoms  int
	middle []byte // categories between the head and _atom_site
	before []byte // of each atom's line what stands before the coordinates
	after  []byte // and after them
	starts []int  // in before, 2·atoms + 1 numbers by turns with after
}

// NewTemplate prepares the atoms of a structure for writing. It panics if there
// are none.
func NewTemplate(s *Structure) *Template {
	if len(s.Atoms) == 0 {
		panic("structure: no atoms")
	}
	t := &Template{source: s, atoms: len(s.Atoms)}
	l := newLabels(s)
	t.middle = l.categories()
	for i := range s.Atoms {
		a := &s.Atoms[i]
		t.starts = append(t.starts, len(t.before), len(t.after))
		b := append(t.before, ' ')
		for _, v := range []string{a.Element, a.Name} {
			b = append(appendValue(b, v, '?'), ' ')
		}
		b = append(b, ". "...) // one location was taken: it is no alternate any more
		b = append(appendValue(b, a.ResName, '?'), ' ')
		b = append(appendValue(b, l.chain[i], '.'), ' ')
		b = append(strconv.AppendInt(b, int64(l.entity[i]), 10), ' ')
		if l.number[i] > 0 {
			b = strconv.AppendInt(b, int64(l.number[i]), 10)
		} else {
			b = append(b, '.')
		}
		t.before = append(appendValue(append(b, ' '), a.InsCode, '?'), ' ')

		b = append(t.after, ' ')
		b = append(appendFixed(b, a.Occupancy, 2), ' ')
		b = append(appendFixed(b, a.B, 2), ' ')
		b = append(appendCharge(b, a.Charge), ' ')
		b = append(strconv.AppendInt(b, int64(a.ResSeq), 10), ' ')
		b = append(appendValue(b, a.ResName, '?'), ' ')
		b = append(appendValue(b, l.author[i], '.'), ' ')
		t.after = append(appendValue(b, a.Name, '?'), ' ')
	}
	t.starts = append(t.starts, len(t.before), len(t.after))
	return t
}

// Write writes one file with the given models of the template's atoms.
func (t *Template) Write(w io.Writer, meta Meta, models ...[]float64) error {
	for m, x := range models {
		if len(x) != 3*t.atoms {
			return fmt.Errorf("structure: a model must have %d coordinates, got %d in model %d", 3*t.atoms, len(x), m+1)
		}
		for i, v := range x {
			if math.IsNaN(v) || math.Abs(v) >= 1e7 {
				return fmt.Errorf("structure: coordinates must be finite and below 1e7 Å, got %g for %c of atom %d (%s) in model %d", v, 'x'+i%3, i/3+1, &t.source.Atoms[i/3], m+1)
			}
		}
	}
	b, err := t.head(meta)
	if err != nil {
		return err
	}
	b = append(b, t.middle...)
	b = append(b, siteLoop...)
	const chunk = 1 << 16
	serial := int64(0)
	for m, x := range models {
		for i := range t.atoms {
			serial++
			b = append(b, t.source.Atoms[i].record()...)
			b = strconv.AppendInt(b, serial, 10)
			b = append(b, t.before[t.starts[2*i]:t.starts[2*i+2]]...)
			b = append(appendFixed(b, x[3*i], 3), ' ')
			b = append(appendFixed(b, x[3*i+1], 3), ' ')
			b = appendFixed(b, x[3*i+2], 3)
			b = append(b, t.after[t.starts[2*i+1]:t.starts[2*i+3]]...)
			b = append(strconv.AppendInt(b, int64(m+1), 10), '\n')
			if len(b) >= chunk {
				if _, err := w.Write(b); err != nil {
					return fmt.Errorf("structure: %w", err)
				}
				b = b[:0]
			}
		}
	}
	b = append(b, "#\n"...)
	if _, err := w.Write(b); err != nil {
		return fmt.Errorf("structure: %w", err)
	}
	return nil
}

func (a *Atom) record() string {
	if a.Record == "HETATM" {
		return "HETATM "
	}
	return "ATOM "
}

// siteLoop are the items of an atom's line, in its order.
const siteLoop = `loop_
_atom_site.group_PDB
_atom_site.id
_atom_site.type_symbol
_atom_site.label_atom_id
_atom_site.label_alt_id
_atom_site.label_comp_id
_atom_site.label_asym_id
_atom_site.label_entity_id
_atom_site.label_seq_id
_atom_site.pdbx_PDB_ins_code
_atom_site.Cartn_x
_atom_site.Cartn_y
_atom_site.Cartn_z
_atom_site.occupancy
_atom_site.B_iso_or_equiv
_atom_site.pdbx_formal_charge
_atom_site.auth_seq_id
_atom_site.auth_comp_id
_atom_site.auth_asym_id
_atom_site.auth_atom_id
_atom_site.pdbx_PDB_model_num
`

// appendFixed appends a number with so many decimals; what rounds to 0 has no
// sign.
func appendFixed(b []byte, x float64, decimals int) []byte {
	start := len(b)
	b = strconv.AppendFloat(b, x, 'f', decimals, 64)
	if b[start] != '-' {
		return b
	}
	for _, c := range b[start+1:] {
		if c != '0' && c != '.' {
			return b
		}
	}
	return append(b[:start], b[start+1:]...)
}

// appendCharge appends a formal charge as the whole number that mmCIF has, from
// that or from the 1+ of PDB.
func appendCharge(b []byte, charge string) []byte {
	if n := len(charge); n > 1 && (charge[n-1] == '+' || charge[n-1] == '-') {
		charge = charge[n-1:] + charge[:n-1]
	}
	q, ok := parseInt([]byte(charge))
	if !ok {
		return append(b, '?')
	}
	return strconv.AppendInt(b, int64(q), 10)
}
