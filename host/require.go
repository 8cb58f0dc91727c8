package host

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/host/sandbox"
)

// modules is the run's own require: first runlua's modules, then files beside
// the script, "lib.calibration" being lib/calibration.lua.
type modules struct {
	gate    *gate
	builtin func(name string) (lua.LValue, bool)
	names   []string // of runlua's modules, for suggestions
	opened  func(path string, text []byte)
	loaded  map[string]lua.LValue
	loading []string
}

func (m *modules) require(l *lua.LState) int {
	name := l.CheckString(1)
	if v, ok := m.builtin(name); ok {
		l.Push(v)
		return 1
	}
	if v, ok := m.loaded[name]; ok {
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

	path := strings.ReplaceAll(name, ".", "/") + ".lua"
	f, _, err := m.gate.OpenRead(path)
	if err != nil {
		hint := ""
		if near := spec.Suggest(name, m.names); near != "" {
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
	m.opened(path, text)
	fn, err := sandbox.Load(l, string(text), path)
	if err != nil {
		l.RaiseError("%v", err)
	}
	l.Push(fn)
	l.Push(lua.LString(name))
	l.Call(1, 1)
	v := l.Get(-1)
	l.Pop(1)
	if v == lua.LNil {
		v = lua.LTrue
	}
	m.loaded[name] = v
	l.Push(v)
	return 1
}
