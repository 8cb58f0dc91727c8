package rundir

import (
	"fmt"
	"io"
	"strings"

	"runlua/checkpointdb"
)

// What Clean removes.
type What int

const (
	// Snapshots are the saved states of unfinished tasks. Results stay.
	Snapshots What = iota
	// Superseded are the records of generations before the current one.
	Superseded
	// All is the run directory, but for files that no run made.
	All
)

// CleanOptions say what Clean removes, and whom it asks.
type CleanOptions struct {
	What What
	// Confirm is asked before anything is removed, with what will be lost; nil
	// means yes.
	Confirm        func(question string) (bool, error)
	Out            io.Writer // told what was removed
	Warn           func(text string)
	AllowNetworkFS bool
}

// Clean removes a part of a run directory, or all of it. While another process
// holds the directory it removes nothing and returns checkpointdb.ErrHeld; what
// is damaged or newer is not touched either.
func Clean(t Target, opt CleanOptions) error {
	r, err := t.open()
	if err != nil {
		return err
	}
	defer r.Close()
	o, err := overviewOf(r, t)
	if err != nil {
		return err
	}
	if o.holder != nil {
		return o.holder
	}
	switch opt.What {
	case Snapshots:
		return o.cleanSnapshots(r, opt)
	case Superseded:
		return o.cleanSuperseded(r, opt)
	case All:
		return o.cleanAll(r, opt)
	}
	panic(fmt.Sprintf("rundir: Clean: what = %d", opt.What))
}

func (opt CleanOptions) ask(lines ...string) error {
	if opt.Confirm == nil {
		return nil
	}
	yes, err := opt.Confirm(strings.Join(lines, "\n"))
	if err == nil && !yes {
		err = ErrDeclined
	}
	return err
}

func (opt CleanOptions) store() checkpointdb.Options {
	return checkpointdb.Options{Warn: opt.Warn, AllowNetworkFS: opt.AllowNetworkFS}
}

func (o *overview) cleanSnapshots(r *checkpointdb.Reader, opt CleanOptions) error {
	all, err := r.Snapshots()
	if err != nil {
		return err
	}
	if len(all) == 0 {
		_, err := fmt.Fprintf(opt.Out, "There are no snapshots in %s.\n", o.dir)
		return err
	}
	var size int64
	for _, s := range all {
		size += s.Size
	}
	var lost []string
	for _, t := range o.tasks {
		if t.Newest != nil {
			lost = append(lost, fmt.Sprintf("  %s loses %d of %d steps and begins anew", t.Key, t.Newest.Step, t.Newest.Total))
		}
	}
	head := fmt.Sprintf("Remove %s (%s) of %s from %s? Results stay.",
		count(len(all), "snapshot"), byteCount(size), count(len(lost), "unfinished task"), o.dir)
	if err := opt.ask(append([]string{head}, lost...)...); err != nil {
		return err
	}
	done, err := checkpointdb.Clean(o.dir, checkpointdb.CleanSnapshots, opt.store())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(opt.Out, "Removed %s (%s) from %s.\n", count(done.Snapshots, "snapshot"), byteCount(size), o.dir)
	return err
}

func (o *overview) cleanSuperseded(r *checkpointdb.Reader, opt CleanOptions) error {
	_, _, superseded := o.split()
	if len(superseded) == 0 {
		_, err := fmt.Fprintf(opt.Out, "There is nothing of earlier generations in %s.\n", o.dir)
		return err
	}
	results, size := 0, int64(0)
	for _, t := range superseded {
		rec, err := o.record(r, t)
		if err != nil {
			return err
		}
		if rec != nil {
			results, size = results+1, size+resultSize(rec)
		}
	}
	what := fmt.Sprintf("%s (%s)", count(results, "result"), byteCount(size))
	if open := len(superseded) - results; open > 0 {
		what += " and " + count(open, "task") + " without one"
	}
	lines := []string{fmt.Sprintf("Remove %s, of generations before %d, from %s?", what, o.generation().Number, o.dir)}
	if g := o.generation(); g.Finished.IsZero() && results > 0 {
		lines = append(lines, fmt.Sprintf("  Generation %d is unfinished: these results have not been replaced yet, and there is no other copy of them here.", g.Number))
	}
	if err := opt.ask(lines...); err != nil {
		return err
	}
	done, err := checkpointdb.Clean(o.dir, checkpointdb.CleanSuperseded, opt.store())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(opt.Out, "Removed %s and %s of earlier generations from %s.\n",
		count(done.Tasks, "task"), count(done.Artifacts, "artifact"), o.dir)
	return err
}
