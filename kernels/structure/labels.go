package structure

import (
	"slices"
	"sort"
	"strconv"
	"strings"
)

// labels are the label_* items of a structure that is written, made from its
// residues: a chain for each polymer, each ligand and each author's chain of water;
// an entity for each sequence and each kind of ligand.
type labels struct {
	s        *Structure
	chain    []string // of each atom: label_asym_id
	author   []string // auth_asym_id; where the file read had none, label_asym_id
	entity   []int    // label_entity_id, from 1
	number   []int    // label_seq_id, 0 outside polymers
	chains   []*labelChain
	entities []*labelEntity
}

// A labelChain is one row of _struct_asym.
type labelChain struct {
	id, author string
	kind       string // of its entity
	residues   []int  // its residues' first atoms
	entity     int
}

// A labelEntity is one row of _entity.
type labelEntity struct {
	kind   string // polymer, non-polymer, water
	chains []*labelChain
	of     kind // of a polymer
}

func newLabels(s *Structure) *labels {
	n := len(s.Atoms)
	l := &labels{s: s, chain: make([]string, n), author: make([]string, n), entity: make([]int, n), number: make([]int, n)}
	starts := s.Residues()
	known := map[string]*labelChain{}
	of := make([]*labelChain, len(starts)-1)
	for r, i := range starts[:len(starts)-1] {
		a := &s.Atoms[i]
		kind, key := "non-polymer", strconv.Itoa(i)
		switch {
		case a.Polymer:
			kind, key = "polymer", "polymer "+a.Chain+" "+a.LabelChain
		case component(a.ResName).kind == water:
			kind, key = "water", "water "+a.Chain
		}
		c := known[key]
		if c == nil {
			c = &labelChain{author: a.Chain, kind: kind}
			known[key] = c
			l.chains = append(l.chains, c)
		}
		c.residues = append(c.residues, i)
		of[r] = c
	}
	l.name()
	l.group()
	for r, c := range of {
		for i := starts[r]; i < starts[r+1]; i++ {
			l.chain[i], l.author[i], l.entity[i] = c.id, c.author, c.entity
			if c.kind == "polymer" {
				at, _ := slices.BinarySearch(c.residues, starts[r])
				l.number[i] = at + 1
			}
		}
	}
	return l
}

// name gives polymers, and after them other chains, their author's name where it is
// free, else the next that is no author's.
func (l *labels) name() {
	used, taken := map[string]bool{}, map[string]bool{}
	for _, c := range l.chains {
		used[c.author] = true
	}
	next := 0
	free := func() string {
		for {
			id := chainName(next)
			next++
			if !used[id] {
				used[id] = true
				return id
			}
		}
	}
	if used[""] { // a PDB file without names of chains
		nameless := free()
		for _, c := range l.chains {
			if c.author == "" {
				c.author = nameless
			}
		}
	}
	for _, polymer := range []bool{true, false} {
		for _, c := range l.chains {
			if (c.kind == "polymer") == polymer && !taken[c.author] {
				c.id = c.author
				taken[c.id] = true
			}
		}
	}
	for _, c := range l.chains {
		if c.id == "" {
			c.id = free()
		}
	}
}

// chainName counts A, B, … Z, AA, BA, CA, … as the PDB does.
func chainName(n int) string {
	var b []byte
	for n++; n > 0; n = (n - 1) / 26 {
		b = append(b, byte('A'+(n-1)%26))
	}
	return string(b)
}

// group finds which chains are of one entity.
func (l *labels) group() {
	known := map[string]int{}
	for _, c := range l.chains {
		key := c.kind
		if c.kind != "water" {
			key += " " + strings.Join(l.names(c), " ")
		}
		at, ok := known[key]
		if !ok {
			at = len(l.entities)
			known[key] = at
			l.entities = append(l.entities, &labelEntity{kind: c.kind})
		}
		c.entity = at + 1
		e := l.entities[at]
		e.chains = append(e.chains, c)
	}
	for _, e := range l.entities {
		if e.kind != "polymer" {
			continue
		}
		var count [water + 1]int
		for _, name := range l.names(e.chains[0]) {
			count[component(name).kind]++
		}
		for _, k := range []kind{peptide, dna, rna} {
			if count[k] > count[e.of] || e.of == other && count[k] > 0 {
				e.of = k
			}
		}
	}
}

// names are the residues' names of a chain.
func (l *labels) names(c *labelChain) []string {
	out := make([]string, len(c.residues))
	for i, at := range c.residues {
		out[i] = l.s.Atoms[at].ResName
	}
	return out
}

// categories writes what files of these atoms share besides the atoms.
func (l *labels) categories() []byte {
	b := l.components(nil)
	b = append(b, "loop_\n_entity.id\n_entity.type\n"...)
	for i, e := range l.entities {
		b = appendRow(b, strconv.Itoa(i+1), e.kind)
	}
	b = append(b, "#\n"...)
	b = l.polymers(b)
	b = append(b, "loop_\n_struct_asym.id\n_struct_asym.entity_id\n"...)
	for _, c := range l.chains {
		b = appendRow(b, c.id, strconv.Itoa(c.entity))
	}
	b = append(b, "#\nloop_\n_atom_type.symbol\n"...)
	seen := map[string]bool{}
	for i := range l.s.Atoms {
		seen[l.s.Atoms[i].Element] = true
	}
	for _, symbol := range sorted(seen) {
		b = appendRow(b, symbol)
	}
	return append(b, "#\n"...)
}

// components writes _chem_comp.
func (l *labels) components(b []byte) []byte {
	b = append(b, "loop_\n_chem_comp.id\n_chem_comp.type\n_chem_comp.mon_nstd_flag\n_chem_comp.name\n"...)
	seen, within := map[string]bool{}, map[string]kind{}
	for _, e := range l.entities {
		for _, c := range e.chains {
			for _, name := range l.names(c) {
				seen[name] = true
				if e.kind == "polymer" {
					within[name] = e.of
				}
			}
		}
	}
	for _, name := range sorted(seen) {
		c := component(name)
		standard := "."
		switch of, polymer := within[name]; {
		case polymer && c.own:
			standard = "y"
		case polymer && of != other:
			standard = "n"
		}
		b = appendRow(b, name, c.linking(name, within[name]), standard, c.name)
	}
	return append(b, "#\n"...)
}

// polymers writes _entity_poly, _entity_poly_seq and _pdbx_poly_seq_scheme, if
// there is a polymer.
func (l *labels) polymers(b []byte) []byte {
	var poly, seq, scheme []byte
	for i, e := range l.entities {
		if e.kind != "polymer" {
			continue
		}
		id := strconv.Itoa(i + 1)
		var code, canonical strings.Builder
		modified := "no"
		for at, name := range l.names(e.chains[0]) {
			c := component(name)
			if c.own {
				code.WriteByte(c.letter)
			} else {
				code.WriteString("(" + name + ")")
				modified = "yes"
			}
			canonical.WriteByte(c.letter)
			seq = appendRow(seq, id, strconv.Itoa(at+1), name, "n")
		}
		var strands []string
		for _, c := range e.chains {
			strands = append(strands, c.author)
			for at, first := range c.residues {
				a := &l.s.Atoms[first]
				number := strconv.Itoa(a.ResSeq)
				insertion := a.InsCode
				if insertion == "" {
					insertion = "." // there is none, rather than none known
				}
				position := strconv.Itoa(at + 1)
				scheme = appendRow(scheme, c.id, id, position, a.ResName, position, number, number, a.ResName, a.ResName, c.author, insertion, "n")
			}
		}
		poly = appendRow(poly, id, e.of.polymerType(), "no", modified, folded(code.String()), folded(canonical.String()), strings.Join(strands, ","))
	}
	if poly == nil {
		return b
	}
	b = append(b, "loop_\n_entity_poly.entity_id\n_entity_poly.type\n_entity_poly.nstd_linkage\n_entity_poly.nstd_monomer\n"+
		"_entity_poly.pdbx_seq_one_letter_code\n_entity_poly.pdbx_seq_one_letter_code_can\n_entity_poly.pdbx_strand_id\n"...)
	b = append(append(b, poly...), "#\nloop_\n_entity_poly_seq.entity_id\n_entity_poly_seq.num\n_entity_poly_seq.mon_id\n_entity_poly_seq.hetero\n"...)
	b = append(append(b, seq...), "#\nloop_\n"...)
	for _, item := range []string{"asym_id", "entity_id", "seq_id", "mon_id", "ndb_seq_num", "pdb_seq_num", "auth_seq_num", "pdb_mon_id", "auth_mon_id", "pdb_strand_id", "pdb_ins_code", "hetero"} {
		b = append(b, "_pdbx_poly_seq_scheme."+item+"\n"...)
	}
	return append(append(b, scheme...), "#\n"...)
}

// appendRow appends a row of values; "." and "" are missing ones.
func appendRow(b []byte, values ...string) []byte {
	for i, v := range values {
		if i > 0 && b[len(b)-1] != '\n' {
			b = append(b, ' ')
		}
		switch v {
		case ".":
			b = append(b, '.')
		default:
			b = appendValue(b, v, '?')
		}
	}
	return append(b, '\n')
}

// folded breaks a long sequence into lines of 80 letters.
func folded(code string) string {
	const width = 80
	if len(code) <= width {
		return code
	}
	var b strings.Builder
	for ; len(code) > width; code = code[width:] {
		b.WriteString(code[:width] + "\n")
	}
	return b.String() + code
}

func sorted(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for v := range set {
		out = append(out, v)
	}
	sort.Strings(out)
	return out
}
