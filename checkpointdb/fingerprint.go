package checkpointdb

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Field is one thing besides the key that can change a task's result.
// Kind is one of the Kind constants; Name says which of the kind; Value is its
// canonical text or, for what is long, a digest. No value is empty.
type Field struct{ Kind, Name, Value string }

// What a fingerprint is made of.
const (
	KindCode     = "code"     // a function: digest of its code without line numbers
	KindCaptured = "captured" // a plain value that a function captures
	KindTask     = "task"     // another task's result: digest of it
	KindOption   = "option"   // an option that was read
	KindFile     = "file"     // a file that was opened: SHA-256
	KindKernel   = "kernel"   // a kernel that was called: version and path
	KindFixed    = "fixed"    // what the script passed as fixed
)

// A Fingerprint is the fields of a task, in any order; a field given twice
// counts once.
type Fingerprint []Field

// A Difference is a field that two fingerprints do not share. Where one of
// them lacks the field, its side is empty.
type Difference struct{ Kind, Name, Recorded, Now string }

// String is one line for the researcher: option box: recorded 256, now 512.
func (d Difference) String() string {
	side := func(word, value string) string {
		if value == "" {
			return "not " + word
		}
		return word + " " + value
	}
	now := "now " + d.Now
	if d.Now == "" {
		now = "now absent"
	}
	return fmt.Sprintf("%s %s: %s, %s", d.Kind, d.Name, side("recorded", d.Recorded), now)
}

// Diff compares what was recorded with what is now. The differences are in the
// order of kind and name; none means the same fingerprint.
func (old Fingerprint) Diff(now Fingerprint) []Difference {
	type id struct{ kind, name string }
	was, is := map[id][]string{}, map[id][]string{}
	for _, f := range old.sorted() {
		was[id{f.Kind, f.Name}] = append(was[id{f.Kind, f.Name}], f.Value)
	}
	for _, f := range now.sorted() {
		is[id{f.Kind, f.Name}] = append(is[id{f.Kind, f.Name}], f.Value)
	}
	var out []Difference
	for _, f := range append(slices.Clone(old), now...).sorted() {
		i := id{f.Kind, f.Name}
		recorded, current := strings.Join(was[i], ", "), strings.Join(is[i], ", ")
		d := Difference{f.Kind, f.Name, recorded, current}
		if recorded != current && (len(out) == 0 || out[len(out)-1] != d) {
			out = append(out, d)
		}
	}
	return out
}

// sorted returns the fields in the order of kind, name and value, each once.
func (f Fingerprint) sorted() Fingerprint {
	out := slices.Clone(f)
	slices.SortFunc(out, func(a, b Field) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Value, b.Value))
	})
	return slices.Compact(out)
}

// check refuses fields that could not be told from absent ones.
func (f Fingerprint) check() error {
	for _, field := range f {
		if field.Kind == "" || field.Value == "" {
			return fmt.Errorf("checkpointdb: fingerprint field %q %q has no kind or no value", field.Kind, field.Name)
		}
	}
	return nil
}
