package bindings

import (
	"reflect"
	"testing"
)

// Editors and spreadsheets put a byte order mark before the text that they save.
func TestByteOrderMarkIsNoPartOfAFile(t *testing.T) {
	const mark = "\xef\xbb\xbf"
	if got, err := parseJSON([]byte(mark + `[1]`)); err != nil || !reflect.DeepEqual(got, []any{1.0}) {
		t.Errorf("JSON: %v, %v", got, err)
	}
	if got, err := parseColumns([]byte(mark + "1,2\n")); err != nil || !reflect.DeepEqual(got, [][]float64{{1}, {2}}) {
		t.Errorf("columns: %v, %v", got, err)
	}
}
