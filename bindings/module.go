package bindings

import "fmt"

// loadedModule is a module of the script's own, required in this process.
type loadedModule struct {
	code  string               // digest of its chunk
	reads map[[2]string]string // what loading it turned out to depend on
}

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
	m := &loadedModule{code: code, reads: map[[2]string]string{{"module", name}: code}}
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
