package bindings

import (
	"context"
	"io"

	"runlua/checkpointdb"
	"runlua/kernels/par"
	"runlua/progress"
)

// Host is what the modules need of the program around them.
type Host interface {
	// Context ends when the run is to stop: Ctrl+C, a signal, a time limit. Its
	// cause says which.
	Context() context.Context
	// Store opens the run directory on first use.
	Store() (*checkpointdb.Store, error)
	Files() Files
	Board() Board
	Pool() *par.Pool
	// Jobs is how many points of a sweep are computed at once; 0 leaves it to the
	// size of the work.
	Jobs() int
	// Memory is how many bytes the run may use, 0 if that is not known.
	Memory() int64
	// FreeDisk is how many bytes may still be written below dir.
	FreeDisk(dir string) (int64, error)
	// Worker makes another Lua state with a session in it that talks to h, for
	// one point of a sweep. close ends both.
	Worker(h Host) (s *Session, close func())
	Policy() Policy
	Arguments() Arguments
	// SetDir names the run directory, in place of the default; it fails once the
	// store is open.
	SetDir(path string) error
	// StartProcess starts a program that the command line grants, in the script's
	// folder, with its standard input and output as pipes. The first word is a bare
	// name, which PATH finds, or a path, from the script's folder. What it may not
	// start is a *NotGranted. The program ends with the run at the latest.
	StartProcess(command []string) (Child, error)
	// Message prints a line on standard error, above the bars.
	Message(format string, args ...any)
	// Warn prints a warning once: the same text again is not repeated.
	Warn(format string, args ...any)
}

// Board shows bars and text; a *progress.Board is one.
type Board interface {
	Open(progress.Spec) *progress.Bar
	// Innermost is the bar in which the next one nests; nil: in none.
	Innermost() *progress.Bar
	// Lane is where somebody opens bars at the same time, below parent.
	Lane(parent *progress.Bar) *progress.Lane
	// Out is the script's standard output.
	Out() io.Writer
	// Plain prints a line where there are no bars.
	Plain(line string)
}

// Policy is how a run saves and what it does with results of other settings.
type Policy struct {
	CheckpointEvery   int     // steps between snapshots
	CheckpointSeconds float64 // seconds of work between snapshots
	Stale             string  // "": stop, "keep": take the recorded result, "rerun": compute again
	SaveWaits         bool    // a step waits for its snapshot to be written
}

// Arguments are the words after the script's name, less the host's own flags.
type Arguments struct {
	Script string   // the script's name, for help and errors
	Words  []string // the script's options as typed
	Help   bool     // --help was among them
	// HostFlags names the host's flags, without dashes; a script must not declare them.
	HostFlags []string
	Version   string // of the program, for the files that it writes
}

// Files is the gate that every path a script names goes through.
type Files interface {
	// OpenRead opens a file below the script's folder, or one that a grant of
	// the command line names. real is its absolute real path.
	OpenRead(path string) (f io.ReadCloser, real string, err error)
	// GrantRead allows a path that the user typed, relative to the current
	// folder, and returns its absolute real path.
	GrantRead(path string) (real string, err error)
	// WriteResult writes a file below results/ of the run directory, atomically.
	// path is relative to results/.
	WriteResult(path string, write func(io.Writer) error) error
	// ResultPath is the path of such a file from the run directory: "results/NAME".
	ResultPath(path string) (string, error)
	// WriteRun writes a file of a module's own below the run directory,
	// atomically. rel is relative to it, with slashes; a script never names it.
	WriteRun(rel string, write func(io.Writer) error) error
	// OpenRun opens such a file to read.
	OpenRun(rel string) (io.ReadCloser, error)
	// RemoveRun removes such a file, if it is there.
	RemoveRun(rel string) error
}

// A Child is a program of the user's that runs beside the script.
type Child interface {
	Stdin() io.Writer
	Stdout() io.Reader
	// Kill ends the program and what it started, and makes reads and writes of its
	// streams return.
	Kill()
	// Ended is closed once the program has ended. How then says in which way, as
	// "exit status 1".
	Ended() <-chan struct{}
	How() string
	// StderrTail is the end of what it wrote on standard error so far: some lines,
	// without control characters.
	StderrTail() string
}

// A NotGranted is the error of what the command line has to grant first.
type NotGranted struct {
	What  string // "the program must be one that …"
	Grant string // what to type
}

func (e *NotGranted) Error() string { return e.What }
