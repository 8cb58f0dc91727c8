package rundir

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"runlua/checkpointdb"
)

// silence is how long a running process may tell nothing before that is worth
// a word: it writes its status every ten seconds at least.
const silence = 30 * time.Second

// Status writes how a run is: who holds it, what it does, what is done, what
// is not, and how to go on. It reads the directory only, never the process.
func Status(w io.Writer, t Target, now time.Time) error {
	o, err := look(t)
	if err != nil {
		return err
	}
	p := &fields{w: w}
	p.field("Run directory", o.dir)
	p.field("Script", o.script)
	p.field("State", o.stateText(now))
	o.writeBars(p, now)
	o.writeTasks(p, now)
	if g := o.generation(); g.Number > 1 {
		p.field("Generation", generationText(g))
	}
	o.writeNext(p)
	return p.err
}

// fields writes a name and lines beside it.
type fields struct {
	w   io.Writer
	err error
}

func (p *fields) field(name string, lines ...string) {
	for i, line := range lines {
		if i > 0 {
			name = ""
		}
		if _, err := fmt.Fprintf(p.w, "%-14s %s\n", name, line); err != nil {
			p.err = err
		}
	}
}

func (o *overview) stateText(now time.Time) string {
	last := o.last()
	switch state := o.state(); state {
	case stateRunning:
		if o.holder.PID == 0 {
			return "held by another process, which is just starting"
		}
		return fmt.Sprintf("running: process %d on %s, since %s (%s)",
			o.holder.PID, o.holder.Host, moment(now, o.holder.Since), ago(now, o.holder.Since))
	case stateEmpty:
		return "empty: nothing has run yet"
	case stateKilled:
		return fmt.Sprintf("killed: process %d on %s ended without saying so; last sign of it %s (%s)",
			last.PID, last.Host, moment(now, o.touched()), ago(now, o.touched()))
	case checkpointdb.StatusDone:
		return fmt.Sprintf("done %s (%s), took %s", moment(now, last.Ended), ago(now, last.Ended), span(last.Ended.Sub(last.Started)))
	default:
		text := fmt.Sprintf("%s %s (%s), after %s", state, moment(now, last.Ended), ago(now, last.Ended), span(last.Ended.Sub(last.Started)))
		if g := o.generation(); !g.Finished.IsZero() {
			text += fmt.Sprintf("; a run before it was done %s", moment(now, g.Finished))
		}
		return text
	}
}

func (o *overview) writeBars(p *fields, now time.Time) {
	if o.holder == nil {
		return
	}
	if o.live == nil {
		p.field("Now", "it has not told yet what it does")
		return
	}
	var lines []string
	for _, b := range o.live.Bars {
		lines = append(lines, strings.Repeat("  ", b.Depth)+b.State().String())
	}
	if len(lines) == 0 {
		lines = []string{"no bar is open"}
	}
	told := "told " + ago(now, o.live.Updated)
	if now.Sub(o.live.Updated) > silence {
		told += ": it is busy in one long step, or stopped"
	}
	p.field("Now", append(lines, "("+told+")")...)
}

func (o *overview) writeTasks(p *fields, now time.Time) {
	done, unfinished, superseded := o.split()
	text := fmt.Sprintf("%d done, %d unfinished", len(done), len(unfinished))
	if len(superseded) > 0 {
		text += fmt.Sprintf("; %d of earlier generations", len(superseded))
	}
	p.field("Tasks", text)
	var open, failed []string
	for _, t := range unfinished {
		if o.outcome(t) == "failed" {
			failed = append(failed, t.Key.String()+": "+attemptsText(t)+snapshotText(", ", t.Newest, now))
			for line := range strings.Lines(t.LastReason) {
				failed = append(failed, "  "+strings.TrimRight(line, "\n"))
			}
			continue
		}
		open = append(open, fmt.Sprintf("%s: %s, %s%s", t.Key, o.outcome(t), attemptsText(t), snapshotText(", ", t.Newest, now)))
	}
	p.field("Unfinished", open...)
	p.field("Failed tasks", failed...)
}

func attemptsText(t checkpointdb.TaskInfo) string { return count(t.Attempts, "attempt") }

func snapshotText(before string, s *checkpointdb.Snapshot, now time.Time) string {
	if s == nil {
		return before + "no snapshot"
	}
	return fmt.Sprintf("%ssaved at step %d/%d %s (%s)", before, s.Step, s.Total, ago(now, s.Saved), byteCount(s.Size))
}

func generationText(g checkpointdb.Generation) string {
	text := fmt.Sprint(g.Number)
	if g.Forced {
		text += ", opened by --force-rerun"
	}
	if g.Finished.IsZero() {
		text += ", unfinished"
	}
	return text
}

// writeNext says what to type.
func (o *overview) writeNext(p *fields) {
	last := o.last()
	if last == nil {
		return
	}
	line := o.command(*last)
	_, unfinished, _ := o.split()
	switch state := o.state(); {
	case line == "":
	case state == stateRunning:
		p.field("Command", line)
	case state == stateKilled || state == checkpointdb.StatusInterrupted || state == checkpointdb.StatusStopped:
		p.field("To go on", "give the same command again, and it continues:", "  "+line)
	case state == checkpointdb.StatusFailed:
		if done := o.lastDone(); done != "" && done != line {
			p.field("Done by", done)
			p.field("Failed", line)
			return
		}
		p.field("To go on", "mend what failed and give the same command again; what is recorded stays:", "  "+line)
	default:
		p.field("Command", line)
		if len(unfinished) > 0 {
			p.field("", "It ended without the unfinished tasks: it no longer asks for them.")
		}
	}
}

// command is what to type to go on with a run, "" if that is not recorded.
func (o *overview) command(run checkpointdb.Run) string {
	words := commandWords(run)
	if len(words) == 0 {
		return ""
	}
	return commandLine(words, o.dir, o.script, o.target.Folder)
}

// lastDone is the command that last ended with all work done in the current
// generation, "" if none has.
func (o *overview) lastDone() string {
	for i := len(o.runs) - 1; i >= 0; i-- {
		if run := o.runs[i]; run.Status == checkpointdb.StatusDone && run.Generation == o.generation().Number {
			return o.command(run)
		}
	}
	return ""
}

// StatusLines writes one line for each run. Where some can't be read it goes on
// with the others and returns an error at the end.
func StatusLines(w io.Writer, targets []Target, now time.Time) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	var unread unreadable
	for _, t := range targets {
		cells := []string{shortPath(t.Folder, t.Dir)}
		if o, err := look(t); err != nil {
			unread = append(unread, err)
			what, _, _ := strings.Cut(Explain(err), "\n")
			cells = append(cells, "can't be read: "+what)
		} else {
			cells = append(cells, o.lineCells(now)...)
		}
		fmt.Fprintln(tw, strings.Join(cells, "\t"))
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	return unread.error()
}

// unreadable are the errors of runs that can't be read, among others that can.
type unreadable []error

func (u unreadable) error() error {
	if len(u) == 0 {
		return nil
	}
	return u
}

func (u unreadable) Error() string {
	return count(len(u), "run") + " can't be read\n  hint: runlua status with its name says what to do"
}

func (u unreadable) Unwrap() []error { return u }

// lineCells are state, counts and, if there is one, the innermost bar.
func (o *overview) lineCells(now time.Time) []string {
	done, unfinished, _ := o.split()
	state := fmt.Sprintf("%s %s", o.state(), ago(now, o.touched()))
	if o.holder != nil {
		state = fmt.Sprintf("running (process %d on %s)", o.holder.PID, o.holder.Host)
	}
	cells := []string{state, fmt.Sprintf("%d done, %d unfinished", len(done), len(unfinished))}
	if bar := o.innermostBar(); bar != "" {
		cells = append(cells, bar)
	}
	return cells
}

func (o *overview) innermostBar() string {
	if o.live == nil || len(o.live.Bars) == 0 {
		return ""
	}
	return o.live.Bars[len(o.live.Bars)-1].State().String()
}

// Explain is an error as the researcher reads it.
func Explain(err error) string {
	return strings.ReplaceAll(err.Error(), "checkpointdb: ", "")
}
