package bindings

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"io"
	"regexp"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
	"runlua/checkpointdb"
)

// checkpointModule is the primitive below sweep.run: work that is done once.
func (s *Session) checkpointModule() spec.Module {
	return spec.Module{
		Name: "checkpoint",
		Doc:  "Work that is done once for each run directory and recorded.",
		Funcs: []spec.Func{{
			Name: taskCaller,
			Doc: "The recorded result of the task of this name and these parameters; where there is none, the function is run and " +
				"what it returns is recorded. What it does besides, such as to write into a table from outside, is not done again then. The function gets a copy of the parameters and the task itself. A table { fixed = … } before " +
				"the function names further values that the result depends on.",
			Args: []spec.Arg{
				{Name: "name", Kind: taskName, Doc: "letters, digits and _ . -"},
				{Name: "params", Kind: spec.Any, Doc: "plain data; with the name it is the task's key"},
				{Name: "fn", Kind: spec.Any, Doc: "the function, or { fixed = … } before it"},
			},
			Rest:    true,
			Returns: "the result: what the function returned, as it was recorded",
			Example: `local r = checkpoint.task("voids", { beta = 0.1 }, function(p) … return radii end)`,
			Call: func(c *spec.Call) []lua.LValue {
				r := request{caller: taskCaller, name: c.String("name")}
				var err error
				r.params, err = toGo(c.Lua("params"), "params")
				c.Check(err)
				fn := c.Lua("fn")
				if t, ok := fn.(*lua.LTable); ok && len(c.Extra) == 1 {
					r.fixed = fixedOf(c, t)
					fn = c.Extra[0]
				} else if len(c.Extra) > 0 {
					c.Raise(fmt.Sprintf("takes a name, parameters and a function, got %d arguments", 3+len(c.Extra)), "")
				}
				f, ok := fn.(*lua.LFunction)
				if !ok || f.IsG {
					c.Fail("fn", "must be a Lua function, got "+spec.Describe(fn), "")
				}
				r.fn = f
				return []lua.LValue{s.run(c.L, r).value}
			},
		}, {
			Name: "checkpoint.directory", Doc: "The run directory, for messages. No part of a task's result should depend on it.",
			Returns: "an absolute path",
			Call: func(c *spec.Call) []lua.LValue {
				return []lua.LValue{lua.LString(s.store(c.L, "checkpoint.directory").Dir())}
			},
		}},
		Types: []spec.Type{s.taskType()},
	}
}

func fixedOf(c *spec.Call, t *lua.LTable) any {
	var fixed any
	for k, v := t.Next(lua.LNil); k != lua.LNil; k, v = t.Next(k) {
		if k != lua.LString("fixed") {
			c.Raise(fmt.Sprintf("there is no field %s, only fixed", spec.Describe(k)), "")
		}
		plain, err := toGo(v, "fixed")
		c.Check(err)
		fixed = plain
	}
	return fixed
}

var taskNamePattern = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)

// taskName is a name that reads well in a path, a table and a fingerprint.
var taskName = spec.NewKind("a name of letters, digits and _ . -", func(v lua.LValue) (any, error) {
	if s, ok := v.(lua.LString); ok && taskNamePattern.MatchString(string(s)) {
		return string(s), nil
	}
	return nil, fmt.Errorf("must be a name of letters, digits and _ . -, got %s", spec.Describe(v))
})

// taskType is what a task's function gets as its second argument.
func (s *Session) taskType() spec.Type {
	running := func(c *spec.Call) *task {
		u, _ := c.Self.(*lua.LUserData)
		t, ok := u.Value.(*task)
		if !ok || s.task != t {
			c.Raise("belongs to a task that is not the running one", "")
		}
		return t
	}
	return spec.Type{
		Name: "task",
		Doc:  "The running task: saving state of the script's own.",
		Methods: []spec.Func{
			{
				Name: "task:save", Doc: "Saves plain data as the task's own state, durably; task:load returns it after an interruption.",
				Args: []spec.Arg{{Name: "state", Kind: spec.Any, Doc: "plain data"}},
				Call: func(c *spec.Call) []lua.LValue {
					t := running(c)
					plain, err := toGo(c.Lua("state"), "state")
					c.Check(err)
					state, err := checkpointdb.EncodeResult(plain)
					c.Check(err)
					t.saves++
					err = t.attempt.SaveSnapshot(ownSlot, checkpointdb.SnapshotMeta{Step: t.saves, Fingerprint: t.fingerprint()}, func(w io.Writer) error {
						return writeHeader(w, header{Rows: state, Random: t.randomPosition(), Calls: t.calls})
					})
					if err != nil {
						t.saver.failed(err)
					}
					return nil
				},
			},
			{
				Name: "task:load", Doc: "What task:save saved last in this task before it was interrupted.",
				Returns: "the state, or nil when the task begins afresh",
				Call: func(c *spec.Call) []lua.LValue {
					t := running(c)
					var value lua.LValue = lua.LNil
					_, err := t.attempt.LoadSnapshot(ownSlot, func(meta checkpointdb.SnapshotMeta, r io.Reader) error {
						h, err := readHeader(r)
						if err != nil {
							return err
						}
						plain, err := h.Rows.Decode()
						if err != nil {
							return err
						}
						value = toLua(c.L, plain)
						t.saves, t.calls = meta.Step, h.Calls
						t.resumed(meta)
						t.setRandomPosition(h.Random)
						return nil
					})
					c.Check(err)
					return []lua.LValue{value}
				},
			},
		},
	}
}

// ownSlot holds what task:save saves.
var ownSlot = checkpointdb.Slot{Call: 0, Settings: "state"}

func (t *task) userdata(l *lua.LState) *lua.LUserData {
	u := l.NewUserData()
	u.Value = t
	u.Metatable = t.session.taskType().Metatable(l)
	return u
}

// header stands before a kernel's state in a snapshot: the rows recorded so far
// and how far the task's random numbers are used up (0: none was drawn).
type header struct {
	Rows     *checkpointdb.Result
	Random   uint64
	Recorded int64 // the step of the last row
	Calls    int   // of evolve in the task, before its own state was saved
}

func (t *task) randomPosition() uint64 {
	if t.random == nil {
		return 0
	}
	return t.random.Position()
}

func (t *task) setRandomPosition(p uint64) {
	if p == 0 && t.random == nil {
		return
	}
	t.session.stream().SetPosition(p)
}

func writeHeader(w io.Writer, h header) error {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(h); err != nil {
		return err
	}
	var size [8]byte
	for i, n := 0, b.Len(); i < 8; i++ {
		size[i] = byte(n >> (8 * i))
	}
	if _, err := w.Write(size[:]); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

func readHeader(r io.Reader) (header, error) {
	var h header
	var size [8]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return h, fmt.Errorf("the snapshot's header can't be read: %w", err)
	}
	n := int64(0)
	for i := range size {
		n |= int64(size[i]) << (8 * i)
	}
	if n < 0 || n > 1<<32 {
		return h, fmt.Errorf("the snapshot's header has no sensible size, got %d", n)
	}
	b, err := io.ReadAll(io.LimitReader(r, n))
	if err == nil && int64(len(b)) != n {
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		err = gob.NewDecoder(bytes.NewReader(b)).Decode(&h)
	}
	if err != nil {
		return h, fmt.Errorf("the snapshot's header can't be read: %w", err)
	}
	return h, nil
}
