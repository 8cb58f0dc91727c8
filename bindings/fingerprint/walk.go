package fingerprint

import (
	"fmt"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// A walker goes from a function through all that it can reach. It visits
// everything in an order that the code and the names fix, so that a value met
// twice gets the same name each time.
type walker struct {
	hostName  func(lua.LValue) (string, bool)
	roots     map[string]any // the variable or function that has a name
	functions map[*lua.LFunction]string
	tables    map[*lua.LTable]string // those taken whole
	globals   *lua.LTable
	methods   *lua.LTable // those of strings; may be nil
	fields    map[Field]bool
	assigned  map[string]bool // tables of which fields are assigned and none is taken
}

func (w *walker) emit(kind, name, value string) { w.fields[Field{kind, name, value}] = true }

// globalRoot identifies a global variable.
type globalRoot string

// root returns the name of a variable reached from the function named from:
// its own, unless another variable has that already.
func (w *walker) root(name string, id any, from string) string {
	candidate := name
	for n := 2; ; n++ {
		held, taken := w.roots[candidate]
		if !taken || held == id {
			w.roots[candidate] = id
			return candidate
		}
		candidate = fmt.Sprintf("%s (in %s)", name, from)
		if n > 2 {
			candidate = fmt.Sprintf("%s (in %s, %d)", name, from, n-1)
		}
	}
}

// function adds a Lua function: its code, then what it uses of its upvalues and
// of globals.
func (w *walker) function(fn *lua.LFunction, name string) error {
	if first, seen := w.functions[fn]; seen {
		if first != name {
			w.emit(Captured, name, "function "+first)
		}
		return nil
	}
	w.functions[fn] = name
	w.emit(Code, name, w.codeDigest(fn.Proto))
	u := analyse(fn.Proto)
	for k := range u.upvalues {
		variable := fn.Upvalues[k]
		if variable == nil {
			continue // a chunk's main function made by the host: nil in Lua
		}
		called := w.root(fn.Proto.DbgUpvalues[k], variable, name)
		if err := w.value(variable.Value(), &u.upvalues[k], called, name); err != nil {
			return err
		}
	}
	globals := &use{}
	for global, gu := range u.globals {
		globals.field(lua.LString(global)).merge(gu)
	}
	if err := w.named(fn.Env, globals, func(key lua.LValue) string {
		return w.root(key.String(), globalRoot(key.String()), name)
	}, name); err != nil {
		return err
	}
	return w.stringMethods(&u.methods, name)
}

// stringMethods adds what a script has put where strings take their methods
// from, as far as the function named from may call it as s:method(...).
func (w *walker) stringMethods(u *use, from string) error {
	if w.methods == nil {
		return nil
	}
	host, ok := w.hostName(w.methods)
	if !ok {
		return nil // a script's table in the global's place: no string asks it
	}
	const global = "string"
	var id any = w.methods
	if w.globals.RawGetString(global) == lua.LValue(w.methods) {
		id = globalRoot(global)
	}
	keys := sortedKeys(u.fields)
	if u.whole {
		keys = tableKeys(w.methods)
	}
	for _, key := range keys {
		v := w.methods.RawGet(key)
		if v == lua.LNil || u.whole && v.Type() != lua.LTFunction {
			continue
		}
		if called, known := w.hostName(v); known && called == host+keyText(key) {
			continue
		}
		if err := w.hostField(v, &use{whole: true}, host, key, w.root(global, id, from), from); err != nil {
			return err
		}
	}
	return nil
}

// value adds what u takes of v, reached as name by the function named from.
func (w *walker) value(v lua.LValue, u *use, name, from string) error {
	if !u.whole && len(u.fields) == 0 {
		t, ok := v.(*lua.LTable)
		if !ok || !u.assigned {
			return nil
		}
		if t.Metatable == lua.LNil {
			if _, host := w.hostName(v); !host {
				w.assigned[name] = true
			}
			return nil
		}
		// Assigning a field of a table with a metatable can call __newindex.
		u = &use{whole: true}
	}
	if host, ok := w.hostName(v); ok {
		return w.host(v, host, u, name, from)
	}
	t, ok := v.(*lua.LTable)
	if ok && !u.whole && t.Metatable != lua.LNil && u.assigned {
		u = &use{whole: true}
	}
	if ok && !u.whole {
		return w.named(t, u, func(key lua.LValue) string { return name + keyText(key) }, from)
	}
	leaves, err := w.whole(v, name, from)
	for _, f := range leaves {
		w.fields[f] = true
	}
	return err
}

// named adds the fields of t that u names.
func (w *walker) named(t *lua.LTable, u *use, name func(key lua.LValue) string, from string) error {
	for _, key := range sortedKeys(u.fields) {
		v, fu, called := t.RawGet(key), u.fields[key], name(key)
		if v == lua.LNil && t.Metatable != lua.LNil && (fu.whole || len(fu.fields) > 0) {
			if err := w.inherited(t, key, fu, called, from); err != nil {
				return err
			}
			continue
		}
		if err := w.value(v, fu, called, from); err != nil {
			return err
		}
	}
	return nil
}

// inherited adds a field that t has not, but may get from its metatable: from a
// table __index that field alone, from a function __index all that it can see.
func (w *walker) inherited(t *lua.LTable, key lua.LValue, u *use, name, from string) error {
	if mt, ok := t.Metatable.(*lua.LTable); ok {
		switch index := mt.RawGetString("__index").(type) {
		case *lua.LNilType:
			return w.value(lua.LNil, u, name, from)
		case *lua.LTable:
			if index != t && index.RawGet(key) != lua.LNil {
				return w.value(index.RawGet(key), u, name, from)
			}
		case *lua.LFunction:
			if t == w.globals { // such as one that refuses undeclared globals
				return w.value(index, &use{whole: true}, "_G.(metatable).__index", from)
			}
		}
	}
	leaves, err := w.whole(t, strings.TrimSuffix(name, keyText(key)), from)
	for _, f := range leaves {
		w.fields[f] = true
	}
	return err
}

// host adds something of the host's: its name, unless it is reached by that
// very name, and Lua functions that a script has put into a host's table.
func (w *walker) host(v lua.LValue, host string, u *use, name, from string) error {
	if host != name {
		w.emit(Captured, name, "runlua's "+host)
	}
	t, ok := v.(*lua.LTable)
	if !ok {
		return nil
	}
	if u.whole {
		for _, key := range tableKeys(t) {
			if f, ok := t.RawGet(key).(*lua.LFunction); ok {
				if err := w.hostField(f, &use{whole: true}, host, key, name, from); err != nil {
					return err
				}
			}
		}
		return nil
	}
	for _, key := range sortedKeys(u.fields) {
		if f := t.RawGet(key); f != lua.LNil {
			if err := w.hostField(f, u.fields[key], host, key, name, from); err != nil {
				return err
			}
		}
	}
	return nil
}

// hostField adds the field v of a table of the host: nothing if it is the
// host's own, under its own name; else what a script has put there.
func (w *walker) hostField(v lua.LValue, u *use, host string, key lua.LValue, name, from string) error {
	path := name + keyText(key)
	if f, ok := v.(*lua.LFunction); ok && f.IsG {
		if called, known := w.hostName(f); known && called != host+keyText(key) {
			w.emit(Captured, path, "runlua's "+called)
		}
		return nil
	}
	return w.value(v, u, path, from)
}

// maxLeaves is how many values a table shows one by one; a larger one shows
// their number and digest.
const maxLeaves = 64

// whole returns the fields of all that v holds. Functions are added to the
// walker itself.
func (w *walker) whole(v lua.LValue, name, from string) ([]Field, error) {
	if host, ok := w.hostName(v); ok {
		return nil, w.host(v, host, &use{whole: true}, name, from)
	}
	leaf := func(text string) ([]Field, error) { return []Field{{Captured, name, text}}, nil }
	if text, ok := scalarText(v); ok {
		return leaf(text)
	}
	switch v := v.(type) {
	case *lua.LFunction:
		if v.IsG {
			return nil, refuse(name, from, "a function of the host with a state of its own, such as an iterator")
		}
		return nil, w.function(v, name)
	case *lua.LTable:
		if first, seen := w.tables[v]; seen {
			if first == name {
				return nil, nil
			}
			return leaf("the table " + first)
		}
		w.tables[v] = name
		return w.table(v, name, from)
	case *lua.LUserData:
		if f, ok := v.Value.(Fingerprinter); ok {
			text, err := f.FingerprintValue()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			return leaf(text)
		}
		return nil, refuse(name, from, "a userdata")
	case *lua.LState:
		return nil, refuse(name, from, "a coroutine")
	}
	return nil, refuse(name, from, "a "+v.Type().String())
}

// refuse is the error about a value that has no text.
func refuse(name, from, what string) error {
	return fmt.Errorf("%s captures %q, %s, which can't be part of a fingerprint; make it inside the function", from, name, what)
}

// table returns the fields of a table, each named by its path.
func (w *walker) table(t *lua.LTable, name, from string) ([]Field, error) {
	keys := tableKeys(t)
	if text, ok := listText(t, keys); ok && t.Metatable == lua.LNil {
		return []Field{{Captured, name, text}}, nil
	}
	var leaves []Field
	add := func(v lua.LValue, name string) error {
		more, err := w.whole(v, name, from)
		leaves = append(leaves, more...)
		return err
	}
	for _, key := range keys {
		switch key.Type() {
		case lua.LTString, lua.LTNumber, lua.LTBool:
		default:
			return nil, refuse(name, from, "a table with a "+key.Type().String()+" as a key")
		}
		if err := add(t.RawGet(key), name+keyText(key)); err != nil {
			return nil, err
		}
	}
	if t.Metatable != lua.LNil {
		if err := add(t.Metatable, name+".(metatable)"); err != nil {
			return nil, err
		}
	}
	values := len(leaves)
	if order, ok := w.keyOrder(t); ok {
		leaves = append(leaves, Field{Captured, name + ".(key order)", order})
	}
	if values > maxLeaves {
		var all strings.Builder
		for _, f := range leaves {
			fmt.Fprintf(&all, "%q=%q\n", strings.TrimPrefix(f.Name, name), f.Value)
		}
		leaves = []Field{{Captured, name, fmt.Sprintf("table of %d values, sha256 %s", values, digest(all.String()))}}
	}
	return slices.Clip(leaves), nil
}

// keyOrder is the text of the order in which pairs visits the keys of t beyond
// its list, where there are two or more of them. Of globals, those that hold
// what is the host's are left out: a script neither makes nor orders them.
func (w *walker) keyOrder(t *lua.LTable) (text string, ok bool) {
	var keys []string
	for key, v := t.Next(lua.LNil); key != lua.LNil; key, v = t.Next(key) {
		if n, ok := key.(lua.LNumber); ok && n >= 1 && n < lua.LNumber(lua.MaxArrayIndex) && n == lua.LNumber(int(n)) {
			continue // an item of the list, which comes first and in order
		}
		if _, host := w.hostName(v); host && t == w.globals {
			continue
		}
		text, _ := scalarText(key)
		keys = append(keys, text)
	}
	if len(keys) < 2 {
		return "", false
	}
	text = strings.Join(keys, ", ")
	if len(text) > maxText {
		text = fmt.Sprintf("%s, … (%d keys, sha256 %s)", strings.Join(keys[:2], ", "), len(keys), digest(text))
	}
	return text, true
}
