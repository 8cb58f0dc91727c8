package host

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings"
	"runlua/bindings/fingerprint"
	"runlua/bindings/spec"
	"runlua/host/sandbox"
)

// modules is the run's own require: first runlua's modules, then files beside
// the script, "lib.calibration" being lib/calibration.lua.
type modules struct {
	gate    *gate
	builtin func(name string) (lua.LValue, bool)
	names   func() []string // of runlua's modules, for suggestions
	loading []string
	session *bindings.Session
}

func modulePath(name string) (string, error) {
	if name == "" || strings.ContainsAny(name, `/\`) || strings.Contains("."+name+".", "..") {
		return "", fmt.Errorf("a module's name is words with dots between, got %q", name)
	}
	return strings.ReplaceAll(name, ".", "/") + ".lua", nil
}

// code is the digest of a module's chunk, which comments do not change.
func (m *modules) code(l *lua.LState, chunk *lua.FunctionProto) (string, error) {
	fn := l.NewFunctionFromProto(chunk)
	fn.Env = l.NewTable() // the code alone, not what globals hold now
	fields, err := fingerprint.Of(fn, fingerprint.Options{HostName: m.session.HostName})
	if err != nil {
		return "", err
	}
	for _, f := range fields {
		if f.Kind == fingerprint.Code && f.Name == fingerprint.Root {
			return f.Value, nil
		}
	}
	return "", fmt.Errorf("the chunk has no code")
}

// codeOnDisk is the same of a module that need not be loaded.
func (m *modules) codeOnDisk(l *lua.LState, name string) (string, error) {
	path, err := modulePath(name)
	if err != nil {
		return "", err
	}
	f, _, err := m.gate.OpenRead(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	proto, err := sandbox.Compile(f, path)
	if err != nil {
		return "", err
	}
	return m.code(l, proto)
}

func (m *modules) require(l *lua.LState) int {
	name := l.CheckString(1)
	if v, ok := m.builtin(name); ok {
		l.Push(v)
		return 1
	}
	if v, ok := m.session.Loaded(name); ok {
		m.session.UseModule(name)
		l.Push(v)
		return 1
	}
	for i, n := range m.loading {
		if n == name {
			spec.Raise(l, "require", "modules must not require each other in a circle, got "+strings.Join(append(m.loading[i:], name), " -> "), "")
		}
	}
	m.loading = append(m.loading, name)
	defer func() { m.loading = m.loading[:len(m.loading)-1] }()

	path, err := modulePath(name)
	if err != nil {
		spec.Raise(l, "require", err.Error(), "folders are joined by dots: lib.calibration is lib/calibration.lua beside the script")
	}
	f, _, err := m.gate.OpenRead(path)
	if err != nil {
		m.session.MissingModule(name)
		hint := ""
		if near := spec.Suggest(name, m.names()); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		} else if m.gate.folder != "" {
			hint = "modules of one's own stand beside the script: " + filepath.Join(filepath.Base(m.gate.folder), path)
		}
		spec.Raise(l, "require", fmt.Sprintf("there is no module %q: %v", name, err), hint)
	}
	text, err := io.ReadAll(f)
	f.Close()
	if err != nil {
		spec.Raise(l, "require", err.Error(), "")
	}
	fn, err := sandbox.Load(l, string(text), path)
	if err != nil {
		l.Error(lua.LString(err.Error()), 0) // it names its own line
	}
	code, err := m.code(l, fn.Proto)
	if err != nil {
		spec.Raise(l, "require", err.Error(), "")
	}
	loaded := m.session.BeginModule(name, code)
	defer loaded()
	m.session.UseModule(name)
	l.Push(fn)
	l.Push(lua.LString(name))
	l.Call(1, 1)
	v := l.Get(-1)
	l.Pop(1)
	if v == lua.LNil {
		v = lua.LTrue
	}
	m.session.LoadedModule(name, v)
	l.Push(v)
	return 1
}
