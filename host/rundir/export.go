package rundir

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"runlua/checkpointdb"
)

// ExportOptions say what Export writes.
type ExportOptions struct {
	Tasks      []string // names and filters of tasks; none means all
	Format     string   // csv, json, npz; "" is that of File, else csv
	File       string   // "" or "-" is Out
	Explode    bool     // csv: one row for each element of a task's arrays
	Arrays     []string // which of them; none means all
	Superseded bool     // also what earlier generations left

	Out  io.Writer
	Note func(text string) // told what the table lacks
}

// Formats are the ways in which Export writes.
var Formats = []string{"csv", "json", "npz"}

// Export writes the recorded results of a run as one table: a row for each
// task that is done, with its parameters and the plain fields of its result as
// columns. Rows are in the order of names and parameters, so that the same
// results give the same bytes.
func Export(t Target, opt ExportOptions) error {
	if err := opt.check(); err != nil {
		return err
	}
	tab, err := opt.collect(t)
	if err != nil {
		return err
	}
	var write func(io.Writer) error
	switch opt.Format {
	case "csv":
		if opt.Explode {
			if err := tab.explode(opt.Arrays); err != nil {
				return err
			}
		}
		write = func(w io.Writer) error { return tab.writeCSV(w, opt.Note) }
	case "json":
		write = tab.writeJSON
	case "npz":
		write = func(w io.Writer) error { return tab.writeNPZ(w, opt.Note) }
	}
	if opt.File == "" || opt.File == "-" {
		b := bufio.NewWriter(opt.Out)
		if err := write(b); err != nil {
			return err
		}
		return b.Flush()
	}
	return writeFile(opt.File, write)
}

// writeFile replaces a file whole; what is no regular file is written as it is.
func writeFile(name string, write func(io.Writer) error) error {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return usage("name a file in it", "-o %s is a folder", name)
		}
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		return write(f)
	}
	folder := filepath.Dir(name)
	if _, err := os.Stat(folder); err != nil {
		return usage("make it first", "-o %s: there is no folder %s", name, folder)
	}
	return checkpointdb.WriteFileAtomic(folder, filepath.Base(name), nil, write)
}

// otherFormats are endings by which a program would take CSV for something else.
var otherFormats = []string{"tsv", "xls", "xlsx", "ods", "npy", "mat", "h5", "hdf5", "nc", "parquet", "feather", "pkl", "pickle", "db", "sqlite", "gz", "zip"}

func (opt *ExportOptions) check() error {
	if opt.Note == nil {
		opt.Note = func(string) {}
	}
	ending := strings.TrimPrefix(filepath.Ext(opt.File), ".")
	if opt.Format == "" {
		opt.Format = "csv"
		switch ending = strings.ToLower(ending); {
		case slices.Contains(Formats, ending):
			opt.Format = ending
		case slices.Contains(otherFormats, ending):
			return usage("--format csv writes CSV under that name", "-o %s: .%s is not written, only csv, json and npz", opt.File, ending)
		}
	}
	switch {
	case !slices.Contains(Formats, opt.Format):
		return usage("", "--format must be csv, json or npz, got %q", opt.Format)
	case opt.Format == "npz" && opt.File == "":
		return usage("add -o results.npz", "npz is no text: it needs a file")
	case opt.Explode && opt.Format != "csv":
		return usage(opt.Format+" holds the arrays whole", "--explode is for csv, not for %s", opt.Format)
	}
	return nil
}

// collect reads the records that the options choose, and tells what is left out.
func (opt *ExportOptions) collect(t Target) (*table, error) {
	r, err := t.open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	o, err := overviewOf(r, t)
	if err != nil {
		return nil, err
	}
	chosen, err := o.choose(opt.Tasks)
	if err != nil {
		return nil, err
	}
	var records []*checkpointdb.Record
	unfinished, older := 0, 0
	for _, task := range chosen {
		switch {
		case task.Generation < o.generation().Number && !opt.Superseded:
			if task.Done {
				older++
			}
			continue
		case !task.Done:
			unfinished++
			continue
		}
		rec, err := o.record(r, task)
		if err != nil {
			return nil, err
		}
		if rec != nil {
			records = append(records, rec)
		}
	}
	if unfinished > 0 {
		opt.Note(count(unfinished, "unfinished task") + " can't be in the table yet")
	}
	if older > 0 {
		opt.Note(fmt.Sprintf("not in the table: %s of a generation before %d (--superseded adds them)", count(older, "result"), o.generation().Number))
	}
	for _, d := range mixedSettings(records) {
		opt.Note(d)
	}
	if len(records) == 0 {
		opt.Note("no task is done: the table has no rows")
	}
	return newTable(records, !namesOne(opt.Tasks, records), opt.Superseded)
}

// namesOne reports whether the words are the name of one task, which then
// needs no column.
func namesOne(words []string, records []*checkpointdb.Record) bool {
	if len(words) == 0 {
		return false
	}
	for _, rec := range records {
		if rec.Key.Name != records[0].Key.Name {
			return false
		}
	}
	return true
}

// mixedSettings says which settings differ between the results of tasks of one
// name, which then hardly belong into one table.
func mixedSettings(records []*checkpointdb.Record) []string {
	compared := []string{checkpointdb.KindCode, checkpointdb.KindOption, checkpointdb.KindKernel}
	type setting struct{ task, kind, name string }
	values := map[setting]map[string]int{}
	var order []setting
	for _, rec := range records {
		for _, f := range rec.Fingerprint {
			if !slices.Contains(compared, f.Kind) {
				continue
			}
			s := setting{rec.Key.Name, f.Kind, f.Name}
			if values[s] == nil {
				values[s] = map[string]int{}
				order = append(order, s)
			}
			values[s][f.Value]++
		}
	}
	var out []string
	for _, s := range order {
		if len(values[s]) < 2 {
			continue
		}
		var parts []string
		for _, v := range slices.Sorted(maps.Keys(values[s])) {
			parts = append(parts, fmt.Sprintf("%s in %d", v, values[s][v]))
		}
		out = append(out, fmt.Sprintf("the results of %s were made under different settings: %s %s is %s", s.task, s.kind, s.name, strings.Join(parts, ", ")))
	}
	return out
}

// writeCSV writes the columns of plain values: RFC 4180, lines that end in a
// line feed, numbers by their shortest exact text, an absent value empty.
func (t *table) writeCSV(w io.Writer, note func(string)) error {
	columns, left := t.columns()
	if len(left) > 0 {
		how := "--explode makes rows of them, json and npz hold them"
		if t.exploded {
			how = "json and npz hold them"
		}
		note(fmt.Sprintf("not in the table: the arrays and lists %s (%s)", strings.Join(left, ", "), how))
	}
	c := csv.NewWriter(w)
	if err := c.Write(columns); err != nil {
		return err
	}
	line := make([]string, len(columns))
	for _, r := range t.rows {
		for i, name := range columns {
			line[i] = cellText(r.cells[name])
		}
		if err := c.Write(line); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// writeJSON writes a list of objects, a line each, of the columns that the
// task has; arrays are lists, of lists where they have more dimensions.
func (t *table) writeJSON(w io.Writer) error {
	columns := slices.Concat(t.keys, t.fields)
	lead := "["
	for _, r := range t.rows {
		if _, err := io.WriteString(w, lead+"\n{"); err != nil {
			return err
		}
		lead = ","
		comma := ""
		for _, name := range columns {
			cell, ok := r.cells[name]
			if !ok {
				continue
			}
			field, err := checkpointdb.CanonicalJSON(name)
			if err != nil {
				return err
			}
			value, err := checkpointdb.CanonicalJSON(summarised(cell, true))
			if err != nil {
				return fmt.Errorf("%s: %s: %w", r.rec.Key, name, err)
			}
			if _, err := fmt.Fprintf(w, "%s%s:%s", comma, field, value); err != nil {
				return err
			}
			comma = ","
		}
		if _, err := io.WriteString(w, "}"); err != nil {
			return err
		}
	}
	if len(t.rows) == 0 {
		lead = "["
	} else {
		lead = "\n"
	}
	_, err := io.WriteString(w, lead+"]\n")
	return err
}
