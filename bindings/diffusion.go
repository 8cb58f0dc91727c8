package bindings

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/checkpointdb"
	"runlua/kernels/diffusion"
	"runlua/kernels/structure"
)

// diffusionModule walks samples down from noise.
func (s *Session) diffusionModule() spec.Module {
	what := []spec.Arg{
		{Name: "denoiser", Kind: denoiserKind, Doc: "what is sampled"},
		{Name: "sampler", Kind: samplerKind, Default: "exact", Doc: "how; a preset's name stands for diffusion.sampler{ preset = name }"},
		{Name: "samples", Kind: spec.Int(1, 1<<31-1), Doc: "how many"},
		{Name: "first", Kind: spec.Int(0, 1<<31-1), Default: 0, Doc: "index of the first one: a sample is the same in any range"},
		{Name: "seed", Kind: spec.Seed, Default: uint64(0), Doc: "below 2^53, or a string"},
		{Name: "checkpoint_every", Kind: spec.AtLeast(1), Optional: true, Doc: "steps between snapshots; default --checkpoint-every"},
	}
	return spec.Module{
		Name: "diffusion",
		Doc:  "Sampling by denoising diffusion (Karras et al. 2022; Abramson et al. 2024): start from noise, walk the noise levels down, ask a denoiser at each.",
		Funcs: []spec.Func{
			{
				Name: "diffusion.sampler", Named: true, Doc: "How to walk: a preset, and what is to differ from it.",
				Args: samplerArgs, Returns: "a sampler",
				Example: `diffusion.sampler { preset = "pxdesign", eta = { kind = "piecewise", from = 1, to = 2.5, at = 0.65 } }`,
				Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{samplerUserData(c.L, newSampler(c))} },
			},
			{
				Name: "diffusion.sample", Named: true,
				Doc: "Makes the samples of a name and a seed that are not there yet, chunk by chunk. Each sample is recorded for itself and, where the denoiser stands " +
					"for a structure, written as mmCIF below global_run_0/NAME/seed_SEED in the run directory, with summary.csv and, once all are there, SUCCESS_FILE. " +
					"A sample's bytes depend on nothing but the settings, the seed and its index. A file that is missing or altered is written again. " +
					"A sample that fails is named and the others are made; the run then ends with exit code 1.",
				Args: append([]spec.Arg{{Name: "name", Kind: taskName, Doc: "letters, digits and _ . -"}}, append(what,
					spec.Arg{Name: "chunk", Kind: spec.AtLeast(1), Optional: true, Doc: "samples that walk together; at most samples; default 100 or all of fewer"},
					spec.Arg{Name: "structure", Kind: structureKind, Optional: true, Doc: "names of the atoms in the files; default that of the denoiser, or else CA atoms of unknown residues"},
					spec.Arg{Name: "files", Kind: spec.Bool, Default: true, Doc: "write mmCIF files"},
				)...),
				Returns: "a table { made, kept, repaired, failed, failures, indices, coordinates, radius_of_gyration, files, folder }: coordinates is an array of " +
					"samples × atoms × 3 (or samples × numbers), of all that did not fail, in order",
				Example: `local out = diffusion.sample { name = "rop", denoiser = denoiser.anm { coordinates = rop }, samples = 500, chunk = 100 }`,
				Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{s.newSampling(c).run()} },
			},
			{
				Name: "diffusion.draw", Named: true,
				Doc: "Samples as an array, without files: for analysis inside a task, where an interrupted walk is taken up again, or for a look in between. " +
					"The samples are those of diffusion.sample with the same seed. One that fails raises an error.",
				Args:    append(slices.Clone(what), spec.Arg{Name: "label", Kind: spec.String, Default: "samples", Doc: "of the bar"}),
				Returns: "an array of samples × atoms × 3, or samples × numbers",
				Example: `local points = diffusion.draw { denoiser = moons, samples = 2000, seed = 1 }`,
				Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{s.draw(c)} },
			},
		},
		Types: []spec.Type{samplerType()},
	}
}

// samplerOf is the call's sampler.
func samplerOf(c *spec.Call) *sampler {
	if p, ok := c.Value("sampler").(*sampler); ok {
		return p
	}
	settings, _ := diffusion.Preset("exact")
	return &sampler{settings, "exact"}
}

// walking is a walk as stepping needs it: one that a snapshot may replace.
type walking struct {
	*diffusion.Walk
	cfg diffusion.Config
}

// newWalk makes a walk of the given samples, from noise.
func (s *Session) newWalk(c *spec.Call, settings diffusion.Settings, d *denoiserValue, indices []int64) *walking {
	cfg := diffusion.Config{
		Settings: settings, Denoiser: d.on(c.L), Seed: seedOf(c.Value("seed")),
		Samples: indices, Pool: s.host.Pool(),
	}
	walk, err := diffusion.NewWalk(cfg)
	checkDiffusion(c, err)
	return &walking{walk, cfg}
}

// stepping is the walk as advance takes it.
func (w *walking) stepping(c *spec.Call, caller, label string, settings map[string]any) *stepping {
	every, _ := c.Value("checkpoint_every").(int)
	return &stepping{
		caller: caller, label: label, total: int64(w.Total()), settings: settings, size: w.StateSize(), every: every,
		step: func(ctx context.Context) error {
			return errors.Unwrap(w.Step(ctx)) // without its step, which advance names
		},
		save: func(out io.Writer) error { return w.MarshalState(out) },
		restore: func(in io.Reader) error {
			walk, err := diffusion.Restore(w.cfg, in)
			if err == nil {
				w.Walk = walk
			}
			return err
		},
		detail: func() string { return fmt.Sprintf("σ=%.3g Å", w.Sigma()) },
	}
}

// known is what a sample's task is known by besides its key: sampler, denoiser
// and kernel.
func (s *Session) known(settings diffusion.Settings, d *denoiserValue) checkpointdb.Fingerprint {
	fields := flatten(flatten(nil, "sampler", settings.Plain()), "denoiser", d.Plain())
	return append(fields, checkpointdb.Field{Kind: "kernel", Name: "diffusion", Value: kernelVersions["diffusion"]})
}

// flatten adds plain data as fields of kind fixed, sampler.steps and the like.
func flatten(fp checkpointdb.Fingerprint, name string, value any) checkpointdb.Fingerprint {
	if m, ok := value.(map[string]any); ok {
		for k, v := range m {
			fp = flatten(fp, name+"."+k, v)
		}
		return fp
	}
	return append(fp, checkpointdb.Field{Kind: "fixed", Name: name, Value: canonicalText(value)})
}

func (s *Session) newSampling(c *spec.Call) *sampling {
	g := &sampling{
		session: s, call: c, name: c.String("name"), seed: seedOf(c.Value("seed")),
		first: int64(c.Int("first")), count: int64(c.Int("samples")),
		settings: samplerOf(c).settings, preset: samplerOf(c).preset, denoiser: c.Value("denoiser").(*denoiserValue),
	}
	if g.first+g.count > 1<<31 {
		c.Fail("samples", fmt.Sprintf("must end below index 2^31, got %d from %d", g.count, g.first), "")
	}
	s.checkRoom(c, g.count, g.denoiser)
	g.chunk = min(100, g.count)
	if c.Has("chunk") {
		if g.chunk = int64(c.Int("chunk")); g.chunk > g.count {
			c.Fail("chunk", fmt.Sprintf("must be at most the number of samples, got %d > %d", g.chunk, g.count), "")
		}
	}
	if len(g.name) > 100 {
		c.Fail("name", fmt.Sprintf("must have at most 100 letters, as it becomes part of file names, got %d", len(g.name)), "")
	}
	if s.denoising || s.task != nil && s.task.callback {
		c.Raise("can't run in record, on_step or a denoiser: a resume does not call them again", "")
	}
	g.request = request{caller: "diffusion.sample", fields: s.known(g.settings, g.denoiser)}
	if named := g.structure(); named != nil {
		files, err := newSampleFiles(named)
		c.Check(err)
		g.files = files
		g.request.fields = append(g.request.fields,
			checkpointdb.Field{Kind: "fixed", Name: "structure", Value: files.digest},
			checkpointdb.Field{Kind: "kernel", Name: "structure", Value: kernelVersions["structure"]})
	}
	s.newWalk(c, g.settings, g.denoiser, []int64{g.first}) // tells of wrong settings before anything is written
	return g
}

// structure is what names the atoms in the files; nil: there are none.
func (g *sampling) structure() *structure.Structure {
	c := g.call
	if !c.Bool("files") {
		return nil
	}
	given, ok := c.Value("structure").(*structureValue)
	if !ok && g.denoiser.structure == nil && g.denoiser.Atoms() > 0 {
		return beads(g.denoiser.Atoms())
	}
	if !ok {
		return g.denoiser.structure
	}
	if g.denoiser.Atoms() == 0 {
		c.Fail("structure", "must not be given for a denoiser whose coordinates are no points in space", "atoms = N, in place of dim, where they are")
	}
	if n := len(given.s.Atoms); n != g.denoiser.Atoms() {
		c.Fail("structure", fmt.Sprintf("must have the denoiser's %d atoms, got %d", g.denoiser.Atoms(), n), "")
	}
	return given.s
}

// beads names atoms that nobody named: CA atoms of a chain of unknown residues.
func beads(n int) *structure.Structure {
	s := &structure.Structure{Title: "Beads", Atoms: make([]structure.Atom, n)}
	for i := range s.Atoms {
		s.Atoms[i] = structure.Atom{Record: "ATOM", Name: "CA", Element: "C", ResName: "UNK", Chain: "A", ResSeq: i + 1, Polymer: true, Occupancy: 1}
	}
	return s
}

// checkRoom refuses samples that can't be returned: each is held once by itself and
// once in the array of all.
func (s *Session) checkRoom(c *spec.Call, count int64, d *denoiserValue) {
	need, room := 2*8*count*int64(d.Width()), s.host.Memory()
	if room > 0 && need > room {
		c.Fail("samples", fmt.Sprintf("must fit into memory: %d take more than %s, and %s may be used", count, sizeText(need), sizeText(room)),
			"ask for fewer at a time: first says where a part begins")
	}
}

// walk is that of a chunk.
func (g *sampling) walk(indices []int64) *walking {
	return g.session.newWalk(g.call, g.settings, g.denoiser, indices)
}

// stepping is a chunk's walk with the lines that stand in for its bar.
func (g *sampling) stepping(w *walking, places string) *stepping {
	st := w.stepping(g.call, g.request.caller, "samples "+places, g.plainSettings())
	st.told = func(done int64) {
		if done%50 == 1 || done == st.total {
			g.session.host.Board().Plain(fmt.Sprintf("  Diffusion step [%d/%d] for samples [%s/%d]", done, st.total, places, g.count))
		}
	}
	return st
}

// tellDispersion says how much of the spread the settings keep, where they don't
// keep it.
func (g *sampling) tellDispersion() {
	const variance = 25
	kept := g.settings.PredictedVariance(variance) / variance
	if kept >= .95 && kept <= 1.05 {
		return
	}
	better := "preset exact samples the distribution itself"
	if g.preset == "exact" {
		better = "its own settings sample the distribution itself"
		if own, _ := diffusion.Preset("exact"); g.settings.Steps < own.Steps {
			better = fmt.Sprintf("%d steps are few, its own are %d", g.settings.Steps, own.Steps)
		}
	}
	g.session.host.Message("  %s keeps %.0f %% of the variance (of a mode of %d Å²); %s", g.preset, 100*kept, variance, better)
}

func (s *Session) draw(c *spec.Call) lua.LValue {
	d, settings := c.Value("denoiser").(*denoiserValue), samplerOf(c).settings
	first, count := int64(c.Int("first")), c.Int("samples")
	s.checkRoom(c, int64(count), d)
	indices := make([]int64, count)
	for i := range indices {
		indices[i] = first + int64(i)
	}
	s.useKernel("diffusion")
	w := s.newWalk(c, settings, d, indices)
	s.advance(c.L, w.stepping(c, "diffusion.draw", c.String("label"), map[string]any{
		"sampler": settings.Plain(), "denoiser": d.Plain(), "seed": fmt.Sprint(w.cfg.Seed), "samples": rangesText(indices),
	}))
	shape := []int{count, d.Width()}
	if d.Atoms() > 0 {
		shape = []int{count, d.Atoms(), 3}
	}
	out := make([]float64, 0, product(shape))
	for i, k := range indices {
		if err := w.Failed(i); err != nil {
			c.Raise(fmt.Sprintf("sample %d failed: %s", k, reasonOf(k, err)), "")
		}
		out = append(out, w.Coordinates(i)...)
	}
	return NewArray(c.L, out, shape)
}
