package checkpointdb

// Points names every moment between two durable operations, in the order in
// which a run first comes by. Options.Fault is called at each: a test stops
// the process there. A first run that is not interrupted, saves a snapshot,
// writes an artifact and a result file, discards a task, and closes, passes all
// of them.
//
// X.begun, X.writing, X.written, X.synced, X.renamed and X.durable stand
// around the steps of writing a file: create a temporary one, write half of
// it, write the rest, fsync, rename, fsync the folder.
var Points = []string{
	// Open.
	"open.made",       // the directory is there
	"open.locked",     // the lock is taken, its file is still the last holder's
	"open.named",      // the lock file names this process
	"create.begun",    // no database yet
	"migrate.filled",  // statements run, transaction open
	"migrate.done",    // transaction committed
	"create.filled",   // the temporary database is closed
	"create.synced",   // and fsynced
	"create.renamed",  // and has its name
	"create.durable",  // and the folder is fsynced
	"register.filled", // generation and run inserted, transaction open
	"register.done",   // transaction committed
	"tidy.done",       // leftovers of earlier crashes are deleted

	// Begin.
	"begin.filled",
	"begin.done",

	// SaveSnapshot.
	"snapshot.begun",
	"snapshot.writing",
	"snapshot.written",
	"snapshot.synced",
	"snapshot.renamed",
	"snapshot.durable",
	"snapshot.filled", // named in the database, transaction open
	"snapshot.done",   // transaction committed, older files still there
	"snapshot.pruned", // older files deleted

	// WriteArtifact.
	"artifact.begun",
	"artifact.writing",
	"artifact.written",
	"artifact.synced",
	"artifact.renamed",
	"artifact.durable",

	// Commit.
	"commit.begun",
	"commit.filled", // result, fingerprint, artifacts inserted, transaction open
	"commit.done",   // transaction committed, snapshot files still there
	"commit.pruned", // snapshot files deleted

	// Discard.
	"discard.filled", // the task's rows deleted, transaction open
	"discard.done",   // transaction committed, snapshot files still there
	"discard.pruned", // snapshot files deleted

	// WriteFileAtomic.
	"file.begun",
	"file.writing",
	"file.written",
	"file.synced",
	"file.renamed",
	"file.durable",

	// Close.
	"close.begun",
	"close.filled",
	"close.done",   // the run's end is committed
	"close.closed", // the database is closed, its log folded in; the lock still held
}
