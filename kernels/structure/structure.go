package structure

import (
	"fmt"
	"strings"
)

// An Atom is what a file says of one atom besides its place. Fields that the file
// leaves open are "".
type Atom struct {
	Record     string // "ATOM" or "HETATM"
	Name       string // "CA"
	Element    string // "C", upper case
	AltLoc     string // the alternate location that was taken
	ResName    string // "ALA"
	Chain      string // by the author: auth_asym_id, column 22
	LabelChain string // label_asym_id
	ResSeq     int    // by the author: auth_seq_id, columns 23–26
	InsCode    string // insertion code, after ResSeq
	LabelSeq   int    // label_seq_id, position in the sequence; 0 if there is none
	Entity     string // label_entity_id
	Polymer    bool   // of a chain, not a ligand or water
	Occupancy  float64
	B          float64 // Å²
	Charge     string  // formal, "1+", as the file has it
}

// String names the atom for a message: CA of ALA 52A in chain A.
func (a *Atom) String() string {
	text := fmt.Sprintf("%s of %s %d%s", a.Name, a.ResName, a.ResSeq, a.InsCode)
	if a.Chain != "" {
		text += " in chain " + a.Chain
	}
	return text
}

// sameResidue tells whether two neighbours belong to one residue.
func (a *Atom) sameResidue(b *Atom) bool {
	return a.ResSeq == b.ResSeq && a.InsCode == b.InsCode && a.ResName == b.ResName && a.Chain == b.Chain && a.LabelChain == b.LabelChain
}

// A Structure is one or several models of the same atoms.
type Structure struct {
	ID       string // of the entry, such as "2SDF"
	Title    string
	Atoms    []Atom
	Models   [][]float64 // each x0 y0 z0 x1 …, 3·len(Atoms), Å
	Warnings []string    // what a reader of the file should know, in sentences
}

// Residues returns for each residue the number of its first atom, and at the end
// the number of atoms.
func (s *Structure) Residues() []int {
	var starts []int
	for i := range s.Atoms {
		if i == 0 || !s.Atoms[i].sameResidue(&s.Atoms[i-1]) {
			starts = append(starts, i)
		}
	}
	return append(starts, len(s.Atoms))
}

// Sequence is the one-letter code of the residues of each polymer chain, in the
// chains' order; what has no letter is X. Residues that the structure has no atoms
// of are passed over.
func (s *Structure) Sequence() (chains, sequences []string) {
	at := map[string]int{}
	letters := map[string]*strings.Builder{}
	starts := s.Residues()
	for _, i := range starts[:len(starts)-1] {
		a := &s.Atoms[i]
		if !a.Polymer {
			continue
		}
		if _, seen := at[a.Chain]; !seen {
			at[a.Chain] = len(chains)
			chains = append(chains, a.Chain)
			letters[a.Chain] = &strings.Builder{}
		}
		letters[a.Chain].WriteByte(component(a.ResName).letter)
	}
	for _, c := range chains {
		sequences = append(sequences, letters[c].String())
	}
	return chains, sequences
}
