package host

import (
	"context"
	"errors"
	"os"
	"syscall"
	"testing"
	"time"
)

func TestSignalsEndTheContextAndASecondOneLeaves(t *testing.T) {
	for _, test := range []struct {
		signal syscall.Signal
		cause  error
		code   int
	}{{syscall.SIGINT, errInterrupted, ExitInterrupted}, {syscall.SIGTERM, errTerminated, ExitStopped}} {
		ctx, cancel := context.WithCancelCause(context.Background())
		left := make(chan int, 1)
		stop := watch(cancel, 0, func(string) {}, func(code int) { left <- code })
		send := func() {
			if err := syscall.Kill(os.Getpid(), test.signal); err != nil {
				t.Fatal(err)
			}
		}
		send()
		select {
		case <-ctx.Done():
		case <-time.After(time.Minute):
			t.Fatalf("%v did not end the context", test.signal)
		}
		if cause := context.Cause(ctx); !errors.Is(cause, test.cause) {
			t.Errorf("%v: the cause is %v, want %v", test.signal, cause, test.cause)
		}
		if len(left) > 0 {
			t.Errorf("%v: the first one left at once", test.signal)
		}
		send()
		select {
		case code := <-left:
			if code != test.code {
				t.Errorf("%v twice leaves with code %d, want %d", test.signal, code, test.code)
			}
		case <-time.After(time.Minute):
			t.Fatalf("%v twice did not leave", test.signal)
		}
		stop()
	}
}

func TestTheTimeLimitEndsTheContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer watch(cancel, time.Millisecond, func(string) {}, func(int) { t.Error("the limit left at once") })()
	select {
	case <-ctx.Done():
	case <-time.After(time.Minute):
		t.Fatal("the limit did not end the context")
	}
	if cause := context.Cause(ctx); !errors.Is(cause, errTimeLimit) {
		t.Errorf("the cause is %v", cause)
	}
}
