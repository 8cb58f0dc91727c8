package bindings

import (
	"fmt"
	"math"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/fingerprint"
	"runlua/bindings/spec"
)

// A carried value can be made again in another Lua state, so that a function
// that captures it can run there.
type carried interface {
	// carry makes the value in the state of s. The two share nothing that
	// changes; carry may be called while the first is in use. fn is the copy of
	// the function that a capturing value holds.
	carry(s *Session, fn *lua.LFunction) lua.LValue
}

// A capturing value is a carried one that may hold a function of the script's.
type capturing interface {
	captured() *lua.LFunction // nil: none
}

// A parcel is a function with all that it can reach, the script's globals and
// modules among it, as they were when it was packed: a copy that no Lua state
// holds and that any number of states can unpack at the same time. Tables,
// functions and variables that are one in it are one in each state.
type parcel struct {
	tables    []packedTable
	functions []packedFunction
	variables []packedVariable
	userdata  []packedUserdata
	modules   []packedModule
	root      item
}

// An item is a value of a parcel.
type item struct {
	kind  itemKind
	value lua.LValue // of a plainItem
	index int        // of what the parcel lists
	name  string     // of a hostItem; of a leftItem, what it is
}

type itemKind int

const (
	plainItem    itemKind = iota // nil, a boolean, a number, a string
	tableItem                    // tables[index]
	functionItem                 // functions[index]
	userdataItem                 // userdata[index]
	hostItem                     // the host's own value of that name
	leftItem                     // what can't be copied, and what no code of the function names
)

type packedTable struct {
	name         string // how the function reaches it: "settings.betas"
	host         string // the host's table whose changes by the script these are: "string", "_G"; else ""
	keys, values []item
	own          map[lua.LValue]bool // keys of a host's table; what else is in it has been removed
	metatable    item
}

type packedFunction struct {
	name      string
	proto     *lua.FunctionProto
	variables []int // -1 for none
}

type packedVariable struct {
	name  string
	value item
}

type packedUserdata struct {
	name     string
	value    carried
	captured int // of functions; -1: none
}

// packedModule is a module of the script's own that had been loaded.
type packedModule struct {
	loadedModule // without its value
	value        item
}

// globalsName is how a parcel names the table of globals.
const globalsName = "_G"

// pack takes a function out of the session's state. The error names a captured
// value that can't be copied although the function's code names it.
func (s *Session) pack(fn *lua.LFunction, name string) (*parcel, error) {
	p := &packer{
		session: s, parcel: &parcel{}, globals: s.l.G.Global,
		tables: map[*lua.LTable]int{}, functions: map[*lua.LFunction]int{}, variables: map[*lua.Upvalue]int{}, userdata: map[*lua.LUserData]int{},
	}
	p.root = p.item(fn, name)
	p.item(p.globals, globalsName)
	for _, t := range s.hostTables() {
		host, _ := s.HostName(t)
		p.fields(t, packedTable{name: host, host: host})
	}
	for _, m := range s.modulesInOrder() {
		if m.value != nil {
			p.modules = append(p.modules, packedModule{loadedModule{name: m.name, code: m.code, reads: m.reads, fresh: m.fresh}, p.item(m.value, m.name)})
		}
	}
	return p.parcel, p.err
}

// hostTables are the host's tables that the script can have changed.
func (s *Session) hostTables() []*lua.LTable {
	var tables []*lua.LTable
	add := func(v lua.LValue) {
		if t, ok := v.(*lua.LTable); ok && t != s.l.G.Global {
			if _, host := s.HostName(t); host && t.Metatable == lua.LNil {
				tables = append(tables, t)
			}
		}
	}
	g := s.l.G.Global
	for k, v := g.Next(lua.LNil); k != lua.LNil; k, v = g.Next(k) {
		add(v)
	}
	for _, name := range s.ModuleNames() {
		if v, ok := s.loaded[name]; ok {
			add(v)
		}
	}
	return tables
}

// modulesInOrder are the modules of the script's own, by name.
func (s *Session) modulesInOrder() []*loadedModule {
	var list []*loadedModule
	for _, m := range s.modules {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *loadedModule) int { return strings.Compare(a.name, b.name) })
	return list
}

type packer struct {
	*parcel
	session   *Session
	globals   *lua.LTable
	tables    map[*lua.LTable]int
	functions map[*lua.LFunction]int
	variables map[*lua.Upvalue]int
	userdata  map[*lua.LUserData]int
	err       error
}

// item packs a value, which the function reaches by the given name.
func (p *packer) item(v lua.LValue, name string) item {
	if o := p.session.options; o != nil && v == lua.LValue(o.table) {
		return item{kind: hostItem, name: optionsName}
	}
	if host, ok := p.session.HostName(v); ok {
		return item{kind: hostItem, name: host}
	}
	switch v := v.(type) {
	case *lua.LNilType, lua.LBool, lua.LNumber, lua.LString:
		return item{value: v}
	case *lua.LTable:
		return item{kind: tableItem, index: p.table(v, name)}
	case *lua.LFunction:
		if !v.IsG {
			return item{kind: functionItem, index: p.function(v, name)}
		}
	case *lua.LUserData:
		return p.value(v, name)
	}
	return item{kind: leftItem, name: fmt.Sprintf("%s, a %s, which can't be copied to a worker", name, v.Type())}
}

func (p *packer) value(u *lua.LUserData, name string) item {
	if i, ok := p.userdata[u]; ok {
		return item{kind: userdataItem, index: i}
	}
	what := fmt.Sprintf("%s, %s, which can't be copied to a worker", name, spec.Describe(u))
	value, ok := u.Value.(carried)
	if !ok {
		// Whether the code names it is what its fingerprint finds out: that knows
		// only values that are a Fingerprinter.
		if _, named := u.Value.(fingerprint.Fingerprinter); named && p.err == nil {
			p.err = fmt.Errorf("each captures %s", what)
		}
		return item{kind: leftItem, name: what}
	}
	if a, ok := value.(*Array); ok {
		value = a.clone()
	}
	i := len(p.parcel.userdata)
	p.userdata[u] = i
	p.parcel.userdata = append(p.parcel.userdata, packedUserdata{name, value, -1})
	if c, ok := value.(capturing); ok && c.captured() != nil {
		p.parcel.userdata[i].captured = p.function(c.captured(), name)
	}
	return item{kind: userdataItem, index: i}
}

func (p *packer) function(fn *lua.LFunction, name string) int {
	if i, ok := p.functions[fn]; ok {
		return i
	}
	i := len(p.parcel.functions)
	p.functions[fn] = i
	p.parcel.functions = append(p.parcel.functions, packedFunction{name: name, proto: fn.Proto})
	variables := make([]int, len(fn.Upvalues))
	for k, variable := range fn.Upvalues {
		if variables[k] = -1; variable != nil {
			variables[k] = p.variable(variable, fn.Proto.DbgUpvalues[k])
		}
	}
	p.parcel.functions[i].variables = variables
	return i
}

func (p *packer) variable(v *lua.Upvalue, name string) int {
	if i, ok := p.variables[v]; ok {
		return i
	}
	i := len(p.parcel.variables)
	p.variables[v] = i
	p.parcel.variables = append(p.parcel.variables, packedVariable{name: name})
	value := p.item(v.Value(), name)
	p.parcel.variables[i].value = value
	return i
}

// table packs a table of the script's, or the table of globals.
func (p *packer) table(t *lua.LTable, name string) int {
	if i, ok := p.tables[t]; ok {
		return i
	}
	if t == p.globals {
		return p.fields(t, packedTable{name: name, host: globalsName})
	}
	return p.fields(t, packedTable{name: name})
}

// fields packs a table; of one of the host's, what is not the host's own. i is
// its place in the parcel.
func (p *packer) fields(t *lua.LTable, packed packedTable) (i int) {
	i = len(p.parcel.tables)
	p.tables[t] = i
	p.parcel.tables = append(p.parcel.tables, packed)
	if packed.host != "" {
		packed.own = map[lua.LValue]bool{}
	}
	for key, v := t.Next(lua.LNil); key != lua.LNil; key, v = t.Next(key) {
		if packed.host != "" {
			packed.own[key] = true
			if name, ok := p.session.HostName(v); ok && name == hostField(packed.host, key) && !p.isModule(v) {
				continue
			}
		}
		field := packed.name + fieldText(key)
		if packed.host == globalsName {
			field = key.String()
		}
		packed.keys = append(packed.keys, p.item(key, field+" (a key)"))
		packed.values = append(packed.values, p.item(v, field))
	}
	packed.metatable = p.item(t.Metatable, packed.name+".(metatable)")
	p.parcel.tables[i] = packed
	return i
}

// isModule tells a module of the host's, which is in no new state's globals before
// a script puts it there: nbody = require "nbody".
func (p *packer) isModule(v lua.LValue) bool {
	for _, module := range p.session.loaded {
		if module == v {
			return true
		}
	}
	return false
}

// hostField is what the host calls its own value of that key in a table of its.
func hostField(table string, key lua.LValue) string {
	if table == globalsName {
		return key.String()
	}
	return table + "." + key.String()
}

// fieldText is how a field is written behind its table.
func fieldText(key lua.LValue) string {
	if name, ok := key.(lua.LString); ok {
		return "." + string(name)
	}
	return "[" + spec.Describe(key) + "]"
}

// left stands in a worker's state for what could not be copied there.
type left struct{ what string }

// Describe is how errors name it.
func (v left) Describe() string { return v.what }

// unpacked is a parcel set up in a Lua state.
type unpacked struct {
	*parcel
	session   *Session
	tables    []*lua.LTable
	functions []*lua.LFunction
	variables []*lua.Upvalue
	userdata  []lua.LValue
	left      map[string]*lua.LUserData
	hosts     map[string]lua.LValue
}

// unpack sets the parcel up in the session's state, which must be new.
func (p *parcel) unpack(s *Session) (*unpacked, error) {
	u := &unpacked{parcel: p, session: s, left: map[string]*lua.LUserData{}, hosts: map[string]lua.LValue{}}
	for _, t := range p.tables {
		live := s.l.G.Global
		switch {
		case t.host == "":
			live = s.l.CreateTable(0, len(t.keys))
		case t.host != globalsName:
			var ok bool
			if live, ok = s.hostValue(t.host).(*lua.LTable); !ok {
				return nil, fmt.Errorf("bindings: a worker has no %s", t.host)
			}
		}
		u.tables = append(u.tables, live)
	}
	for _, f := range p.functions {
		u.functions = append(u.functions, s.l.NewFunctionFromProto(f.proto))
	}
	for range p.variables {
		u.variables = append(u.variables, &lua.Upvalue{})
	}
	for _, v := range p.userdata {
		var captured *lua.LFunction
		if v.captured >= 0 {
			captured = u.functions[v.captured]
		}
		u.userdata = append(u.userdata, v.value.carry(s, captured))
	}
	if err := u.findHosts(); err != nil {
		return nil, err
	}
	u.fill()
	for _, m := range p.modules {
		loaded := m.loadedModule
		loaded.value = u.live(m.value)
		s.modules[m.name] = &loaded
	}
	return u, nil
}

// optionsName is how a parcel names the table that options{…} returned; the
// function has the name itself.
const optionsName = "options{}"

// hostValue is the value of the host's of that name, as HostName gives it, in a
// state in which the script has changed nothing yet; nil if there is none.
func (s *Session) hostValue(name string) lua.LValue {
	if name == optionsName {
		return s.options.table
	}
	first, field, dotted := strings.Cut(name, ".")
	v := s.l.G.Global.RawGetString(first)
	if v == lua.LNil {
		if module, ok := s.load(first); ok {
			v = module
		}
	}
	if t, ok := v.(*lua.LTable); ok && dotted {
		v = t.RawGetString(field)
	}
	return v
}

// findHosts looks up the host's values before the script's changes to the tables
// that hold them are made.
func (u *unpacked) findHosts() error {
	find := func(it item) error {
		if it.kind != hostItem || u.hosts[it.name] != nil {
			return nil
		}
		if u.hosts[it.name] = u.session.hostValue(it.name); u.hosts[it.name] == lua.LNil {
			return fmt.Errorf("bindings: a worker has no %s", it.name)
		}
		return nil
	}
	check := func(items ...item) error {
		for _, it := range items {
			if err := find(it); err != nil {
				return err
			}
		}
		return nil
	}
	for _, t := range u.parcel.tables {
		if err := check(append(append([]item{t.metatable}, t.keys...), t.values...)...); err != nil {
			return err
		}
	}
	for _, v := range u.parcel.variables {
		if err := check(v.value); err != nil {
			return err
		}
	}
	for _, m := range u.parcel.modules {
		if err := check(m.value); err != nil {
			return err
		}
	}
	return check(u.root)
}

func (u *unpacked) fill() {
	for i, f := range u.parcel.functions {
		for k, v := range f.variables {
			if v >= 0 {
				u.functions[i].Upvalues[k] = u.variables[v]
			}
		}
	}
	for i, v := range u.parcel.variables {
		u.variables[i].SetValue(u.live(v.value))
	}
	for i, t := range u.parcel.tables {
		live := u.tables[i]
		if t.host != "" {
			for key, v := live.Next(lua.LNil); key != lua.LNil; key, v = live.Next(key) {
				if v != lua.LNil && !t.own[key] {
					live.RawSet(key, lua.LNil)
				}
			}
		}
		for k := range t.keys {
			live.RawSet(u.live(t.keys[k]), u.live(t.values[k]))
		}
		live.Metatable = u.live(t.metatable)
	}
}

// live is the value that an item stands for in the state.
func (u *unpacked) live(it item) lua.LValue {
	switch it.kind {
	case tableItem:
		return u.tables[it.index]
	case functionItem:
		return u.functions[it.index]
	case userdataItem:
		return u.userdata[it.index]
	case hostItem:
		return u.hosts[it.name]
	case leftItem:
		if u.left[it.name] == nil {
			u.left[it.name] = u.session.l.NewUserData()
			u.left[it.name].Value = left{it.name}
		}
		return u.left[it.name]
	}
	return it.value
}

// changed names the variables and fields of the script's that are no longer what
// they were when the parcel was unpacked, in the order in which it lists them.
func (u *unpacked) changed() []string {
	var names []string
	for i, v := range u.parcel.variables {
		if !same(u.variables[i].Value(), u.live(v.value)) {
			names = append(names, v.name)
		}
	}
	for i, t := range u.parcel.tables {
		fields := u.changedFields(t, u.tables[i])
		if t.host == "" && len(fields) > 0 {
			names = append(names, t.name)
			continue
		}
		for _, key := range fields {
			names = append(names, hostField(t.host, key))
		}
	}
	for i, v := range u.parcel.userdata {
		packed, ok := v.value.(*Array)
		if live, _ := AsArray(u.userdata[i]); ok && !live.sameBits(packed) {
			names = append(names, v.name)
		}
	}
	return names
}

// changedFields are the keys of a table's fields that are no longer what they
// were, those of new ones last; "(metatable)" stands for that.
func (u *unpacked) changedFields(t packedTable, live *lua.LTable) []lua.LValue {
	var keys []lua.LValue
	known := map[lua.LValue]bool{}
	for k := range t.keys {
		key := u.live(t.keys[k])
		known[key] = true
		if !same(live.RawGet(key), u.live(t.values[k])) {
			keys = append(keys, key)
		}
	}
	for key, v := live.Next(lua.LNil); key != lua.LNil; key, v = live.Next(key) {
		if host, ok := u.session.HostName(v); ok && t.host != "" && host == hostField(t.host, key) {
			continue
		}
		if !known[key] {
			keys = append(keys, key)
		}
	}
	if live.Metatable != u.live(t.metatable) {
		keys = append(keys, lua.LString("(metatable)"))
	}
	return keys
}

// same tells whether a variable still holds what it held.
func same(a, b lua.LValue) bool {
	x, ok := a.(lua.LNumber)
	y, ok2 := b.(lua.LNumber)
	return a == b || ok && ok2 && math.Float64bits(float64(x)) == math.Float64bits(float64(y))
}
