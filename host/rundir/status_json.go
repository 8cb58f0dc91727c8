package rundir

import (
	"encoding/json"
	"io"
	"path/filepath"
	"time"

	"runlua/checkpointdb"
	"runlua/progress"
)

// The JSON form of a status.
type (
	statusJSON struct {
		Dir        string               `json:"dir"`
		Script     string               `json:"script"`
		State      string               `json:"state"`
		Holder     *holderJSON          `json:"holder"`
		Told       *time.Time           `json:"told"` // age of the bars
		Bars       []progress.StatusBar `json:"bars"`
		Generation int64                `json:"generation"`
		Finished   *time.Time           `json:"finished"` // when the generation was done
		Done       int                  `json:"done"`
		Superseded int                  `json:"superseded"`
		Unfinished []unfinishedJSON     `json:"unfinished"`
		LastRun    *runJSON             `json:"last_run"`
	}
	holderJSON struct {
		PID   int       `json:"pid"`
		Host  string    `json:"host"`
		Since time.Time `json:"since"`
	}
	unfinishedJSON struct {
		taskJSON
		Outcome  string        `json:"outcome"`
		Reason   string        `json:"reason,omitempty"`
		Attempts int           `json:"attempts"`
		Snapshot *snapshotJSON `json:"snapshot"`
	}
	taskJSON struct {
		Task   string          `json:"task"`
		Params json.RawMessage `json:"params"`
	}
	snapshotJSON struct {
		Call  int       `json:"call"`
		Step  int64     `json:"step"`
		Total int64     `json:"total"`
		Size  int64     `json:"size"`
		Saved time.Time `json:"saved"`
		File  string    `json:"file"`
	}
	runJSON struct {
		Started time.Time  `json:"started"`
		Ended   *time.Time `json:"ended"`
		Status  string     `json:"status"`
		PID     int        `json:"pid"`
		Host    string     `json:"host"`
		Version string     `json:"version"`
		Command []string   `json:"command"`
	}
)

// StatusJSON writes what Status writes, for machines: one object.
func StatusJSON(w io.Writer, t Target) error {
	o, err := look(t)
	if err != nil {
		return err
	}
	return writeIndented(w, o.json())
}

// StatusLinesJSON writes a list of the objects of StatusJSON. A run that can't
// be read has dir and error.
func StatusLinesJSON(w io.Writer, targets []Target) error {
	out := []any{}
	var unread unreadable
	for _, t := range targets {
		o, err := look(t)
		if err != nil {
			unread = append(unread, err)
			dir := t.Dir
			if absolute, err := filepath.Abs(dir); err == nil {
				dir = absolute
			}
			out = append(out, map[string]string{"dir": dir, "error": Explain(err)})
			continue
		}
		out = append(out, o.json())
	}
	if err := writeIndented(w, out); err != nil {
		return err
	}
	return unread.error()
}

func (o *overview) json() statusJSON {
	done, unfinished, superseded := o.split()
	s := statusJSON{
		Dir: o.dir, Script: o.script, State: o.state(), Bars: []progress.StatusBar{},
		Generation: o.generation().Number, Finished: known(o.generation().Finished),
		Done: len(done), Superseded: len(superseded), Unfinished: []unfinishedJSON{},
	}
	if o.holder != nil {
		s.Holder = &holderJSON{o.holder.PID, o.holder.Host, o.holder.Since}
	}
	if o.live != nil {
		s.Told, s.Bars = known(o.live.Updated), append(s.Bars, o.live.Bars...)
	}
	for _, t := range unfinished {
		s.Unfinished = append(s.Unfinished, unfinishedJSON{
			taskJSON{t.Key.Name, t.Key.Params}, o.outcome(t), t.LastReason, t.Attempts, snapshotOf(t.Newest),
		})
	}
	if last := o.last(); last != nil {
		status := last.Status
		if status == stateRunning {
			status = o.state() // running, or killed
		}
		s.LastRun = &runJSON{last.Started, known(last.Ended), status, last.PID, last.Host, last.Version, commandWords(*last)}
	}
	return s
}

func snapshotOf(s *checkpointdb.Snapshot) *snapshotJSON {
	if s == nil {
		return nil
	}
	return &snapshotJSON{s.Call, s.Step, s.Total, s.Size, s.Saved, s.File}
}

// known is nil for a time that has not been.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func writeIndented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
