package bindings

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/fingerprint"
	"runlua/bindings/spec"
	"runlua/kernels/rng"
)

// loadedModule is a module of the script's own, required in this process.
type loadedModule struct {
	name  string
	code  string               // digest of its chunk
	reads map[[2]string]string // what loading it turned out to depend on

	value  lua.LValue  // what it returned; nil while it loads
	fresh  string      // its state when it had loaded
	random *rng.Stream // of math.random while it loads
}

// asLoaded is the state of a module that nobody has changed since it loaded.
const asLoaded = "as loaded"

// depend notes a field of the fingerprint with the running task, and with the
// modules that are being loaded.
func (s *Session) depend(kind, name, value string) {
	for _, m := range s.loading {
		m.reads[[2]string{kind, name}] = value
	}
	if s.task != nil {
		s.task.depend(kind, name, value)
	}
}

// BeginModule notes that a module of the script's own begins to load, from a
// chunk of the given digest; end is to be called when it has loaded or failed.
func (s *Session) BeginModule(name, code string) (end func()) {
	m := &loadedModule{name: name, code: code, reads: map[[2]string]string{{"module", name}: code}}
	s.modules[name] = m
	s.loading = append(s.loading, m)
	return func() { s.loading = s.loading[:len(s.loading)-1] }
}

// UseModule notes that a loaded module is required. A task that requires a
// module while it runs depends on its whole code, and on what loading it read;
// of one that is required outside, the task's function shows what it uses.
func (s *Session) UseModule(name string) {
	m := s.modules[name]
	if m == nil {
		return
	}
	for field, value := range m.reads {
		s.depend(field[0], field[1], value)
	}
	s.depend("module state", name, s.moduleState(name))
}

// Loaded is what a module returned that has been loaded.
func (s *Session) Loaded(name string) (value lua.LValue, ok bool) {
	if m := s.modules[name]; m != nil && m.value != nil {
		return m.value, true
	}
	return nil, false
}

// LoadedModule notes what a module returned.
func (s *Session) LoadedModule(name string, value lua.LValue) {
	m := s.modules[name]
	m.value = value
	m.fresh = s.stateOf(value)
}

// MissingModule notes that a module was required in vain, which a script may
// catch.
func (s *Session) MissingModule(name string) { s.depend("module", name, absent) }

// RefuseLoadInTask stops a task that compiles code by load: what such code names
// is not known before it runs, so a change of it would go unseen.
func (s *Session) RefuseLoadInTask() {
	if s.task != nil {
		spec.Raise(s.l, "load", "can't be used within a task: a change of what it compiles would go unseen", "write the function into the script or a module, or load it before the task")
	}
}

// moduleState tells whether a module's fields and what they reach are as they
// were when it had loaded, and else what they are now.
func (s *Session) moduleState(name string) string {
	m := s.modules[name]
	if m == nil || m.value == nil {
		return asLoaded
	}
	if now := s.stateOf(m.value); now != m.fresh {
		return now
	}
	return asLoaded
}

// stateOf is a digest of a value and of all that it reaches: of a function that
// captures it.
func (s *Session) stateOf(value lua.LValue) string {
	chunk, err := s.l.LoadString("local module = ... return function() return module end")
	if err != nil {
		panic("bindings: " + err.Error())
	}
	s.l.Push(chunk)
	s.l.Push(value)
	s.l.Call(1, 1)
	getter := s.l.Get(-1).(*lua.LFunction)
	s.l.Pop(1)
	fields, err := fingerprint.Of(getter, fingerprint.Options{HostName: s.HostName})
	if err != nil {
		return err.Error()
	}
	return digestOf([]byte(fmt.Sprintf("%q", fields)))
}

// moduleRandom is math.random of a module that loads: its own, so that it does
// not matter which task requires it first.
func (s *Session) moduleRandom(m *loadedModule) *rng.Stream {
	if m.random == nil {
		sum := sha256.Sum256([]byte("module " + m.name))
		m.random = rng.NewStream(s.scriptSeed(), rng.PurposeScript, binary.LittleEndian.Uint64(sum[:8]))
	}
	return m.random
}

// moduleCode is the digest of a module's chunk now.
func (s *Session) moduleCode(name string) (string, error) {
	if m := s.modules[name]; m != nil {
		return m.code, nil
	}
	if s.ModuleCode == nil {
		return "", fmt.Errorf("bindings: no module %q", name)
	}
	return s.ModuleCode(name)
}
