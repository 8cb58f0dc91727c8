package bindings

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"runlua/bindings/spec"
)

// option is one option that a script declared.
type option struct {
	name, help, kind string
	value            any // nil while a required one is not given
	required         bool
	optional         bool     // nil is allowed where it is not typed
	folder           bool     // of kind file: its folder may be read too
	choices          []any    // what the value, or each of a list, may be; nil: anything
	min, max         *float64 // limits of the value, or of each of a list; nil: none
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

var optionName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// declare reads one declaration, { default, "help", kind =, choices =, min =, max =,
// optional =, folder = }.
func declare(name string, t *lua.LTable) (*option, error) {
	if !optionName.MatchString(name) {
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
			case "kind", "choices", "min", "max", "default", "help", "optional", "folder":
				continue
			}
		}
		return nil, fmt.Errorf("option %s: there is no field %s, only a default, a help text, kind, choices, min, max, optional and folder (value %s)", name, spec.Describe(k), spec.Describe(v))
	}
	def, help := t.RawGetInt(1), t.RawGetInt(2)
	if v := t.RawGetString("default"); v != lua.LNil {
		def = v
	}
	if v := t.RawGetString("help"); v != lua.LNil {
		help = v
	}
	switch kind := t.RawGetString("kind").(type) {
	case *lua.LNilType:
	case lua.LString:
		o.kind = string(kind)
	default:
		return nil, fmt.Errorf("option %s: kind must be a string, got %s", name, spec.Describe(kind))
	}
	if s, ok := def.(lua.LString); ok && help == lua.LNil && o.kind != "" {
		def, help = lua.LNil, s // { "help", kind = … }: no default
	}
	if s, ok := help.(lua.LString); ok {
		o.help = string(s)
	} else if help != lua.LNil {
		return nil, fmt.Errorf("option %s: the help text must be a string, got %s", name, spec.Describe(help))
	}
	if choices := t.RawGetString("choices"); choices != lua.LNil {
		list, err := toGo(choices, "the choices of option "+name)
		if err != nil {
			return nil, err
		}
		if o.choices, _ = list.([]any); len(o.choices) == 0 {
			return nil, fmt.Errorf("option %s: choices must be a list of values, got %s", name, spec.Describe(choices))
		}
	}
	for field, limit := range map[string]**float64{"min": &o.min, "max": &o.max} {
		switch v := t.RawGetString(field).(type) {
		case *lua.LNilType:
		case lua.LNumber:
			x := float64(v)
			*limit = &x
		default:
			return nil, fmt.Errorf("option %s: %s must be a number, got %s", name, field, spec.Describe(v))
		}
	}
	for field, flag := range map[string]*bool{"optional": &o.optional, "folder": &o.folder} {
		switch v := t.RawGetString(field).(type) {
		case *lua.LNilType:
		case lua.LBool:
			*flag = bool(v)
		default:
			return nil, fmt.Errorf("option %s: %s must be true or false, got %s", name, field, spec.Describe(v))
		}
	}
	if def == lua.LNil {
		if o.kind == "" {
			return nil, fmt.Errorf("option %s has neither a default nor a kind", name)
		}
		o.required = o.kind != kindRunDir && !o.optional
		return o, o.checkKind()
	}
	if o.optional {
		return nil, fmt.Errorf("option %s has a default, so optional says nothing: an optional one is nil where it is not typed", name)
	}
	value, err := toGo(def, "the default of option "+name)
	if err != nil {
		return nil, err
	}
	natural, err := naturalKind(value)
	if err != nil {
		return nil, fmt.Errorf("option %s: the default %w", name, err)
	}
	if o.kind == "" {
		o.kind = natural
	}
	o.value = value
	if err := o.checkKind(); err != nil {
		return nil, err
	}
	list, _ := value.([]any)
	switch fits := (o.kind == natural) || (list != nil && len(list) == 0 && o.kind == kindStrings); {
	case o.kind == kindInteger && natural == kindNumber:
		if x := value.(float64); x != math.Trunc(x) {
			return nil, fmt.Errorf("option %s: the default must be a whole number, got %v", name, x)
		}
	case (o.kind == kindFile || o.kind == kindRunDir) && natural == kindString:
	case !fits:
		return nil, fmt.Errorf("option %s: the default must be %s, got %s", name, kindWords[o.kind], spec.Describe(def))
	}
	if err := o.checkAllowed(value); err != nil {
		return nil, fmt.Errorf("option %s: the default %w", name, err)
	}
	return o, nil
}

// naturalKind is the kind of an option that its default tells.
func naturalKind(value any) (string, error) {
	switch v := value.(type) {
	case float64:
		return kindNumber, nil
	case string:
		return kindString, nil
	case bool:
		return kindBool, nil
	case []any:
		kind := kindNumbers
		for i, e := range v {
			_, isText := e.(string)
			_, isNumber := e.(float64)
			if isText && i == 0 {
				kind = kindStrings
			}
			if !isText && !isNumber || isText != (kind == kindStrings) {
				return "", fmt.Errorf("must be a list of numbers or a list of strings, got %s at [%d]", canonicalText(e), i+1)
			}
		}
		return kind, nil
	}
	return "", errors.New("must be a number, a string, a boolean or a list")
}

// kindWords is what a value of each kind is.
var kindWords = map[string]string{
	kindNumber: "a number", kindInteger: "a whole number", kindString: "a string", kindBool: "true or false",
	kindNumbers: "a list of numbers", kindStrings: "a list of strings", kindFile: "a path", kindRunDir: "a path",
}

func (o *option) checkKind() error {
	if kindWords[o.kind] == "" {
		kinds := []string{kindNumber, kindInteger, kindString, kindBool, kindNumbers, kindStrings, kindFile, kindRunDir}
		return fmt.Errorf("option %s: kind must be one of %s, got %q", o.name, strings.Join(kinds, ", "), o.kind)
	}
	if o.choices != nil && (o.kind == kindBool || o.kind == kindFile || o.kind == kindRunDir) {
		return fmt.Errorf("option %s: choices are for numbers and strings, not for kind %q", o.name, o.kind)
	}
	if o.folder && o.kind != kindFile {
		return fmt.Errorf("option %s: folder is for kind \"file\", not for kind %q", o.name, o.kind)
	}
	return nil
}

// checkAllowed says whether a value, or each one of a list, is among the choices
// and within the limits.
func (o *option) checkAllowed(value any) error {
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	}
	for _, v := range list {
		if o.choices != nil && !slices.Contains(o.choices, v) {
			return fmt.Errorf("must be one of %s, got %s", o.choiceText(), canonicalText(v))
		}
		x, isNumber := v.(float64)
		if isNumber && o.min != nil && x < *o.min {
			return fmt.Errorf("must be at least %v, got %v", *o.min, x)
		}
		if isNumber && o.max != nil && x > *o.max {
			return fmt.Errorf("must be at most %v, got %v", *o.max, x)
		}
	}
	return nil
}

func (o *option) choiceText() string {
	parts := make([]string, len(o.choices))
	for i, c := range o.choices {
		parts[i] = fmt.Sprint(c)
	}
	return strings.Join(parts, ", ")
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
	return text, nil
}

// suggestChoice is a hint at the choice that was meant.
func (o *option) suggestChoice(text string) string {
	var names []string
	for _, c := range o.choices {
		if name, ok := c.(string); ok {
			names = append(names, name)
		}
	}
	if near := spec.Suggest(text, names); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return o.help
}

func (o *option) canonical() string {
	if o.value == nil {
		return "not given" // no value's text: that of a word is in quotes
	}
	return canonicalText(o.value)
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
	if o.kind == kindInteger {
		return "--" + o.name + " INTEGER"
	}
	return "--" + o.name + " NUMBER"
}

func (o *option) describe() string {
	text := o.help
	if len(o.choices) > 0 {
		text += " (" + o.choiceText() + ")"
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
