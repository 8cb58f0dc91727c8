package checkpointdb

import (
	"database/sql"
	"slices"
)

// A Finding is something that Verify found wrong.
type Finding struct {
	Where   string // run.db, a task, or a file of the directory
	Problem string
}

// Verify reads everything: the pages of the database, the digest of each
// result, and each snapshot and artifact whole. It returns what is wrong, in a
// fixed order, and nil if nothing is.
func (r *Reader) Verify() (found []Finding, err error) {
	var files []artifactRow
	err = r.read("verify", func(db *sql.DB) error {
		found, files = nil, nil
		problem := ""
		if err := db.QueryRow("PRAGMA integrity_check(1)").Scan(&problem); err != nil {
			return err
		}
		if problem != "ok" {
			found = append(found, Finding{databaseFile, problem})
			return nil
		}
		tasks, err := collect(db, func(rows *sql.Rows) (task int64, err error) {
			return task, rows.Scan(&task)
		}, "SELECT task FROM tasks WHERE state = 'done' ORDER BY generation, task")
		if err != nil {
			return err
		}
		for _, task := range tasks {
			rec, artifacts, err := readRecord(db, task)
			if err != nil {
				return err
			}
			if _, err := rec.Result.decode(); err != nil {
				found = append(found, Finding{rec.Key.String(), err.Error()})
			}
			files = append(files, artifacts...)
		}
		snapshots, err := readSnapshots(db, "true")
		for _, s := range slices.Backward(snapshots) {
			files = append(files, artifactRow{snapshotFolder + "/" + s.File, written{size: s.Size, sha256: s.SHA256}})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		problem, _, err := compareArtifact(r.root, f, true)
		if err != nil {
			return nil, err
		}
		if problem != "" {
			found = append(found, Finding{f.path, problem})
		}
	}
	return found, nil
}
