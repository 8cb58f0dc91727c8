package fingerprint

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	lua "github.com/yuin/gopher-lua"
)

// Version changes whenever the fields of an unchanged function would differ.
const Version = 2

// Kinds of fields.
const (
	Code     = "code"     // a function; Value is the digest of its code
	Captured = "captured" // a value from outside; Value is its text
)

// Root is the name of the function that a fingerprint describes.
const Root = "task function"

// A Field is one thing that can change a result.
type Field struct {
	Kind  string // Code or Captured
	Name  string // how the function reaches it: "settings.box", "calibration.catalogue"
	Value string
}

// Options tell what belongs to the host.
type Options struct {
	// HostName tells whether a function, table or userdata belongs to the host
	// and what it is called. Such a value contributes its name, and a table of
	// the host the Lua functions that a script has put into it.
	HostName func(v lua.LValue) (name string, ok bool)
	// StringMethods is the table that strings take methods from: s:upper() is
	// StringMethods.upper(s). Nil means the table that the global "string"
	// holds now.
	StringMethods *lua.LTable
}

// A Fingerprinter is a value of a userdata that can enter a fingerprint.
type Fingerprinter interface {
	// FingerprintValue is a short text that differs whenever the value does.
	FingerprintValue() (string, error)
}

// Of describes fn as it is now: captured variables are read when it is called.
// The fields are sorted by kind and name. The error names a captured variable
// whose value can't be described.
func Of(fn *lua.LFunction, opt Options) ([]Field, error) {
	fields, _, err := Describe(fn, opt)
	return fields, err
}

// Describe is Of, and names the tables from outside in which fn assigns fields and of
// which it takes none: they are no part of a fingerprint, and what fn does to them is
// not done again where its result is recorded.
func Describe(fn *lua.LFunction, opt Options) (fields []Field, assigned []string, err error) {
	if fn.IsG {
		return nil, nil, fmt.Errorf("fingerprint: the function is the host's own, not a Lua function")
	}
	w := &walker{
		hostName:  opt.HostName,
		roots:     map[string]any{},
		functions: map[*lua.LFunction]string{},
		tables:    map[*lua.LTable]string{},
		globals:   fn.Env,
		methods:   opt.StringMethods,
		fields:    map[Field]bool{},
		assigned:  map[string]bool{},
	}
	if w.hostName == nil {
		w.hostName = func(lua.LValue) (string, bool) { return "", false }
	}
	if w.methods == nil {
		w.methods, _ = fn.Env.RawGetString("string").(*lua.LTable)
	}
	w.roots[Root] = fn
	if err := w.function(fn, Root); err != nil {
		return nil, nil, fmt.Errorf("fingerprint: %w", err)
	}
	fields = make([]Field, 0, len(w.fields))
	for f := range w.fields {
		fields = append(fields, f)
	}
	slices.SortFunc(fields, func(a, b Field) int {
		return cmp.Or(-cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Value, b.Value))
	})
	return fields, slices.Sorted(maps.Keys(w.assigned)), nil
}
