package rundir

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/sbinet/npyio/npy"

	"runlua/checkpointdb"
)

// labelsEntry holds the labels of the tasks, in the order of the rows.
const labelsEntry = "label"

// writeNPZ writes a zip archive of NumPy files, as numpy.savez does: label, the
// columns of plain values with one element for each task, and for each task and
// array LABEL.ARRAY, where LABEL is as voids_beta=0.1_seed=1. In columns of
// numbers an absent value is NaN, in columns of text it is empty.
func (t *table) writeNPZ(w io.Writer, note func(string)) error {
	archive := &npzWriter{zip: zip.NewWriter(w), names: map[string]bool{}}
	labels := make([]string, len(t.rows))
	for i, r := range t.rows {
		labels[i] = label(r.rec.Key)
	}
	if err := archive.column(labelsEntry, labels); err != nil {
		return err
	}
	plain, left := t.columns()
	for _, name := range plain {
		column := t.npyColumn(name)
		if err := archive.column(t.entryName(name), column); err != nil {
			return err
		}
	}
	without := map[string]bool{}
	for i, r := range t.rows {
		for _, name := range left {
			cell, ok := r.cells[name]
			if !ok {
				continue
			}
			if err := archive.cell(labels[i]+"."+escapeName(name), cell); err == errNoArray {
				without[name] = true
			} else if err != nil {
				return err
			}
		}
	}
	if len(without) > 0 {
		note("not in the file: the lists " + strings.Join(slices.Sorted(maps.Keys(without)), ", ") + ", which are no arrays (json holds them)")
	}
	return archive.zip.Close()
}

// entryName is a column's name in an archive.
func (t *table) entryName(column string) string {
	switch {
	case column != labelsEntry:
		return escapeName(column)
	case slices.Contains(t.keys, column):
		return joinName(paramPrefix, column)
	}
	return joinName(resultPrefix, column)
}

// label names a task in an archive: voids_beta=0.1_seed=1.
func label(k checkpointdb.Key) string {
	parts := []string{k.Name}
	has := params(k)
	for _, name := range slices.Sorted(maps.Keys(has)) {
		parts = append(parts, name+"="+cellText(has[name]))
	}
	return escapeName(strings.Join(parts, "_"))
}

// escapeName keeps a name from being a path.
func escapeName(name string) string {
	return strings.NewReplacer("%", "%25", "/", "%2F", `\`, "%5C").Replace(name)
}

// npyColumn is a column as a slice of numbers, truth values or text.
func (t *table) npyColumn(name string) any {
	numbers, truths, texts := make([]float64, len(t.rows)), make([]bool, len(t.rows)), make([]string, len(t.rows))
	allNumbers, allTruths := true, true
	for i, r := range t.rows {
		v := r.cells[name]
		texts[i] = cellText(v)
		var isNumber bool
		if numbers[i], isNumber = v.(float64); !isNumber {
			numbers[i] = math.NaN()
			allNumbers = allNumbers && v == nil
		}
		var isTruth bool
		truths[i], isTruth = v.(bool)
		allTruths = allTruths && isTruth
	}
	switch {
	case allTruths:
		return truths
	case allNumbers:
		return numbers
	}
	return texts
}

type npzWriter struct {
	zip   *zip.Writer
	names map[string]bool
}

var errNoArray = fmt.Errorf("rundir: a value that is no array")

// cell writes an array or a list of plain values of one kind.
func (a *npzWriter) cell(name string, cell any) error {
	switch v := cell.(type) {
	case *checkpointdb.Array:
		r, err := checkpointdb.EncodeResult(v)
		if err != nil {
			return err
		}
		return a.file(name, r.Arrays[0].NPY)
	case []any:
		column, ok := listColumn(v)
		if !ok {
			return errNoArray
		}
		return a.column(name, column)
	}
	return a.cell(name, []any{cell}) // plain here, an array in another task
}

func listColumn(list []any) (any, bool) {
	if numbers, ok := allNumbers(list); ok {
		return numbers, true
	}
	texts, truths := []string{}, []bool{}
	for _, v := range list {
		switch v := v.(type) {
		case string:
			texts = append(texts, v)
		case bool:
			truths = append(truths, v)
		}
	}
	switch len(list) {
	case len(texts):
		return texts, true
	case len(truths):
		return truths, true
	}
	return nil, false
}

// column writes a slice as a one-dimensional array.
func (a *npzWriter) column(name string, values any) error {
	var b bytes.Buffer
	if texts, ok := values.([]string); ok && strings.Join(texts, "") == "" {
		values = emptyTexts(texts)
	}
	if err := npy.Write(&b, values); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return a.file(name, b.Bytes())
}

// emptyTexts are texts of which all are empty: NumPy has none of width 0, and
// drops zeros at the end.
func emptyTexts(texts []string) []string {
	out := make([]string, len(texts))
	for i := range out {
		out[i] = "\x00"
	}
	return out
}

func (a *npzWriter) file(name string, content []byte) error {
	if a.names[name] {
		return fmt.Errorf("two entries of the archive would have the name %s: export the tasks one by one", name)
	}
	a.names[name] = true
	// numpy.savez, too, stores; 1980 is where zip's dates begin.
	f, err := a.zip.CreateHeader(&zip.FileHeader{
		Name: name + ".npy", Method: zip.Store, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return err
}
