package bindings

import (
	"context"
	"errors"
	"testing"
	"time"
)

func mustTake(t *testing.T, c *claims, digest string, outer *claim) *claim {
	t.Helper()
	got, err := c.take(context.Background(), digest, outer)
	if err != nil || got == nil {
		t.Fatalf("%s could not be claimed: %v, %v", digest, got, err)
	}
	return got
}

// awaitWaits returns once a task waits for another.
func awaitWaits(t *testing.T, c *claims, waiting *claim) {
	t.Helper()
	for range 60000 {
		c.mu.Lock()
		n := len(waiting.waits)
		c.mu.Unlock()
		if n == 1 {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("it does not wait")
}

func TestATaskIsRunByOneWorkerAtATime(t *testing.T) {
	c := newClaims()
	first := mustTake(t, c, "q", mustTake(t, c, "a", nil))
	b := mustTake(t, c, "b", nil)
	second := make(chan *claim)
	go func() {
		got, _ := c.take(context.Background(), "q", b)
		second <- got
	}()
	awaitWaits(t, c, b)
	select {
	case <-second:
		t.Fatal("two workers had a task at the same time")
	default:
	}
	first.release()
	if got := <-second; got == nil {
		t.Error("the second worker did not get the task once the first had ended")
	}
}

func TestWaitingInACircleIsRefused(t *testing.T) {
	c := newClaims()
	a, b := mustTake(t, c, "a", nil), mustTake(t, c, "b", nil)
	inA := mustTake(t, c, "in a", a)
	if got, err := c.take(context.Background(), "a", inA); got != nil || err != nil {
		t.Errorf("a task within a could wait for a: %v, %v", got, err)
	}
	waiting := make(chan error)
	ctx, cancel := context.WithCancelCause(context.Background())
	go func() {
		_, err := c.take(ctx, "b", inA)
		waiting <- err
	}()
	awaitWaits(t, c, inA)
	inB := mustTake(t, c, "in b", b)
	if got, err := c.take(context.Background(), "a", inB); got != nil || err != nil {
		t.Errorf("a task within b could wait for a, which waits for b: %v, %v", got, err)
	}
	stop := errors.New("stop")
	cancel(stop)
	if err := <-waiting; err != stop {
		t.Errorf("a cancelled wait ends with %v, want the cause", err)
	}
	inB.release()
	inA.release()
	a.release()
	if got, err := c.take(context.Background(), "a", b); got == nil || err != nil {
		t.Errorf("a is free again, but: %v, %v", got, err)
	}
}
