package structure

// kind says what a component can be part of.
type kind int

const (
	other kind = iota
	peptide
	dna
	rna
	water
)

// chemical is what the writer and the sequence need of a chemical component.
type chemical struct {
	kind   kind
	letter byte   // of its own or of its parent, else X
	name   string // the component dictionary's
	own    bool   // letter is the component's own, not its parent's
}

// components are the residues of proteins and nucleic acids, the modified ones
// that are common in files, and water.
var components = map[string]chemical{
	"ALA": {peptide, 'A', "ALANINE", true}, "ARG": {peptide, 'R', "ARGININE", true}, "ASN": {peptide, 'N', "ASPARAGINE", true},
	"ASP": {peptide, 'D', "ASPARTIC ACID", true}, "CYS": {peptide, 'C', "CYSTEINE", true}, "GLN": {peptide, 'Q', "GLUTAMINE", true},
	"GLU": {peptide, 'E', "GLUTAMIC ACID", true}, "GLY": {peptide, 'G', "GLYCINE", true}, "HIS": {peptide, 'H', "HISTIDINE", true},
	"ILE": {peptide, 'I', "ISOLEUCINE", true}, "LEU": {peptide, 'L', "LEUCINE", true}, "LYS": {peptide, 'K', "LYSINE", true},
	"MET": {peptide, 'M', "METHIONINE", true}, "PHE": {peptide, 'F', "PHENYLALANINE", true}, "PRO": {peptide, 'P', "PROLINE", true},
	"SER": {peptide, 'S', "SERINE", true}, "THR": {peptide, 'T', "THREONINE", true}, "TRP": {peptide, 'W', "TRYPTOPHAN", true},
	"TYR": {peptide, 'Y', "TYROSINE", true}, "VAL": {peptide, 'V', "VALINE", true},
	"SEC": {peptide, 'U', "SELENOCYSTEINE", true}, "PYL": {peptide, 'O', "PYRROLYSINE", true}, "UNK": {peptide, 'X', "UNKNOWN", true},
	"MSE": {peptide, 'M', "SELENOMETHIONINE", false}, "SEP": {peptide, 'S', "PHOSPHOSERINE", false}, "TPO": {peptide, 'T', "PHOSPHOTHREONINE", false},
	"PTR": {peptide, 'Y', "O-PHOSPHOTYROSINE", false}, "HYP": {peptide, 'P', "4-HYDROXYPROLINE", false}, "PCA": {peptide, 'Q', "PYROGLUTAMIC ACID", false},
	"CSO": {peptide, 'C', "S-HYDROXYCYSTEINE", false}, "MLY": {peptide, 'K', "N-DIMETHYL-LYSINE", false},

	"DA": {dna, 'A', "2'-DEOXYADENOSINE-5'-MONOPHOSPHATE", true}, "DC": {dna, 'C', "2'-DEOXYCYTIDINE-5'-MONOPHOSPHATE", true},
	"DG": {dna, 'G', "2'-DEOXYGUANOSINE-5'-MONOPHOSPHATE", true}, "DT": {dna, 'T', "THYMIDINE-5'-MONOPHOSPHATE", true},
	"A": {rna, 'A', "ADENOSINE-5'-MONOPHOSPHATE", true}, "C": {rna, 'C', "CYTIDINE-5'-MONOPHOSPHATE", true},
	"G": {rna, 'G', "GUANOSINE-5'-MONOPHOSPHATE", true}, "U": {rna, 'U', "URIDINE-5'-MONOPHOSPHATE", true},

	"HOH": {water, 'X', "WATER", false}, "DOD": {water, 'X', "DEUTERATED WATER", false}, "WAT": {water, 'X', "WATER", false},
}

func component(name string) chemical {
	if c, ok := components[name]; ok {
		return c
	}
	return chemical{other, 'X', "", false}
}

// linking is the component's _chem_comp.type; within a polymer of the given kind
// if it is not known by itself.
func (c chemical) linking(name string, polymer kind) string {
	k := c.kind
	if k == other {
		k = polymer
	}
	switch {
	case name == "GLY":
		return "peptide linking"
	case k == peptide:
		return "L-peptide linking"
	case k == dna:
		return "DNA linking"
	case k == rna:
		return "RNA linking"
	}
	return "non-polymer"
}

// polymerType is the _entity_poly.type of a chain of mostly such residues.
func (k kind) polymerType() string {
	switch k {
	case peptide:
		return "polypeptide(L)"
	case dna:
		return "polydeoxyribonucleotide"
	case rna:
		return "polyribonucleotide"
	}
	return "other"
}
