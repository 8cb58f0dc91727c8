package host

import "errors"

// Exit codes of runlua.
const (
	ExitDone        = 0   // the script ran to its end
	ExitFailed      = 1   // the script failed, or some of its work did
	ExitUsage       = 2   // the command line was wrong
	ExitStopped     = 75  // stopped but resumable: a time limit, a scheduler's signal, a directory held by another process
	ExitInterrupted = 130 // interrupted by Ctrl+C, after saving
)

// Why a run's context ended.
var (
	errInterrupted = errors.New("interrupted")
	errTerminated  = errors.New("asked to stop by a signal")
	errTimeLimit   = errors.New("the time limit of --max-time is reached")
)
