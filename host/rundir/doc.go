// Package rundir reports on run directories and cleans them: what stands behind
// the commands status, inspect, clean and export.
//
// Everything here goes by the directory: its database, read through
// [checkpointdb.Reader] while a process writes it or not, the lock, which alone
// decides who is alive, and live/status.json, in which the running process
// tells its progress. Only [Clean] writes, and it takes the lock first.
//
// [Find] turns the words of a command line into a [Target]; [Status],
// [Inspect], [Clean] and [Export] take one. Errors are:
//
//   - *UsageError: the words or flags were wrong, or name nothing;
//   - checkpointdb.ErrHeld: another process writes the directory;
//   - checkpointdb.ErrDamaged, checkpointdb.ErrNewer: reported, never touched;
//   - [ErrDeclined]: the person asked said no.
package rundir

import (
	"errors"
	"fmt"
)

// A UsageError is a command line that can't be carried out as it stands.
type UsageError struct {
	Problem string
	Hint    string // what to do; may be empty
}

func (e *UsageError) Error() string {
	if e.Hint == "" {
		return e.Problem
	}
	return e.Problem + "\n  hint: " + e.Hint
}

func usage(hint, format string, args ...any) error {
	return &UsageError{Problem: fmt.Sprintf(format, args...), Hint: hint}
}

// ErrDeclined is a question that was answered with no.
var ErrDeclined = errors.New("nothing was removed")
