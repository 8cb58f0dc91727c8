package checkpointdb

import (
	"database/sql"
	"fmt"
)

// applicationID marks a run's database in its header: "rlua" in ASCII.
const applicationID = 0x726C7561

// A migration brings a database from the schema before it to its own. The
// statements of one run in one transaction.
type migration struct {
	schema int
	what   string
	sql    string
}

// migrations are the schemas so far, in order. One that has been released is
// never edited: a change is a new one at the end.
var migrations = []migration{
	{1, "runs, tasks, results, snapshots, artifacts", schema1},
}

// knownSchema is the schema that this program writes.
var knownSchema = migrations[len(migrations)-1].schema

const schema1 = `
CREATE TABLE meta (                  -- script, created
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE generations (
	generation INTEGER PRIMARY KEY,
	forced INTEGER NOT NULL,         -- 1: opened by --force-rerun
	opened TEXT NOT NULL,
	finished TEXT                    -- a run of it ended with status done
);

CREATE TABLE runs (                  -- processes that wrote this directory
	run INTEGER PRIMARY KEY,
	generation INTEGER NOT NULL REFERENCES generations,
	started TEXT NOT NULL,
	ended TEXT,
	status TEXT NOT NULL,            -- running, killed, or how it ended
	pid INTEGER NOT NULL,
	host TEXT NOT NULL,
	version TEXT NOT NULL,
	arguments TEXT NOT NULL          -- JSON list
);

CREATE TABLE tasks (
	task INTEGER PRIMARY KEY,
	generation INTEGER NOT NULL REFERENCES generations,
	name TEXT NOT NULL,
	params TEXT NOT NULL,            -- canonical JSON
	key TEXT NOT NULL,               -- SHA-256 of name and params
	state TEXT NOT NULL CHECK (state IN ('unfinished', 'done')),
	started TEXT NOT NULL,
	done TEXT,
	UNIQUE (generation, key)
);

CREATE TABLE results (
	task INTEGER PRIMARY KEY REFERENCES tasks ON DELETE CASCADE,
	json TEXT NOT NULL,              -- canonical; {"$array":NAME} refers to arrays
	sha256 TEXT NOT NULL             -- of the text and the arrays
);

CREATE TABLE arrays (
	task INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
	name TEXT NOT NULL,
	shape TEXT NOT NULL,             -- JSON list
	npy BLOB NOT NULL,               -- a NumPy file
	PRIMARY KEY (task, name)
);

CREATE TABLE fingerprints (
	task INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (task, kind, name, value)
) WITHOUT ROWID;

CREATE TABLE artifacts (
	task INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
	path TEXT NOT NULL,              -- from the run directory
	size INTEGER NOT NULL,
	sha256 TEXT NOT NULL,
	mtime_ns INTEGER NOT NULL,       -- these two only save reading the file
	inode INTEGER NOT NULL,
	PRIMARY KEY (task, path)
) WITHOUT ROWID;
CREATE INDEX artifacts_by_path ON artifacts (path);

CREATE TABLE attempts (
	attempt INTEGER PRIMARY KEY AUTOINCREMENT,
	task INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
	run INTEGER NOT NULL REFERENCES runs,
	pid INTEGER NOT NULL,
	host TEXT NOT NULL,
	started TEXT NOT NULL,
	ended TEXT,
	outcome TEXT NOT NULL,           -- running, done, failed, interrupted, killed
	reason TEXT
);
CREATE INDEX attempts_by_task ON attempts (task);

CREATE TABLE snapshots (
	snapshot INTEGER PRIMARY KEY AUTOINCREMENT,
	task INTEGER NOT NULL REFERENCES tasks ON DELETE CASCADE,
	call INTEGER NOT NULL,           -- slot: which evolve or sample call of the task
	settings TEXT NOT NULL,          -- slot: digest of the call's settings
	step INTEGER NOT NULL,
	total INTEGER NOT NULL,
	final INTEGER NOT NULL,          -- 1: the end of the call
	file TEXT NOT NULL,              -- in snapshots/
	size INTEGER NOT NULL,
	sha256 TEXT NOT NULL,
	fingerprint TEXT NOT NULL,       -- JSON list of [kind, name, value]
	saved TEXT NOT NULL
);
CREATE INDEX snapshots_by_slot ON snapshots (task, call, settings);

CREATE VIEW results_view AS          -- what there is to read, in one place
	SELECT t.generation, t.name, t.params, r.json, t.done,
		(SELECT count(*) FROM arrays a WHERE a.task = t.task) AS arrays,
		(SELECT count(*) FROM artifacts f WHERE f.task = t.task) AS artifacts
	FROM tasks t JOIN results r ON r.task = t.task
	WHERE t.state = 'done'
	ORDER BY t.generation, t.name, t.task;
`

// migrate brings a database to the last schema of the list.
func migrate(db *sql.DB, list []migration, fault func(string)) error {
	var schema int
	if err := db.QueryRow("PRAGMA user_version").Scan(&schema); err != nil {
		return err
	}
	for _, m := range list {
		if m.schema <= schema {
			continue
		}
		if err := m.apply(db, fault); err != nil {
			return fmt.Errorf("migrate to schema %d (%s): %w", m.schema, m.what, err)
		}
	}
	return nil
}

func (m migration) apply(db *sql.DB, fault func(string)) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.Exec(m.sql); err != nil {
		return err
	}
	if _, err := tx.Exec(fmt.Sprintf("PRAGMA user_version = %d", m.schema)); err != nil {
		return err
	}
	fault("migrate.filled")
	if err := tx.Commit(); err != nil {
		return err
	}
	fault("migrate.done")
	return nil
}
