package host

import (
	"context"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings"
	"runlua/bindings/spec"
	"runlua/host/sandbox"
)

// newState makes a sandboxed Lua state with the modules in it, whose session
// talks to h: the one of the script, or of a worker.
func (r *run) newState(h bindings.Host, ctx func() context.Context) (*bindings.Session, *lua.LState) {
	var session *bindings.Session
	loader := &modules{gate: r.gate}
	l := sandbox.NewState(sandbox.Options{
		MemoryLimit: r.limit,
		Print:       h.Board().Out(),
		Random:      scriptRandom{&session},
		Require:     loader.require,
		Warn:        func(text string) { r.Warn("%s", text) },
		Panics:      &r.panics,
		Loaded:      func(*lua.LFunction) { session.RefuseLoadInTask() },
	})
	spec.SetGuard(l, r.panics.Guard)
	session = bindings.New(l, h)
	session.HostNames = func(v lua.LValue) (string, bool) { return sandbox.HostName(l, v) }
	session.ModuleCode = func(name string) (string, error) { return loader.codeOnDisk(l, name) }
	loader.session = session
	loader.builtin = session.Open()
	loader.names = session.ModuleNames
	if len(r.cfg.AllowExec) > 0 {
		r.allowExec(l, ctx)
	}
	return session, l
}

// Worker makes a state for one point of a sweep. What it holds counts as the
// script's: the watchdog of the script's state looks at the whole heap.
func (r *run) Worker(h bindings.Host) (*bindings.Session, func()) {
	session, l := r.newState(h, h.Context)
	l.SetContext(h.Context())
	return session, l.Close
}

// scriptRandom supplies math.random from the session, which knows the running
// task.
type scriptRandom struct{ session **bindings.Session }

func (s scriptRandom) Float64() float64    { return (*s.session).Float64() }
func (s scriptRandom) Reseed(seed float64) { (*s.session).Reseed(seed) }
func (s scriptRandom) WantsSeeds() bool    { return (*s.session).WantsSeeds() }
