package checkpointdb

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// An identity says which script made a run directory: its absolute real path,
// and that path as seen from the directory. A script without a file (-e CODE,
// the REPL) has a name that is no absolute path, and nothing else.
type identity struct{ path, fromHere string }

func identify(script, dir string) identity {
	if !filepath.IsAbs(script) {
		return identity{path: script}
	}
	rel, err := filepath.Rel(dir, script)
	if err != nil {
		rel = ""
	}
	return identity{script, rel}
}

// same reports whether a directory made by the recorded script is this one's,
// and whether the script has moved since. It is the same script at the same
// path; at the same path from the directory (both moved together, a folder was
// renamed or carried to another machine); or under the same file name, when
// nothing lies at the recorded path any more.
func (recorded identity) same(now identity) (same, moved bool) {
	if recorded.path == now.path {
		return true, false
	}
	if !filepath.IsAbs(recorded.path) || !filepath.IsAbs(now.path) {
		return false, false
	}
	if recorded.fromHere != "" && recorded.fromHere == now.fromHere {
		return true, true
	}
	_, err := os.Stat(recorded.path)
	gone := errors.Is(err, fs.ErrNotExist)
	return gone && filepath.Base(recorded.path) == filepath.Base(now.path), true
}

type execer interface {
	Exec(query string, args ...any) (sql.Result, error)
}

func (id identity) record(db execer) error {
	_, err := db.Exec("INSERT OR REPLACE INTO meta VALUES ('script', ?), ('script from here', ?)", id.path, id.fromHere)
	return err
}

func recordedIdentity(db *sql.DB) (id identity, err error) {
	err = db.QueryRow(`SELECT (SELECT value FROM meta WHERE name = 'script'),
		(SELECT value FROM meta WHERE name = 'script from here')`).Scan(&id.path, &id.fromHere)
	return id, err
}
