package bindings

import (
	"fmt"
	"io"
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/structure"
)

func (s *Session) writeStructureFunc() spec.Func {
	return spec.Func{
		Name: "structure.write", Named: true,
		Doc: "Writes a structure as mmCIF, which PyMOL, ChimeraX, gemmi and Biopython read. Inside a task the file is recorded with its result. " +
			"Seed, sample and settings stand in _audit.creation_method, one to a line.",
		Args: []spec.Arg{
			{Name: "file", Kind: fileKind(".cif"), Doc: "below results/"},
			{Name: "structure", Kind: structureKind, Doc: "whose atoms are meant"},
			{Name: "coordinates", Kind: pointsKind, Optional: true, Doc: "of one or several models of these atoms, Å; default those of the structure"},
			{Name: "bfactors", Kind: spec.Numbers, Optional: true, Doc: "one for each atom, Å²; default those of the structure"},
			{Name: "entry", Kind: spec.Name, Optional: true, Doc: "name of the entry; default the structure's"},
			{Name: "title", Kind: spec.Name, Optional: true, Doc: "default the structure's"},
			{Name: "seed", Kind: spec.Seed, Optional: true, Doc: "that the coordinates come from"},
			{Name: "sample", Kind: spec.AtLeast(0), Default: 0, Doc: "index of the sample, with seed"},
			{Name: "source", Kind: spec.Name, Optional: true, Doc: "PDB id of what the coordinates were made from"},
			{Name: "settings", Kind: spec.Table, Optional: true, Doc: "what else decides the coordinates: a table of plain data with names"},
		},
		Returns: "the path",
		Example: `structure.write { file = "mean.cif", structure = s, coordinates = mean, title = "mean of 30 models" }`,
		Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{s.writeStructure(c)} },
	}
}

func (s *Session) writeStructure(c *spec.Call) lua.LValue {
	s.useKernel("structure")
	of := *c.Value("structure").(*structureValue).s
	if x, ok := c.Value("coordinates").(*coordinates); ok {
		if x.atoms() != len(of.Atoms) {
			c.Fail("coordinates", fmt.Sprintf("must have the atoms of the structure, got %d and not %d", x.atoms(), len(of.Atoms)), "")
		}
		of.Models = x.models
	}
	if c.Has("bfactors") {
		b := c.Floats("bfactors")
		if len(b) != len(of.Atoms) {
			c.Fail("bfactors", fmt.Sprintf("must be one number for each of %d atoms, got %d", len(of.Atoms), len(b)), "")
		}
		of.Atoms = append([]structure.Atom(nil), of.Atoms...)
		for i, v := range b {
			of.Atoms[i].B = v
		}
	}
	meta := structure.Meta{Entry: c.String("entry"), Title: c.String("title"), SourceID: c.String("source"), Sample: int64(c.Int("sample"))}
	switch seed := c.Value("seed").(type) {
	case uint64:
		meta.Seed = strconv.FormatUint(seed, 10)
	case string:
		meta.Seed = seed
	}
	if t := c.LuaTable("settings"); t != nil {
		settings, err := toGo(t, "settings")
		c.Check(err)
		named, ok := settings.(map[string]any)
		if !ok {
			c.Fail("settings", "must be a table with names, got a list", "")
		}
		meta.Settings = named
	}
	path, err := s.writeResult(c.String("file"), func(w io.Writer) error { return structure.WriteCIF(w, &of, meta) })
	c.Check(err)
	return lua.LString(path)
}

func parseWhole(text string) (int, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	return int(n), err
}
