package bindings

import (
	"context"
	"sync"

	lua "github.com/yuin/gopher-lua"
)

// claims are the tasks that are being run, in whichever Lua state: a worker that
// asks for one of them waits until it has ended, and then finds it recorded.
type claims struct {
	mu      sync.Mutex
	running map[string]*claim // by digest of the key
}

// A claim is one task being run.
type claim struct {
	claims *claims
	digest string
	ended  chan struct{}
	outer  *claim          // the task that asked for it, nil if none did
	within map[*claim]bool // the tasks that it asked for and that run now
	waits  map[*claim]int  // the tasks run by others for which it, or its workers, wait
}

func newClaims() *claims { return &claims{running: map[string]*claim{}} }

// take waits until nobody runs the task and claims it for the task outer, nil for
// none. It returns nil if to wait would be for ever, as outer is itself what the
// task waits for, and ctx's cause if that ends first.
func (c *claims) take(ctx context.Context, digest string, outer *claim) (*claim, error) {
	for {
		c.mu.Lock()
		other := c.running[digest]
		if other == nil {
			mine := &claim{claims: c, digest: digest, ended: make(chan struct{}), outer: outer, within: map[*claim]bool{}, waits: map[*claim]int{}}
			c.running[digest] = mine
			if outer != nil {
				outer.within[mine] = true
			}
			c.mu.Unlock()
			return mine, nil
		}
		if outer != nil && other.leadsTo(outer, map[*claim]bool{}) {
			c.mu.Unlock()
			return nil, nil
		}
		if outer != nil {
			outer.waits[other]++
		}
		c.mu.Unlock()
		select {
		case <-other.ended:
		case <-ctx.Done():
		}
		if outer != nil {
			c.mu.Lock()
			if outer.waits[other]--; outer.waits[other] == 0 {
				delete(outer.waits, other)
			}
			c.mu.Unlock()
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
	}
}

// leadsTo tells whether c can only end after target has. The caller holds the
// lock.
func (c *claim) leadsTo(target *claim, seen map[*claim]bool) bool {
	if c == target {
		return true
	}
	if seen[c] {
		return false
	}
	seen[c] = true
	for next := range c.within {
		if next.leadsTo(target, seen) {
			return true
		}
	}
	for next := range c.waits {
		if next.leadsTo(target, seen) {
			return true
		}
	}
	return false
}

// release lets others have the task. It does nothing on nil.
func (c *claim) release() {
	if c == nil {
		return
	}
	c.claims.mu.Lock()
	defer c.claims.mu.Unlock()
	delete(c.claims.running, c.digest)
	if c.outer != nil {
		delete(c.outer.within, c)
	}
	close(c.ended)
}

// hold claims a task, or another piece of work by a name of its own, for this
// state, once no other has it. release gives it back.
func (s *Session) hold(l *lua.LState, digest string) (release func()) {
	outer := s.held
	mine, err := s.claims.take(s.host.Context(), digest, outer)
	if err != nil {
		l.RaiseError("%v", err)
	}
	if mine != nil {
		s.held = mine
	}
	return func() {
		s.held = outer
		mine.release()
	}
}

// checkedTasks are the recorded tasks found unchanged, with the digests of their
// results, or with what has changed, by key; for all states of a run.
type checkedTasks struct {
	mu      sync.Mutex
	digests map[string]string
}

func (c *checkedTasks) get(key string) (digest string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	digest, ok = c.digests[key]
	return digest, ok
}

func (c *checkedTasks) set(key, digest string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.digests[key] = digest
}
