package bindings

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/checkpointdb"
	"runlua/kernels/diffusion"
	"runlua/kernels/structure"
	"runlua/progress"
)

// A sampling is one call of diffusion.sample: the samples first … first+count−1
// of a name and a seed. Each sample is a task of its own, known by name, seed
// and index; what it is made with is the task's fingerprint. While a chunk of
// samples walks it is a task too, with snapshots, discarded once each of its
// samples is recorded. So what is done does not depend on chunks, and what is
// under way is found by any later call, whatever its chunk size.
type sampling struct {
	session  *Session
	call     *spec.Call
	name     string
	seed     uint64
	first    int64
	count    int64
	chunk    int64
	settings diffusion.Settings
	preset   string // that the settings began as
	denoiser *denoiserValue
	files    *sampleFiles // nil: no files
	request  request      // of all its tasks, without parameters
	samples  []sample     // by index − first
	bar      *progress.Bar
	existing int64 // samples that this call found
	saved    int64 // and that it made
	told     int64 // of these
}

// sample is what is known of one sample.
type sample struct {
	state       sampleState
	key         checkpointdb.Key
	coordinates []float64
	rg          float64
	sha256      string // of its file
	replace     bool   // what is recorded of it is stale
	reason      string // why it failed
}

type sampleState int

const (
	sampleMissing sampleState = iota
	sampleKept
	sampleRepaired
	sampleMade
	sampleFailed
)

const (
	sampleTask = "sample"
	chunkTask  = "chunk"
)

// run makes what is missing and returns what the script gets.
func (g *sampling) run() lua.LValue {
	g.survey()
	missing := g.in(sampleMissing)
	g.existing = g.count - int64(len(missing))
	s := g.session
	if len(missing) > 0 {
		g.check(s.host.Files().RemoveRun(g.path("SUCCESS_FILE")))
		if g.existing > 0 {
			s.host.Message("⚠ Resuming sample=%s: %d samples already exist%s, continuing generation...", g.name, g.existing, g.repairedText())
		}
		g.tellDispersion()
		s.host.Message("%s\nStarting chunked diffusion: %d samples in chunks of %d\n%s", rule, g.count, g.chunk, rule)
		g.bar = s.host.Board().Open(progress.Spec{Label: g.name, Total: g.count, Start: g.existing, Unit: "sample"})
		defer g.bar.Close()
	}
	g.continueChunks()
	for _, c := range g.gridChunks() {
		s.host.Message("\n[Chunk %d/%d] Generating samples %s/%d", c.number, c.of, g.places(c.samples), g.count)
		g.runChunk(c.samples, fmt.Sprintf("✓ Completed chunk %d/%d (samples %s)", c.number, c.of, g.places(c.samples)))
	}
	if g.bar != nil {
		g.bar.Close()
	}
	g.finish()
	return g.outcome()
}

const rule = "============================================================"

func (g *sampling) check(err error) { g.call.Check(err) }

// in lists the samples of a state by their index, ascending.
func (g *sampling) in(state sampleState) []int64 {
	var out []int64
	for i := range g.samples {
		if g.samples[i].state == state {
			out = append(out, g.first+int64(i))
		}
	}
	return out
}

func (g *sampling) sample(index int64) *sample { return &g.samples[index-g.first] }

func (g *sampling) wants(index int64) bool { return index >= g.first && index < g.first+g.count }

// places is how messages name samples: counted from 1 within the call's range,
// 1-100,151.
func (g *sampling) places(indices []int64) string {
	shifted := make([]int64, len(indices))
	for i, k := range indices {
		shifted[i] = k - g.first + 1
	}
	return rangesText(shifted)
}

// params are the parameters of a sample's or chunk's task.
func (g *sampling) params(field string, value any) map[string]any {
	seed := any(strconv.FormatUint(g.seed, 10))
	if g.seed <= 1<<53 {
		seed = float64(g.seed)
	}
	return map[string]any{"name": g.name, "seed": seed, field: value}
}

func (g *sampling) requestFor(task, field string, value any) request {
	r := g.request
	r.name, r.params = task, g.params(field, value)
	return r
}

// survey looks at what is recorded of each sample, and writes the files of
// those again whose file is missing or altered.
func (g *sampling) survey() {
	s, l := g.session, g.call.L
	store := s.store(l, g.request.caller)
	static := s.static(l, g.request)
	g.samples = make([]sample, g.count)
	for i := range g.samples {
		r := g.requestFor(sampleTask, "index", float64(g.first+int64(i)))
		smp := &g.samples[i]
		smp.key = s.key(l, r)
		record, err := store.Task(smp.key)
		g.check(err)
		if record == nil {
			continue
		}
		switch s.judge(l, r, smp.key, static, record) {
		case stale:
			smp.replace = true
			continue
		case taken:
			smp.state = sampleKept
		case damaged:
			smp.state = sampleRepaired
		}
		g.adopt(smp, record.Result)
		if len(record.Artifacts) > 0 {
			smp.sha256 = record.Artifacts[0].SHA256
		}
		if smp.state == sampleRepaired {
			g.repair(g.first+int64(i), record)
		}
		s.depend("task", taskField(smp.key), record.Result.Digest)
	}
}

// adopt takes a sample's recorded result.
func (g *sampling) adopt(smp *sample, result *checkpointdb.Result) {
	plain, err := result.Decode()
	g.check(err)
	fields, _ := plain.(map[string]any)
	coordinates, ok := fields["coordinates"].(*checkpointdb.Array)
	if !ok {
		g.call.Raise(fmt.Sprintf("what is recorded of %s holds no coordinates", smp.key), "")
	}
	smp.coordinates = coordinates.Data
	smp.rg, _ = fields["radius_of_gyration"].(float64)
}

// repair writes the file of a recorded sample again, to the same bytes: the
// coordinates are recorded with it.
func (g *sampling) repair(index int64, record *checkpointdb.Record) {
	s, l := g.session, g.call.L
	r := g.requestFor(sampleTask, "index", float64(index))
	t := s.enter(l, r, record.Key, record.Fingerprint, false)
	defer t.leave()
	plain, err := record.Result.Decode()
	g.check(err)
	software, _ := plain.(map[string]any)["software"].(string)
	g.writeFile(t.attempt, index, software)
	g.check(t.attempt.Commit(record.Fingerprint, record.Result))
}

// continueChunks takes up the chunks that an earlier run left unfinished, also
// those of another chunk size. One that holds a sample outside of this call's
// range waits for a call that wants all of it.
func (g *sampling) continueChunks() {
	s, l := g.session, g.call.L
	begun, err := s.store(l, g.request.caller).Begun(chunkTask)
	g.check(err)
	for _, key := range begun {
		name, seed, indices, ok := parseChunk(key)
		if !ok || name != g.name || seed != g.params("", nil)["seed"] || !g.wantsAll(indices) {
			continue
		}
		missing := slices.DeleteFunc(slices.Clone(indices), func(k int64) bool { return g.sample(k).state != sampleMissing })
		if len(missing) == 0 {
			attempt, err := s.store(l, g.request.caller).Begin(key)
			g.check(err)
			g.check(attempt.Discard()) // killed after its last sample was recorded
			continue
		}
		s.host.Message("\n[Chunk left unfinished] Continuing samples %s/%d", g.places(indices), g.count)
		g.runChunk(indices, "✓ Completed samples "+g.places(indices))
	}
}

func (g *sampling) wantsAll(indices []int64) bool {
	return !slices.ContainsFunc(indices, func(k int64) bool { return !g.wants(k) })
}

// gridChunk is what is missing of one chunk of the range.
type gridChunk struct {
	number, of int64
	samples    []int64
}

// gridChunks cuts the range into chunks and lists those that lack samples.
func (g *sampling) gridChunks() []gridChunk {
	var out []gridChunk
	of := (g.count + g.chunk - 1) / g.chunk
	for _, k := range g.in(sampleMissing) {
		number := (k-g.first)/g.chunk + 1
		if n := len(out); n == 0 || out[n-1].number != number {
			out = append(out, gridChunk{number: number, of: of})
		}
		last := &out[len(out)-1]
		last.samples = append(last.samples, k)
	}
	return out
}

// runChunk walks the given samples down, from their newest snapshot if there is
// one, and records those that are missing.
func (g *sampling) runChunk(indices []int64, completed string) {
	s, l := g.session, g.call.L
	r := g.requestFor(chunkTask, "samples", rangesText(indices))
	t := s.enter(l, r, s.key(l, r), s.static(l, r), false)
	defer t.leave()
	t.checkUnfinished(l, r)
	walk := g.walk(indices)
	s.advance(l, g.stepping(walk, g.places(indices)))
	s.host.Message("%s", completed)
	s.task = t.parent // the samples are tasks of the caller, not of the chunk
	for i, index := range indices {
		if g.sample(index).state == sampleMissing {
			g.record(index, i, walk.Walk, t.reads)
		}
	}
	g.tellSaved()
	g.check(t.attempt.Discard())
}

// record makes one sample's file and records it.
func (g *sampling) record(index int64, row int, walk *diffusion.Walk, reads map[[2]string]string) {
	s, l := g.session, g.call.L
	smp := g.sample(index)
	r := g.requestFor(sampleTask, "index", float64(index))
	t := s.enter(l, r, smp.key, s.static(l, r), smp.replace)
	defer t.leave()
	maps.Copy(t.reads, reads)
	if err := walk.Failed(row); err != nil {
		smp.state, smp.reason = sampleFailed, spec.Plain(err.Error())
		g.check(t.attempt.Fail(smp.reason))
		s.host.Message("✗ Sample %d failed: %s", index, smp.reason)
		return
	}
	smp.coordinates = slices.Clone(walk.Coordinates(row))
	result := map[string]any{"coordinates": &checkpointdb.Array{Shape: g.shape(), Data: smp.coordinates}}
	if g.atoms() > 0 {
		smp.rg = structure.RadiusOfGyration(smp.coordinates, nil)
		result["radius_of_gyration"] = smp.rg
	}
	software := s.host.Arguments().Version
	if g.files != nil {
		result["software"] = software
		g.writeFile(t.attempt, index, software)
	}
	recorded := t.commit(l, r, result)
	smp.state = sampleMade
	g.saved++
	g.bar.Add(1)
	if g.saved%50 == 0 {
		g.tellSaved()
	}
	if t.parent != nil {
		t.parent.depend("task", taskField(smp.key), recorded.Digest)
	}
}

// tellSaved says how many files are there, where there are no bars.
func (g *sampling) tellSaved() {
	if g.files != nil && g.saved > g.told {
		g.told = g.saved
		g.session.host.Board().Plain(fmt.Sprintf("  Saving CIF files: %d/%d (skipped %d existing)", g.saved, g.count, g.existing))
	}
}

func (g *sampling) atoms() int { return g.denoiser.Atoms() }

// shape is that of one sample's coordinates.
func (g *sampling) shape() []int {
	if n := g.atoms(); n > 0 {
		return []int{n, 3}
	}
	return []int{g.denoiser.Width()}
}

// outcome is what diffusion.sample returns.
func (g *sampling) outcome() lua.LValue {
	l := g.call.L
	t := l.NewTable()
	for name, state := range map[string]sampleState{"made": sampleMade, "kept": sampleKept, "repaired": sampleRepaired, "failed": sampleFailed} {
		t.RawSetString(name, lua.LNumber(len(g.in(state))))
	}
	var indices, coordinates, rg []float64
	failures := l.NewTable()
	files := l.NewTable()
	for i := range g.samples {
		smp, index := &g.samples[i], g.first+int64(i)
		if smp.state == sampleFailed {
			f := l.NewTable()
			f.RawSetString("index", lua.LNumber(index))
			f.RawSetString("reason", lua.LString(smp.reason))
			failures.Append(f)
			continue
		}
		indices = append(indices, float64(index))
		coordinates = append(coordinates, smp.coordinates...)
		rg = append(rg, smp.rg)
		if g.files != nil {
			files.Append(lua.LString(g.file(index)))
		}
	}
	t.RawSetString("failures", failures)
	t.RawSetString("indices", NewArray(l, indices, nil))
	t.RawSetString("coordinates", NewArray(l, coordinates, append([]int{len(indices)}, g.shape()...)))
	if g.atoms() > 0 {
		t.RawSetString("radius_of_gyration", NewArray(l, rg, nil))
	}
	if g.files != nil {
		t.RawSetString("files", files)
		t.RawSetString("folder", lua.LString(g.path("")))
	}
	return t
}
