package sandbox

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// ErrMemory is the cause of a cancellation by the watchdog.
var ErrMemory = errors.New("the script uses too much memory")

// ErrInstructions is the cause of a cancellation at the instruction limit.
var ErrInstructions = errors.New("the script executed too many instructions")

const (
	watchEvery = 20 * time.Millisecond
	// collectEvery is how often at most the watchdog has the heap collected to
	// tell the living from the dead.
	collectEvery = time.Second
)

// Watch gives L a context derived from ctx and starts a watchdog, which cancels
// it once the process's heap has grown by more than Options.MemoryLimit beyond
// the smallest it has been since and what Options.Exempt tells. Stop ends the watchdog; the
// context is then cancelled and L without one.
//
// The heap is the whole process's, so each of several states running at once
// sees what all use together.
func Watch(ctx context.Context, L *lua.LState) (stop func()) {
	s := stateOf(L)
	ctx, cancel := context.WithCancelCause(ctx)
	if s.InstructionLimit > 0 {
		ctx = &countedContext{Context: ctx, limit: s.InstructionLimit, cancel: cancel}
	}
	L.SetContext(ctx)
	runtime.GC() // what is dead already is no base to grow from
	base := heapBytes() - s.exempt()
	ended := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.watch(base, ended, cancel)
	}()
	return sync.OnceFunc(func() {
		close(ended)
		<-done
		L.RemoveContext()
		cancel(nil)
	})
}

// watch cancels when the heap has grown by more than MemoryLimit beyond base
// and what is exempt, both in bytes.
func (s *state) watch(base int64, ended <-chan struct{}, cancel context.CancelCauseFunc) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	var collected time.Time
	for {
		select {
		case <-ended:
			return
		case <-tick.C:
		}
		heap, exempt := heapBytes(), s.exempt()
		// What is exempt may be told before it is allocated.
		base = max(0, min(base, heap-exempt))
		held := base + exempt
		if heap-held <= s.MemoryLimit {
			continue
		}
		// Much of a busy heap may be dead: the collector waits until it has doubled
		// since it last ran. Up to twice the limit there is time between looks.
		if heap/2 <= held+s.MemoryLimit && time.Since(collected) < collectEvery {
			continue
		}
		runtime.GC()
		collected = time.Now()
		// Not heapBytes: the script may have left as much garbage again by now.
		if heap = liveBytes(); heap-held <= s.MemoryLimit {
			continue
		}
		cancel(fmt.Errorf("%w: %d MiB, of which %d MiB are allowed", ErrMemory, (heap-held)>>20, s.MemoryLimit>>20))
		return
	}
}

func (s *state) exempt() int64 {
	if s.Exempt == nil {
		return 0
	}
	return s.Exempt()
}

// A countedContext counts the Lua instructions executed under it: gopher-lua
// asks for Done before each.
type countedContext struct {
	context.Context
	executed atomic.Int64
	limit    int64
	cancel   context.CancelCauseFunc
}

func (c *countedContext) Done() <-chan struct{} {
	if c.executed.Add(1) == c.limit {
		c.cancel(fmt.Errorf("%w: %d are allowed", ErrInstructions, c.limit))
	}
	return c.Context.Done()
}

// checkCancelled raises a Lua error if L's context is done. Host functions that
// run long call it now and then.
func checkCancelled(L *lua.LState) {
	if ctx := L.Context(); ctx != nil && ctx.Err() != nil {
		L.RaiseError("%s", ctx.Err().Error())
	}
}

// Cancelled tells whether err, from a call into Lua under ctx, is the
// cancellation of ctx rather than an error of the script, and returns its
// cause: context.Canceled, context.DeadlineExceeded, what was given to a
// CancelCauseFunc, or an error that wraps ErrMemory or ErrInstructions.
//
// Ctx is the state's own: read it by L.Context() before stopping Watch.
func Cancelled(ctx context.Context, err error) (cause error, ok bool) {
	if ctx == nil || err == nil || ctx.Err() == nil {
		return nil, false
	}
	cause = context.Cause(ctx)
	if errors.Is(err, ctx.Err()) || errors.Is(err, cause) {
		return cause, true
	}
	message := err.Error()
	if e, isLua := asAPIError(err); isLua {
		message = e.Object.String()
	}
	if strings.Contains(message, ctx.Err().Error()) || strings.Contains(message, cause.Error()) {
		return cause, true
	}
	return nil, false
}
