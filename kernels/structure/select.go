package structure

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// A Selection says which atoms and models of a structure are meant: those that
// satisfy every field that is set.
type Selection struct {
	Chains   []string // by the author
	Names    []string // of atoms: "CA"
	ResNames []string // of residues: "ALA"
	Residues [][2]int // ranges of residue numbers by the author, both ends included
	Models   []int    // by position in the file, counted from 1, ascending
	Polymer  bool     // chains only: no ligands, no water
}

// Check tells what is wrong with a selection in itself.
func (sel *Selection) Check() error {
	for _, r := range sel.Residues {
		if r[0] > r[1] {
			return fmt.Errorf("structure: residues must be ranges from a lower to a higher number, got %d to %d", r[0], r[1])
		}
	}
	for i, m := range sel.Models {
		if m < 1 || i > 0 && m <= sel.Models[i-1] {
			return fmt.Errorf("structure: models must be ascending whole numbers from 1, got %d", m)
		}
	}
	return nil
}

func (sel *Selection) wantsModel(i int) bool {
	return sel.Models == nil || slices.Contains(sel.Models, i+1)
}

// checkModels tells whether the models that are asked for exist.
func (sel *Selection) checkModels(n int) error {
	if k := len(sel.Models); k > 0 && sel.Models[k-1] > n {
		return fmt.Errorf("models must be from 1 to %d, got %d", n, sel.Models[k-1])
	}
	return nil
}

// matches tells whether an atom is meant, Polymer apart.
func (sel *Selection) matches(a *Atom) bool {
	return (sel.Chains == nil || slices.Contains(sel.Chains, a.Chain)) &&
		(sel.Names == nil || slices.Contains(sel.Names, a.Name)) &&
		(sel.ResNames == nil || slices.Contains(sel.ResNames, a.ResName)) &&
		(sel.Residues == nil || slices.ContainsFunc(sel.Residues, func(r [2]int) bool { return r[0] <= a.ResSeq && a.ResSeq <= r[1] }))
}

// Select returns the selected part of a structure, which shares nothing with it.
// A selection of nothing is an error that lists what there is.
func (s *Structure) Select(sel Selection) (*Structure, error) {
	if err := sel.Check(); err != nil {
		return nil, err
	}
	if err := sel.checkModels(len(s.Models)); err != nil {
		return nil, fmt.Errorf("structure: %w", err)
	}
	part := &Structure{ID: s.ID, Title: s.Title, Warnings: slices.Clone(s.Warnings)}
	seen := newCensus()
	var chosen []int
	for i := range s.Atoms {
		a := &s.Atoms[i]
		seen.add(a)
		if sel.matches(a) && (a.Polymer || !sel.Polymer) {
			chosen = append(chosen, i)
			part.Atoms = append(part.Atoms, *a)
		}
	}
	if chosen == nil {
		return nil, fmt.Errorf("structure: %w", seen.empty(sel, len(s.Models)))
	}
	part.Warnings = append(part.Warnings, part.doubts(sel, seen)...)
	for m, from := range s.Models {
		if !sel.wantsModel(m) {
			continue
		}
		x := make([]float64, 0, 3*len(chosen))
		for _, i := range chosen {
			x = append(x, from[3*i:3*i+3]...)
		}
		part.Models = append(part.Models, x)
	}
	return part, nil
}

// doubts are warnings about the selected part s: a chain that is asked for and not
// there, and ions of calcium among the atoms named CA.
func (s *Structure) doubts(sel Selection, seen *census) []string {
	var out []string
	for _, c := range sel.Chains {
		if !seen.chains[c] {
			out = append(out, fmt.Sprintf("there is no chain %s, there are %s", c, listed(seen.chains)))
		}
	}
	if slices.Contains(sel.Names, "CA") {
		named, ions := 0, 0
		for i := range s.Atoms {
			if s.Atoms[i].Name == "CA" {
				named++
				if s.Atoms[i].Element == "CA" {
					ions++
				}
			}
		}
		if 0 < ions && ions < named {
			out = append(out, fmt.Sprintf("%d of the %d atoms named CA are calcium, no Cα: polymer = true leaves ions out", ions, named))
		}
	}
	return out
}

// A census counts what a structure has, for the message that a selection of
// nothing gets.
type census struct {
	atoms, low, high        int
	chains, names, resNames map[string]bool
}

func newCensus() *census {
	return &census{chains: map[string]bool{}, names: map[string]bool{}, resNames: map[string]bool{}}
}

func (c *census) add(a *Atom) {
	if c.atoms == 0 {
		c.low, c.high = a.ResSeq, a.ResSeq
	}
	c.atoms++
	c.low, c.high = min(c.low, a.ResSeq), max(c.high, a.ResSeq)
	c.chains[a.Chain], c.names[a.Name], c.resNames[a.ResName] = true, true, true
}

// empty is the error of a selection of nothing.
func (c *census) empty(sel Selection, models int) error {
	text := fmt.Sprintf("the selection must have atoms, got none; there are chains %s, residues %d to %d, atoms %s", listed(c.chains), c.low, c.high, listed(c.names))
	if sel.ResNames != nil {
		text += ", residue names " + listed(c.resNames)
	}
	return fmt.Errorf("%s, models 1 to %d", text, models)
}

// listed shows a set's words in order, at most twelve of them.
func listed(set map[string]bool) string {
	words := make([]string, 0, len(set))
	for w := range set {
		if w == "" {
			w = `""`
		}
		words = append(words, w)
	}
	sort.Strings(words)
	const most = 12
	if len(words) > most {
		words = append(words[:most], fmt.Sprintf("… (%d in all)", len(words)))
	}
	return strings.Join(words, " ")
}
