package host

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// watch ends the context for a signal or the time limit: the bindings look at it
// between steps. A second signal leaves at once, by leave. The returned function
// ends the watching.
func watch(cancel context.CancelCauseFunc, limit time.Duration, tell func(string), leave func(code int)) (stop func()) {
	signals := make(chan os.Signal, 4)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) { // as nohup and a shell's & arrange it
			signal.Notify(signals, s)
		}
	}
	done := make(chan struct{})
	var expired <-chan time.Time
	if limit > 0 {
		timer := time.NewTimer(limit)
		expired = timer.C
	}
	go func() {
		asked := false
		for {
			select {
			case <-done:
				return
			case <-expired:
				tell("The time limit is reached: saving at the next step.")
				cancel(errTimeLimit)
			case s := <-signals:
				code, cause := ExitStopped, errTerminated
				if s == os.Interrupt {
					code, cause = ExitInterrupted, errInterrupted
				}
				if asked {
					leave(code)
					return
				}
				asked = true
				if s == os.Interrupt {
					tell("Interrupted: saving at the next step. Once more leaves at once.")
				} else {
					tell("Asked to stop: saving at the next step.")
				}
				cancel(cause)
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(done)
	}
}
