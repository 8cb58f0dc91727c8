// Package checkpointdb makes long computations survive whatever ends them: a
// signal, kill -9, power loss, a full disk. It knows SQLite and files, nothing
// of what is computed.
//
// One run lives in one run directory:
//
//	run.db       SQLite: runs, tasks, results, what snapshots and artifacts there are
//	run.lock     who writes the directory now
//	snapshots/   saved states of unfinished tasks
//
// and the files that tasks and scripts write beside them.
//
//	s, err := checkpointdb.Open("runs/quick", checkpointdb.Options{Script: script})
//	key, err := checkpointdb.NewKey("voids", map[string]any{"beta": -0.2, "seed": 1})
//	rec, err := s.Task(key)          // recorded before?
//	a, err := s.Begin(key)           // no: do it
//	found, err := a.LoadSnapshot(slot, restore)
//	err = a.SaveSnapshot(slot, meta, save)
//	err = a.Commit(fingerprint, result)
//	err = s.Close(checkpointdb.StatusDone)
//
// # Promises
//
// After a crash at any instant, and after any number of them:
//
//  1. A task's result, its arrays, its fingerprint, the list of its artifacts
//     and the fact that it is done are one transaction. Once Commit has
//     returned nil they survive power loss (write-ahead log,
//     synchronous=FULL); before that, nothing of them is there.
//  2. A snapshot is written to a temporary file, fsynced, renamed, its folder
//     fsynced, and only then named in the database with step, size and
//     SHA-256. Nothing reads a file that the database does not name, and no
//     byte of one whose digest is wrong is handed out: it is reported, and the
//     one before it used. The two newest of a slot are kept, and the final one
//     of a finished call, until the task is done. A snapshot that can't be
//     written costs nothing but itself.
//  3. Artifacts and result files are written in the same atomic way. A task
//     whose artifact is missing or altered is not done; made again, artifact
//     and result must have the bytes they had, or the attempt fails.
//  4. One process writes a directory at a time, by flock(2) on run.lock, which
//     the kernel releases with the process. The next one is told who holds it.
//     Filesystems whose locks are not to be trusted are refused.
//  5. A database is created under another name and renamed when it is whole,
//     so an empty or partial run.db is damage, never a beginning. A damaged
//     one, a newer one and that of another script are found out by reading
//     only, and no byte of them, nor of their logs, is written.
//  6. The database has an application id and a schema number; older schemas
//     are migrated, each step in one transaction. Directories of released
//     schemas are kept in testdata and opened by a test.
//  7. What a crash leaves behind (temporary files, snapshots that are not or no
//     longer named) is deleted at the next Open, and nothing else is.
//
// Points names every moment between two of those operations. Tests kill a
// writer at each of them and compare what it ends with.
//
// # What a task is known by
//
// Its Key: name and parameters in canonical form, see CanonicalJSON. And its
// Fingerprint: all else that can change the result. This package records,
// compares and names differences; what to do about one is for the caller.
//
// A result is encoded before it is first used, and decoded each time, so that
// a fresh and a recorded one are the same. See Result for how it is recorded:
// JSON text and NumPy files, readable without this program.
//
// # Generations
//
// The tasks of a directory belong to generations. Options.Force opens a new
// one, in which nothing is done yet; while it is unfinished, runs continue it,
// forced or not. Close(StatusDone) finishes a generation: a forced run then
// opens its successor, another one adds to it. Results of older generations
// stay, for a Reader to show, until the same key is committed in the current
// one, or until Clean.
//
// # Whose directory it is
//
// A directory belongs to the script that made it. It is the same script if it
// lies at the recorded path; or at the recorded path from the directory, when
// both were moved or copied to another machine; or has the recorded file name,
// when nothing lies at the recorded path any more. Moves are told to
// Options.Warn.
//
// # Caveats
//
//   - What a disk says it has stored, it must have stored. A disk that lies
//     about fsync can lose committed results, but a snapshot or an artifact
//     damaged so is noticed.
//   - A log (run.db-wal) whose bytes rot ends, for SQLite, at the last whole
//     transaction: what was committed after it is computed again.
//   - Tables are checked at every open up to 64 MiB and after an unclean close
//     beyond; results by their digest when they are read; artifacts by size,
//     time and inode, and only if these differ by their digest. Reader.Verify
//     reads all.
//   - run.db is copied by "VACUUM INTO", or while nobody holds the directory;
//     a copy taken without its log lacks the last commits.
//   - A Reader holds a database without a log open as it lies there, without
//     locks, and reads again if it has changed meanwhile.
//   - One value of a result can't exceed 1 GB, SQLite's limit; arrays are
//     values of their own.
//   - Numbers are float64 without NaN, infinities and the sign of zero.
package checkpointdb
