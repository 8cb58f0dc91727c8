package bindings

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/structure"
)

// structureModule reads and writes structures of molecules and compares them.
func (s *Session) structureModule() spec.Module {
	return spec.Module{
		Name: "structure",
		Doc: "Structures of molecules: read from mmCIF or PDB, superposed, measured, written as mmCIF. Lengths are in Å. " +
			"Coordinates are a structure, an array of atoms × 3 or one of models × atoms × 3.",
		Types: []spec.Type{s.structureType()},
		Funcs: append([]spec.Func{
			{
				Name: "structure.read", Named: true,
				Doc: "Reads a structure with its models, or the part of it that is selected. Of alternate locations the one of highest occupancy is taken, of equals the first; a warning says so. " +
					"The models must have the same atoms. A task that reads a file is stale once the file's content changes.",
				First:   []spec.Arg{{Name: "file", Kind: spec.Name, Doc: "mmCIF or PDB, below the script's folder, or granted on the command line"}},
				Args:    selectionArgs(),
				Returns: "a structure",
				Example: `local s = structure.read("2sdf.cif", { chain = "A", atoms = "CA" })`,
				Call: func(c *spec.Call) []lua.LValue {
					s.useKernel("structure")
					sel := selectionOf(c)
					file := c.String("file")
					found, err := structure.ReadSelection(bytes.NewReader(s.readInput(c, file)), file, sel)
					c.Check(err)
					for _, w := range found.Warnings {
						s.host.Warn("%s: %s", file, w)
					}
					return []lua.LValue{s.newStructure(found)}
				},
			},
			s.writeStructureFunc(),
		}, s.coordinateFuncs()...),
	}
}

// structureValue is the value behind a Lua structure; it is never changed.
type structureValue struct{ s *structure.Structure }

// structureOf returns the structure that a Lua value holds.
func structureOf(v lua.LValue) (*structure.Structure, bool) {
	if u, ok := v.(*lua.LUserData); ok {
		if v, ok := u.Value.(*structureValue); ok {
			return v.s, true
		}
	}
	return nil, false
}

// Describe is how errors name it.
func (v *structureValue) Describe() string {
	return fmt.Sprintf("a structure of %d atoms in %d models", len(v.s.Atoms), len(v.s.Models))
}

// FingerprintValue is a digest of all that a structure says.
func (v *structureValue) FingerprintValue() (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "structure %q %q %d\n", v.s.ID, v.s.Title, len(v.s.Models))
	for _, a := range v.s.Atoms {
		fmt.Fprintf(h, "%+q\n", fmt.Sprintf("%+v", a))
	}
	var word [8]byte
	for _, x := range v.s.Models {
		for _, x := range x {
			binary.LittleEndian.PutUint64(word[:], math.Float64bits(x+0))
			h.Write(word[:])
		}
	}
	return "structure " + digestText(h), nil
}

var structureKind = spec.UserData[*structureValue]("a structure")

func (s *Session) newStructure(found *structure.Structure) lua.LValue {
	return (&structureValue{found}).carry(s, nil)
}

// carry makes the Lua value in the state of s.
func (v *structureValue) carry(s *Session, _ *lua.LFunction) lua.LValue {
	u := s.l.NewUserData()
	u.Value = v
	u.Metatable = s.structureType().Metatable(s.l)
	return u
}

// wordsKind is a string or a list of strings, []string in Go.
var wordsKind = spec.NewKind("a string or a list of strings", func(v lua.LValue) (any, error) {
	switch v := v.(type) {
	case lua.LString:
		return []string{string(v)}, nil
	case *lua.LTable:
		var words []string
		for i := 1; i <= v.Len(); i++ {
			w, ok := v.RawGetInt(i).(lua.LString)
			if !ok {
				return nil, fmt.Errorf("must be a string or a list of strings, got %s at [%d]", spec.Describe(v.RawGetInt(i)), i)
			}
			words = append(words, string(w))
		}
		if words != nil {
			return words, nil
		}
		return nil, fmt.Errorf("must have at least one string, got an empty list")
	}
	return nil, fmt.Errorf("must be a string or a list of strings, got %s", spec.Describe(v))
})

// wholesKind is a whole number or a list of them, []int in Go.
var wholesKind = spec.NewKind("a whole number or a list of them", func(v lua.LValue) (any, error) {
	whole := spec.Int(-1<<31, 1<<31-1)
	if t, ok := v.(*lua.LTable); ok {
		var list []int
		for i := 1; i <= t.Len(); i++ {
			n, err := whole.Check(t.RawGetInt(i))
			if err != nil {
				return nil, fmt.Errorf("must be a whole number or a list of them, got %s at [%d]", spec.Describe(t.RawGetInt(i)), i)
			}
			list = append(list, n.(int))
		}
		if list != nil {
			return list, nil
		}
		return nil, fmt.Errorf("must have at least one number, got an empty list")
	}
	n, err := whole.Check(v)
	if err != nil {
		return nil, fmt.Errorf("must be a whole number or a list of them, got %s", spec.Describe(v))
	}
	return []int{n.(int)}, nil
})

// rangesKind is "3-40" or "3-40,50-60", [][2]int in Go.
var rangesKind = spec.NewKind(`ranges such as "3-40" or "3-40,52"`, func(v lua.LValue) (any, error) {
	text, ok := v.(lua.LString)
	if !ok {
		return nil, fmt.Errorf(`must be ranges such as "3-40" or "3-40,52", got %s`, spec.Describe(v))
	}
	var out [][2]int
	for _, part := range strings.Split(string(text), ",") {
		part = strings.TrimSpace(part)
		var from, to int
		// A number may be negative: -3--1.
		cut := strings.IndexByte(strings.TrimPrefix(part, "-"), '-')
		var err error
		if cut < 0 {
			from, err = parseWhole(part)
			to = from
		} else {
			cut += len(part) - len(strings.TrimPrefix(part, "-"))
			if from, err = parseWhole(part[:cut]); err == nil {
				to, err = parseWhole(part[cut+1:])
			}
		}
		if err != nil || from > to {
			return nil, fmt.Errorf(`must be ranges such as "3-40" or "3-40,52", the lower number first, got %q`, string(text))
		}
		out = append(out, [2]int{from, to})
	}
	return out, nil
})

func selectionArgs() []spec.Arg {
	return []spec.Arg{
		{Name: "chain", Kind: wordsKind, Optional: true, Doc: "chains by the author's names: \"A\" or a list"},
		{Name: "atoms", Kind: wordsKind, Optional: true, Doc: "names of atoms: \"CA\" or a list"},
		{Name: "residues", Kind: rangesKind, Optional: true, Doc: "residue numbers by the author, both ends included"},
		{Name: "residue_names", Kind: wordsKind, Optional: true, Doc: "names of residues: \"ALA\" or a list"},
		{Name: "models", Kind: wholesKind, Optional: true, Doc: "models by their place in the file, ascending from 1"},
		{Name: "polymer", Kind: spec.Bool, Default: false, Doc: "chains of residues only, without ligands and water"},
	}
}

func selectionOf(c *spec.Call) structure.Selection {
	var sel structure.Selection
	sel.Chains, _ = c.Value("chain").([]string)
	sel.Names, _ = c.Value("atoms").([]string)
	sel.Residues, _ = c.Value("residues").([][2]int)
	sel.ResNames, _ = c.Value("residue_names").([]string)
	sel.Models, _ = c.Value("models").([]int)
	sel.Polymer = c.Bool("polymer")
	c.Check(sel.Check())
	return sel
}
