package spec

import (
	"fmt"
	"strings"
)

// Markdown is the page of all functions: globals first, then each module with
// its types.
func Markdown(globals []Func, modules []Module) string {
	var b strings.Builder
	b.WriteString("# What a script can call\n\n" +
		"This page is written from the same descriptions that check a script's arguments\n" +
		"(`go test ./bindings -run APIPage -update` writes it again).\n\n" +
		"`f { name = … }` takes one table of named arguments; `x:f(…)` is a method.\n")
	if len(globals) > 0 {
		b.WriteString("\n## Global functions\n")
		for _, f := range globals {
			f.markdown(&b)
		}
	}
	for _, m := range modules {
		fmt.Fprintf(&b, "\n## `local %s = require %q`\n\n%s\n", m.Name, m.Name, m.Doc)
		for _, f := range m.Funcs {
			f.markdown(&b)
		}
		for _, t := range m.Types {
			fmt.Fprintf(&b, "\n### Methods of `%s`\n\n%s\n", t.Name, t.Doc)
			for _, f := range t.Methods {
				f.markdown(&b)
			}
		}
	}
	return b.String()
}

// Signature is how a call is written.
func (f Func) Signature() string {
	var words []string
	for _, a := range f.First {
		words = append(words, a.Name)
	}
	if f.Named {
		if len(words) == 0 {
			return f.Name + " { … }"
		}
		return f.Name + "(" + strings.Join(words, ", ") + ", { … })"
	}
	optional := 0
	for _, a := range f.Args {
		if a.Optional || a.Default != nil {
			words = append(words, "["+a.Name+"]")
			optional++
			continue
		}
		words = append(words, a.Name)
	}
	if f.Rest {
		words = append(words, "…")
	}
	return f.Name + "(" + strings.Join(words, ", ") + ")"
}

func (f Func) markdown(b *strings.Builder) {
	if strings.HasPrefix(shortName(f.Name), "__") {
		return // an operator: the type's own text tells of it
	}
	fmt.Fprintf(b, "\n#### `%s`\n\n%s\n", f.Signature(), f.Doc)
	if args := append(append([]Arg(nil), f.First...), f.Args...); len(args) > 0 {
		b.WriteString("\n| argument | must be | default | |\n| --- | --- | --- | --- |\n")
		for _, a := range args {
			def := "required"
			switch {
			case a.Default != nil:
				def = fmt.Sprintf("`%#v`", a.Default)
			case a.Optional:
				def = ""
			}
			fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", a.Name, cell(a.Kind.Name()), def, cell(a.Doc))
		}
	}
	if f.Returns != "" {
		fmt.Fprintf(b, "\nReturns %s.\n", f.Returns)
	}
	if f.Example != "" {
		fmt.Fprintf(b, "\n```lua\n%s\n```\n", f.Example)
	}
}

// cell escapes what a table's cell can't hold.
func cell(text string) string { return strings.ReplaceAll(text, "|", "\\|") }
