package bindings

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

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
	existing int64                     // samples that this call found
	saved    int64                     // and that it made
	told     int64                     // of these
	other    []checkpointdb.Difference // of settings, from those of recorded samples; nil: they are the same
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
	defer g.session.hold(g.call.L, fmt.Sprintf("samples %s %d", g.name, g.seed))() // two workers that ask for the same
	g.survey()
	missing := g.in(sampleMissing)
	g.existing = g.count - int64(len(missing))
	s := g.session
	if len(missing) > 0 {
		g.refuseForeign(missing)
		g.unfinished()
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
	var others []int64                  // recorded with other settings
	var repaired []*checkpointdb.Record // whose file was not as it was written
	g.samples = make([]sample, g.count)
	for i := range g.samples {
		index := g.first + int64(i)
		r := g.requestFor(sampleTask, "index", float64(index))
		smp := &g.samples[i]
		smp.key = s.key(l, r)
		record, err := store.Task(smp.key)
		g.check(err)
		if record == nil {
			continue
		}
		diff := record.Fingerprint.Diff(s.current(store, static, record.Fingerprint))
		if len(diff) > 0 {
			others, g.other = append(others, index), diff
			if s.host.Policy().Stale == "rerun" {
				smp.replace = true
				continue
			}
			if s.host.Policy().Stale == "" {
				g.refuse(fmt.Sprintf("%s is recorded with other settings", smp.key), "--stale rerun computes it again, --stale keep takes the recorded result, ")
			}
		}
		smp.state = sampleKept
		g.adopt(smp, record)
		switch {
		case record.Done():
		case len(diff) > 0:
			s.judge(l, r, smp.key, static, record) // says that its file stays as it is
		default:
			g.repair(index, record)
			repaired = append(repaired, record)
		}
		s.depend("task", taskField(smp.key), record.Result.Digest)
	}
	g.tellRepaired(repaired)
	if len(others) > 0 {
		g.tellOthers(others)
	}
	g.checkRest(store, static)
}

// tellRepaired names files that were written again, a few of many.
func (g *sampling) tellRepaired(records []*checkpointdb.Record) {
	const most = 3
	host := g.session.host
	for _, r := range records[:min(most, len(records))] {
		f := r.Damaged[0]
		host.Warn("%s is written again: its file %s %s", r.Key, f.Path, f.Problem)
	}
	if more := len(records) - most; more > 0 {
		host.Warn("and so are %d more samples of %s", more, g.name)
	}
}

// refuse stops because of recorded samples of other settings. way is a way out
// besides another run directory.
func (g *sampling) refuse(what, way string) {
	g.call.Raise(what+":\n"+describeDifferences(g.other), way+"--dir FOLDER starts another run")
}

// tellOthers says what becomes of recorded samples of other settings. Some of
// those and some new ones would not be one ensemble.
func (g *sampling) tellOthers(others []int64) {
	host, why := g.session.host, describeDifference(g.other[0])
	if host.Policy().Stale == "rerun" {
		host.Warn("samples %s of %s are made again (--stale rerun): %s", rangesText(others), g.name, why)
		return
	}
	if missing := g.in(sampleMissing); len(missing) > 0 {
		g.refuse(fmt.Sprintf("samples %s of %s are recorded with other settings and %s are missing, which would not belong together", rangesText(others), g.name, rangesText(missing)),
			"--stale rerun makes all of them with these settings, ")
	}
	host.Warn("samples %s of %s: the recorded ones are kept (--stale keep): %s", rangesText(others), g.name, why)
}

// checkRest compares the settings with those of a recorded sample outside of the
// call's range, where new ones are to stand beside it.
func (g *sampling) checkRest(store *checkpointdb.Store, static checkpointdb.Fingerprint) {
	s := g.session
	if len(g.in(sampleMissing)) == 0 || s.host.Policy().Stale == "rerun" {
		return
	}
	done, err := store.Done(sampleTask)
	g.check(err)
	for _, key := range done {
		index, ok := g.parseSample(key)
		if !ok || g.wants(index) {
			continue
		}
		record, err := store.Task(key)
		g.check(err)
		if g.other = record.Fingerprint.Diff(s.current(store, static, record.Fingerprint)); len(g.other) > 0 {
			g.refuse(fmt.Sprintf("%s is recorded with other settings, and samples that belong together have the same", key), "")
		}
		return // they are all alike
	}
}

// adopt takes a sample's recorded result.
func (g *sampling) adopt(smp *sample, record *checkpointdb.Record) {
	plain, err := record.Result.Decode()
	g.check(err)
	fields, _ := plain.(map[string]any)
	coordinates, ok := fields["coordinates"].(*checkpointdb.Array)
	if !ok {
		g.call.Raise(fmt.Sprintf("what is recorded of %s holds no coordinates", smp.key), "")
	}
	smp.coordinates = coordinates.Data
	smp.rg, _ = fields["radius_of_gyration"].(float64)
	if len(record.Artifacts) > 0 {
		smp.sha256 = record.Artifacts[0].SHA256
	}
}

// repair writes the file of a recorded sample again, to the same bytes: the
// coordinates are recorded with it.
func (g *sampling) repair(index int64, record *checkpointdb.Record) {
	s := g.session
	g.unfinished()
	plain, err := record.Result.Decode()
	g.check(err)
	software, _ := plain.(map[string]any)["software"].(string)
	g.check(s.store(g.call.L, g.request.caller).Record([]checkpointdb.Finished{{
		Key: record.Key, Fingerprint: record.Fingerprint, Result: record.Result,
		Files: []checkpointdb.File{{Path: g.file(index), Data: g.fileOf(index, software)}},
	}}))
	g.sample(index).state = sampleRepaired
}

// unfinished removes SUCCESS_FILE: something is missing.
func (g *sampling) unfinished() {
	g.check(g.session.host.Files().RemoveRun(g.path("SUCCESS_FILE")))
}

// continueChunks takes up the chunks that an earlier run left unfinished, also
// those of another chunk size. One that holds a sample outside of this call's
// range waits for a call that wants all of it.
func (g *sampling) continueChunks() {
	s := g.session
	store := s.store(g.call.L, g.request.caller)
	begun, err := store.Unfinished(chunkTask)
	g.check(err)
	for _, u := range begun {
		name, seed, indices, ok := parseChunk(u.Key)
		if !ok || name != g.name || seed != g.params("", nil)["seed"] || !g.wantsAll(indices) {
			continue
		}
		missing := slices.ContainsFunc(indices, func(k int64) bool { return g.sample(k).state == sampleMissing })
		if !missing || u.Snapshots == 0 {
			attempt, err := store.Begin(u.Key)
			g.check(err)
			g.check(attempt.Discard()) // killed after its last sample was recorded, or before the first snapshot
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
	g.record(indices, walk.Walk, t.reads)
	g.check(t.attempt.Discard())
}

// record makes the files of a chunk's missing samples and records them, some at
// a time: each time waits for the disk.
func (g *sampling) record(indices []int64, walk *diffusion.Walk, reads map[[2]string]string) {
	const most, mostBytes = 50, 64 << 20
	fp := slices.Clone(g.session.static(g.call.L, g.request))
	for k, v := range reads {
		fp = append(fp, checkpointdb.Field{Kind: k[0], Name: k[1], Value: v})
	}
	fp = sortFields(fp)
	var made []int64
	var batch []checkpointdb.Finished
	bytes := 0
	flush := func() {
		if len(batch) > 0 {
			g.commit(made, batch)
		}
		made, batch, bytes = nil, nil, 0
	}
	for row, index := range indices {
		if g.sample(index).state != sampleMissing {
			continue
		}
		if err := walk.Failed(row); err != nil {
			g.fail(index, err)
			continue
		}
		g.sample(index).coordinates = slices.Clone(walk.Coordinates(row))
		f := g.finished(index)
		f.Fingerprint = fp
		made, batch = append(made, index), append(batch, f)
		for _, file := range f.Files {
			bytes += len(file.Data)
		}
		if len(batch) == most || bytes >= mostBytes {
			flush()
		}
	}
	flush()
}

// finished is a sample as it is recorded, but for its fingerprint.
func (g *sampling) finished(index int64) checkpointdb.Finished {
	smp := g.sample(index)
	f := checkpointdb.Finished{Key: smp.key, Replace: smp.replace}
	result := map[string]any{"coordinates": &checkpointdb.Array{Shape: g.shape(), Data: smp.coordinates}}
	if g.atoms() > 0 {
		smp.rg = structure.RadiusOfGyration(smp.coordinates, nil)
		result["radius_of_gyration"] = smp.rg
	}
	if g.files != nil {
		software := g.session.host.Arguments().Version
		result["software"] = software
		f.Files = []checkpointdb.File{{Path: g.file(index), Data: g.fileOf(index, software)}}
	}
	var err error
	f.Result, err = checkpointdb.EncodeResult(result)
	g.check(err)
	return f
}

// commit records samples together.
func (g *sampling) commit(indices []int64, batch []checkpointdb.Finished) {
	s := g.session
	if err := s.store(g.call.L, g.request.caller).Record(batch); err != nil {
		g.call.Raise(fmt.Sprintf("samples %s could not be recorded: %v", rangesText(indices), err), "")
	}
	for i, index := range indices {
		smp := g.sample(index)
		smp.state = sampleMade
		s.depend("task", taskField(smp.key), batch[i].Result.Digest)
	}
	g.saved += int64(len(batch))
	g.bar.Add(int64(len(batch)))
	g.tellSaved()
}

// fail records that a sample failed.
func (g *sampling) fail(index int64, err error) {
	s, l := g.session, g.call.L
	smp := g.sample(index)
	r := g.requestFor(sampleTask, "index", float64(index))
	t := s.enter(l, r, smp.key, s.static(l, r), smp.replace)
	defer t.leave()
	smp.state, smp.reason = sampleFailed, reasonOf(index, err)
	g.check(t.attempt.Fail(smp.reason))
	s.host.Message("✗ Sample %d failed: %s", index, smp.reason)
}

// reasonOf is why a sample failed, without its index, which stands before it.
func reasonOf(index int64, err error) string {
	return strings.TrimPrefix(spec.Plain(err.Error()), fmt.Sprintf("sample %d: ", index))
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
