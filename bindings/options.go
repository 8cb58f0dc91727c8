package bindings

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
)

// ErrHelp stops a script whose options were asked for with --help, once they
// are printed.
var ErrHelp = errors.New("help was printed")

// optionSet is what a script's options{…} declared, with the values typed.
type optionSet struct {
	byName map[string]*option
	order  []*option
	table  *lua.LTable // what the script holds
}

func (s *Session) optionsFunc() spec.Func {
	return spec.Func{
		Name: "options",
		Doc: "Declares the script's options. Each field is { default, \"help\" }; its type is that of the default: a number, " +
			"a string, a boolean (a flag), a list of numbers or strings. kind = \"integer\" | \"file\" | \"rundir\" says more, " +
			"choices = { … } lists what is allowed, min and max bound a number. { \"help\", kind = … } has no default and is required, or with " +
			"optional = true nil where it is not typed. Naming a file on the command line grants reading it, with folder = true all of its folder.",
		Args:    []spec.Arg{{Name: "declarations", Kind: spec.Table, Doc: "name = { default, \"help\" }"}},
		Returns: "a table of the values, which pairs walks; reading one inside a task is recorded with the task",
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
			c.Raise("each option is written name = { default, \"help\" }, got "+k.String()+" = "+spec.Describe(v), "")
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
		s.answerHelp(c.L, set.helpText(args.Script))
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

// answerHelp prints what --help asked for and stops the script.
func (s *Session) answerHelp(l *lua.LState, text string) {
	io.WriteString(s.host.Board().Out(), text)
	s.helped = true
	l.RaiseError("%v", ErrHelp)
}

// answerHelpBeforeWork answers --help where a script begins to work without
// having declared options.
func (s *Session) answerHelpBeforeWork(l *lua.LState) {
	if args := s.host.Arguments(); args.Help && s.options == nil {
		s.answerHelp(l, args.Script+" declares no options before its work begins.\n")
	}
}

type usageError struct{ message, hint string }

func (u *usageError) Error() string { return u.message }

// parse takes the typed words: --name value, --name=value, or --name alone for
// a flag. Hyphens and underscores in names are the same.
func (s *Session) parse(set *optionSet, words []string) error {
	seen := map[string]bool{}
	for i := 0; i < len(words); i++ {
		word := words[i]
		if !strings.HasPrefix(word, "--") || word == "--" {
			hint := ""
			if i > 0 && set.isFlag(words[i-1]) {
				hint = "a flag takes its value behind an equals sign: " + words[i-1] + "=" + word
			}
			return &usageError{fmt.Sprintf("there is no argument %q: options are written --name value", word), hint}
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
		if err := o.checkAllowed(value); err != nil {
			return &usageError{fmt.Sprintf("--%s %v", o.name, err), o.suggestChoice(text)}
		}
		switch o.kind {
		case kindFile:
			real, err := s.host.Files().GrantRead(text)
			if err != nil {
				return &usageError{fmt.Sprintf("--%s: %v", o.name, err), ""}
			}
			if value = real; o.folder {
				if _, err := s.host.Files().GrantRead(filepath.Dir(real)); err != nil {
					return &usageError{fmt.Sprintf("--%s: %v", o.name, err), ""}
				}
			}
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

// isFlag tells whether a word is an option that needs no value.
func (set *optionSet) isFlag(word string) bool {
	o := set.byName[strings.ReplaceAll(strings.TrimPrefix(word, "--"), "-", "_")]
	return o != nil && o.kind == kindBool
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

// suggestField is the hint where the script reads an option that is none.
func (set *optionSet) suggestField(name string) string {
	names := make([]string, len(set.order))
	for i, o := range set.order {
		names[i] = o.name
	}
	if near := spec.Suggest(name, names); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "options declared are " + strings.Join(names, ", ")
}

// optionTable is what the script reads: a read inside a task is recorded.
func (s *Session) optionTable(set *optionSet) *lua.LTable {
	t := s.l.NewTable()
	mt := s.l.NewTable()
	mt.RawSetString("__index", s.l.NewFunction(func(l *lua.LState) int {
		name := l.Get(2).String()
		o := set.byName[name]
		if o == nil {
			spec.Raise(l, "options", fmt.Sprintf("there is no option %q", name), set.suggestField(name))
		}
		s.recordOptionRead(o)
		l.Push(toLua(l, o.value))
		return 1
	}))
	mt.RawSetString("__newindex", s.l.NewFunction(func(l *lua.LState) int {
		spec.Raise(l, "options", fmt.Sprintf("option %q can't be changed by the script", l.Get(2).String()), "copy it into a local")
		return 0
	}))
	mt.RawSetString("__pairs", s.l.NewFunction(func(l *lua.LState) int {
		values := l.NewTable()
		for _, o := range set.order {
			s.recordOptionRead(o) // also of one that is not given: it might be
			if o.value != nil {
				values.RawSetString(o.name, toLua(l, o.value))
			}
		}
		l.Push(l.GetGlobal("next"))
		l.Push(values)
		l.Push(lua.LNil)
		return 3
	}))
	mt.RawSetString(optionsMark, lua.LTrue)
	mt.RawSetString("__metatable", lua.LString("options"))
	s.l.SetMetatable(t, mt)
	s.hostNames[t] = "options"
	return t
}

// optionsMark is a field of the metatable of what options{…} returns, which no script
// can reach.
const optionsMark = "__options"

func isOptions(t *lua.LTable) bool {
	mt, ok := t.Metatable.(*lua.LTable)
	return ok && mt.RawGetString(optionsMark) == lua.LTrue && mt.RawGetString("__metatable") == lua.LString("options")
}

// recordOptionRead notes that the running task depends on an option.
func (s *Session) recordOptionRead(o *option) {
	if o.kind != kindRunDir {
		s.depend("option", o.name, s.optionNow(o))
	}
}

// optionNow is an option as a fingerprint holds it: its value, or the digest of
// the file that it names, since a path is never part of a fingerprint.
func (s *Session) optionNow(o *option) string {
	path, _ := o.value.(string)
	if o.kind != kindFile || path == "" {
		return o.canonical()
	}
	return s.fileDigest(path)
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
