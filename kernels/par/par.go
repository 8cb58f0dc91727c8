// Package par spreads numbered blocks of work over a fixed number of
// goroutines.
//
// The problem fixes the blocks, never the number of threads: a caller that
// splits its work into the same blocks for any pool, and lets no two
// concurrent blocks write the same memory, gets the same bits from one thread
// and from many.
package par

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// A Pool runs blocks on up to Threads goroutines. The zero value is not
// usable; call New. A Pool holds no goroutines between calls and may be used
// from several goroutines at once.
type Pool struct{ threads int }

// New returns a pool of the given number of threads. It panics if threads < 1.
func New(threads int) *Pool {
	if threads < 1 {
		panic(fmt.Sprintf("par: New: threads must be at least 1, got %d", threads))
	}
	return &Pool{threads}
}

// Threads is the largest number of blocks that run at the same time.
func (p *Pool) Threads() int { return p.threads }

// For calls f(0), …, f(n-1), each once, in no fixed order and up to Threads
// at a time, and returns when all have. A panic in f is raised again in the
// caller once the other goroutines have stopped.
func (p *Pool) For(n int, f func(block int)) {
	p.Workers(n, func(_, block int) { f(block) })
}

// Workers is For, telling f also which of the pool's workers runs the block:
// a number in [0, Threads) that indexes scratch memory, never results.
func (p *Pool) Workers(n int, f func(worker, block int)) {
	if n <= 0 {
		return
	}
	w := min(p.threads, n)
	if w == 1 {
		for b := range n {
			f(0, b)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	var once sync.Once
	var caught any
	run := func(worker int) {
		defer wg.Done()
		defer func() {
			if r := recover(); r != nil {
				once.Do(func() { caught = r })
				next.Store(int64(n))
			}
		}()
		for {
			b := int(next.Add(1)) - 1
			if b >= n {
				return
			}
			f(worker, b)
		}
	}
	wg.Add(w)
	for i := 1; i < w; i++ {
		go run(i)
	}
	run(0)
	wg.Wait()
	if caught != nil {
		panic(caught)
	}
}
