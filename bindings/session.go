package bindings

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"sort"
	"sync"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/kernels/rng"
)

// A Session is the modules' side of one Lua state: the host they talk to, the
// options that the script declared and the task that is running.
type Session struct {
	host    Host
	l       *lua.LState
	options *optionSet
	task    *task // the innermost running task, nil outside of tasks
	random  *rng.Stream

	// HostNames names what the host itself put into the state; may be nil.
	HostNames func(v lua.LValue) (string, bool)
	// ModuleCode is the digest of a module of the script's own as it is on disk;
	// may be nil.
	ModuleCode func(name string) (string, error)

	hostNames    map[lua.LValue]string // what a fingerprint calls the host's own values
	assignedTold map[string]bool       // tables that a task writes into, of which was told
	checked      *checkedTasks
	claims       *claims // of the tasks that run, in whichever state
	held         *claim  // the innermost that this state holds, or in a worker that of whom the sweep is part
	modules      map[string]*loadedModule
	loaded       map[string]lua.LValue // runlua's modules
	load         func(name string) (lua.LValue, bool)
	loading      []*loadedModule
	denoising    bool // a denoiser of the script's own is running
	usage        bool // the script was called with wrong options
	helped       bool // --help was answered
	failed       int  // pieces of work that failed while the script went on
}

// New returns the modules' side of a Lua state. Modules and Globals put it to
// work.
func New(l *lua.LState, host Host) *Session {
	return &Session{
		host: host, l: l, hostNames: map[lua.LValue]string{}, assignedTold: map[string]bool{}, modules: map[string]*loadedModule{}, loaded: map[string]lua.LValue{},
		checked: &checkedTasks{digests: map[string]string{}}, claims: newClaims(),
	}
}

// WrongUsage tells whether the script stopped because of the options typed.
func (s *Session) WrongUsage() bool { return s.usage }

// Helped tells whether the script stopped because it printed its options.
func (s *Session) Helped() bool { return s.helped }

// Failed is the number of pieces of work, such as samples, that failed while
// the script went on.
func (s *Session) Failed() int { return s.failed }

// DeclaredOptions tells whether the script called options{…}.
func (s *Session) DeclaredOptions() bool { return s.options != nil }

// Modules lists the modules that a script may require.
func (s *Session) Modules() []spec.Module {
	return []spec.Module{
		s.arrayModule(), s.checkpointModule(), s.cosmologyModule(), s.denoiserModule(), s.diffusionModule(), s.exportModule(), s.fileModule(),
		s.gravityModule(), s.halosModule(), s.nbodyModule(), s.plotModule(), s.powerModule(), s.progressModule(),
		s.statsModule(), s.structureModule(), s.sweepModule(), s.voidsModule(),
	}
}

// Globals lists the functions that need no require.
func (s *Session) Globals() []spec.Func {
	return append(s.rangeFuncs(), s.chunksFunc(), s.optionsFunc(), s.warnFunc())
}

// Open sets the globals and returns the loader that require asks first.
func (s *Session) Open() (load func(name string) (lua.LValue, bool)) {
	for _, f := range s.Globals() {
		fn := f.Function(s.l)
		s.l.SetGlobal(f.Name, fn)
		s.hostNames[fn] = f.Name
	}
	modules := sync.OnceValue(func() map[string]spec.Module { // many a worker needs none
		byName := map[string]spec.Module{}
		for _, m := range s.Modules() {
			byName[m.Name] = m
		}
		return byName
	})
	s.load = func(name string) (lua.LValue, bool) {
		if v, ok := s.loaded[name]; ok {
			return v, true
		}
		m, ok := modules()[name]
		if !ok {
			return nil, false
		}
		t := m.Table(s.l)
		s.hostNames[t] = m.Name
		t.ForEach(func(k, v lua.LValue) { s.hostNames[v] = m.Name + "." + k.String() })
		s.loaded[name] = t
		return t, true
	}
	return s.load
}

// ModuleNames lists what require knows, sorted, for suggestions.
func (s *Session) ModuleNames() []string {
	var names []string
	for _, m := range s.Modules() {
		names = append(names, m.Name)
	}
	sort.Strings(names)
	return names
}

// HostName says what a value of the host's is called, for fingerprints: host
// functions enter by name, and by the version of the kernel they call.
func (s *Session) HostName(v lua.LValue) (string, bool) {
	name, ok := s.hostNames[v]
	if !ok && s.HostNames != nil {
		return s.HostNames(v)
	}
	return name, ok
}

// Float64 is the next random number in [0, 1) of math.random: of the running
// task's own generator, keyed by the option seed and the task's key, or outside
// of tasks by the option seed alone.
func (s *Session) Float64() float64 { return s.stream().Float64() }

// WantsSeeds tells whether each item of a chunk is to be given its own seed.
func (s *Session) WantsSeeds() bool { return s.task != nil && s.task.items }

// Reseed restarts the generator, as math.randomseed does: inside a task the
// task's key still enters.
func (s *Session) Reseed(n float64) {
	seed := math.Float64bits(n)
	if s.task != nil && s.task.items {
		s.task.random = rng.NewStream(s.scriptSeed(), rng.PurposeScript, idOf(fmt.Sprintf("%s item %016x", s.task.key.Name, seed)))
		return
	}
	if s.task != nil {
		s.task.random = rng.NewStream(seed, rng.PurposeScript, s.task.randomID())
		return
	}
	s.random = rng.NewStream(seed, rng.PurposeScript, 0)
}

func (s *Session) stream() *rng.Stream {
	if s.denoising {
		s.l.RaiseError("math.random: a denoiser's answer must follow from its arguments alone: a sample's noise is the sampler's business")
	}
	if n := len(s.loading); n > 0 {
		return s.moduleRandom(s.loading[n-1])
	}
	if s.task != nil {
		if s.task.random == nil && s.task.items {
			s.l.RaiseError("math.random: an item's random numbers must not depend on its chunk\n  hint: call math.randomseed(i) before item i draws any")
		}
		if s.task.random == nil {
			s.task.random = rng.NewStream(s.scriptSeed(), rng.PurposeScript, s.task.randomID())
		}
		return s.task.random
	}
	if s.random == nil {
		s.random = rng.NewStream(s.scriptSeed(), rng.PurposeScript, 0)
	}
	return s.random
}

// scriptSeed is the script's option seed, else 0.
func (s *Session) scriptSeed() uint64 {
	if s.options == nil {
		return 0
	}
	o := s.options.byName["seed"]
	if o == nil {
		return 0
	}
	s.recordOptionRead(o)
	switch v := o.value.(type) {
	case float64:
		return uint64(int64(v))
	case string:
		return rng.SeedFromString(v)
	}
	return 0
}

// writeResult writes a file below results/, or by an absolute path in a granted
// folder, and returns its path: from the run directory, or the absolute one. In
// a task it is one of the task's artifacts, recorded with the result.
func (s *Session) writeResult(path string, write func(io.Writer) error) (string, error) {
	if filepath.IsAbs(path) {
		if s.task != nil {
			return "", fmt.Errorf("can't write %q: what a task writes is recorded with it, so it stands below results/, by a relative path", path)
		}
		return path, s.host.Files().WriteResult(path, write)
	}
	rel, err := s.host.Files().ResultPath(path)
	if err != nil {
		return "", err
	}
	if s.task != nil {
		if s.task.callback {
			return "", fmt.Errorf("can't write %q from record or on_step: a resume does not call them again; write it after the evolve", path)
		}
		return rel, s.task.attempt.WriteArtifact(rel, write)
	}
	return rel, s.host.Files().WriteResult(path, write)
}

// seedOf is the Go value of a spec.Seed argument.
func seedOf(v any) uint64 {
	switch v := v.(type) {
	case uint64:
		return v
	case string:
		return rng.SeedFromString(v)
	}
	panic(fmt.Sprintf("bindings: a seed is %T", v))
}
