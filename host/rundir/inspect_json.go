package rundir

import (
	"fmt"
	"io"
	"time"

	"runlua/checkpointdb"
)

type (
	inspectedJSON struct {
		taskJSON
		State       string         `json:"state"`
		Generation  int64          `json:"generation"`
		Attempts    int            `json:"attempts"`
		Reason      string         `json:"reason,omitempty"`
		Started     time.Time      `json:"started"`
		DoneAt      *time.Time     `json:"done_at"`
		Size        int64          `json:"size,omitempty"`   // of the result, bytes
		SHA256      string         `json:"sha256,omitempty"` // of the result
		Snapshots   []snapshotJSON `json:"snapshots"`
		Artifacts   []artifactJSON `json:"artifacts"`
		Fingerprint []fieldJSON    `json:"fingerprint,omitempty"`
		Result      any            `json:"result,omitempty"`
	}
	artifactJSON struct {
		Path   string `json:"path"`
		Size   int64  `json:"size"`
		SHA256 string `json:"sha256"`
	}
	fieldJSON struct {
		Kind  string `json:"kind"`
		Name  string `json:"name"`
		Value string `json:"value"`
	}
)

// InspectJSON writes a list of objects, one for each task. With names or
// filters, or with Full, they hold the result: its arrays by shape, min, mean
// and max or, with Full, as lists.
func InspectJSON(w io.Writer, t Target, opt InspectOptions) error {
	r, o, chosen, err := openTasks(t, opt)
	if err != nil {
		return err
	}
	defer r.Close()
	saved, err := r.Snapshots()
	if err != nil {
		return err
	}
	out := []inspectedJSON{}
	for _, task := range chosen {
		rec, err := o.record(r, task)
		if err != nil {
			return err
		}
		j := inspectedJSON{
			taskJSON: taskJSON{task.Key.Name, task.Key.Params}, State: o.taskState(task), Generation: task.Generation,
			Attempts: task.Attempts, Reason: task.LastReason, Started: task.Started, DoneAt: known(task.DoneAt),
			Snapshots: []snapshotJSON{}, Artifacts: []artifactJSON{},
		}
		for _, s := range snapshotsOf(task, saved) {
			j.Snapshots = append(j.Snapshots, *snapshotOf(&s))
		}
		if rec != nil {
			if err := j.fill(rec, opt); err != nil {
				return err
			}
		}
		out = append(out, j)
	}
	return writeIndented(w, out)
}

func (j *inspectedJSON) fill(rec *checkpointdb.Record, opt InspectOptions) error {
	j.Size, j.SHA256 = resultSize(rec), rec.Result.Digest
	for _, a := range rec.Artifacts {
		j.Artifacts = append(j.Artifacts, artifactJSON{a.Path, a.Size, a.SHA256})
	}
	if opt.Fingerprint {
		for _, f := range rec.Fingerprint {
			j.Fingerprint = append(j.Fingerprint, fieldJSON{f.Kind, f.Name, f.Value})
		}
	}
	if len(opt.Tasks) == 0 && !opt.Full {
		return nil
	}
	value, err := rec.Result.Decode()
	if err != nil {
		return fmt.Errorf("%s: %w", rec.Key, err)
	}
	j.Result = summarised(value, opt.Full)
	return nil
}
