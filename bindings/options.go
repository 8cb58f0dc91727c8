package bindings

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
)

// ErrHelp stops a script whose options were asked for with --help, once they
// are printed.
var ErrHelp = errors.New("help was printed")

// option is one option that a script declared.
type option struct {
	name, help, kind string
	value            any // nil while a required one is not given
	required         bool
	choices          []string
}

// optionSet is what a script's options{…} declared, with the values typed.
type optionSet struct {
	byName map[string]*option
	order  []*option
	table  *lua.LTable // what the script holds
}

const (
	kindNumber  = "number"
	kindInteger = "integer"
	kindString  = "string"
	kindBool    = "boolean"
	kindNumbers = "numbers"
	kindStrings = "strings"
	kindFile    = "file"
	kindRunDir  = "rundir"
)

func (s *Session) optionsFunc() spec.Func {
	return spec.Func{
		Name: "options",
		Doc: "Declares the script's options. Each field is { default, \"help\" }; its type is that of the default: a number, " +
			"a string, a boolean (a flag), a list of numbers or strings. kind = \"integer\" | \"file\" | \"rundir\" says more, " +
			"choices = { … } lists what is allowed. Naming a file on the command line grants reading it.",
		Args:    []spec.Arg{{Name: "declarations", Kind: spec.Table, Doc: "name = { default, \"help\" }"}},
		Returns: "a table of the values; reading one inside a task is recorded with the task",
		Example: `local opt = options { particles = { 64, "particles per side" } }`,
		Call:    func(c *spec.Call) []lua.LValue { return []lua.LValue{s.declareOptions(c)} },
	}
}

func (s *Session) declareOptions(c *spec.Call) lua.LValue {
	if s.options != nil {
		c.Raise("a script declares its options once", "put all of them into one call")
	}
	set := &optionSet{byName: map[string]*option{}}
	host := map[string]bool{}
	for _, name := range s.host.Arguments().HostFlags {
		host[name] = true
	}
	decl := c.LuaTable("declarations")
	for k, v := decl.Next(lua.LNil); k != lua.LNil; k, v = decl.Next(k) {
		name, ok := k.(lua.LString)
		t, isTable := v.(*lua.LTable)
		if !ok || !isTable {
			c.Raise("each option is written name = { default, \"help\" }, got "+spec.Describe(k)+" = "+spec.Describe(v), "")
		}
		o, err := declare(string(name), t)
		if err != nil {
			c.Raise(err.Error(), "")
		}
		if host[o.name] || host[strings.ReplaceAll(o.name, "_", "-")] || o.name == "help" {
			c.Raise(fmt.Sprintf("%q is a flag of runlua itself", o.name), "give the script's option another name")
		}
		set.byName[o.name] = o
		set.order = append(set.order, o)
	}
	args := s.host.Arguments()
	if args.Help {
		s.host.Board().Out().Write([]byte(set.helpText(args.Script)))
		s.helped = true
		c.L.RaiseError("%v", ErrHelp)
	}
	if err := s.parse(set, args.Words); err != nil {
		s.usage = true
		var u *usageError
		if errors.As(err, &u) {
			c.Raise(u.message, u.hint)
		}
		c.Raise(err.Error(), "")
	}
	s.options = set
	set.table = s.optionTable(set)
	return set.table
}

type usageError struct{ message, hint string }

func (u *usageError) Error() string { return u.message }

// declare reads one declaration, { default, "help", kind =, choices = }.
func declare(name string, t *lua.LTable) (*option, error) {
	if name == "" || strings.ContainsAny(name, " =-\t\n") {
		return nil, fmt.Errorf("an option's name is letters, digits and underscores, got %q", name)
	}
	o := &option{name: name}
	for k, v := t.Next(lua.LNil); k != lua.LNil; k, v = t.Next(k) {
		switch k := k.(type) {
		case lua.LNumber:
			if k == 1 || k == 2 {
				continue
			}
		case lua.LString:
			switch k {
			case "kind", "choices", "default", "help":
				continue
			}
		}
		return nil, fmt.Errorf("option %s: there is no field %s, only a default, a help text, kind and choices (value %s)", name, spec.Describe(k), spec.Describe(v))
	}
	def, help := t.RawGetInt(1), t.RawGetInt(2)
	if v := t.RawGetString("default"); v != lua.LNil {
		def = v
	}
	if v := t.RawGetString("help"); v != lua.LNil {
		help = v
	}
	kind, _ := t.RawGetString("kind").(lua.LString)
	o.kind = string(kind)
	if s, ok := def.(lua.LString); ok && help == lua.LNil && o.kind != "" {
		def, help = lua.LNil, s // { "help", kind = … }: no default
	}
	if s, ok := help.(lua.LString); ok {
		o.help = string(s)
	} else if help != lua.LNil {
		return nil, fmt.Errorf("option %s: the help text must be a string, got %s", name, spec.Describe(help))
	}
	if c, ok := t.RawGetString("choices").(*lua.LTable); ok {
		for i := 1; i <= c.Len(); i++ {
			o.choices = append(o.choices, c.RawGetInt(i).String())
		}
	}
	if def == lua.LNil {
		if o.kind == "" {
			return nil, fmt.Errorf("option %s has neither a default nor a kind", name)
		}
		o.required = o.kind != kindRunDir
		return o, o.checkKind()
	}
	value, err := toGo(def, "the default of option "+name)
	if err != nil {
		return nil, err
	}
	natural := ""
	switch v := value.(type) {
	case float64:
		natural = kindNumber
	case string:
		natural = kindString
	case bool:
		natural = kindBool
	case []any:
		natural = kindNumbers
		for i, e := range v {
			switch e.(type) {
			case float64:
			case string:
				natural = kindStrings
			default:
				return nil, fmt.Errorf("option %s: a list holds numbers or strings, got %s at [%d]", name, canonicalText(e), i+1)
			}
		}
	default:
		return nil, fmt.Errorf("option %s: the default must be a number, a string, a boolean or a list, got %s", name, spec.Describe(def))
	}
	if o.kind == "" {
		o.kind = natural
	}
	o.value = value
	if err := o.checkKind(); err != nil {
		return nil, err
	}
	if o.kind == kindInteger && natural == kindNumber && math.Trunc(value.(float64)) != value.(float64) {
		return nil, fmt.Errorf("option %s: the default must be a whole number, got %v", name, value)
	}
	return o, nil
}

func (o *option) checkKind() error {
	kinds := []string{kindNumber, kindInteger, kindString, kindBool, kindNumbers, kindStrings, kindFile, kindRunDir}
	for _, k := range kinds {
		if o.kind == k {
			return nil
		}
	}
	return fmt.Errorf("option %s: kind must be one of %s, got %q", o.name, strings.Join(kinds, ", "), o.kind)
}

// parse takes the typed words: --name value, --name=value, or --name alone for
// a flag. Hyphens and underscores in names are the same.
func (s *Session) parse(set *optionSet, words []string) error {
	seen := map[string]bool{}
	for i := 0; i < len(words); i++ {
		word := words[i]
		if !strings.HasPrefix(word, "--") || word == "--" {
			return &usageError{fmt.Sprintf("there is no argument %q: options are written --name value", word), ""}
		}
		name, text, joined := strings.Cut(word[2:], "=")
		o := set.byName[strings.ReplaceAll(name, "-", "_")]
		if o == nil {
			return &usageError{fmt.Sprintf("there is no option --%s", name), set.suggest(name, s.host.Arguments().HostFlags)}
		}
		if seen[o.name] {
			return &usageError{fmt.Sprintf("option --%s is given twice", o.name), ""}
		}
		seen[o.name] = true
		if !joined && o.kind == kindBool {
			text = "true"
		} else if !joined {
			if i++; i >= len(words) {
				return &usageError{fmt.Sprintf("option --%s needs a value: %s", o.name, o.help), ""}
			}
			text = words[i]
		}
		value, err := o.parse(text)
		if err != nil {
			return err
		}
		switch o.kind {
		case kindFile:
			real, err := s.host.Files().GrantRead(text)
			if err != nil {
				return &usageError{fmt.Sprintf("--%s: %v", o.name, err), ""}
			}
			value = real
		case kindRunDir:
			if err := s.host.SetDir(text); err != nil {
				return &usageError{fmt.Sprintf("--%s: %v", o.name, err), ""}
			}
		}
		o.value = value
	}
	for _, o := range set.order {
		if o.required && o.value == nil {
			return &usageError{fmt.Sprintf("option --%s is required: %s", o.name, o.help), ""}
		}
	}
	return nil
}

func (set *optionSet) suggest(name string, hostFlags []string) string {
	names := append([]string(nil), hostFlags...)
	for _, o := range set.order {
		names = append(names, o.name)
	}
	if near := spec.Suggest(name, names); near != "" {
		return "did you mean --" + near + "?"
	}
	return "--help lists the options"
}

func (o *option) parse(text string) (any, error) {
	bad := func(rule string) error {
		return &usageError{fmt.Sprintf("--%s must be %s, got %q", o.name, rule, text), o.help}
	}
	switch o.kind {
	case kindNumber, kindInteger:
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, bad("a number")
		}
		if o.kind == kindInteger && (x != math.Trunc(x) || math.Abs(x) > 1<<53) {
			return nil, bad("a whole number")
		}
		return x, nil
	case kindBool:
		switch text {
		case "true", "yes", "1":
			return true, nil
		case "false", "no", "0":
			return false, nil
		}
		return nil, bad("true or false")
	case kindNumbers, kindStrings:
		list := []any{}
		for _, part := range strings.Split(text, ",") {
			part = strings.TrimSpace(part)
			if o.kind == kindStrings {
				list = append(list, part)
				continue
			}
			x, err := strconv.ParseFloat(part, 64)
			if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
				return nil, &usageError{fmt.Sprintf("--%s must be numbers with commas between, got %q in %q", o.name, part, text), o.help}
			}
			list = append(list, x)
		}
		return list, nil
	}
	if len(o.choices) > 0 {
		for _, c := range o.choices {
			if c == text {
				return text, nil
			}
		}
		return nil, bad("one of " + strings.Join(o.choices, ", "))
	}
	return text, nil
}

// optionTable is what the script reads: a read inside a task is recorded.
func (s *Session) optionTable(set *optionSet) *lua.LTable {
	t := s.l.NewTable()
	mt := s.l.NewTable()
	mt.RawSetString("__index", s.l.NewFunction(func(l *lua.LState) int {
		name := l.Get(2).String()
		o := set.byName[name]
		if o == nil {
			spec.Raise(l, "options", fmt.Sprintf("there is no option %q", name), set.suggest(name, nil))
		}
		s.recordOptionRead(o)
		l.Push(toLua(l, o.value))
		return 1
	}))
	mt.RawSetString("__newindex", s.l.NewFunction(func(l *lua.LState) int {
		spec.Raise(l, "options", fmt.Sprintf("option %q can't be changed by the script", l.Get(2).String()), "copy it into a local")
		return 0
	}))
	mt.RawSetString("__metatable", lua.LString("options"))
	s.l.SetMetatable(t, mt)
	s.hostNames[t] = "options"
	return t
}

// recordOptionRead notes that the running task depends on an option. A path is
// never part of a fingerprint: of a file its content is, once it is opened.
func (s *Session) recordOptionRead(o *option) {
	if s.task == nil || o.kind == kindFile || o.kind == kindRunDir {
		return
	}
	s.task.depend("option", o.name, o.canonical())
}

func (o *option) canonical() string {
	if o.value == nil {
		return ""
	}
	return canonicalText(o.value)
}

func (set *optionSet) helpText(script string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Usage: runlua [flags] %s [options]\n\nOptions of the script:\n", script)
	width := 0
	for _, o := range set.order {
		width = max(width, len(o.usage()))
	}
	for _, o := range set.order {
		fmt.Fprintf(&b, "  %-*s  %s\n", width, o.usage(), o.describe())
	}
	b.WriteString("\nFlags of runlua itself, before or after the script: runlua --help\n")
	return b.String()
}

func (o *option) usage() string {
	switch o.kind {
	case kindBool:
		return "--" + o.name
	case kindNumbers:
		return "--" + o.name + " NUMBER,…"
	case kindStrings:
		return "--" + o.name + " WORD,…"
	case kindFile:
		return "--" + o.name + " FILE"
	case kindRunDir:
		return "--" + o.name + " FOLDER"
	case kindString:
		return "--" + o.name + " WORD"
	}
	return "--" + o.name + " NUMBER"
}

func (o *option) describe() string {
	text := o.help
	if len(o.choices) > 0 {
		text += " (" + strings.Join(o.choices, ", ") + ")"
	}
	switch v := o.value.(type) {
	case nil:
		if o.required {
			text += " [required]"
		}
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = fmt.Sprint(e)
		}
		text += " [" + strings.Join(parts, ",") + "]"
	default:
		text += fmt.Sprintf(" [%v]", v)
	}
	return text
}
