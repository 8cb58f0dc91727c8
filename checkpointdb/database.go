package checkpointdb

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

const (
	databaseFile    = "run.db"
	newDatabaseFile = "run.db.new" // being created
	snapshotFolder  = "snapshots"
)

// A database up to this size is checked whole at every open, a larger one
// after an unclean close. Tests change it.
var alwaysCheck int64 = 64 << 20

// How a database is opened. The driver would set synchronous=NORMAL, which
// with a write-ahead log loses commits on power loss.
const (
	toWrite  = "mode=rw&_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_busy_timeout=10000&_foreign_keys=1"
	toCreate = "mode=rwc&_journal_mode=DELETE&_synchronous=FULL&_txlock=immediate&_foreign_keys=1"
	toRead   = "mode=ro&_busy_timeout=10000&_query_only=1"
	// As it lies there: nothing is locked, nothing else is looked at, no file
	// is made. Only for a database without a log that nobody writes.
	toReadAlone = "mode=ro&immutable=1&_query_only=1"
)

// openDatabase opens one connection.
func openDatabase(file, how string) (*sql.DB, error) {
	// A URI, so that no character of the path is taken for an option.
	db, err := sql.Open("sqlite3", (&url.URL{Scheme: "file", Path: file}).String()+"?"+how)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, db.Ping()
}

// createDatabase makes an empty database of the current schema. It gets its
// name only when it is whole and on disk, so that an empty or half-written
// run.db is always damage and never a beginning.
func createDatabase(dir string, script identity, created string, fault func(string)) error {
	fault("create.begun")
	temp, file := filepath.Join(dir, newDatabaseFile), filepath.Join(dir, databaseFile)
	for _, leftover := range []string{temp, temp + "-journal", temp + "-wal", temp + "-shm"} {
		if err := os.Remove(leftover); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("checkpointdb: create: %w", err)
		}
	}
	if err := fillDatabase(temp, script, created, fault); err != nil {
		return dbError(temp, "create", err)
	}
	fault("create.filled")
	if err := syncFile(temp); err != nil {
		return fmt.Errorf("checkpointdb: create: %w", err)
	}
	fault("create.synced")
	if err := os.Rename(temp, file); err != nil {
		return fmt.Errorf("checkpointdb: create: %w", err)
	}
	fault("create.renamed")
	if err := syncFile(dir); err != nil {
		return fmt.Errorf("checkpointdb: create: %w", err)
	}
	fault("create.durable")
	return nil
}

func fillDatabase(file string, script identity, created string, fault func(string)) error {
	db, err := openDatabase(file, toCreate)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.Exec(fmt.Sprintf("PRAGMA application_id = %d", applicationID)); err != nil {
		return err
	}
	if err := migrate(db, migrations, fault); err != nil {
		return err
	}
	if err := script.record(db); err != nil {
		return err
	}
	if _, err := db.Exec("INSERT INTO meta VALUES ('created', ?)", created); err != nil {
		return err
	}
	// The mode is kept in the file, so readers open it as what it is.
	if _, err := db.Exec("PRAGMA journal_mode = WAL"); err != nil {
		return err
	}
	return db.Close()
}

func syncFile(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return fsync(f)
}

// state is what lies in a directory, found without writing to it.
type databaseState struct {
	exists bool
	log    bool // there is a log with something in it: the last close was not clean
	size   int64
}

// look finds out what lies in a directory. A database that lacks a part of
// what it must have is a *DamagedError.
func look(dir string) (databaseState, error) {
	file := filepath.Join(dir, databaseFile)
	var s databaseState
	logInfo, err := os.Stat(file + "-wal")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s, fmt.Errorf("checkpointdb: %w", err)
	}
	s.log = err == nil && logInfo.Size() > 0
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		if s.log {
			return s, &DamagedError{file, "the file is missing, its log run.db-wal is there"}
		}
		if n := countSnapshots(dir); n > 0 {
			return s, &DamagedError{file, fmt.Sprintf("the file is missing, %d snapshots of it are there", n)}
		}
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("checkpointdb: %w", err)
	}
	s.exists, s.size = true, info.Size()
	return s, checkHeader(file, s)
}

// checkHeader looks at the first 100 bytes, as in sqlite.org/fileformat.html.
func checkHeader(file string, s databaseState) error {
	if s.size == 0 {
		return &DamagedError{file, "the file is empty"}
	}
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("checkpointdb: %w", err)
	}
	defer f.Close()
	header := make([]byte, 100)
	if _, err := io.ReadFull(f, header); err != nil || !strings.HasPrefix(string(header), "SQLite format 3\x00") {
		return &DamagedError{file, "it is not a SQLite database"}
	}
	if id := binary.BigEndian.Uint32(header[68:]); id != applicationID {
		return &DamagedError{file, fmt.Sprintf("it is not a run's database (application id %#x, not %#x)", id, applicationID)}
	}
	page := int64(binary.BigEndian.Uint16(header[16:]))
	if page == 1 {
		page = 1 << 16
	}
	// With a log the file may still be shorter than it says.
	if want := page * int64(binary.BigEndian.Uint32(header[28:])); !s.log && s.size < want {
		return &DamagedError{file, fmt.Sprintf("it is cut off: %d bytes of %d", s.size, want)}
	}
	return nil
}

// how is how to read the database without changing a byte of it or its log.
func (s databaseState) how() string {
	if s.log {
		return toRead
	}
	return toReadAlone
}

// inspect reads a database, changing nothing, and refuses one that this
// program must not write: damaged, newer, or of another script. It returns the
// recorded identity of the script.
func inspect(dir string, s databaseState) (identity, error) {
	file := filepath.Join(dir, databaseFile)
	db, err := openDatabase(file, s.how())
	if err != nil {
		return identity{}, dbError(file, "open", err)
	}
	defer db.Close()
	var schema int
	if err := db.QueryRow("PRAGMA user_version").Scan(&schema); err != nil {
		return identity{}, dbError(file, "read", err)
	}
	if schema > knownSchema {
		return identity{}, &NewerError{file, schema, knownSchema}
	}
	if schema < 1 {
		return identity{}, &DamagedError{file, fmt.Sprintf("it says schema %d", schema)}
	}
	recorded, unclean, err := readIdentity(db)
	if err != nil {
		return identity{}, dbError(file, "read", err)
	}
	if s.log || unclean || s.size <= alwaysCheck {
		if err := quickCheck(db, file); err != nil {
			return identity{}, err
		}
	}
	return recorded, nil
}

func readIdentity(db *sql.DB) (script identity, unclean bool, err error) {
	if err := db.QueryRow("SELECT EXISTS (SELECT * FROM runs WHERE status = 'running')").Scan(&unclean); err != nil {
		return script, false, err
	}
	script, err = recordedIdentity(db)
	return script, unclean, err
}

// quickCheck walks all pages.
func quickCheck(db *sql.DB, file string) error {
	rows, err := db.Query("PRAGMA quick_check(3)")
	if err != nil {
		return dbError(file, "check", err)
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return dbError(file, "check", err)
		}
		found = append(found, strings.TrimSpace(line))
	}
	if err := rows.Err(); err != nil {
		return dbError(file, "check", err)
	}
	if len(found) != 1 || found[0] != "ok" {
		return &DamagedError{file, strings.Join(found, "; ")}
	}
	return nil
}
