package structure

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// head writes what differs from file to file: entry, audit, software, title.
func (t *Template) head(meta Meta) ([]byte, error) {
	name, title := first(meta.Entry, t.source.ID, "model"), first(meta.Title, t.source.Title)
	entry := code(name)
	b := append([]byte("data_"+entry), "\n#\n"...)
	item := func(name, v string) {
		b = append(appendValue(append(b, name+" "...), v, '?'), '\n')
	}
	item("_entry.id", entry)
	b = append(b, "#\n"...)
	item("_audit_conform.dict_name", "mmcif_pdbx.dic")
	item("_audit_conform.dict_version", dictionary)
	b = append(b, "#\n"...)
	method, err := creation(meta, name)
	if err != nil {
		return nil, err
	}
	item("_audit.revision_id", "1")
	b = append(b, "_audit.creation_method"...)
	b = append(appendText(b, method), "\n#\n"...)
	item("_software.pdbx_ordinal", "1")
	item("_software.name", first(meta.Software, "runlua"))
	item("_software.version", meta.Version)
	item("_software.classification", "model building")
	b = append(b, "#\n"...)
	item("_struct.entry_id", entry)
	item("_struct.title", title)
	b = append(b, "#\n"...)
	if meta.Seed != "" {
		item("_exptl.entry_id", entry)
		item("_exptl.method", "THEORETICAL MODEL")
		b = append(b, "#\n"...)
	}
	return b, nil
}

// dictionary is the version of mmcif_pdbx whose items are written; later ones have
// them too.
const dictionary = "5.279"

func first(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

// creation is the text of _audit.creation_method: lines of NAME = VALUE, values in
// JSON.
func creation(meta Meta, entry string) (string, error) {
	var b strings.Builder
	line := func(name string, v any) error {
		var text bytes.Buffer
		enc := json.NewEncoder(&text)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(v); err != nil {
			return fmt.Errorf("structure: settings must be plain data, got %v for %s", err, name)
		}
		row := ascii(name + " = " + strings.TrimSuffix(text.String(), "\n"))
		const longest = 2048 // of a line in CIF 1.1
		if len(row) > longest {
			return fmt.Errorf("structure: settings must fit on a line of %d characters, got %d for %s", longest, len(row), name)
		}
		b.WriteString(row + "\n")
		return nil
	}
	if err := line("program", strings.TrimSpace(first(meta.Software, "runlua")+" "+meta.Version)); err != nil {
		return "", err
	}
	if entry != code(entry) {
		if err := line("entry", entry); err != nil {
			return "", err
		}
	}
	if meta.Seed != "" {
		if err := line("seed", meta.Seed); err != nil {
			return "", err
		}
		if err := line("sample", meta.Sample); err != nil {
			return "", err
		}
	}
	if meta.SourceID != "" {
		if err := line("source", meta.SourceID); err != nil {
			return "", err
		}
	}
	if err := flat("settings", meta.Settings, line); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// flat gives every value of nested maps with the names on the way to it, sorted.
func flat(prefix string, m map[string]any, line func(name string, v any) error) error {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		path := prefix + "." + name
		if !plainName.MatchString(name) {
			path = prefix + "[" + strconv.QuoteToASCII(name) + "]"
		}
		if inner, nested := m[name].(map[string]any); nested {
			if err := flat(path, inner, line); err != nil {
				return err
			}
			continue
		}
		if err := line(path, m[name]); err != nil {
			return err
		}
	}
	return nil
}

var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
