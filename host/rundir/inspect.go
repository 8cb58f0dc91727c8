package rundir

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"runlua/checkpointdb"
)

// InspectOptions say what Inspect writes.
type InspectOptions struct {
	Tasks       []string // names and filters; none lists all tasks
	Full        bool     // arrays and long lists whole
	Fingerprint bool     // what each result depends on
	Now         time.Time
}

// Inspect lists the tasks of a run, or, with names or filters of tasks, shows
// each of those: its result, what it depends on, its files.
func Inspect(w io.Writer, t Target, opt InspectOptions) error {
	r, o, chosen, err := openTasks(t, opt)
	if err != nil {
		return err
	}
	defer r.Close()
	if len(opt.Tasks) == 0 && !opt.Full && !opt.Fingerprint {
		return o.list(w, r, opt.Now)
	}
	saved, err := r.Snapshots()
	if err != nil {
		return err
	}
	for i, task := range chosen {
		if i > 0 {
			fmt.Fprintln(w)
		}
		rec, err := o.record(r, task)
		if err != nil {
			return err
		}
		if err := o.detail(w, task, rec, snapshotsOf(task, saved), opt); err != nil {
			return err
		}
	}
	return nil
}

func openTasks(t Target, opt InspectOptions) (*checkpointdb.Reader, *overview, []checkpointdb.TaskInfo, error) {
	r, err := t.open()
	if err != nil {
		return nil, nil, nil, err
	}
	o, err := overviewOf(r, t)
	var chosen []checkpointdb.TaskInfo
	if err == nil {
		chosen, err = o.choose(opt.Tasks)
	}
	if err != nil {
		r.Close()
		return nil, nil, nil, err
	}
	return r, o, chosen, nil
}

// choose is the function of that name, with a hint where the word that names
// no task names a run.
func (o *overview) choose(words []string) ([]checkpointdb.TaskInfo, error) {
	chosen, err := choose(words, o.tasks)
	var wrong *UsageError
	if errors.As(err, &wrong) && len(words) > 0 && IsRun(filepath.Join(o.target.Folder, runsFolder, words[0])) {
		return nil, usage("did you mean "+filepath.Join(runsFolder, words[0])+"?", "%s", wrong.Problem)
	}
	return chosen, err
}

// record is what is recorded of a task, nil if it is not done.
func (o *overview) record(r *checkpointdb.Reader, t checkpointdb.TaskInfo) (*checkpointdb.Record, error) {
	if !t.Done {
		return nil, nil
	}
	rec, err := r.Result(t.Key)
	if err != nil || rec == nil || rec.Generation != t.Generation {
		return nil, err // replaced since we looked
	}
	return rec, nil
}

// snapshotsOf are the snapshots of a task, newest first. A file's name tells
// its task up to the call: Newest has one.
func snapshotsOf(t checkpointdb.TaskInfo, all []checkpointdb.Snapshot) []checkpointdb.Snapshot {
	if t.Newest == nil {
		return nil
	}
	own, _, _ := strings.Cut(t.Newest.File, "-call")
	var out []checkpointdb.Snapshot
	for _, s := range all {
		if of, _, _ := strings.Cut(s.File, "-call"); of == own {
			out = append(out, s)
		}
	}
	return out
}

func resultSize(rec *checkpointdb.Record) int64 {
	n := int64(len(rec.Result.JSON))
	for _, a := range rec.Result.Arrays {
		n += int64(len(a.NPY))
	}
	return n
}

// list writes one line for each task.
func (o *overview) list(w io.Writer, r *checkpointdb.Reader, now time.Time) error {
	fmt.Fprintf(w, "%s, of %s\n", o.dir, o.script)
	if len(o.tasks) == 0 {
		_, err := fmt.Fprintln(w, "No task is recorded yet.")
		return err
	}
	several := len(o.generations) > 1
	head := []string{"TASK", "STATE", "DONE", "ATTEMPTS", "RESULT"}
	if several {
		head = append(head, "GENERATION")
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, strings.Join(head, "\t"))
	for _, t := range o.tasks {
		cells := []string{t.Key.String(), o.taskState(t), "", fmt.Sprint(t.Attempts), ""}
		if t.Done {
			rec, err := o.record(r, t)
			if err != nil {
				return err
			}
			cells[2] = moment(now, t.DoneAt)
			if rec != nil {
				cells[4] = byteCount(resultSize(rec))
			}
		} else if t.Newest != nil {
			cells[4] = fmt.Sprintf("saved at step %d/%d", t.Newest.Step, t.Newest.Total)
		}
		if several {
			cells = append(cells, fmt.Sprint(t.Generation))
		}
		fmt.Fprintln(tw, strings.TrimRight(strings.Join(cells, "\t"), "\t"))
	}
	return tw.Flush()
}

// taskState is done, running, or how the last attempt ended; superseded for
// what an earlier generation left.
func (o *overview) taskState(t checkpointdb.TaskInfo) string {
	switch {
	case t.Generation < o.generation().Number && t.Done:
		return "done, superseded"
	case t.Generation < o.generation().Number:
		return "superseded"
	case t.Done:
		return "done"
	}
	return o.outcome(t)
}

// detail writes all about one task.
func (o *overview) detail(w io.Writer, t checkpointdb.TaskInfo, rec *checkpointdb.Record, saved []checkpointdb.Snapshot, opt InspectOptions) error {
	fmt.Fprintln(w, t.Key)
	p := &fields{w: w}
	state := o.taskState(t)
	if t.Done {
		state += fmt.Sprintf(" %s (%s)", moment(opt.Now, t.DoneAt), ago(opt.Now, t.DoneAt))
	}
	if len(o.generations) > 1 {
		state += fmt.Sprintf(", generation %d", t.Generation)
	}
	p.field("  State", state)
	attempts := fmt.Sprintf("%d, the first %s", t.Attempts, moment(opt.Now, t.Started))
	if !t.Done || t.LastOutcome != "done" {
		attempts += ", the last: " + o.outcome(t)
	}
	p.field("  Attempts", attempts)
	if t.LastReason != "" {
		p.field("  Reason", strings.Split(strings.TrimRight(t.LastReason, "\n"), "\n")...)
	}
	for _, s := range saved {
		final := ""
		if s.Final {
			final = ", the end of the call"
		}
		p.field("  Snapshot", fmt.Sprintf("call %d, step %d/%d%s, %s, saved %s (%s): %s", s.Call, s.Step, s.Total, final,
			byteCount(s.Size), moment(opt.Now, s.Saved), ago(opt.Now, s.Saved), filepath.Join("snapshots", s.File)))
	}
	if rec == nil {
		return p.err
	}
	for _, a := range rec.Artifacts {
		p.field("  Artifact", fmt.Sprintf("%s, %s, SHA-256 %s%s", a.Path, byteCount(a.Size), a.SHA256, o.artifactProblem(a)))
	}
	if opt.Fingerprint {
		p.field("  Fingerprint", fingerprintLines(rec.Fingerprint)...)
	}
	value, err := rec.Result.Decode()
	if err != nil {
		return fmt.Errorf("%s: %w", t.Key, err)
	}
	text := strings.ReplaceAll(pretty(value, opt.Full), "\n", "\n  ")
	p.field("  Result", fmt.Sprintf("%s, SHA-256 %s", byteCount(resultSize(rec)), rec.Result.Digest))
	if _, err := fmt.Fprintf(w, "  %s\n", text); err != nil {
		return err
	}
	return p.err
}

// artifactProblem says what can be seen at once; the digest is not computed.
func (o *overview) artifactProblem(a checkpointdb.Artifact) string {
	info, err := os.Stat(filepath.Join(o.dir, filepath.FromSlash(a.Path)))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ": missing, the next run makes it again"
	case err != nil:
		return ": can't be looked at: " + err.Error()
	case info.Size() != a.Size:
		return fmt.Sprintf(": altered, now %d bytes instead of %d; the next run makes it again", info.Size(), a.Size)
	}
	return ""
}

func fingerprintLines(fp checkpointdb.Fingerprint) []string {
	kind, name := 0, 0
	for _, f := range fp {
		kind, name = max(kind, len([]rune(f.Kind))), max(name, len([]rune(f.Name)))
	}
	var out []string
	for _, f := range fp {
		out = append(out, fmt.Sprintf("%-*s  %-*s  %s", kind, f.Kind, name, f.Name, f.Value))
	}
	if out == nil {
		out = []string{"none: it depends on its name and parameters alone"}
	}
	return out
}
