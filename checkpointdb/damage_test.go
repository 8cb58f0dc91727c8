package checkpointdb

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// unclean is a run directory as kill -9 leaves it: a log with commits in it.
func unclean(t *testing.T) string {
	t.Helper()
	dir, copied := tempDir(t), filepath.Join(tempDir(t), "run")
	s := mustOpen(t, dir)
	for i := range 40 {
		mustDo(t, s, mustKey(t, "voids", map[string]any{"i": i}), strings.Repeat("result ", 100))
	}
	copyTree(t, dir, copied)
	if info, err := os.Stat(filepath.Join(copied, "run.db-wal")); err != nil || info.Size() < 4096 {
		t.Fatal("there is no log", err)
	}
	return copied
}

// clean is a run directory after a clean close, without a log.
func clean(t *testing.T) string {
	t.Helper()
	dir := unclean(t)
	mustClose(t, mustOpen(t, dir), StatusDone)
	if _, err := os.Stat(filepath.Join(dir, "run.db-wal")); err == nil {
		t.Fatal("the log is still there")
	}
	return dir
}

// contents are the files of a directory, but for the lock and the index of the
// log, which says nothing that the log does not.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := e.Name(); e.Type().IsRegular() && name != lockFile && name != "run.db-shm" {
			out[name] = mustRead(t, filepath.Join(dir, name))
		}
	}
	return out
}

func TestDamagedDatabaseIsReportedAndNeverWritten(t *testing.T) {
	page := func(db []byte) int { return int(binary.BigEndian.Uint16(db[16:])) }
	for name, damage := range map[string]func(db []byte) []byte{
		"empty":             func(db []byte) []byte { return nil },
		"garbage":           func(db []byte) []byte { return []byte(strings.Repeat("garbage ", 4096)) },
		"half a header":     func(db []byte) []byte { return db[:50] },
		"cut off":           func(db []byte) []byte { return db[:len(db)/page(db)/2*page(db)] },
		"first page only":   func(db []byte) []byte { return db[:page(db)] },
		"other application": func(db []byte) []byte { db[70] ^= 1; return db },
		"a page zeroed":     func(db []byte) []byte { clear(db[3*page(db) : 4*page(db)]); return db },
		"a page of noise": func(db []byte) []byte {
			for i := range page(db) {
				db[2*page(db)+i] ^= byte(i*7 + 1)
			}
			return db
		},
		"schema page": func(db []byte) []byte { db[100] ^= 0xff; return db },
	} {
		for state, make := range map[string]func(*testing.T) string{"clean": clean, "unclean": unclean} {
			t.Run(name+", "+state, func(t *testing.T) {
				dir := make(t)
				file := filepath.Join(dir, databaseFile)
				if state == "unclean" { // so that the pages are in the file, and a log beside them
					fold(t, dir)
				}
				mustWrite(t, file, string(damage([]byte(mustRead(t, file)))))
				before := contents(t, dir)
				_, err := Open(dir, Options{Script: testScript})
				var damaged *DamagedError
				if !errors.As(err, &damaged) || !errors.Is(err, ErrDamaged) || damaged.File != file {
					t.Fatalf("got %v", err)
				}
				if !strings.Contains(err.Error(), "hint: nothing was changed") {
					t.Errorf("it does not say what to do: %v", err)
				}
				after := contents(t, dir)
				for f := range before {
					if before[f] != after[f] {
						t.Errorf("%s was changed", f)
					}
				}
				if _, err := OpenReader(dir); err == nil && name != "a page zeroed" && name != "a page of noise" {
					t.Error("a reader opened it")
				}
			})
		}
	}
}

// fold brings the log into the database as a checkpoint does, and leaves it
// there, so that both hold the same pages.
func fold(t *testing.T, dir string) {
	t.Helper()
	whole := filepath.Join(tempDir(t), "run")
	copyTree(t, dir, whole)
	db, err := openDatabase(filepath.Join(whole, databaseFile), toWrite)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("PRAGMA wal_checkpoint(PASSIVE); INSERT INTO meta VALUES ('x', 'y')"); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(tempDir(t), "run")
	copyTree(t, whole, copied)
	db.Close()
	for _, name := range []string{"run.db", "run.db-wal"} {
		mustWrite(t, filepath.Join(dir, name), mustRead(t, filepath.Join(copied, name)))
	}
	os.Remove(filepath.Join(dir, "run.db-shm"))
}

func TestUncleanDirectoryIsNotDamaged(t *testing.T) {
	for _, more := range []bool{false, true} {
		dir := unclean(t)
		if more {
			fold(t, dir)
		}
		s := mustOpen(t, dir)
		for i := range 40 {
			if recorded(t, s, mustKey(t, "voids", map[string]any{"i": i})) == nil {
				t.Fatalf("task %d is lost", i)
			}
		}
	}
}

func TestMissingDatabaseWithRemainsIsDamage(t *testing.T) {
	dir := unclean(t)
	if err := os.Remove(filepath.Join(dir, databaseFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, Options{Script: testScript}); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "run.db-wal") {
		t.Errorf("with its log there: %v", err)
	}
	dir = tempDir(t)
	s := mustOpen(t, dir)
	mustSave(t, mustBegin(t, s, mustKey(t, "t", nil)), slot1, SnapshotMeta{Step: 1}, "x")
	mustClose(t, s, StatusInterrupted)
	if err := os.Remove(filepath.Join(dir, databaseFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, Options{Script: testScript}); !errors.Is(err, ErrDamaged) || len(snapshotNames(t, dir)) != 1 {
		t.Errorf("with snapshots there: %v, left %v", err, snapshotNames(t, dir))
	}
}

func TestLargeDatabaseIsCheckedAfterAnUncleanClose(t *testing.T) {
	defer func(size int64) { alwaysCheck = size }(alwaysCheck)
	alwaysCheck = 0
	ruin := func(dir string, cut bool) string {
		file := filepath.Join(dir, databaseFile)
		db := []byte(mustRead(t, file))
		if cut {
			db = db[:len(db)-4096]
		} else {
			clear(db[len(db)-2*4096:])
		}
		mustWrite(t, file, string(db))
		return dir
	}
	killed := clean(t)
	db, err := openDatabase(filepath.Join(killed, databaseFile), toWrite)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("UPDATE runs SET status = 'running'"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	for name, dir := range map[string]string{"cut off": ruin(clean(t), true), "zeroed pages, no clean close": ruin(killed, false)} {
		if _, err := Open(dir, Options{Script: testScript}); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAlteredRowIsReportedNotReturned(t *testing.T) {
	dir := tempDir(t)
	key := mustKey(t, "voids", nil)
	s := mustOpen(t, dir)
	mustDo(t, s, key, &Array{[]int{1}, []float64{8}})
	if _, err := s.db.Exec("UPDATE arrays SET npy = zeroblob(length(npy))"); err != nil {
		t.Fatal(err)
	}
	if rec, err := s.Task(key); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "voids{}") {
		t.Errorf("got %v, %v", rec, err)
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	dir := clean(t)
	db, err := openDatabase(filepath.Join(dir, databaseFile), toWrite)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(fmt.Sprintf("PRAGMA user_version = %d", knownSchema+1)); err != nil {
		t.Fatal(err)
	}
	db.Close()
	before := contents(t, dir)
	_, err = Open(dir, Options{Script: testScript})
	var newer *NewerError
	if !errors.As(err, &newer) || !errors.Is(err, ErrNewer) || newer.Schema != knownSchema+1 {
		t.Errorf("got %v", err)
	}
	if _, err := OpenReader(dir); !errors.Is(err, ErrNewer) {
		t.Errorf("reader: %v", err)
	}
	if after := contents(t, dir); len(after) != len(before) || after[databaseFile] != before[databaseFile] {
		t.Error("it was changed")
	}
}

// describeSchema is all that a database's schema says.
func describeSchema(t *testing.T, db *sql.DB) string {
	t.Helper()
	lines, err := collect(db, func(rows *sql.Rows) (line string, err error) {
		return line, rows.Scan(&line)
	}, "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

func TestEverySchemaMigratesToTheLatest(t *testing.T) {
	// One more than there are, so that there is always something to migrate.
	list := append(append([]migration{}, migrations...), migration{knownSchema + 1, "a column", "ALTER TABLE runs ADD COLUMN note TEXT"})
	want := ""
	for have := len(list); have >= 0; have-- {
		db, err := openDatabase(filepath.Join(tempDir(t), "m.db"), toCreate)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if err := migrate(db, list[:have], func(string) {}); err != nil {
			t.Fatal(err)
		}
		if have > 0 {
			if _, err := db.Exec("INSERT INTO generations (generation, forced, opened) VALUES (1, 0, 'now')"); err != nil {
				t.Fatal(err)
			}
		}
		if err := migrate(db, list, func(string) {}); err != nil {
			t.Fatal(err)
		}
		var version, rows int
		if err := db.QueryRow("SELECT user_version, (SELECT count(*) FROM generations) FROM pragma_user_version").Scan(&version, &rows); err != nil {
			t.Fatal(err)
		}
		if version != knownSchema+1 || rows != min(have, 1) {
			t.Errorf("from %d: schema %d, %d rows", have, version, rows)
		}
		got := describeSchema(t, db)
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("from schema %d:\n%s\nwant\n%s", have, got, want)
		}
	}
}

func TestInterruptedMigrationLeavesTheOldSchema(t *testing.T) {
	for _, dying := range []string{"migrate.filled", "migrate.done"} {
		dir := tempDir(t)
		s := mustOpen(t, dir)
		list := []migration{{knownSchema + 1, "tables", "CREATE TABLE a (x); CREATE TABLE b (y);"}}
		func() {
			defer func() { recover() }()
			migrate(s.db, list, func(point string) {
				if point == dying {
					panic("killed")
				}
			})
		}()
		var version, tables int
		if err := s.db.QueryRow("SELECT user_version, (SELECT count(*) FROM sqlite_schema WHERE name IN ('a', 'b')) FROM pragma_user_version").Scan(&version, &tables); err != nil {
			t.Fatal(err)
		}
		if done := dying == "migrate.done"; done != (version == knownSchema+1) || done != (tables == 2) {
			t.Errorf("killed at %s: schema %d, %d tables", dying, version, tables)
		}
	}
}

func TestMigrationsAreNumberedInOrder(t *testing.T) {
	for i, m := range migrations {
		if m.schema != i+1 {
			t.Errorf("migration %d has number %d", i+1, m.schema)
		}
	}
}
