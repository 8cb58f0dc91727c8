package bindings

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sort"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/fingerprint"
	"runlua/bindings/spec"
	"runlua/checkpointdb"
	"runlua/kernels/rng"
)

// task is one execution of a task in this process.
type task struct {
	session  *Session
	parent   *task
	key      checkpointdb.Key
	attempt  *checkpointdb.Attempt
	static   checkpointdb.Fingerprint // code, captured values, fixed
	reads    map[[2]string]string     // what it turned out to depend on: kind and name to value
	calls    int                      // evolves and samples so far
	callback bool                     // a callback of one of them is running
	saves    int64                    // calls of task:save so far
	items    bool                     // math.random is an item's, see chunks
	random   *rng.Stream
	saver    saver
}

// request is what a script asks for with checkpoint.task or sweep.run.
type request struct {
	caller string // the Lua function, for errors
	name   string
	params any // plain data, as toGo returns it
	fixed  any // plain data, nil if none
	fn     *lua.LFunction
	check  func(plain any) error    // of what fn returned, before it is recorded; may be nil
	items  bool                     // random numbers belong to items, whichever task they are worked on in
	fields checkpointdb.Fingerprint // where a module does the work itself and fn is nil: what it is known by
	static checkpointdb.Fingerprint // of fn and fixed; nil: not found yet
}

// outcome is a task's result and whether it was recorded before.
type outcome struct {
	value    lua.LValue
	recorded bool
	result   *checkpointdb.Result // of which value was decoded
}

// depend notes a field of the fingerprint that shows itself while the task runs.
func (t *task) depend(kind, name, value string) { t.reads[[2]string{kind, name}] = value }

// resumed notes what the task depended on by the time of a snapshot that it is
// taken up from: the work that showed it will not be done again.
func (t *task) resumed(meta checkpointdb.SnapshotMeta) {
	for _, f := range meta.Fingerprint {
		if !isStatic(f.Kind) {
			t.depend(f.Kind, f.Name, f.Value)
		}
	}
}

// fingerprint is the task's fingerprint as far as it is known by now.
func (t *task) fingerprint() checkpointdb.Fingerprint {
	fp := append(checkpointdb.Fingerprint(nil), t.static...)
	for k, v := range t.reads {
		fp = append(fp, checkpointdb.Field{Kind: k[0], Name: k[1], Value: v})
	}
	return sortFields(fp)
}

func sortFields(fp checkpointdb.Fingerprint) checkpointdb.Fingerprint {
	sort.Slice(fp, func(i, j int) bool {
		if fp[i].Kind != fp[j].Kind {
			return fp[i].Kind < fp[j].Kind
		}
		return fp[i].Name < fp[j].Name
	})
	return fp
}

// randomID is the task's in a stream of random numbers.
func (t *task) randomID() uint64 { return idOf(t.key.Name + string(t.key.Params)) }

func idOf(text string) uint64 {
	sum := sha256.Sum256([]byte(text))
	return binary.LittleEndian.Uint64(sum[:8])
}

// key is the key of a request.
func (s *Session) key(l *lua.LState, r request) checkpointdb.Key {
	key, err := checkpointdb.NewKey(r.name, r.params)
	if err != nil {
		spec.Raise(l, r.caller, err.Error(), "")
	}
	return key
}

func (s *Session) store(l *lua.LState, caller string) *checkpointdb.Store {
	s.answerHelpBeforeWork(l)
	if s.options == nil && len(s.host.Arguments().Words) > 0 {
		s.usage = true
		spec.Raise(l, caller, fmt.Sprintf("the script declares no options, got %q", s.host.Arguments().Words[0]), "declare them with options{ … } before the first task")
	}
	store, err := s.host.Store()
	if err != nil {
		spec.Raise(l, caller, err.Error(), "")
	}
	return store
}

// run returns the recorded result of a task, or runs its function and records
// what it returns.
func (s *Session) run(l *lua.LState, r request) outcome {
	store := s.store(l, r.caller)
	key := s.key(l, r)
	static := s.static(l, r)

	defer s.hold(l, key.Digest())()
	record, err := store.Task(key)
	if err != nil {
		spec.Raise(l, r.caller, err.Error(), "")
	}
	replace := false
	if record != nil {
		verdict := s.judge(l, r, key, static, record)
		if verdict == taken {
			return s.finish(l, r, key, record.Result, true)
		}
		replace = verdict == stale
	} else if near, found, err := store.NearDuplicate(key); err == nil && found {
		s.host.Warn("%s is nearly %s, which this run knows already: they are different tasks, since numbers count to their last digit", key, near)
	}

	t := s.enter(l, r, key, static, replace)
	defer t.leave()
	t.checkUnfinished(l, r)
	value := t.call(l, r)
	plain, err := toGo(value, "result")
	if err != nil {
		spec.Raise(l, r.caller, fmt.Sprintf("%s: %v", key, err), "")
	}
	if r.check != nil {
		if err := r.check(plain); err != nil {
			spec.Raise(l, r.caller, fmt.Sprintf("%s: %v", key, err), "")
		}
	}
	result := t.commit(l, r, plain)
	s.task = t.parent
	return s.finish(l, r, key, result, false)
}

// enter opens an attempt of a task and makes it the running one. leave is to be
// deferred.
func (s *Session) enter(l *lua.LState, r request, key checkpointdb.Key, static checkpointdb.Fingerprint, replace bool) *task {
	s.refuseInDenoiser(l, r.caller)
	attempt, err := s.store(l, r.caller).Begin(key)
	if err != nil {
		spec.Raise(l, r.caller, err.Error(), "")
	}
	if replace {
		attempt.Replace()
	}
	t := &task{session: s, parent: s.task, key: key, attempt: attempt, static: static, items: r.items, reads: map[[2]string]string{}}
	t.saver.failed = func(err error) {
		s.host.Message("A snapshot of %s could not be saved: %s. The run goes on; the snapshot before it stays valid.", key, spec.Plain(err.Error()))
	}
	s.task = t
	return t
}

// refuseInDenoiser refuses work of its own to a denoiser of the script's.
func (s *Session) refuseInDenoiser(l *lua.LState, caller string) {
	if s.denoising {
		spec.Raise(l, caller, "can't run in a denoiser: it is asked at each step, and its answer must follow from its arguments alone", "do it before, and let the denoiser capture the result")
	}
}

// leave makes the task around the running one again. Where a panic passes it
// ends the attempt: interrupted or failed.
func (t *task) leave() {
	s := t.session
	s.task = t.parent
	if failure := recover(); failure != nil {
		t.saver.wait()
		if s.host.Context().Err() != nil {
			t.attempt.Interrupted()
		} else {
			t.attempt.Fail(failureText(failure))
		}
		panic(failure)
	}
}

// commit records the task's result, plain data.
func (t *task) commit(l *lua.LState, r request, plain any) *checkpointdb.Result {
	result, err := checkpointdb.EncodeResult(plain)
	if err != nil {
		spec.Raise(l, r.caller, fmt.Sprintf("%s: %v", t.key, err), "")
	}
	t.saver.wait()
	if err := t.attempt.Commit(t.fingerprint(), result); err != nil {
		spec.Raise(l, r.caller, fmt.Sprintf("%s: the result could not be recorded: %v", t.key, err), "")
	}
	return result
}

// call runs the task's function on a copy of its parameters.
func (t *task) call(l *lua.LState, r request) lua.LValue {
	l.Push(r.fn)
	l.Push(toLua(l, r.params))
	l.Push(t.userdata(l))
	top := l.GetTop() - 3
	l.Call(2, lua.MultRet)
	n := l.GetTop() - top
	if n > 1 {
		spec.Raise(l, r.caller, fmt.Sprintf("%s returned %d values, but a task has one result", t.key, n), "return { … } with all of them in it")
	}
	if n == 0 || l.Get(-1) == lua.LNil {
		spec.Raise(l, r.caller, fmt.Sprintf("%s returned nothing", t.key), "return the result: a number, a string, a table or an array")
	}
	value := l.Get(-1)
	l.Pop(1)
	return value
}

// finish hands a result out through its codec and notes that the task around
// depends on it.
func (s *Session) finish(l *lua.LState, r request, key checkpointdb.Key, result *checkpointdb.Result, recorded bool) outcome {
	s.depend("task", taskField(key), result.Digest)
	s.checked.set(key.Digest(), result.Digest)
	plain, err := result.Decode()
	if err != nil {
		spec.Raise(l, r.caller, fmt.Sprintf("%s: the recorded result can't be read: %v", key, err), "")
	}
	return outcome{toLua(l, plain), recorded, result}
}

// static is the part of the fingerprint that is known before the task runs.
func (s *Session) static(l *lua.LState, r request) checkpointdb.Fingerprint {
	if r.static != nil {
		return r.static
	}
	if r.fn == nil {
		return sortFields(r.fields)
	}
	fields, assigned, err := fingerprint.Describe(r.fn, fingerprint.Options{HostName: s.HostName})
	if err != nil {
		spec.Raise(l, r.caller, err.Error(), "")
	}
	if r.caller == taskCaller { // of a sweep's points the workers tell
		s.warnOfAssigned(assigned)
	}
	var fp checkpointdb.Fingerprint
	for _, f := range fields {
		fp = append(fp, checkpointdb.Field{Kind: f.Kind, Name: f.Name, Value: f.Value})
	}
	switch fixed := r.fixed.(type) {
	case nil:
	case map[string]any:
		for k, v := range fixed {
			fp = append(fp, checkpointdb.Field{Kind: "fixed", Name: k, Value: canonicalText(v)})
		}
	default:
		fp = append(fp, checkpointdb.Field{Kind: "fixed", Name: "fixed", Value: canonicalText(fixed)})
	}
	return sortFields(fp)
}

// taskCaller is the function that scripts make a single task with.
const taskCaller = "checkpoint.task"

// warnOfAssigned tells, once a run, of tables that the function of a task writes into.
func (s *Session) warnOfAssigned(names []string) {
	for _, name := range names {
		if !s.assignedTold[name] {
			s.assignedTold[name] = true
			s.host.Warn("%s: the function writes into %s, which is not done again once its result is recorded; return it with the result", taskCaller, name)
		}
	}
}

// taskField is how a fingerprint names another task: its name and parameters in
// canonical form.
func taskField(key checkpointdb.Key) string { return key.Name + " " + string(key.Params) }

func parseTaskField(field string) (checkpointdb.Key, bool) {
	name, params, ok := strings.Cut(field, " ") // no task's name holds a blank
	return checkpointdb.Key{Name: name, Params: []byte(params)}, ok
}

// current is what a fingerprint recorded earlier would be now: the static part
// as given, and each thing the task turned out to depend on looked at again.
func (s *Session) current(store *checkpointdb.Store, static, recorded checkpointdb.Fingerprint) checkpointdb.Fingerprint {
	now := append(checkpointdb.Fingerprint(nil), static...)
	for _, f := range recorded {
		switch f.Kind {
		case "option":
			if s.options == nil || s.options.byName[f.Name] == nil {
				continue
			}
			f.Value = s.optionNow(s.options.byName[f.Name])
		case "file":
			f.Value = s.fileDigest(f.Name)
		case "task":
			f.Value = s.taskNow(store, f)
		case "module":
			code, err := s.moduleCode(f.Name)
			if err != nil {
				code = absent
			}
			f.Value = code
		case "module state":
			f.Value = s.moduleState(f.Name)
		case "kernel":
			version, ok := kernelVersions[f.Name]
			if !ok {
				continue
			}
			f.Value = version
		default:
			continue
		}
		now = append(now, f)
	}
	return sortFields(now)
}

// taskNow is the digest of a task that another one asked for. Where something
// that it depends on has changed since, it is told instead.
func (s *Session) taskNow(store *checkpointdb.Store, f checkpointdb.Field) string {
	key, ok := parseTaskField(f.Name)
	if !ok {
		return f.Value
	}
	if digest, ok := s.checked.get(key.Digest()); ok {
		return digest
	}
	record, err := store.Task(key)
	if err != nil || record == nil {
		return f.Value // it will be computed again when it is asked for
	}
	s.checked.set(key.Digest(), record.Result.Digest)
	var static checkpointdb.Fingerprint
	for _, field := range record.Fingerprint {
		if isStatic(field.Kind) {
			static = append(static, field)
		}
	}
	diff := record.Fingerprint.Diff(s.current(store, static, record.Fingerprint))
	if len(diff) > 0 {
		s.checked.set(key.Digest(), describeDifference(diff[0]))
	}
	now, _ := s.checked.get(key.Digest())
	return now
}

func isStatic(kind string) bool { return kind == "code" || kind == "captured" || kind == "fixed" }

// A verdict on what is recorded of a task.
type verdict int

const (
	taken   verdict = iota // it is the result
	stale                  // it was made with other settings and is to be replaced
	damaged                // a file that the task wrote is to be made again
)

// judge tells what becomes of a recorded result. Where the fingerprint differs
// it stops the script, or does what --stale says.
func (s *Session) judge(l *lua.LState, r request, key checkpointdb.Key, static checkpointdb.Fingerprint, record *checkpointdb.Record) verdict {
	store := s.store(l, r.caller)
	diff := record.Fingerprint.Diff(s.current(store, static, record.Fingerprint))
	if len(diff) > 0 {
		switch s.host.Policy().Stale {
		case "keep":
			s.host.Warn("%s: the recorded result is kept (--stale keep): %s", key, describeDifference(diff[0]))
		case "rerun":
			s.host.Warn("%s is computed again (--stale rerun): %s", key, describeDifference(diff[0]))
			return stale
		default:
			spec.Raise(l, r.caller, fmt.Sprintf("%s is recorded with other settings:\n%s", key, describeDifferences(diff)),
				"--stale rerun computes it again, --stale keep takes the recorded result, --dir FOLDER starts another run")
		}
	}
	if len(diff) > 0 || record.Done() {
		for _, f := range record.Damaged {
			s.host.Warn("%s: its file %s %s, and stays so: with other settings it would be made otherwise", key, f.Path, f.Problem)
		}
		return taken
	}
	for _, f := range record.Damaged {
		s.host.Warn("%s is computed again: its file %s %s", key, f.Path, f.Problem)
	}
	return damaged
}

// checkUnfinished compares the fingerprint that the task's newest snapshot
// carries before anything is run.
func (t *task) checkUnfinished(l *lua.LState, r request) {
	recorded, found, err := t.attempt.UnfinishedFingerprint()
	if err != nil {
		spec.Raise(l, r.caller, err.Error(), "")
	}
	if !found {
		return
	}
	s := t.session
	diff := recorded.Diff(s.current(s.store(l, r.caller), t.static, recorded))
	if len(diff) == 0 {
		return
	}
	if s.host.Policy().Stale == "rerun" {
		s.host.Message("%s starts again (--stale rerun): %s", t.key, describeDifference(diff[0]))
		if err := t.attempt.DropSnapshots(); err != nil {
			spec.Raise(l, r.caller, err.Error(), "")
		}
		return
	}
	hint := "--stale rerun starts it again, --dir FOLDER starts another run"
	if s.host.Policy().Stale == "keep" {
		hint = "there is no result yet that --stale keep could take; " + hint
	}
	spec.Raise(l, r.caller, fmt.Sprintf("%s is unfinished, and was begun with other settings:\n%s", t.key, describeDifferences(diff)), hint)
}

// failureText is what a task failed with, as it is recorded and shown: of an error
// value that is a table its field message, and never where it lies in memory.
func failureText(failure any) string {
	e, ok := failure.(*lua.ApiError)
	if !ok {
		return fmt.Sprint(failure)
	}
	switch v := e.Object.(type) {
	case lua.LString, lua.LNumber, lua.LBool, *lua.LNilType:
		return v.String()
	case *lua.LTable:
		if message, ok := v.RawGetString("message").(lua.LString); ok {
			return string(message)
		}
	}
	return "error value: " + spec.Describe(e.Object)
}
