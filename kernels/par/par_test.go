package par

import (
	"sync/atomic"
	"testing"
)

func TestForRunsEachBlockOnce(t *testing.T) {
	for _, threads := range []int{1, 2, 7} {
		for _, n := range []int{0, 1, 2, 100} {
			counts := make([]atomic.Int32, n)
			New(threads).For(n, func(b int) { counts[b].Add(1) })
			for b := range counts {
				if got := counts[b].Load(); got != 1 {
					t.Errorf("threads %d, n %d: block %d ran %d times, want 1", threads, n, b, got)
				}
			}
		}
	}
}

func TestPanicReachesTheCaller(t *testing.T) {
	defer func() {
		if r := recover(); r != "block 3" {
			t.Errorf("recovered %v, want the block's own panic", r)
		}
	}()
	New(2).For(8, func(b int) {
		if b == 3 {
			panic("block 3")
		}
	})
	t.Error("For returned after a block panicked")
}
