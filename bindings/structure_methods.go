package bindings

import (
	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/structure"
)

// selfStructure is the structure that a method was called on.
func (s *Session) selfStructure(c *spec.Call) *structure.Structure {
	s.useKernel("structure")
	found, ok := structureOf(c.Self)
	if !ok {
		c.Raise("must be called on a structure, got "+spec.Describe(c.Self), "")
	}
	return found
}

// structureType describes what a structure can tell. A structure never changes:
// what selects or superposes returns another one.
func (s *Session) structureType() spec.Type {
	number := func(name, doc string, f func(found *structure.Structure) int) spec.Func {
		return spec.Func{Name: "structure:" + name, Doc: doc, Returns: "a number",
			Call: func(c *spec.Call) []lua.LValue { return []lua.LValue{lua.LNumber(f(s.selfStructure(c)))} }}
	}
	text := func(name, doc string, f func(found *structure.Structure) string) spec.Func {
		return spec.Func{Name: "structure:" + name, Doc: doc, Returns: "a string",
			Call: func(c *spec.Call) []lua.LValue { return []lua.LValue{lua.LString(f(s.selfStructure(c)))} }}
	}
	perAtom := func(name, doc string, f func(a *structure.Atom) float64) spec.Func {
		return spec.Func{Name: "structure:" + name, Doc: doc, Returns: "an array, one number for each atom",
			Call: func(c *spec.Call) []lua.LValue {
				found := s.selfStructure(c)
				out := make([]float64, len(found.Atoms))
				for i := range out {
					out[i] = f(&found.Atoms[i])
				}
				return newArrayResult(c, out, nil)
			}}
	}
	return spec.Type{
		Name: "structure",
		Doc:  "Models of the same atoms, as structure.read makes it. It never changes.",
		Methods: []spec.Func{
			number("atoms", "How many atoms each model has.", func(found *structure.Structure) int { return len(found.Atoms) }),
			number("models", "How many models there are.", func(found *structure.Structure) int { return len(found.Models) }),
			text("id", "The name of the entry, such as 2SDF.", func(found *structure.Structure) string { return found.ID }),
			text("title", "The title of the entry.", func(found *structure.Structure) string { return found.Title }),
			{
				Name: "structure:coordinates", Doc: "The places of all atoms, Å.", Returns: "an array of models × atoms × 3",
				Call: func(c *spec.Call) []lua.LValue {
					found := s.selfStructure(c)
					return newArrayResult(c, flattened(found.Models), []int{len(found.Models), len(found.Atoms), 3})
				},
			},
			{
				Name: "structure:select", Named: true, Doc: "A part of the structure: atoms and models that satisfy all that is given.",
				Args: selectionArgs(), Returns: "a structure", Example: `s:select { atoms = "CA", residues = "8-67", models = { 1, 2 } }`,
				Call: func(c *spec.Call) []lua.LValue {
					found := s.selfStructure(c)
					part, err := found.Select(selectionOf(c))
					c.Check(err)
					for _, w := range part.Warnings[len(found.Warnings):] {
						s.host.Warn("structure:select: %s", w)
					}
					return []lua.LValue{s.newStructure(part)}
				},
			},
			{
				Name: "structure:sequence", Doc: "The residues of each chain that are there, one letter each, X for what has none.",
				Returns: "a list of tables with chain and sequence",
				Call: func(c *spec.Call) []lua.LValue {
					chains, letters := s.selfStructure(c).Sequence()
					list := c.L.NewTable()
					for i := range chains {
						t := c.L.NewTable()
						t.RawSetString("chain", lua.LString(chains[i]))
						t.RawSetString("sequence", lua.LString(letters[i]))
						list.Append(t)
					}
					return []lua.LValue{list}
				},
			},
			perAtom("residue_numbers", "The residue number of each atom, by the author.", func(a *structure.Atom) float64 { return float64(a.ResSeq) }),
			perAtom("bfactors", "The B-factor of each atom as the file has it, Å².", func(a *structure.Atom) float64 { return a.B }),
			{
				Name: "structure:superpose", Named: true,
				Doc:     "The structure with its models superposed on their common mean, or on a target.",
				Args:    superposeArgs(),
				Returns: "a structure, and an array of each model's RMSD from the mean or the target, Å",
				Example: `local aligned, rmsd = s:superpose()`,
				Call: func(c *spec.Call) []lua.LValue {
					found := s.selfStructure(c)
					moved, rmsd := superposed(c, &coordinates{models: found.Models})
					out := &structure.Structure{ID: found.ID, Title: found.Title, Atoms: found.Atoms, Models: moved, Warnings: found.Warnings}
					return []lua.LValue{s.newStructure(out), NewArray(c.L, rmsd, nil)}
				},
			},
			{
				Name: "structure:mean", Doc: "The mean of the models as they lie: superpose them first.", Returns: "a structure of one model",
				Call: func(c *spec.Call) []lua.LValue {
					mean := *s.selfStructure(c)
					mean.Models = [][]float64{structure.MeanOf(mean.Models)}
					return []lua.LValue{s.newStructure(&mean)}
				},
			},
			{
				Name: "structure:rmsf", Doc: "The root mean squared fluctuation of each atom, Å, after superposition on the mean.", Named: true,
				Args: fluctuationArgs(), Returns: "an array, one number for each atom",
				Call: func(c *spec.Call) []lua.LValue {
					return newArrayResult(c, fluctuations(c, &coordinates{models: s.selfStructure(c).Models}), nil)
				},
			},
			{
				Name: "structure:radius_of_gyration", Doc: "The radius of gyration of each model, Å; all atoms count the same.",
				Returns: "an array, one number for each model",
				Call: func(c *spec.Call) []lua.LValue {
					found := s.selfStructure(c)
					out := make([]float64, len(found.Models))
					for m, x := range found.Models {
						out[m] = structure.RadiusOfGyration(x, nil)
					}
					return newArrayResult(c, out, nil)
				},
			},
		},
	}
}

// flattened joins models into one slice.
func flattened(models [][]float64) []float64 {
	out := make([]float64, 0, len(models)*len(models[0]))
	for _, x := range models {
		out = append(out, x...)
	}
	return out
}
