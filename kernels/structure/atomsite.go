package structure

import (
	"fmt"
	"strings"
)

// A site says in which columns of _atom_site the items stand; −1 is nowhere.
type site struct {
	record, element, charge              int
	name, authName, residue, authResidue int
	alternate, insertion                 int
	chain, labelChain, entity            int
	number, labelNumber                  int
	place                                [3]int
	occupancy, b, model                  int
}

// newSite finds the columns and checks that those without which there is no atom
// are there.
func newSite(fields []string, line int) (*site, error) {
	at := func(name string) int { return column(fields, name) }
	s := &site{
		record: at("group_pdb"), element: at("type_symbol"), charge: at("pdbx_formal_charge"),
		name: at("label_atom_id"), authName: at("auth_atom_id"), residue: at("label_comp_id"), authResidue: at("auth_comp_id"),
		alternate: at("label_alt_id"), insertion: at("pdbx_pdb_ins_code"),
		chain: at("auth_asym_id"), labelChain: at("label_asym_id"), entity: at("label_entity_id"),
		number: at("auth_seq_id"), labelNumber: at("label_seq_id"),
		place:     [3]int{at("cartn_x"), at("cartn_y"), at("cartn_z")},
		occupancy: at("occupancy"), b: at("b_iso_or_equiv"), model: at("pdbx_pdb_model_num"),
	}
	for i, name := range [3]string{"Cartn_x", "Cartn_y", "Cartn_z"} {
		if s.place[i] < 0 {
			return nil, fmt.Errorf("line %d: _atom_site must have %s, got none", line, name)
		}
	}
	for _, need := range [][3]any{{"label_atom_id", s.name, s.authName}, {"label_comp_id", s.residue, s.authResidue}, {"auth_seq_id", s.number, s.labelNumber}} {
		if need[1].(int) < 0 && need[2].(int) < 0 {
			return nil, fmt.Errorf("line %d: _atom_site must have %s, got none", line, need[0])
		}
	}
	return s, nil
}

// text is the first of the columns that has a value in the row, "" if none has.
func (r *cifReader) text(row []token, columns ...int) string {
	for _, c := range columns {
		if c >= 0 && !row[c].missing() {
			return r.b.word(row[c].text)
		}
	}
	return ""
}

// number is a column that may be missing.
func (r *cifReader) number(row []token, column int, name string, missing float64) (float64, error) {
	if column < 0 || row[column].missing() {
		return missing, nil
	}
	x, ok := parseNumber(row[column].text)
	if !ok {
		return 0, fmt.Errorf("line %d: %s must be a number, got %q", row[column].line, name, row[column].text)
	}
	return x, nil
}

// atom gives one row to the builder.
func (r *cifReader) atom(s *site, row []token) error {
	line := row[0].line
	rec := record{line: line, Atom: Atom{
		Record: r.text(row, s.record), Name: r.text(row, s.name, s.authName), Element: symbol(r.text(row, s.element)),
		AltLoc: r.text(row, s.alternate), ResName: r.text(row, s.residue, s.authResidue),
		Chain: r.text(row, s.chain, s.labelChain), LabelChain: r.text(row, s.labelChain), InsCode: r.text(row, s.insertion),
		Entity: r.text(row, s.entity), Charge: r.text(row, s.charge),
	}}
	a := &rec.Atom
	if a.Record != "HETATM" {
		a.Record = "ATOM"
	}
	if a.Name == "" || a.ResName == "" {
		return fmt.Errorf("line %d: an atom must have a name and a residue name, got %q and %q", line, a.Name, a.ResName)
	}
	if a.Element == "" {
		a.Element = elementOf(a.Name, a.ResName)
	}
	var ok bool
	if t := r.text(row, s.labelNumber); t != "" {
		if a.LabelSeq, ok = parseInt([]byte(t)); !ok {
			return fmt.Errorf("line %d: label_seq_id must be a whole number, got %q", line, t)
		}
		a.Polymer = true // unless the entity says another thing
	} else if s.labelNumber < 0 {
		k := component(a.ResName).kind
		a.Polymer = k != other && k != water
	}
	switch t := r.text(row, s.number, s.labelNumber); {
	case t == "":
		return fmt.Errorf("line %d: auth_seq_id must be a whole number where label_seq_id is missing, got none", line)
	default:
		if a.ResSeq, ok = parseInt([]byte(t)); !ok {
			return fmt.Errorf("line %d: auth_seq_id must be a whole number, got %q", line, t)
		}
	}
	model := r.text(row, s.model)
	m, known := r.models[model]
	if !known {
		m = len(r.b.models)
		r.models[model] = m
		r.b.begin()
	}
	if !r.b.wants(m, a) {
		return nil
	}
	for i, name := range [3]string{"Cartn_x", "Cartn_y", "Cartn_z"} {
		v := &row[s.place[i]]
		if rec.place[i], ok = parseNumber(v.text); !ok {
			return fmt.Errorf("line %d: %s of %s must be a number, got %q", v.line, name, a, v.text)
		}
	}
	var err error
	if a.Occupancy, err = r.number(row, s.occupancy, "occupancy", 1); err != nil {
		return err
	}
	if a.B, err = r.number(row, s.b, "B_iso_or_equiv", 0); err != nil {
		return err
	}
	r.b.add(m, rec)
	return nil
}

// symbol is an element's symbol as files have it in upper case, "" if it is none.
func symbol(text string) string {
	if len(text) == 0 || len(text) > 2 || !isLetter(text[0]) || !isLetter(text[len(text)-1]) {
		return ""
	}
	return strings.ToUpper(text)
}

// elementOf guesses an element from the names of an atom and its residue where a
// file does not say it; it is "X" where they do not tell.
func elementOf(name, residue string) string {
	name = strings.ToUpper(strings.TrimLeft(name, "0123456789"))
	switch {
	case name == "":
		return "X"
	case name == residue && component(residue).kind == other && symbol(name) != "":
		return name // an ion is called as its residue
	case name == "SE":
		return name
	case strings.IndexByte("CNOSPHD", name[0]) >= 0:
		return name[:1]
	}
	return "X"
}
